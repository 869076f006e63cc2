#include "tui/form/status.h"

#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_counts_the_seconds),
        cmocka_unit_test(from_the_second_attempt_it_says_which_and_why),
        cmocka_unit_test(the_attempt_is_never_what_is_cut_off),
        cmocka_unit_test(a_conflict_is_told_in_the_words_of_its_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
