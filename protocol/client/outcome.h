/* What a reply means for an intent. Only an answer that the protocol defines counts. Pure. */
#ifndef INVONCE_CLIENT_OUTCOME_H
#define INVONCE_CLIENT_OUTCOME_H

#include "protocol/client/intent.h"
#include "protocol/client/journal/journal.h"
#include "protocol/client/reply.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stdint.h>

enum verdict {
    VERDICT_CREATED,  /* our record, made now (201) */
    VERDICT_REPLAYED, /* our record, made by an earlier attempt with this key */
    VERDICT_CONFLICT, /* refused by a unique constraint: the original stands */
    VERDICT_REJECTED, /* refused, and certain that this key has had no effect */
    VERDICT_REFUSED, /* refused, and silent on what an earlier attempt did: 401, 403, 404, 413 … */
    VERDICT_HOPELESS,  /* no answer that the protocol defines, and waiting won't bring one: a 401,
                          403 or  404 that a proxy may have said */
    VERDICT_TRY_AGAIN, /* no answer, or one that says to come back */
};

struct outcome {
    enum verdict verdict;
    struct json *record;    /* CREATED and REPLAYED: the record. Owned; or NULL */
    struct json *problem;   /* the problem document, where one came. Owned; or NULL */
    int64_t retry_after_ms; /* -1: none asked for */
    char why[120];          /* in plain words, for the status line: "no answer" */
};

/* Judges one attempt's reply. To be cleared. */
void outcome_judge(struct outcome *outcome, const struct intent *intent, const struct reply *reply);
void outcome_clear(struct outcome *outcome);

/* Judges what a journal kept as an intent's outcome, as strictly as if it had just come: a record,
 * or an original, that isn't of this body is none. False then, and for what isn't settled. `result`
 * is JSON; NULL: none. To be cleared in either case. */
bool outcome_recall(struct outcome *outcome, const struct intent *intent, enum journal_state state,
                    const char *result);

/* True when the original that a conflict's problem names is the same as this intent to the last
 * member (RULES.md section 6): what it was to make is there. */
bool outcome_is_same(const struct intent *intent, const struct json *problem);

#endif
