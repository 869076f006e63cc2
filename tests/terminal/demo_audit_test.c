/* What the demonstration shows of its server, beside the form and behind F9: live, on a screen of
 * any width, through faults, resizing, a dead server and hostile text. */
#include "tests/support/http.h"
#include "tests/support/process.h"
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/support/test_clock.h"
#include "tests/terminal/demo_desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FORM_COLUMNS 80

static struct desk desk;

static const char *const LOSE_REPLY[] = {"--fault", "drop-response@attempt=1", NULL};

/* Behind F9, and back to what there was. */
static void look_behind_f9(const char *key)
{
    look_gone(desk.pty, "What the server saw");
    look_row(desk.pty, "operator", "F9 audit  faults: lose the 1st reply");
    keys_press(desk.pty, key);
    look_row(desk.pty, "What the server saw", "faults: lose the 1st reply");
}

static void on_a_narrow_screen_it_is_behind_f9(void **state)
{
    (void)state;
    static const struct {
        int cols;
        const char *number, *key, *back;
    } screens[] = {{80, "2026-0701", "<F9>", "<F9>"}, {119, "2026-0702", "<M-9>", "<Esc>"}};
    test_clock_set(TEST_CLOCK_START); /* of the day before, a row would be longer */
    for (size_t i = 0; i < sizeof screens / sizeof screens[0]; i++) {
        demo_open(&desk, screens[i].cols, LOSE_REPLY);
        demo_type(&desk, screens[i].number);
        look_behind_f9(screens[i].key);
        look_for(desk.pty, "nothing yet");
        keys_press(desk.pty, screens[i].back);
        look_field(desk.pty, "Number", screens[i].number);
        keys_press(desk.pty, "<Enter>");
        look_status(desk.pty, "Created");
        look_behind_f9(screens[i].key);
        look_row(desk.pty, "try 1  created   inv_", "reply lost on purpose");
        look_row(desk.pty, "try 2  replayed  inv_", "<- the key kept it at one");
        look_status(desk.pty, "Created");
        keys_press(desk.pty, screens[i].back);
        look_for(desk.pty, "Invoice created");
        desk_leave(&desk);
    }
}

static void assert_rule_at(int column)
{
    int row, col;
    assert_true(screen_find(desk.pty, "\u2502 What the server saw", &row, &col));
    assert_int_equal(row, 0);
    assert_int_equal(col, column);
}

static void on_a_wide_screen_it_is_beside_the_form(void **state)
{
    (void)state;
    static const struct {
        int cols, rule;
        const char *number;
    } screens[] = {{120, 81, "2026-0703"}, {132, 81, "2026-0704"}, {200, 118, "2026-0705"}};
    for (size_t i = 0; i < sizeof screens / sizeof screens[0]; i++) {
        demo_open(&desk, screens[i].cols, LOSE_REPLY);
        look_for(desk.pty, "faults: lose the 1st reply");
        assert_rule_at(screens[i].rule);
        demo_type(&desk, screens[i].number);
        keys_press(desk.pty, "<Enter>");
        look_status(desk.pty, "Created");
        look_row(desk.pty, "try 1  created", "");
        look_for(desk.pty, "reply lost on purpose");
        look_for(desk.pty, "<- the key kept it at one");
        assert_rule_at(screens[i].rule);
        keys_press(desk.pty, "<F9>");
        look_row(desk.pty, "try 2  replayed", "<- the key kept it at one");
        look_gone(desk.pty, "\u2502");
        keys_press(desk.pty, "<F9>");
        look_for(desk.pty, "\u2502 What the server saw");
        desk_leave(&desk);
    }
}

/* The form of a screen of 80 columns, as it is; but for the top line's right side. */
static char *form_cells(void)
{
    struct support_buffer text = {0};
    for (int row = 1; row < 24; row++) {
        char *cells = screen_cells(desk.pty, row, 0, FORM_COLUMNS);
        support_append(&text, cells, strlen(cells));
        support_append(&text, "\n", 1);
        free(cells);
    }
    return text.bytes;
}

static void the_form_stands_as_on_its_own(void **state)
{
    (void)state;
    demo_open(&desk, 80, NULL);
    demo_type(&desk, "2026-0706");
    look_status(desk.pty, "Editing  draft kept");
    char *alone = form_cells();
    pty_resize(desk.pty, 24, 120);
    look_row(desk.pty, "F10 Quit", "F9 Audit"); /* the last row: all are there */
    char *beside = form_cells();
    assert_string_equal(beside, alone);
    free(beside);
    keys_press(desk.pty, "<F6>");
    look_for(desk.pty, "faults: delay 2 s");
    process_hold(demo_server(&desk));
    keys_press(desk.pty, "<Enter>");
    look_for(desk.pty, "[   Saving...    ]");
    look_row(desk.pty, "What the server saw", "");
    look_for(desk.pty, "faults: delay 2 s");
    kill(demo_server(&desk), SIGCONT);
    free(alone);
    look_status(desk.pty, "Created");
    desk_leave(&desk);
}

static void the_layers_are_named(void **state)
{
    (void)state;
    demo_open(&desk, 132, NULL);
    demo_type(&desk, "2026-0707");
    keys_press(desk.pty, "<F6>");
    look_for(desk.pty, "faults: delay 2 s");
    process_hold(demo_server(&desk));
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    keys_press(desk.pty, "<Enter><C-s><Enter>");
    look_for(desk.pty, "4 presses of Enter");
    kill(demo_server(&desk), SIGCONT);
    look_for(desk.pty, "4 presses of Enter, 1 request");
    look_status(desk.pty, "Created");
    look_for(desk.pty, "delayed on purpose");
    look_for(desk.pty, "<- the form kept it at one");
    look_gone(desk.pty, "<- the database");
    keys_press(desk.pty, "<F8>n");
    look_for(desk.pty, "faults: none");
    demo_type(&desk, "2026-0707");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    look_row(desk.pty, "try 1  conflict", "2026-0707");
    look_for(desk.pty, "<- the database kept it at one");
    desk_leave(&desk);
}

static void faults_are_switched(void **state)
{
    (void)state;
    static const struct {
        const char *key, *faults;
    } switches[] = {
        {"<F5>", "faults: hang@every=99, lose the 1st reply"},
        {"<M-5>", "faults: hang@every=99"},
        {"<M-6>", "faults: hang@every=99, delay 2 s"},
        {"<M-8>", "faults: none"},
        {"<F6>", "faults: delay 2 s"},
        {"<F7>", "faults: delay 2 s, answer 503"},
        {"<F6>", "faults: answer 503"},
        {"<M-7>", "faults: none"},
        {"<F5><F6><F7><F8>", "faults: none"},
        {"<F7>", "faults: answer 503"},
    };
    demo_open(&desk, 180, (const char *const[]){"--fault", "hang@every=99", NULL});
    look_row(desk.pty, "What the server saw", "faults: hang@every=99");
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        keys_press(desk.pty, switches[i].key);
        look_row(desk.pty, "What the server saw", switches[i].faults);
    }
    demo_type(&desk, "2026-0708");
    keys_press(desk.pty, "<Enter>");
    look_row(desk.pty, "try 2  failed", "failed on purpose");
    look_status(desk.pty, "Saving");
    keys_press(desk.pty, "<F8>");
    look_status(desk.pty, "Created");
    demo_expect(&desk, NULL, 1, 1);
    desk_leave(&desk);
}

/* In the help and on the audit's own key bar, not on the form's. */
static void the_keys_are_listed(void **state)
{
    (void)state;
    demo_open(&desk, 80, NULL);
    look_gone(desk.pty, "F5 Lose reply");
    keys_press(desk.pty, "<F9>");
    look_row(desk.pty, "F5 Lose reply  F6 Delay 2 s  F7 503  F8 None", "");
    keys_press(desk.pty, "<F1><PageDown><PageDown><PageDown>");
    look_row(desk.pty, "F9, Alt-9", "what the server saw");
    look_row(desk.pty, "F5, Alt-5", "loses its reply");
    desk_leave(&desk);
    desk_start(&desk, &(struct desk_options){0});
    free(desk_picture(&desk));
    keys_press(desk.pty, "<F9><F5><M-8><F1>");
    look_for(desk.pty, "create the invoice, from any field");
    keys_press(desk.pty, "<PageDown><PageDown><PageDown>");
    look_row(desk.pty, "F10, Ctrl-Q", "leave");
    look_gone(desk.pty, "Alt-9");
    desk_leave(&desk);
}

static void resizing_while_saving_changes_nothing(void **state)
{
    (void)state;
    static const int widths[] = {119, 120, 200, 80, 132, 121};
    demo_open(&desk, 120, NULL);
    demo_type(&desk, "2026-0709");
    process_hold(demo_server(&desk));
    keys_press(desk.pty, "<Enter>");
    look_for(desk.pty, "[   Saving...    ]");
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        pty_resize(desk.pty, 24, widths[i]);
        if (widths[i] >= 120)
            look_for(desk.pty, "\u2502 What the server saw");
        else
            look_gone(desk.pty, "What the server saw");
        look_for(desk.pty, "[   Saving...    ]");
        look_status(desk.pty, "Saving");
    }
    kill(demo_server(&desk), SIGCONT);
    look_status(desk.pty, "Created");
    look_row(desk.pty, "try 1  created", "");
    demo_expect(&desk, NULL, 1, 1);
    desk_leave(&desk);
}

static struct process start_server_again(const char *url)
{
    char *store = demo_store(&desk, NULL);
    char *listen = support_format("--listen=%s", url + strlen("http://"));
    char *database = support_format("--store=sqlite:%s", store);
    char *tokens = support_format("--tokens-file=%s/state/invonce/demo-tokens", desk.home);
    struct process server = {0};
    process_start(&server, (const char *const[]){mock_program(), listen, database, tokens, NULL},
                  NULL);
    char *ready = process_expect(&server, "listening on", PATIENCE_MS);
    assert_non_null(ready);
    free(ready);
    free(store);
    free(listen);
    free(database);
    free(tokens);
    return server;
}

static size_t count_shown(const char *words)
{
    size_t count = 0;
    char *text = screen_text(desk.pty);
    for (const char *at = text; (at = strstr(at, words)) != NULL; at++)
        count++;
    free(text);
    return count;
}

/* The pane says so, and the form goes on; then the pane goes on where it was. */
static void a_dead_server_is_told_and_followed_again(void **state)
{
    (void)state;
    demo_open(&desk, 132, NULL);
    demo_type(&desk, "2026-0710");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    look_row(desk.pty, "try 1  created", "");
    char *url = demo_url(&desk);
    kill(demo_server(&desk), SIGKILL);
    look_sentence(desk.pty, "The server isn't heard any more");
    keys_press(desk.pty, "n");
    demo_type(&desk, "2026-0711");
    look_field(desk.pty, "Number", "2026-0711");
    keys_press(desk.pty, "<F5>");
    look_for(desk.pty, "faults: the server doesn't answer");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    struct process server = start_server_again(url);
    look_status(desk.pty, "Created");
    look_gone(desk.pty, "isn't heard");
    look_row(desk.pty, "created   inv_1002", "");
    assert_int_equal(count_shown("try 1  created"), 2);
    desk_leave(&desk);
    process_clear(&server);
    free(url);
}

static void post(const char *url, const char *token, const char *body)
{
    struct http_reply reply = http_send(&(struct http_request){
        .url = url, .token = token, .key = "\"somebody-else\"", .body = body});
    assert_true(reply.status > 0);
    http_reply_clear(&reply);
}

/* Whoever shares the server may have put anything into it. */
static void hostile_text_is_only_shown(void **state)
{
    (void)state;
    demo_open(&desk, 120, NULL);
    demo_type(&desk, "2026-0712");
    char *server = demo_url(&desk);
    char *token = demo_token(&desk);
    char *url = support_format("%s/v1/invoices", server);
    post(url, token, "{\"number\":\"\\u001b]0;owned\\u0007\\u001b[2J\\u202eabc\"}");
    look_row(desk.pty, "some\u2026else  try 1", "invalid");
    look_for(desk.pty, "owned");
    size_t length;
    const char *raw = pty_raw(desk.pty, &length);
    assert_null(memmem(raw, length, "\x1b]0;", 4));
    assert_null(memmem(raw, length, "\u202e", 3));
    for (int i = 0; i < 300; i++)
        post(url, token, "{\"number\":\"A number that is much longer than any place for it\"}");
    keys_press(desk.pty, "<C-a>9");
    look_row(desk.pty, "Tax 0 % of 92.50", "");
    look_for(desk.pty, "try 301");
    free(url);
    free(token);
    free(server);
    desk_leave(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(on_a_narrow_screen_it_is_behind_f9),
        DESK_TEST(on_a_wide_screen_it_is_beside_the_form),
        DESK_TEST(the_form_stands_as_on_its_own),
        DESK_TEST(the_layers_are_named),
        DESK_TEST(faults_are_switched),
        DESK_TEST(the_keys_are_listed),
        DESK_TEST(resizing_while_saving_changes_nothing),
        DESK_TEST(a_dead_server_is_told_and_followed_again),
        DESK_TEST(hostile_text_is_only_shown),
    };
    http_setup();
    return cmocka_run_group_tests_name("demo_audit", tests, NULL, NULL);
}
