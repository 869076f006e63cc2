/* A catalogue of translations: the .mo file that msgfmt makes, read in place. Kept because glibc's
 * gettext finds nothing in the locales C and (from 2.39 on) C.UTF-8, often the only ones there are,
 * and has no list of the messages for `retold`. */
#ifndef INVONCE_TUI_CATALOG_H
#define INVONCE_TUI_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

/* All zeros is none: nothing is found in it. */
struct catalog {
    const char *bytes; /* mapped */
    size_t size;
    size_t count; /* of messages; the first is the header, under "" */
};

/* False when there is no such file or it isn't one; errors that matter to nobody but who installed
 * it. */
bool catalog_open(struct catalog *catalog, const char *path);
void catalog_close(struct catalog *catalog);

/* The translation of `text`, NULL when there is none. Form 0 is the singular, 1 the plural. */
const char *catalog_find(const struct catalog *catalog, const char *text, unsigned form);

/* The message at `index` below `count`, for going through all of them. */
const char *catalog_text(const struct catalog *catalog, size_t index);
const char *catalog_translation(const struct catalog *catalog, size_t index);

#endif
