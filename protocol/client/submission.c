#include "protocol/client/submission.h"

#include <assert.h>

static enum submission_command locked(struct submission *submission,
                                      const struct retry_policy *policy,
                                      const struct submission_event *event)
{
    *submission = (struct submission){
        .state = SUBMISSION_LOCKED,
        .pressed_ms = event->now_ms,
        .deadline_ms = event->now_ms + policy->budget_ms,
    };
    return SUBMISSION_DO_CHECK;
}

static enum submission_command cleared(struct submission *submission)
{
    *submission = (struct submission){.state = SUBMISSION_EDITING};
    return SUBMISSION_DO_NOTHING;
}

static enum submission_command waiting(struct submission *submission, int64_t due_ms)
{
    submission->state = SUBMISSION_RECORDED;
    submission->due_ms = due_ms;
    return SUBMISSION_DO_WAIT;
}

static enum submission_command new_round(struct submission *submission,
                                         const struct retry_policy *policy, int64_t now_ms)
{
    submission->tries = 0;
    submission->deadline_ms = now_ms + policy->budget_ms;
    return waiting(submission, now_ms);
}

static enum submission_command ended(struct submission *submission, enum submission_state state)
{
    submission->state = state;
    if (state != SUBMISSION_UNCONFIRMED) submission->may_exist = false;
    return SUBMISSION_DO_SETTLE;
}

/* What holds between any two steps, whatever came. */
static bool is_sound(const struct submission *submission)
{
    enum submission_state state = submission->state;
    bool was_sent = state == SUBMISSION_RECORDED || state == SUBMISSION_SENDING ||
                    state == SUBMISSION_UNCONFIRMED;
    return state < SUBMISSION_STATES && (was_sent || !submission->may_exist) &&
           (state == SUBMISSION_CREATED || !submission->replayed) &&
           (state == SUBMISSION_REJECTED || !submission->held) &&
           (state != SUBMISSION_SENDING || submission->tries > 0);
}

static enum submission_command try_again(struct submission *submission,
                                         const struct retry_policy *policy,
                                         const struct submission_event *event,
                                         int64_t retry_after_ms)
{
    int64_t due_ms =
        event->now_ms + retry_delay_ms(policy, submission->tries, retry_after_ms, event->entropy);
    if (due_ms > submission->deadline_ms) return ended(submission, SUBMISSION_UNCONFIRMED);
    return waiting(submission, due_ms);
}

/* The one place where the lock opens after something was sent. */
static enum submission_command answered(struct submission *submission,
                                        const struct retry_policy *policy,
                                        const struct submission_event *event)
{
    switch (event->verdict) {
    case VERDICT_CREATED:
    case VERDICT_REPLAYED:
        submission->replayed = event->verdict == VERDICT_REPLAYED;
        return ended(submission, SUBMISSION_CREATED);
    case VERDICT_CONFLICT:
        return ended(submission, SUBMISSION_CONFLICT);
    case VERDICT_REJECTED:
        return ended(submission, SUBMISSION_REJECTED);
    case VERDICT_REFUSED:
        return ended(submission,
                     submission->may_exist ? SUBMISSION_UNCONFIRMED : SUBMISSION_REJECTED);
    case VERDICT_HOPELESS:
    case VERDICT_TRY_AGAIN:
        break;
    }
    if (!event->surely_not_sent) submission->may_exist = true;
    return event->verdict == VERDICT_HOPELESS
               ? ended(submission, SUBMISSION_UNCONFIRMED)
               : try_again(submission, policy, event, event->retry_after_ms);
}

static enum submission_command in_editing(struct submission *submission,
                                          const struct retry_policy *policy,
                                          const struct submission_event *event)
{
    if (event->type == SUBMISSION_PRESSED) return locked(submission, policy, event);
    if (event->type != SUBMISSION_ADOPTED) return SUBMISSION_DO_NOTHING;
    *submission = (struct submission){
        .attempts = event->attempts,
        .may_exist = event->attempts > 0,
        .pressed_ms = event->now_ms,
    };
    return new_round(submission, policy, event->now_ms);
}

static enum submission_command in_locked(struct submission *submission,
                                         const struct submission_event *event)
{
    if (event->type == SUBMISSION_VALID) {
        submission->state = SUBMISSION_RECORDING;
        return SUBMISSION_DO_RECORD;
    }
    if (event->type == SUBMISSION_INVALID) submission->state = SUBMISSION_REJECTED;
    return SUBMISSION_DO_NOTHING;
}

static enum submission_command in_recording(struct submission *submission,
                                            const struct submission_event *event)
{
    if (event->type == SUBMISSION_JOURNALED) return waiting(submission, event->now_ms);
    if (event->type != SUBMISSION_UNRECORDABLE) return SUBMISSION_DO_NOTHING;
    submission->state = SUBMISSION_REJECTED;
    submission->held = event->held;
    return SUBMISSION_DO_NOTHING;
}

static enum submission_command in_recorded(struct submission *submission,
                                           const struct submission_event *event)
{
    if (event->type != SUBMISSION_DUE) return SUBMISSION_DO_NOTHING;
    submission->state = SUBMISSION_SENDING;
    submission->attempts++;
    submission->tries++;
    return SUBMISSION_DO_SEND;
}

static enum submission_command in_sending(struct submission *submission,
                                          const struct retry_policy *policy,
                                          const struct submission_event *event)
{
    if (event->type == SUBMISSION_ANSWERED) return answered(submission, policy, event);
    if (event->type == SUBMISSION_BEGUN) {
        submission->attempts = event->attempts;
        if (event->may_exist) submission->may_exist = true;
    }
    if (event->type != SUBMISSION_UNRECORDABLE) return SUBMISSION_DO_NOTHING;
    submission->attempts--; /* it was never sent, so it isn't counted */
    return try_again(submission, policy, event, -1);
}

static enum submission_command in_ended(struct submission *submission,
                                        const struct retry_policy *policy,
                                        const struct submission_event *event)
{
    enum submission_state state = submission->state;
    if (event->type == SUBMISSION_RENEWED) return cleared(submission);
    if (event->type == SUBMISSION_EDITED &&
        (state == SUBMISSION_REJECTED || state == SUBMISSION_CONFLICT))
        return cleared(submission);
    if (event->type == SUBMISSION_PRESSED && state == SUBMISSION_REJECTED)
        return locked(submission, policy, event);
    if (event->type == SUBMISSION_TRY_NOW && state == SUBMISSION_UNCONFIRMED)
        return new_round(submission, policy, event->now_ms);
    return SUBMISSION_DO_NOTHING;
}

static enum submission_command take(struct submission *submission,
                                    const struct retry_policy *policy,
                                    const struct submission_event *event)
{
    if (event->type == SUBMISSION_PRESSED && submission_is_locked(submission)) {
        submission->ignored_presses++;
        return SUBMISSION_DO_NOTHING;
    }
    switch (submission->state) {
    case SUBMISSION_EDITING:
        return in_editing(submission, policy, event);
    case SUBMISSION_LOCKED:
        return in_locked(submission, event);
    case SUBMISSION_RECORDING:
        return in_recording(submission, event);
    case SUBMISSION_RECORDED:
        return in_recorded(submission, event);
    case SUBMISSION_SENDING:
        return in_sending(submission, policy, event);
    case SUBMISSION_CREATED:
    case SUBMISSION_CONFLICT:
    case SUBMISSION_REJECTED:
    case SUBMISSION_UNCONFIRMED:
    case SUBMISSION_STATES:
        break;
    }
    return in_ended(submission, policy, event);
}

enum submission_command submission_step(struct submission *submission,
                                        const struct retry_policy *policy,
                                        const struct submission_event *event)
{
    assert(is_sound(submission));
    enum submission_command command = take(submission, policy, event);
    assert(is_sound(submission));
    return command;
}

bool submission_has_ended(enum submission_state state)
{
    return state == SUBMISSION_CREATED || state == SUBMISSION_CONFLICT ||
           state == SUBMISSION_REJECTED || state == SUBMISSION_UNCONFIRMED;
}

bool submission_is_locked(const struct submission *submission)
{
    enum submission_state state = submission->state;
    return state != SUBMISSION_EDITING &&
           (state == SUBMISSION_UNCONFIRMED || !submission_has_ended(state));
}
