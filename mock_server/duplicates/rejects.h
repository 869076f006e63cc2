/* What an import passes over: kept in a file that can be mended and imported again, and named on
 * standard error. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_REJECTS_H
#define INVONCE_MOCK_SERVER_DUPLICATES_REJECTS_H

#include "mock_server/duplicates/source.h"

#include <stdio.h>

struct rejects {
    const char *input;  /* its name */
    const char *path;   /* of the file, which is made with the first one */
    FILE *file;         /* NULL: none yet */
    const char *header; /* of CSV; NULL: JSON Lines */
    int64_t count;
    bool failed; /* a sentence was written */
};

/* One more, and why. Of JSON Lines the line follows a comment, of CSV its rows begin with the
 * reason. */
void rejects_add(struct rejects *rejects, const struct source_item *item, const char *reason);

/* False, with a sentence: not all of them are in the file. */
bool rejects_close(struct rejects *rejects);

#endif
