/* How one record of a batch, or one intent of the outbox, ended: as JSON, as a line, as an exit
 * code. Pure. */
#ifndef INVONCE_TUI_RESULT_H
#define INVONCE_TUI_RESULT_H

#include "protocol/client/journal/journal.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum result_outcome {
    RESULT_CREATED,
    RESULT_REPLAYED,
    RESULT_CONFLICT,
    RESULT_REJECTED,
    RESULT_UNCONFIRMED,
    RESULT_OUTCOMES
};

/* All text is borrowed; NULL means none. */
struct result {
    enum result_outcome outcome;
    long long line;   /* of the input; 0: none … */
    bool is_numbered; /* … of a list: which of its records it is */
    const char *name; /* what a person calls it: the invoice's number */
    const char *key;
    const char *fingerprint; /* names it, with its key, in the journal */
    unsigned attempts;
    const struct json *invoice; /* CREATED, REPLAYED */
    const struct json *problem;
    const char *why; /* UNCONFIRMED, where there is no problem document: in plain words */
    bool unsent;     /* UNCONFIRMED: nothing of it can have arrived yet */
    bool is_same;    /* CONFLICT: with the original it is the same to the last member */
};

/* How an intent in that state of the journal's ended. */
enum result_outcome result_outcome_of(enum journal_state state);

const char *result_word(enum result_outcome outcome);

/* The command's exit code; of several the highest counts. */
int result_exit_code(enum result_outcome outcome);

/* {"outcome","key","attempts","invoice","problem"}, "line" or "record" if there is one, and "same"
 * where it is. New reference, NULL: out of memory. */
struct json *result_json(const struct result *result);

/* One line for people, safe to show, without its end. Owned by the caller; NULL: out of memory. */
char *result_line(const struct result *result);

/* How many ended how, in one line: "997 created, 1 conflict, 2 rejected". Of several, and on a
 * terminal: it is for people. */
void result_count_up(FILE *out, const size_t counts[RESULT_OUTCOMES]);

#endif
