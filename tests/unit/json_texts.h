/* Texts, each with what the scan makes of it and why. */
#ifndef INVONCE_TESTS_UNIT_JSON_TEXTS_H
#define INVONCE_TESTS_UNIT_JSON_TEXTS_H

#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define BYTES(text)  text, sizeof(text) - 1

enum fault {
    SOUND,
    EARLY,
    NOT_JSON,
    NOT_UTF8,
    ZERO,
    HALF,
    TWICE,
    LARGE,
    AFTER,
    BOM,
};

struct row {
    const char *bytes;
    size_t length;
    enum fault fault;
    const char *reason;
};

/* What the scan lets through is read, written and read again, the same; what it refuses is not
 * read, in its sentence; and nothing is looked at behind where it is cut. */
void json_texts_check(const struct row *rows, size_t count);

#endif
