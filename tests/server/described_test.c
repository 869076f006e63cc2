/* The answers that openapi.yaml describes and no other test asks for: their bodies are judged by
 * the check of all answers against it. */
#include "tests/server/api.h"

#include "tests/support/parallel.h"
#include "tests/support/raw.h"
#include "tests/support/rows.h"

#include <stdatomic.h>
#include <unistd.h>

#define BODY_MAX ((size_t)256 * 1024)

enum body { NONE, EMPTY, TORN, LARGE };

static char *make_body(enum body body)
{
    if (body == NONE) return NULL;
    if (body != LARGE) return support_format("%s", body == TORN ? "{" : "{}");
    return support_format("{%*s}", (int)BODY_MAX - 1, "");
}

/* One row an answer; with a token, but where it says otherwise. */
static const struct {
    const char *method, *target;
    enum body body;
    const char *problem; /* NULL: 200 */
    const char *content_type;
    bool stranger;
} ANSWERS[] = {
    {"GET", "/v1/whoami", NONE, NULL},
    {"GET", "/v1/whoami", NONE, "unauthorized", NULL, true},
    {"GET", "/v1/invoices/inv_1?x=1", NONE, "invalid-parameter"},
    {"GET", "/v1/invoices/inv_1", NONE, "unauthorized", NULL, true},
    {"GET", "/v1/intents/a", NONE, "unauthorized", NULL, true},
    {"GET", "/v1/intents/a%01b", NONE, "idempotency-key-malformed"},
    {"GET", "/v1/intents/a?x=1", NONE, "invalid-parameter"},
    {"GET", "/v1/intents/%FF", NONE, "not-found"},
    {"GET", "/v1/customers", NONE, "unauthorized", NULL, true},
    {"GET", "/v1/customers?limit=101", NONE, "invalid-parameter"},
    {"GET", "/v1/customers/cus_1?x=1", NONE, "invalid-parameter"},
    {"GET", "/v1/customers/cus_1", NONE, "unauthorized", NULL, true},
    {"GET", "/v1/customers/cus_9", NONE, "not-found"},
    {"GET", "/v1/payments", NONE, NULL},
    {"GET", "/v1/payments", NONE, "unauthorized", NULL, true},
    {"GET", "/v1/payments?number=1", NONE, "invalid-parameter"},
    {"GET", "/v1/payments/pay_1?x=1", NONE, "invalid-parameter"},
    {"GET", "/v1/payments/pay_1", NONE, "unauthorized", NULL, true},
    {"GET", "/v1/payments/pay_1", NONE, "not-found"},
    {"POST", "/v1/customers", EMPTY, "unauthorized", NULL, true},
    {"POST", "/v1/customers", LARGE, "payload-too-large"},
    {"POST", "/v1/customers", TORN, "malformed-json"},
    {"POST", "/v1/customers", EMPTY, "unsupported-media-type", "text/plain"},
    {"POST", "/v1/webhooks/bank", EMPTY, "unauthorized", NULL, true},
    {"POST", "/v1/webhooks/bank", LARGE, "payload-too-large"},
    {"POST", "/v1/webhooks/bank", TORN, "malformed-json"},
    {"POST", "/v1/webhooks/bank", EMPTY, "unsupported-media-type", "text/plain"},
    {"POST", "/v1/webhooks/a%20bank", EMPTY, "not-found"},
    {"GET", "/v1/audit", NONE, "unauthorized", NULL, true},
    {"GET", "/v1/audit?after=-1", NONE, "invalid-parameter"},
    {"GET", "/v1/audit/stream?after=-1", NONE, "invalid-parameter"},
    {"GET", "/v1/audit/stream", NONE, "unauthorized", NULL, true},
    {"GET", "/_mock/faults", NONE, "unauthorized", NULL, true},
    {"PUT", "/_mock/faults", TORN, "malformed-json"},
    {"PUT", "/_mock/faults", LARGE, "payload-too-large"},
    {"PUT", "/_mock/faults", EMPTY, "unauthorized", NULL, true},
    {"DELETE", "/_mock/faults", NONE, "unauthorized", NULL, true},
    {"DELETE", "/v1/whoami", NONE, "method-not-allowed"},
    {"GET", "/v1/invoices", LARGE, "payload-too-large"},
};

static const char *const WITH_FAULTS[] = {"--faults-api", NULL};

static void every_answer_is_as_described(void **state)
{
    const struct mock *mock = *state;
    struct http_reply customer = api_post(mock, "/v1/customers", TOKEN_ANA, NULL,
                                          "{\"email\":\"a@b.example\",\"phone\":\"1\"}");
    api_assert_status(&customer, 201);
    struct http_reply record = api_get(mock, TOKEN_ANA, http_header(&customer, "location"));
    api_assert_status(&record, 200);
    assert_string_equal(record.body, customer.body);
    http_reply_clear(&record);
    http_reply_clear(&customer);
    for (size_t i = 0; i < COUNT_OF(ANSWERS); i++) {
        char *url = support_format("%s%s", mock->url, ANSWERS[i].target);
        char *body = make_body(ANSWERS[i].body);
        struct http_reply reply =
            http_send(&(struct http_request){.method = ANSWERS[i].method,
                                             .url = url,
                                             .token = ANSWERS[i].stranger ? NULL : TOKEN_ANA,
                                             .content_type = ANSWERS[i].content_type,
                                             .body = body});
        print_message("%s %s\n", ANSWERS[i].method, ANSWERS[i].target);
        if (ANSWERS[i].problem)
            api_assert_problem(&reply, ANSWERS[i].problem);
        else
            api_assert_status(&reply, 200);
        http_reply_clear(&reply);
        free(body);
        free(url);
    }
}

static void the_faults_are_nowhere_unless_asked_for(void **state)
{
    static const char *const methods[] = {"GET", "PUT", "DELETE"};
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        char *url = support_format("%s/_mock/faults", mock->url);
        struct http_reply reply =
            http_send(&(struct http_request){.method = methods[i], .url = url, .token = TOKEN_ANA});
        api_assert_problem(&reply, "not-found");
        http_reply_clear(&reply);
        free(url);
    }
}

static void a_head_is_answered_without_a_body(void **state)
{
    static const char *const targets[] = {
        "/v1/invoices", "/v1/customers", "/v1/audit",     "/v1/intents/a",
        "/v1/whoami",   "/metrics",      "/openapi.yaml", "/readyz",
    };
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        char *url = support_format("%s%s", mock->url, targets[i]);
        struct http_reply reply =
            http_send(&(struct http_request){.method = "HEAD", .url = url, .token = TOKEN_ANA});
        api_assert_status(&reply, 200);
        assert_int_equal(reply.length, 0);
        http_reply_clear(&reply);
        free(url);
    }
}

/* A body that is announced and never comes. */
static const char *const IMPATIENT[] = {"--faults-api", "--request-timeout", "200ms", NULL};

static void a_late_body_is_told_so_everywhere(void **state)
{
    static const char *const lines[] = {"POST /v1/invoices", "POST /v1/customers",
                                        "POST /v1/webhooks/bank", "PUT /_mock/faults"};
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char *head = support_format("%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " TOKEN_ANA
                                    "\r\nContent-Type: application/json\r\nContent-Length: 9"
                                    "\r\n\r\n",
                                    lines[i]);
        int connection = raw_connect(mock->port);
        assert_true(raw_send_text(connection, head));
        struct raw_reply reply = raw_read_all(connection, PATIENCE_MS);
        assert_int_equal(raw_status(&reply), 408);
        raw_reply_clear(&reply);
        close(connection);
        free(head);
    }
}

/* How many may follow the audit at once. */
#define STREAMS_MAX 64

static void one_follower_too_many_is_told_to_come_back(void **state)
{
    const struct mock *mock = *state;
    int connections[STREAMS_MAX];
    for (size_t i = 0; i < STREAMS_MAX; i++) {
        connections[i] = raw_connect(mock->port);
        assert_true(raw_send_text(connections[i], "GET /v1/audit/stream HTTP/1.1\r\nHost: x\r\n"
                                                  "Authorization: Bearer " TOKEN_ANA "\r\n\r\n"));
        struct raw_reply stream = {0};
        assert_true(raw_read_until(connections[i], &stream, "\r\n\r\n", PATIENCE_MS));
        assert_int_equal(raw_status(&stream), 200);
        raw_reply_clear(&stream);
    }
    struct http_reply reply = api_get(mock, TOKEN_ANA, "/v1/audit/stream");
    api_assert_problem(&reply, "too-busy");
    assert_string_not_equal(http_header(&reply, "retry-after"), "");
    http_reply_clear(&reply);
    for (size_t i = 0; i < STREAMS_MAX; i++)
        close(connections[i]);
}

static const char *const SMALL_QUEUE[] = {"--max-queue", "1", NULL};

enum { SENDERS = 5 };

struct jam {
    const struct mock *mock;
    const char *target, *body;
    struct rows_hold *other;
    atomic_int refused;
};

static bool is_refused(void *context)
{
    struct jam *jam = context;
    return atomic_load(&jam->refused) > 0;
}

/* The last one lets the others through, when one of them has been turned away. */
static void send_into(size_t index, void *context)
{
    struct jam *jam = context;
    if (index == SENDERS) {
        support_wait_until(is_refused, jam, PATIENCE_MS);
        rows_let_go(jam->other);
        return;
    }
    struct http_reply reply = api_post(jam->mock, jam->target, TOKEN_ANA, NULL, jam->body);
    if (reply.status == 503) atomic_fetch_add(&jam->refused, 1);
    http_reply_clear(&reply);
}

/* While another program holds the store, the one job that may wait does. */
static void a_full_queue_turns_away_customers_and_events(void **state)
{
    struct jam jams[] = {
        {.target = "/v1/customers", .body = "{\"email\":\"a@b.example\"}"},
        {.target = "/v1/webhooks/bank", .body = "{\"event_id\":\"e\",\"type\":\"ping\"}"},
    };
    for (size_t i = 0; i < COUNT_OF(jams); i++) {
        jams[i].mock = *state;
        jams[i].other = rows_hold(jams[i].mock->store);
        parallel_run(SENDERS + 1, send_into, &jams[i]);
        assert_true(is_refused(&jams[i]));
    }
}

/* Takes the tables away under the running server; on PostgreSQL but the facts, without which a
 * connection is to no store of its. */
static void break_store(const struct mock *mock)
{
    rows_change(mock->store, "DROP TABLE audit; DROP TABLE idempotency_keys;"
                             "DROP TABLE records; DROP TABLE claims; DROP TABLE standing;"
                             "DROP TABLE texts; DROP TABLE events");
    rows_change(mock->store, stores_are_postgres() ? "DROP TABLE tenants; DROP TABLE writers"
                                                   : "DROP TABLE facts; DROP TABLE collections");
}

static void a_broken_store_is_an_internal_error(void **state)
{
    static const struct {
        const char *target, *body;
    } requests[] = {
        {"/v1/invoices", NULL},
        {"/v1/invoices/inv_1", NULL},
        {"/v1/intents/a", NULL},
        {"/v1/customers", NULL},
        {"/v1/customers/cus_1", NULL},
        {"/v1/payments", NULL},
        {"/v1/payments/pay_1", NULL},
        {"/v1/audit", NULL},
        {"/v1/customers", "{\"email\":\"a@b.example\"}"},
        {"/v1/webhooks/bank", "{\"event_id\":\"e\",\"type\":\"ping\"}"},
    };
    const struct mock *mock = *state;
    break_store(mock);
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        struct http_reply reply =
            requests[i].body ? api_post(mock, requests[i].target, TOKEN_ANA, NULL, requests[i].body)
                             : api_get(mock, TOKEN_ANA, requests[i].target);
        print_message("%s\n", requests[i].target);
        api_assert_status(&reply, 500);
        assert_string_equal(api_text(&reply, "/type"), "urn:invonce:problem:internal-error");
        http_reply_clear(&reply);
    }
    struct http_reply invoice = api_create_sample(mock, "\"k1\"", "1", NULL);
    api_assert_status(&invoice, 500);
    http_reply_clear(&invoice);
    struct http_reply ready = api_get(mock, NULL, "/readyz");
    api_assert_problem(&ready, "too-busy");
    http_reply_clear(&ready);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(every_answer_is_as_described, WITH_FAULTS),
    SERVER_TEST(the_faults_are_nowhere_unless_asked_for, NULL),
    SERVER_TEST(a_head_is_answered_without_a_body, NULL),
    SERVER_TEST(a_late_body_is_told_so_everywhere, IMPATIENT),
    SERVER_TEST(one_follower_too_many_is_told_to_come_back, NULL),
    SERVER_TEST(a_full_queue_turns_away_customers_and_events, SMALL_QUEUE),
    SERVER_TEST(a_broken_store_is_an_internal_error, NULL),
};

API_MAIN("described", TESTS)
