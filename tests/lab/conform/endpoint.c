#include "tests/lab/conform/endpoint.h"

#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (1024 * 1024)

static const struct {
    const char *pointer;
    enum json_kind kind; /* JSON_TRUE: or false */
} MEMBERS[] = {
    {"/path", JSON_STRING},
    {"/body", JSON_OBJECT},
    {"/unique", JSON_STRING},
    {"/change", JSON_OBJECT},
    {"/invalid", JSON_OBJECT},
    {"/key", JSON_OBJECT},
    {"/key/header", JSON_STRING},
    {"/key/value", JSON_STRING},
    {"/key/also", JSON_ARRAY},
    {"/key/malformed", JSON_ARRAY},
    {"/key/length_max", JSON_NUMBER},
    {"/key/member", JSON_STRING},
    {"/replayed", JSON_STRING},
    {"/statuses", JSON_OBJECT},
    {"/statuses/created", JSON_NUMBER},
    {"/statuses/replayed", JSON_NUMBER},
    {"/statuses/expired", JSON_NUMBER},
    {"/location", JSON_TRUE},
    {"/id", JSON_STRING},
    {"/original", JSON_STRING},
    {"/body_max", JSON_NUMBER},
    {"/elsewhere", JSON_OBJECT},
    {"/elsewhere/path", JSON_STRING},
    {"/elsewhere/body", JSON_OBJECT},
    {"/refusals", JSON_OBJECT},
};
static const char *const OBJECTS[] = {"", "/key", "/statuses", "/elsewhere"};

static const struct {
    const char *name;
    int status; /* unless the file says another */
} REFUSALS[] = {
    {"route", 404},         {"method", 405},     {"token", 401},           {"size", 413},
    {"media-type", 415},    {"json", 400},       {"key-missing", 400},     {"key-malformed", 400},
    {"key-disagrees", 400}, {"key-reused", 422}, {"key-in-progress", 409}, {"invalid", 422},
    {"taken", 409},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

__attribute__((format(printf, 2, 3))) static bool wrong(const char *file, const char *format, ...)
{
    va_list values;
    fprintf(stderr, "invonce-lab conform: %s: ", file);
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    return false;
}

/* --- whether the file may say what it says --- */

static bool is_of_kind(const struct json *value, enum json_kind kind)
{
    enum json_kind found = json_kind(value);
    return found == kind || found == JSON_NULL || found == JSON_ABSENT ||
           (kind == JSON_TRUE && found == JSON_FALSE);
}

static const char *const WORDS[] = {[JSON_TRUE] = "true or false",
                                    [JSON_NUMBER] = "a number",
                                    [JSON_STRING] = "a text",
                                    [JSON_ARRAY] = "a list",
                                    [JSON_OBJECT] = "an object"};

static bool is_known(const char *pointer)
{
    bool known = false;
    for (size_t i = 0; i < COUNT(MEMBERS) && !known; i++)
        known = strcmp(MEMBERS[i].pointer, pointer) == 0;
    return known;
}

static bool check_members(const struct json *document, const char *file)
{
    bool good = true;
    for (size_t i = 0; i < COUNT(MEMBERS) && good; i++)
        if (!is_of_kind(json_pointer_get(document, MEMBERS[i].pointer), MEMBERS[i].kind))
            good = wrong(file, "%s must be %s", MEMBERS[i].pointer, WORDS[MEMBERS[i].kind]);
    for (size_t i = 0; i < COUNT(OBJECTS) && good; i++) {
        const struct json *member = json_first(json_pointer_get(document, OBJECTS[i]));
        for (; member && good; member = json_next(member)) {
            char *pointer = support_format("%s/%s", OBJECTS[i], json_name(member));
            if (!is_known(pointer)) good = wrong(file, "%s: there is no such member", pointer);
            free(pointer);
        }
    }
    return good;
}

static bool is_list_of_texts(const struct json *list)
{
    const struct json *item = json_first(list);
    while (item && json_string(item))
        item = json_next(item);
    return !item;
}

static bool is_refusal_known(const char *name)
{
    bool known = false;
    for (size_t i = 0; i < COUNT(REFUSALS) && !known; i++)
        known = strcmp(REFUSALS[i].name, name) == 0;
    return known;
}

static bool check_refusals(const struct json *document, const char *file)
{
    const struct json *refusal = json_first(json_member(document, "refusals"));
    for (; refusal; refusal = json_next(refusal)) {
        if (!is_refusal_known(json_name(refusal)))
            return wrong(file, "/refusals/%s: there is no such refusal", json_name(refusal));
        const struct json *status =
            json_kind(refusal) == JSON_OBJECT ? json_member(refusal, "status") : refusal;
        if (json_kind(refusal) != JSON_NULL && json_kind(status) != JSON_NUMBER)
            return wrong(file, "/refusals/%s must be a status, an object with one, or null",
                         json_name(refusal));
    }
    return true;
}

static bool has_mark(const struct json *value, const char *mark)
{
    char *text = json_to(value);
    bool has = strstr(text, mark) != NULL;
    free(text);
    return has;
}

static bool check(const struct json *document, const char *file)
{
    const struct json *body = json_member(document, "body");
    const char *path = json_text(document, "path"), *unique = json_text(document, "unique");
    const char *other_path = json_pointer_text(document, "/elsewhere/path");
    const char *value = json_string(json_pointer_get(document, "/key/value"));
    const char *header = json_string(json_pointer_get(document, "/key/header"));
    if (!check_members(document, file) || !check_refusals(document, file)) return false;
    if (!path || *path != '/' || (*other_path && *other_path != '/'))
        return wrong(file, "a path begins with /");
    if (!body || !has_mark(body, MARK_UNIQUE))
        return wrong(file, "/body must have " MARK_UNIQUE " where each request differs");
    if (unique && !strstr(json_pointer_text(body, unique), MARK_UNIQUE))
        return wrong(file, "/unique must point at a text in the body that has " MARK_UNIQUE);
    if (header && !*header) return wrong(file, "/key/header must not be empty");
    if (value && !strstr(value, MARK_KEY))
        return wrong(file, "/key/value must have " MARK_KEY " in it");
    if (!is_list_of_texts(json_pointer_get(document, "/key/also")) ||
        !is_list_of_texts(json_pointer_get(document, "/key/malformed")))
        return wrong(file, "/key/also and /key/malformed are lists of texts");
    if (json_member(document, "elsewhere") &&
        !(*other_path && json_pointer_get(document, "/elsewhere/body")))
        return wrong(file, "/elsewhere has a path and a body");
    return true;
}

/* --- reading --- */

static struct json *read_document(const char *file)
{
    static char bytes[FILE_MAX];
    char problem[JSON_PROBLEM_MAX] = "";
    FILE *stream = fopen(file, "re");
    size_t length = stream ? fread(bytes, 1, FILE_MAX, stream) : 0;
    bool read = stream && !ferror(stream);
    if (!read) wrong(file, "it can't be read: %s", strerror(errno));
    if (stream) fclose(stream);
    struct json *document = read ? json_read_object(bytes, length, problem) : NULL;
    if (read && !document) wrong(file, "%s", problem);
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
    for (size_t i = 0; i < COUNT(REFUSALS); i++)
        if (!json_member(refusals, REFUSALS[i].name))
            json_put(refusals, REFUSALS[i].name, json_new_integer(REFUSALS[i].status));
}

bool endpoint_read(struct endpoint *endpoint, const char *file)
{
    struct json *document = read_document(file);
    *endpoint = (struct endpoint){.document = document};
    if (!document || !check(document, file)) return false;
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
