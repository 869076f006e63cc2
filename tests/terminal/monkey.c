#include "tests/terminal/monkey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MILLION      1000000
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static uint64_t seed;

void monkey_wake(void)
{
    const char *given = getenv("INVONCE_MONKEY_SEED");
    seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    fprintf(stderr, "INVONCE_MONKEY_SEED=%llu\n", (unsigned long long)seed);
}

/* splitmix64: small, and the same everywhere. */
uint64_t monkey_random(void)
{
    uint64_t z = seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

size_t monkey_bytes(void)
{
    const char *given = getenv("INVONCE_MONKEY_BYTES");
    return given != NULL ? strtoul(given, NULL, 10) : MILLION;
}

/* What keyboards and terminals send, to be found more often than chance would. */
static const char *const keys[] = {"\x1b[A",
                                   "\x1b[B",
                                   "\x1b[C",
                                   "\x1b[D",
                                   "\x1bOP",
                                   "\x1bOQ",
                                   "\x1bOR",
                                   "\x1bOS",
                                   "\x1b[Z",
                                   "\x1b[200~",
                                   "\x1b[201~",
                                   "\t",
                                   "\x1b",
                                   "12.5",
                                   "\xe4\xb8\xad",
                                   "e\xcc\x81",
                                   "\x1b[1;5D",
                                   "\x7f",
                                   "\x0b",
                                   "\x15",
                                   "\x17",
                                   "2026-11-22",
                                   "\x1f",
                                   "\x1b[3~",
                                   "\x1b[2~",
                                   "\x1b[5~",
                                   "\x1b[6~",
                                   "\x14",
                                   "\x18",
                                   "\x1b[<64;9;9m",
                                   "\x1b[[B",
                                   "\x1b[1;2A",
                                   "\x1b"
                                   "d",
                                   "\x1b"
                                   "s",
                                   "\x1b"
                                   "o",
                                   "\x1b"
                                   "h",
                                   "\x1b[24~",
                                   "\xf0\x9f\x87\xa9",
                                   "\xe2\x80\x8d",
                                   "\xd7\x90",
                                   "\x1b[?1;2c",
                                   "\x19"};

/* Enter, Ctrl-S, and how the sequence of a click or of the keypad's Enter ends; Ctrl-Q, Ctrl-C,
 * Ctrl-Z and Alt-Z. */
#define NEVER_TYPED "\r\n\x13M\x11\x03\x1azZ"

size_t monkey_type(char *bytes, size_t size)
{
    size_t length = 0;
    while (length + 16 < size) {
        uint64_t random = monkey_random();
        if (random % 4 == 0) {
            const char *key = keys[(random >> 8) % COUNT(keys)];
            memcpy(bytes + length, key, strlen(key));
            length += strlen(key);
        } else {
            char byte = (char)(random >> 16);
            if (byte == '\0' || strchr(NEVER_TYPED, byte) == NULL) bytes[length++] = byte;
        }
    }
    return length;
}

/* Titles and colours set, screens cleared, answers asked for, pastes ended, links, C1 forms of the
 * same, text turned round, and what a careless reader of JSON or of widths may stumble over. */
static const char *const mischief[] = {
    "\\u001b]0;owned\\u0007",
    "\\u001b[2J\\u001b[H",
    "\\u001b[31;5m",
    "\\u001b[6n\\u001b[c",
    "\\u001bP+q544e\\u001b\\\\",
    "\\u001b]52;c;aGk=\\u0007",
    "\\u001b]8;;http://evil\\u001b\\\\",
    "\\u001b[?1049l",
    "\\u001b[201~",
    "\\u001bc",
    "\\u009b2J",
    "\\u009d0;owned\\u009c",
    "\\u0090q\\u009c",
    "\\u202eknaht",
    "\\u2066\\u2067\\u2069",
    "\\u200f\\u061c",
    "\\r\\n\\t\\b\\f",
    "\\u007f",
    "\\u000e\\u000f",
    "\\u2028\\u2029\\ufeff",
    "\\ud83d\\ude00",
    "%s%n%1$s",
    "\xe4\xb8\xad\xe6\x96\x87",
    "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
    "\xc2\xa0\xe3\x80\x80",
    "\\u0300",
    "\xf3\xa0\x81\x81",
};

void monkey_say(struct support_buffer *text, size_t length)
{
    size_t end = text->length + length;
    while (text->length < end) {
        uint64_t random = monkey_random();
        char escaped[16];
        if (random % 3 == 0) {
            const char *words = mischief[(random >> 8) % COUNT(mischief)];
            support_append(text, words, strlen(words));
            continue;
        }
        unsigned unit = (unsigned)(random >> 16) & (random % 3 == 1 ? 0xFFu : 0xFFFFu);
        bool none = unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF); /* JSON's reader refuses it */
        int written = snprintf(escaped, sizeof escaped, "\\u%04x", none ? 0x1bu : unit);
        support_append(text, escaped, (size_t)written);
    }
}
