/* A monkey at the keyboard: random bytes and sequences, no key that submits. Nothing breaks,
 * nothing is submitted, and the terminal is left clean. INVONCE_MONKEY_SEED=N repeats a run. */
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#define ROUNDS    8
#define BYTES_MAX 4000
#define SUBMITTING                                                                                 \
    "\r\n\x13Mu" /* Enter, Ctrl-S, and how a click or an Enter key's sequence ends                 \
                  */

static struct desk desk;
static uint64_t seed;

/* splitmix64: small, and the same everywhere. */
static uint64_t next_random(void)
{
    uint64_t z = seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* What keyboards and terminals send, to be found more often than chance would. */
static const char *const words[] = {"\x1b[A", "\x1b[B", "\x1b[C",       "\x1b[D",    "\x1bOP",
                                    "\x1bOQ", "\x1b[Z", "\x1b[200~",    "\x1b[201~", "\t",
                                    "\x1b",   "12.5",   "\xe4\xb8\xad", "e\xcc\x81", "\x1b[1;5D",
                                    "\x7f",   "\x0b",   "\x15",         "\x17",      "2026-11-22",
                                    "\x1f",   "\x1b[3~"};

static size_t type_at_random(char bytes[BYTES_MAX])
{
    size_t length = 0;
    while (length < BYTES_MAX - 16) {
        uint64_t random = next_random();
        if (random % 4 == 0) {
            const char *word = words[(random >> 8) % (sizeof words / sizeof *words)];
            memcpy(bytes + length, word, strlen(word));
            length += strlen(word);
        } else {
            char byte = (char)(random >> 16);
            if (byte == '\0' || strchr(SUBMITTING "\x11\x03\x1a", byte) == NULL)
                bytes[length++] = byte;
        }
    }
    return length;
}

static int open_desk(void **state)
{
    (void)state;
    const char *given = getenv("INVONCE_MONKEY_SEED");
    seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    fprintf(stderr, "INVONCE_MONKEY_SEED=%llu\n", (unsigned long long)seed);
    desk_open(&desk, NULL);
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    return desk_close(&desk) ? 0 : -1;
}

static void the_monkey_breaks_nothing(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        char bytes[BYTES_MAX];
        desk_start_filled(&desk, "2026-0701", NULL, &(struct desk_options){0});
        pty_send(desk.pty, bytes, type_at_random(bytes));
        pty_send(desk.pty, "\x1b[201~", 6); /* ends a paste that it may have begun */
        pty_resize(desk.pty, 24 + round, 80 - round);
        pty_send(desk.pty,
                 "a\x11"
                 "a\x11"
                 "a\x11",
                 6);
        look_clean_exit(desk.pty, 0);
    }
    ledger_expect(&desk, "", NULL);
    ledger_expect_invoices(&desk, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_monkey_breaks_nothing, open_desk, close_desk),
    };
    return cmocka_run_group_tests_name("monkey", tests, NULL, NULL);
}
