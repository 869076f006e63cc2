/* The pages that --help prints: entries of a table, in the language that is spoken, 80 columns
 * wide. */
#ifndef INVONCE_TUI_MANUAL_H
#define INVONCE_TUI_MANUAL_H

#include <stddef.h>
#include <stdio.h>

enum manual_kind {
    MANUAL_TITLE,
    MANUAL_HEADING,   /* of what follows */
    MANUAL_USAGE,     /* one line, as it is */
    MANUAL_PARAGRAPH, /* wrapped; LF begins a new line */
    MANUAL_ITEM,      /* `term`, and `text` wrapped to the right of it or below */
};

struct manual_entry {
    enum manual_kind kind;
    const char *text;
    const char *term; /* of an item */
};

/* One entry; both texts are in the reader's language already. */
void manual_put(FILE *out, enum manual_kind kind, const char *term, const char *text);

/* All entries, translated. */
void manual_print(FILE *out, const struct manual_entry *entries, size_t count);

#endif
