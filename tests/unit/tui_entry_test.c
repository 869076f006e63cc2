/* What makes entry quick: dates by typing, the next number, undo, suggestions, lines moved about,
 * errors as soon as a field is left. */
#include "protocol/wire/resources/invoice.h"
#include "tui/form/date_entry.h"
#include "tui/form/form.h"
#include "tui/form/next_number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define TODAY        "2026-11-22"

static struct form form;

static int start(void **state)
{
    (void)state;
    form = (struct form){0};
    return form_start(&form, &INVOICE, TODAY) ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    form_clear(&form);
    return 0;
}

static void type(const char *text)
{
    for (; *text; text++)
        assert_int_equal(text_field_insert(form_focused(&form), text, 1), TEXT_FIELD_OK);
}

/* Tab, as the program takes it. */
static void tab(void)
{
    struct form_spot before = form_spot(&form);
    form_next(&form);
    form_leave(&form, before);
}

static const char *text_of(size_t place)
{
    return text_field_text(&form.fields[place]);
}

static void dates_are_read_as_typed(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *from;
        bool later;
        const char *date; /* NULL: none */
    } table[] = {
        {"t", NULL, false, TODAY},
        {"T", "2020-01-01", true, TODAY},
        {"+30", NULL, false, "2026-12-22"},
        {"+30", "2026-01-31", true, "2026-03-02"},
        {"-1", NULL, false, "2026-11-21"},
        {"+0", "no date", false, TODAY},
        {"12/24", NULL, false, "2026-12-24"},
        {"1/5", NULL, false, "2027-01-05"},
        {"6/30", NULL, false, "2026-06-30"},
        {"12/28", "2027-01-03", false, "2026-12-28"},
        {"12/28", "2027-01-03", true, "2027-12-28"},
        {"11/22", TODAY, true, TODAY},
        {"11/21", TODAY, true, "2027-11-21"},
        {"2/29", "2027-03-01", true, "2028-02-29"},
        {"2026-02-28", NULL, false, "2026-02-28"},
        {"2026-02-30", NULL, false, NULL},
        {"2/30", NULL, false, NULL},
        {"13/1", NULL, true, NULL},
        {"0/1", NULL, false, NULL},
        {"12/", NULL, false, NULL},
        {"12/241", NULL, false, NULL},
        {"+", NULL, false, NULL},
        {"+1x", NULL, false, NULL},
        {"+999999", NULL, false, NULL},
        {"-99999", "0100-01-01", false, NULL},
        {"30", NULL, false, NULL},
        {"", NULL, false, NULL},
        {"tt", NULL, false, NULL},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        struct date date;
        char text[DATE_TEXT_SIZE] = "";
        struct date_base base = {TODAY, table[i].from, table[i].later};
        bool read = date_entry_read(table[i].typed, &base, &date);
        if (read != (table[i].date != NULL)) fail_msg("\"%s\", row %zu", table[i].typed, i);
        if (!read) continue;
        date_format(date, text);
        assert_string_equal(text, table[i].date);
    }
}

static void numbers_follow_one_another(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        {"2026-0042", "2026-0043"},
        {"2026-0099", "2026-0100"},
        {"A-9", "A-10"},
        {"999", "1000"},
        {"INV 007", "INV 008"},
        {"0", "1"},
        {"2026-A", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        char *next = next_number(table[i][0], INVOICE_NUMBER_MAX);
        if (table[i][1])
            assert_string_equal(next, table[i][1]);
        else
            assert_null(next);
        free(next);
    }
    char longest[INVOICE_NUMBER_MAX + 1];
    memset(longest, '9', INVOICE_NUMBER_MAX);
    longest[INVOICE_NUMBER_MAX] = '\0';
    assert_null(next_number(longest, INVOICE_NUMBER_MAX));
}

static void a_suggested_number_gives_way(void **state)
{
    (void)state;
    assert_true(form_suggest_number(&form, "2026-0041"));
    assert_string_equal(text_of(INVOICE_NUMBER), "2026-0042");
    type("7");
    assert_string_equal(text_of(INVOICE_NUMBER), "7");
    assert_true(form_suggest_number(&form, "2026-0041"));
    text_field_end(form_focused(&form));
    type("a");
    assert_string_equal(text_of(INVOICE_NUMBER), "2026-0042a");
    assert_true(form_suggest_number(&form, "none"));
    assert_string_equal(text_of(INVOICE_NUMBER), "2026-0042a");
}

static void dates_are_written_out_when_left(void **state)
{
    (void)state;
    type("2026-0001");
    tab();
    type("12/1");
    tab();
    assert_string_equal(text_of(INVOICE_ISSUE_DATE), "2026-12-01");
    type("+30");
    tab();
    assert_string_equal(text_of(INVOICE_DUE_DATE), "2026-12-31");
    type("usd");
    assert_string_equal(text_of(INVOICE_CURRENCY), "USD");
}

static void a_submitted_date_is_written_out(void **state)
{
    (void)state;
    form_focus(&form, INVOICE_DUE_DATE);
    type("+1");
    struct json *json = form_compose(&form);
    assert_string_equal(json_text(json, "due_date"), "2026-11-23");
    json_free(json);
}

static void errors_stand_there_when_a_field_is_left(void **state)
{
    (void)state;
    tab();
    assert_string_equal(form.fields[INVOICE_NUMBER].complaint_code, "required");
    type("2026-02-30");
    assert_null(form.fields[INVOICE_ISSUE_DATE].complaint_code);
    tab();
    assert_string_equal(form.fields[INVOICE_ISSUE_DATE].complaint_code, "not-a-date");
    tab();
    assert_null(form.fields[INVOICE_DUE_DATE].complaint_code); /* it may be left out */
    form_focus(&form, INVOICE_DUE_DATE);
    type("2026-01-01");
    form_focus(&form, INVOICE_ISSUE_DATE);
    text_field_set(form_focused(&form), TODAY);
    tab();
    assert_string_equal(form.fields[INVOICE_DUE_DATE].complaint_code, "before-issue-date");
}

static void a_line_is_judged_where_it_stands(void **state)
{
    (void)state;
    form_focus(&form, INVOICE_LINES);
    for (int i = 0; i < 3; i++)
        tab(); /* blank: nothing to complain of */
    for (size_t column = 0; column < LINE_NET; column++)
        assert_null(grid_cell(&form.grid, 0, column)->complaint_code);
    assert_true(form_new_line(&form));
    type("Tea");
    tab();
    type("one");
    tab();
    assert_string_equal(grid_cell(&form.grid, 1, LINE_QUANTITY)->complaint_code, "not-a-decimal");
    type("2.50");
    tab();
    assert_null(grid_cell(&form.grid, 1, LINE_UNIT_PRICE)->complaint_code);
}

static void lines_are_moved_about(void **state)
{
    (void)state;
    assert_false(form_insert_line(&form) || form_delete_line(&form) || form_duplicate_line(&form));
    form_focus(&form, INVOICE_LINES);
    type("Tea");
    assert_true(form_duplicate_line(&form));
    assert_int_equal(form.grid.count, 2);
    assert_int_equal(form.grid.row, 1);
    assert_string_equal(text_field_text(form_focused(&form)), "Tea");
    assert_true(form_insert_line(&form));
    assert_int_equal(form.grid.row, 1);
    assert_true(grid_row_is_blank(&form.grid, 1));
    type("Cups");
    assert_true(form_delete_line(&form));
    assert_string_equal(text_field_text(form_focused(&form)), "Tea");
    assert_true(form_delete_line(&form));
    assert_int_equal(form.grid.row, 0);
    assert_true(form_delete_line(&form));
    assert_int_equal(form.grid.count, 1);
    assert_true(grid_row_is_blank(&form.grid, 0));
    while (form.grid.count < INVOICE_LINES_MAX)
        assert_true(form_insert_line(&form));
    assert_false(form_insert_line(&form));
    assert_false(form_duplicate_line(&form));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_as_typed),
        cmocka_unit_test(numbers_follow_one_another),
        cmocka_unit_test_setup_teardown(a_suggested_number_gives_way, start, finish),
        cmocka_unit_test_setup_teardown(dates_are_written_out_when_left, start, finish),
        cmocka_unit_test_setup_teardown(a_submitted_date_is_written_out, start, finish),
        cmocka_unit_test_setup_teardown(errors_stand_there_when_a_field_is_left, start, finish),
        cmocka_unit_test_setup_teardown(a_line_is_judged_where_it_stands, start, finish),
        cmocka_unit_test_setup_teardown(lines_are_moved_about, start, finish),
    };
    return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
