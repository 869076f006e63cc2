/* Many submissions, several at once: each record of a source is recorded, sent until it is
 * answered, settled and told, in the source's order. What create and outbox resume share. */
#ifndef INVONCE_TUI_FLOW_H
#define INVONCE_TUI_FLOW_H

#include "protocol/client/submitter.h"
#include "tui/batch/progress.h"
#include "tui/batch/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What a source gives: an intent to be submitted, or one out of the journal, or (neither) a result
 * as it stands. */
struct flow_item {
    struct intent *intent; /* to be recorded, at this place of a run; owned by the flow */
    int64_t run, position;
    struct intent *adopted; /* out of the journal; owned by the flow */
    unsigned attempts;
    enum result_outcome outcome;    /* of the result … */
    char *text;                     /* … written out; owned by the flow */
    char key[IDEMPOTENCY_KEY_SIZE]; /* … of the settled intent that it tells of; "": of none */
};

enum flow_step { FLOW_ITEM, FLOW_END, FLOW_FAILED };

struct flow_source {
    /* The next one. FLOW_FAILED with a sentence. */
    enum flow_step (*next)(void *self, struct flow_item *item, char sentence[JOURNAL_SENTENCE_MAX]);
    /* Writes a result out as one line. Owned by the caller, NULL: out of memory. */
    char *(*write)(void *self, const struct result *result);
    void *self;
};

struct flow_options {
    const struct submitter_context *context;
    size_t in_flight; /* requests at once; as many more may be recorded ahead, but for one */
    FILE *out;
    struct progress *progress;
    int interrupt;  /* a descriptor: readable when it is to stop */
    size_t *counts; /* RESULT_OUTCOMES of them, of those told; NULL: nobody asks */
};

enum flow_end {
    FLOW_FINISHED,    /* everything was told */
    FLOW_INTERRUPTED, /* what was under way is in the journal */
    FLOW_BROKEN,      /* the same, for a reason that is in the sentence */
};

/* `exit_code` is the highest of those told. */
enum flow_end flow_run(const struct flow_options *options, const struct flow_source *source,
                       int *exit_code, char sentence[JOURNAL_SENTENCE_MAX]);

#endif
