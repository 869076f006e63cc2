#include "protocol/wire/invoice_json.h"

#include "protocol/wire/invoice_members.h"
#include "protocol/wire/json.h"
#include "protocol/wire/text.h"

#include <stdlib.h>
#include <string.h>

/* A request leaves out what is absent; a record says what holds then. */
enum form { REQUEST, RECORD };

static bool set(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new_nocheck(object, name, value) == 0;
}

static bool set_text(json_t *object, const char *name, const char *text)
{
    return set(object, name, json_string(text));
}

static bool is_absent(const char *text)
{
    return text == NULL || text[0] == '\0';
}

static json_t *write_members(const struct members *members, const struct invoice *invoice,
                             const void *base, enum form form);

static json_t *write_lines(const struct members *members, const struct invoice *invoice,
                           enum form form)
{
    json_t *array = json_array();
    for (size_t i = 0; array != NULL && i < invoice->line_count; i++) {
        json_t *line = write_members(members, invoice, &invoice->lines[i], form);
        if (json_array_append_new(array, line) == 0) continue;
        json_decref(array);
        return NULL;
    }
    return array;
}

/* An object or a list with nothing in it is left out as an empty text is. */
static bool write_inside(json_t *object, const struct member *member, const struct invoice *invoice,
                         const void *base, enum form form)
{
    json_t *value = member->kind == MEMBER_LINES
                        ? write_lines(&member->inside, invoice, form)
                        : write_members(&member->inside, invoice, base, form);
    if (json_object_size(value) > 0 || json_array_size(value) > 0)
        return set(object, member->name, value);
    bool made = value != NULL;
    json_decref(value);
    return made;
}

static bool write_member(json_t *object, const struct member *member, const struct invoice *invoice,
                         const void *base, enum form form)
{
    if (member->kind == MEMBER_PASSED) return true;
    if (member->kind == MEMBER_OBJECT || member->kind == MEMBER_LINES)
        return write_inside(object, member, invoice, base, form);
    const char *text = member_text(member, base);
    if (!is_absent(text)) return set_text(object, member->name, text);
    if (form == REQUEST || member->if_absent == NULL) return true;
    return set_text(object, member->name, member->if_absent);
}

static json_t *write_members(const struct members *members, const struct invoice *invoice,
                             const void *base, enum form form)
{
    json_t *object = json_object();
    for (size_t i = 0; object != NULL && i < members->count; i++) {
        if (write_member(object, &members->items[i], invoice, base, form)) continue;
        json_decref(object);
        return NULL;
    }
    return object;
}

json_t *invoice_to_json(const struct invoice *invoice)
{
    return write_members(&INVOICE_MEMBERS, invoice, invoice, REQUEST);
}

static bool set_amount(json_t *object, const char *name, int64_t units, unsigned digits)
{
    char text[DECIMAL_TEXT_MAX];
    decimal_format(units, digits, text);
    return set_text(object, name, text);
}

static bool set_amounts(json_t *record, const struct invoice *invoice)
{
    struct invoice_totals totals;
    json_t *sums = json_object();
    json_t *lines = json_object_get(record, "lines");
    bool made = invoice_totals(invoice, &totals);
    for (size_t i = 0; made && i < json_array_size(lines); i++)
        made = set_amount(json_array_get(lines, i), "net", totals.line_net[i], totals.minor_digits);
    made = made && set_amount(sums, "net", totals.net, totals.minor_digits) &&
           set_amount(sums, "tax", totals.tax, totals.minor_digits) &&
           set_amount(sums, "gross", totals.gross, totals.minor_digits) &&
           json_object_set_nocheck(record, "totals", sums) == 0;
    json_decref(sums);
    return made;
}

json_t *invoice_record_to_json(const struct invoice *invoice, const char *id,
                               const char *customer_id, const char *created_at,
                               const char *created_by)
{
    json_t *request = write_members(&INVOICE_MEMBERS, invoice, invoice, RECORD);
    json_t *record = json_object();
    bool made = record != NULL && request != NULL && set_text(record, "id", id) &&
                set_text(record, "status", "open") && json_object_update(record, request) == 0 &&
                set_text(json_object_get(record, "customer"), "id", customer_id) &&
                set_amounts(record, invoice) && set_text(record, "created_at", created_at) &&
                set_text(record, "created_by", created_by);
    json_decref(request);
    if (made) return record;
    json_decref(record);
    return NULL;
}

#define MEMBERS(array)                                                                             \
    {                                                                                              \
        array, sizeof(array) / sizeof(array)[0]                                                    \
    }
#define IN_RECORD(field) .offset = offsetof(struct invoice_record, field)

static const struct member RECORD_CUSTOMER[] = {
    {"id", MEMBER_TEXT, true, IN_RECORD(customer_id)},
};

static const struct member RECORD_TOTALS[] = {
    {"net", MEMBER_AMOUNT, true, IN_RECORD(net)},
    {"tax", MEMBER_AMOUNT, true, IN_RECORD(tax)},
    {"gross", MEMBER_AMOUNT, true, IN_RECORD(gross)},
};

/* What a server adds, beside the members of the request. */
static const struct member RECORD_OWN[] = {
    {"id", MEMBER_TEXT, true, IN_RECORD(id)},
    {"status", MEMBER_TEXT, true, IN_RECORD(status)},
    {"merged_into", MEMBER_TEXT, false, IN_RECORD(merged_into)},
    {"customer", MEMBER_OBJECT, true, .inside = MEMBERS(RECORD_CUSTOMER)},
    {"totals", MEMBER_OBJECT, true, .inside = MEMBERS(RECORD_TOTALS)},
    {"created_at", MEMBER_TEXT, true, IN_RECORD(created_at)},
    {"created_by", MEMBER_TEXT, true, IN_RECORD(created_by)},
};

static const struct member LINE_NET[] = {
    {"net", MEMBER_AMOUNT, true},
};

static const struct members RECORD_MEMBERS = MEMBERS(RECORD_OWN);
static const struct members NET_MEMBERS = MEMBERS(LINE_NET);

static bool believe(const struct members *members, const json_t *object, void *base);

static bool believe_member(const struct member *member, const json_t *value, void *base)
{
    const char *text = json_string_value(value);
    struct decimal amount;
    switch (member->kind) {
    case MEMBER_AMOUNT:
        if (text == NULL || decimal_parse(text, &amount) != DECIMAL_OK) return false;
        member_set_text(member, base, text);
        return true;
    case MEMBER_TEXT:
        if (text == NULL || (member->required && text[0] == '\0')) return false;
        member_set_text(member, base, text);
        return true;
    case MEMBER_OBJECT:
        return believe(&member->inside, value, base);
    case MEMBER_LINES:
        return json_is_array(value);
    case MEMBER_PASSED:
        return true;
    }
    return false;
}

/* Fills the struct at `base`; false when a required member is missing or any is of another type.
 */
static bool believe(const struct members *members, const json_t *object, void *base)
{
    if (!json_is_object(object)) return false;
    for (size_t i = 0; i < members->count; i++) {
        const struct member *member = &members->items[i];
        const json_t *value = json_object_get(object, member->name);
        if (value == NULL ? member->required : !believe_member(member, value, base)) return false;
    }
    return true;
}

static bool believe_lines(struct invoice_record *record, const json_t *lines)
{
    struct invoice_document *document = &record->document;
    size_t count = json_array_size(lines);
    if (count == 0 || count > INVOICE_LINES_MAX) return false;
    document->lines = calloc(count, sizeof *document->lines);
    record->line_nets = calloc(count, sizeof *record->line_nets);
    if (document->lines == NULL || record->line_nets == NULL) return false;
    document->invoice.lines = document->lines;
    document->invoice.line_count = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *line = json_array_get(lines, i);
        if (!believe(&LINE_MEMBERS, line, &document->lines[i]) ||
            !believe(&NET_MEMBERS, line, &record->line_nets[i]))
            return false;
    }
    return true;
}

bool invoice_record_read(struct invoice_record *record, json_t *json)
{
    *record = (struct invoice_record){.document.json = json_incref(json)};
    return believe(&RECORD_MEMBERS, json, record) &&
           believe(&INVOICE_MEMBERS, json, &record->document.invoice) &&
           believe_lines(record, json_object_get(json, "lines")) &&
           (record->merged_into != NULL || strcmp(record->status, "merged") != 0);
}

void invoice_record_clear(struct invoice_record *record)
{
    invoice_document_clear(&record->document);
    free(record->line_nets);
    *record = (struct invoice_record){0};
}

/* NULL when it is there and no string. */
static const char *text_or_default(const struct member *member, const json_t *value)
{
    const char *absent = member->if_absent != NULL ? member->if_absent : "";
    if (value == NULL) return absent;
    const char *text = json_string_value(value);
    return text != NULL && text[0] == '\0' ? absent : text;
}

static bool is_same_folded(const char *a, const char *b)
{
    char *left = text_fold(a), *right = text_fold(b);
    bool same = left != NULL && right != NULL && strcmp(left, right) == 0;
    free(left);
    free(right);
    return same;
}

static bool is_same_text(const struct member *member, const json_t *stored, const json_t *sent)
{
    const char *there = text_or_default(member, stored);
    const char *here = text_or_default(member, sent);
    if (there == NULL || here == NULL) return false;
    if (member->likeness == IF_SENT && here[0] == '\0') return true;
    if (member->likeness == AS_FOLDED) return is_same_folded(there, here);
    return strcmp(there, here) == 0;
}

static bool is_same(const struct members *members, const json_t *stored, const json_t *sent);

static bool is_same_member(const struct member *member, const json_t *stored, const json_t *sent)
{
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_AMOUNT:
        return is_same_text(member, stored, sent);
    case MEMBER_OBJECT:
        return is_same(&member->inside, stored, sent);
    case MEMBER_LINES:
        if (!json_is_array(stored) || json_array_size(stored) != json_array_size(sent))
            return false;
        for (size_t i = 0; i < json_array_size(sent); i++)
            if (!is_same(&member->inside, json_array_get(stored, i), json_array_get(sent, i)))
                return false;
        return true;
    case MEMBER_PASSED:
        return true;
    }
    return false;
}

/* An absent object is one with every member absent. */
static bool is_same(const struct members *members, const json_t *stored, const json_t *sent)
{
    if (stored != NULL && !json_is_object(stored)) return false;
    for (size_t i = 0; i < members->count; i++) {
        const char *name = members->items[i].name;
        if (!is_same_member(&members->items[i], json_object_get(stored, name),
                            json_object_get(sent, name)))
            return false;
    }
    return true;
}

bool invoice_record_is_of(const json_t *record, const json_t *request)
{
    return json_is_object(record) && json_is_object(request) &&
           is_same(&INVOICE_MEMBERS, record, request);
}
