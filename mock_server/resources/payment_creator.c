/* POST /v1/webhooks/PROVIDER: a payment, once an event. */
#include "mock_server/engine/ids.h"
#include "mock_server/resources/payment_records.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/currency.h"
#include "protocol/wire/decimal.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"

#include <stdlib.h>
#include <string.h>

#define RECEIVED "payment.received"

struct new_payment {
    struct document document;
    struct store_event event; /* text is the request's; its record is the payment */
    int64_t asked_id;         /* the invoice's that is to be paid; 0: of none that is there */
    int64_t invoice_id;       /* … and of the one that stands for it now */
    bool is_payment;          /* false: of a type that is ignored */
};

/* What holds between two members, and a time. */
static void check_payment(const struct values *values, struct violations *violations)
{
    const char *amount = values->texts[PAYMENT_AMOUNT], *currency = values->texts[PAYMENT_CURRENCY];
    const char *paid_at = values->texts[PAYMENT_PAID_AT];
    int digits = currency ? currency_minor_digits(currency) : -1;
    struct decimal value;
    if (amount && digits >= 0 && !violations_at(violations, "/amount") &&
        decimal_parse(amount, &value) == DECIMAL_OK && value.scale > (unsigned)digits) {
        violations_add(violations, "/amount", "too-many-decimals",
                       "The amount has more decimals than its currency, which has %d.", digits);
    }
    if (paid_at && !violations_at(violations, "/paid_at") && !clock_is_date_time(paid_at)) {
        violations_add(violations, "/paid_at", "not-a-time",
                       "The time must be as in RFC 3339, such as \"2026-11-22T10:02:11Z\".");
    }
}

static void release(void *subject)
{
    struct new_payment *payment = subject;
    document_clear(&payment->document);
    free(payment);
}

static void *read_payment(const struct creator *creator, const struct creator_request *request,
                          struct violations *violations)
{
    struct new_payment *payment = calloc(1, sizeof(struct new_payment));
    if (!payment) {
        return NULL;
    }
    const char *type = json_text(request->body, "type");
    payment->is_payment = !type || type[0] == '\0' || strcmp(type, RECEIVED) == 0;
    const struct values *values = &payment->document.values;
    document_read(&payment->document, payment->is_payment ? creator->resource : &OTHER_EVENT,
                  request->body, violations);
    if (payment->is_payment) {
        check_payment(values, violations);
    }
    if (violations->count > 0 || violations->out_of_memory) {
        release(payment);
        return NULL;
    }
    payment->event = (struct store_event){
        .tenant = request->tenant,
        .source = request->parameter,
        .event_id = values->texts[PAYMENT_EVENT_ID],
        .type = values->texts[PAYMENT_TYPE],
        .fingerprint = request->fingerprint,
    };
    if (payment->is_payment &&
        !id_parse(INVOICE.id_prefix, values->texts[PAYMENT_INVOICE_ID], &payment->asked_id)) {
        payment->asked_id = 0;
    }
    return payment;
}

static struct store_collection payments_of(const char *tenant)
{
    return (struct store_collection){tenant, PAYMENT.name};
}

static char *write_payment(const struct new_payment *payment)
{
    const struct store_event *event = &payment->event;
    const char *const *texts = payment->document.values.texts;
    char id[ID_TEXT_SIZE], invoice[ID_TEXT_SIZE], created_at[CLOCK_TEXT_SIZE];
    id_format(PAYMENT.id_prefix, event->record_id, id);
    id_format(INVOICE.id_prefix, payment->invoice_id, invoice);
    clock_format(event->created_at, created_at);
    struct json *json = json_new_texts(
        "id", id, "provider", event->source, "event_id", event->event_id, "invoice_id", invoice,
        "amount", texts[PAYMENT_AMOUNT], "currency", texts[PAYMENT_CURRENCY], "paid_at",
        texts[PAYMENT_PAID_AT], "created_at", created_at, NULL);
    if (payment->invoice_id != payment->asked_id) {
        id_format(INVOICE.id_prefix, payment->asked_id, invoice);
        json = json_with(json, "merged_from", json_new_string(invoice));
    }
    char *text = json ? json_write(json) : NULL;
    json_free(json);
    return text;
}

/* Of a payment's record. False: out of memory, or it is none. */
static bool answer(struct proposal *proposal, const char *record, bool duplicate)
{
    struct json *payment = json_read(record, strlen(record));
    const char *id = json_text(payment, "id"), *invoice = json_text(payment, "invoice_id");
    if (!id || !invoice) {
        json_free(payment);
        return false;
    }
    strncpy(proposal->record_id, id, RECORD_ID_SIZE - 1);
    strncpy(proposal->parent_id, invoice, RECORD_ID_SIZE - 1);
    reply_json(&proposal->reply, 200,
               json_with(json_with(json_new_object(), "payment", payment), "duplicate",
                         json_new_bool(duplicate)));
    return true;
}

static enum store_status answer_again(const struct store_event *event, int64_t payment_id,
                                      struct store_session *session, struct proposal *proposal)
{
    struct store_collection payments = payments_of(event->tenant);
    char *record = NULL;
    enum store_status status =
        store_record_find(session, &payments, payment_id, STORE_NOW, &record, NULL);
    if (status == STORE_OK && !answer(proposal, record, true)) {
        status = STORE_FAILED;
    }
    free(record);
    return status;
}

static void answer_ignored(struct proposal *proposal)
{
    reply_json(&proposal->reply, 200, json_with(json_new_object(), "ignored", json_new_bool(true)));
}

/* STORE_ABSENT: never delivered; else the answer to a second delivery is in *outcome. */
static enum store_status delivered_before(const struct new_payment *payment,
                                          struct store_session *session, struct proposal *proposal,
                                          enum outcome *outcome)
{
    const struct store_event *event = &payment->event;
    char *fingerprint = NULL;
    int64_t payment_id = 0;
    enum store_status status = store_event_find(session, event, &fingerprint, &payment_id);
    if (status != STORE_OK) {
        return status;
    }
    if (strcmp(fingerprint, event->fingerprint) != 0) {
        reply_problem(&proposal->reply, PROBLEM_EVENT_ID_REUSED,
                      "The event_id %s of %s was delivered before with another content.",
                      event->event_id, event->source);
        *outcome = OUTCOME_REJECTED_MISMATCH;
    } else {
        *outcome = OUTCOME_REPLAYED;
        if (payment_id) {
            status = answer_again(event, payment_id, session, proposal);
        } else {
            answer_ignored(proposal);
        }
    }
    free(fingerprint);
    return status == STORE_ABSENT ? STORE_FAILED : status;
}

/* What may be said against the invoice that is to be paid. */
enum payee { PAYEE_GOOD, PAYEE_ABSENT, PAYEE_OTHER_CURRENCY, PAYEE_UNKNOWN };

static enum payee find_payee(struct new_payment *payment, struct store_session *session)
{
    char *text = NULL, wrong[JSON_PROBLEM_MAX];
    if (!payment->is_payment) {
        return PAYEE_GOOD;
    }
    struct store_collection invoices = {payment->event.tenant, INVOICE.name};
    int64_t into = 0;
    payment->invoice_id = payment->asked_id;
    enum store_status status =
        store_record_find(session, &invoices, payment->invoice_id, STORE_NOW, &text, &into);
    if (status == STORE_OK && into) {
        free(text);
        payment->invoice_id = into;
        status = store_record_find(session, &invoices, into, STORE_NOW, &text, NULL);
    }
    if (status != STORE_OK) {
        return status == STORE_ABSENT ? PAYEE_ABSENT : PAYEE_UNKNOWN;
    }
    struct json *record = json_read_object(text, strlen(text), wrong);
    const char *currency = json_text(record, "currency");
    const char *paid = payment->document.values.texts[PAYMENT_CURRENCY];
    enum payee payee = !currency                     ? PAYEE_UNKNOWN
                       : strcmp(currency, paid) == 0 ? PAYEE_GOOD
                                                     : PAYEE_OTHER_CURRENCY;
    json_free(record);
    free(text);
    return payee;
}

static bool add_payment(const struct new_payment *payment, struct store_session *session,
                        struct proposal *proposal)
{
    struct store_collection payments = payments_of(payment->event.tenant);
    char *json = write_payment(payment);
    if (!json) {
        return false;
    }
    struct store_record record = {.id = payment->event.record_id,
                                  .parent = payment->invoice_id,
                                  .json = json,
                                  .length = strlen(json)};
    bool ok = store_record_insert(session, &payments, &record) == STORE_OK &&
              answer(proposal, json, false);
    free(json);
    return ok;
}

/* The constraint on (tenant, provider, event) decides; then the payment is added. */
static enum outcome deliver(struct new_payment *payment, struct store_session *session, int64_t now,
                            struct proposal *proposal)
{
    struct store_collection payments = payments_of(payment->event.tenant);
    payment->event.created_at = now;
    if (payment->is_payment &&
        store_next_id(session, &payments, 1, &payment->event.record_id) != STORE_OK) {
        return OUTCOME_FAILED;
    }
    enum outcome outcome = OUTCOME_CREATED;
    enum store_status status = store_event_insert(session, &payment->event);
    if (status == STORE_TAKEN) {
        status = delivered_before(payment, session, proposal, &outcome);
        return status == STORE_OK ? outcome : OUTCOME_FAILED;
    }
    if (status != STORE_OK) {
        return OUTCOME_FAILED;
    }
    if (!payment->is_payment) {
        answer_ignored(proposal);
        return OUTCOME_CREATED;
    }
    return add_payment(payment, session, proposal) ? OUTCOME_CREATED : OUTCOME_FAILED;
}

static void refuse(enum payee payee, struct proposal *proposal)
{
    if (payee == PAYEE_ABSENT) {
        reply_problem(&proposal->reply, PROBLEM_NOT_FOUND, "There is no such invoice.");
        return;
    }
    struct violations violations = {0};
    violations_add(&violations, "/currency", "wrong-currency",
                   "The currency must be the invoice's.");
    reply_violations(&proposal->reply, &violations);
    violations_clear(&violations);
}

static enum outcome carry_out(void *subject, struct store_session *session, int64_t now,
                              struct proposal *proposal)
{
    struct new_payment *payment = subject;
    enum payee payee = find_payee(payment, session);
    if (payee == PAYEE_GOOD) {
        return deliver(payment, session, now, proposal);
    }
    /* Nothing to pay so; unless the event's id is known, which is then what is wrong. */
    enum outcome outcome = OUTCOME_REJECTED_INVALID;
    enum store_status before = payee == PAYEE_UNKNOWN
                                   ? STORE_FAILED
                                   : delivered_before(payment, session, proposal, &outcome);
    if (before == STORE_ABSENT) {
        refuse(payee, proposal);
        return OUTCOME_REJECTED_INVALID;
    }
    return before == STORE_OK ? outcome : OUTCOME_FAILED;
}

const struct creator payment_creator = {
    .resource = &PAYMENT,
    .parameter = "provider",
    .read = read_payment,
    .release = release,
    .carry_out = carry_out,
};
