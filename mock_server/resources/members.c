#include "mock_server/resources/members.h"

#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* White space and invisible characters alone say nothing. */
static bool is_blank(const char *text)
{
    char *folded = text_fold(text);
    bool blank = folded && folded[0] == '\0';
    free(folded);
    return blank;
}

static void check_text(const struct text_member *member, const char *text,
                       struct violations *violations)
{
    char pointer[80];
    snprintf(pointer, sizeof pointer, "/%s", member->name);
    if (member->required && is_blank(text)) {
        violations_add(violations, pointer, "required", "The %s must not be empty.", member->name);
    } else if (text_length(text) > member->max) {
        violations_add(violations, pointer, "too-long", "The %s has more than %zu characters.",
                       member->name, member->max);
    } else if (text_has_control(text, TEXT_ONE_LINE)) {
        violations_add(violations, pointer, "control-character",
                       "The %s holds a control character.", member->name);
    }
}

static const char *read_member(const struct json *body, const struct text_member *member,
                               struct violations *violations)
{
    char pointer[80];
    snprintf(pointer, sizeof pointer, "/%s", member->name);
    const struct json *value = json_member(body, member->name);
    const char *text = json_string(value);
    if (text) {
        check_text(member, text, violations);
    } else if (json_kind(value) == JSON_NUMBER && member->is_decimal) {
        violations_add(violations, pointer, "not-a-string",
                       "The %s is a JSON number, which is not exact; write it as a string.",
                       member->name);
    } else if (value) {
        violations_add(violations, pointer, "wrong-type", "The %s must be a string.", member->name);
    } else if (member->required) {
        violations_add(violations, pointer, "required", "The %s is required.", member->name);
    }
    return text && text[0] != '\0' ? text : NULL;
}

static bool is_known(const char *name, const struct text_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(members[i].name, name) == 0) {
            return true;
        }
    }
    return strcmp(name, "idempotency_key") == 0;
}

static void refuse_unknown(const char *name, struct violations *violations)
{
    /* A pointer to it (RFC 6901), where its name is short enough to repeat. */
    char pointer[2 * 64 + 2] = "";
    size_t out = 0;
    if (strlen(name) <= 64) {
        pointer[out++] = '/';
        for (; *name != '\0'; name++) {
            if (*name == '~' || *name == '/') {
                pointer[out++] = '~';
            }
            pointer[out++] = (char)(*name == '~' ? '0' : *name == '/' ? '1' : *name);
        }
        pointer[out] = '\0';
    }
    violations_add(violations, pointer, "unknown-member",
                   "There is no such member here; leave it out.");
}

void members_read_known(const struct json *body, const struct text_member *members, size_t count,
                        const char **values, struct violations *violations)
{
    for (size_t i = 0; i < count; i++) {
        values[i] = read_member(body, &members[i], violations);
    }
}

void members_read(const struct json *body, const struct text_member *members, size_t count,
                  const char **values, struct violations *violations)
{
    members_read_known(body, members, count, values, violations);
    for (const struct json *at = json_first(body); at; at = json_next(at)) {
        if (!is_known(json_name(at), members, count)) {
            refuse_unknown(json_name(at), violations);
        }
    }
}
