#include "mock_server/resources/customer_records.h"

#include "mock_server/engine/ids.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"

#include <stdlib.h>
#include <string.h>

#define PHONE_MAX 40

enum { TEXT_EMAIL, TEXT_NAME };

static const struct field CUSTOMER_FIELDS[] = {
    [CUSTOMER_EMAIL] = {"email", NULL, "The e-mail", FIELD_EMAIL, FIELD_REQUIRED,
                        INVOICE_EMAIL_MAX},
    [CUSTOMER_NAME] = {"name", NULL, "The name", FIELD_TEXT, FIELD_OPTIONAL, INVOICE_TEXT_MAX},
    [CUSTOMER_PHONE] = {"phone", NULL, "The phone", FIELD_TEXT, FIELD_OPTIONAL, PHONE_MAX},
};

static const struct unique_rule CUSTOMER_UNIQUE[] = {
    {.name = "email", .parts = {{"email", NULL, AS_EMAIL}}},
};

const struct resource CUSTOMER =
    RESOURCE(CUSTOMER_FIELDS, CUSTOMER_UNIQUE, .name = "customer", .path = "/v1/customers",
             .id_prefix = "cus_", .not_an_object = "A customer must be an object, not %s.");

static struct store_collection customers_of(const char *tenant)
{
    return (struct store_collection){tenant, CUSTOMER.name};
}

static struct store_claim claim_of(const char *email_key)
{
    return (struct store_claim){.rule = CUSTOMER_UNIQUE[0].name, .value = email_key, .firm = true};
}

enum store_status customer_holder(struct store_session *session, const char *tenant,
                                  const char *email_key, int64_t *id)
{
    struct store_collection customers = customers_of(tenant);
    struct store_claim claim = claim_of(email_key);
    int64_t into = 0;
    enum store_status status = store_holder(session, &customers, &claim, id, &into);
    *id = into ? into : *id;
    return status;
}

enum store_status customer_choose_id(struct store_session *session, const char *tenant,
                                     const char *email_key, int64_t *id)
{
    struct store_collection customers = customers_of(tenant);
    enum store_status found = customer_holder(session, tenant, email_key, id);
    if (found != STORE_ABSENT) {
        return found;
    }
    return store_next_id(session, &customers, 1, id) == STORE_OK ? STORE_ABSENT : STORE_FAILED;
}

/* NULL: out of memory. */
static char *write_customer(const char *id, const char *email, const char *name, const char *phone,
                            const char *created_at, const char *created_by)
{
    const struct {
        const char *name, *text;
    } members[] = {
        {"{\"id\":", id},       {",\"email\":", email},           {",\"name\":", name},
        {",\"phone\":", phone}, {",\"created_at\":", created_at}, {",\"created_by\":", created_by}};
    struct buffer json = {0};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        buffer_text(&json, members[i].name);
        if (members[i].text) {
            buffer_string(&json, members[i].text, strlen(members[i].text));
        } else {
            buffer_text(&json, "null");
        }
    }
    buffer_append(&json, "}", sizeof "}");
    if (json.failed) {
        buffer_clear(&json);
    }
    return json.bytes;
}

static char *write_new(const struct customer *customer)
{
    char id[ID_TEXT_SIZE], created_at[CLOCK_TEXT_SIZE];
    id_format(CUSTOMER.id_prefix, customer->id, id);
    clock_format(customer->created_at, created_at);
    return write_customer(id, customer->email, customer->name, customer->phone, created_at,
                          customer->created_by);
}

/* Adds what it is completed from by its name, or takes that away. */
static enum store_status
change_name(struct store_session *session, const struct store_collection *customers,
            const char *name, const char *order, int64_t id,
            enum store_status (*change)(struct store_session *, const struct store_collection *,
                                        const struct store_text *, int64_t))
{
    char *folded = name ? text_fold(name) : NULL;
    struct store_text text = {TEXT_NAME, folded, order};
    enum store_status status = !name    ? STORE_OK
                               : folded ? change(session, customers, &text, id)
                                        : STORE_FAILED;
    free(folded);
    return status;
}

static enum store_status add_texts(struct store_session *session,
                                   const struct store_collection *customers,
                                   const struct customer *customer)
{
    char *order = text_fold(customer->email);
    struct store_text text = {TEXT_EMAIL, order, order};
    enum store_status status =
        order ? store_text_add(session, customers, &text, customer->id) : STORE_FAILED;
    if (status == STORE_OK) {
        status =
            change_name(session, customers, customer->name, order, customer->id, store_text_add);
    }
    free(order);
    return status;
}

enum store_status customer_insert(struct store_session *session, const struct customer *customer,
                                  int64_t *holder, char **json)
{
    struct store_collection customers = customers_of(customer->tenant);
    struct store_claim claim = claim_of(customer->email_key);
    enum store_status status = store_claim(session, &customers, &claim, customer->id, holder);
    if (status != STORE_OK) {
        return status;
    }
    char *text = write_new(customer);
    struct store_record record = {
        .id = customer->id, .json = text, .length = text ? strlen(text) : 0};
    status = text ? store_record_insert(session, &customers, &record) : STORE_FAILED;
    status = status == STORE_OK ? add_texts(session, &customers, customer) : status;
    if (status != STORE_OK) {
        free(text);
        return STORE_FAILED;
    }
    *json = text;
    return STORE_OK;
}

static enum store_status rename_it(struct store_session *session,
                                   const struct store_collection *customers,
                                   const struct customer *customer, const struct json *before)
{
    char *order = text_fold(json_text(before, "email"));
    enum store_status status = order ? STORE_OK : STORE_FAILED;
    if (status == STORE_OK) {
        status = change_name(session, customers, json_text(before, "name"), order, customer->id,
                             store_text_remove);
    }
    if (status == STORE_OK) {
        status =
            change_name(session, customers, customer->name, order, customer->id, store_text_add);
    }
    free(order);
    return status;
}

static enum store_status update_read(struct store_session *session, const struct customer *customer,
                                     const struct json *before, char **json)
{
    struct store_collection customers = customers_of(customer->tenant);
    const char *id = json_text(before, "id"), *email = json_text(before, "email");
    const char *name = customer->name ? customer->name : json_text(before, "name");
    const char *phone = customer->phone ? customer->phone : json_text(before, "phone");
    if (!id || !email) {
        return STORE_FAILED; /* it is damaged: none was written without them */
    }
    *json = write_customer(id, email, name, phone, json_text(before, "created_at"),
                           json_text(before, "created_by"));
    enum store_status status =
        *json ? store_record_change(session, &customers, customer->id, *json) : STORE_FAILED;
    if (status == STORE_OK && customer->name) {
        status = rename_it(session, &customers, customer, before);
    }
    return status;
}

enum store_status customer_update(struct store_session *session, const struct customer *customer,
                                  char **json)
{
    char *text = NULL;
    struct store_collection customers = customers_of(customer->tenant);
    enum store_status status =
        store_record_find(session, &customers, customer->id, STORE_NOW, &text, NULL);
    if (status != STORE_OK || (!customer->name && !customer->phone)) {
        *json = text;
        return status;
    }
    struct json *before = json_read(text, strlen(text));
    free(text);
    *json = NULL;
    status = before ? update_read(session, customer, before, json) : STORE_FAILED;
    json_free(before);
    if (status != STORE_OK) {
        free(*json);
        *json = NULL;
    }
    return status;
}
