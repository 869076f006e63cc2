/* What every part of a submitter does to its submission. */
#include "protocol/client/submitter_inside.h"

#include <stdio.h>
#include <sys/random.h>

void submitter_say(struct submitter *submitter, const char *why)
{
    snprintf(submitter->why, sizeof submitter->why, "%s", why);
}

void submitter_clear_answer(struct submitter *submitter)
{
    outcome_clear(&submitter->outcome);
    submitter->answered = submitter->unnoted = false;
}

void submitter_step(struct submitter *submitter, const struct submission_event *event)
{
    enum submission_state before = submitter->submission.state;
    enum submission_command command =
        submission_step(&submitter->submission, &submitter->context.retry, event);
    bool ignored = command == SUBMISSION_DO_NOTHING && submitter->submission.state == before;
    if (!ignored) submitter->next = command;
}

uint32_t submitter_entropy(int64_t now_ms)
{
    uint32_t number;
    ssize_t filled = getrandom(&number, sizeof number, 0);
    return filled == (ssize_t)sizeof number ? number : (uint32_t)now_ms;
}

void submitter_simple_step(struct submitter *submitter, enum submission_event_type type,
                           int64_t now_ms)
{
    const struct submission_event event = {
        .type = type, .now_ms = now_ms, .entropy = submitter_entropy(now_ms)};
    submitter_step(submitter, &event);
}

bool submitter_is_in_time(const struct submitter *submitter, int64_t now_ms)
{
    return now_ms < submitter->submission.deadline_ms;
}
