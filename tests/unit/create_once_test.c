/* The engine on the real store, where HTTP can't reach: every call that fails in turn, a take-over
 * in the middle, an owner that comes back late. */
#include "mock_server/engine/create_once.h"

#include "mock_server/base/key_policy.h"
#include "mock_server/base/settings.h"
#include "tests/unit/failing_store.h"
#include "tests/unit/notes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEASE_MS 100
#define TTL_MS   1000

struct fixture {
    struct notes notes;
    struct store_session *session;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    if (!fixture) return -1;
    settings.lease_ms = LEASE_MS;
    settings.key_ttl_ms = TTL_MS;
    notes_open(&fixture->notes);
    fixture->session = store_session_open_writing(fixture->notes.store);
    *state = fixture;
    return fixture->session ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    store_session_close(fixture->session);
    notes_close(&fixture->notes);
    free(fixture);
    return 0;
}

typedef enum creation_state way(struct creation *creation, struct store_session *session,
                                int64_t now);

/* In a transaction of its own, kept unless it failed, as the writer does it. */
static enum creation_state carry_out(struct fixture *fixture, way *by, struct creation *creation,
                                     int64_t now)
{
    bool begun = store_begin(fixture->session);
    enum creation_state state = begun ? by(creation, fixture->session, now) : CREATION_FAILED;
    if (state == CREATION_FAILED || !store_commit(fixture->session)) {
        store_rollback(fixture->session);
        return CREATION_FAILED;
    }
    return state;
}

static void assert_settled(enum creation_state state, const struct creation *creation,
                           enum outcome outcome, int status, const char *body)
{
    assert_int_equal(state, CREATION_SETTLED);
    assert_int_equal(creation->outcome, outcome);
    assert_int_equal(creation->proposal.reply.status, status);
    if (body) {
        assert_int_equal(creation->proposal.reply.length, strlen(body));
        assert_memory_equal(creation->proposal.reply.body, body, strlen(body));
    }
}

static const char FIRST[] = "{\"id\":\"not_1\",\"text\":\"a\"}";

static void the_same_again_is_replayed_for_good(void **state)
{
    struct fixture *fixture = *state;
    static const int64_t TIMES[] = {0, TTL_MS - 1, TTL_MS, 10 * TTL_MS};
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        struct creation creation = notes_creation("k", "a");
        enum creation_state was = carry_out(fixture, create_once, &creation, TIMES[i]);
        assert_settled(was, &creation, i == 0 ? OUTCOME_CREATED : OUTCOME_REPLAYED,
                       TIMES[i] < TTL_MS ? 201 : 200, FIRST);
        assert_int_equal(creation.proposal.reply.replayed, i > 0);
        creation_reset(&creation);
    }
    assert_int_equal(notes_count(&fixture->notes), 1);
}

static void another_request_under_its_key_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct creation first = notes_creation("k", "a"), other = notes_creation("k", "b");
    assert_settled(carry_out(fixture, create_once, &first, 0), &first, OUTCOME_CREATED, 201, FIRST);
    assert_settled(carry_out(fixture, create_once, &other, 2 * TTL_MS), &other,
                   OUTCOME_REJECTED_MISMATCH, 422, NULL);
    assert_int_equal(notes_count(&fixture->notes), 1);
    creation_reset(&first);
    creation_reset(&other);
}

/* A conflict is what the key stands for, too. */
static void a_conflict_is_saved(void **state)
{
    struct fixture *fixture = *state;
    struct creation first = notes_creation("k", "a");
    carry_out(fixture, create_once, &first, 0);
    for (int i = 0; i < 2; i++) {
        struct creation late = notes_creation("l", "a");
        assert_settled(carry_out(fixture, create_once, &late, i), &late,
                       i == 0 ? OUTCOME_REJECTED_CONFLICT : OUTCOME_REPLAYED, 409, NULL);
        creation_reset(&late);
    }
    creation_reset(&first);
}

/* --- every call that fails, in turn --- */

/* Runs it with its first call failing, then its second, until none does: a failure leaves nothing,
 * and the same once more, without one, makes what is asked for. */
static void fail_each_call(struct fixture *fixture, const char *prefix, way *by,
                           void (*before)(struct fixture *fixture, const char *key),
                           enum creation_state expected)
{
    char keys[40][24];
    for (int nth = 1;; nth++) {
        assert_in_range(nth, 1, 39);
        snprintf(keys[nth], sizeof keys[nth], "%s-%d", prefix, nth);
        if (before) before(fixture, keys[nth]);
        long long there = notes_count(&fixture->notes);
        struct creation creation = notes_creation(keys[nth], keys[nth]);
        failing_store_arm(nth, 0);
        enum creation_state state = carry_out(fixture, by, &creation, 2 * LEASE_MS);
        bool struck = failing_store_struck();
        failing_store_arm(0, 0);
        assert_int_equal(state, struck ? CREATION_FAILED : expected);
        if (struck) {
            assert_int_equal(notes_count(&fixture->notes), there);
            creation_reset(&creation);
            creation.claimed = false;
            assert_int_equal(carry_out(fixture, by, &creation, 2 * LEASE_MS), expected);
        }
        creation_reset(&creation);
        if (!struck) return;
    }
}

static void a_create_that_fails_anywhere_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    fail_each_call(fixture, "new", create_once, NULL, CREATION_SETTLED);
    assert_true(notes_count(&fixture->notes) > 4);
}

static void a_claim_that_fails_anywhere_leaves_nothing(void **state)
{
    fail_each_call(*state, "claim", create_once_claim, NULL, CREATION_CLAIMED);
}

static void leave_behind(struct fixture *fixture, const char *key)
{
    struct creation dead = notes_creation(key, key);
    assert_int_equal(carry_out(fixture, create_once_claim, &dead, 0), CREATION_CLAIMED);
}

static void a_take_over_that_fails_anywhere_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    fail_each_call(fixture, "left", create_once, leave_behind, CREATION_SETTLED);
    fail_each_call(fixture, "held", create_once_claim, leave_behind, CREATION_CLAIMED);
}

static void create_before(struct fixture *fixture, const char *key)
{
    struct creation first = notes_creation(key, key);
    assert_int_equal(carry_out(fixture, create_once, &first, 2 * LEASE_MS), CREATION_SETTLED);
    creation_reset(&first);
}

static void a_replay_that_fails_anywhere_can_be_had_again(void **state)
{
    fail_each_call(*state, "again", create_once, create_before, CREATION_SETTLED);
}

/* Past the lifetime of its key. */
static enum creation_state create_late(struct creation *creation, struct store_session *session,
                                       int64_t now)
{
    return create_once(creation, session, now + 2 * TTL_MS);
}

static void so_can_one_of_a_key_past_its_lifetime(void **state)
{
    fail_each_call(*state, "late", create_late, create_before, CREATION_SETTLED);
}

/* A refusal that is what the key stands for, though nothing was carried out. */
static enum creation_state save_refusal(struct creation *creation, struct store_session *session,
                                        int64_t now)
{
    reply_problem(&creation->proposal.reply, PROBLEM_VALIDATION_FAILED, "No.");
    return create_once_save(creation, session, now);
}

static void a_refusal_that_is_saved_is_replayed(void **state)
{
    struct fixture *fixture = *state;
    fail_each_call(fixture, "refused", save_refusal, NULL, CREATION_SETTLED);
    struct creation again = notes_creation("refused-1", "refused-1");
    assert_settled(carry_out(fixture, create_once, &again, 2 * LEASE_MS), &again, OUTCOME_REPLAYED,
                   422, NULL);
    assert_int_equal(notes_count(&fixture->notes), 0);
    creation_reset(&again);
}

/* Somebody else's note has the text already. */
static void take_text(struct fixture *fixture, const char *key)
{
    char other[32];
    snprintf(other, sizeof other, "of %s", key);
    struct creation first = notes_creation(other, key);
    assert_int_equal(carry_out(fixture, create_once, &first, 2 * LEASE_MS), CREATION_SETTLED);
    creation_reset(&first);
}

static void a_conflict_that_fails_anywhere_is_told_the_next_time(void **state)
{
    struct fixture *fixture = *state;
    fail_each_call(fixture, "taken", create_once, take_text, CREATION_SETTLED);
    struct creation again = notes_creation("taken-1", "taken-1");
    assert_settled(carry_out(fixture, create_once, &again, 2 * LEASE_MS), &again, OUTCOME_REPLAYED,
                   409, NULL);
    creation_reset(&again);
}

/* --- leases --- */

/* Within its lease a claim is nobody else's; over it, whoever comes takes it. */
static void work_in_progress_is_left_alone_while_its_lease_lasts(void **state)
{
    struct fixture *fixture = *state;
    struct creation owner = notes_creation("k", "a"), second = notes_creation("k", "a");
    assert_int_equal(carry_out(fixture, create_once_claim, &owner, 0), CREATION_CLAIMED);
    assert_int_equal(carry_out(fixture, create_once, &second, LEASE_MS - 1), CREATION_BUSY);
    assert_int_equal(notes_count(&fixture->notes), 0);
    assert_settled(carry_out(fixture, create_once, &owner, LEASE_MS - 1), &owner, OUTCOME_CREATED,
                   201, FIRST);
    assert_settled(carry_out(fixture, create_once, &second, LEASE_MS), &second, OUTCOME_REPLAYED,
                   201, FIRST);
    assert_int_equal(notes_count(&fixture->notes), 1);
    creation_reset(&owner);
    creation_reset(&second);
}

/* The old owner comes back in the middle of the new one's work, and after it. */
static void an_owner_that_was_replaced_commits_nothing(void **state)
{
    struct fixture *fixture = *state;
    for (int late = 0; late < 2; late++) {
        const char *key = late ? "k2" : "k1";
        struct creation old = notes_creation(key, key), other = notes_creation(key, key);
        assert_int_equal(carry_out(fixture, create_once_claim, &old, 0), CREATION_CLAIMED);
        assert_int_equal(carry_out(fixture, create_once_claim, &other, LEASE_MS), CREATION_CLAIMED);
        if (!late) {
            assert_int_equal(carry_out(fixture, create_once, &old, LEASE_MS + 1), CREATION_BUSY);
            assert_false(old.claimed);
            assert_int_equal(notes_count(&fixture->notes), 0);
        }
        assert_settled(carry_out(fixture, create_once, &other, LEASE_MS + 2), &other,
                       OUTCOME_CREATED, 201, NULL);
        enum creation_state state_of_old = carry_out(fixture, create_once, &old, LEASE_MS + 3);
        assert_settled(state_of_old, &old, OUTCOME_REPLAYED, 201, other.proposal.reply.body);
        assert_int_equal(notes_count(&fixture->notes), late + 1);
        creation_reset(&old);
        creation_reset(&other);
    }
}

/* Whoever replaced it died, too: it takes its work up again. */
static void an_owner_that_was_replaced_by_a_dead_one_goes_on(void **state)
{
    struct fixture *fixture = *state;
    struct creation old = notes_creation("k", "a"), dead = notes_creation("k", "a");
    assert_int_equal(carry_out(fixture, create_once_claim, &old, 0), CREATION_CLAIMED);
    assert_int_equal(carry_out(fixture, create_once_claim, &dead, LEASE_MS), CREATION_CLAIMED);
    assert_settled(carry_out(fixture, create_once, &old, 3 * LEASE_MS), &old, OUTCOME_CREATED, 201,
                   FIRST);
    assert_settled(carry_out(fixture, create_once, &dead, 3 * LEASE_MS), &dead, OUTCOME_REPLAYED,
                   201, FIRST);
    assert_int_equal(notes_count(&fixture->notes), 1);
    creation_reset(&old);
    creation_reset(&dead);
}

static bool yes(void)
{
    return true;
}

/* What the constraint on keys is for: a server that relies on its look makes two under one key. */
static void a_policy_that_relies_on_its_look_makes_two(void **state)
{
    struct fixture *fixture = *state;
    struct creation first = notes_creation("k", "a"), second = notes_creation("k", "b");
    assert_settled(carry_out(fixture, create_once, &first, 0), &first, OUTCOME_CREATED, 201, FIRST);
    key_policy.relies_on_look = yes;
    enum creation_state was = carry_out(fixture, create_once, &second, 0);
    key_policy = KEY_POLICY_HONEST;
    assert_settled(was, &second, OUTCOME_CREATED, 201, NULL);
    assert_int_equal(notes_count(&fixture->notes), 2);
    creation_reset(&first);
    creation_reset(&second);
}

/* Late as it is, nobody took its claim. */
static void an_owner_past_its_lease_may_complete(void **state)
{
    struct fixture *fixture = *state;
    struct creation owner = notes_creation("k", "a");
    assert_int_equal(carry_out(fixture, create_once_claim, &owner, 0), CREATION_CLAIMED);
    assert_settled(carry_out(fixture, create_once, &owner, 10 * LEASE_MS), &owner, OUTCOME_CREATED,
                   201, FIRST);
    creation_reset(&owner);
}

static void a_look_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct creation look = notes_creation("k", "a");
    assert_int_equal(create_once_look(&look, fixture->notes.reading, 0), CREATION_UNKNOWN);
    create_before(fixture, "k");
    struct creation other = notes_creation("k", "k");
    assert_int_equal(create_once_look(&other, fixture->notes.reading, 2 * LEASE_MS),
                     CREATION_SETTLED);
    assert_int_equal(other.outcome, OUTCOME_REPLAYED);
    creation_reset(&other);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_again_is_replayed_for_good),
        TEST(another_request_under_its_key_is_refused),
        TEST(a_conflict_is_saved),
        TEST(a_create_that_fails_anywhere_leaves_nothing),
        TEST(a_claim_that_fails_anywhere_leaves_nothing),
        TEST(a_take_over_that_fails_anywhere_leaves_nothing),
        TEST(a_replay_that_fails_anywhere_can_be_had_again),
        TEST(so_can_one_of_a_key_past_its_lifetime),
        TEST(a_refusal_that_is_saved_is_replayed),
        TEST(a_conflict_that_fails_anywhere_is_told_the_next_time),
        TEST(work_in_progress_is_left_alone_while_its_lease_lasts),
        TEST(an_owner_that_was_replaced_commits_nothing),
        TEST(an_owner_that_was_replaced_by_a_dead_one_goes_on),
        TEST(a_policy_that_relies_on_its_look_makes_two),
        TEST(an_owner_past_its_lease_may_complete),
        TEST(a_look_changes_nothing),
    };
    return cmocka_run_group_tests_name("create_once", tests, NULL, NULL);
}
