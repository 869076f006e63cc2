/* A new form from an invoice that is there, and its credit note: another invoice each, with its own
 * number, key and day, and nothing sent before it is pressed. */
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct desk desk;

#define CHANGES                                                                                    \
    "{\"issue_date\":\"2026-10-01\",\"due_date\":\"2026-10-31\",\"notes\":\"Thank you\","          \
    "\"external_ref\":{\"source\":\"shop\",\"id\":\"4711\"}}"

static int open_desk(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    desk_create(&desk, "2026-0042", CHANGES);
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    return desk_close(&desk) ? 0 : -1;
}

static void expect_again(void)
{
    look_row(desk.pty, "Number    2026-0043", "Issue date 2026-11-22");
    look_row(desk.pty, "Due date  2026-12-22", "EUR");
    look_field(desk.pty, "Customer e-mail", "ap@northwind.example");
    look_field(desk.pty, "Customer name", "Northwind Ltd");
    look_row(desk.pty, "1  Consulting", "180.00");
    look_field(desk.pty, "Notes", "Thank you");
    look_gone(desk.pty, "4711");
    look_status(desk.pty, "Editing");
    ledger_expect_invoices(&desk, 1);
    assert_int_equal(desk_keys(&desk), 1); /* nothing was sent */
}

static void the_record_is_made_again(void **state)
{
    (void)state;
    keys_press(desk.pty, "d");
    expect_again();
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    look_row(desk.pty, "2026-0043", "due 2026-12-22");
    ledger_expect_invoices(&desk, 2);
    assert_int_equal(desk_keys(&desk), 2);
}

static void it_is_made_again_from_recent_and_when_it_is_opened(void **state)
{
    (void)state;
    keys_press(desk.pty, "n<F3>");
    look_for(desk.pty, "> 2026-0042");
    keys_press(desk.pty, "<M-u>");
    expect_again();
    keys_press(desk.pty, "<F3>");
    look_for(desk.pty, "> 2026-0042");
    keys_press(desk.pty, "<M-u>"); /* nothing that is there gives way */
    look_row(desk.pty, "Editing", "the form holds another invoice: finish that one first");
    keys_press(desk.pty, "<Enter>");
    look_row(desk.pty, "Invoice", "inv_");
    keys_press(desk.pty, "d");
    look_for(desk.pty, "the form holds another invoice: finish that one first");
    keys_press(desk.pty, "<Esc><F12>");
    look_for(desk.pty, "> 2026-0042");
    keys_press(desk.pty, "<Esc><F12>");
    look_for(desk.pty, "[ Create invoice ]");
    keys_press(desk.pty, "<C-_>");
    look_field(desk.pty, "Customer e-mail", "");
    keys_press(desk.pty, "<F3>");
    look_for(desk.pty, "> 2026-0042");
    keys_press(desk.pty, "<Enter>");
    look_row(desk.pty, "Invoice", "inv_");
    keys_press(desk.pty, "d");
    expect_again();
}

static void an_empty_form_is_filled_from_what_was_created_last(void **state)
{
    (void)state;
    keys_press(desk.pty, "n");
    look_field(desk.pty, "Number", "2026-0043");
    keys_press(desk.pty, "<M-u>");
    look_field(desk.pty, "Customer e-mail", "ap@northwind.example");
    look_field(desk.pty, "Notes", "Thank you");
    look_row(desk.pty, "Due date  2026-12-22", "EUR");
    keys_press(desk.pty, "<Tab>2026-12-02<Tab>");
    look_row(desk.pty, "Due date  2027-01-01", "EUR"); /* as many days behind it */
}

static void its_credit_note_is_another_invoice(void **state)
{
    (void)state;
    keys_press(desk.pty, "c");
    look_row(desk.pty, "1  Consulting", "-1.5");
    look_row(desk.pty, "Total", "-217.80");
    look_field(desk.pty, "Notes", "Credit note for 2026-0042");
    look_row(desk.pty, "Number    2026-0043", "Issue date 2026-11-22");
    assert_int_equal(desk_keys(&desk), 1);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    look_row(desk.pty, "Total", "-217.80");
    ledger_expect_invoices(&desk, 2);
    keys_press(desk.pty, "c"); /* and what was credited is invoiced once more */
    look_row(desk.pty, "1  Consulting", "1.5");
    look_field(desk.pty, "Notes", "Credit note for 2026-0043");
}

/* Where nothing was created yet, its number leads on to the next one: a suggestion, as ever. */
static void its_number_leads_on_where_no_other_does(void **state)
{
    (void)state;
    for (int credit = 0; credit < 2; credit++) {
        char *elsewhere = support_format("XDG_STATE_HOME=%s/elsewhere%d", desk.home, credit);
        const char *const environment[] = {elsewhere, NULL};
        desk_start(&desk, &(struct desk_options){.environment = environment});
        look_for(desk.pty, "[ Create invoice ]");
        look_field(desk.pty, "Number", "");
        keys_press(desk.pty, "<F3>");
        look_for(desk.pty, "> 2026-0042");
        keys_press(desk.pty, credit ? "<Enter>" : "<M-u>");
        if (credit) {
            look_row(desk.pty, "Invoice", "inv_");
            keys_press(desk.pty, "c");
        }
        look_field(desk.pty, "Number", "2026-0043");
        keys_press(desk.pty, "R-1");
        look_field(desk.pty, "Number", "R-1");
        assert_int_equal(desk_keys(&desk), 1);
        free(elsewhere);
    }
}

static void what_was_merged_says_so(void **state)
{
    (void)state;
    keys_press(desk.pty, "d");
    expect_again();
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    rows_change(
        desk.mock.store,
        "UPDATE records SET merged = 1001, current = replace(created, '\"status\":\"open\"',"
        " '\"status\":\"merged\",\"merged_into\":\"inv_1001\"')"
        " WHERE created LIKE '%\"id\":\"inv_1002\"%'");
    keys_press(desk.pty, "n<F3>");
    look_for(desk.pty, "> 2026-0043");
    keys_press(desk.pty, "<Enter>");
    look_sentence(desk.pty, "It was merged into inv_1001, which stands for it now.");
    keys_press(desk.pty, "d");
    look_row(desk.pty, "Editing", "taken from a record that was merged into another one");
    look_field(desk.pty, "Number", "2026-0044");
    rows_change(desk.mock.store, "UPDATE records SET merged = NULL, current = NULL");
}

/* Duplicates have one number mostly: that says nothing of which stands for which. */
static void what_has_the_same_number_is_told_by_its_id(void **state)
{
    (void)state;
    keys_press(desk.pty, "d");
    expect_again(); /* the record that "Created" stands on is gone */
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    rows_change(desk.mock.store,
                "UPDATE records SET merged = 1001, current = replace(replace(created, '2026-0043',"
                " '2026-0042'), '\"status\":\"open\"',"
                " '\"status\":\"merged\",\"merged_into\":\"inv_1001\"')"
                " WHERE created LIKE '%\"id\":\"inv_1002\"%'");
    keys_press(desk.pty, "n<F3>");
    look_row(desk.pty, "> 2026-0042", "merged into inv_1001");
    rows_change(desk.mock.store, "UPDATE records SET merged = NULL, current = NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_record_is_made_again, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(it_is_made_again_from_recent_and_when_it_is_opened,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(an_empty_form_is_filled_from_what_was_created_last,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(its_credit_note_is_another_invoice, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(its_number_leads_on_where_no_other_does, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(what_was_merged_says_so, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(what_has_the_same_number_is_told_by_its_id, open_desk,
                                        close_desk),
    };
    return cmocka_run_group_tests_name("again", tests, NULL, NULL);
}
