/* Payment webhooks: one payment per provider and event within a tenant (DESIGN.md 3.1). */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

#include "tests/support/rows.h"

/* An event about `invoice`; changes as in sample_body. */
static char *event_body(const char *invoice, const char *changes)
{
    struct json *event = json_new_texts("event_id", "evt-1", "type", "payment.received",
                                        "invoice_id", invoice, "amount", "217.80", "currency",
                                        "EUR", "paid_at", "2026-11-25T08:00:00Z", NULL);
    struct json *changed = changes ? json_from(changes) : json_new_object(), *value;
    const char *name;
    for (value = json_first(changed); value != NULL && (name = json_name(value)) != NULL;
         value = json_next(value)) {
        if (json_kind(value) == JSON_NULL)
            json_remove(event, name);
        else
            json_put(event, name, json_copy(value));
    }
    char *body = json_to(event);
    json_free(changed);
    json_free(event);
    return body;
}

static struct http_reply deliver(const struct mock *mock, const char *token, const char *provider,
                                 const char *invoice, const char *changes)
{
    char *path = support_format("/v1/webhooks/%s", provider), *body = event_body(invoice, changes);
    struct http_reply reply = api_post(mock, path, token, NULL, body);
    free(body);
    free(path);
    return reply;
}

static char *make_invoice(const struct mock *mock)
{
    struct http_reply reply = api_create_sample(mock, "\"k1\"", "1", NULL);
    api_assert_status(&reply, 201);
    char *id = support_format("%s", api_text(&reply, "/id"));
    http_reply_clear(&reply);
    return id;
}

static long long payments(const struct mock *mock)
{
    return rows_number(mock->store, "SELECT count(*) FROM payments");
}

static void a_redelivered_event_is_a_no_op(void **state)
{
    const struct mock *mock = *state;
    char *invoice = make_invoice(mock);
    struct http_reply first = deliver(mock, TOKEN_ANA, "bank", invoice, NULL);
    api_assert_status(&first, 200);
    assert_true(json_kind(json_member(first.json, "duplicate")) == JSON_FALSE);
    assert_string_equal(api_text(&first, "/payment/amount"), "217.80");
    assert_string_equal(api_text(&first, "/payment/currency"), "EUR");
    assert_string_equal(api_text(&first, "/payment/invoice_id"), invoice);
    assert_string_equal(api_text(&first, "/payment/event_id"), "evt-1");
    for (int i = 0; i < 3; i++) {
        struct http_reply again = deliver(mock, i ? TOKEN_ANA : TOKEN_BOB, "bank", invoice, NULL);
        api_assert_status(&again, 200);
        assert_true(json_kind(json_member(again.json, "duplicate")) == JSON_TRUE);
        assert_true(
            json_equal(json_member(again.json, "payment"), json_member(first.json, "payment")));
        http_reply_clear(&again);
    }
    assert_int_equal(payments(mock), 1);
    http_reply_clear(&first);
    free(invoice);
}

static void another_provider_s_event_is_another(void **state)
{
    const struct mock *mock = *state;
    char *invoice = make_invoice(mock);
    struct http_reply bank = deliver(mock, TOKEN_ANA, "bank", invoice, NULL);
    struct http_reply card = deliver(mock, TOKEN_ANA, "card", invoice, NULL);
    struct http_reply next = deliver(mock, TOKEN_ANA, "bank", invoice, "{\"event_id\":\"evt-2\"}");
    api_assert_status(&bank, 200);
    api_assert_status(&card, 200);
    api_assert_status(&next, 200);
    assert_true(json_kind(json_member(card.json, "duplicate")) == JSON_FALSE);
    assert_true(json_kind(json_member(next.json, "duplicate")) == JSON_FALSE);
    assert_int_equal(payments(mock), 3);
    http_reply_clear(&next);
    http_reply_clear(&card);
    http_reply_clear(&bank);
    free(invoice);
}

static void the_same_event_with_another_content_is_refused(void **state)
{
    static const char *const changes[] = {"{\"amount\":\"217.81\"}", "{\"currency\":\"USD\"}",
                                          "{\"paid_at\":\"2026-11-26T08:00:00Z\"}"};
    const struct mock *mock = *state;
    char *invoice = make_invoice(mock);
    struct http_reply first = deliver(mock, TOKEN_ANA, "bank", invoice, NULL);
    api_assert_status(&first, 200);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct http_reply other = deliver(mock, TOKEN_ANA, "bank", invoice, changes[i]);
        api_assert_problem(&other, "event-id-reused");
        http_reply_clear(&other);
    }
    assert_int_equal(payments(mock), 1);
    http_reply_clear(&first);
    free(invoice);
}

static void an_unknown_type_is_ignored_but_recorded(void **state)
{
    const struct mock *mock = *state;
    struct http_reply reply =
        deliver(mock, TOKEN_ANA, "bank", "inv_1", "{\"type\":\"card.expired\"}");
    api_assert_status(&reply, 200);
    assert_true(json_kind(json_member(reply.json, "ignored")) == JSON_TRUE);
    struct http_reply again =
        deliver(mock, TOKEN_ANA, "bank", "inv_1", "{\"type\":\"card.expired\"}");
    api_assert_status(&again, 200);
    assert_int_equal(payments(mock), 0);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM provider_events"), 1);
    http_reply_clear(&again);
    http_reply_clear(&reply);
}

/* An integer that fits no 64 bits is JSON all the same. */
static void an_ignored_event_may_hold_any_number(void **state)
{
    static const char *const numbers[] = {"9223372036854775808", "18446744073709551616",
                                          "-9223372036854775809", "1e308"};
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        char *body = support_format("{\"event_id\":\"e%zu\",\"type\":\"card.expired\","
                                    "\"balance\":%s,\"deep\":[{\"n\":%s}]}",
                                    i, numbers[i], numbers[i]);
        struct http_reply reply = api_post(mock, "/v1/webhooks/bank", TOKEN_ANA, NULL, body);
        api_assert_status(&reply, 200);
        assert_true(json_kind(json_member(reply.json, "ignored")) == JSON_TRUE);
        http_reply_clear(&reply);
        free(body);
    }
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM provider_events"),
                     COUNT_OF(numbers));
}

static void the_invoice_must_be_there_and_ours(void **state)
{
    const struct mock *mock = *state;
    char *invoice = make_invoice(mock);
    struct http_reply none = deliver(mock, TOKEN_ANA, "bank", "inv_999999", NULL);
    struct http_reply theirs = deliver(mock, TOKEN_EVE, "bank", invoice, NULL);
    api_assert_problem(&none, "not-found");
    api_assert_problem(&theirs, "not-found");
    /* Nothing was kept: the event may come once the invoice is there. */
    struct http_reply ours = deliver(mock, TOKEN_ANA, "bank", invoice, NULL);
    api_assert_status(&ours, 200);
    assert_true(json_kind(json_member(ours.json, "duplicate")) == JSON_FALSE);
    http_reply_clear(&ours);
    http_reply_clear(&theirs);
    http_reply_clear(&none);
    free(invoice);
}

/* Whoever delivers at least once may be early, too. */
static void a_redelivery_is_right_once_its_invoice_exists(void **state)
{
    const struct mock *mock = *state;
    for (int i = 0; i < 2; i++) {
        struct http_reply early = deliver(mock, TOKEN_ANA, "bank", "inv_1001", NULL);
        api_assert_problem(&early, "not-found");
        http_reply_clear(&early);
    }
    assert_int_equal(payments(mock), 0);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM provider_events"), 0);
    char *invoice = make_invoice(mock);
    assert_string_equal(invoice, "inv_1001");
    struct http_reply first = deliver(mock, TOKEN_ANA, "bank", invoice, NULL);
    struct http_reply again = deliver(mock, TOKEN_ANA, "bank", invoice, NULL);
    api_assert_status(&first, 200);
    api_assert_status(&again, 200);
    assert_true(json_kind(json_member(first.json, "duplicate")) == JSON_FALSE);
    assert_true(json_kind(json_member(again.json, "duplicate")) == JSON_TRUE);
    assert_true(json_equal(json_member(again.json, "payment"), json_member(first.json, "payment")));
    assert_int_equal(payments(mock), 1);
    http_reply_clear(&again);
    http_reply_clear(&first);
    free(invoice);
}

/* What is owed in one currency isn't paid in another. */
static void the_currency_must_be_the_invoice_s(void **state)
{
    const struct mock *mock = *state;
    char *invoice = make_invoice(mock);
    struct http_reply other = deliver(mock, TOKEN_ANA, "bank", invoice, "{\"currency\":\"USD\"}");
    api_assert_problem(&other, "validation-failed");
    assert_string_equal(api_text(&other, "/errors/0/pointer"), "/currency");
    assert_string_equal(api_text(&other, "/errors/0/code"), "wrong-currency");
    assert_int_equal(json_count(json_member(other.json, "errors")), 1);
    assert_int_equal(payments(mock), 0);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM audit WHERE outcome = "
                                              "'rejected_invalid' AND status = 422"),
                     1);
    /* Nothing was kept of it; and a known event with another content is that first. */
    struct http_reply right = deliver(mock, TOKEN_ANA, "bank", invoice, NULL);
    api_assert_status(&right, 200);
    assert_true(json_kind(json_member(right.json, "duplicate")) == JSON_FALSE);
    struct http_reply again = deliver(mock, TOKEN_ANA, "bank", invoice, "{\"currency\":\"USD\"}");
    api_assert_problem(&again, "event-id-reused");
    /* A currency that is none, or an invoice that isn't there, is told as such. */
    struct http_reply none =
        deliver(mock, TOKEN_ANA, "bank", "inv_9", "{\"event_id\":\"e\",\"currency\":\"USD\"}");
    api_assert_problem(&none, "not-found");
    http_reply_clear(&none);
    http_reply_clear(&again);
    http_reply_clear(&right);
    http_reply_clear(&other);
    free(invoice);
}

/* An older version took it: that event is done, and stays so. */
static void one_that_was_taken_stays_taken(void **state)
{
    struct mock *mock = *state;
    char *invoice = make_invoice(mock);
    struct http_reply first = deliver(mock, TOKEN_ANA, "bank", invoice, NULL);
    api_assert_status(&first, 200);
    assert_int_equal(mock_stop(mock), 0);
    rows_change(mock->store, "UPDATE records SET created = replace(created, '\"EUR\"', '\"USD\"')"
                             " WHERE period IS NOT NULL");
    assert_true(mock_start(mock, NULL));
    struct http_reply again = deliver(mock, TOKEN_ANA, "bank", invoice, NULL);
    api_assert_status(&again, 200);
    assert_true(json_kind(json_member(again.json, "duplicate")) == JSON_TRUE);
    http_reply_clear(&again);
    http_reply_clear(&first);
    free(invoice);
}

static const struct {
    const char *changes;
    const char *pointer;
} INVALID[] = {
    {"{\"event_id\":null}", "/event_id"},
    {"{\"event_id\":\"\"}", "/event_id"},
    {"{\"event_id\":7}", "/event_id"},
    {"{\"type\":null}", "/type"},
    {"{\"invoice_id\":null}", "/invoice_id"},
    {"{\"amount\":null}", "/amount"},
    {"{\"amount\":217.8}", "/amount"},
    {"{\"amount\":\"much\"}", "/amount"},
    {"{\"currency\":\"eur\"}", "/currency"},
    {"{\"paid_at\":\"yesterday\"}", "/paid_at"},
    {"{\"paid_at\":\"9999-12-31T23:59:59-12:00\"}", "/paid_at"},
    {"{\"paid_at\":\"2026-02-30T08:00:00Z\"}", "/paid_at"},
};

static void what_is_wrong_is_pointed_at(void **state)
{
    char *invoice = make_invoice(*state);
    for (size_t i = 0; i < COUNT_OF(INVALID); i++) {
        struct http_reply reply = deliver(*state, TOKEN_ANA, "bank", invoice, INVALID[i].changes);
        print_message("%s\n", INVALID[i].changes);
        api_assert_problem(&reply, "validation-failed");
        assert_string_equal(api_text(&reply, "/errors/0/pointer"), INVALID[i].pointer);
        http_reply_clear(&reply);
    }
    assert_int_equal(payments(*state), 0);
    free(invoice);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(a_redelivered_event_is_a_no_op, NULL),
    SERVER_TEST(another_provider_s_event_is_another, NULL),
    SERVER_TEST(the_same_event_with_another_content_is_refused, NULL),
    SERVER_TEST(an_unknown_type_is_ignored_but_recorded, NULL),
    SERVER_TEST(an_ignored_event_may_hold_any_number, NULL),
    SERVER_TEST(the_invoice_must_be_there_and_ours, NULL),
    SERVER_TEST(a_redelivery_is_right_once_its_invoice_exists, NULL),
    SERVER_TEST(the_currency_must_be_the_invoice_s, NULL),
    SERVER_TEST(one_that_was_taken_stays_taken, NULL),
    SERVER_TEST(what_is_wrong_is_pointed_at, NULL),
};

API_MAIN("webhooks", TESTS)
