#include "mock_server/attempts/attempt_course.h"

#include "mock_server/attempts/audit.h"
#include "mock_server/base/settings.h"
#include "mock_server/engine/readers.h"
#include "mock_server/engine/replays.h"
#include "mock_server/http/metrics.h"
#include "mock_server/http/route.h"
#include "protocol/wire/clock.h"

#include <assert.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long an attempt waits for another with its key before it looks by itself: who ends in another
 * process wakes nobody here. */
#define LOOK_MS 50

static void submit(struct attempt *attempt, enum step step);

static void release(struct attempt *attempt)
{
    int holders = atomic_fetch_sub(&attempt->holders, 1);
    assert(holders > 0);
    if (holders > 1) {
        return;
    }
    if (attempt->creation.subject) {
        attempt->creation.creator->release(attempt->creation.subject);
    }
    creation_reset(&attempt->creation);
    attempt_request_clear(&attempt->request);
    free(attempt->entry_text);
    free(attempt);
}

static void exchange_is_over(void *task)
{
    release(task);
}

static void go_on_sending(struct exchange *exchange)
{
    (void)exchange; /* the reply is there */
}

/* From an HTTP thread, before anything that is answered from another. */
static void leave_thread(struct attempt *attempt)
{
    if (!exchange_is_suspended(attempt->exchange)) {
        exchange_suspend(attempt->exchange, go_on_sending);
    }
}

static void cut(struct attempt *attempt)
{
    attempt->exchange->cut = true;
    if (exchange_is_suspended(attempt->exchange)) {
        exchange_resume(attempt->exchange);
    }
}

static void crash(void)
{
    kill(getpid(), SIGKILL);
}

static void timer_fired(struct timer *timer, enum timer_reason reason)
{
    struct attempt *attempt =
        (struct attempt *)(void *)((char *)timer - offsetof(struct attempt, timer));
    waiters_remove(&attempt->waiter);
    if (reason == TIMER_STOPPED) {
        cut(attempt);
    } else {
        attempt->next(attempt);
    }
}

static void wait_then(struct attempt *attempt, int64_t ms, void (*next)(struct attempt *attempt))
{
    attempt->next = next;
    leave_thread(attempt);
    if (!timers_arm_delay(&attempt->timer, ms, attempt->exchange->faults.rules)) {
        cut(attempt);
    }
}

/* --- the answer --- */

static void deliver(struct attempt *attempt)
{
    assert(!attempt->answered && attempt->creation.proposal.reply.status != 0);
    attempt->exchange->reply = attempt->creation.proposal.reply;
    attempt->creation.proposal.reply = (struct reply){0};
    attempt->answered = true;
    if (exchange_is_suspended(attempt->exchange)) {
        exchange_resume(attempt->exchange);
    }
}

/* Past the commit. */
static void answer(struct attempt *attempt)
{
    const struct fault_plan *faults = &attempt->exchange->faults;
    if (faults->crash_after) {
        crash();
    } else if (faults->delay_after_ms > 0) {
        wait_then(attempt, faults->delay_after_ms, deliver);
    } else {
        deliver(attempt);
    }
}

static void describe_outcome(struct attempt *attempt)
{
    const struct proposal *proposal = &attempt->creation.proposal;
    attempt->entry.outcome = outcome_name(attempt->creation.outcome);
    attempt->entry.record_id = proposal->record_id[0] ? proposal->record_id : NULL;
    attempt->entry.parent_id = proposal->parent_id[0] ? proposal->parent_id : NULL;
    attempt->entry.status = proposal->reply.status;
    attempt->entry.at = clock_now_ms();
}

static size_t size_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static char *keep(char *at, const char **text)
{
    size_t size = size_of(*text);
    if (size > 0) {
        memcpy(at, *text, size);
        *text = at;
    }
    return at + size;
}

/* The body's many pieces of memory are given back by the thread that took them, before the entry
 * goes to the writer: between two threads that would be a fight over the allocator's lock. */
static void let_go_of_body(struct attempt *attempt)
{
    struct store_audit_entry *entry = &attempt->entry;
    if (attempt->entry_text) {
        return; /* there was none to let go of */
    }
    size_t size = 1;
    for (int i = 0; i < STORE_VALUES_MAX; i++) {
        size += size_of(entry->unique[i].text);
    }
    attempt->entry_text = malloc(size);
    if (!attempt->entry_text) {
        return; /* it goes with the attempt */
    }
    char *at = attempt->entry_text;
    for (int i = 0; i < STORE_VALUES_MAX; i++) {
        at = keep(at, &entry->unique[i].text);
    }
    attempt_request_clear(&attempt->request);
}

/* The outcome is known without the writer. Its entry goes to the audit; the answer doesn't wait
 * for that unless it must. */
static void answer_and_audit(struct attempt *attempt)
{
    struct exchange *exchange = attempt->exchange;
    assert(attempt->settled && attempt->creation.proposal.reply.status != 0);
    describe_outcome(attempt);
    audit_entry_queued();
    if (exchange->faults.crash_after || exchange->faults.delay_after_ms > 0 || audit_is_behind()) {
        leave_thread(attempt);
        submit(attempt, STEP_AUDIT);
        return;
    }
    struct reply reply = attempt->creation.proposal.reply;
    attempt->creation.proposal.reply = (struct reply){0};
    attempt->answered = true;
    let_go_of_body(attempt);
    atomic_fetch_add(&attempt->holders, 1);
    submit(attempt, STEP_AUDIT);
    exchange->reply = reply;
    if (exchange_is_suspended(exchange)) {
        exchange_resume(exchange);
    }
}

void attempt_settle(struct attempt *attempt, enum outcome outcome)
{
    attempt->creation.outcome = outcome;
    attempt->settled = true;
}

bool attempt_look_up_key(struct attempt *attempt)
{
    struct store_session *session = readers_session();
    if (!session) {
        return false;
    }
    attempt->settled =
        create_once_look(&attempt->creation, session, clock_now_ms()) == CREATION_SETTLED;
    replays_expect(attempt->settled);
    return attempt->settled;
}

/* --- the writer --- */

static bool run(struct writer_job *job, struct store_session *session, int64_t now)
{
    struct attempt *attempt = (struct attempt *)(void *)job;
    struct creation *creation = &attempt->creation;
    if (attempt->step == STEP_CLAIM || attempt->step == STEP_CREATE) {
        creation_reset(creation); /* it may have been tried, and undone */
        creation->claimed = attempt->claimed;
    }
    switch (attempt->step) {
    case STEP_CLAIM:
        attempt->state = create_once_claim(creation, session, now);
        break;
    case STEP_CREATE:
        attempt->state = create_once(creation, session, now);
        break;
    case STEP_SAVE:
        attempt->state = create_once_save(creation, session, now);
        break;
    case STEP_AUDIT:
        attempt->state = CREATION_SETTLED;
        break;
    }
    if (attempt->state == CREATION_SETTLED) {
        if (attempt->step != STEP_AUDIT) {
            describe_outcome(attempt);
        }
        return store_audit_append(session, &attempt->entry) == STORE_OK;
    }
    return attempt->state != CREATION_FAILED;
}

/* What is done already can be answered whether or not anything can be written now. */
static bool answer_known_key(struct attempt *attempt)
{
    creation_reset(&attempt->creation);
    bool known = attempt->creation.key && attempt_look_up_key(attempt);
    if (known) {
        answer_and_audit(attempt);
    }
    return known;
}

static void fail(struct attempt *attempt, bool away)
{
    struct reply *reply = &attempt->creation.proposal.reply;
    if (!away && answer_known_key(attempt)) {
        return;
    }
    if (away) {
        creation_reset(&attempt->creation);
        reply_store_away(reply);
    } else {
        reply_problem(reply, PROBLEM_INTERNAL_ERROR,
                      "The store failed; whether anything was saved is not known.");
    }
    attempt_settle(attempt, OUTCOME_FAILED);
    answer_and_audit(attempt);
}

/* In progress elsewhere: waits for that, a while, then says so. */
static void wait_for_other(struct attempt *attempt);

static void try_again(struct attempt *attempt)
{
    submit(attempt, attempt->step);
}

static void refuse_busy(struct attempt *attempt)
{
    struct reply *reply = &attempt->creation.proposal.reply;
    reply_problem(reply, PROBLEM_IDEMPOTENCY_KEY_IN_PROGRESS,
                  "The first request with this idempotency key is still being carried out. Send "
                  "the same request again with the same key.");
    reply->retry_after_s = 1;
    attempt_settle(attempt, OUTCOME_REJECTED_IN_PROGRESS);
    answer_and_audit(attempt);
}

static void wait_for_other(struct attempt *attempt)
{
    int64_t now = clock_monotonic_ms();
    if (attempt->wait_until_ms == 0) {
        attempt->wait_until_ms = now + settings.in_progress_wait_ms;
    }
    attempt->next = try_again;
    attempt->waiter.key = (struct store_key){attempt->creation.tenant, attempt->creation.endpoint,
                                             attempt->creation.key};
    attempt->waiter.timer = &attempt->timer;
    int64_t left = attempt->wait_until_ms - now;
    if (left <= 0 || !waiters_add(&attempt->waiter, left < LOOK_MS ? left : LOOK_MS)) {
        refuse_busy(attempt);
    }
}

static void carry_out_claimed(struct attempt *attempt)
{
    if (attempt->exchange->faults.crash_before) {
        crash();
    }
    submit(attempt, STEP_CREATE);
}

static void tell(struct attempt *attempt, bool kept)
{
    if (!kept) {
        attempt->entry.seq = 0;
    }
    audit_tell(&attempt->entry);
    metrics_create(attempt->request.metric, attempt->creation.outcome);
    if (attempt->step == STEP_AUDIT) {
        audit_entry_written();
    } else if (attempt->creation.key) {
        struct store_key key = {attempt->creation.tenant, attempt->creation.endpoint,
                                attempt->creation.key};
        waiters_wake(&key);
        if (attempt->creation.proposal.reply.replayed) {
            replays_expect(true);
        }
    }
}

static void finish(struct attempt *attempt, bool kept)
{
    tell(attempt, kept);
    if (attempt->answered) {
        release(attempt);
    } else {
        answer(attempt);
    }
}

/* Where the transaction couldn't even begin, `state` is that of an earlier step. */
static void done(struct writer_job *job, enum writer_end end)
{
    struct attempt *attempt = (struct attempt *)(void *)job;
    bool kept = end == WRITER_KEPT;
    if (attempt->step == STEP_AUDIT) {
        finish(attempt, kept);
    } else if (!kept) {
        fail(attempt, end == WRITER_AWAY);
    } else if (attempt->state == CREATION_BUSY) {
        wait_for_other(attempt);
    } else if (attempt->state == CREATION_CLAIMED) {
        attempt->claimed = true;
        wait_then(attempt, attempt->exchange->faults.delay_before_ms, carry_out_claimed);
    } else {
        finish(attempt, true);
    }
}

static void refuse_overload(struct attempt *attempt)
{
    if (answer_known_key(attempt)) {
        return;
    }
    struct reply *reply = &attempt->creation.proposal.reply;
    reply_problem(reply, PROBLEM_TOO_BUSY,
                  "Too many requests wait to be saved. Send the same request again in a moment.");
    reply->retry_after_s = 1;
    attempt_settle(attempt, OUTCOME_FAILED);
    answer_and_audit(attempt);
}

/* A waiting attempt has been let in already, and one entry an attempt bounds the audit's: only new
 * creates can find the queue full. */
static void submit(struct attempt *attempt, enum step step)
{
    bool is_new = step != STEP_AUDIT && attempt->wait_until_ms == 0 && !attempt->claimed;
    bool is_open = step == STEP_CLAIM || step == STEP_CREATE;
    assert(attempt->settled == !is_open);
    attempt->step = step;
    attempt->job.run = run;
    attempt->job.done = done;
    if (attempt->answered) {
        writer_submit_lazily(&attempt->job);
    } else if (!is_new) {
        writer_submit_always(&attempt->job);
    } else if (!writer_submit(&attempt->job)) {
        refuse_overload(attempt);
    }
}

/* --- up to the commit, on an HTTP thread --- */

static void save_or_answer(struct attempt *attempt)
{
    if (attempt->settled) {
        answer_and_audit(attempt);
    } else {
        leave_thread(attempt);
        submit(attempt, STEP_CREATE);
    }
}

static void crash_or_save(struct attempt *attempt)
{
    if (attempt->exchange->faults.crash_before) {
        crash();
    }
    save_or_answer(attempt);
}

void attempt_go_on(struct attempt *attempt)
{
    const struct fault_plan *faults = &attempt->exchange->faults;
    bool takes_time = faults->delay_before_ms > 0 || faults->crash_before;
    if (takes_time && !attempt->settled && attempt->creation.key) {
        leave_thread(attempt);
        submit(attempt, STEP_CLAIM);
    } else if (takes_time) {
        wait_then(attempt, faults->delay_before_ms, crash_or_save);
    } else {
        save_or_answer(attempt);
    }
}

void attempt_answer_at_once(struct attempt *attempt, bool save)
{
    if (save) {
        leave_thread(attempt);
        submit(attempt, STEP_SAVE);
    } else {
        answer_and_audit(attempt);
    }
}

struct attempt *attempt_new(struct exchange *exchange)
{
    struct attempt *attempt = calloc(1, sizeof(struct attempt));
    if (!attempt) {
        return NULL;
    }
    atomic_init(&attempt->holders, 1);
    attempt->exchange = exchange;
    attempt->timer.fire = timer_fired;
    attempt->creation.creator = exchange->route->creator;
    attempt->creation.tenant = exchange->who->tenant;
    attempt->entry.tenant = exchange->who->tenant;
    attempt->entry.user = exchange->who->user;
    attempt->entry.resource = attempt->creation.creator->resource->name;
    exchange->task = attempt;
    exchange->task_over = exchange_is_over;
    return attempt;
}
