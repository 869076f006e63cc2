/* Values at the border of what is taken, for every field, on both sides of it. What openapi.yaml
 * says of each is held against this by the check of all exchanges: what was taken must be allowed
 * there, and what was refused must not be. */
#include "tests/server/api.h"

#include <stdio.h>

#define X10  "xxxxxxxxxx"
#define X50  X10 X10 X10 X10 X10
#define X200 X50 X50 X50 X50

struct border {
    const char *at;    /* in a good body */
    const char *value; /* JSON; NULL: the member is taken away */
    bool taken;
};

static const struct border INVOICE[] = {
    {"/number", "\" \"", false},
    {"/number", "\"\\u200b\"", false},
    {"/number", "\"\\u00ad \\u2060\"", false},
    {"/number", "\"\\ufeff\"", false},
    {"/number", "\"\\u3164\"", false},
    {"/number", "\"\\u2028\"", false},
    {"/number", "\"\\u0085\"", false},
    {"/number", "\"\\u200bx\"", true},
    {"/number", "\"a\\u2028b\"", true},
    {"/issue_date", "\"0001-01-01\"", true},
    {"/issue_date", "\"0000-12-31\"", false},
    {"/due_date", "\"9999-12-31\"", true},
    {"/due_date", "\"\"", true},
    {"/due_date", "\" \"", false},
    {"/due_date", "null", false},
    {"/due_date", "\"2028-02-29\"", true},
    {"/due_date", "\"2100-02-29\"", false},
    {"/due_date", "\"2400-02-29\"", true},
    {"/due_date", "\"2027-02-28\"", true},
    {"/due_date", "\"2027-02-29\"", false},
    {"/due_date", "\"2027-01-31\"", true},
    {"/due_date", "\"2027-01-32\"", false},
    {"/due_date", "\"2027-06-30\"", true},
    {"/due_date", "\"2027-06-31\"", false},
    {"/due_date", "\"2027-12-31\"", true},
    {"/due_date", "\"2027-12-00\"", false},
    {"/currency", "\"AED\"", true},
    {"/currency", "\"ZWG\"", true},
    {"/currency", "\"CLF\"", true},
    {"/currency", "\"XXX\"", false},
    {"/currency", "\"XDR\"", false},
    {"/currency", "\"EU\"", false},
    {"/currency", "\"Eur\"", false},
    {"/customer/email", "\"a@b.c\"", true},
    {"/customer/email", "\"a\\u200b@b.example\"", true},
    {"/customer/email", "\"a\\u0001@b.example\"", false},
    {"/customer/email", "\"a@b.exam\\u007fple\"", false},
    {"/customer/email", "\"a\\u00a0b@c.example\"", false},
    {"/customer/email", "\"a@b.\\u3000c\"", false},
    {"/customer/email", "\"a@b\\uff0eexample\"", false},
    {"/customer/email", "\"a\\uff20b.example\"", false},
    {"/customer/email", "\"" X200 X10 X10 X10 X10 "xxx@b.example1\"", true},
    {"/customer/email", "\"" X200 X10 X10 X10 X10 "xxxx@b.example1\"", false},
    {"/customer/email", "\"<a@b.example>\"", false},
    {"/customer/email", "\"a;c@b.example\"", false},
    {"/customer/email", "\"mailto:a@b.example\"", false},
    {"/customer/name", "\"\"", true},
    {"/customer/name", "\" \"", true},
    {"/customer/name", "\"\\u200b\"", true},
    {"/customer/name", "null", false},
    {"/lines/0/description", "\" \"", false},
    {"/lines/0/description", "\"\\u200b\"", false},
    {"/lines/0/quantity", "\"-0\"", false},
    {"/lines/0/quantity", "\"0.0001\"", true},
    {"/lines/0/quantity", "\"-0.0001\"", true},
    {"/lines/0/quantity", "\"0.00001\"", false},
    {"/lines/0/quantity", "\"1000000000\"", true},
    {"/lines/0/quantity", "\"1000000000000000\"", false},
    {"/lines/0/quantity", "\"--1\"", false},
    {"/lines/0/quantity", "\"-\"", false},
    {"/lines/0/quantity", "\"1.0.0\"", false},
    {"/lines/0/unit_price", "\"-0\"", true},
    {"/lines/0/unit_price", "\"-0.0000\"", true},
    {"/lines/0/unit_price", "\"-0.0001\"", false},
    {"/lines/0/unit_price", "\"0.0001\"", true},
    {"/lines/0/unit_price", "\"12345678901.2345\"", true},
    {"/lines/0/unit_price", "\"123456789012.3456\"", false},
    {"/lines/0/unit_price", "\"00\"", false},
    {"/lines/0/unit_price", "\"\"", false},
    {"/lines/0/tax_rate", "\"\"", true},
    {"/lines/0/tax_rate", "\" \"", false},
    {"/lines/0/tax_rate", "\"-0\"", true},
    {"/lines/0/tax_rate", "\"-0.00\"", true},
    {"/lines/0/tax_rate", "\"-0.01\"", false},
    {"/lines/0/tax_rate", "\"-21\"", false},
    {"/lines/0/tax_rate", "\"99.99\"", true},
    {"/lines/0/tax_rate", "\"100.0\"", true},
    {"/lines/0/tax_rate", "\"100.000\"", false},
    {"/lines/0/tax_rate", "\"101\"", false},
    {"/lines/0/tax_rate", "\"999\"", false},
    {"/lines/0/tax_rate", "\"007\"", false},
    {"/lines/0/tax_rate", "\"5.\"", false},
    {"/lines/0/tax_rate", "\"0.123\"", false},
    {"/lines/0/tax_rate", "null", false},
    {"/notes", "\"\\n\\r\\n\"", true},
    {"/notes", "\"\\u2028\"", true},
    {"/notes", "\"\\u000b\"", false},
    {"/notes", "\"\\u0085\"", false},
    {"/notes", "\"\\u007f\"", false},
    {"/notes", "null", false},
    {"/external_ref", "{\"source\":\"s\",\"id\":\"" X200 "\"}", true},
    {"/external_ref", "{\"source\":\"s\",\"id\":\"" X200 "x\"}", false},
    {"/external_ref", "{}", false},
    {"/external_ref", "{\"source\":\"\",\"id\":\"\"}", false},
    {"/external_ref", "{\"source\":\"\"}", false},
    {"/external_ref", "{\"id\":\"a\"}", false},
    {"/external_ref", "{\"source\":\" \",\"id\":\"1\"}", false},
    {"/external_ref", "{\"source\":\"a\",\"id\":\"\\u200b\"}", false},
    {"/external_ref", "{\"source\":\"\\na\",\"id\":\"1\"}", false},
    {"/external_ref", "{\"source\":\"a\",\"id\":\"2\",\"x\":1}", false},
    {"/external_ref", "null", false},
};

static const struct border CUSTOMER[] = {
    {"/email", NULL, false},
    {"/email", "\"\"", false},
    {"/email", "\"a@b\"", false},
    {"/phone", "\"" X10 X10 X10 X10 "\"", true},
    {"/phone", "\"" X10 X10 X10 X10 "x\"", false},
    {"/phone", "\"\"", true},
    {"/phone", "\"\\n1\"", false},
    {"/phone", "null", false},
    {"/name", "\"\"", true},
    {"/name", "\" \"", true},
    {"/name", "\"" X200 "\"", true},
    {"/name", "\"" X200 "x\"", false},
    {"/name", "\"\\u0001\"", false},
    {"/idempotency_key", "7", true},
    {"/fax", "\"1\"", false},
};

static const struct border PAYMENT[] = {
    {"/event_id", "\"" X200 X50 "xxxxx\"", true},
    {"/event_id", "\"" X200 X50 "xxxxxx\"", false},
    {"/event_id", "\" \"", false},
    {"/event_id", "\"\\u200b\"", false},
    {"/event_id", "\"\\na\"", false},
    {"/event_id", NULL, false},
    {"/type", "\"\"", false},
    {"/type", "\" \"", false},
    {"/type", "\"" X50 X50 "\"", true},
    {"/type", "\"" X50 X50 "x\"", false},
    {"/type", "\"Payment.received\"", true},
    {"/type", "7", false},
    {"/invoice_id", "\"\"", false},
    {"/invoice_id", "\" \"", false},
    {"/invoice_id", "\"\\na\"", false},
    {"/invoice_id", "\"" X10 X10 X10 "xxx\"", false},
    {"/amount", "\"0\"", false},
    {"/amount", "\"-0\"", false},
    {"/amount", "\"-1\"", false},
    {"/amount", "\"0.01\"", true},
    {"/amount", "\"0.00\"", false},
    {"/amount", "\"01\"", false},
    {"/amount", "\"123456789012345\"", true},
    {"/amount", "\"1234567890123456\"", false},
    {"/currency", "\"ZZZ\"", false},
    {"/currency", "\"eur\"", false},
    {"/paid_at", "\"2026-02-28T23:59:60Z\"", true},
    {"/paid_at", "\"2026-02-28T23:59:61Z\"", false},
    {"/paid_at", "\"2026-02-28T24:00:00Z\"", false},
    {"/paid_at", "\"2026-02-28T23:60:00Z\"", false},
    {"/paid_at", "\"2026-02-29T08:00:00Z\"", false},
    {"/paid_at", "\"2028-02-29t08:00:00z\"", true},
    {"/paid_at", "\"0000-02-28T08:00:00Z\"", false},
    {"/paid_at", "\"2026-02-28 08:00:00Z\"", false},
    {"/paid_at", "\"2026-02-28T08:00:00\"", false},
    {"/paid_at", "\"2026-02-28T08:00:00+23:59\"", true},
    {"/paid_at", "\"2026-02-28T08:00:00+24:00\"", false},
    {"/paid_at", "\"2026-02-28T08:00:00+23:60\"", false},
    {"/paid_at", "\"2026-02-28T08:00:00.Z\"", false},
    {"/paid_at", "\"2026-02-28T08:00:00.1234567890123456789Z\"", true},
    {"/paid_at", "\"2026-02-28T08:00:00.12345678901234567890Z\"", false},
    {"/idempotency_key", "7", true},
    {"/note", "\"x\"", false},
};

/* A number, and what else there is once, is another in every body. */
static struct json *body_of(const char *path, size_t row)
{
    char *text = NULL;
    if (strcmp(path, "/v1/invoices") == 0) {
        char *number = support_format("B-%zu", row);
        text = sample_body(number, NULL);
        free(number);
    } else if (strcmp(path, "/v1/customers") == 0) {
        text = support_format("{\"email\":\"c-%zu@b.example\"}", row);
    } else {
        text = support_format("{\"event_id\":\"e-%zu\",\"type\":\"payment.received\","
                              "\"invoice_id\":\"inv_1001\",\"amount\":\"1\",\"currency\":\"EUR\","
                              "\"paid_at\":\"2026-11-25T08:00:00Z\"}",
                              row);
    }
    struct json *body = json_from(text);
    free(text);
    return body;
}

static void meet(const struct mock *mock, const char *path, const struct border *border, size_t row)
{
    struct json *body = body_of(path, row);
    json_pointer_put(body, border->at, border->value ? json_from(border->value) : NULL);
    char *text = json_to(body), *key = support_format("\"b-%zu\"", row);
    bool keyed = strcmp(path, "/v1/invoices") == 0;
    struct http_reply reply = api_post(mock, path, TOKEN_ANA, keyed ? key : NULL, text);
    bool taken = reply.status / 100 == 2;
    bool refused = reply.status == 422 || reply.status == 400;
    if (taken != border->taken || refused == border->taken)
        fail_msg("%s %s %s: status %d, %s", path, border->at,
                 border->value ? border->value : "absent", reply.status, reply.body);
    http_reply_clear(&reply);
    free(key);
    free(text);
    json_free(body);
}

static void each_field_has_its_borders(void **state)
{
    struct http_reply first = api_create_sample(*state, "\"first\"", "first", NULL);
    api_assert_status(&first, 201);
    http_reply_clear(&first);
    for (size_t i = 0; i < COUNT_OF(INVOICE); i++)
        meet(*state, "/v1/invoices", &INVOICE[i], i);
    for (size_t i = 0; i < COUNT_OF(CUSTOMER); i++)
        meet(*state, "/v1/customers", &CUSTOMER[i], i);
    for (size_t i = 0; i < COUNT_OF(PAYMENT); i++)
        meet(*state, "/v1/webhooks/bank", &PAYMENT[i], i);
}

/* Longer than a line of a table. */
static void notes_have_a_last_character_that_fits(void **state)
{
    for (size_t length = 2000; length <= 2001; length++) {
        char *notes = support_format("\"%0*d\"", (int)length, 0);
        struct border border = {"/notes", notes, length == 2000};
        meet(*state, "/v1/invoices", &border, length);
        free(notes);
    }
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(each_field_has_its_borders, NULL),
    SERVER_TEST(notes_have_a_last_character_that_fits, NULL),
};

API_MAIN("borders", TESTS)
