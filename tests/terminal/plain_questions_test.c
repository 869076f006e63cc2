/* --plain: what is asked again, what stands in brackets, and what can be gone back to. */
#include "tests/support/support.h"
#include "tests/support/test_clock.h"
#include "tests/terminal/dialogue.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"
#include "tests/terminal/puppet.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What can't be is asked for again, with a sentence; what stands in brackets is kept by Enter, and
 * is never the answer that was refused. */
static void a_wrong_answer_is_asked_for_again(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer("Number", "");
    look_for(desk.pty, "required");
    answer("Number", "2026-0042");
    answer("Issue date", "13/45");
    look_sentence(desk.pty, "date");
    answer("Issue date [2", "2026-11-22");
    answer("Due date", "-1");
    answer("Due date (may stay empty)", "");
    answer("Currency [EUR]", "ZZZ");
    answer("Currency [EUR]", "-");
    look_for(desk.pty, "required");
    answer("Currency [EUR]", "");
    answer("Customer e-mail: ", "nobody");
    answer("Customer e-mail: ", "ap@northwind.example");
    answer("Customer name (may stay empty)", "");
    answer(ASK_DESCRIPTION, "");
    look_for(desk.pty, "one line at least");
    answer(ASK_DESCRIPTION, "Tea");
    answer("Line 1, Quantity", "0");
    answer("Line 1, Quantity: ", "2");
    answer("Line 1, Unit price", "1.25");
    answer("Line 1, Tax % [0]", "101");
    answer("Line 1, Tax % [0]", "");
    answer("Line 2, Description", "");
    answer("Notes", "");
    expect_question(ASK_CREATE);
    look_row(desk.pty, "Total  EUR: ", "2.50");
    answer(ASK_CREATE, "");
    look_for(desk.pty, "Nothing was created");
    answer("Number [2026-0042]", "<C-d>");
    look_for(desk.pty, "kept as a draft");
    look_clean_exit(desk.pty, 0);
    ledger_expect_invoices(&desk, 0);
}

/* All fields were asked for: one can be changed without going through the others. */
static void one_field_alone_can_be_changed(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer_fields("2026-0042");
    answer(ASK_CREATE, "n");
    look_for(desk.pty, "/7 Line 1, /8 New line, /9 Notes");
    answer("Number [2026-0042]", "/9");
    answer("Notes", "Thank you");
    answer(ASK_CREATE, "n");
    answer("Number [2026-0042]", "/line 1");
    answer("Line 1, Description [Consulting]", "");
    answer("Line 1, Quantity [1.5]", "0");
    answer("Line 1, Quantity [1.5]", "2");
    answer("Line 1, Unit price [120.00]", "");
    answer("Line 1, Tax % [21]", "");
    answer(ASK_CREATE, "n");
    answer("Number [2026-0042]", "/8");
    answer("Line 2, Description", "Tea");
    answer("Line 2, Quantity", "1");
    answer("Line 2, Unit price", "10.00");
    answer("Line 2, Tax % [0]", "");
    answer(ASK_CREATE, "n");
    answer("Number [2026-0042]", "/8");
    answer("Line 2, Description [Tea]", "-");
    answer("Line 1, Description [Consulting]", "/");
    look_row(desk.pty, "Total  EUR: ", "290.40");
    answer(ASK_CREATE, "n");
    answer("Number [2026-0042]", "");
    answer("Issue date [2", "/colour");
    look_for(desk.pty, "no such field");
    answer("Issue date [2", "/");
    answer(ASK_CREATE, "y");
    expect_question("n New invoice");
    ledger_expect_one(&desk, "2026-0042");
}

/* As in the form: the name that goes with the e-mail, to be kept or not. */
static void a_known_customer_is_suggested(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    create_plainly();
    answer("n New invoice", "n");
    answer("Number", "2026-0043");
    answer("Issue date", "");
    answer("Due date", "");
    answer("Currency", "");
    answer("Customer e-mail", "stranger@northwind.example");
    answer("Customer name (may stay empty)", "<C-c>");
    look_clean_exit(desk.pty, 0);
    start_plain(NULL);
    answer("r Recover", "r");
    answer("Number [2026-0043]", "");
    answer("Issue date [2", "");
    answer("Due date", "");
    answer("Currency [EUR]", "");
    answer("Customer e-mail [stranger@northwind.example]", "AP@northwind.example");
    answer("Customer name [Northwind Ltd]", "");
    answer(ASK_DESCRIPTION, "<C-c>");
    look_clean_exit(desk.pty, 0);
}

static void a_draft_is_offered(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer("Number", "2026-0042");
    answer("Issue date", "<C-c>");
    look_clean_exit(desk.pty, 0);
    start_plain(NULL);
    look_for(desk.pty, "A draft was kept");
    answer("r Recover", "");
    answer("r Recover", "r");
    answer("Number [2026-0042]", "<C-d>");
    look_clean_exit(desk.pty, 0);
    begin(&(struct desk_options){.arguments = (const char *const[]){"--plain", "--recover", NULL}});
    expect_question("Number [2026-0042]");
}

/* Only what the server refused is asked for again, and nothing it says reaches the terminal raw. */
static void what_cannot_be_read_is_asked_for_again(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer("Number", "2026-0042");
    answer("Issue date", "");
    answer("Due date", "");
    answer("Currency", "");
    answer("Customer e-mail", "ap@northwind.example");
    answer("Customer name", "Caf\xe9");
    look_for(desk.pty, "bytes that are no UTF-8");
    answer("Customer name (may", "Cafe\x1b[D\xc3\xa9");
    look_for(desk.pty, "control characters");
    answer("Customer name (may", "Caf\xc3\xa9");
    expect_question(ASK_DESCRIPTION);
}

/* The question is there to be answered once more; any other answer keeps what was typed. */
static void throwing_away_takes_two_answers(void **state)
{
    (void)state;
    open_desk(NULL);
    desk_create(&desk, "2026-0042", NULL);
    start_plain(NULL);
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    answer("e Back to the form", "n");
    look_for(desk.pty, "That throws away what was typed");
    answer("e Back to the form", "v");
    answer("e Back to the form", "n");
    answer("e Back to the form", "q");
    look_clean_exit(desk.pty, 0);
    start_plain(NULL);
    answer("r Recover", "d");
    answer("r Recover", "x");
    answer("r Recover", "d");
    answer("r Recover", "d");
    expect_question("Number");
    assert_false(screen_shows(desk.pty, "Ctrl-_")); /* no key is one here */
}

static void what_was_refused_is_asked_for_again(void **state)
{
    (void)state;
    struct puppet *puppet = puppet_start(
        "422 Unprocessable Content", "application/problem+json",
        "{\"type\":\"urn:invonce:problem:validation-failed\",\"title\":\"t\",\"status\":422,"
        "\"detail\":\"d\",\"effect\":\"none\",\"retry\":\"new_key\",\"errors\":[{\"pointer\":"
        "\"/customer/email\",\"code\":\"not-an-email\",\"detail\":\"It is \\u001b[41mred.\"}]}");
    char *server = support_format("INVONCE_SERVER=%s", puppet_url(puppet));
    open_desk(NULL);
    start_plain((const char *const[]){server, NULL});
    free(server);
    answer_fields("2026-0042");
    answer(ASK_CREATE, "y");
    look_for(desk.pty, "Rejected: Customer e-mail");
    answer("Customer e-mail [ap@northwind.example]", "ap@south.example");
    expect_question(ASK_CREATE);
    size_t length;
    const char *raw = pty_raw(desk.pty, &length);
    assert_null(memmem(raw, length, "\033[41m", 5));
    assert_non_null(memmem(raw, length, "[41mred.", 8));
    puppet_stop(puppet);
}

/* Said as they were read; what can be read in two ways is asked for again, and both are named. */
static void amounts_and_dates_are_read_as_they_are_typed(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    answer("Number", "2026-0043");
    answer("Issue date", "");
    answer("Due date", "3/4/2027");
    look_sentence(desk.pty, "\"3/4/2027\" can be read as 2027-03-04 and as 2027-04-03");
    answer("Due date (may stay empty)", "31.12.");
    look_for(desk.pty, "Due date: 2026-12-31, Thu");
    answer("Currency", "");
    answer("Customer e-mail", "ap@northwind.example");
    answer("Customer name", "");
    answer(ASK_DESCRIPTION, "Tea");
    answer("Line 1, Quantity", "1,234");
    look_sentence(desk.pty, "\"1,234\" can be read as 1.234 and as 1234; write one of these.");
    answer("Line 1, Quantity: ", "1,5");
    look_for(desk.pty, "Line 1, Quantity: 1.5");
    answer("Line 1, Unit price", "$ 5");
    look_sentence(desk.pty, "is of another currency");
    answer("Line 1, Unit price: ", "3*12,50+1");
    look_for(desk.pty, "Line 1, Unit price: 38.50");
    answer("Line 1, Tax %", "21 %");
    look_for(desk.pty, "Line 1, Tax %: 21");
    answer("Line 2, Description", "");
    answer("Notes", "");
    look_row(desk.pty, "Total  EUR: ", "69.88");
    answer(ASK_CREATE, "y");
    expect_question("n New invoice");
    ledger_expect_one(&desk, "2026-0043");
}

/* D and C, as on the screen: the fields are asked for with what is in them. */
static void an_invoice_is_made_again_and_credited(void **state)
{
    (void)state;
    open_desk(NULL);
    start_plain(NULL);
    create_plainly();
    answer("n New invoice, d Again, c Credit, s Recent, o Outbox, q Quit", "c");
    answer("Number [2026-0043]", "");
    answer("Issue date", "");
    answer("Due date [2026-12-22]", "");
    answer("Currency [EUR]", "");
    answer("Customer e-mail [ap@northwind.example]", "");
    answer("Customer name [Northwind Ltd]", "");
    answer("Line 1, Description [Consulting]", "");
    answer("Line 1, Quantity [-1.5]", "");
    answer("Line 1, Unit price [120.00]", "");
    answer("Line 1, Tax % [21]", "");
    answer("Line 2, Description", "");
    answer("Notes [Credit note for 2026-0042]", "");
    look_row(desk.pty, "Total  EUR: ", "-217.80");
    ledger_expect_invoices(&desk, 1);
    answer(ASK_CREATE, "y");
    answer("n New invoice", "d");
    expect_question("Number [2026-0044]");
    ledger_expect_invoices(&desk, 2);
}

int main(void)
{
    /* Numbers are taken for a year: the samples' and today's is to be the same. */
    test_clock_set("=2026-11-22T10:02:11Z");
    const struct CMUnitTest tests[] = {
        DESK_OPENING_TEST(a_wrong_answer_is_asked_for_again),
        DESK_OPENING_TEST(one_field_alone_can_be_changed),
        DESK_OPENING_TEST(a_known_customer_is_suggested),
        DESK_OPENING_TEST(a_draft_is_offered),
        DESK_OPENING_TEST(what_cannot_be_read_is_asked_for_again),
        DESK_OPENING_TEST(throwing_away_takes_two_answers),
        DESK_OPENING_TEST(what_was_refused_is_asked_for_again),
        DESK_OPENING_TEST(amounts_and_dates_are_read_as_they_are_typed),
        DESK_OPENING_TEST(an_invoice_is_made_again_and_credited),
    };
    return cmocka_run_group_tests_name("plain questions", tests, NULL, NULL);
}
