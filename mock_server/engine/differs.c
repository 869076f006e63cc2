#include "mock_server/engine/differs.h"

#include "protocol/wire/canonical_json.h"
#include "protocol/wire/violations.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void compare(struct buffer *pointer, const struct json *a, const struct json *b,
                    struct json *found);

static bool is_full(const struct json *found)
{
    return json_count(found) >= DIFFERS_MAX;
}

static void append_segment(struct buffer *pointer, const char *name)
{
    if (buffer_reserve(pointer, 2 * strlen(name) + sizeof "/")) {
        char *end = violations_put_member(pointer->bytes + pointer->length, name);
        pointer->length = (size_t)(end - pointer->bytes);
    }
}

static void compare_member(struct buffer *pointer, const char *name, const struct json *a,
                           const struct json *b, struct json *found)
{
    size_t length = pointer->length;
    append_segment(pointer, name);
    compare(pointer, a, b, found);
    pointer->length = length;
}

static bool is_key_itself(const struct buffer *pointer, const char *name)
{
    return pointer->length == 0 && strcmp(name, "idempotency_key") == 0;
}

static void compare_objects(struct buffer *pointer, const struct json *a, const struct json *b,
                            struct json *found)
{
    for (const struct json *at = json_first(a); at && !is_full(found); at = json_next(at)) {
        if (!is_key_itself(pointer, json_name(at))) {
            compare_member(pointer, json_name(at), at, json_member(b, json_name(at)), found);
        }
    }
    for (const struct json *at = json_first(b); at && !is_full(found); at = json_next(at)) {
        if (!is_key_itself(pointer, json_name(at)) && !json_member(a, json_name(at))) {
            compare_member(pointer, json_name(at), NULL, at, found);
        }
    }
}

static void compare_arrays(struct buffer *pointer, const struct json *a, const struct json *b,
                           struct json *found)
{
    const struct json *in_a = json_first(a), *in_b = json_first(b);
    for (size_t i = 0; (in_a || in_b) && !is_full(found); i++) {
        char index[24];
        snprintf(index, sizeof index, "%zu", i);
        compare_member(pointer, index, in_a, in_b, found);
        in_a = in_a ? json_next(in_a) : NULL;
        in_b = in_b ? json_next(in_b) : NULL;
    }
}

static void compare(struct buffer *pointer, const struct json *a, const struct json *b,
                    struct json *found)
{
    if (is_full(found)) {
        return;
    }
    if (json_kind(a) == JSON_OBJECT && json_kind(b) == JSON_OBJECT) {
        compare_objects(pointer, a, b, found);
    } else if (json_kind(a) == JSON_ARRAY && json_kind(b) == JSON_ARRAY) {
        compare_arrays(pointer, a, b, found);
    } else if (!json_equal(a, b)) {
        char *text = strndup(pointer->bytes ? pointer->bytes : "", pointer->length);
        json_append(found, text ? json_new_string(text) : NULL);
        free(text);
    }
}

struct json *differs_between(const char *first, struct json *second)
{
    char problem[JSON_PROBLEM_MAX];
    struct json *a = json_read_object(first, strlen(first), problem);
    struct json *found = a ? json_new_array() : NULL;
    struct buffer pointer = {0};
    if (found) {
        compare(&pointer, a, second, found);
    }
    json_free(a);
    buffer_clear(&pointer);
    return found;
}
