#include "mock_server/differs.h"

#include "protocol/wire/buffer.h"
#include "protocol/wire/json.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void compare(struct buffer *pointer, json_t *a, json_t *b, json_t *found);

static void append_segment(struct buffer *pointer, const char *name)
{
    buffer_append(pointer, "/", 1);
    for (; *name != '\0'; name++) {
        if (*name == '~' || *name == '/') {
            buffer_text(pointer, *name == '~' ? "~0" : "~1");
        } else {
            buffer_append(pointer, name, 1);
        }
    }
}

static void compare_member(struct buffer *pointer, const char *name, json_t *a, json_t *b,
                           json_t *found)
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

static void compare_objects(struct buffer *pointer, json_t *a, json_t *b, json_t *found)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(a, name, value)
    {
        if (!is_key_itself(pointer, name)) {
            compare_member(pointer, name, value, json_object_get(b, name), found);
        }
    }
    json_object_foreach(b, name, value)
    {
        if (!is_key_itself(pointer, name) && !json_object_get(a, name)) {
            compare_member(pointer, name, NULL, value, found);
        }
    }
}

static void compare_arrays(struct buffer *pointer, json_t *a, json_t *b, json_t *found)
{
    size_t count =
        json_array_size(a) > json_array_size(b) ? json_array_size(a) : json_array_size(b);
    for (size_t i = 0; i < count; i++) {
        char index[24];
        snprintf(index, sizeof index, "%zu", i);
        compare_member(pointer, index, json_array_get(a, i), json_array_get(b, i), found);
    }
}

static void compare(struct buffer *pointer, json_t *a, json_t *b, json_t *found)
{
    if (json_array_size(found) >= DIFFERS_MAX) {
        return;
    }
    if (json_is_object(a) && json_is_object(b)) {
        compare_objects(pointer, a, b, found);
    } else if (json_is_array(a) && json_is_array(b)) {
        compare_arrays(pointer, a, b, found);
    } else if (!a || !b || !json_equal(a, b)) {
        json_array_append_new(found,
                              json_stringn(pointer->bytes ? pointer->bytes : "", pointer->length));
    }
}

json_t *differs_between(const char *first, json_t *second)
{
    char problem[JSON_PROBLEM_MAX];
    json_t *a = json_read_object(first, strlen(first), problem);
    json_t *found = a ? json_array() : NULL;
    struct buffer pointer = {0};
    if (found) {
        compare(&pointer, a, second, found);
    }
    json_decref(a);
    buffer_clear(&pointer);
    return found;
}
