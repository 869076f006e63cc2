/* A file of records, JSON Lines or CSV, read to its end: one record after the other, with what it
 * was made from. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_SOURCE_H
#define INVONCE_MOCK_SERVER_DUPLICATES_SOURCE_H

#include "protocol/wire/resource_csv.h"

#include <stdint.h>

struct source_form {
    bool csv;
    struct csv_form form;
};

struct source_item {
    size_t line;
    struct json *json;   /* the callee's; NULL: */
    const char *problem; /* why there is none */
    const char *text; /* as it was, without a line's end; of CSV: see csv_record; NULL: too long */
    size_t length;
};

typedef void source_each(void *context, struct source_item *item);

enum source_end {
    SOURCE_DONE,
    SOURCE_STOPPED, /* a signal asked for it */
    SOURCE_FAILED,  /* a sentence is in `problem` */
};

struct source {
    int fd;
    int64_t size;     /* 0: not known */
    int64_t position; /* bytes that were read */
    struct resource_csv *csv;
    char problem[CSV_PROBLEM_MAX];
};

/* `path` "-" is standard input. False, with errno: it can't be opened. */
bool source_open(struct source *source, const char *path);
enum source_end source_read(struct source *source, const struct resource *resource,
                            const struct source_form *form, source_each *each, void *context);
void source_close(struct source *source);

/* Whether it is that very file, by whatever name: writing there would destroy it. */
bool source_is(const struct source *source, const char *path);

#endif
