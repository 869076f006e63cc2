/* What the outbox command's own files share. */
#ifndef INVONCE_TUI_OUTBOX_INSIDE_H
#define INVONCE_TUI_OUTBOX_INSIDE_H

#include "tui/batch/session.h"

#include "protocol/client/journal/journal.h"
#include "protocol/wire/json.h"

#include <stdbool.h>
#include <stddef.h>

enum task { TASK_LIST, TASK_RESUME, TASK_SEEN };

struct outbox {
    struct settings settings;
    enum task task;
    char **keys; /* SEEN: of the command line */
    size_t key_count;
    bool take_over; /* what another token left that the server never named */
    bool json;
    struct session session;
    struct journal *journal;
};

/* All of these say on standard error what is wrong, and return the exit code. */
int outbox_list(struct outbox *outbox);   /* what the journal has, on standard output */
int outbox_resume(struct outbox *outbox); /* opens its own session */

/* Adds what every line of JSON has of an intent. False: out of memory. */
bool outbox_describe(struct json *object, const struct journal_entry *entry);

#endif
