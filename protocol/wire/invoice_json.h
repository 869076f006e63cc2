/* Invoices as JSON: the request, and the record that the server answers with. */
#ifndef INVONCE_WIRE_INVOICE_JSON_H
#define INVONCE_WIRE_INVOICE_JSON_H

#include "protocol/wire/invoice.h"

#include "protocol/wire/json.h"
#include <stdbool.h>

/* A request and the storage of its lines. `invoice` borrows its text from `json`. */
struct invoice_document {
    const struct json *json; /* outlives the document … */
    struct json *own;        /* … or is given to it here by who read it, and freed with it */
    struct invoice invoice;
    struct invoice_line *lines;
};

/* Reads the shape of a request (member names and types), then its rules: everything wrong is in
 * `violations` at once. The member "idempotency_key" is passed over. True when valid; the document
 * is to be cleared either way. */
bool invoice_document_read(struct invoice_document *document, const struct json *json,
                           struct violations *violations);

/* A partial request: absent members are no violations and rules are not checked, only names and
 * types are (what --prefill and drafts take). */
bool invoice_document_read_partial(struct invoice_document *document, const struct json *json,
                                   struct violations *violations);

void invoice_document_clear(struct invoice_document *document);

/* The request for an invoice; absent members are left out. The caller frees
 * it; NULL: out of memory. */
struct json *invoice_to_json(const struct invoice *invoice);

/* What the server adds to a request. All text is borrowed; NULL means absent. */
struct invoice_record {
    struct invoice_document document;
    const char *id;          /* "inv_1007" */
    const char *status;      /* "open" or "merged" */
    const char *merged_into; /* an id, when merged */
    const char *customer_id; /* "cus_12" */
    const char *created_at;  /* RFC 3339, UTC */
    const char *created_by;
    const char **line_nets; /* one a line, formatted */
    const char *net, *tax, *gross;
};

/* The record for a valid invoice, as JSON text: the request's members, defaults filled in (tax_rate
 * "0", notes ""), with id, status, nets and totals. Owned by the caller; NULL: out of memory. */
char *invoice_record_write(const struct invoice *invoice, const char *id, const char *customer_id,
                           const char *created_at, const char *created_by);

/* Reads a record as a client believes it: every member that the contract promises is there and of
 * its type; members unknown to this version are passed over. Borrows from `json`. To be cleared
 * either way. */
bool invoice_record_read(struct invoice_record *record, const struct json *json);
void invoice_record_clear(struct invoice_record *record);

/* True when the record is of this very request (RULES.md section 6): each member sent stands in it,
 * as sent. */
bool invoice_record_is_of(const struct json *record, const struct json *request);

#endif
