#include "tui/form/status.h"

#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PRESSED 5000

static struct submitter_view saving(enum submission_state state, unsigned attempts, const char *why)
{
    return (struct submitter_view){
        .submission = {.state = state, .attempts = attempts, .pressed_ms = PRESSED}, .why = why};
}

static void it_counts_the_seconds(void **unused)
{
    (void)unused;
    char text[STATUS_SIZE];
    struct submitter_view view = saving(SUBMISSION_SENDING, 1, "");
    status_saving(&view, PRESSED + 5999, 70, text);
    assert_string_equal(text, "5 s");
    status_saving(&view, PRESSED - 1, 70, text);
    assert_string_equal(text, "0 s");
}

static void from_the_second_attempt_it_says_which_and_why(void **unused)
{
    (void)unused;
    char text[STATUS_SIZE];
    struct submitter_view view = saving(SUBMISSION_SENDING, 2, "no answer");
    status_saving(&view, PRESSED + 5000, 70, text);
    assert_string_equal(text, "5 s  no answer, trying again with the same key, attempt 2");
    view = saving(SUBMISSION_RECORDED, 1, "no answer"); /* between two: the next one is told */
    status_saving(&view, PRESSED + 5000, 70, text);
    assert_string_equal(text, "5 s  no answer, trying again with the same key, attempt 2");
}

static void the_attempt_is_never_what_is_cut_off(void **unused)
{
    (void)unused;
    char text[STATUS_SIZE];
    struct submitter_view view =
        saving(SUBMISSION_SENDING, 12, "an earlier attempt is in progress (409)");
    status_saving(&view, PRESSED + 59000, 70, text);
    assert_string_equal(text,
                        "59 s  attempt 12, same key: an earlier attempt is in progress (409)");
    assert_true(text_width(text) <= 70);
}

static void a_conflict_is_told_in_the_words_of_its_rule(void **unused)
{
    (void)unused;
    const struct unique_rule *number = &INVOICE.unique[0], *reference = &INVOICE.unique[1];
    struct json *problem = unique_problem(reference);
    assert_string_equal(status_conflict(&INVOICE, problem), reference->taken);
    assert_string_equal(status_conflict_advice(&INVOICE, problem), reference->advice);
    assert_string_equal(status_conflict_taken_back(&INVOICE, problem), reference->advice);
    assert_string_equal(status_conflict(&INVOICE, NULL), number->taken);
    assert_string_equal(status_conflict_advice(&INVOICE, NULL), number->advice);
    assert_string_equal(status_conflict_taken_back(&INVOICE, NULL), number->advice_later);
    json_free(problem);
}

/* Who made it, and when, stand in it; one member that is another makes it another one. */
static void the_same_is_told_as_such(void **unused)
{
    (void)unused;
    static const char ORIGINAL[] =
        "{\"id\":\"inv_1\",\"status\":\"open\",\"number\":\"7\",\"issue_date\":\"1999-11-22\","
        "\"currency\":\"EUR\",\"customer\":{\"id\":\"cus_1\",\"email\":\"a@b.example\"},\"lines\":["
        "{\"description\":\"x\",\"quantity\":\"1\",\"unit_price\":\"1\",\"tax_rate\":\"0\","
        "\"net\":\"1.00\"}],\"notes\":\"\",\"totals\":{\"net\":\"1.00\",\"tax\":\"0.00\","
        "\"gross\":\"1.00\"},\"created_at\":\"1999-11-22T12:00:00Z\",\"created_by\":\"ana\"}";
    char problem[JSON_PROBLEM_MAX];
    struct record record;
    struct json *json = json_read_object(ORIGINAL, strlen(ORIGINAL), problem);
    struct json *typed = json_copy(json);
    record_to_request(&INVOICE, typed);
    assert_true(record_believe(&record, &INVOICE, json));
    char *said = status_same(&INVOICE, &record, typed);
    assert_string_equal(said, "It is the same invoice, created 22 November 1999 by ana: nothing "
                              "is missing.");
    free(said);
    assert_null(json_member(typed, "totals")); /* a request has none */
    assert_null(json_member(json_first(json_member(typed, "lines")), "net"));
    assert_true(json_put(typed, "notes", json_new_string("other")));
    assert_null(status_same(&INVOICE, &record, typed));
    assert_null(status_same(&INVOICE, NULL, typed));
    record_clear(&record);
    json_free(typed);
    json_free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_told_as_such),
        cmocka_unit_test(it_counts_the_seconds),
        cmocka_unit_test(from_the_second_attempt_it_says_which_and_why),
        cmocka_unit_test(the_attempt_is_never_what_is_cut_off),
        cmocka_unit_test(a_conflict_is_told_in_the_words_of_its_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
