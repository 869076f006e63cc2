/* The reducer: every event in every state, every verdict, and a long random walk. */
#include "protocol/client/submission.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW    1000000
#define BUDGET 60000

static const struct retry_policy policy = {.base_ms = 250, .cap_ms = 8000, .budget_ms = BUDGET};

/* Where a step leads, what it asks for, and how many presses it counts as ignored. */
struct step {
    int state; /* -1: stays */
    enum submission_command command;
    unsigned counted;
};

#define STAYS                                                                                      \
    {                                                                                              \
        -1, SUBMISSION_DO_NOTHING, 0                                                               \
    }
#define COUNT                                                                                      \
    {                                                                                              \
        -1, SUBMISSION_DO_NOTHING, 1                                                               \
    }
#define CHECK                                                                                      \
    {                                                                                              \
        SUBMISSION_LOCKED, SUBMISSION_DO_CHECK, 0                                                  \
    }
#define SHOWN                                                                                      \
    {                                                                                              \
        SUBMISSION_REJECTED, SUBMISSION_DO_NOTHING, 0                                              \
    }
#define STORE                                                                                      \
    {                                                                                              \
        SUBMISSION_RECORDING, SUBMISSION_DO_RECORD, 0                                              \
    }
#define WAITS                                                                                      \
    {                                                                                              \
        SUBMISSION_RECORDED, SUBMISSION_DO_WAIT, 0                                                 \
    }
#define SENDS                                                                                      \
    {                                                                                              \
        SUBMISSION_SENDING, SUBMISSION_DO_SEND, 0                                                  \
    }
#define CLEAR                                                                                      \
    {                                                                                              \
        SUBMISSION_EDITING, SUBMISSION_DO_NOTHING, 0                                               \
    }

/* ANSWERED is with VERDICT_TRY_AGAIN here; the other verdicts have a table of their own below. */
static const struct step table[SUBMISSION_STATES][SUBMISSION_EVENTS] = {
    /* clang-format off */
/*                          PRESSED INVALID VALID  UNREC. JOURNAL ADOPTED DUE    BEGUN  ANSWER TRY_NOW EDITED RENEWED */
[SUBMISSION_EDITING]     = {CHECK, STAYS, STAYS, STAYS, STAYS, WAITS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS},
[SUBMISSION_LOCKED]      = {COUNT, SHOWN, STORE, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS},
[SUBMISSION_RECORDING]   = {COUNT, STAYS, STAYS, SHOWN, WAITS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS},
[SUBMISSION_RECORDED]    = {COUNT, STAYS, STAYS, STAYS, STAYS, STAYS, SENDS, STAYS, STAYS, STAYS, STAYS, STAYS},
[SUBMISSION_SENDING]     = {COUNT, STAYS, STAYS, WAITS, STAYS, STAYS, STAYS, STAYS, WAITS, STAYS, STAYS, STAYS},
[SUBMISSION_CREATED]     = {STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, CLEAR},
[SUBMISSION_CONFLICT]    = {STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, CLEAR, CLEAR},
[SUBMISSION_REJECTED]    = {CHECK, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, CLEAR, CLEAR},
[SUBMISSION_UNCONFIRMED] = {COUNT, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, STAYS, WAITS, STAYS, CLEAR},
    /* clang-format on */
};

static struct submission submission_in(enum submission_state state)
{
    struct submission submission = {.state = state};
    if (state == SUBMISSION_EDITING) return submission;
    submission.pressed_ms = NOW;
    submission.deadline_ms = NOW + BUDGET;
    submission.attempts = state >= SUBMISSION_SENDING ? 1 : 0;
    submission.tries = submission.attempts;
    submission.may_exist = state == SUBMISSION_UNCONFIRMED;
    return submission;
}

static void every_event_in_every_state(void **unused)
{
    (void)unused;
    for (int state = 0; state < SUBMISSION_STATES; state++) {
        for (int type = 0; type < SUBMISSION_EVENTS; type++) {
            struct submission before = submission_in((enum submission_state)state);
            struct submission after = before;
            struct submission_event event = {.type = (enum submission_event_type)type,
                                             .now_ms = NOW + 10,
                                             .verdict = VERDICT_TRY_AGAIN,
                                             .retry_after_ms = -1,
                                             .attempts = 2};
            enum submission_command command = submission_step(&after, &policy, &event);
            const struct step *expected = &table[state][type];
            int next = expected->state < 0 ? state : expected->state;
            if ((int)after.state != next || command != expected->command ||
                after.ignored_presses != before.ignored_presses + expected->counted)
                fail_msg("state %d, event %d: went to %d (wanted %d), command %d (wanted %d)",
                         state, type, (int)after.state, next, (int)command, (int)expected->command);
            before.ignored_presses += expected->counted;
            if (state == SUBMISSION_SENDING && type == SUBMISSION_BEGUN) before.attempts = 2;
            if (expected->state < 0) assert_memory_equal(&after, &before, sizeof after);
        }
    }
}

static const struct verdict_row {
    enum verdict verdict;
    bool may_exist; /* before this answer */
    bool not_sent;
    bool budget_spent;
    enum submission_state state;
    enum submission_command command;
    bool may_exist_after;
    bool replayed;
} verdict_table[] = {
    /* clang-format off */
    /* verdict          may    unsent spent   state                   command               may    replayed */
    {VERDICT_CREATED,   false, false, false, SUBMISSION_CREATED,     SUBMISSION_DO_SETTLE, false, false},
    {VERDICT_CREATED,   true,  false, true,  SUBMISSION_CREATED,     SUBMISSION_DO_SETTLE, false, false},
    {VERDICT_REPLAYED,  true,  false, false, SUBMISSION_CREATED,     SUBMISSION_DO_SETTLE, false, true},
    {VERDICT_CONFLICT,  false, false, false, SUBMISSION_CONFLICT,    SUBMISSION_DO_SETTLE, false, false},
    {VERDICT_CONFLICT,  true,  false, true,  SUBMISSION_CONFLICT,    SUBMISSION_DO_SETTLE, false, false},
    {VERDICT_REJECTED,  false, false, false, SUBMISSION_REJECTED,    SUBMISSION_DO_SETTLE, false, false},
    {VERDICT_REJECTED,  true,  false, false, SUBMISSION_REJECTED,    SUBMISSION_DO_SETTLE, false, false},
    {VERDICT_REFUSED,   false, false, false, SUBMISSION_REJECTED,    SUBMISSION_DO_SETTLE, false, false},
    {VERDICT_REFUSED,   true,  false, false, SUBMISSION_UNCONFIRMED, SUBMISSION_DO_SETTLE, true,  false},
    {VERDICT_HOPELESS,  false, false, false, SUBMISSION_UNCONFIRMED, SUBMISSION_DO_SETTLE, true,  false},
    {VERDICT_HOPELESS,  true,  false, false, SUBMISSION_UNCONFIRMED, SUBMISSION_DO_SETTLE, true,  false},
    {VERDICT_TRY_AGAIN, false, false, false, SUBMISSION_RECORDED,    SUBMISSION_DO_WAIT,   true,  false},
    {VERDICT_TRY_AGAIN, false, true,  false, SUBMISSION_RECORDED,    SUBMISSION_DO_WAIT,   false, false},
    {VERDICT_TRY_AGAIN, true,  true,  false, SUBMISSION_RECORDED,    SUBMISSION_DO_WAIT,   true,  false},
    {VERDICT_TRY_AGAIN, false, false, true,  SUBMISSION_UNCONFIRMED, SUBMISSION_DO_SETTLE, true,  false},
    {VERDICT_TRY_AGAIN, false, true,  true,  SUBMISSION_UNCONFIRMED, SUBMISSION_DO_SETTLE, false, false},
    {VERDICT_TRY_AGAIN, true,  false, true,  SUBMISSION_UNCONFIRMED, SUBMISSION_DO_SETTLE, true,  false},
    /* clang-format on */
};

static void every_verdict(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof verdict_table / sizeof *verdict_table; i++) {
        const struct verdict_row *row = &verdict_table[i];
        struct submission submission = submission_in(SUBMISSION_SENDING);
        submission.may_exist = row->may_exist;
        struct submission_event event = {.type = SUBMISSION_ANSWERED,
                                         .now_ms = row->budget_spent ? NOW + BUDGET + 1 : NOW,
                                         .verdict = row->verdict,
                                         .surely_not_sent = row->not_sent,
                                         .retry_after_ms = -1};
        enum submission_command command = submission_step(&submission, &policy, &event);
        if (submission.state != row->state || command != row->command ||
            submission.may_exist != row->may_exist_after || submission.replayed != row->replayed)
            fail_msg("row %zu: state %d, command %d, may_exist %d, replayed %d", i,
                     (int)submission.state, (int)command, submission.may_exist,
                     submission.replayed);
    }
}

static void a_press_starts_clean(void **unused)
{
    (void)unused;
    struct submission submission = submission_in(SUBMISSION_REJECTED);
    submission.ignored_presses = 4;
    submission.attempts = 3;
    struct submission_event event = {.type = SUBMISSION_PRESSED, .now_ms = NOW + 5};
    submission_step(&submission, &policy, &event);
    assert_int_equal(submission.ignored_presses, 0);
    assert_int_equal(submission.attempts, 0);
    assert_int_equal(submission.pressed_ms, NOW + 5);
    assert_int_equal(submission.deadline_ms, NOW + 5 + BUDGET);
}

static void adopted_goes_on_counting(void **unused)
{
    (void)unused;
    struct submission submission = {.state = SUBMISSION_EDITING};
    struct submission_event event = {.type = SUBMISSION_ADOPTED, .now_ms = NOW, .attempts = 3};
    submission_step(&submission, &policy, &event);
    assert_true(submission.may_exist);
    assert_int_equal(submission.due_ms, NOW);
    event = (struct submission_event){.type = SUBMISSION_DUE};
    submission_step(&submission, &policy, &event);
    assert_int_equal(submission.attempts, 4);
    assert_int_equal(submission.tries, 1);

    submission = (struct submission){.state = SUBMISSION_EDITING};
    event = (struct submission_event){.type = SUBMISSION_ADOPTED, .now_ms = NOW, .attempts = 0};
    submission_step(&submission, &policy, &event);
    assert_false(submission.may_exist);
}

static void an_attempt_that_never_began_isnt_counted(void **unused)
{
    (void)unused;
    struct submission submission = submission_in(SUBMISSION_SENDING);
    struct submission_event event = {.type = SUBMISSION_UNRECORDABLE, .now_ms = NOW};
    assert_int_equal(submission_step(&submission, &policy, &event), SUBMISSION_DO_WAIT);
    assert_int_equal(submission.attempts, 0);
    assert_false(submission.may_exist);

    submission = submission_in(SUBMISSION_SENDING);
    event.now_ms = NOW + BUDGET + 1;
    assert_int_equal(submission_step(&submission, &policy, &event), SUBMISSION_DO_SETTLE);
    assert_int_equal(submission.state, SUBMISSION_UNCONFIRMED);
}

static void retry_after_is_waited_for(void **unused)
{
    (void)unused;
    struct submission submission = submission_in(SUBMISSION_SENDING);
    struct submission_event event = {.type = SUBMISSION_ANSWERED,
                                     .now_ms = NOW,
                                     .verdict = VERDICT_TRY_AGAIN,
                                     .retry_after_ms = 5000};
    submission_step(&submission, &policy, &event);
    assert_int_equal(submission.due_ms, NOW + 5000);
}

static void try_now_is_a_new_budget_and_the_same_intent(void **unused)
{
    (void)unused;
    struct submission submission = submission_in(SUBMISSION_UNCONFIRMED);
    submission.attempts = 9;
    submission.tries = 9;
    struct submission_event event = {.type = SUBMISSION_TRY_NOW, .now_ms = NOW + 500000};
    submission_step(&submission, &policy, &event);
    assert_int_equal(submission.deadline_ms, NOW + 500000 + BUDGET);
    assert_int_equal(submission.due_ms, NOW + 500000);
    assert_int_equal(submission.attempts, 9);
    assert_int_equal(submission.tries, 0);
    assert_true(submission.may_exist);
    assert_int_equal(submission.pressed_ms, NOW);
}

/* --- the walk: what the world outside would have seen --- */

#define WALK_STEPS 1000000

struct world {
    unsigned sends;   /* with the intent's key */
    unsigned adopted; /* sends of an earlier process */
    bool on_the_way;  /* a request is out */
    bool journaled;   /* this intent is on disk */
    bool arrived;     /* one may have reached the server, and no answer has come */
    unsigned presses; /* while locked */
    uint64_t random;
};

static uint32_t draw(struct world *world)
{
    world->random ^= world->random << 13;
    world->random ^= world->random >> 7;
    world->random ^= world->random << 17;
    return (uint32_t)(world->random >> 32);
}

static bool is_answer(const struct submission_event *event, bool may_exist)
{
    if (event->type != SUBMISSION_ANSWERED) return false;
    if (event->verdict == VERDICT_REFUSED) return !may_exist;
    return event->verdict != VERDICT_TRY_AGAIN && event->verdict != VERDICT_HOPELESS;
}

static struct submission_event random_event(struct world *world, int64_t now_ms)
{
    struct submission_event event = {
        .type = (enum submission_event_type)(draw(world) % SUBMISSION_EVENTS),
        .now_ms = now_ms,
        .verdict = (enum verdict)(draw(world) % (VERDICT_TRY_AGAIN + 1)),
        .surely_not_sent = draw(world) % 4 == 0,
        .retry_after_ms = (int64_t)(draw(world) % 70000) - 1,
        .entropy = draw(world),
        .attempts = draw(world) % 4,
        .may_exist = draw(world) % 4 == 0,
    };
    if (event.type == SUBMISSION_BEGUN) event.attempts++;
    if (event.verdict != VERDICT_TRY_AGAIN) event.surely_not_sent = false;
    return event;
}

/* The world moves with the step; what must never be is asserted here. */
static void check_step(struct world *world, const struct submission *before,
                       const struct submission *after, const struct submission_event *event,
                       enum submission_command command)
{
    bool was_locked = submission_is_locked(before), is_locked = submission_is_locked(after);
    bool sent_out = before->state == SUBMISSION_SENDING && after->state != SUBMISSION_SENDING;
    if (sent_out && event->type == SUBMISSION_UNRECORDABLE) world->sends--;
    if (sent_out) world->on_the_way = false;
    bool no_answer = event->verdict == VERDICT_TRY_AGAIN || event->verdict == VERDICT_HOPELESS;
    if (sent_out && event->type == SUBMISSION_ANSWERED && no_answer && !event->surely_not_sent)
        world->arrived = true;

    if (event->type == SUBMISSION_PRESSED && was_locked) {
        world->presses++;
        assert_int_equal(command, SUBMISSION_DO_NOTHING);
        assert_int_equal(after->state, before->state);
    }
    if (command == SUBMISSION_DO_CHECK) { /* a new intent */
        assert_false(was_locked);
        *world = (struct world){.random = world->random};
    }
    if (event->type == SUBMISSION_ADOPTED && before->state == SUBMISSION_EDITING)
        *world = (struct world){.random = world->random,
                                .adopted = event->attempts,
                                .arrived = event->attempts > 0,
                                .journaled = true};
    if (event->type == SUBMISSION_BEGUN && before->state == SUBMISSION_SENDING) {
        world->adopted = event->attempts - world->sends; /* others may have been joined to it */
        world->arrived = world->arrived || event->may_exist;
    }
    if (before->state == SUBMISSION_RECORDING && event->type == SUBMISSION_JOURNALED)
        world->journaled = true;
    if (command == SUBMISSION_DO_SEND) {
        assert_false(world->on_the_way);
        assert_true(world->journaled);
        world->on_the_way = true;
        world->sends++;
    }
    if (was_locked && !is_locked && before->state >= SUBMISSION_RECORDED &&
        before->state != SUBMISSION_UNCONFIRMED)
        assert_true(is_answer(event, before->may_exist));
    if (before->state == SUBMISSION_UNCONFIRMED && !is_locked)
        assert_int_equal(event->type, SUBMISSION_RENEWED); /* the outbox has it */
    if (is_locked) {
        assert_int_equal(after->attempts, world->adopted + world->sends);
        assert_int_equal(after->ignored_presses, world->presses);
        assert_int_equal(after->may_exist, world->arrived);
    }
    if (command == SUBMISSION_DO_WAIT && event->type == SUBMISSION_ANSWERED)
        assert_true(after->due_ms <= after->deadline_ms);
}

static void random_walk_keeps_the_invariants(void **unused)
{
    (void)unused;
    uint64_t seed = 20261122;
    const char *asked = getenv("INVONCE_TEST_SEED");
    if (asked != NULL) seed = strtoull(asked, NULL, 10);
    print_message("seed %llu (INVONCE_TEST_SEED)\n", (unsigned long long)seed);
    struct world world = {.random = seed | 1};
    struct submission submission = {.state = SUBMISSION_EDITING};
    unsigned visits[SUBMISSION_STATES] = {0};
    int64_t now_ms = 0;
    for (int i = 0; i < WALK_STEPS; i++) {
        now_ms += draw(&world) % 5000;
        struct submission_event event = random_event(&world, now_ms);
        struct submission before = submission;
        enum submission_command command = submission_step(&submission, &policy, &event);
        check_step(&world, &before, &submission, &event, command);
        visits[submission.state]++;
    }
    for (int state = 0; state < SUBMISSION_STATES; state++)
        assert_true(visits[state] >
                    WALK_STEPS / 1000); /* a walk that gets nowhere proves nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_in_every_state),
        cmocka_unit_test(every_verdict),
        cmocka_unit_test(a_press_starts_clean),
        cmocka_unit_test(adopted_goes_on_counting),
        cmocka_unit_test(an_attempt_that_never_began_isnt_counted),
        cmocka_unit_test(retry_after_is_waited_for),
        cmocka_unit_test(try_now_is_a_new_budget_and_the_same_intent),
        cmocka_unit_test(random_walk_keeps_the_invariants),
    };
    return cmocka_run_group_tests_name("client/submission", tests, NULL, NULL);
}
