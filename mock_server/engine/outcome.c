#include "mock_server/engine/outcome.h"

#include <assert.h>

static const char *const NAMES[OUTCOME_COUNT] = {
    [OUTCOME_CREATED] = "created",
    [OUTCOME_REPLAYED] = "replayed",
    [OUTCOME_REJECTED_CONFLICT] = "rejected_conflict",
    [OUTCOME_REJECTED_MISMATCH] = "rejected_mismatch",
    [OUTCOME_REJECTED_IN_PROGRESS] = "rejected_in_progress",
    [OUTCOME_REJECTED_INVALID] = "rejected_invalid",
    [OUTCOME_FAILED] = "failed",
};

const char *outcome_name(enum outcome outcome)
{
    assert(outcome < OUTCOME_COUNT);
    return NAMES[outcome];
}
