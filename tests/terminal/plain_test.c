/* --plain: the form line by line. The same audit trail as on the screen, for the same answers; and
 * what only a conversation has: answers that come too early, no terminal. */
#include "protocol/wire/canonical_json.h"
#include "tests/support/http.h"
#include "tests/support/support.h"
#include "tests/support/test_clock.h"
#include "tests/terminal/dialogue.h"
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

#define TAKEN                                                                                      \
    "This invoice number already exists. We kept the original and didn't create a second one."
#define IGNORED "Invoice created - we ignored the duplicate submission and kept your first request."

static void type_fields(const char *number)
{
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, number);
    keys_press(desk.pty, "<Tab><Tab>+30<Tab><Tab>ap@northwind.example<Tab>Northwind Ltd<Tab>");
    keys_press(desk.pty, "Consulting<Tab>1.5<Tab>120.00<Tab>21");
}

/* --- the same stories in both --- */

static void create_on_screen(void)
{
    type_fields("2026-0042");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
}

static void renumber_on_screen(void)
{
    create_on_screen();
    keys_press(desk.pty, "n");
    type_fields("2026-0042");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    keys_press(desk.pty, "<Esc>");
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "<C-u>2026-0044<Enter>");
    look_status(desk.pty, "Created");
}

static void renumber_plainly(void)
{
    create_plainly();
    answer("n New invoice", "n");
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    expect_question("e Back to the form");
    look_sentence(desk.pty, TAKEN);
    answer("e Back to the form", "e");
    answer("Number [2026-0042]", "2026-0044");
    answer(ASK_CREATE, "yes");
    expect_question("n New invoice");
}

static void try_again_on_screen(void)
{
    type_fields("2026-0042");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Unconfirmed");
    keys_press(desk.pty, "t");
    look_status(desk.pty, "Created");
}

static void try_again_plainly(void)
{
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    expect_question("t Try again now");
    look_for(desk.pty, "may or may not exist");
    answer("t Try again now", "t");
    expect_question("n New invoice");
}

/* The audit as the server gives it, without times and request ids, keys told apart by their order.
 * New reference. */
static struct json *audit_trail(void)
{
    char *url = support_format("%s/v1/audit", desk.mock.url);
    struct http_reply reply = http_send(&(struct http_request){.url = url, .token = TOKEN_ANA});
    free(url);
    struct json *data = json_take(reply.json, json_member(reply.json, "data"));
    struct json *keys = json_new_object();
    size_t i;
    struct json *entry;
    for (i = 0, entry = json_first(data); entry != NULL; entry = json_next(entry), i++) {
        const char *key = json_text(entry, "key");
        if (json_member(keys, key) == NULL)
            json_put(keys, key, json_new_integer((int64_t)json_count(keys) + 1));
        json_put(entry, "key", json_copy(json_member(keys, key)));
        json_remove(entry, "at");
        json_remove(entry, "request_id");
    }
    json_free(keys);
    http_reply_clear(&reply);
    return data;
}

static struct json *audit_of(const char *fault, const char *const *arguments, void (*play)(void))
{
    open_desk(fault);
    begin(&(struct desk_options){.arguments = arguments,
                                 .environment =
                                     (const char *const[]){"INVONCE_RETRY_BUDGET=5s", NULL},
                                 .rows = 48,
                                 .cols = 200});
    play();
    struct json *trail = audit_trail();
    assert_true(desk_close(&desk));
    return trail;
}

static void expect_the_same_audit(const char *fault, void (*on_screen)(void), void (*plain)(void),
                                  size_t entries)
{
    struct json *screen = audit_of(fault, NULL, on_screen);
    struct json *lines = audit_of(fault, plainly, plain);
    char *both[2] = {canonical_json(screen, NULL), canonical_json(lines, NULL)};
    assert_string_equal(both[0], both[1]);
    assert_int_equal(json_count(screen), entries);
    free(both[0]);
    free(both[1]);
    json_free(screen);
    json_free(lines);
}

static void both_modes_leave_the_same_audit(void **state)
{
    (void)state;
    expect_the_same_audit(NULL, create_on_screen, create_plainly, 1);
    expect_the_same_audit("drop-response@attempt=1", create_on_screen, create_plainly, 2);
    expect_the_same_audit(NULL, renumber_on_screen, renumber_plainly, 3);
    expect_the_same_audit("status=503:retry-after=60@attempt=1", try_again_on_screen,
                          try_again_plainly, 2);
}

/* --- only here --- */

static void a_lost_reply_is_told_line_by_line(void **state)
{
    (void)state;
    open_desk("drop-response@attempt=1");
    start_plain(NULL);
    create_plainly();
    look_for(desk.pty, "Saving...");
    look_for(desk.pty, "trying again with the same key, attempt 2");
    look_for(desk.pty, "2 attempts, 1 record");
    look_row(desk.pty, "Invoice created", "inv_");
    ledger_expect(&desk, "created replayed", NULL);
}

/* What is typed while it is being saved counts where it is Enter, and acts on nothing. */
static void many_enters_make_one_invoice(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer_fields("2026-0042");
    expect_question(ASK_CREATE);
    desk_hold_server(&desk);
    keys_press(desk.pty, "y<Enter><Enter>y<Enter><Enter>");
    look_for(desk.pty, "Saving...");
    keys_press(desk.pty, "n<Enter>q<Enter>y<Enter>half of a line");
    assert_true(pty_wait_read(desk.pty));
    desk_let_go_server(&desk);
    expect_question("n New invoice");
    look_sentence(desk.pty, IGNORED);
    answer("n New invoice", "");
    answer("n New invoice", "q");
    look_clean_exit(desk.pty, 0);
    ledger_expect_one(&desk, "2026-0042");
}

/* Several lines in one go, as from a paste: what stood ready before the question isn't its answer.
 */
static void a_pasted_yes_creates_nothing(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer("Number", "2026-0042");
    answer("Issue date", "");
    answer("Due date", "");
    answer("Currency", "");
    answer("Customer e-mail", "ana@example.com tel. 123"); /* joined it would pass */
    look_sentence(desk.pty, "There is more than an e-mail address in that");
    answer("Customer e-mail", "Ana Silva <lt>ana@example.com>");
    answer("Customer name [Ana Silva]", "");
    answer(ASK_DESCRIPTION, "Consulting");
    answer("Line 1, Quantity", "1");
    answer("Line 1, Unit price", "120.00");
    answer("Line 1, Tax %", "21");
    answer("Line 2, Description", "");
    expect_question("Notes");
    pty_send(desk.pty, "Many thanks\ny\ny\ny", 17);
    expect_question(ASK_CREATE);
    assert_true(pty_wait_idle(desk.pty));
    assert_int_equal(desk_invoices(&desk), 0);
    answer(ASK_CREATE, "y");
    expect_question("n New invoice");
    ledger_expect_one(&desk, "2026-0042");
}

/* Left while saving it is in the journal, and the next start tells what became of it first. */
static void what_was_left_is_settled_and_told(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer_fields("2026-0042");
    expect_question(ASK_CREATE);
    desk_hold_server(&desk);
    answer(ASK_CREATE, "y");
    look_for(desk.pty, "Saving...");
    keys_press(desk.pty, "<C-c>");
    look_clean_exit(desk.pty, 5);
    look_sentence(desk.pty, "2026-0042 is in the journal");
    desk_let_go_server(&desk);
    start_plain(NULL);
    expect_question("Number [2026-0043]");
    look_for(desk.pty, "2026-0042 from before is saved");
    ledger_expect_invoices(&desk, 1);
    assert_int_equal(desk_keys(&desk), 1);
}

static void a_number_that_waits_is_caught(void **state)
{
    (void)state;
    open_desk("status=503:retry-after=60@attempt=1");
    start_plain((const char *const[]){"INVONCE_RETRY_BUDGET=1s", NULL});
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    expect_question("t Try again now");
    desk_hold_server(&desk);
    answer("t Try again now", "k");
    answer("Number", "2026-0042");
    look_sentence(desk.pty, "2026-0042 is waiting for confirmation");
    answer("Number: ", "2026-0043");
    expect_question("Issue date");
}

static void run_piped(const char *lines)
{
    char *command = support_format("printf '%s' | \"$0\" --plain", lines);
    begin(&(struct desk_options){
        .runner = (const char *const[]){"/bin/sh", "-c", command, NULL}, .rows = 48, .cols = 200});
    free(command);
}

#define PIPED                                                                                      \
    "2026-0042\\n\\n+30\\n\\nap@northwind.example\\nNorthwind\\nTea\\n2\\n1.25\\n\\n\\n\\n"

static void answers_may_come_from_a_pipe(void **state)
{
    (void)state;
    open_desk(NULL);
    run_piped(PIPED);
    look_for(desk.pty, ASK_CREATE);
    look_clean_exit(desk.pty, 0);
    ledger_expect_invoices(&desk, 0);
    run_piped("d\\n" PIPED "y");
    look_clean_exit(desk.pty, 0);
    ledger_expect_invoices(&desk, 0);
    run_piped("d\\n" PIPED "y\\n\\n\\ny\\nn\\n");
    look_for(desk.pty, "n New invoice");
    look_clean_exit(desk.pty, 0);
    ledger_expect_one(&desk, "2026-0042");
}

static void accessible_turns_it_on(void **state)
{
    (void)state;
    open_desk(NULL);
    begin(&(struct desk_options){.environment = (const char *const[]){"ACCESSIBLE=1", NULL}});
    answer("Number", "<C-d>");
    look_clean_exit(desk.pty, 0);
    begin(&(struct desk_options){.environment = (const char *const[]){"ACCESSIBLE=", NULL}});
    look_for(desk.pty, "[ Create invoice ]");
}

int main(void)
{
    /* Numbers are taken for a year: the samples' and today's is to be the same. */
    test_clock_set("=2026-11-22T10:02:11Z");
    const struct CMUnitTest tests[] = {
        DESK_OPENING_TEST(both_modes_leave_the_same_audit),
        DESK_OPENING_TEST(a_lost_reply_is_told_line_by_line),
        DESK_OPENING_TEST(a_pasted_yes_creates_nothing),
        DESK_OPENING_TEST(many_enters_make_one_invoice),
        DESK_OPENING_TEST(what_was_left_is_settled_and_told),
        DESK_OPENING_TEST(a_number_that_waits_is_caught),
        DESK_OPENING_TEST(answers_may_come_from_a_pipe),
        DESK_OPENING_TEST(accessible_turns_it_on),
    };
    return cmocka_run_group_tests_name("plain", tests, NULL, NULL);
}
