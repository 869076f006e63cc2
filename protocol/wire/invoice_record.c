#include "protocol/wire/invoice_json.h"

#include "protocol/wire/buffer.h"
#include "protocol/wire/invoice_members.h"
#include "protocol/wire/text.h"

#include <stdlib.h>
#include <string.h>

static bool is_absent(const char *text)
{
    return text == NULL || text[0] == '\0';
}

/* --- the request: what is absent is left out --- */

static json_t *request_of(const struct members *members, const struct invoice *invoice,
                          const void *base);

static json_t *request_lines(const struct members *members, const struct invoice *invoice)
{
    json_t *array = json_array();
    for (size_t i = 0; array != NULL && i < invoice->line_count; i++) {
        json_t *line = request_of(members, invoice, &invoice->lines[i]);
        if (json_array_append_new(array, line) == 0) continue;
        json_decref(array);
        return NULL;
    }
    return array;
}

/* False: out of memory. */
static bool add_member(json_t *object, const struct member *member, const struct invoice *invoice,
                       const void *base)
{
    json_t *value = NULL;
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_AMOUNT:
        if (is_absent(member_text(member, base))) return true;
        value = json_string(member_text(member, base));
        break;
    case MEMBER_OBJECT:
        value = request_of(&member->inside, invoice, base);
        break;
    case MEMBER_LINES:
        value = request_lines(&member->inside, invoice);
        break;
    case MEMBER_PASSED:
        return true;
    }
    if (value == NULL || json_is_string(value) ||
        json_object_size(value) + json_array_size(value) > 0)
        return json_object_set_new_nocheck(object, member->name, value) == 0;
    json_decref(value);
    return true;
}

static json_t *request_of(const struct members *members, const struct invoice *invoice,
                          const void *base)
{
    json_t *object = json_object();
    for (size_t i = 0; object != NULL && i < members->count; i++) {
        if (add_member(object, &members->items[i], invoice, base)) continue;
        json_decref(object);
        return NULL;
    }
    return object;
}

json_t *invoice_to_json(const struct invoice *invoice)
{
    return request_of(&INVOICE_MEMBERS, invoice, invoice);
}

/* --- the record: what is absent is what holds then. As text, since a server writes one for each
 * create and has no use for its tree. --- */

struct record_writer {
    struct buffer text;
    const struct invoice *invoice;
    const struct invoice_totals *totals;
    const char *customer_id;
};

static void write_name(struct buffer *text, const char *name)
{
    if (text->length > 0 && text->bytes[text->length - 1] != '{') buffer_append(text, ",", 1);
    buffer_string(text, name, strlen(name));
    buffer_append(text, ":", 1);
}

static void write_text(struct buffer *text, const char *name, const char *value)
{
    write_name(text, name);
    buffer_string(text, value, strlen(value));
}

static void write_amount(struct record_writer *writer, const char *name, int64_t units)
{
    char amount[DECIMAL_TEXT_MAX];
    decimal_format(units, writer->totals->minor_digits, amount);
    write_text(&writer->text, name, amount);
}

static void write_members(struct record_writer *writer, const struct members *members,
                          const void *base);

static void write_lines(struct record_writer *writer, const struct members *members)
{
    buffer_append(&writer->text, "[", 1);
    for (size_t i = 0; i < writer->invoice->line_count; i++) {
        buffer_text(&writer->text, i > 0 ? ",{" : "{");
        write_members(writer, members, &writer->invoice->lines[i]);
        write_amount(writer, "net", writer->totals->line_net[i]);
        buffer_append(&writer->text, "}", 1);
    }
    buffer_append(&writer->text, "]", 1);
}

static bool has_any(const struct members *members, const void *base)
{
    size_t i = 0;
    while (i < members->count && is_absent(member_text(&members->items[i], base)))
        i++;
    return i < members->count;
}

static void write_member(struct record_writer *writer, const struct member *member,
                         const void *base)
{
    const char *value;
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_AMOUNT:
        value = member_text(member, base);
        if (is_absent(value)) value = member->if_absent;
        if (value != NULL) write_text(&writer->text, member->name, value);
        break;
    case MEMBER_OBJECT:
        if (!has_any(&member->inside, base)) break;
        write_name(&writer->text, member->name);
        buffer_append(&writer->text, "{", 1);
        write_members(writer, &member->inside, base);
        if (strcmp(member->name, "customer") == 0)
            write_text(&writer->text, "id", writer->customer_id);
        buffer_append(&writer->text, "}", 1);
        break;
    case MEMBER_LINES:
        write_name(&writer->text, member->name);
        write_lines(writer, &member->inside);
        break;
    case MEMBER_PASSED:
        break;
    }
}

static void write_members(struct record_writer *writer, const struct members *members,
                          const void *base)
{
    for (size_t i = 0; i < members->count; i++)
        write_member(writer, &members->items[i], base);
}

static void write_totals(struct record_writer *writer)
{
    write_name(&writer->text, "totals");
    buffer_append(&writer->text, "{", 1);
    write_amount(writer, "net", writer->totals->net);
    write_amount(writer, "tax", writer->totals->tax);
    write_amount(writer, "gross", writer->totals->gross);
    buffer_append(&writer->text, "}", 1);
}

char *invoice_record_write(const struct invoice *invoice, const char *id, const char *customer_id,
                           const char *created_at, const char *created_by)
{
    struct invoice_totals totals;
    if (!invoice_totals(invoice, &totals)) return NULL;
    struct record_writer writer = {
        .invoice = invoice, .totals = &totals, .customer_id = customer_id};
    struct buffer *text = &writer.text;
    buffer_reserve(text, 1024);
    buffer_append(text, "{", 1);
    write_text(text, "id", id);
    write_text(text, "status", "open");
    write_members(&writer, &INVOICE_MEMBERS, invoice);
    write_totals(&writer);
    write_text(text, "created_at", created_at);
    write_text(text, "created_by", created_by);
    buffer_append(text, "}", sizeof "}");
    if (!text->failed) return text->bytes;
    buffer_clear(text);
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
