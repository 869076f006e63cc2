#include "mock_server/resources/payment_records.h"

#include "protocol/wire/decimal.h"

static const struct field PAYMENT_FIELDS[] = {
    [PAYMENT_EVENT_ID] = {"event_id", NULL, "The event's id", FIELD_TEXT, FIELD_REQUIRED, 255},
    [PAYMENT_TYPE] = {"type", NULL, "The type", FIELD_TEXT, FIELD_REQUIRED, 100},
    [PAYMENT_INVOICE_ID] = {"invoice_id", NULL, "The invoice's id", FIELD_TEXT, FIELD_REQUIRED, 32},
    [PAYMENT_AMOUNT] = {"amount", NULL, "The amount", FIELD_DECIMAL, FIELD_REQUIRED,
                        .decimals = DECIMAL_DIGITS_MAX, .range = RANGE_POSITIVE,
                        .out_of_range = "%s must be above zero.", .form = "write it as 323.71.",
                        .example = "323.71"},
    [PAYMENT_CURRENCY] = {"currency", NULL, "The currency", FIELD_CURRENCY, FIELD_REQUIRED},
    [PAYMENT_PAID_AT] = {"paid_at", NULL, "The time", FIELD_TEXT, FIELD_REQUIRED, 40},
};

/* Within one provider: that one is in the path. */
static const struct unique_rule PAYMENT_UNIQUE[] = {
    {.name = "event_id", .parts = {{"event_id", NULL, AS_TYPED}}},
};

const struct resource PAYMENT =
    RESOURCE(PAYMENT_FIELDS, PAYMENT_UNIQUE, .name = "payment", .path = "/v1/payments",
             .id_prefix = "pay_", .not_an_object = "An event must be an object, not %s.");

const struct resource OTHER_EVENT = {.fields = {PAYMENT_FIELDS, PAYMENT_TYPE + 1}, .is_open = true};
