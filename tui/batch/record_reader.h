/* One record of a batch, from bytes to an intent, or to the problem that it isn't one. Pure. */
#ifndef INVONCE_TUI_RECORD_READER_H
#define INVONCE_TUI_RECORD_READER_H

#include "protocol/client/intent.h"
#include "tui/batch/input.h"

/* Either an intent, frozen under its key, or a problem; neither: out of memory. The key is `key`
 * (NULL: none was asked for), else the record's own member "idempotency_key", else a new one. */
struct record_reading {
    struct intent *intent; /* owned */
    struct json *problem;  /* owned: a document as the server would answer */
    bool keyed;            /* the key was given with it, not made here */
    char *name;            /* owned; NULL or "": it has none that could be read */
};

struct record_reading record_read(const struct input_record *record, const struct resource *kind,
                                  const char *key);
void record_reading_clear(struct record_reading *reading);

#endif
