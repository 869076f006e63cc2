#include "protocol/wire/canonical_json.h"

#include "protocol/wire/buffer.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMBERS_ON_STACK 16

struct member {
    const char *name;
    const struct json *value;
};

/* UTF-8 sorts as UTF-16 does but for one thing: surrogates come before U+E000 to U+FFFF. */
static int compare_utf16(const void *left, const void *right)
{
    const unsigned char *a = (const unsigned char *)((const struct member *)left)->name;
    const unsigned char *b = (const unsigned char *)((const struct member *)right)->name;
    while (*a == *b && *a != '\0') {
        a++;
        b++;
    }
    bool a_is_pair = *a >= 0xF0, b_is_pair = *b >= 0xF0;
    if (*a >= 0xEE && *b >= 0xEE && a_is_pair != b_is_pair) return a_is_pair ? -1 : 1;
    return *a - *b;
}

static void put_value(struct buffer *out, const struct json *value, const char *except);

static size_t sort_members(const struct json *object, const char *except, struct member *members)
{
    size_t count = 0;
    for (const struct json *at = json_first(object); at != NULL; at = json_next(at))
        if (except == NULL || strcmp(json_name(at), except) != 0)
            members[count++] = (struct member){json_name(at), at};
    qsort(members, count, sizeof *members, compare_utf16);
    return count;
}

static void put_object(struct buffer *out, const struct json *object, const char *except)
{
    struct member few[MEMBERS_ON_STACK];
    size_t size = json_count(object);
    struct member *members = size <= MEMBERS_ON_STACK ? few : malloc(size * sizeof *members);
    if (members == NULL) {
        out->failed = true;
        return;
    }
    size_t count = sort_members(object, except, members);
    buffer_append(out, "{", 1);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) buffer_append(out, ",", 1);
        buffer_string(out, members[i].name, strlen(members[i].name));
        buffer_append(out, ":", 1);
        put_value(out, members[i].value, NULL);
    }
    buffer_append(out, "}", 1);
    if (members != few) free(members);
}

static void put_array(struct buffer *out, const struct json *array)
{
    buffer_append(out, "[", 1);
    for (const struct json *item = json_first(array); item != NULL; item = json_next(item)) {
        if (item != json_first(array)) buffer_append(out, ",", 1);
        put_value(out, item, NULL);
    }
    buffer_append(out, "]", 1);
}

static void put_value(struct buffer *out, const struct json *value, const char *except)
{
    if (json_kind(value) == JSON_OBJECT)
        put_object(out, value, except);
    else if (json_kind(value) == JSON_ARRAY)
        put_array(out, value);
    else
        buffer_json(out, value);
}

char *canonical_json(const struct json *value, const char *except)
{
    struct buffer out = {0};
    buffer_reserve(&out, 1024);
    put_value(&out, value, except);
    buffer_append(&out, "", 1);
    if (!out.failed) return out.bytes;
    buffer_clear(&out);
    return NULL;
}

bool json_equal(const struct json *left, const struct json *right)
{
    char *one = left != NULL ? canonical_json(left, NULL) : NULL;
    char *other = right != NULL ? canonical_json(right, NULL) : NULL;
    bool equal = one != NULL && other != NULL && strcmp(one, other) == 0;
    free(one);
    free(other);
    return equal;
}
