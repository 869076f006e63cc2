/* POST /v1/customers: a new customer, or the one that has this e-mail already. */
#include "mock_server/base/clock.h"
#include "mock_server/resources/customer_json.h"
#include "mock_server/resources/ids.h"
#include "mock_server/resources/members.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/invoice.h"
#include "protocol/wire/json.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>

#define PHONE_MAX 40

struct new_customer {
    struct store_customer row; /* its text is the body's but for the keys */
    char *email_key, *name_key;
};

enum { EMAIL, NAME, PHONE, MEMBER_COUNT };

static const struct text_member MEMBERS[MEMBER_COUNT] = {
    [EMAIL] = {"email", INVOICE_EMAIL_MAX, true},
    [NAME] = {"name", INVOICE_NAME_MAX, false},
    [PHONE] = {"phone", PHONE_MAX, false},
};

static void release(void *subject)
{
    struct new_customer *customer = subject;
    free(customer->email_key);
    free(customer->name_key);
    free(customer);
}

static void *read_customer(const struct creator_request *request, struct violations *violations)
{
    const char *values[MEMBER_COUNT];
    members_read(request->body, MEMBERS, MEMBER_COUNT, values, violations);
    if (values[EMAIL] && !violations_at(violations, "/email")) {
        invoice_validate_email(values[EMAIL], "/email", violations);
    }
    struct new_customer *customer =
        violations->count == 0 ? calloc(1, sizeof(struct new_customer)) : NULL;
    if (!customer) {
        return NULL;
    }
    customer->email_key = text_fold_email(values[EMAIL]);
    customer->name_key = values[NAME] ? text_fold(values[NAME]) : NULL;
    if (!customer->email_key || (values[NAME] && !customer->name_key)) {
        release(customer);
        return NULL;
    }
    customer->row = (struct store_customer){
        .tenant = request->tenant,
        .email = values[EMAIL],
        .email_key = customer->email_key,
        .name = values[NAME],
        .name_key = customer->name_key,
        .phone = values[PHONE],
        .created_by = request->user,
    };
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
