#include "tests/lab/conform/endpoint.h"

#include "tests/lab/conform/endpoint_check.h"
#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (1024 * 1024)

static struct json *read_document(const char *file)
{
    static char bytes[FILE_MAX + 1];
    char problem[JSON_PROBLEM_MAX] = "";
    FILE *stream = fopen(file, "re");
    size_t length = stream ? fread(bytes, 1, sizeof bytes, stream) : 0;
    bool read = stream && !ferror(stream), fits = length <= FILE_MAX;
    if (!read) endpoint_wrong(file, "it can't be read: %s", strerror(errno));
    if (stream) fclose(stream);
    if (!fits) endpoint_wrong(file, "it is too large: %d bytes at most", FILE_MAX);
    struct json *document = read && fits ? json_read_object(bytes, length, problem) : NULL;
    if (read && fits && !document) endpoint_wrong(file, "%s", problem);
    return document;
}

static int number_at(const struct json *document, const char *pointer, int otherwise)
{
    return (int)json_integer(json_pointer_get(document, pointer), otherwise);
}

/* What the file doesn't say of refusals is as in the contract. */
static void fill_in_refusals(struct json *document)
{
    if (json_kind(json_member(document, "refusals")) != JSON_OBJECT)
        json_put(document, "refusals", json_new_object());
    struct json *refusals = json_member(document, "refusals");
    for (const struct endpoint_refusal *known = ENDPOINT_REFUSALS; known->name; known++)
        if (!json_member(refusals, known->name))
            json_put(refusals, known->name, json_new_integer(known->status));
}

bool endpoint_read(struct endpoint *endpoint, const char *file)
{
    struct json *document = read_document(file);
    *endpoint = (struct endpoint){.document = document};
    if (!document || !endpoint_check(document, file)) return false;
    fill_in_refusals(document);
    const char *header = json_string(json_pointer_get(document, "/key/header"));
    const char *value = json_string(json_pointer_get(document, "/key/value"));
    endpoint->path = json_text(document, "path");
    endpoint->header = header ? header : "Idempotency-Key";
    endpoint->value = value ? value : "\"" MARK_KEY "\"";
    endpoint->member = json_string(json_pointer_get(document, "/key/member"));
    endpoint->replayed = json_text(document, "replayed");
    endpoint->id = json_text(document, "id");
    endpoint->original = json_text(document, "original");
    endpoint->is_unique = json_text(document, "unique") != NULL;
    endpoint->names_location = json_kind(json_member(document, "location")) == JSON_TRUE;
    endpoint->created = number_at(document, "/statuses/created", 201);
    endpoint->replays_as = number_at(document, "/statuses/replayed", endpoint->created);
    endpoint->expired = number_at(document, "/statuses/expired", 0);
    endpoint->body_max = number_at(document, "/body_max", 0);
    endpoint->key_max = number_at(document, "/key/length_max", 0);
    return true;
}

void endpoint_clear(struct endpoint *endpoint)
{
    json_free(endpoint->document);
    *endpoint = (struct endpoint){0};
}

const struct json *endpoint_part(const struct endpoint *endpoint, const char *pointer)
{
    const struct json *part = json_pointer_get(endpoint->document, pointer);
    return json_kind(part) == JSON_NULL ? NULL : part;
}

const struct json *endpoint_refusal(const struct endpoint *endpoint, const char *name)
{
    const struct json *refusal = json_member(json_member(endpoint->document, "refusals"), name);
    return json_kind(refusal) == JSON_NULL ? NULL : refusal;
}

int endpoint_refusal_status(const struct endpoint *endpoint, const char *name)
{
    const struct json *refusal = endpoint_refusal(endpoint, name);
    const struct json *status =
        json_kind(refusal) == JSON_OBJECT ? json_member(refusal, "status") : refusal;
    return (int)json_integer(status, 0);
}

char *endpoint_fill(const char *text, const char *mark, const char *value)
{
    struct support_buffer out = {0};
    support_append(&out, "", 0);
    for (const char *at; (at = strstr(text, mark)); text = at + strlen(mark)) {
        support_append(&out, text, (size_t)(at - text));
        support_append(&out, value, strlen(value));
    }
    support_append(&out, text, strlen(text));
    return out.bytes;
}
