/* A monkey at the keyboard, and one in the place of the server: a million random bytes and
 * sequences each. Nothing breaks, nothing reaches the terminal but what paints, nothing is
 * submitted that wasn't pressed, and the terminal is left clean. INVONCE_MONKEY_SEED=N repeats a
 * run, INVONCE_MONKEY_BYTES=N makes it longer. */
#include "tests/support/rows.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"
#include "tests/terminal/monkey.h"
#include "tests/terminal/puppet.h"
#include "tests/terminal/screen.h"
#include "tests/terminal/spoken.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#define PORTION  4000
#define PORTIONS 16 /* before the program is looked at, and a new one is started */

static struct desk desk;
static struct puppet *puppet;

static int open_desk(void **state)
{
    (void)state;
    monkey_wake();
    desk_open(&desk, NULL);
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    puppet_stop(puppet);
    puppet = NULL;
    return desk_close(&desk) ? 0 : -1;
}

static void expect_only_painting(void)
{
    size_t length;
    const char *raw = pty_raw(desk.pty, &length);
    char *complaint = spoken_complaint("xterm-256color", raw, length);
    if (complaint != NULL) look_fail(desk.pty, __FILE__, __LINE__, "%s", complaint);
}

/* Behind what is pasted nothing acts that doesn't come alone. */
static void end_paste(void)
{
    pty_send(desk.pty, "\x1b[201~", 6);
    pty_wait_idle(desk.pty);
}

/* Whatever sequence or paste is open is ended, and the program left. */
static void leave(int code)
{
    end_paste();
    pty_send(desk.pty, "\x11", 1);
    look_clean_exit(desk.pty, code);
    expect_only_painting();
}

static void no_keys_break_anything(void **state)
{
    (void)state;
    size_t typed = 0;
    for (int round = 0; typed < monkey_bytes(); round++) {
        desk_start_filled(&desk, "2026-0701", NULL, &(struct desk_options){0});
        for (int i = 0; i < PORTIONS; i++) {
            char bytes[PORTION];
            size_t length = monkey_type(bytes, sizeof bytes);
            pty_send(desk.pty, bytes, length);
            typed += length;
            if (!pty_wait_idle(desk.pty)) break; /* F10 by chance */
            pty_resize(desk.pty, 20 + (int)(monkey_random() % 30),
                       60 + (int)(monkey_random() % 90));
        }
        leave(0);
    }
    ledger_expect(&desk, "", NULL);
    ledger_expect_invoices(&desk, 0);
}

/* --- presses among them --- */

static long long presses_in_journal(void)
{
    char path[TEMP_DIR_SIZE + 40];
    snprintf(path, sizeof path, "%s/state/invonce/journal.db", desk.home);
    return rows_number(path, "SELECT count(*) FROM intents");
}

static bool is_drawn_again(struct pty *pty, const void *from)
{
    size_t length;
    const char *raw = pty_raw(pty, &length);
    const size_t *before = from;
    return memmem(raw + *before, length - *before, "\x1b[2J", 4) != NULL;
}

/* A key is pressed alone behind it all, and what it does is seen: the next one counts at once. */
static void type_a_little(void)
{
    char bytes[200];
    size_t length;
    pty_send(desk.pty, bytes, monkey_type(bytes, sizeof bytes));
    end_paste();
    pty_raw(desk.pty, &length);
    pty_send(desk.pty, "\x0c", 1);
    if (!pty_wait(desk.pty, is_drawn_again, &length))
        look_fail(desk.pty, __FILE__, __LINE__, "Ctrl-L did nothing");
    pty_wait_idle(desk.pty);
}

static bool is_no_longer_saving(struct pty *pty, const void *context)
{
    (void)context;
    return !screen_shows(pty, "Saving");
}

static void press_to_submit(void)
{
    int row, col;
    bool button = screen_find(desk.pty, "[ Create invoice ]", &row, &col);
    static const char *const keys[] = {"\r", "\x13", "\x1bOM", "\n"};
    uint64_t which = monkey_random() % 5;
    if (which == 4 && button)
        pty_click(desk.pty, row, col + 3);
    else
        pty_send(desk.pty, keys[which % 4], strlen(keys[which % 4]));
    pty_wait_idle(desk.pty);
    pty_wait(desk.pty, is_no_longer_saving, NULL);
}

/* Every intent has its press: none comes while the monkey types, one at most with each press. */
static void only_a_press_submits(void **state)
{
    (void)state;
    const int rounds = 40, presses = 3;
    for (int round = 0; round < rounds; round++) {
        char number[24];
        snprintf(number, sizeof number, "MONKEY-%d", round);
        desk_start_filled(&desk, number, NULL, &(struct desk_options){0});
        if (round % 2 == 0) press_to_submit(); /* at least some make one */
        for (int i = 0; i < presses; i++) {
            long long before = presses_in_journal();
            type_a_little();
            assert_int_equal(presses_in_journal(), before);
            press_to_submit();
            assert_in_range(presses_in_journal(), before, before + 1);
        }
        leave(0);
    }
    assert_true(desk_invoices(&desk) >= rounds / 2);
    assert_int_equal(rows_number(desk.mock.store, "SELECT count(DISTINCT key) FROM audit"),
                     presses_in_journal());
}

/* --- the server's texts --- */

static void add(struct support_buffer *text, const char *words)
{
    support_append(text, words, strlen(words));
}

/* A member of a JSON object with a text by chance, and a comma. */
static void add_member(struct support_buffer *text, const char *name, size_t length)
{
    add(text, "\"");
    add(text, name);
    add(text, "\":\"");
    monkey_say(text, length);
    add(text, "\",");
}

static void add_record(struct support_buffer *text, int lines)
{
    add(text, "{");
    add_member(text, "id", 30);
    add_member(text, "created_by", 60);
    add_member(text, "created_at", 40);
    add_member(text, "notes", 900);
    add(text, "\"status\":\"open\",\"number\":\"2026-0701\",\"issue_date\":\"2026-11-22\","
              "\"currency\":\"EUR\",\"customer\":{");
    add_member(text, "name", 300);
    add(text, "\"id\":\"cus_1\",\"email\":\"ap@northwind.example\"},\"lines\":[");
    for (int i = 0; i < lines; i++) {
        add(text, i > 0 ? ",{" : "{");
        add_member(text, "description", 400);
        add(text, "\"quantity\":\"1.5\",\"unit_price\":\"120.00\",\"tax_rate\":\"21\","
                  "\"net\":\"180.00\"}");
    }
    add(text, "],\"totals\":{\"net\":\"180.00\",\"tax\":\"37.80\",\"gross\":\"217.80\"}}");
}

static void compose_conflict(struct support_buffer *text)
{
    add(text, "{");
    add_member(text, "title", 200);
    add_member(text, "detail", 2000);
    add(text, "\"type\":\"urn:invonce:problem:invoice-number-taken\",\"status\":409,"
              "\"effect\":\"none\",\"retry\":\"new_key\",\"existing\":");
    add_record(text, 60);
    add(text, "}");
}

static void compose_rejection(struct support_buffer *text)
{
    add(text, "{");
    add_member(text, "title", 200);
    add_member(text, "detail", 4000);
    add(text, "\"type\":\"urn:invonce:problem:validation-failed\",\"status\":422,"
              "\"effect\":\"none\",\"retry\":\"new_key\",\"errors\":[");
    static const char *const pointers[] = {"/number", "/customer/email", "/lines/0/description",
                                           "/notes", "/\\u001b[2J"};
    for (size_t i = 0; i < 5; i++) {
        add(text, i > 0 ? ",{" : "{");
        add_member(text, "code", 100);
        add_member(text, "detail", 2000);
        add(text, "\"pointer\":\"");
        add(text, pointers[i]);
        add(text, "\"}");
    }
    add(text, "]}");
}

static void compose_list(struct support_buffer *text)
{
    add(text, "{\"data\":[");
    for (int i = 0; i < 12; i++) {
        if (i > 0) add(text, ",");
        add_record(text, 4);
    }
    add(text, "],\"next_cursor\":null}");
}

static void compose_customers(struct support_buffer *text)
{
    add(text, "{\"data\":[{\"id\":\"cus_1\",\"email\":\"ap@northwind.example");
    monkey_say(text, 100);
    add(text, "\",\"name\":\"");
    monkey_say(text, 300);
    add(text, "\"}]}");
}

static void compose_account(struct support_buffer *text)
{
    add(text, "{");
    add_member(text, "tenant", 100);
    add(text, "\"user\":\"");
    monkey_say(text, 100);
    add(text, "\"}");
}

/* Through all that shows what it was told. */
static void look_around(void)
{
    pty_wait(desk.pty, is_no_longer_saving, NULL);
    if (screen_shows(desk.pty, "Unconfirmed")) keys_press(desk.pty, "k");
    keys_press(desk.pty, "v<PageDown><PageDown><PageDown><PageDown><PageDown><PageDown>");
    pty_wait_idle(desk.pty);
    keys_press(desk.pty, "<PageDown><PageDown><Down><Esc><F12><Esc><F12>");
    pty_wait_idle(desk.pty);
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><C-a><C-k>ap@n<Tab><F3>");
    look_for(desk.pty, "Recent invoices");
    look_gone(desk.pty, "Asking the server...");
    keys_press(desk.pty, "<Down><Enter><PageDown>");
    pty_wait_idle(desk.pty);
    keys_press(desk.pty, "<Esc><F12><Esc><F12>");
    pty_wait_idle(desk.pty);
}

struct speech {
    struct support_buffer answer, list, customers, account;
};

/* No JSON at all. */
static void compose_noise(struct support_buffer *text)
{
    for (int i = 0; i < 30000; i++) {
        char byte = (char)(monkey_random() >> 20 | 1);
        support_append(text, &byte, 1);
    }
}

static const struct {
    const char *status;
    void (*compose)(struct support_buffer *text);
} answers[] = {{"409 Conflict", compose_conflict},
               {"422 Unprocessable Content", compose_rejection},
               {"409 Conflict", compose_conflict},
               {"201 Created", compose_noise}};

#define ANSWERS (int)(sizeof answers / sizeof *answers)

static size_t compose(struct speech *speech, int round)
{
    answers[round % ANSWERS].compose(&speech->answer);
    compose_list(&speech->list);
    compose_customers(&speech->customers);
    compose_account(&speech->account);
    return speech->answer.length + speech->list.length + speech->customers.length +
           speech->account.length;
}

static void hear(const struct speech *speech, int round)
{
    puppet = puppet_start(answers[round % ANSWERS].status, "application/problem+json",
                          speech->answer.bytes);
    puppet_answer_get(puppet, "/v1/invoices", speech->list.bytes);
    puppet_answer_get(puppet, "/v1/customers", speech->customers.bytes);
    if (round % 3 != 0) puppet_answer_get(puppet, "/v1/whoami", speech->account.bytes);
    desk_start_filled(
        &desk, "2026-0701", NULL,
        &(struct desk_options){
            .arguments = (const char *const[]){"--server", puppet_url(puppet), NULL},
            .environment = (const char *const[]){"INVONCE_RETRY_BUDGET=100ms", NULL}});
    pty_wait_idle(desk.pty);
    keys_press(desk.pty, "<Enter>");
    pty_wait_idle(desk.pty);
    look_around();
}

static void no_text_of_the_server_reaches_the_terminal(void **state)
{
    (void)state;
    size_t said = 0;
    for (int round = 0; said < monkey_bytes(); round++) {
        struct speech speech = {0};
        said += compose(&speech, round);
        hear(&speech, round);
        int status;
        pty_send(desk.pty, "\x11", 1);
        assert_true(pty_wait_exit(desk.pty, &status));
        if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 5))
            look_fail(desk.pty, __FILE__, __LINE__, "it ended with wait status %#x",
                      (unsigned)status);
        expect_only_painting();
        puppet_stop(puppet); /* it speaks no more */
        puppet = NULL;
        free(speech.answer.bytes);
        free(speech.list.bytes);
        free(speech.customers.bytes);
        free(speech.account.bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_keys_break_anything, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(only_a_press_submits, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(no_text_of_the_server_reaches_the_terminal, open_desk,
                                        close_desk),
    };
    return cmocka_run_group_tests_name("monkey", tests, NULL, NULL);
}
