/* Only invoices have any: a customer, found or made by the e-mail, and a number to begin with. */
#include "mock_server/resources/hooks.h"

#include "mock_server/engine/readers.h"
#include "mock_server/resources/customer_records.h"
#include "mock_server/resources/ids.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY INT64_MAX /* no customer's id */

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

/* By an id, or an e-mail. */
static bool find_customer(struct reading *reading, const char *text, int64_t *id)
{
    if (id_parse(CUSTOMER.id_prefix, text, id)) {
        return true;
    }
    if (!strchr(text, '@')) {
        reply_problem(reading->reply, PROBLEM_INVALID_PARAMETER,
                      "The parameter customer must be a customer's id or an e-mail address.");
        return false;
    }
    struct store_session *session = readers_session();
    char *key = text_fold_email(text);
    enum store_status status =
        key && session ? customer_holder(session, reading->tenant, key, id) : STORE_FAILED;
    free(key);
    if (status == STORE_ABSENT) {
        *id = NOBODY;
    } else if (status != STORE_OK) {
        readers_refuse(reading->reply, "The customers cannot be read.");
    }
    return status != STORE_FAILED;
}

static const struct parent_hooks CUSTOMER_OF_INVOICE = {
    .resource = &CUSTOMER,
    .field = INVOICE_CUSTOMER_ID,
    .key = customer_key,
    .choose_id = customer_choose_id,
    .add = add_customer,
    .parameter = "customer",
    .find = find_customer,
};

const struct resource_hooks *resource_hooks(const struct resource *resource)
{
    static const struct resource_hooks INVOICES = {1001, &CUSTOMER_OF_INVOICE};
    static const struct resource_hooks NONE = {1, NULL};
    return resource == &INVOICE ? &INVOICES : &NONE;
}
