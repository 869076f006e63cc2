#include "tests/lab/conform/endpoint_check.h"

#include "tests/lab/conform/endpoint.h"
#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

#include "protocol/wire/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATUS_MIN 100
#define STATUS_MAX 599

static const struct {
    const char *pointer;
    enum json_kind kind; /* JSON_TRUE: or false */
    int64_t least, most; /* of a number, which is whole */
} MEMBERS[] = {
    {"/path", JSON_STRING, 0, 0},
    {"/body", JSON_OBJECT, 0, 0},
    {"/unique", JSON_STRING, 0, 0},
    {"/change", JSON_OBJECT, 0, 0},
    {"/invalid", JSON_OBJECT, 0, 0},
    {"/key", JSON_OBJECT, 0, 0},
    {"/key/header", JSON_STRING, 0, 0},
    {"/key/value", JSON_STRING, 0, 0},
    {"/key/also", JSON_ARRAY, 0, 0},
    {"/key/malformed", JSON_ARRAY, 0, 0},
    {"/key/length_max", JSON_NUMBER, 1, 64 * 1024},
    {"/key/member", JSON_STRING, 0, 0},
    {"/replayed", JSON_STRING, 0, 0},
    {"/statuses", JSON_OBJECT, 0, 0},
    {"/statuses/created", JSON_NUMBER, STATUS_MIN, STATUS_MAX},
    {"/statuses/replayed", JSON_NUMBER, STATUS_MIN, STATUS_MAX},
    {"/statuses/expired", JSON_NUMBER, STATUS_MIN, STATUS_MAX},
    {"/location", JSON_TRUE, 0, 0},
    {"/id", JSON_STRING, 0, 0},
    {"/original", JSON_STRING, 0, 0},
    {"/body_max", JSON_NUMBER, 1, 64 * 1024 * 1024},
    {"/elsewhere", JSON_OBJECT, 0, 0},
    {"/elsewhere/path", JSON_STRING, 0, 0},
    {"/elsewhere/body", JSON_OBJECT, 0, 0},
    {"/refusals", JSON_OBJECT, 0, 0},
};
static const char *const OBJECTS[] = {"", "/key", "/statuses", "/elsewhere"};

const struct endpoint_refusal ENDPOINT_REFUSALS[] = {
    {"route", 404},         {"method", 405},     {"token", 401},           {"size", 413},
    {"media-type", 415},    {"json", 400},       {"key-missing", 400},     {"key-malformed", 400},
    {"key-disagrees", 400}, {"key-reused", 422}, {"key-in-progress", 409}, {"invalid", 422},
    {"taken", 409},         {NULL, 0},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

bool endpoint_wrong(const char *file, const char *format, ...)
{
    char *sentence;
    va_list values;
    va_start(values, format);
    if (vasprintf(&sentence, format, values) < 0) support_die("out of memory");
    va_end(values);
    char *safe = text_safe(sentence, strlen(sentence), TEXT_ONE_LINE);
    if (!safe) support_die("out of memory");
    fprintf(stderr, "invonce-lab conform: %s: %s\n", file, safe);
    free(safe);
    free(sentence);
    return false;
}

/* --- members --- */

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

static bool is_whole(const struct json *number, int64_t least, int64_t most)
{
    int64_t value = json_integer(number, least - 1);
    return value >= least && value <= most;
}

static bool check_kinds(const struct json *document, const char *file)
{
    for (size_t i = 0; i < COUNT(MEMBERS); i++) {
        const struct json *value = json_pointer_get(document, MEMBERS[i].pointer);
        if (!is_of_kind(value, MEMBERS[i].kind))
            return endpoint_wrong(file, "%s must be %s", MEMBERS[i].pointer,
                                  WORDS[MEMBERS[i].kind]);
        if (json_kind(value) == JSON_NUMBER && !is_whole(value, MEMBERS[i].least, MEMBERS[i].most))
            return endpoint_wrong(file, "%s must be a whole number from %" PRId64 " to %" PRId64,
                                  MEMBERS[i].pointer, MEMBERS[i].least, MEMBERS[i].most);
    }
    return true;
}

static bool check_names(const struct json *document, const char *file)
{
    bool good = true;
    for (size_t i = 0; i < COUNT(OBJECTS) && good; i++) {
        const struct json *member = json_first(json_pointer_get(document, OBJECTS[i]));
        for (; member && good; member = json_next(member)) {
            char *pointer = support_format("%s/%s", OBJECTS[i], json_name(member));
            good =
                is_known(pointer) || endpoint_wrong(file, "%s: there is no such member", pointer);
            free(pointer);
        }
    }
    return good;
}

static bool is_refusal_known(const char *name)
{
    const struct endpoint_refusal *known = ENDPOINT_REFUSALS;
    while (known->name && strcmp(known->name, name) != 0)
        known++;
    return known->name != NULL;
}

static bool check_refusals(const struct json *document, const char *file)
{
    const struct json *refusal = json_first(json_member(document, "refusals"));
    for (; refusal; refusal = json_next(refusal)) {
        const char *name = json_name(refusal);
        if (!is_refusal_known(name))
            return endpoint_wrong(file, "/refusals/%s: there is no such refusal", name);
        const struct json *status =
            json_kind(refusal) == JSON_OBJECT ? json_member(refusal, "status") : refusal;
        if (json_kind(refusal) != JSON_NULL && !is_whole(status, STATUS_MIN, STATUS_MAX))
            return endpoint_wrong(
                file, "/refusals/%s must be a status (%d to %d), an object with one, or null", name,
                STATUS_MIN, STATUS_MAX);
    }
    return true;
}

/* --- what goes into a request --- */

/* RFC 9110, 5.6.2. */
static bool is_token(const char *name)
{
    static const char OTHERS[] = "!#$%&'*+-.^_`|~0123456789"
                                 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *name && name[strspn(name, OTHERS)] == '\0';
}

static bool is_path(const char *path)
{
    return *path == '/' && !strchr(path, '#') && !text_has_white_space(path) &&
           !text_has_control(path, TEXT_ONE_LINE);
}

static bool is_value(const char *value)
{
    return strstr(value, MARK_KEY) && !text_has_control(value, TEXT_ONE_LINE);
}

/* It may have other controls in it, as those are to be refused. */
static bool is_malformed_value(const char *value)
{
    return !strpbrk(value, "\r\n");
}

static bool are_all(const struct json *list, bool (*is_so)(const char *text))
{
    const struct json *item = json_first(list);
    while (item && json_string(item) && is_so(json_string(item)))
        item = json_next(item);
    return !item;
}

static bool check_paths(const struct json *document, const char *file)
{
    const char *path = json_text(document, "path");
    const char *other = json_string(json_pointer_get(document, "/elsewhere/path"));
    if (!path) return endpoint_wrong(file, "there is no path, a text that says where to post");
    if (!is_path(path) || (other && !is_path(other)))
        return endpoint_wrong(file, "a path begins with / and has no blanks, controls or #");
    if (json_kind(json_member(document, "elsewhere")) == JSON_OBJECT &&
        !(other && json_kind(json_pointer_get(document, "/elsewhere/body")) == JSON_OBJECT))
        return endpoint_wrong(file, "/elsewhere has a path and a body");
    return true;
}

static bool check_headers(const struct json *document, const char *file)
{
    const char *header = json_string(json_pointer_get(document, "/key/header"));
    const char *replayed = json_text(document, "replayed");
    const char *value = json_string(json_pointer_get(document, "/key/value"));
    if ((header && !is_token(header)) || (replayed && !is_token(replayed)))
        return endpoint_wrong(
            file, "/key/header and /replayed are names of headers: letters, digits, - and _");
    if (value && !is_value(value))
        return endpoint_wrong(file, "/key/value must have " MARK_KEY " in it, and no controls");
    if (!are_all(json_pointer_get(document, "/key/also"), is_value))
        return endpoint_wrong(file,
                              "/key/also must be texts with " MARK_KEY " in each, and no controls");
    if (!are_all(json_pointer_get(document, "/key/malformed"), is_malformed_value))
        return endpoint_wrong(file, "/key/malformed must be texts without line breaks");
    return true;
}

static bool has_mark(const struct json *value, const char *mark)
{
    char *text = json_to(value);
    bool has = strstr(text, mark) != NULL;
    free(text);
    return has;
}

static bool check_body(const struct json *document, const char *file)
{
    const struct json *body = json_member(document, "body");
    const char *unique = json_text(document, "unique");
    if (!body) return endpoint_wrong(file, "there is no body, an object that is posted");
    if (!has_mark(body, MARK_UNIQUE))
        return endpoint_wrong(file, "/body must have " MARK_UNIQUE " where each request differs");
    if (unique && !strstr(json_pointer_text(body, unique), MARK_UNIQUE))
        return endpoint_wrong(file,
                              "/unique must point at a text in the body that has " MARK_UNIQUE);
    return true;
}

bool endpoint_check(const struct json *document, const char *file)
{
    return check_kinds(document, file) && check_names(document, file) &&
           check_refusals(document, file) && check_paths(document, file) &&
           check_body(document, file) && check_headers(document, file);
}
