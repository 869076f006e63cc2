#include "protocol/wire/invoice_json.h"

#include "protocol/wire/invoice_members.h"
#include "protocol/wire/message.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SHOWN_MAX 64 /* bytes of an unknown member's name that a pointer repeats */
#define POINTER_SIZE   (2 * NAME_SHOWN_MAX + 64)
#define PREFIX_SIZE    32 /* "/lines/199" */

struct reader {
    struct invoice_document *document;
    struct violations *violations;
};

/* What a JSON value is called in a sentence. */
static const char *kind_of(const struct json *value)
{
    static const char *const NAMES[] = {
        [JSON_OBJECT] = N_("an object"),
        [JSON_ARRAY] = N_("a list"),
        [JSON_STRING] = N_("a string"),
        [JSON_NUMBER] = N_("a number"),
        [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",
        [JSON_NULL] = "null",
        [JSON_ABSENT] = "null",
    };
    return NAMES[json_kind(value)];
}

/* Appends /name to the prefix, with RFC 6901's escapes; a long name is left out, and the pointer
 * then is that of the object it is in. */
static void make_pointer(char pointer[POINTER_SIZE], const char *prefix, const char *name)
{
    int size = snprintf(pointer, POINTER_SIZE, "%s", prefix);
    if (strlen(name) > NAME_SHOWN_MAX) return;
    char *at = pointer + size;
    *at++ = '/';
    for (; *name != '\0'; name++) {
        if (*name == '~' || *name == '/') *at++ = '~';
        *at++ = *name == '~' ? '0' : *name == '/' ? '1' : *name;
    }
    *at = '\0';
}

static void refuse_type(struct reader *reader, const struct member *member,
                        const struct json *value, const char *prefix)
{
    static const char *const WANTED[] = {[MEMBER_TEXT] = N_("a string"),
                                         [MEMBER_AMOUNT] = N_("a string"),
                                         [MEMBER_OBJECT] = N_("an object"),
                                         [MEMBER_LINES] = N_("a list of objects")};
    char pointer[POINTER_SIZE];
    make_pointer(pointer, prefix, member->name);
    if (member->kind == MEMBER_AMOUNT && json_kind(value) == JSON_NUMBER)
        violations_add(reader->violations, pointer, "not-a-string",
                       N_("The %s is a JSON number, which is not exact; write it as a string, such "
                          "as \"%s\"."),
                       member->name, member->example);
    else
        violations_add(reader->violations, pointer, "wrong-type", N_("The %s must be %s, not %s."),
                       member->name, WANTED[member->kind], kind_of(value));
}

static void refuse_unknown(struct reader *reader, const char *name, const char *prefix)
{
    char pointer[POINTER_SIZE], excerpt[TEXT_EXCERPT_SIZE];
    make_pointer(pointer, prefix, name);
    text_excerpt(name, excerpt);
    violations_add(reader->violations, pointer, "unknown-member",
                   N_("There is no member \"%s\" here; leave it out."), excerpt);
}

static void read_members(struct reader *reader, const struct members *members,
                         const struct json *object, void *base, const char *prefix);

static void read_line(struct reader *reader, const struct members *members,
                      const struct json *value, size_t index)
{
    char prefix[PREFIX_SIZE];
    snprintf(prefix, sizeof prefix, "/lines/%zu", index);
    if (json_kind(value) == JSON_OBJECT)
        read_members(reader, members, value, &reader->document->lines[index], prefix);
    else
        violations_add(reader->violations, prefix, "wrong-type",
                       N_("Line %zu must be an object, not %s."), index + 1, kind_of(value));
}

static void read_lines(struct reader *reader, const struct members *members,
                       const struct json *array)
{
    struct invoice_document *document = reader->document;
    size_t count = json_count(array);
    if (count > INVOICE_LINES_MAX) {
        violations_add(reader->violations, "/lines", "too-many",
                       N_("There are %zu lines; %d are the most."), count, INVOICE_LINES_MAX);
        count = INVOICE_LINES_MAX;
    }
    if (count == 0) return;
    document->lines = calloc(count, sizeof *document->lines);
    if (document->lines == NULL) {
        reader->violations->out_of_memory = true;
        return;
    }
    document->invoice.lines = document->lines;
    document->invoice.line_count = count;
    const struct json *line = json_first(array);
    for (size_t i = 0; i < count; i++, line = json_next(line))
        read_line(reader, members, line, i);
}

static bool has_kind(const struct member *member, const struct json *value)
{
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_AMOUNT:
        return json_kind(value) == JSON_STRING;
    case MEMBER_OBJECT:
        return json_kind(value) == JSON_OBJECT;
    case MEMBER_LINES:
        return json_kind(value) == JSON_ARRAY;
    case MEMBER_PASSED:
        return true;
    }
    return false;
}

static void read_member(struct reader *reader, const struct member *member,
                        const struct json *value, void *base, const char *prefix)
{
    char inside[PREFIX_SIZE];
    if (!has_kind(member, value)) {
        refuse_type(reader, member, value, prefix);
    } else if (member->kind == MEMBER_OBJECT) {
        snprintf(inside, sizeof inside, "%s/%s", prefix, member->name);
        read_members(reader, &member->inside, value, base, inside);
    } else if (member->kind == MEMBER_LINES) {
        read_lines(reader, &member->inside, value);
    } else if (member->kind != MEMBER_PASSED) {
        member_set_text(member, base, json_string(value));
    }
}

static void read_members(struct reader *reader, const struct members *members,
                         const struct json *object, void *base, const char *prefix)
{
    for (const struct json *at = json_first(object); at != NULL; at = json_next(at)) {
        const struct member *member = member_named(members, json_name(at));
        if (member != NULL)
            read_member(reader, member, at, base, prefix);
        else
            refuse_unknown(reader, json_name(at), prefix);
    }
}

static void read_shape(struct invoice_document *document, const struct json *json,
                       struct violations *violations)
{
    struct reader reader = {document, violations};
    *document = (struct invoice_document){.json = json};
    if (json_kind(json) == JSON_OBJECT)
        read_members(&reader, &INVOICE_MEMBERS, json, &document->invoice, "");
    else
        violations_add(violations, "", "wrong-type", N_("An invoice must be an object, not %s."),
                       kind_of(json));
}

/* An external_ref that is there has both members; invoice_validate, for whom a form's two empty
 * fields are no reference, doesn't see the braces. */
static void require_external_ref(const struct invoice_document *document,
                                 struct violations *violations)
{
    const struct member *member = member_named(&INVOICE_MEMBERS, "external_ref");
    if (json_kind(json_member(document->json, member->name)) != JSON_OBJECT) return;
    for (size_t i = 0; i < member->inside.count; i++) {
        const char *text = member_text(&member->inside.items[i], &document->invoice);
        if (text != NULL && text[0] != '\0') return;
    }
    for (size_t i = 0; i < member->inside.count; i++) {
        const char *name = member->inside.items[i].name;
        char pointer[POINTER_SIZE];
        make_pointer(pointer, "/external_ref", name);
        if (violations_at(violations, pointer) == NULL)
            violations_add(violations, pointer, "required",
                           N_("The %s of the external reference is required."), name);
    }
}

bool invoice_document_read(struct invoice_document *document, const struct json *json,
                           struct violations *violations)
{
    size_t before = violations->count;
    read_shape(document, json, violations);
    if (json_kind(json) != JSON_OBJECT || violations->out_of_memory) return false;
    invoice_validate(&document->invoice, violations);
    require_external_ref(document, violations);
    return violations->count == before && !violations->out_of_memory;
}

bool invoice_document_read_partial(struct invoice_document *document, const struct json *json,
                                   struct violations *violations)
{
    size_t before = violations->count;
    read_shape(document, json, violations);
    return violations->count == before && !violations->out_of_memory;
}

void invoice_document_clear(struct invoice_document *document)
{
    free(document->lines);
    json_free(document->own);
    *document = (struct invoice_document){0};
}
