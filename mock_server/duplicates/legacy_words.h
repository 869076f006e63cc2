/* What is read of a record of another system in more places than one. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_LEGACY_WORDS_H
#define INVONCE_MOCK_SERVER_DUPLICATES_LEGACY_WORDS_H

#include "protocol/wire/buffer.h"
#include "protocol/wire/violations.h"

#include <stdint.h>

/* Appends what is wrong, the first few in full. */
void legacy_refuse_violations(struct buffer *reason, const struct violations *violations);

/* A time, or a day alone, which is its first moment. */
bool legacy_read_time(const char *text, int64_t *ms);

#endif
