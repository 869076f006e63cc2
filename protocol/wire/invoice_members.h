/* The members of an invoice in JSON, in tables: inside wire, what reads, writes and compares them.
 */
#ifndef INVONCE_WIRE_INVOICE_MEMBERS_H
#define INVONCE_WIRE_INVOICE_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

enum member_kind {
    MEMBER_TEXT,   /* a string */
    MEMBER_AMOUNT, /* a string that holds a decimal */
    MEMBER_OBJECT, /* an object of the members `inside` */
    MEMBER_LINES,  /* a list of such objects */
    MEMBER_PASSED, /* allowed in a request, no part of the invoice */
};

/* How a record shows that a member is the one sent. */
enum member_likeness { AS_SENT, AS_EMAIL, IF_SENT };

struct members {
    const struct member *items;
    size_t count;
};

/* One row a member. `offset` is that of its text, a const char *, in the struct that is read into
 * or written from: struct invoice, for lines struct invoice_line. */
struct member {
    const char *name;
    enum member_kind kind;
    bool required; /* no record is without it; requests are judged by invoice_validate */
    size_t offset;
    enum member_likeness likeness;
    const char *example;   /* of an amount, for sentences */
    const char *if_absent; /* what a record says instead; NULL: nothing */
    struct members inside;
};

extern const struct members INVOICE_MEMBERS;
extern const struct members LINE_MEMBERS;

/* NULL when there is none of that name. */
const struct member *member_named(const struct members *members, const char *name);

/* The member's text in the struct at `base`, and setting it. */
const char *member_text(const struct member *member, const void *base);
void member_set_text(const struct member *member, void *base, const char *text);

#endif
