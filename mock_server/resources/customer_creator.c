/* POST /v1/customers: a new customer, or the one that has this e-mail already. */
#include "mock_server/engine/ids.h"
#include "mock_server/resources/customer_records.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct new_customer {
    struct document document;
    struct customer row; /* its text is the body's but for the key */
    char *email_key;
};

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

static void *read_customer(const struct creator *creator, const struct creator_request *request,
                           struct violations *violations)
{
    struct new_customer *customer = calloc(1, sizeof(struct new_customer));
    if (!customer) {
        return NULL;
    }
    bool valid = document_read(&customer->document, creator->resource, request->body, violations);
    customer->row = (struct customer){
        .tenant = request->tenant,
        .email = text_or_none(customer, CUSTOMER_EMAIL),
        .name = text_or_none(customer, CUSTOMER_NAME),
        .phone = text_or_none(customer, CUSTOMER_PHONE),
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
    id_format(CUSTOMER.id_prefix, row->id, proposal->record_id);
    if (!is_new) {
        return OUTCOME_REPLAYED;
    }
    return asprintf(&proposal->reply.location, "%s/%s", CUSTOMER.path, proposal->record_id) < 0
               ? OUTCOME_FAILED
               : OUTCOME_CREATED;
}

const struct creator customer_creator = {
    .resource = &CUSTOMER,
    .read = read_customer,
    .release = release,
    .carry_out = carry_out,
};
