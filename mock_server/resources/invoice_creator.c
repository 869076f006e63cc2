/* POST /v1/invoices: what creating an invoice is, for create_once. */
#include "mock_server/base/clock.h"
#include "mock_server/resources/customer_records.h"
#include "mock_server/resources/ids.h"
#include "mock_server/resources/invoice_template.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/date.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_INVOICE 1001

struct new_invoice {
    const char *tenant, *user;
    struct document document;
    struct invoice_template template;
    char *number_key, *external_key, *email_key; /* the second: NULL for none */

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
    free(invoice->external_key);
    free(invoice->email_key);
    free(invoice);
}

/* As they are claimed. False: out of memory. */
static bool make_keys(struct new_invoice *invoice)
{
    const struct values *asked = &invoice->document.values;
    const char *source = asked->texts[INVOICE_EXTERNAL_SOURCE];
    char *number = text_fold(asked->texts[INVOICE_NUMBER]);
    bool ok = number && asprintf(&invoice->number_key, "%s" STORE_PART_END "%d" STORE_PART_END,
                                 number, invoice_year(asked)) >= 0;
    free(number);
    if (ok && source && source[0]) {
        ok = asprintf(&invoice->external_key, "%s" STORE_PART_END "%s" STORE_PART_END, source,
                      asked->texts[INVOICE_EXTERNAL_ID]) >= 0;
    }
    invoice->email_key = ok ? text_fold_email(asked->texts[INVOICE_EMAIL]) : NULL;
    return invoice->email_key != NULL;
}

static void *read_invoice(const struct creator_request *request, struct violations *violations)
{
    struct new_invoice *invoice = calloc(1, sizeof(struct new_invoice));
    if (!invoice) {
        return NULL;
    }
    invoice->tenant = request->tenant;
    invoice->user = request->user;
    if (!document_read(&invoice->document, &INVOICE, request->body, violations) ||
        !make_keys(invoice) ||
        !invoice_template_make(&invoice->template, &invoice->document.values, request->user)) {
        release(invoice);
        return NULL;
    }
    return invoice;
}

/* The audit shows a refused body's members too, as far as they are what they should be. */
static void describe(const struct json *body, const char *parameter,
                     struct store_value values[STORE_VALUES_MAX])
{
    const char *number = json_text(body, "number");
    const char *issued = json_text(body, "issue_date");
    const struct json *external = json_member(body, "external_ref");
    const char *source = json_text(external, "source"), *id = json_text(external, "id");
    struct date date;
    int count = 0;
    (void)parameter;
    if (number && text_length(number) <= INVOICE_NUMBER_MAX) {
        values[count++] = (struct store_value){"number", number, 0};
    }
    if (issued && date_parse(issued, &date)) {
        values[count++] = (struct store_value){"year", NULL, date.year};
    }
    if (source && id && source[0] && text_length(source) <= INVOICE_TEXT_MAX &&
        text_length(id) <= INVOICE_TEXT_MAX) {
        values[count++] = (struct store_value){"external_ref.source", source, 0};
        values[count++] = (struct store_value){"external_ref.id", id, 0};
    }
}

static struct store_collection invoices_of(const char *tenant)
{
    return (struct store_collection){tenant, INVOICE_RESOURCE};
}

static bool choose_ids(struct new_invoice *invoice, struct store_session *session)
{
    struct store_collection invoices = invoices_of(invoice->tenant);
    enum store_status found =
        customer_choose_id(session, invoice->tenant, invoice->email_key, &invoice->customer_id);
    invoice->customer_is_new = found == STORE_ABSENT;
    return found != STORE_FAILED &&
           store_next_id(session, &invoices, FIRST_INVOICE, &invoice->id) == STORE_OK;
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
static void refuse(struct proposal *proposal, const struct unique_rule *rule, int64_t id,
                   char *record)
{
    char wrong[JSON_PROBLEM_MAX];
    struct json *problem = unique_problem(rule);
    json_put(problem, "existing", json_read_object(record, strlen(record), wrong));
    free(record);
    *proposal = (struct proposal){.reply = proposal->reply, .problem = rule->slug};
    reply_problem_json(&proposal->reply, problem);
    id_format(ID_INVOICE, id, proposal->record_id);
}

/* What it claims, the number before the external reference. */
struct rule {
    struct store_claim claim;
    const struct unique_rule *taken;
};

static int rules_of(const struct new_invoice *invoice, struct rule rules[2])
{
    rules[0] = (struct rule){{INVOICE_RULE_NUMBER, invoice->number_key, false}, &INVOICE.unique[0]};
    rules[1] =
        (struct rule){{INVOICE_RULE_EXTERNAL, invoice->external_key, false}, &INVOICE.unique[1]};
    return invoice->external_key ? 2 : 1;
}

static enum outcome refuse_taken(const struct new_invoice *invoice, struct store_session *session,
                                 const struct unique_rule *taken, int64_t holder,
                                 struct proposal *proposal)
{
    struct store_collection invoices = invoices_of(invoice->tenant);
    char *record = NULL;
    if (store_record_find(session, &invoices, holder, STORE_NOW, &record) != STORE_OK) {
        return OUTCOME_FAILED;
    }
    refuse(proposal, taken, holder, record);
    return OUTCOME_REJECTED_CONFLICT;
}

/* OUTCOME_CREATED: all of it is claimed; else nothing. */
static enum outcome claim(const struct new_invoice *invoice, struct store_session *session,
                          struct proposal *proposal)
{
    struct store_collection invoices = invoices_of(invoice->tenant);
    struct rule rules[2];
    int count = rules_of(invoice, rules);
    for (int i = 0; i < count; i++) {
        int64_t holder = 0;
        enum store_status status =
            store_claim(session, &invoices, &rules[i].claim, invoice->id, &holder);
        for (int given_up = i; status == STORE_TAKEN && given_up-- > 0;) {
            if (store_unclaim(session, &invoices, &rules[given_up].claim, invoice->id) !=
                STORE_OK) {
                status = STORE_FAILED;
            }
        }
        if (status != STORE_OK) {
            return status == STORE_TAKEN
                       ? refuse_taken(invoice, session, rules[i].taken, holder, proposal)
                       : OUTCOME_FAILED;
        }
    }
    return OUTCOME_CREATED;
}

static bool add_customer(const struct new_invoice *invoice, struct store_session *session,
                         int64_t now)
{
    if (!invoice->customer_is_new) {
        return true;
    }
    const struct values *asked = &invoice->document.values;
    const char *name = asked->texts[INVOICE_NAME];
    struct customer customer = {
        .tenant = invoice->tenant,
        .id = invoice->customer_id,
        .email = asked->texts[INVOICE_EMAIL],
        .email_key = invoice->email_key,
        .name = name && name[0] ? name : NULL,
        .created_at = now,
        .created_by = invoice->user,
    };
    int64_t holder = 0;
    char *json = NULL;
    bool ok = customer_insert(session, &customer, &holder, &json) == STORE_OK;
    free(json);
    return ok;
}

/* The claims go first: they decide, and a customer made for an invoice that was refused would be
 * left over. */
static enum outcome carry_out(void *subject, struct store_session *session, int64_t now,
                              struct proposal *proposal)
{
    const struct new_invoice *invoice = subject;
    enum outcome outcome = claim(invoice, session, proposal);
    if (outcome != OUTCOME_CREATED) {
        return outcome;
    }
    struct store_collection invoices = invoices_of(invoice->tenant);
    struct store_record record = {
        .id = invoice->id,
        .parent = invoice->customer_id,
        .period = invoice_year(&invoice->document.values),
        .json = proposal->reply.body,
        .length = proposal->reply.length,
    };
    bool ok = store_record_insert(session, &invoices, &record) == STORE_OK &&
              add_customer(invoice, session, now);
    return ok ? OUTCOME_CREATED : OUTCOME_FAILED;
}

/* The record of that id, owned by the caller; NULL: there is none, or it can't be read. */
static char *find_record(struct store_session *session, const char *tenant, const char *record_id,
                         enum store_age age, int64_t *id)
{
    struct store_collection invoices = invoices_of(tenant);
    char *record = NULL;
    bool found = record_id && id_parse(ID_INVOICE, record_id, id) &&
                 store_record_find(session, &invoices, *id, age, &record) == STORE_OK;
    return found ? record : NULL;
}

static char *recall(struct store_session *session, const char *tenant, const char *record_id)
{
    int64_t id = 0;
    return find_record(session, tenant, record_id, STORE_CREATED, &id);
}

static bool revive(struct store_session *session, const char *tenant, const char *problem,
                   const char *record_id, struct reply *reply)
{
    int64_t id = 0;
    char *record = find_record(session, tenant, record_id, STORE_NOW, &id);
    if (!record) {
        return false;
    }
    if (!problem) {
        reply_take(reply, 200, MEDIA_JSON, record, strlen(record));
        return true;
    }
    struct proposal proposal = {0};
    const struct unique_rule *rule = unique_rule_of(&INVOICE, problem);
    if (!rule) {
        free(record);
        return false;
    }
    refuse(&proposal, rule, id, record);
    *reply = proposal.reply;
    return true;
}

static bool look(void *subject, struct store_session *session, struct proposal *proposal)
{
    const struct new_invoice *invoice = subject;
    struct store_collection invoices = invoices_of(invoice->tenant);
    struct rule rules[2];
    rules_of(invoice, rules);
    int64_t holder = 0;
    return store_holder(session, &invoices, &rules[0].claim, &holder) == STORE_OK &&
           refuse_taken(invoice, session, rules[0].taken, holder, proposal) ==
               OUTCOME_REJECTED_CONFLICT;
}

const struct creator invoice_creator = {
    .resource = INVOICE_RESOURCE,
    .read = read_invoice,
    .release = release,
    .describe = describe,
    .propose = propose,
    .carry_out = carry_out,
    .recall = recall,
    .revive = revive,
    .look = look,
};
