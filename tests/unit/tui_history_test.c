/* Steps back and forward again; and the form as one of the states that they lead to. */
#include "protocol/wire/resources/invoice.h"
#include "tui/form/history.h"

#include "tui/form/form_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TODAY "2026-11-22"

static struct history history;
static struct form form;

static int finish(void **state)
{
    (void)state;
    history_clear(&history);
    form_clear(&form);
    form = (struct form){0};
    return 0;
}

static struct history_state state_of(const char *text, size_t cursor)
{
    return (struct history_state){
        .bytes = strdup(text), .length = strlen(text) + 1, .spot = {.cursor = cursor}};
}

/* A key that made `text` of what was `before`. */
static void key(const char *before, const char *text, enum history_change change)
{
    history_settle(&history, state_of(before, strlen(before)));
    history_note(&history, state_of(text, strlen(text)), change);
}

static const char *text_of(const struct history_step *step)
{
    return step ? step->bytes : "nothing";
}

static void expect_back(const char *text)
{
    assert_string_equal(text_of(history_back(&history)), text);
}

static void expect_forward(const char *text)
{
    assert_string_equal(text_of(history_forward(&history)), text);
}

static void a_run_is_one_step(void **state)
{
    (void)state;
    expect_back("nothing");
    key("", "a", HISTORY_TYPED);
    key("a", "ab", HISTORY_TYPED);
    key("ab", "abc", HISTORY_TYPED);
    key("abc", "ab", HISTORY_ERASED);
    key("ab", "a", HISTORY_ERASED);
    key("a", "a pasted", HISTORY_CHANGED);
    key("a pasted", "a pasted twice", HISTORY_CHANGED);
    expect_back("a pasted");
    expect_back("a");
    expect_back("abc");
    expect_back("");
    expect_back("nothing");
    expect_forward("abc");
    expect_forward("a");
    key("a", "aX", HISTORY_TYPED);
    expect_forward("nothing");
    expect_back("a");
    expect_back("abc");
}

static void a_move_of_the_cursor_ends_a_run(void **state)
{
    (void)state;
    key("", "a", HISTORY_TYPED);
    history_settle(&history, state_of("a", 0));
    history_note(&history, state_of("ba", 1), HISTORY_TYPED);
    const struct history_step *step = history_back(&history);
    assert_string_equal(text_of(step), "a");
    assert_int_equal(step->left.cursor, 0);
    step = history_forward(&history);
    assert_string_equal(text_of(step), "ba");
    assert_int_equal(step->came.cursor, 1);
}

static void what_changes_by_itself_is_no_step(void **state)
{
    (void)state;
    key("", "a", HISTORY_TYPED);
    key("a, suggested", "a, suggested, typed", HISTORY_CHANGED);
    key("a, suggested, typed", "a, suggested, typed", HISTORY_CHANGED);
    expect_back("a, suggested");
    expect_back("");
    expect_back("nothing");
}

static void what_came_before_all_loses_nothing(void **state)
{
    (void)state;
    key("", "a", HISTORY_TYPED);
    key("a", "a pasted", HISTORY_CHANGED);
    expect_back("a");
    expect_back("");
    history_precede(&history, state_of("long ago", 0));
    expect_back("nothing");
    expect_forward("");
    expect_forward("a");
    expect_forward("a pasted");
    expect_forward("nothing");
    for (int i = 0; i < HISTORY_STEPS_MAX; i++)
        history_precede(&history, state_of(i % 2 ? "odd" : "even", 0));
    assert_int_equal(history.count, HISTORY_STEPS_MAX);
    expect_forward("even");
}

static void only_so_much_is_kept(void **state)
{
    (void)state;
    char before[16] = "", text[16];
    for (int i = 0; i < 3 * HISTORY_STEPS_MAX; i++) {
        snprintf(text, sizeof text, "%d", i);
        key(before, text, HISTORY_CHANGED);
        memcpy(before, text, sizeof before);
    }
    size_t steps = 0;
    while (history_back(&history))
        steps++;
    assert_int_equal(steps, HISTORY_STEPS_MAX - 1);
    history_clear(&history);
    for (char letter = 'a'; letter <= 'z'; letter++) {
        char *large = calloc(1, HISTORY_BYTES_MAX / 4);
        memset(large, letter, HISTORY_BYTES_MAX / 4 - 1);
        history_note(&history,
                     (struct history_state){.bytes = large, .length = HISTORY_BYTES_MAX / 4},
                     HISTORY_CHANGED);
    }
    assert_int_equal(history.count, 4);
}

/* --- the form --- */

static void type(const char *text)
{
    assert_int_equal(text_field_insert(form_focused(&form), text, strlen(text)), TEXT_FIELD_OK);
    form_changed(&form);
}

static void note(enum history_change change)
{
    history_note(&history, form_state(&form), change);
}

static void step_back(void)
{
    const struct history_step *step = history_back(&history);
    assert_non_null(step);
    assert_true(form_return_to(&form, step, &step->left));
}

static void step_forward(void)
{
    const struct history_step *step = history_forward(&history);
    assert_non_null(step);
    assert_true(form_return_to(&form, step, &step->came));
}

static void begin_form(void)
{
    assert_true(form_start(&form, &INVOICE, TODAY));
    assert_true(form_suggest_number(&form, "2026-0041"));
    history_settle(&history, form_state(&form));
}

static const char *cell(size_t row, size_t column)
{
    return text_field_text(grid_cell(&form.grid, row, column));
}

static void the_form_is_as_it_was(void **state)
{
    (void)state;
    begin_form();
    type("X-1");
    note(HISTORY_CHANGED);
    form_focus(&form, INVOICE_LINES);
    history_settle(&history, form_state(&form));
    type("Tea");
    note(HISTORY_CHANGED);
    assert_true(form_duplicate_line(&form));
    note(HISTORY_CHANGED);
    assert_true(form_insert_line(&form) && form_delete_line(&form) && form_delete_line(&form));
    note(HISTORY_CHANGED);
    form_focus(&form, INVOICE_NOTES);
    text_field_set(&form.fields[INVOICE_EXTERNAL_SOURCE], "shop");
    text_field_set(&form.fields[INVOICE_EXTERNAL_ID], "A-17");
    history_settle(&history, form_state(&form));
    assert_true(form_start(&form, &INVOICE, "2026-11-23"));
    note(HISTORY_CHANGED);
    assert_true(form_is_blank(&form));
    step_back();
    assert_int_equal(form.focus, INVOICE_NOTES);
    assert_string_equal(text_field_text(&form.fields[INVOICE_EXTERNAL_ID]), "A-17");
    assert_string_equal(text_field_text(&form.fields[INVOICE_ISSUE_DATE]), TODAY);
    assert_int_equal(form.grid.count, 1);
    step_back();
    assert_string_equal(text_field_text(&form.fields[INVOICE_EXTERNAL_SOURCE]), "");
    assert_int_equal(form.grid.count, 2);
    assert_int_equal(form.focus, INVOICE_LINES);
    assert_string_equal(cell(1, LINE_DESCRIPTION), "Tea");
    step_back();
    assert_int_equal(form.grid.count, 1);
    step_back();
    assert_string_equal(cell(0, LINE_DESCRIPTION), "");
    assert_string_equal(text_field_text(&form.fields[INVOICE_NUMBER]), "X-1");
    step_back();
    assert_int_equal(form.focus, INVOICE_NUMBER);
    assert_string_equal(text_field_text(&form.fields[INVOICE_NUMBER]), "2026-0042");
    assert_true(form.fields[INVOICE_NUMBER].fresh);
    assert_true(form_is_blank(&form));
    for (int i = 0; i < 5; i++)
        step_forward();
    assert_null(history_forward(&history));
    assert_true(form_is_blank(&form));
}

/* A complaint stays at a text that is still the same. */
static void complaints_stay_where_nothing_changed(void **state)
{
    (void)state;
    begin_form();
    text_field_complain(&form.fields[INVOICE_EMAIL], "required", "It is required.");
    type("X-1");
    text_field_complain(&form.fields[INVOICE_NUMBER], "held", "It waits.");
    note(HISTORY_CHANGED);
    step_back();
    assert_non_null(form.fields[INVOICE_EMAIL].complaint_code);
    assert_null(form.fields[INVOICE_NUMBER].complaint_code);
}

/* The date that is suggested is the day's; one that was typed stays. */
static void the_suggested_date_follows_the_day(void **state)
{
    (void)state;
    struct text_field *date = &form.fields[INVOICE_ISSUE_DATE];
    begin_form();
    assert_false(form_follow_day(&form, TODAY));
    assert_true(form_follow_day(&form, "2026-11-23"));
    assert_string_equal(text_field_text(date), "2026-11-23");
    assert_true(form_is_blank(&form));
    form_focus(&form, INVOICE_ISSUE_DATE);
    note(HISTORY_CHANGED);
    type("2026-11-23");
    assert_false(form_follow_day(&form, "2026-11-24"));
    assert_string_equal(text_field_text(date), "2026-11-23");
    text_field_kill_to_start(date);
    type("t");
    form_leave(&form, form_spot(&form));
    assert_string_equal(text_field_text(date), "2026-11-24");
    note(HISTORY_CHANGED);
    step_back();
    assert_true(form_follow_day(&form, "2026-11-24"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_run_is_one_step, finish),
        cmocka_unit_test_teardown(a_move_of_the_cursor_ends_a_run, finish),
        cmocka_unit_test_teardown(what_changes_by_itself_is_no_step, finish),
        cmocka_unit_test_teardown(what_came_before_all_loses_nothing, finish),
        cmocka_unit_test_teardown(only_so_much_is_kept, finish),
        cmocka_unit_test_teardown(the_form_is_as_it_was, finish),
        cmocka_unit_test_teardown(complaints_stay_where_nothing_changed, finish),
        cmocka_unit_test_teardown(the_suggested_date_follows_the_day, finish),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
