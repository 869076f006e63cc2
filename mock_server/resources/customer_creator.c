/* POST /v1/customers: a new customer, or the one that has this e-mail already. */
#include "mock_server/base/clock.h"
#include "mock_server/resources/customer_json.h"
#include "mock_server/resources/ids.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>

#define PHONE_MAX 40

struct new_customer {
    struct document document;
    struct store_customer row; /* its text is the body's but for the keys */
    char *email_key, *name_key;
};

enum { EMAIL, NAME, PHONE };

static const struct field CUSTOMER_FIELDS[] = {
    [EMAIL] = {"email", NULL, "The e-mail", FIELD_EMAIL, FIELD_REQUIRED, INVOICE_EMAIL_MAX},
    [NAME] = {"name", NULL, "The name", FIELD_TEXT, FIELD_OPTIONAL, INVOICE_TEXT_MAX},
    [PHONE] = {"phone", NULL, "The phone", FIELD_TEXT, FIELD_OPTIONAL, PHONE_MAX},
};

static const struct unique_rule CUSTOMER_UNIQUE[] = {
    {.name = "email", .parts = {{"email", NULL, AS_EMAIL}}},
};

static const struct resource CUSTOMER =
    RESOURCE(CUSTOMER_FIELDS, CUSTOMER_UNIQUE, .name = "customer", .path = "/v1/customers",
             .id_prefix = ID_CUSTOMER, .not_an_object = "A customer must be an object, not %s.");

static void release(void *subject)
{
    struct new_customer *customer = subject;
    document_clear(&customer->document);
    free(customer->email_key);
    free(customer->name_key);
    free(customer);
}

static const char *text_or_none(const struct new_customer *customer, size_t field)
{
    const char *text = customer->document.values.texts[field];
    return text && text[0] ? text : NULL;
}

static void *read_customer(const struct creator_request *request, struct violations *violations)
{
    struct new_customer *customer = calloc(1, sizeof(struct new_customer));
    if (!customer) {
        return NULL;
    }
    bool valid = document_read(&customer->document, &CUSTOMER, request->body, violations);
    customer->row = (struct store_customer){
        .tenant = request->tenant,
        .email = text_or_none(customer, EMAIL),
        .name = text_or_none(customer, NAME),
        .phone = text_or_none(customer, PHONE),
        .created_by = request->user,
    };
    if (valid) {
        customer->row.email_key = customer->email_key = text_fold_email(customer->row.email);
        customer->row.name_key = customer->name_key =
            customer->row.name ? text_fold(customer->row.name) : NULL;
    }
    if (!customer->email_key || (customer->row.name && !customer->name_key)) {
        release(customer);
        return NULL;
    }
    return customer;
}

static char *natural_key(const struct json *body)
{
    const char *email = json_text(body, "email");
    return email ? text_fold_email(email) : NULL;
}

static void take_record(void *context, const struct store_customer *customer)
{
    reply_json(context, 200, customer_to_json(customer));
}

/* The unique constraint on e-mails says whether it is new. */
static enum outcome carry_out(void *subject, struct store_session *session, int64_t now,
                              struct proposal *proposal)
{
    struct store_customer *row = &((struct new_customer *)subject)->row;
    row->created_at = now;
    if (store_customer_next_id(session, row->tenant, &row->id) != STORE_OK) {
        return OUTCOME_FAILED;
    }
    enum store_status status = store_customer_insert(session, row);
    bool is_new = status == STORE_OK;
    if (status == STORE_TAKEN) {
        status = store_customer_id_by_email(session, row->tenant, row->email_key, &row->id);
        status = status == STORE_OK ? store_customer_update(session, row) : status;
    }
    if (status != STORE_OK || store_customer_by_id(session, row->tenant, row->id, take_record,
                                                   &proposal->reply) != STORE_OK) {
        return OUTCOME_FAILED;
    }
    if (!is_new) {
        return OUTCOME_REPLAYED;
    }
    proposal->reply.status = 201;
    id_format(ID_CUSTOMER, row->id, proposal->record_id);
    return asprintf(&proposal->reply.location, "/v1/customers/%s", proposal->record_id) < 0
               ? OUTCOME_FAILED
               : OUTCOME_CREATED;
}

const struct creator customer_creator = {
    .read = read_customer,
    .release = release,
    .natural_key = natural_key,
    .carry_out = carry_out,
};
