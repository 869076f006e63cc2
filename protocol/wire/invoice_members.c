#include "protocol/wire/invoice_members.h"

#include "protocol/wire/invoice.h"

#include <string.h>

#define MEMBERS(array)                                                                             \
    {                                                                                              \
        array, sizeof(array) / sizeof(array)[0]                                                    \
    }
#define IN_INVOICE(field) .offset = offsetof(struct invoice, field)
#define IN_LINE(field)    .offset = offsetof(struct invoice_line, field)

static const struct member LINE[] = {
    {"description", MEMBER_TEXT, true, IN_LINE(description)},
    {"quantity", MEMBER_AMOUNT, true, IN_LINE(quantity), .example = "1.5"},
    {"unit_price", MEMBER_AMOUNT, true, IN_LINE(unit_price), .example = "120.00"},
    {"tax_rate", MEMBER_AMOUNT, false, IN_LINE(tax_rate), .example = "21", .if_absent = "0"},
};

static const struct member CUSTOMER[] = {
    {"email", MEMBER_TEXT, true, IN_INVOICE(customer_email), .likeness = AS_EMAIL},
    {"name", MEMBER_TEXT, false, IN_INVOICE(customer_name), .likeness = IF_SENT},
};

static const struct member EXTERNAL_REF[] = {
    {"source", MEMBER_TEXT, true, IN_INVOICE(external_source)},
    {"id", MEMBER_TEXT, true, IN_INVOICE(external_id)},
};

static const struct member INVOICE[] = {
    {"number", MEMBER_TEXT, true, IN_INVOICE(number)},
    {"issue_date", MEMBER_TEXT, true, IN_INVOICE(issue_date)},
    {"due_date", MEMBER_TEXT, false, IN_INVOICE(due_date)},
    {"currency", MEMBER_TEXT, true, IN_INVOICE(currency)},
    {"customer", MEMBER_OBJECT, true, .inside = MEMBERS(CUSTOMER)},
    {"lines", MEMBER_LINES, true, .inside = MEMBERS(LINE)},
    {"notes", MEMBER_TEXT, false, IN_INVOICE(notes), .if_absent = ""},
    {"external_ref", MEMBER_OBJECT, false, .inside = MEMBERS(EXTERNAL_REF)},
    {"idempotency_key", MEMBER_PASSED, false},
};

const struct members INVOICE_MEMBERS = MEMBERS(INVOICE);
const struct members LINE_MEMBERS = MEMBERS(LINE);

const struct member *member_named(const struct members *members, const char *name)
{
    for (size_t i = 0; i < members->count; i++)
        if (strcmp(members->items[i].name, name) == 0) return &members->items[i];
    return NULL;
}

const char *member_text(const struct member *member, const void *base)
{
    return *(const char *const *)((const char *)base + member->offset);
}

void member_set_text(const struct member *member, void *base, const char *text)
{
    *(const char **)((char *)base + member->offset) = text;
}
