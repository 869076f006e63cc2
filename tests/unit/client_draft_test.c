/* Drafts: kept for the next start, offered to one, never to somebody else. */
#include "protocol/client/journal/journal_draft.h"
#include "tests/unit/client_place.h"
#include "tests/unit/client_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KIND "invoice"
#define BODY "{\"number\":\"2026-0042\"}"

/* What is found, as text; "" for nothing. */
static void expect(struct journal *journal, const char *body)
{
    struct journal_draft draft;
    assert_int_equal(journal_draft_find(journal, KIND, &draft), JOURNAL_OK);
    assert_string_equal(draft.body ? draft.body : "", body);
    journal_draft_clear(&draft);
}

static void leave_behind(const struct place *place, const char *body)
{
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    assert_int_equal(journal_draft_save(journal, KIND, body), JOURNAL_OK);
    journal_close(journal);
}

static void the_last_word_is_kept(void **state)
{
    const struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    assert_int_equal(journal_draft_save(journal, KIND, "{}"), JOURNAL_OK);
    assert_int_equal(journal_draft_save(journal, KIND, BODY), JOURNAL_OK);
    struct journal *other = place_open(place->path, &PLACE_ANA);
    expect(journal, "");
    expect(other, ""); /* its window lives */
    journal_close(journal);
    expect(other, BODY);
    journal_close(other);
}

static void what_is_dropped_is_gone(void **state)
{
    const struct place *place = *state;
    leave_behind(place, BODY);
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    assert_int_equal(journal_draft_save(journal, KIND, "{}"), JOURNAL_OK);
    assert_int_equal(journal_draft_drop(journal), JOURNAL_OK);
    expect(journal, BODY); /* not its own */
    journal_close(journal);
}

static void expect_thrown(struct journal *journal, const char *body)
{
    struct journal_draft draft;
    assert_int_equal(journal_draft_find_thrown(journal, KIND, &draft), JOURNAL_OK);
    assert_string_equal(draft.body ? draft.body : "", body);
    journal_draft_clear(&draft);
}

/* It is offered no more, and there until something newer is. */
static void what_is_thrown_away_can_be_taken_back(void **state)
{
    const struct place *place = *state;
    leave_behind(place, BODY);
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    struct journal_draft draft;
    assert_int_equal(journal_draft_throw(journal, KIND), JOURNAL_OK); /* it has none */
    expect(journal, BODY);
    expect_thrown(journal, "");
    assert_int_equal(journal_draft_find(journal, KIND, &draft), JOURNAL_OK);
    assert_int_equal(journal_draft_take(journal, KIND, &draft), JOURNAL_OK);
    journal_draft_clear(&draft);
    assert_int_equal(journal_draft_throw(journal, KIND), JOURNAL_OK);
    expect(journal, "");
    expect_thrown(journal, BODY);
    journal_close(journal);
    journal = place_open(place->path, &PLACE_ANA);
    expect(journal, "");
    assert_int_equal(journal_draft_find_thrown(journal, KIND, &draft), JOURNAL_OK);
    assert_int_equal(journal_draft_take(journal, KIND, &draft), JOURNAL_OK);
    journal_draft_clear(&draft);
    expect_thrown(journal, "");
    journal_close(journal);
    journal = place_open(place->path, &PLACE_ANA);
    expect(journal, BODY);
    journal_close(journal);
}

static void one_that_was_thrown_away_is_kept(void **state)
{
    const struct place *place = *state;
    struct journal *first = place_open(place->path, &PLACE_ANA);
    struct journal *second = place_open(place->path, &PLACE_ANA);
    assert_int_equal(journal_draft_save(first, KIND, "{}"), JOURNAL_OK);
    assert_int_equal(journal_draft_throw(first, KIND), JOURNAL_OK);
    expect_thrown(second, ""); /* its window lives */
    assert_int_equal(journal_draft_save(second, KIND, BODY), JOURNAL_OK);
    assert_int_equal(journal_draft_throw(second, KIND), JOURNAL_OK);
    expect_thrown(first, "");
    assert_int_equal(journal_draft_save(second, KIND, "{}"), JOURNAL_OK);
    journal_close(second);
    expect_thrown(first, "");
    expect(first, "{}");
    journal_close(first);
}

static void one_window_takes_it(void **state)
{
    const struct place *place = *state;
    leave_behind(place, BODY);
    struct journal *first = place_open(place->path, &PLACE_ANA);
    struct journal *second = place_open(place->path, &PLACE_ANA);
    struct journal_draft draft, same;
    assert_int_equal(journal_draft_find(first, KIND, &draft), JOURNAL_OK);
    assert_int_equal(journal_draft_find(second, KIND, &same), JOURNAL_OK);
    assert_int_equal(journal_draft_take(first, KIND, &draft), JOURNAL_OK);
    assert_int_equal(journal_draft_take(second, KIND, &same), JOURNAL_HELD);
    journal_draft_clear(&draft);
    journal_draft_clear(&same);
    expect(second, "");
    journal_close(first);
    expect(second, BODY);
    journal_close(second);
}

static void nobody_else_is_offered_it(void **state)
{
    const struct place *place = *state;
    leave_behind(place, BODY);
    const struct journal_account bob = {PLACE_SERVER, "south-bob-0123456789abcdef"};
    struct journal *journal = place_open(place->path, &bob);
    expect(journal, "");
    journal_close(journal);
}

/* The power went between the intent's commit and the draft's end. */
static void what_was_sent_is_no_draft(void **state)
{
    const struct place *place = *state;
    struct intent *intent = client_sample_intent("2026-0042");
    leave_behind(place, intent->body);
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    expect(journal, intent->body);
    assert_int_equal(journal_record(journal, intent), JOURNAL_OK);
    expect(journal, "");
    assert_int_equal(journal_settle(journal, intent, JOURNAL_CONFLICT, NULL), JOURNAL_OK);
    expect(journal, intent->body); /* it was not created: somebody may go on with it */
    journal_close(journal);
    intent_free(intent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_last_word_is_kept, place_set_up, place_tear_down),
        cmocka_unit_test_setup_teardown(what_is_dropped_is_gone, place_set_up, place_tear_down),
        cmocka_unit_test_setup_teardown(what_is_thrown_away_can_be_taken_back, place_set_up,
                                        place_tear_down),
        cmocka_unit_test_setup_teardown(one_that_was_thrown_away_is_kept, place_set_up,
                                        place_tear_down),
        cmocka_unit_test_setup_teardown(one_window_takes_it, place_set_up, place_tear_down),
        cmocka_unit_test_setup_teardown(nobody_else_is_offered_it, place_set_up, place_tear_down),
        cmocka_unit_test_setup_teardown(what_was_sent_is_no_draft, place_set_up, place_tear_down),
    };
    return cmocka_run_group_tests_name("drafts", tests, NULL, NULL);
}
