#include "protocol/wire/json.h"

#include "protocol/wire/json_number.h"
#include "protocol/wire/message.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_MAX 9007199254740992.0 /* 2^53: every whole number up to it is a double */

static cJSON *inside(const struct json *value)
{
    return (cJSON *)(uintptr_t)value;
}

static struct json *outside(const cJSON *item)
{
    return (struct json *)(uintptr_t)item;
}

/* --- in --- */

/* Line and column, both from 1, of the byte at `offset`; a column is a character. */
static void explain_at(char problem[JSON_PROBLEM_MAX], const char *sentence, const char *bytes,
                       size_t offset)
{
    int line = 1, column = 1;
    for (size_t i = 0; i < offset; i++) {
        if (bytes[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)bytes[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    snprintf(problem, JSON_PROBLEM_MAX, N_("%s (line %d, column %d)."), sentence, line, column);
}

/* What is sound fails for want of memory. (cJSON without the mend of CVE-2023-26819, which Debian's
 * 1.7.15 has, stops in a number of more than 63 bytes, and fails, too.) */
static struct json *read_sound(const char *bytes, size_t length)
{
    return outside(cJSON_ParseWithLength(bytes, length));
}

struct json *json_read_object(const char *bytes, size_t length, char problem[JSON_PROBLEM_MAX])
{
    size_t at;
    const char *sentence = json_scan(bytes, length, &at);
    errno = 0;
    struct json *value = sentence == NULL ? read_sound(bytes, length) : NULL;
    if (json_kind(value) == JSON_OBJECT) return value;
    int error = value == NULL ? errno : 0;
    if (value != NULL) {
        sentence = N_("It is not a JSON object; send one in braces");
        at = 0;
        json_free(value);
    }
    explain_at(problem, sentence != NULL ? sentence : N_("There is not enough memory to read it"),
               bytes, at);
    errno = error;
    return NULL;
}

struct json *json_read(const char *bytes, size_t length)
{
    size_t at;
    return json_scan(bytes, length, &at) == NULL ? read_sound(bytes, length) : NULL;
}

void json_free(struct json *value)
{
    cJSON_Delete(inside(value));
}

/* --- asking --- */

enum json_kind json_kind(const struct json *value)
{
    if (value == NULL) return JSON_ABSENT;
    switch (inside(value)->type & 0xFF) {
    case cJSON_False:
        return JSON_FALSE;
    case cJSON_True:
        return JSON_TRUE;
    case cJSON_Number:
        return JSON_NUMBER;
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

struct json *json_member(const struct json *object, const char *name)
{
    if (json_kind(object) != JSON_OBJECT) return NULL;
    return outside(cJSON_GetObjectItemCaseSensitive(inside(object), name));
}

const char *json_string(const struct json *value)
{
    return json_kind(value) == JSON_STRING ? inside(value)->valuestring : NULL;
}

const char *json_text(const struct json *object, const char *name)
{
    return json_string(json_member(object, name));
}

double json_number(const struct json *value)
{
    return json_kind(value) == JSON_NUMBER ? inside(value)->valuedouble : 0;
}

int64_t json_integer(const struct json *value, int64_t otherwise)
{
    double exact = json_number(value);
    bool is_whole = json_kind(value) == JSON_NUMBER && exact == trunc(exact);
    return is_whole && fabs(exact) <= EXACT_MAX ? (int64_t)exact : otherwise;
}

size_t json_count(const struct json *value)
{
    size_t count = 0;
    for (const struct json *item = json_first(value); item != NULL; item = json_next(item))
        count++;
    return count;
}

struct json *json_first(const struct json *value)
{
    return value != NULL ? outside(inside(value)->child) : NULL;
}

struct json *json_next(const struct json *item)
{
    assert(item != NULL);
    return outside(inside(item)->next);
}

struct json *json_item(const struct json *array, size_t index)
{
    struct json *item = json_first(array);
    while (item != NULL && index-- > 0)
        item = json_next(item);
    return item;
}

const char *json_name(const struct json *member)
{
    return inside(member)->string;
}

/* --- making --- */

struct json *json_new_object(void)
{
    return outside(cJSON_CreateObject());
}

struct json *json_new_array(void)
{
    return outside(cJSON_CreateArray());
}

struct json *json_new_string(const char *text)
{
    return outside(text != NULL ? cJSON_CreateString(text) : cJSON_CreateNull());
}

struct json *json_new_integer(int64_t number)
{
    return outside(cJSON_CreateNumber((double)number));
}

struct json *json_new_bool(bool truth)
{
    return outside(cJSON_CreateBool(truth));
}

struct json *json_copy(const struct json *value)
{
    return outside(cJSON_Duplicate(inside(value), true));
}

struct json *json_with(struct json *object, const char *name, struct json *value)
{
    if (json_put(object, name, value)) return object;
    json_free(object);
    return NULL;
}

struct json *json_new_texts(const char *name, ...)
{
    va_list rest;
    struct json *object = json_new_object();
    va_start(rest, name);
    for (; name != NULL; name = va_arg(rest, const char *))
        object = json_with(object, name, json_new_string(va_arg(rest, const char *)));
    va_end(rest);
    return object;
}

bool json_put(struct json *object, const char *name, struct json *value)
{
    struct json *before = json_member(object, name);
    if (json_kind(object) != JSON_OBJECT || value == NULL ||
        !cJSON_AddItemToObject(inside(object), name, inside(value))) {
        json_free(value);
        return false;
    }
    if (before != NULL) json_free(json_take(object, before));
    return true;
}

bool json_append(struct json *array, struct json *value)
{
    bool put = json_kind(array) == JSON_ARRAY && value != NULL &&
               cJSON_AddItemToArray(inside(array), inside(value));
    if (!put) json_free(value);
    return put;
}

bool json_replace(struct json *array, struct json *item, struct json *value)
{
    bool put = json_kind(array) == JSON_ARRAY && item != NULL && value != NULL &&
               cJSON_ReplaceItemViaPointer(inside(array), inside(item), inside(value));
    if (!put) json_free(value);
    return put;
}

bool json_remove(struct json *object, const char *name)
{
    struct json *member = json_member(object, name);
    if (member == NULL) return false;
    json_free(json_take(object, member));
    return true;
}

struct json *json_take(struct json *container, struct json *part)
{
    assert(json_kind(container) == JSON_OBJECT || json_kind(container) == JSON_ARRAY);
    return outside(cJSON_DetachItemViaPointer(inside(container), inside(part)));
}

/* --- out --- */

static void append_inside(struct buffer *buffer, const struct json *container, bool named)
{
    for (const struct json *item = json_first(container); item != NULL; item = json_next(item)) {
        if (item != json_first(container)) buffer_append(buffer, ",", 1);
        if (named) {
            buffer_string(buffer, json_name(item), strlen(json_name(item)));
            buffer_append(buffer, ":", 1);
        }
        buffer_json(buffer, item);
    }
}

static void append_number(struct buffer *buffer, const struct json *value)
{
    int64_t whole = json_integer(value, INT64_MIN);
    if (whole != INT64_MIN)
        buffer_number(buffer, whole);
    else
        buffer_json_number(buffer, json_number(value));
}

void buffer_json(struct buffer *buffer, const struct json *value)
{
    switch (json_kind(value)) {
    case JSON_ABSENT: /* a value that could not be made */
        buffer->failed = true;
        break;
    case JSON_NULL:
        buffer_text(buffer, "null");
        break;
    case JSON_FALSE:
        buffer_text(buffer, "false");
        break;
    case JSON_TRUE:
        buffer_text(buffer, "true");
        break;
    case JSON_NUMBER:
        append_number(buffer, value);
        break;
    case JSON_STRING:
        buffer_string(buffer, json_string(value), strlen(json_string(value)));
        break;
    case JSON_ARRAY:
        buffer_append(buffer, "[", 1);
        append_inside(buffer, value, false);
        buffer_append(buffer, "]", 1);
        break;
    case JSON_OBJECT:
        buffer_append(buffer, "{", 1);
        append_inside(buffer, value, true);
        buffer_append(buffer, "}", 1);
        break;
    }
}

char *json_write(const struct json *value)
{
    struct buffer out = {0};
    buffer_json(&out, value);
    buffer_append(&out, "", 1);
    if (!out.failed) return out.bytes;
    buffer_clear(&out);
    return NULL;
}

void json_use_memory(void *(*allocate)(size_t), void (*release)(void *))
{
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = allocate, .free_fn = release});
}
