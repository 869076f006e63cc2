/* What came of an attempt to create: the word that the audit, the log and the metrics use. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_OUTCOME_H
#define INVONCE_MOCK_SERVER_ENGINE_OUTCOME_H

enum outcome {
    OUTCOME_CREATED,
    OUTCOME_REPLAYED,
    OUTCOME_REJECTED_CONFLICT,
    OUTCOME_REJECTED_MISMATCH,
    OUTCOME_REJECTED_IN_PROGRESS,
    OUTCOME_REJECTED_INVALID,
    OUTCOME_FAILED,
    OUTCOME_COUNT,
};

const char *outcome_name(enum outcome outcome);

#endif
