/* What paid a record in another system, as the events that tell of it. */
#include "mock_server/base/names.h"
#include "mock_server/duplicates/kinds.h"
#include "mock_server/duplicates/legacy_inside.h"
#include "mock_server/duplicates/legacy_words.h"
#include "protocol/wire/clock.h"

#include <stdlib.h>
#include <string.h>

#define PAYMENTS_MAX    1000
#define PROVIDER_IMPORT "import"
#define RECEIVED        "payment.received"
#define ANY_EVENT       "any"
#define ANY_RECORD      "inv_1"

static const char *currency_of(const struct legacy *legacy)
{
    const struct fields *fields = &legacy->kept.resource->fields;
    for (size_t i = 0; i < fields->count; i++) {
        if (fields->items[i].kind == FIELD_CURRENCY) {
            return legacy->document.values.texts[i];
        }
    }
    return NULL;
}

/* A day alone is its first moment. */
static bool mend_time(struct json *event)
{
    const char *text = json_text(event, "paid_at");
    int64_t ms = 0;
    char time[CLOCK_TEXT_SIZE];
    if (!text || clock_is_date_time(text) || !legacy_read_time(text, &ms)) {
        return true; /* as it is; the event's own rules judge it */
    }
    clock_format(ms, time);
    return json_put(event, "paid_at", json_new_string(time));
}

static bool put_default(struct json *event, const char *name, const char *text)
{
    return json_member(event, name) || json_put(event, name, json_new_string(text));
}

/* By the rules of the event, with ids that it will get later. */
static bool judge_event(const struct legacy *legacy, const struct json *event,
                        struct buffer *reason)
{
    const struct creator *creator = kinds_payment();
    struct violations violations = {0};
    struct json *whole = json_copy(event);
    bool ok =
        put_default(whole, "event_id", ANY_EVENT) && put_default(whole, "invoice_id", ANY_RECORD);
    const struct creator_request request = {
        .body = whole, .tenant = "", .user = "", .parameter = PROVIDER_IMPORT, .fingerprint = ""};
    void *subject = ok ? creator->read(creator, &request, &violations) : NULL;
    const char *currency = json_text(event, "currency"), *ours = currency_of(legacy);
    if (subject) {
        creator->release(subject);
    }
    ok = subject && currency && ours && strcmp(currency, ours) == 0;
    if (violations.count > 0) {
        legacy_refuse_violations(reason, &violations);
    } else if (subject && !ok) {
        buffer_text(reason, "The currency must be the record's.");
    }
    violations_clear(&violations);
    json_free(whole);
    return ok;
}

/* The event is in the list of the legacy's from the start, and freed with it. */
static bool read_payment(struct legacy *legacy, struct json *given, struct buffer *reason)
{
    struct legacy_payment *payment = &legacy->payments[legacy->payment_count];
    struct json *provider = json_member(given, "provider");
    struct json *event = json_copy(given);
    const char *currency = currency_of(legacy);
    *payment = (struct legacy_payment){.event = event, .provider = PROVIDER_IMPORT};
    legacy->payment_count++;
    if (!event) {
        return false;
    }
    if (json_kind(event) != JSON_OBJECT) {
        buffer_text(reason, "It must be an object.");
        return false;
    }
    if (provider && !names_valid(json_string(provider))) {
        buffer_text(reason,
                    "The provider must be a name of 1 to 64 letters, digits, dots, dashes and _.");
        return false;
    }
    payment->provider = provider ? json_string(provider) : PROVIDER_IMPORT;
    json_remove(event, "provider");
    json_remove(event, "id"); /* what our own records have beside */
    json_remove(event, "created_at");
    json_remove(event, "merged_from");
    json_remove(event, "invoice_id");
    return mend_time(event) && put_default(event, "type", RECEIVED) &&
           put_default(event, "currency", currency ? currency : "") &&
           judge_event(legacy, event, reason);
}

bool legacy_read_payments(struct legacy *legacy, struct json *list, struct buffer *reason)
{
    size_t count = json_count(list);
    if (json_kind(list) != JSON_ARRAY || count > PAYMENTS_MAX) {
        buffer_text(reason, "The payments must be a list of 1000 at most.");
        return false;
    }
    legacy->payments = calloc(count + 1, sizeof(struct legacy_payment));
    for (struct json *one = json_first(list); legacy->payments && one; one = json_next(one)) {
        struct buffer why = {0};
        bool ok = read_payment(legacy, one, &why);
        if (why.length > 0 && !why.failed) {
            buffer_printf(reason, "Payment %zu: %.*s", legacy->payment_count, (int)why.length,
                          why.bytes);
        }
        buffer_clear(&why);
        if (!ok) {
            return false;
        }
    }
    return legacy->payments != NULL;
}
