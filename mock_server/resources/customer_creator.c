/* POST /v1/customers: a new customer, or the one that has this e-mail already. */
#include "mock_server/resources/customer_records.h"
#include "mock_server/resources/ids.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHONE_MAX 40

struct new_customer {
    struct document document;
    struct customer row; /* its text is the body's but for the key */
    char *email_key;
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
    customer->row = (struct customer){
        .tenant = request->tenant,
        .email = text_or_none(customer, EMAIL),
        .name = text_or_none(customer, NAME),
        .phone = text_or_none(customer, PHONE),
        .created_by = request->user,
    };
    if (valid) {
        customer->row.email_key = customer->email_key = text_fold_email(customer->row.email);
    }
    if (!customer->email_key) {
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

static void describe(const struct json *body, const char *parameter,
                     struct store_value values[STORE_VALUES_MAX])
{
    const char *email = json_text(body, "email");
    (void)parameter;
    if (email && text_length(email) <= INVOICE_EMAIL_MAX) {
        values[0] = (struct store_value){"email", email, 0};
    }
}

/* The unique constraint on e-mails says whether it is new. */
static enum outcome carry_out(void *subject, struct store_session *session, int64_t now,
                              struct proposal *proposal)
{
    struct customer *row = &((struct new_customer *)subject)->row;
    row->created_at = now;
    char *json = NULL;
    enum store_status status = customer_choose_id(session, row->tenant, row->email_key, &row->id);
    bool is_new = status == STORE_ABSENT;
    if (is_new) {
        status = customer_insert(session, row, &row->id, &json);
        is_new = status == STORE_OK;
    }
    if (!is_new && status != STORE_FAILED) {
        status = customer_update(session, row, &json);
    }
    if (status != STORE_OK) {
        return OUTCOME_FAILED;
    }
    reply_take(&proposal->reply, is_new ? 201 : 200, MEDIA_JSON, json, strlen(json));
    id_format(ID_CUSTOMER, row->id, proposal->record_id);
    if (!is_new) {
        return OUTCOME_REPLAYED;
    }
    return asprintf(&proposal->reply.location, "/v1/customers/%s", proposal->record_id) < 0
               ? OUTCOME_FAILED
               : OUTCOME_CREATED;
}

const struct creator customer_creator = {
    .resource = CUSTOMER_RESOURCE,
    .describe = describe,
    .read = read_customer,
    .release = release,
    .natural_key = natural_key,
    .carry_out = carry_out,
};
