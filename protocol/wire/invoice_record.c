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

static struct json *request_of(const struct members *members, const struct invoice *invoice,
                               const void *base);

static struct json *request_lines(const struct members *members, const struct invoice *invoice)
{
    struct json *array = json_new_array();
    for (size_t i = 0; array != NULL && i < invoice->line_count; i++) {
        struct json *line = request_of(members, invoice, &invoice->lines[i]);
        if (json_append(array, line)) continue;
        json_free(array);
        return NULL;
    }
    return array;
}

/* False: out of memory. */
static bool add_member(struct json *object, const struct member *member,
                       const struct invoice *invoice, const void *base)
{
    struct json *value = NULL;
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_AMOUNT:
        if (is_absent(member_text(member, base))) return true;
        value = json_new_string(member_text(member, base));
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
    if (value == NULL || json_kind(value) == JSON_STRING || json_first(value) != NULL)
        return json_put(object, member->name, value);
    json_free(value);
    return true;
}

static struct json *request_of(const struct members *members, const struct invoice *invoice,
                               const void *base)
{
    struct json *object = json_new_object();
    for (size_t i = 0; object != NULL && i < members->count; i++) {
        if (add_member(object, &members->items[i], invoice, base)) continue;
        json_free(object);
        return NULL;
    }
    return object;
}

struct json *invoice_to_json(const struct invoice *invoice)
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

static bool believe(const struct members *members, const struct json *object, void *base);

static bool believe_member(const struct member *member, const struct json *value, void *base)
{
    const char *text = json_string(value);
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
        return json_kind(value) == JSON_ARRAY;
    case MEMBER_PASSED:
        return true;
    }
    return false;
}

/* Fills the struct at `base`; false when a required member is missing or any is of another type.
 */
static bool believe(const struct members *members, const struct json *object, void *base)
{
    if (json_kind(object) != JSON_OBJECT) return false;
    for (size_t i = 0; i < members->count; i++) {
        const struct member *member = &members->items[i];
        const struct json *value = json_member(object, member->name);
        if (value == NULL ? member->required : !believe_member(member, value, base)) return false;
    }
    return true;
}

static bool believe_lines(struct invoice_record *record, const struct json *lines)
{
    struct invoice_document *document = &record->document;
    size_t count = json_count(lines);
    if (count == 0 || count > INVOICE_LINES_MAX) return false;
    document->lines = calloc(count, sizeof *document->lines);
    record->line_nets = calloc(count, sizeof *record->line_nets);
    if (document->lines == NULL || record->line_nets == NULL) return false;
    document->invoice.lines = document->lines;
    document->invoice.line_count = count;
    const struct json *line = json_first(lines);
    for (size_t i = 0; i < count; i++, line = json_next(line)) {
        if (!believe(&LINE_MEMBERS, line, &document->lines[i]) ||
            !believe(&NET_MEMBERS, line, &record->line_nets[i]))
            return false;
    }
    return true;
}

bool invoice_record_read(struct invoice_record *record, const struct json *json)
{
    *record = (struct invoice_record){.document.json = json};
    return believe(&RECORD_MEMBERS, json, record) &&
           believe(&INVOICE_MEMBERS, json, &record->document.invoice) &&
           believe_lines(record, json_member(json, "lines")) &&
           (record->merged_into != NULL || strcmp(record->status, "merged") != 0);
}

void invoice_record_clear(struct invoice_record *record)
{
    invoice_document_clear(&record->document);
    free(record->line_nets);
    *record = (struct invoice_record){0};
}

/* NULL when it is there and no string. */
static const char *text_or_default(const struct member *member, const struct json *value)
{
    const char *absent = member->if_absent != NULL ? member->if_absent : "";
    if (value == NULL) return absent;
    const char *text = json_string(value);
    return text != NULL && text[0] == '\0' ? absent : text;
}

static bool is_same_email(const char *a, const char *b)
{
    char *left = text_fold_email(a), *right = text_fold_email(b);
    bool same = left != NULL && right != NULL && strcmp(left, right) == 0;
    free(left);
    free(right);
    return same;
}

static bool is_same_text(const struct member *member, const struct json *stored,
                         const struct json *sent)
{
    const char *there = text_or_default(member, stored);
    const char *here = text_or_default(member, sent);
    if (there == NULL || here == NULL) return false;
    if (member->likeness == IF_SENT && here[0] == '\0') return true;
    if (member->likeness == AS_EMAIL) return is_same_email(there, here);
    return strcmp(there, here) == 0;
}

static bool is_same(const struct members *members, const struct json *stored,
                    const struct json *sent);

static bool is_same_member(const struct member *member, const struct json *stored,
                           const struct json *sent)
{
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_AMOUNT:
        return is_same_text(member, stored, sent);
    case MEMBER_OBJECT:
        return is_same(&member->inside, stored, sent);
    case MEMBER_LINES:
        if (json_kind(stored) != JSON_ARRAY || json_count(stored) != json_count(sent)) return false;
        for (const struct json *there = json_first(stored), *here = json_first(sent); here != NULL;
             there = json_next(there), here = json_next(here))
            if (!is_same(&member->inside, there, here)) return false;
        return true;
    case MEMBER_PASSED:
        return true;
    }
    return false;
}

/* An absent object is one with every member absent. */
static bool is_same(const struct members *members, const struct json *stored,
                    const struct json *sent)
{
    if (stored != NULL && json_kind(stored) != JSON_OBJECT) return false;
    for (size_t i = 0; i < members->count; i++) {
        const char *name = members->items[i].name;
        if (!is_same_member(&members->items[i], json_member(stored, name), json_member(sent, name)))
            return false;
    }
    return true;
}

bool invoice_record_is_of(const struct json *record, const struct json *request)
{
    return json_kind(record) == JSON_OBJECT && json_kind(request) == JSON_OBJECT &&
           is_same(&INVOICE_MEMBERS, record, request);
}
