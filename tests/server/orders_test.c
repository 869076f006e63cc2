/* A second resource is its row: the server that has orders beside invoices (tests/support/order.c)
 * creates, replays, refuses, lists and audits them by what the row says. */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

static char *order_body(const char *reference, const char *count)
{
    return support_format("{\"reference\":\"%s\",\"email\":\"ap@northwind.example\","
                          "\"date\":\"2026-11-22\",\"items\":[{\"item\":\"Chair\","
                          "\"count\":\"%s\"},{\"item\":\"Lamp\",\"count\":\"2\"}]}",
                          reference, count);
}

static struct http_reply order(const struct mock *mock, const char *token, const char *key,
                               const char *reference)
{
    char *body = order_body(reference, "4");
    struct http_reply reply = api_post(mock, "/v1/orders", token, key, body);
    free(body);
    return reply;
}

static void an_order_is_created_and_replayed(void **state)
{
    struct http_reply made = order(*state, TOKEN_ANA, "\"k1\"", "A-1");
    struct http_reply again = order(*state, TOKEN_BOB, "\"k1\"", "A-1");
    struct http_reply intent = api_get(*state, TOKEN_ANA, "/v1/intents/k1");
    api_assert_status(&made, 201);
    assert_string_equal(http_header(&made, "location"), "/v1/orders/ord_1");
    static const char *const TEXTS[][2] = {
        {"/id", "ord_1"},        {"/status", "open"},
        {"/reference", "A-1"},   {"/email", "ap@northwind.example"},
        {"/date", "2026-11-22"}, {"/items/0/item", "Chair"},
        {"/items/0/count", "4"}, {"/items/1/item", "Lamp"},
        {"/created_by", "ana"},
    };
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++)
        assert_string_equal(api_text(&made, TEXTS[i][0]), TEXTS[i][1]);
    assert_false(api_is_replay(&made));
    api_assert_same(&made, &again);
    assert_true(api_is_replay(&again));
    assert_string_equal(api_text(&intent, "/resource"), "order");
    assert_true(json_equal(json_member(intent.json, "record"), made.json));
    assert_true(json_kind(json_member(intent.json, "invoice")) == JSON_NULL);
    http_reply_clear(&intent);
    http_reply_clear(&again);
    http_reply_clear(&made);
}

static void under_another_key_the_original_is_named(void **state)
{
    struct http_reply made = order(*state, TOKEN_ANA, "\"k1\"", "A-1");
    struct http_reply taken = order(*state, TOKEN_ANA, "\"k2\"", " a\\u20131 "); /* EN DASH */
    struct http_reply again = order(*state, TOKEN_ANA, "\"k2\"", " a\\u20131 ");
    struct http_reply south = order(*state, TOKEN_EVE, "\"k2\"", "A-1");
    api_assert_problem(&taken, "order-reference-taken");
    assert_string_equal(api_text(&taken, "/title"), "Order reference taken");
    assert_string_equal(api_text(&taken, "/detail"),
                        "This order is there already. We kept the first one.");
    assert_true(json_equal(json_member(taken.json, "existing"), made.json));
    api_assert_same(&taken, &again);
    assert_true(api_is_replay(&again));
    api_assert_status(&south, 201);
    http_reply_clear(&south);
    http_reply_clear(&again);
    http_reply_clear(&taken);
    http_reply_clear(&made);
}

static void another_body_is_refused(void **state)
{
    struct http_reply made = order(*state, TOKEN_ANA, "\"k1\"", "A-1");
    char *body = order_body("A-1", "5");
    struct http_reply other = api_post(*state, "/v1/orders", TOKEN_ANA, "\"k1\"", body);
    api_assert_status(&made, 201);
    api_assert_problem(&other, "idempotency-key-reused");
    assert_string_equal(api_text(&other, "/differs/0"), "/items/0/count");
    free(body);
    http_reply_clear(&other);
    http_reply_clear(&made);
}

static void an_order_is_judged_by_its_row(void **state)
{
    char *body = order_body("", "0");
    struct http_reply reply = api_post(*state, "/v1/orders", TOKEN_ANA, "\"k1\"", body);
    api_assert_problem(&reply, "validation-failed");
    assert_string_equal(api_text(&reply, "/errors/0/pointer"), "/reference");
    assert_string_equal(api_text(&reply, "/errors/1/pointer"), "/items/0/count");
    assert_string_equal(api_text(&reply, "/errors/1/detail"),
                        "The count of line 1 is not above zero; leave the line out.");
    free(body);
    http_reply_clear(&reply);
}

static void assert_list(const struct mock *mock, const char *token, const char *query,
                        const char *const *ids)
{
    char *path = support_format("/v1/orders%s", query);
    struct http_reply list = api_get(mock, token, path);
    api_assert_status(&list, 200);
    const struct json *at = json_first(json_member(list.json, "data"));
    for (; *ids; ids++, at = json_next(at))
        assert_string_equal(json_text(at, "id"), *ids);
    assert_null(at);
    http_reply_clear(&list);
    free(path);
}

static void one_and_all_are_read(void **state)
{
    static const char *const KEYS[] = {"\"k1\"", "\"k2\"", "\"k3\""};
    static const char *const REFERENCES[] = {"A-1", "A-10", "B-1"};
    struct http_reply made[COUNT_OF(KEYS)];
    for (size_t i = 0; i < COUNT_OF(KEYS); i++)
        made[i] = order(*state, TOKEN_ANA, KEYS[i], REFERENCES[i]);
    struct http_reply one = api_get(*state, TOKEN_BOB, "/v1/orders/ord_2");
    struct http_reply none = api_get(*state, TOKEN_ANA, "/v1/orders/ord_4");
    struct http_reply theirs = api_get(*state, TOKEN_EVE, "/v1/orders/ord_2");
    struct http_reply first = api_get(*state, TOKEN_ANA, "/v1/orders?limit=2");
    struct http_reply yearly = api_get(*state, TOKEN_ANA, "/v1/orders?year=2026");
    api_assert_status(&one, 200);
    assert_string_equal(one.body, made[1].body);
    api_assert_problem(&none, "not-found");
    assert_string_equal(api_text(&none, "/detail"), "There is no such order.");
    api_assert_problem(&theirs, "not-found");
    /* What its rule doesn't have, nobody can ask for. */
    api_assert_problem(&yearly, "invalid-parameter");
    char *rest = support_format("?limit=2&cursor=%s", api_text(&first, "/next_cursor"));
    assert_list(*state, TOKEN_ANA, "", (const char *const[]){"ord_3", "ord_2", "ord_1", NULL});
    assert_list(*state, TOKEN_ANA, rest, (const char *const[]){"ord_1", NULL});
    assert_list(*state, TOKEN_ANA, "?reference=a-1", (const char *const[]){"ord_1", NULL});
    assert_list(*state, TOKEN_EVE, "", (const char *const[]){NULL});
    free(rest);
    struct http_reply *const all[] = {&one, &none, &theirs, &first, &yearly};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        http_reply_clear(all[i]);
    for (size_t i = 0; i < COUNT_OF(made); i++)
        http_reply_clear(&made[i]);
}

static void the_audit_names_its_fields(void **state)
{
    struct http_reply made = order(*state, TOKEN_ANA, "\"k1\"", "A-1");
    struct http_reply taken = order(*state, TOKEN_ANA, "\"k2\"", " a-1");
    struct http_reply audit = api_get(*state, TOKEN_ANA, "/v1/audit");
    static const char *const TEXTS[][2] = {
        {"/data/0/endpoint", "POST /v1/orders"}, {"/data/0/resource", "order"},
        {"/data/0/outcome", "created"},          {"/data/0/record_id", "ord_1"},
        {"/data/0/unique/reference", "A-1"},     {"/data/1/outcome", "rejected_conflict"},
        {"/data/1/record_id", "ord_1"},          {"/data/1/unique/reference", " a-1"},
    };
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++)
        assert_string_equal(api_text(&audit, TEXTS[i][0]), TEXTS[i][1]);
    /* Those of an invoice say nothing of it. */
    static const char *const NOTHING[] = {"number", "year", "external_ref", "invoice_id"};
    const struct json *entry = json_first(json_member(audit.json, "data"));
    for (size_t i = 0; i < COUNT_OF(NOTHING); i++)
        assert_true(json_kind(json_member(entry, NOTHING[i])) == JSON_NULL);
    assert_int_equal(json_count(json_member(entry, "unique")), 1);
    http_reply_clear(&audit);
    http_reply_clear(&taken);
    http_reply_clear(&made);
}

static const char *const SHORT_LIFE[] = {"--key-ttl", "1s", NULL};

static bool is_expired(void *context)
{
    struct http_reply reply = api_get(context, TOKEN_ANA, "/v1/intents/k2");
    bool expired = json_kind(json_member(reply.json, "expires_at")) == JSON_NULL;
    http_reply_clear(&reply);
    return expired;
}

static void past_its_lifetime_a_key_still_holds(void **state)
{
    struct http_reply made = order(*state, TOKEN_ANA, "\"k1\"", "A-1");
    struct http_reply taken = order(*state, TOKEN_ANA, "\"k2\"", "a-1");
    assert_true(support_wait_until(is_expired, *state, PATIENCE_MS));
    struct http_reply late = order(*state, TOKEN_ANA, "\"k1\"", "A-1");
    struct http_reply late_taken = order(*state, TOKEN_ANA, "\"k2\"", "a-1");
    api_assert_status(&late, 200);
    assert_true(api_is_replay(&late));
    assert_string_equal(late.body, made.body);
    api_assert_same(&taken, &late_taken);
    assert_true(api_is_replay(&late_taken));
    http_reply_clear(&late_taken);
    http_reply_clear(&late);
    http_reply_clear(&taken);
    http_reply_clear(&made);
}

/* Each has its keys, its ids, its claims and its counts. */
static void invoices_go_their_way_beside_it(void **state)
{
    const struct mock *mock = *state;
    struct http_reply made = order(mock, TOKEN_ANA, "\"k1\"", "A-1");
    struct http_reply invoice = api_create_sample(mock, "\"k1\"", "A-1", NULL);
    struct http_reply metrics = api_get(mock, NULL, "/metrics");
    api_assert_status(&made, 201);
    api_assert_status(&invoice, 201);
    assert_string_equal(api_text(&invoice, "/id"), "inv_1001");
    assert_non_null(
        strstr(metrics.body,
               "\ninvonce_creates_total{endpoint=\"POST /v1/orders\",outcome=\"created\"} 1\n"));
    assert_non_null(
        strstr(metrics.body,
               "\ninvonce_creates_total{endpoint=\"POST /v1/invoices\",outcome=\"created\"} 1\n"));
    assert_int_equal(api_count(mock, TOKEN_ANA), 1);
    http_reply_clear(&metrics);
    http_reply_clear(&invoice);
    http_reply_clear(&made);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(an_order_is_created_and_replayed, NULL),
    SERVER_TEST(under_another_key_the_original_is_named, NULL),
    SERVER_TEST(another_body_is_refused, NULL),
    SERVER_TEST(an_order_is_judged_by_its_row, NULL),
    SERVER_TEST(one_and_all_are_read, NULL),
    SERVER_TEST(the_audit_names_its_fields, NULL),
    SERVER_TEST(past_its_lifetime_a_key_still_holds, SHORT_LIFE),
    SERVER_TEST(invoices_go_their_way_beside_it, NULL),
};

int main(void)
{
    http_setup();
    mock_use_orders();
    return cmocka_run_group_tests_name("orders", TESTS, NULL, NULL);
}
