/* A server whose database server goes away and comes back: it says so, and goes on by itself. */
#include "tests/server/postgres_load.h"

#include "tests/support/raw.h"

#include <signal.h>
#include <unistd.h>

static void assert_away(struct http_reply reply)
{
    api_assert_problem(&reply, "too-busy");
    assert_string_not_equal(http_header(&reply, "retry-after"), "");
    http_reply_clear(&reply);
}

static void assert_well(struct http_reply reply, int status)
{
    api_assert_status(&reply, status);
    http_reply_clear(&reply);
}

static void check_while_away(const struct mock *mock)
{
    static const char *const paths[] = {
        "/v1/invoices/inv_1001",  "/v1/invoices", "/v1/intents/k1", "/v1/intents/new",
        "/v1/customers?prefix=a", "/v1/audit",    "/readyz",
    };
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        assert_away(api_get(mock, TOKEN_ANA, paths[i]));
    assert_away(api_create_sample(mock, "\"k1\"", "1", NULL));
    assert_away(api_create_sample(mock, "\"k2\"", "2", NULL));
    assert_away(api_create_sample(mock, "\"k1\"", "", NULL)); /* it can't be told from another's */
    assert_away(api_post(mock, "/v1/customers", TOKEN_ANA, NULL, "{\"email\":\"a@b.example\"}"));
    assert_away(api_post(mock, "/v1/webhooks/bank", TOKEN_ANA, NULL,
                         "{\"event_id\":\"e1\",\"type\":\"else\"}"));
    assert_well(api_get(mock, NULL, "/healthz"), 200);
    assert_well(api_get(mock, NULL, "/metrics"), 200);
}

static bool is_ready(void *mock)
{
    struct http_reply reply = api_get(mock, NULL, "/readyz");
    bool ready = reply.status == 200;
    http_reply_clear(&reply);
    return ready;
}

static void it_is_said_while_it_lasts_and_over_when_it_is(void **state)
{
    (void)state;
    struct cluster server;
    struct mock mock = {0};
    cluster_make(&server);
    char *url = cluster_url(server.directory, "postgres");
    load_start_server(&mock, url, NULL);
    struct http_reply made = api_create_sample(&mock, "\"k1\"", "1", NULL);
    api_assert_status(&made, 201);
    struct raw_reply events = {0};
    int stream = raw_connect(mock.port);
    assert_true(raw_send_text(stream, "GET /v1/audit/stream HTTP/1.1\r\nHost: x\r\n"
                                      "Authorization: Bearer " TOKEN_ANA "\r\n\r\n"));
    assert_true(raw_read_until(stream, &events, "\"k1\"", PATIENCE_MS));
    cluster_stop(&server, SIGINT);
    check_while_away(&mock);
    cluster_start(&server, NULL);
    assert_true(support_wait_until(is_ready, &mock, PATIENCE_MS));
    struct http_reply again = api_create_sample(&mock, "\"k1\"", "1", NULL);
    api_assert_same(&made, &again);
    assert_well(api_create_sample(&mock, "\"k2\"", "2", NULL), 201);
    assert_true(raw_read_until(stream, &events, "\"k2\"", PATIENCE_MS));
    raw_reply_clear(&events);
    close(stream);
    http_reply_clear(&again);
    http_reply_clear(&made);
    assert_int_equal(mock_stop(&mock), 0);
    mock_clear(&mock);
    free(url);
    cluster_clear(&server);
}

static const struct CMUnitTest TESTS[] = {
    cmocka_unit_test(it_is_said_while_it_lasts_and_over_when_it_is)};

API_MAIN("postgres_away", TESTS)
