/* Inputs of many records, and what became of them. */
#ifndef INVONCE_TESTS_CLIENT_BATCH_H
#define INVONCE_TESTS_CLIENT_BATCH_H

#include "tests/client/room.h"

#include "protocol/wire/json.h"
#include <stddef.h>

/* The number of the record at `index` (from 0); the caller's to free. */
char *batch_number(const char *prefix, size_t index);

/* Writes PREFIX.jsonl with `count` good records into the room; its path, the caller's to free. */
char *batch_write(const struct room *room, const char *prefix, size_t count);

/* NULL when each of them exists once, under one key, and the journal agrees; else a sentence, the
 * caller's to free. */
char *batch_account(const struct mock *mock, const struct room *room, const char *prefix,
                    size_t count);

/* The whole lines of an output that may have been cut, as JSON values. New reference. */
struct json *batch_whole_lines(const char *output);

#endif
