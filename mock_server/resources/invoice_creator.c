/* POST /v1/invoices: what creating an invoice is, for create_once. */
#include "mock_server/base/clock.h"
#include "mock_server/resources/ids.h"
#include "mock_server/resources/invoice_template.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/date.h"
#include "protocol/wire/json.h"
#include "protocol/wire/message.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct new_invoice {
    const char *tenant, *user;
    struct document document;
    struct invoice_template template;
    char *number_key, *email_key;

    /* Set by propose: */
    int64_t id, customer_id;
    bool customer_is_new;
};

static void release(void *subject)
{
    struct new_invoice *invoice = subject;
    document_clear(&invoice->document);
    invoice_template_clear(&invoice->template);
    free(invoice->number_key);
    free(invoice->email_key);
    free(invoice);
}

static void *read_invoice(const struct creator_request *request, struct violations *violations)
{
    struct new_invoice *invoice = calloc(1, sizeof(struct new_invoice));
    if (!invoice) {
        return NULL;
    }
    invoice->tenant = request->tenant;
    invoice->user = request->user;
    if (document_read(&invoice->document, &INVOICE, request->body, violations)) {
        invoice->number_key = text_fold(invoice->document.values.texts[INVOICE_NUMBER]);
        invoice->email_key = text_fold_email(invoice->document.values.texts[INVOICE_EMAIL]);
    }
    if (!invoice->number_key || !invoice->email_key ||
        !invoice_template_make(&invoice->template, &invoice->document.values, request->user)) {
        release(invoice);
        return NULL;
    }
    return invoice;
}

/* The audit shows a refused body's members too, as far as they are what they should be. */
static void describe(const struct json *body, struct store_audit_entry *entry)
{
    const char *number = json_text(body, "number");
    const char *issued = json_text(body, "issue_date");
    const struct json *external = json_member(body, "external_ref");
    const char *source = json_text(external, "source"), *id = json_text(external, "id");
    struct date date;
    if (number && text_length(number) <= INVOICE_NUMBER_MAX) {
        entry->number = number;
    }
    if (issued && date_parse(issued, &date)) {
        entry->year = date.year;
    }
    if (source && id && source[0] && text_length(source) <= INVOICE_TEXT_MAX &&
        text_length(id) <= INVOICE_TEXT_MAX) {
        entry->external_source = source;
        entry->external_id = id;
    }
}

static bool choose_ids(struct new_invoice *invoice, struct store_session *session)
{
    enum store_status found = store_customer_id_by_email(session, invoice->tenant,
                                                         invoice->email_key, &invoice->customer_id);
    invoice->customer_is_new = found == STORE_ABSENT;
    if (invoice->customer_is_new) {
        found = store_customer_next_id(session, invoice->tenant, &invoice->customer_id);
    }
    return found == STORE_OK &&
           store_invoice_next_id(session, invoice->tenant, &invoice->id) == STORE_OK;
}

static bool propose(void *subject, struct store_session *session, int64_t now,
                    struct proposal *proposal)
{
    struct new_invoice *invoice = subject;
    if (!choose_ids(invoice, session)) {
        return false;
    }
    char customer[ID_TEXT_SIZE], created_at[CLOCK_TEXT_SIZE];
    id_format(ID_INVOICE, invoice->id, proposal->record_id);
    memcpy(proposal->invoice_id, proposal->record_id, RECORD_ID_SIZE);
    id_format(ID_CUSTOMER, invoice->customer_id, customer);
    clock_format(now, created_at);
    const char *values[BLANK_COUNT] = {[BLANK_ID] = proposal->record_id,
                                       [BLANK_CUSTOMER_ID] = customer,
                                       [BLANK_CREATED_AT] = created_at};
    size_t length = 0;
    char *record = invoice_template_fill(&invoice->template, values, &length);
    if (!record) {
        return false;
    }
    reply_take(&proposal->reply, 201, MEDIA_JSON, record, length);
    proposal->reply_is_record = true;
    return asprintf(&proposal->reply.location, "/v1/invoices/%s", proposal->record_id) >= 0;
}

/* The refusal for a unique constraint, with the record that was there first. Takes `record`. */
static void refuse(struct proposal *proposal, enum problem_type type, int64_t id, char *record)
{
    const char *taken = N_("This invoice number already exists. We kept the original and "
                           "didn't create a second one.");
    const char *external = N_("This external reference already has an invoice. We kept the "
                              "original and didn't create a second one.");
    char wrong[JSON_PROBLEM_MAX];
    struct json *problem =
        problem_new(type, "%s", type == PROBLEM_INVOICE_NUMBER_TAKEN ? taken : external);
    json_put(problem, "existing", json_read_object(record, strlen(record), wrong));
    free(record);
    *proposal = (struct proposal){.reply = proposal->reply, .problem = problem_info(type)->slug};
    reply_problem_json(&proposal->reply, problem);
    id_format(ID_INVOICE, id, proposal->record_id);
    memcpy(proposal->invoice_id, proposal->record_id, RECORD_ID_SIZE);
}

static enum outcome refuse_taken(const struct new_invoice *invoice, struct store_session *session,
                                 enum store_status taken, struct proposal *proposal)
{
    const struct values *asked = &invoice->document.values;
    char *record = NULL;
    int64_t id = 0;
    bool number = taken == STORE_NUMBER_TAKEN;
    enum store_status found =
        number ? store_invoice_by_number(session, invoice->tenant, invoice->number_key,
                                         invoice_year(asked), &id, &record)
               : store_invoice_by_external(session, invoice->tenant,
                                           asked->texts[INVOICE_EXTERNAL_SOURCE],
                                           asked->texts[INVOICE_EXTERNAL_ID], &id, &record);
    if (found != STORE_OK) {
        return OUTCOME_FAILED;
    }
    refuse(proposal, number ? PROBLEM_INVOICE_NUMBER_TAKEN : PROBLEM_EXTERNAL_REF_TAKEN, id,
           record);
    return OUTCOME_REJECTED_CONFLICT;
}

static bool add_customer(const struct new_invoice *invoice, struct store_session *session,
                         int64_t now)
{
    if (!invoice->customer_is_new) {
        return true;
    }
    const struct values *asked = &invoice->document.values;
    const char *name = asked->texts[INVOICE_NAME] && asked->texts[INVOICE_NAME][0]
                           ? asked->texts[INVOICE_NAME]
                           : NULL;
    char *name_key = name ? text_fold(name) : NULL;
    struct store_customer customer = {
        .tenant = invoice->tenant,
        .id = invoice->customer_id,
        .email = asked->texts[INVOICE_EMAIL],
        .email_key = invoice->email_key,
        .name = name,
        .name_key = name_key,
        .created_at = now,
        .created_by = invoice->user,
    };
    bool ok = (!name || name_key) && store_customer_insert(session, &customer) == STORE_OK;
    free(name_key);
    return ok;
}

/* The invoice goes first: its unique constraints decide, and a customer made for an invoice that
 * was refused would be left over. */
static enum outcome carry_out(void *subject, struct store_session *session, int64_t now,
                              struct proposal *proposal)
{
    const struct new_invoice *invoice = subject;
    const struct values *asked = &invoice->document.values;
    bool external =
        asked->texts[INVOICE_EXTERNAL_SOURCE] && asked->texts[INVOICE_EXTERNAL_SOURCE][0];
    struct store_invoice row = {
        .tenant = invoice->tenant,
        .id = invoice->id,
        .number = asked->texts[INVOICE_NUMBER],
        .number_key = invoice->number_key,
        .year = invoice_year(asked),
        .customer_id = invoice->customer_id,
        .external_source = external ? asked->texts[INVOICE_EXTERNAL_SOURCE] : NULL,
        .external_id = external ? asked->texts[INVOICE_EXTERNAL_ID] : NULL,
        .record = proposal->reply.body,
        .record_length = proposal->reply.length,
    };
    enum store_status status = store_invoice_insert(session, &row);
    if (status == STORE_NUMBER_TAKEN || status == STORE_EXTERNAL_TAKEN) {
        return refuse_taken(invoice, session, status, proposal);
    }
    return status == STORE_OK && add_customer(invoice, session, now) ? OUTCOME_CREATED
                                                                     : OUTCOME_FAILED;
}

/* The record of that id, owned by the caller; NULL: there is none, or it can't be read. */
static char *find_record(struct store_session *session, const char *tenant, const char *record_id,
                         int64_t *id)
{
    char *record = NULL;
    bool found = record_id && id_parse(ID_INVOICE, record_id, id) &&
                 store_invoice_by_id(session, tenant, *id, &record) == STORE_OK;
    return found ? record : NULL;
}

static char *recall(struct store_session *session, const char *tenant, const char *record_id)
{
    int64_t id = 0;
    return find_record(session, tenant, record_id, &id);
}

static bool revive(struct store_session *session, const char *tenant, const char *problem,
                   const char *record_id, struct reply *reply)
{
    int64_t id = 0;
    char *record = find_record(session, tenant, record_id, &id);
    if (!record) {
        return false;
    }
    if (!problem) {
        reply_take(reply, 200, MEDIA_JSON, record, strlen(record));
        return true;
    }
    struct proposal proposal = {0};
    bool number = strcmp(problem, problem_info(PROBLEM_INVOICE_NUMBER_TAKEN)->slug) == 0;
    refuse(&proposal, number ? PROBLEM_INVOICE_NUMBER_TAKEN : PROBLEM_EXTERNAL_REF_TAKEN, id,
           record);
    *reply = proposal.reply;
    return true;
}

static bool look(void *subject, struct store_session *session, struct proposal *proposal)
{
    return refuse_taken(subject, session, STORE_NUMBER_TAKEN, proposal) ==
           OUTCOME_REJECTED_CONFLICT;
}

const struct creator invoice_creator = {
    .read = read_invoice,
    .release = release,
    .describe = describe,
    .propose = propose,
    .carry_out = carry_out,
    .recall = recall,
    .revive = revive,
    .look = look,
};
