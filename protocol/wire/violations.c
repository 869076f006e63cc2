#include "protocol/wire/violations.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* RULES.md section 4 says what each one means. A code that isn't here is "other", wherever it comes
 * from, and `code` is static however the list came to be. */
static const char *const CODES[] = {
    "before-issue-date", "control-character", "not-a-currency", "not-a-date",   "not-a-decimal",
    "not-a-rule",        "not-a-string",      "not-a-time",     "not-an-email", "out-of-range",
    "overflow",          "required",          "too-long",       "too-many",     "too-many-decimals",
    "unknown-member",    "wrong-currency",    "wrong-type",
};

static bool make_room(struct violations *list)
{
    if ((list->count & (list->count - 1)) != 0) return true; /* full only at powers of two */
    size_t room = list->count == 0 ? 1 : 2 * list->count;
    struct violation *items = realloc(list->items, room * sizeof *items);
    if (items == NULL) return false;
    list->items = items;
    return true;
}

static const char *known_code(const char *code)
{
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++)
        if (strcmp(CODES[i], code) == 0) return CODES[i];
    return "other";
}

/* Takes over `detail`, which may be NULL. */
static void append(struct violations *list, const char *pointer, const char *code, char *detail)
{
    assert(list->count < VIOLATIONS_MAX);
    char *place = strdup(pointer);
    if (detail == NULL || place == NULL || !make_room(list)) {
        list->out_of_memory = true;
        free(place);
        free(detail);
        return;
    }
    list->items[list->count++] =
        (struct violation){.pointer = place, .code = known_code(code), .detail = detail};
}

void violations_add(struct violations *list, const char *pointer, const char *code,
                    const char *format, ...)
{
    if (list->count >= VIOLATIONS_MAX) return;
    char *detail;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&detail, format, arguments) < 0) detail = NULL;
    va_end(arguments);
    append(list, pointer, code, detail);
}

char *violations_put_member(char *pointer, const char *name)
{
    *pointer++ = '/';
    for (; *name != '\0'; name++) {
        if (*name == '~' || *name == '/') *pointer++ = '~';
        *pointer++ = *name == '~' ? '0' : *name == '/' ? '1' : *name;
    }
    *pointer = '\0';
    return pointer;
}

const struct violation *violations_at(const struct violations *list, const char *pointer)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].pointer, pointer) == 0) return &list->items[i];
    return NULL;
}

void violations_clear(struct violations *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].pointer);
        free(list->items[i].detail);
    }
    free(list->items);
    *list = (struct violations){0};
}

struct json *violations_to_json(const struct violations *list)
{
    struct json *array = json_new_array();
    if (array == NULL) return NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct violation *item = &list->items[i];
        struct json *error = json_new_texts("pointer", item->pointer, "code", item->code, "detail",
                                            item->detail, NULL);
        if (error == NULL || !json_append(array, error)) {
            json_free(array);
            return NULL;
        }
    }
    return array;
}

bool violations_from_json(const struct json *array, struct violations *list)
{
    if (json_kind(array) != JSON_ARRAY) return false;
    for (const struct json *error = json_first(array);
         error != NULL && list->count < VIOLATIONS_MAX; error = json_next(error)) {
        const char *pointer = json_text(error, "pointer");
        const char *code = json_text(error, "code");
        const char *detail = json_text(error, "detail");
        if (pointer == NULL || code == NULL || detail == NULL) return false;
        append(list, pointer, code, strdup(detail));
    }
    return true;
}
