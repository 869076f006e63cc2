/* Where what is pasted goes in the form: an address and a name, cells and lines. */
#include "protocol/wire/resources/invoice.h"
#include "tui/form/form.h"

#include "tests/support/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct form form;

static int start(void **state)
{
    (void)state;
    form = (struct form){0};
    return form_start(&form, &INVOICE, "2026-11-22") ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    form_clear(&form);
    return 0;
}

static void paste(const char *text)
{
    assert_int_equal(form_paste(&form, text, strlen(text)), TEXT_FIELD_OK);
}

static const char *text_of(size_t place)
{
    return text_field_text(&form.fields[place]);
}

/* The lines as "description|quantity|price|tax" and a line end each; where the focus is stands in
 * front of its cell's text. */
static void expect_lines(const char *lines)
{
    struct support_buffer told = {0};
    for (size_t row = 0; row < form.grid.count; row++) {
        for (size_t column = 0; column < LINE_NET; column++) {
            const char *text = text_field_text(grid_cell(&form.grid, row, column));
            bool has_focus = row == form.grid.row && column == form.grid.column;
            char *cell =
                support_format("%s%s%s", column > 0 ? "|" : "", has_focus ? ">" : "", text);
            support_append(&told, cell, strlen(cell));
            free(cell);
        }
        support_append(&told, "\n", 1);
    }
    assert_string_equal(told.bytes, lines);
    free(told.bytes);
}

static void an_address_is_taken_out(void **state)
{
    static const struct {
        const char *pasted, *email, *name;
    } table[] = {
        {"ana@example.com", "ana@example.com", ""},
        {" ana@example.com\r\n", "ana@example.com", ""},
        {"Ana Silva <ana@example.com>", "ana@example.com", "Ana Silva"},
        {"\"Silva, Ana\" <ana@example.com>\n", "ana@example.com", "Silva, Ana"},
        {"Ana\r\n Silva\t< ana@example.com >;", "ana@example.com", "Ana Silva"},
        {"<ana@example.com>,", "ana@example.com", ""},
        {"mailto:ana@example.com", "ana@example.com", ""},
        {"MailTo:ana@example.com?subject=An%20invoice", "ana@example.com", ""},
        {"Ana <mailto:ana@example.com>", "ana@example.com", "Ana"},
        {"ana@example.com;", "ana@example.com", ""},
        /* Its words joined would pass for an address. */
        {"Ana Silva ana@example.com", "ana@example.com", "Ana Silva"},
        {"Ana Silva: (ana@example.com)", "ana@example.com", "Ana Silva"},
        {"ana @ example.com", "ana@example.com", ""},
        /* Not one address: as it stands, for the rule to complain of. */
        {"Ana <a@b.example>, Bob <b@b.example>", "Ana<a@b.example>,Bob<b@b.example>", ""},
        {"a@b.example; b@b.example", "a@b.example;b@b.example", ""},
        {"Ana <nobody>", "Ana<nobody>", ""},
        {"<>", "<>", ""},
        {">", ">", ""},
        {"mailto:", "mailto:", ""},
        {"", "", ""},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        form_focus(&form, INVOICE_EMAIL);
        paste(table[i].pasted);
        assert_string_equal(text_of(INVOICE_EMAIL), table[i].email);
        assert_string_equal(text_of(INVOICE_NAME), table[i].name);
        assert_int_equal(form.focus, INVOICE_EMAIL);
        form_clear(&form);
        assert_int_equal(start(state), 0);
    }
}

static void a_name_that_was_typed_stays(void **state)
{
    (void)state;
    form_focus(&form, INVOICE_NAME);
    paste("Northwind Ltd\n");
    form_focus(&form, INVOICE_EMAIL);
    paste("Ana <ana@example.com>");
    assert_string_equal(text_of(INVOICE_NAME), "Northwind Ltd");
    assert_int_equal(text_field_suggest(&form.fields[INVOICE_NAME], "Suggested"), TEXT_FIELD_OK);
    text_field_clear(&form.fields[INVOICE_EMAIL]);
    paste("Ana <ana@example.com>");
    assert_string_equal(text_of(INVOICE_NAME), "Ana");
    assert_string_equal(text_of(INVOICE_EMAIL), "ana@example.com");
}

static void what_passes_as_it_stands_is_judged(void **state)
{
    (void)state;
    form_focus(&form, INVOICE_EMAIL);
    paste("Ana <a@b.example>, Bob <b@b.example>");
    form_leave(&form, form_spot(&form));
    assert_string_equal(form.fields[INVOICE_EMAIL].complaint_code, "not-an-email");
}

static void a_spreadsheet_fills_the_lines(void **state)
{
    (void)state;
    form_focus(&form, INVOICE_LINES);
    paste("Tea\t2\t1.25\t21\r\nCups, blue\t6\t4.00\r\n\r\n\t\t\r\nPots\t1\t20\t9\r\n");
    expect_lines("Tea|2|1.25|21\nCups, blue|6|4.00|\nPots|1|20|>9\n");
    /* From another cell on, between lines that are there, and over none of them. */
    form.grid.row = 0;
    form.grid.column = LINE_UNIT_PRICE;
    paste("3\t7\n\t9\n5\tnone");
    expect_lines("Tea|2|1.253|7\n|||9\n||5|>none\nCups, blue|6|4.00|\nPots|1|20|9\n");
    /* What is wrong stands beside it, but where the focus still is. */
    assert_null(grid_cell(&form.grid, 2, LINE_TAX_RATE)->complaint_code);
    form.grid.row = 0;
    form.grid.column = LINE_QUANTITY;
    paste("\r\ntwo\t2.00\t\r\n");
    expect_lines("Tea|2two|>2.00|7\n|||9\n||5|none\nCups, blue|6|4.00|\nPots|1|20|9\n");
    assert_non_null(grid_cell(&form.grid, 0, LINE_QUANTITY)->complaint_code);
    assert_null(grid_cell(&form.grid, 0, LINE_TAX_RATE)->complaint_code);
}

static void one_cell_goes_in_at_the_cursor(void **state)
{
    (void)state;
    form_focus(&form, INVOICE_LINES);
    paste("Tea\n");
    text_field_home(form_focused(&form));
    paste("Green ");
    expect_lines(">Green Tea|||\n");
    paste("one\ntwo\nthree");
    expect_lines("Green oneTea|||\ntwo|||\n>three|||\n");
    form.grid.row = 0; /* a blank line is filled, and the next one not touched */
    assert_true(grid_insert_row(&form.grid, 0));
    form.grid.row = 0;
    text_field_end(form_focused(&form));
    paste("\n, black\nCups\n");
    expect_lines("Green oneTea, black|||\n>Cups|||\ntwo|||\nthree|||\n");
}

static void what_finds_no_place_is_told(void **state)
{
    (void)state;
    form_focus(&form, INVOICE_LINES);
    form.grid.column = LINE_TAX_RATE;
    assert_int_equal(form_paste(&form, "21\t\t", 4), TEXT_FIELD_OK);
    assert_int_equal(form_paste(&form, "\t22", 3), TEXT_FIELD_FULL);
    expect_lines("|||>21\n");
    form.grid.column = LINE_DESCRIPTION;
    struct support_buffer rows = {0};
    for (int i = 0; i < INVOICE_LINES_MAX + 1; i++)
        support_append(&rows, "Tea\t1\n", 6);
    assert_int_equal(form_paste(&form, rows.bytes, rows.length), TEXT_FIELD_FULL);
    assert_int_equal(form.grid.count, INVOICE_LINES_MAX);
    free(rows.bytes);
    form_focus(&form, INVOICE_EMAIL);
    const char behind[] = "Ana\tana@example.com\ntel. 123\n";
    assert_int_equal(form_paste(&form, behind, sizeof behind - 1), TEXT_FIELD_FULL);
    assert_string_equal(text_of(INVOICE_EMAIL), "ana@example.com");
    assert_string_equal(text_of(INVOICE_NAME), "Ana");
    form_focus(&form, form_button(&form));
    paste("nowhere");
}

static void a_line_end_leaves_nothing_behind(void **state)
{
    (void)state;
    paste("2026-0042\r");
    assert_string_equal(text_of(INVOICE_NUMBER), "2026-0042");
    form_focus(&form, INVOICE_NAME);
    paste("North\twind\r\nLtd\r\n");
    assert_string_equal(text_of(INVOICE_NAME), "North wind Ltd");
    form_focus(&form, INVOICE_NOTES);
    paste("one\r\ntwo\r\n");
    assert_string_equal(text_of(INVOICE_NOTES), "one\ntwo\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_address_is_taken_out),
        TEST(a_name_that_was_typed_stays),
        TEST(what_passes_as_it_stands_is_judged),
        TEST(a_spreadsheet_fills_the_lines),
        TEST(one_cell_goes_in_at_the_cursor),
        TEST(what_finds_no_place_is_told),
        TEST(a_line_end_leaves_nothing_behind),
    };
    return cmocka_run_group_tests_name("form/paste", tests, NULL, NULL);
}
