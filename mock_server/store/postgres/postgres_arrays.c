#include "mock_server/store/postgres/postgres_arrays.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>

/* The numbers of types never change (pg_type.dat). */
static const struct type {
    char letter;
    Oid array, element;
} TYPES[] = {{'t', 1009, 25}, {'i', 1016, 20}, {'n', 1007, 23}, {'b', 1001, 17}};

static const struct type *type_of(char letter)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        if (TYPES[i].letter == letter) {
            return &TYPES[i];
        }
    }
    assert(!"a type that has a letter");
    return &TYPES[0];
}

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    for (const unsigned char *at = bytes; length > 0; at++, length--) {
        hash = (hash ^ *at) * 0x100000001b3;
    }
    return hash ? hash : 1;
}

Oid array_type(char letter)
{
    return type_of(letter)->array;
}

static void add_int(struct buffer *array, uint32_t number)
{
    uint32_t big_endian = htobe32(number);
    buffer_append(array, &big_endian, sizeof big_endian);
}

#define HEADER_INTS 5
#define COUNT_AT    3 /* which of them */

void array_begin(struct buffer *array, char letter)
{
    array->length = 0;
    const uint32_t header[HEADER_INTS] = {1, 1, type_of(letter)->element, 0, 1};
    for (int i = 0; i < HEADER_INTS; i++) {
        add_int(array, header[i]);
    }
}

void array_add(struct buffer *array, char letter, const struct value *value)
{
    if (value->is_null) {
        add_int(array, UINT32_MAX);
    } else if (letter == 'i') {
        uint64_t big_endian = htobe64((uint64_t)value->number);
        add_int(array, sizeof big_endian);
        buffer_append(array, &big_endian, sizeof big_endian);
    } else if (letter == 'n') {
        add_int(array, sizeof(uint32_t));
        add_int(array, (uint32_t)value->number);
    } else {
        add_int(array, (uint32_t)value->length);
        buffer_append(array, value->at, value->length);
    }
}

void array_end(struct buffer *array, int count)
{
    uint32_t big_endian = htobe32((uint32_t)count);
    if (!array->failed) {
        memcpy(array->bytes + COUNT_AT * sizeof big_endian, &big_endian, sizeof big_endian);
    }
}

bool value_is(const struct value *value, char letter, const char *text, int length)
{
    if (letter == 'i' || letter == 'n') {
        return strtoll(text, NULL, 10) == value->number;
    }
    return (size_t)length == value->length && memcmp(text, value->at, value->length) == 0;
}
