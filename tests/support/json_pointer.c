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

static struct json *child(const struct json *parent, const char *name)
{
    return json_kind(parent) == JSON_ARRAY ? json_item(parent, strtoul(name, NULL, 10))
                                           : json_member(parent, name);
}

struct json *json_pointer_get(const struct json *document, const char *pointer)
{
    struct json *here = (struct json *)(uintptr_t)document;
    while (here && *pointer == '/') {
        size_t length = strcspn(pointer + 1, "/");
        char *name = token(pointer + 1, length);
        here = child(here, name);
        free(name);
        pointer += 1 + length;
    }
    return here;
}

const char *json_pointer_text(const struct json *document, const char *pointer)
{
    const char *text = json_string(json_pointer_get(document, pointer));
    return text ? text : "";
}

void json_pointer_put(struct json *document, const char *pointer, struct json *value)
{
    const char *last = strrchr(pointer, '/');
    if (!last) support_die("no pointer: %s", pointer);
    char *above = support_format("%.*s", (int)(last - pointer), pointer);
    char *name = token(last + 1, strlen(last + 1));
    struct json *parent = json_pointer_get(document, above), *before = child(parent, name);
    bool done = before != NULL;
    if (!value)
        json_free(before ? json_take(parent, before) : NULL);
    else if (json_kind(parent) == JSON_OBJECT)
        done = json_put(parent, name, value);
    else
        done = before ? json_replace(parent, before, value) : json_append(parent, value);
    if (!done) support_die("cannot put at %s", pointer);
    free(above);
    free(name);
}

struct json *json_from(const char *text)
{
    struct json *value = json_read(text, strlen(text));
    if (!value) support_die("not JSON: %s", text);
    return value;
}

char *json_to(const struct json *value)
{
    char *text = json_write(value);
    if (!text) support_die("out of memory");
    return text;
}
