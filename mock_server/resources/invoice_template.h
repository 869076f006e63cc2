/* The JSON of an invoice's record but for what the writer alone knows, so that the one writer has
 * nothing to do but put it in. */
#ifndef INVONCE_MOCK_SERVER_RESOURCES_INVOICE_TEMPLATE_H
#define INVONCE_MOCK_SERVER_RESOURCES_INVOICE_TEMPLATE_H

#include "protocol/wire/resources/invoice.h"

#include <stdbool.h>
#include <stddef.h>

enum invoice_blank { BLANK_ID, BLANK_CUSTOMER_ID, BLANK_CREATED_AT, BLANK_COUNT };

struct invoice_template {
    char *text; /* owned */
    size_t length;
    struct {
        size_t start; /* of the blank in the text */
        enum invoice_blank blank;
    } blanks[BLANK_COUNT]; /* in the order of the text */
};

/* False when out of memory. To be cleared either way. */
bool invoice_template_make(struct invoice_template *template, const struct values *invoice,
                           const char *created_by);

/* The record, owned by the caller; NULL: out of memory. */
char *invoice_template_fill(const struct invoice_template *template,
                            const char *const values[BLANK_COUNT], size_t *length);

void invoice_template_clear(struct invoice_template *template);

#endif
