/* An invoice has a customer, found or made by the e-mail, and a number to begin with; a payment has
 * an invoice. */
#include "mock_server/resources/hooks.h"

#include "mock_server/engine/ids.h"
#include "mock_server/engine/readers.h"
#include "mock_server/resources/customer_records.h"
#include "mock_server/resources/payment_records.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/resources/resources.h"
#include "protocol/wire/text.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY INT64_MAX /* no record's id */

static char *customer_key(const struct values *invoice)
{
    return text_fold_email(invoice->texts[INVOICE_EMAIL]);
}

static bool add_customer(struct store_session *session, const struct new_child *invoice)
{
    const char *name = invoice->values->texts[INVOICE_NAME];
    struct customer customer = {
        .tenant = invoice->tenant,
        .id = invoice->parent_id,
        .email = invoice->values->texts[INVOICE_EMAIL],
        .email_key = invoice->parent_key,
        .name = name && name[0] ? name : NULL,
        .created_at = invoice->created_at,
        .created_by = invoice->user,
    };
    int64_t holder = 0;
    char *json = NULL;
    bool ok = customer_insert(session, &customer, &holder, &json) == STORE_OK;
    free(json);
    return ok;
}

static const struct parent CUSTOMER_OF_INVOICE = {
    .resource = &CUSTOMER,
    .field = INVOICE_CUSTOMER_ID,
    .key = customer_key,
    .choose_id = customer_choose_id,
    .add = add_customer,
};

static const struct parent INVOICE_OF_PAYMENT = {.resource = &INVOICE, .field = PAYMENT_INVOICE_ID};

struct kept kept_of(const struct resource *resource)
{
    struct kept kept = {resource, 1, NULL};
    if (resource == &INVOICE) {
        kept = (struct kept){resource, 1001, &CUSTOMER_OF_INVOICE};
    } else if (resource == &PAYMENT) {
        kept.parent = &INVOICE_OF_PAYMENT;
    }
    return kept;
}

bool resources_kept_at(size_t i, struct kept *kept)
{
    static const struct resource *const OTHERS[] = {&CUSTOMER, &PAYMENT};
    bool is_other = i >= RESOURCE_COUNT;
    if (i >= RESOURCE_COUNT + sizeof OTHERS / sizeof OTHERS[0]) {
        return false;
    }
    *kept = kept_of(is_other ? OTHERS[i - RESOURCE_COUNT] : RESOURCES[i]);
    return true;
}

static enum store_status find_by_email(struct store_session *session, const char *tenant,
                                       const char *email, int64_t *id)
{
    char *key = text_fold_email(email);
    enum store_status status = key ? customer_holder(session, tenant, key, id) : STORE_FAILED;
    free(key);
    return status;
}

static enum store_status find_by_id(struct store_session *session, const char *tenant,
                                    const struct resource *resource, int64_t *id)
{
    struct store_collection collection = {tenant, resource->name};
    int64_t into = 0;
    enum store_status status = store_record_find(session, &collection, *id, STORE_NOW, NULL, &into);
    *id = into ? into : *id;
    return status;
}

bool parent_find(struct reading *reading, const struct parent *parent, const char *text,
                 int64_t *id)
{
    const struct resource *resource = parent->resource;
    const char *name = resource->name;
    bool has_email = resource == &CUSTOMER, is_id = id_parse(resource->id_prefix, text, id);
    if (!is_id && (!has_email || !strchr(text, '@'))) {
        reply_problem(reading->reply, PROBLEM_INVALID_PARAMETER,
                      has_email ? "The parameter %s must be a %s's id or an e-mail address."
                                : "The parameter %s must be the %s's id.",
                      name, name);
        return false;
    }
    struct store_session *session = readers_session();
    enum store_status status = !session ? STORE_FAILED
                               : is_id  ? find_by_id(session, reading->tenant, resource, id)
                                        : find_by_email(session, reading->tenant, text, id);
    if (status == STORE_ABSENT) {
        *id = NOBODY;
    } else if (status != STORE_OK) {
        readers_refuse(reading->reply, "The list cannot be read.");
    }
    return status != STORE_FAILED;
}

bool status_read(struct reading *reading, enum store_merged *merged)
{
    static const char *const NAMES[] = {
        [STORE_UNMERGED] = "open", [STORE_MERGED] = "merged", [STORE_EITHER] = "any"};
    const char *text = reading_parameter(reading, "status");
    for (size_t i = 0; text && i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (strcmp(text, NAMES[i]) == 0) {
            *merged = (enum store_merged)i;
            return true;
        }
    }
    if (text) {
        reply_problem(reading->reply, PROBLEM_INVALID_PARAMETER,
                      "The parameter status must be open, merged or any.");
    }
    return !text;
}
