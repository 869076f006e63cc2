#include "tests/support/json_pointer.h"

#include "tests/support/support.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* One reference token with ~1 and ~0 undone; the caller's to free. */
static char *token(const char *start, size_t length)
{
    char *text = support_format("%.*s", (int)length, start), *out = text;
    for (const char *in = text; *in; in++) {
        bool escaped = in[0] == '~' && (in[1] == '0' || in[1] == '1');
        *out++ = escaped ? (in[1] == '1' ? '/' : '~') : *in;
        if (escaped) in++;
    }
    *out = '\0';
    return text;
}

static json_t *child(const json_t *parent, const char *name)
{
    return json_is_array(parent) ? json_array_get(parent, strtoul(name, NULL, 10))
                                 : json_object_get(parent, name);
}

json_t *json_pointer_get(const json_t *document, const char *pointer)
{
    /* jansson's getters want a mutable value only to hand one out. */
    json_t *here = (json_t *)(uintptr_t)document;
    while (here && *pointer == '/') {
        size_t length = strcspn(pointer + 1, "/");
        char *name = token(pointer + 1, length);
        here = child(here, name);
        free(name);
        pointer += 1 + length;
    }
    return here;
}

const char *json_pointer_text(const json_t *document, const char *pointer)
{
    const char *text = json_string_value(json_pointer_get(document, pointer));
    return text ? text : "";
}

void json_pointer_put(json_t *document, const char *pointer, json_t *value)
{
    const char *last = strrchr(pointer, '/');
    if (!last) support_die("no pointer: %s", pointer);
    char *above = support_format("%.*s", (int)(last - pointer), pointer);
    char *name = token(last + 1, strlen(last + 1));
    json_t *parent = json_pointer_get(document, above);
    bool done;
    if (json_is_array(parent)) {
        size_t index = strtoul(name, NULL, 10);
        done = (!value                             ? json_array_remove(parent, index)
                : index == json_array_size(parent) ? json_array_append_new(parent, value)
                                                   : json_array_set_new(parent, index, value)) == 0;
    } else {
        done =
            (value ? json_object_set_new(parent, name, value) : json_object_del(parent, name)) == 0;
    }
    if (!done) support_die("cannot put at %s", pointer);
    free(above);
    free(name);
}

json_t *json_from(const char *text)
{
    json_error_t error;
    json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (!value) support_die("not JSON: %s: %s", error.text, text);
    return value;
}

char *json_to(const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!text) support_die("out of memory");
    return text;
}
