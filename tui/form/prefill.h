/* Reads the file of --prefill: a whole or partial request record in JSON. */
#ifndef INVONCE_TUI_PREFILL_H
#define INVONCE_TUI_PREFILL_H

#include "protocol/wire/resource.h"

#include <stdio.h>

enum prefill_status {
    PREFILL_OK,
    PREFILL_UNREADABLE, /* the file */
    PREFILL_WRONG,      /* what is in it */
};

/* Fills `document`, to be cleared either way. Says on `errors` what is wrong, all of it. "-" is not
 * a name for standard input: the form needs that. */
enum prefill_status prefill_read(const char *path, const struct resource *resource,
                                 struct document *document, FILE *errors);

#endif
