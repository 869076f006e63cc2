/* The form as a model: the order of its places, the invoice that it makes, complaints at fields. */
#include "protocol/wire/canonical_json.h"
#include "tui/form/form.h"

#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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
    struct text_field *field = form_focused(&form);
    assert_non_null(field);
    assert_int_equal(text_field_insert(field, text, strlen(text)), TEXT_FIELD_OK);
}

static void tab(int times)
{
    while (times-- > 0)
        form_next(&form);
}

/* Types into the line that has the focus, from its description on; stays in its Tax %. */
static void type_line(const char *description, const char *quantity, const char *price,
                      const char *rate)
{
    type(description);
    tab(1);
    type(quantity);
    tab(1);
    type(price);
    tab(1);
    type(rate);
}

/* The request that it composes, as text; to be freed. */
static char *composed(void)
{
    struct json *json = form_compose(&form);
    assert_non_null(json);
    char *text = json_write(json);
    json_free(json);
    assert_non_null(text);
    return text;
}

static void tab_goes_round_in_order(void **state)
{
    (void)state;
    const size_t order[] = {
        INVOICE_NUMBER, INVOICE_ISSUE_DATE, INVOICE_DUE_DATE, INVOICE_CURRENCY, INVOICE_EMAIL,
        INVOICE_NAME,   INVOICE_LINES,      INVOICE_LINES,    INVOICE_LINES,    INVOICE_LINES,
        INVOICE_NOTES,  form_button(&form), INVOICE_NUMBER};
    for (size_t i = 0; i < COUNT(order); i++) {
        assert_int_equal(form.focus, order[i]);
        tab(1);
    }
    form_previous(&form);
    for (size_t i = COUNT(order); i-- > 0;) {
        assert_int_equal(form.focus, order[i]);
        form_previous(&form);
    }
}

static void tab_opens_a_line_behind_a_full_one(void **state)
{
    (void)state;
    form_focus(&form, INVOICE_LINES);
    type_line("Tea", "1", "2.50", "");
    tab(1);
    assert_int_equal(form.focus, INVOICE_LINES);
    assert_int_equal(form.grid.count, 2);
    assert_int_equal(form.grid.row, 1);
    assert_int_equal(form.grid.column, LINE_DESCRIPTION);
    tab(1); /* it is empty */
    assert_int_equal(form.focus, INVOICE_NOTES);
    assert_int_equal(form.grid.count, 2);
}

static void up_and_down_follow_fields_and_rows(void **state)
{
    (void)state;
    form_up(&form, 1);
    assert_int_equal(form.focus, INVOICE_NUMBER);
    for (int i = 0; i < 6; i++)
        form_down(&form, 1);
    assert_int_equal(form.focus, INVOICE_LINES);
    type("Tea");
    assert_true(form_new_line(&form));
    assert_true(form_new_line(&form));
    assert_int_equal(form.grid.row, 2);
    form_up(&form, 1);
    assert_int_equal(form.grid.row, 1);
    form_up(&form, 10);
    assert_int_equal(form.grid.row, 0);
    form_up(&form, 1);
    assert_int_equal(form.focus, INVOICE_NAME);
    form_down(&form, 1);
    form_down(&form, 10);
    assert_int_equal(form.grid.row, 2);
    form_down(&form, 1);
    assert_int_equal(form.focus, INVOICE_NOTES);
    form_down(&form, 1);
    form_down(&form, 1);
    assert_int_equal(form.focus, form_button(&form));
    assert_null(form_focused(&form));
}

static void there_is_an_end_to_lines(void **state)
{
    (void)state;
    form_focus(&form, INVOICE_LINES);
    for (int i = 1; i < INVOICE_LINES_MAX; i++)
        assert_true(form_new_line(&form));
    assert_false(form_new_line(&form));
    assert_int_equal(form.grid.count, INVOICE_LINES_MAX);
    type("x");
    form.grid.column = LINE_TAX_RATE;
    form_next(&form);
    assert_int_equal(form.focus, INVOICE_NOTES);
}

static void blank_lines_and_fields_are_absent(void **state)
{
    (void)state;
    type("2026-0042");
    form_focus(&form, INVOICE_EMAIL);
    type("ap@northwind.example");
    form_focus(&form, INVOICE_LINES);
    assert_true(form_new_line(&form));
    type_line("Tea", "1", "2.50", "");
    tab(1);
    type(" ");
    char *text = composed();
    assert_string_equal(text,
                        "{\"number\":\"2026-0042\",\"issue_date\":\"2026-11-22\",\"currency\":"
                        "\"EUR\",\"customer\":{\"email\":\"ap@northwind.example\"},\"lines\":"
                        "[{\"description\":\"Tea\",\"quantity\":\"1\",\"unit_price\":"
                        "\"2.50\"}]}");
    free(text);
}

static void a_prefill_comes_out_as_it_went_in(void **state)
{
    (void)state;
    static const char request[] =
        "{\"number\":\"A\",\"issue_date\":\"2026-01-02\",\"due_date\":\"2026-02-03\",\"currency\":"
        "\"JPY\",\"customer\":{\"email\":\"a@b.c\",\"name\":\"\u5496\u5561\"},\"lines\":[{"
        "\"description\":\"x\",\"quantity\":\"1.50\",\"unit_price\":\"2\",\"tax_rate\":\"21.00\"},{"
        "\"description\":\"y\",\"quantity\":\"-1\",\"unit_price\":\"0\",\"tax_rate\":\"0\"}],"
        "\"notes\":\"one\\ntwo\",\"external_ref\":{\"source\":\"shop\",\"id\":\"A-17\"}}";
    char problem[JSON_PROBLEM_MAX];
    struct json *json = json_read_object(request, strlen(request), problem);
    assert_non_null(json);
    struct violations violations = {0};
    struct document document;
    assert_true(document_read_partial(&document, &INVOICE, json, &violations));
    assert_true(form_prefill(&form, &document.values));
    document_clear(&document);
    struct json *again = form_compose(&form);
    assert_true(json_equal(json, again));
    json_free(again);
    json_free(json);
    violations_clear(&violations);
}

static void complaints_find_their_fields(void **state)
{
    (void)state;
    form_focus(&form, INVOICE_LINES);
    assert_true(form_new_line(&form)); /* the first line stays blank, so this is line 1 */
    type_line("Tea", "", "2", "");
    struct violations violations = {0};
    violations_add(&violations, "/lines/0/quantity", "required", "The quantity is required.");
    violations_add(&violations, "/customer/email", "required", "The e-mail is required.");
    violations_add(&violations, "/customer/email", "too-long", "A second one.");
    violations_add(&violations, "/external_ref/id", "required", "The id is required.");
    form_complain(&form, &violations);
    violations_clear(&violations);
    assert_int_equal(form.focus, INVOICE_EMAIL);
    assert_string_equal(form.fields[INVOICE_EMAIL].complaint, "The e-mail is required.");
    assert_string_equal(grid_cell(&form.grid, 1, LINE_QUANTITY)->complaint_code, "required");
    assert_string_equal(form.message, "The id is required.");
    char names[100];
    form_name_complaints(&form, names, sizeof names);
    assert_string_equal(names, "Customer e-mail, line 1 Quantity");
    form_name_complaints(&form, names, 10);
    assert_string_equal(names, "Customer ");
}

static void complaints_about_no_lines_stand_at_the_first(void **state)
{
    (void)state;
    struct violations violations = {0};
    violations_add(&violations, "/lines", "required", "There are no lines.");
    form_complain(&form, &violations);
    assert_int_equal(form.focus, INVOICE_LINES);
    assert_string_equal(grid_cell(&form.grid, 0, LINE_DESCRIPTION)->complaint,
                        "There are no lines.");
    violations_clear(&violations);
    violations_add(&violations, "/lines/18446744073709551616/quantity", "other", "What line?");
    violations_add(&violations, "/lines/x", "other", "What?");
    violations_add(&violations, "", "other", "All.");
    type("Tea");
    form_complain(&form, &violations);
    assert_string_equal(form.message, "What line?");
    violations_clear(&violations);
}

static void a_new_form_remembers_the_currency_only(void **state)
{
    (void)state;
    type("2026-0042");
    form_focus(&form, INVOICE_CURRENCY);
    assert_int_equal(text_field_set(form_focused(&form), "usd"), TEXT_FIELD_OK);
    form_focus(&form, INVOICE_LINES);
    type_line("Tea", "1", "2", "3");
    assert_true(form_start(&form, &INVOICE, "2027-01-01"));
    assert_int_equal(form.focus, INVOICE_NUMBER);
    char *text = composed();
    assert_string_equal(text, "{\"issue_date\":\"2027-01-01\",\"currency\":\"USD\"}");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tab_goes_round_in_order, start, finish),
        cmocka_unit_test_setup_teardown(tab_opens_a_line_behind_a_full_one, start, finish),
        cmocka_unit_test_setup_teardown(up_and_down_follow_fields_and_rows, start, finish),
        cmocka_unit_test_setup_teardown(there_is_an_end_to_lines, start, finish),
        cmocka_unit_test_setup_teardown(blank_lines_and_fields_are_absent, start, finish),
        cmocka_unit_test_setup_teardown(a_prefill_comes_out_as_it_went_in, start, finish),
        cmocka_unit_test_setup_teardown(complaints_find_their_fields, start, finish),
        cmocka_unit_test_setup_teardown(complaints_about_no_lines_stand_at_the_first, start,
                                        finish),
        cmocka_unit_test_setup_teardown(a_new_form_remembers_the_currency_only, start, finish),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
