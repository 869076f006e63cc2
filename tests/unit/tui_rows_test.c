/* The form is made of a resource's row, whatever that is: an order's, and one of a record without a
 * list, whose fields are of every kind. */
#include "tests/support/order.h"

#include "protocol/wire/json.h"
#include "tui/form/comparison.h"
#include "tui/form/facts.h"
#include "tui/form/form.h"
#include "tui/form/sums.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TODAY "2026-11-22"

enum {
    TICKET_CODE,
    TICKET_FROM,
    TICKET_UNTIL,
    TICKET_PRICE,
    TICKET_CURRENCY,
    TICKET_SOURCE,
    TICKET_TOTAL,
    TICKET_FIELDS
};

static const struct field TICKET_ROW[] = {
    {"code", NULL, "The code", FIELD_TEXT, FIELD_REQUIRED, 8, .label = "Code", .start = START_NEXT},
    {"from", NULL, "The first day", FIELD_DATE, FIELD_REQUIRED, .label = "From",
     .start = START_TODAY},
    {"until", NULL, "The last day", FIELD_DATE, FIELD_OPTIONAL, .label = "Until",
     .not_before = "from", .too_early = "before-issue-date",
     .is_before = "%s is before the first."},
    {"price", NULL, "The price", FIELD_DECIMAL, FIELD_REQUIRED, .decimals = 2, .label = "Price",
     .range = RANGE_POSITIVE, .out_of_range = "%s is not above zero.", .form = "write it as 2.50.",
     .example = "2.50"},
    {"currency", NULL, "The currency", FIELD_CURRENCY, FIELD_REQUIRED, .label = "Currency",
     .start = START_SAME},
    {"source", NULL, "The source", FIELD_TEXT, FIELD_OPTIONAL, 8, .label = "Source",
     .hidden = true},
    {"total", NULL, NULL, FIELD_DECIMAL, FIELD_DERIVED, .label = "Total"},
};

static const struct unique_rule TICKET_UNIQUE[] = {{.name = "code", .parts = {{"code"}}}};

static bool derive(const struct values *values, struct amounts *amounts)
{
    *amounts = (struct amounts){.digits = 2};
    amounts->fields[TICKET_TOTAL] = values->texts[TICKET_PRICE] ? 250 : 0;
    return true;
}

static const struct resource TICKET =
    RESOURCE(TICKET_ROW, TICKET_UNIQUE, .name = "ticket", .path = "/v1/tickets", .derive = derive);

static struct form form;

static int finish(void **state)
{
    (void)state;
    form_clear(&form);
    form = (struct form){0};
    return 0;
}

static void type(const char *text)
{
    assert_int_equal(text_field_insert(form_focused(&form), text, strlen(text)), TEXT_FIELD_OK);
}

/* Types, and goes on by Tab. */
static void fill_in(const char *text)
{
    struct form_spot spot = form_spot(&form);
    type(text);
    form_changed(&form);
    form_next(&form);
    form_leave(&form, spot);
}

static void expect_request(const char *expected)
{
    struct json *json = form_compose(&form);
    char *text = json_write(json);
    assert_string_equal(text, expected);
    free(text);
    json_free(json);
}

static void an_order_is_typed_from_its_first_field_to_its_last(void **state)
{
    (void)state;
    assert_true(form_start(&form, &ORDER, TODAY));
    assert_string_equal(form_label(&form, form.focus), "Reference");
    assert_true(form_is_blank(&form));
    fill_in("A-17");
    fill_in("ana@example.com");
    fill_in("t");
    fill_in("Chair");
    fill_in("4");
    assert_true(form_in_rows(&form)); /* in a new row, that is empty */
    form_next(&form);
    assert_int_equal(form.focus, form_button(&form));
    expect_request("{\"reference\":\"A-17\",\"email\":\"ana@example.com\",\"date\":\"" TODAY
                   "\",\"items\":[{\"item\":\"Chair\",\"count\":\"4\"}]}");
}

/* What is typed into the date takes the place of what is there, come from below too. */
static void back_from_the_first_cell_is_the_field_before(void **state)
{
    (void)state;
    assert_true(form_start(&form, &ORDER, TODAY));
    form_up(&form, 1);
    assert_int_equal(form.focus, 0);
    form_previous(&form);
    assert_int_equal(form.focus, form_button(&form));
    form_previous(&form);
    assert_true(form_in_rows(&form));
    assert_int_equal(form.grid.column, 1);
    form_previous(&form);
    form_previous(&form);
    assert_string_equal(form_label(&form, form.focus), "Date");
    type("2026-01-02");
    form_next(&form);
    form_previous(&form);
    type("2026-01-03");
    assert_string_equal(form_text(&form), "2026-01-03");
}

static void a_list_takes_as_many_rows_as_its_row_says(void **state)
{
    (void)state;
    assert_true(form_start(&form, &ORDER, TODAY));
    for (size_t i = 0; i < resource_rows(&ORDER)->max; i++)
        assert_true(form_new_line(&form));
    assert_false(form_new_line(&form));
    assert_int_equal(form.grid.count, resource_rows(&ORDER)->max);
}

static void a_record_may_have_no_list(void **state)
{
    (void)state;
    assert_true(form_start(&form, &TICKET, TODAY));
    assert_false(form_new_line(&form));
    assert_int_equal(form.focus, TICKET_CODE);
    for (size_t place = TICKET_CODE; place <= TICKET_CURRENCY; place++, form_down(&form, 1))
        assert_int_equal(form.focus, place);
    assert_int_equal(form.focus, form_button(&form)); /* what is carried along is passed over */
    form_down(&form, 1);
    assert_int_equal(form.focus, form_button(&form));
    form_up(&form, 1);
    assert_int_equal(form.focus, TICKET_CURRENCY);
}

static void what_a_clean_form_suggests_is_in_the_row(void **state)
{
    (void)state;
    assert_true(form_start(&form, &TICKET, TODAY));
    assert_true(form_suggest_number(&form, "T-9"));
    assert_string_equal(text_field_text(&form.fields[TICKET_CODE]), "T-10");
    assert_string_equal(text_field_text(&form.fields[TICKET_FROM]), TODAY);
    assert_string_equal(text_field_text(&form.fields[TICKET_UNTIL]), "");
    assert_true(form_is_blank(&form));
    text_field_set(&form.fields[TICKET_CURRENCY], "CHF");
    assert_true(form_follow_day(&form, "2026-11-23"));
    text_field_set(&form.fields[TICKET_FROM], TODAY);
    assert_true(form_is_blank(&form)); /* a day and a currency are nothing to keep */
    assert_true(form_start(&form, &TICKET, TODAY));
    assert_string_equal(text_field_text(&form.fields[TICKET_CURRENCY]), "CHF");
    assert_string_equal(text_field_text(&form.fields[TICKET_CODE]), "");
}

static void a_date_is_counted_from_the_one_it_may_not_be_before(void **state)
{
    (void)state;
    assert_true(form_start(&form, &TICKET, TODAY));
    fill_in("T-1");
    fill_in("2027-02-01");
    fill_in("+30");
    assert_string_equal(text_field_text(&form.fields[TICKET_UNTIL]), "2027-03-03");
    fill_in("0");
    assert_string_equal(form.fields[TICKET_PRICE].complaint_code, "out-of-range");
    form_focus(&form, TICKET_FROM);
    text_field_set(&form.fields[TICKET_FROM], "2027-04-01");
    form_leave(&form, (struct form_spot){.place = TICKET_FROM});
    assert_string_equal(text_field_text(&form.fields[TICKET_UNTIL]), "2027-05-01");
    text_field_set(&form.fields[TICKET_UNTIL], "2027-03-03"); /* a day, and no count of days */
    form_leave(&form, (struct form_spot){.place = TICKET_FROM});
    assert_string_equal(form.fields[TICKET_UNTIL].complaint_code, "before-issue-date");
}

static void what_is_carried_along_comes_and_goes_with_the_record(void **state)
{
    (void)state;
    struct values values = {.texts = {[TICKET_CODE] = "T-1", [TICKET_SOURCE] = "shop"}};
    struct violations violations = {0};
    assert_true(form_start(&form, &TICKET, TODAY));
    form_refuse(&TICKET, &values, &violations);
    assert_int_equal(violations.count, 0);
    assert_true(form_prefill(&form, &values));
    expect_request("{\"code\":\"T-1\",\"from\":\"" TODAY
                   "\",\"currency\":\"EUR\",\"source\":\"shop\"}");
    values.texts[TICKET_SOURCE] = "more than 8";
    form_refuse(&TICKET, &values, &violations);
    assert_string_equal(violations_at(&violations, "/source")->code, "too-long");
    violations_clear(&violations);
}

static void what_differs_is_told_row_by_row(void **state)
{
    (void)state;
    static const char *const ROWS[][3] = {
        {"Code", "T-1", "t-1"}, {"From", TODAY, TODAY},        {"Until", "", ""},
        {"Price", "2.50", ""},  {"Total", "2.50 EUR", "0.00"}, {"Source", "shop", ""}};
    struct values one = {.texts = {[TICKET_CODE] = "T-1",
                                   [TICKET_FROM] = TODAY,
                                   [TICKET_PRICE] = "2.50",
                                   [TICKET_CURRENCY] = "EUR",
                                   [TICKET_SOURCE] = "shop"}};
    struct values other = {.texts = {[TICKET_CODE] = "t-1", [TICKET_FROM] = TODAY}};
    struct comparison comparison;
    comparison_make(&TICKET, &one, &other, &comparison);
    assert_int_equal(comparison.count, sizeof ROWS / sizeof *ROWS);
    for (size_t i = 0; i < comparison.count; i++) {
        assert_string_equal(comparison.rows[i].label, ROWS[i][0]);
        assert_string_equal(comparison.rows[i].original, ROWS[i][1]);
        assert_string_equal(comparison.rows[i].typed, ROWS[i][2]);
    }
    comparison_clear(&comparison);
}

static void sums_without_shares_are_a_row_each(void **state)
{
    (void)state;
    struct amounts amounts;
    struct sum_rows sums;
    derive(&(struct values){.texts = {[TICKET_PRICE] = "2.50"}}, &amounts);
    sums_make(&TICKET, &amounts, "EUR", 2, &sums);
    assert_int_equal(sums.count, 1);
    assert_string_equal(sums.rows[0].label, "Total  EUR");
    assert_string_equal(sums.rows[0].amount, "2.50");
}

static void assert_merged(const char *text, const char *sentence)
{
    struct json *record = json_read(text, strlen(text));
    char *merged = fact_merged(record);
    assert_string_equal(merged ? merged : "", sentence);
    free(merged);
    json_free(record);
}

static void what_a_record_is_merged_into_is_said(void **state)
{
    (void)state;
    assert_merged("{\"status\":\"merged\",\"merged_into\":\"tic_1\"}",
                  "It was merged into tic_1, which stands for it now.");
    assert_merged("{\"status\":\"open\",\"merged_into\":\"tic_1\"}", "");
    assert_merged("{\"status\":\"merged\",\"merged_into\":7}", "");
    assert_merged("{}", "");
}

#define FORM_TEST(function) cmocka_unit_test_teardown(function, finish)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        FORM_TEST(an_order_is_typed_from_its_first_field_to_its_last),
        FORM_TEST(back_from_the_first_cell_is_the_field_before),
        FORM_TEST(a_list_takes_as_many_rows_as_its_row_says),
        FORM_TEST(a_record_may_have_no_list),
        FORM_TEST(what_a_clean_form_suggests_is_in_the_row),
        FORM_TEST(a_date_is_counted_from_the_one_it_may_not_be_before),
        FORM_TEST(what_is_carried_along_comes_and_goes_with_the_record),
        FORM_TEST(what_differs_is_told_row_by_row),
        FORM_TEST(sums_without_shares_are_a_row_each),
        FORM_TEST(what_a_record_is_merged_into_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
