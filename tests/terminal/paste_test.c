/* What is pasted is text, whatever is in it; and keys are keys, however slowly they come. */
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BEGIN    "\x1b[200~"
#define END      "\x1b[201~"
#define NOTHING  "a key that comes with pasted text does nothing: press it again"
#define PAUSE_MS 100 /* longer than any terminal takes within a key */

static struct desk desk;

static void send(const char *bytes)
{
    pty_send(desk.pty, bytes, strlen(bytes));
}

static void open_form(const char *number)
{
    desk_start_filled(&desk, number, NULL, &(struct desk_options){0});
    look_for(desk.pty, "north / ana");
}

/* The terminal's own mark comes behind whatever the text has in it. What is pressed alone then, is
 * pressed. */
static void an_end_in_the_paste_lets_nothing_act(void **state)
{
    (void)state;
    static const char *const tails[] = {"\r",   "\n",       "\x13", "\x1bOM",  "\x11",
                                        "\x03", "\x1b[21~", "\x1a", "\r\r\x11"};
    open_form("2026-0801");
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char *number = support_format("A-%zu", i);
        char *paste = support_format(BEGIN "%s" END "%s" END, number, tails[i]);
        keys_press(desk.pty, "<C-u>"); /* alone: after it, what comes is a person's again */
        look_field(desk.pty, "Number", "");
        send(paste);
        look_field(desk.pty, "Number", number);
        look_row(desk.pty, "Editing", NOTHING);
        free(number);
        free(paste);
    }
    ledger_expect(&desk, "", NULL);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    ledger_expect_one(&desk, "A-8");
    desk_leave(&desk);
}

/* The same where the tail is read by itself, after what comes before it has been painted. */
static void a_tail_in_a_read_of_its_own_does_nothing_either(void **state)
{
    (void)state;
    open_form("2026-0802");
    send(BEGIN "-B" END);
    look_field(desk.pty, "Number", "2026-0802-B");
    send("\r" END);
    look_row(desk.pty, "Editing", NOTHING);
    send("\x11\r" END);
    assert_true(pty_wait_idle(desk.pty));
    keys_press(desk.pty, "<C-l>"); /* as does the program's end, it would come behind */
    look_row(desk.pty, "Editing", "draft kept");
    ledger_expect(&desk, "", NULL);
    ledger_expect_invoices(&desk, 0);
    desk_leave(&desk);
}

/* More than is read at once: the tail begins wherever a read ends. */
static void a_tail_behind_a_long_paste_does_nothing(void **state)
{
    (void)state;
    open_form("2026-0803");
    for (size_t length = 4096 - 16; length <= 4096 + 2; length++) {
        char *filler = calloc(1, length + 1);
        assert_non_null(filler);
        memset(filler, 'x', length);
        char *paste = support_format(BEGIN "%s" END "\r" END, filler);
        keys_press(desk.pty, "<C-u>");
        look_field(desk.pty, "Number", "");
        send(paste);
        look_row(desk.pty, "Number", "xxxx");
        assert_true(pty_wait_idle(desk.pty));
        free(filler);
        free(paste);
    }
    ledger_expect_invoices(&desk, 0);
    desk_leave(&desk);
}

static void a_click_in_a_paste_does_nothing(void **state)
{
    (void)state;
    open_form("2026-0804");
    send(BEGIN "-C" END "\x1b[<0;5;21M\x1b[<0;5;21m" END);
    look_field(desk.pty, "Number", "2026-0804-C");
    look_row(desk.pty, "Editing", NOTHING);
    ledger_expect_invoices(&desk, 0);
    desk_leave(&desk);
}

/* Ctrl-C was text for ever. */
static void a_paste_without_an_end_ends(void **state)
{
    (void)state;
    open_form("2026-0805");
    send(BEGIN "-D");
    look_field(desk.pty, "Number", "2026-0805-D");
    keys_press(desk.pty, "<C-c>");
    look_clean_exit(desk.pty, 0);
}

/* Letters that mean something where no text is typed: of a draft's offer, of a conflict. */
static void nothing_in_a_paste_answers_a_question(void **state)
{
    (void)state;
    open_form("2026-0806");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    desk_leave(&desk);
    open_form("2026-0806");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    send(BEGIN "x" END "nNe" END);
    assert_true(pty_wait_idle(desk.pty));
    keys_press(desk.pty, "<F1>");
    look_for(desk.pty, "draw the screen again");
    keys_press(desk.pty, "<Esc>");
    look_status(desk.pty, "Conflict");
    look_for(desk.pty, "V View the original");
    keys_press(desk.pty, "e");
    look_field(desk.pty, "Number", "2026-0806");
    keys_press(desk.pty, "<End>-E");
    look_row(desk.pty, "Editing", "draft kept");
    desk_leave(&desk);
    desk_start(&desk, &(struct desk_options){0});
    look_for(desk.pty, "A draft was kept");
    send(BEGIN "x" END "dddd" END);
    assert_true(pty_wait_idle(desk.pty));
    look_for(desk.pty, "A draft was kept");
    keys_press(desk.pty, "r");
    look_focus(desk.pty, "Number");
    look_field(desk.pty, "Number", "2026-0806-E");
    desk_leave(&desk);
}

/* The half that comes when the form can be typed into again is no paste of its own. */
static void a_paste_begun_while_it_saves_goes_nowhere(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0807", NULL,
                      &(struct desk_options){.environment = (const char *const[]){
                                                 "INVONCE_TOKEN=nobody-0123456789abcdef", NULL}});
    look_row(desk.pty, "Editing", "doesn't know your token");
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    send(BEGIN "half\r");
    assert_true(pty_wait_read(desk.pty));
    desk_let_go_server(&desk);
    look_status(desk.pty, "Rejected");
    send("of it\r" END);
    assert_true(pty_wait_idle(desk.pty));
    keys_press(desk.pty, "-F");
    look_field(desk.pty, "Number", "2026-0807-F");
    desk_leave(&desk);
}

/* A terminal that doesn't mark pastes. Typing ahead ends with Enter, as ever. */
static void lines_that_come_at_once_submit_nothing(void **state)
{
    (void)state;
    open_form("2026-0808");
    send("-one\rtwo\r");
    look_field(desk.pty, "Number", "2026-0808-onetwo");
    look_row(desk.pty, "Editing", NOTHING);
    ledger_expect_invoices(&desk, 0);
    keys_press(desk.pty, "<C-u>");
    look_field(desk.pty, "Number", "");
    send("2026-0809\r");
    look_status(desk.pty, "Created");
    ledger_expect_one(&desk, "2026-0809");
}

static void an_address_brings_its_name(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){0});
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab>");
    look_focus(desk.pty, "Customer e-mail");
    pty_paste(desk.pty, "Ana Silva <ana@example.com>\n");
    look_field(desk.pty, "Customer e-mail", "ana@example.com");
    look_field(desk.pty, "Customer name", "Ana Silva");
    keys_press(desk.pty, "<Tab>");
    look_focus(desk.pty, "Customer name");
    look_field(desk.pty, "Customer name", "Ana Silva");
    keys_press(desk.pty, "<S-Tab>");
    look_focus(desk.pty, "Customer e-mail");
    keys_press(desk.pty, "<C-u>Ana<lt>ana@example.com><Tab>");
    look_row(desk.pty, "Customer e-mail", "not an e-mail address");
    desk_leave(&desk);
}

static void a_spreadsheet_becomes_lines(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){0});
    look_focus(desk.pty, "Number");
    pty_paste(desk.pty, "2026-0810\n");
    look_field(desk.pty, "Number", "2026-0810");
    keys_press(desk.pty, "<Tab>");
    look_focus(desk.pty, "Issue date");
    keys_press(desk.pty, "<Tab><Tab><Tab>a@b.example<Tab><Tab>");
    look_for(desk.pty, "a@b.example");
    pty_paste(desk.pty, "Tea\t2\t1.25\t21\nCups\t6\t4.00\t0\n");
    look_row(desk.pty, "1  Tea", "2.50");
    look_row(desk.pty, "2  Cups", "24.00");
    look_row(desk.pty, "Total", "27.03");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    look_row(desk.pty, "2  Cups", "24.00");
    ledger_expect_one(&desk, "2026-0810");
}

/* In pieces with a pause between them: over a bad line, keys and letters come so. */
static void send_slowly(const char *const *pieces)
{
    for (; *pieces; pieces++) {
        send(*pieces);
        pty_read_for(desk.pty, PAUSE_MS);
    }
}

static void keys_may_come_slowly(void **state)
{
    (void)state;
    desk_start_filled(
        &desk, "2026-0811", NULL,
        &(struct desk_options){.environment = (const char *const[]){"ESCDELAY=60000", NULL}});
    send_slowly((const char *const[]){"\xe5", "\x92", "\x96", "\xc3", "\xa9", NULL});
    look_field(desk.pty, "Number", "2026-0811\u5496\u00e9");
    send_slowly((const char *const[]){"\x1b", "[", "F", "\x1b", "[3", "~", NULL});
    keys_press(desk.pty, "!");
    look_field(desk.pty, "Number", "2026-0811\u5496\u00e9!");
    send_slowly((const char *const[]){"\x1b", "O", "P", NULL});
    look_for(desk.pty, "create the invoice, from any field");
    send_slowly((const char *const[]){"\x1b", "[2", "1~", NULL});
    look_clean_exit(desk.pty, 0);
}

/* Nothing more comes behind it; it is Escape then, soon enough. */
static void escape_alone_goes_back(void **state)
{
    (void)state;
    open_form("2026-0812");
    keys_press(desk.pty, "<F1>");
    look_for(desk.pty, "create the invoice, from any field");
    keys_press(desk.pty, "<Esc>");
    look_gone(desk.pty, "create the invoice, from any field");
    desk_leave(&desk);
}

static void latin_1_is_told_and_submits_nothing(void **state)
{
    (void)state;
    open_form("2026-0813");
    send("-Caf\xe9\r");
    look_field(desk.pty, "Number", "2026-0813-Caf");
    look_row(desk.pty, "Editing", NOTHING);
    keys_press(desk.pty, "!");
    look_row(desk.pty, "Editing", "the terminal sent bytes that are no UTF-8");
    ledger_expect_invoices(&desk, 0);
    desk_leave(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(an_end_in_the_paste_lets_nothing_act),
        DESK_TEST(a_tail_in_a_read_of_its_own_does_nothing_either),
        DESK_TEST(a_tail_behind_a_long_paste_does_nothing),
        DESK_TEST(a_click_in_a_paste_does_nothing),
        DESK_TEST(a_paste_without_an_end_ends),
        DESK_TEST(nothing_in_a_paste_answers_a_question),
        DESK_TEST(a_paste_begun_while_it_saves_goes_nowhere),
        DESK_TEST(lines_that_come_at_once_submit_nothing),
        DESK_TEST(an_address_brings_its_name),
        DESK_TEST(a_spreadsheet_becomes_lines),
        DESK_TEST(keys_may_come_slowly),
        DESK_TEST(escape_alone_goes_back),
        DESK_TEST(latin_1_is_told_and_submits_nothing),
    };
    return cmocka_run_group_tests_name("paste", tests, NULL, NULL);
}
