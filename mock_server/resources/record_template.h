/* The JSON of a record but for what the writer alone knows, so that the one writer has nothing to
 * do but put it in. */
#ifndef INVONCE_MOCK_SERVER_RESOURCES_RECORD_TEMPLATE_H
#define INVONCE_MOCK_SERVER_RESOURCES_RECORD_TEMPLATE_H

#include "protocol/wire/resource.h"

#include <stdbool.h>
#include <stddef.h>

#define RECORD_BLANKS_MAX 3

/* What a value that is to be filled in says meanwhile: no text of a valid request holds a control
 * character. */
#define RECORD_BLANK "\001"

struct record_template {
    char *text; /* owned */
    size_t length;
    size_t blanks[RECORD_BLANKS_MAX]; /* where they start */
    int count;
};

/* Of values some of which may be RECORD_BLANK; the id and the time are. False when out of memory.
 * To be cleared either way. */
bool record_template_make(struct record_template *template, const struct resource *resource,
                          const struct values *values, const char *created_by);

/* The record, with a value for each blank in the order of the text; owned by the caller, NULL: out
 * of memory. */
char *record_template_fill(const struct record_template *template,
                           const char *const values[RECORD_BLANKS_MAX], size_t *length);

void record_template_clear(struct record_template *template);

#endif
