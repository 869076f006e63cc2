/* Values on their way to PostgreSQL: arrays in its binary form (array_recv: number of dimensions,
 * whether there are nulls, type of the elements, size and first index, then each element with its
 * length in front). Only for store/postgres/. */
#ifndef INVONCE_MOCK_SERVER_STORE_POSTGRES_POSTGRES_ARRAYS_H
#define INVONCE_MOCK_SERVER_STORE_POSTGRES_POSTGRES_ARRAYS_H

#include "protocol/wire/buffer.h"

#include <libpq-fe.h>
#include <stdint.h>
#include <string.h>

/* Borrowed. A text's or bytes' `at` NULL: null. */
struct value {
    const void *at;
    size_t length;
    int64_t number; /* where the type is one of numbers */
    bool is_null;
};

static inline struct value value_bytes(const void *at, size_t length)
{
    return (struct value){.at = at, .length = length, .is_null = !at};
}

static inline struct value value_text(const char *text)
{
    return value_bytes(text, text ? strlen(text) : 0);
}

static inline struct value value_number(int64_t number)
{
    return (struct value){.number = number};
}

/* 0 is none. */
static inline struct value value_id(int64_t id)
{
    return (struct value){.number = id, .is_null = id == 0};
}

/* FNV-1a; 0 stands for none. */
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length);
#define HASH_BEGIN 0xcbf29ce484222325
static inline uint64_t hash_text(const char *text)
{
    return hash_bytes(HASH_BEGIN, text, strlen(text));
}

/* One of the letters of a statement's types. */
Oid array_type(char letter);

void array_begin(struct buffer *array, char letter);
void array_add(struct buffer *array, char letter, const struct value *value);

/* Once all are in. */
void array_end(struct buffer *array, int count);

/* Whether what PostgreSQL wrote as text is the value. */
bool value_is(const struct value *value, char letter, const char *text, int length);

#endif
