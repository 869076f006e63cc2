/* What only a plain socket can do: pipelines, old HTTP, too much at once, streams at the end. */
#include "tests/server/api.h"

#include "tests/support/raw.h"
#include "tests/support/rows.h"

#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD                                                                                       \
    "POST /v1/invoices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " TOKEN_ANA                    \
    "\r\nIdempotency-Key: \"k1\"\r\nContent-Type: application/json\r\n"

/* Requests sent without waiting are answered one by one, in their order. */
static void a_pipeline_is_answered_in_order(void **state)
{
    enum { REQUESTS = 10 };
    const struct mock *mock = *state;
    int connection = raw_connect(mock->port);
    for (int i = 0; i < REQUESTS; i++) {
        char *key = support_format("p-%d", i), *number = support_format("P-%d", i);
        char *body = sample_body(number, NULL);
        assert_true(raw_post(connection, "/v1/invoices", TOKEN_ANA, key, body));
        free(body);
        free(number);
        free(key);
    }
    struct raw_reply all = {0};
    for (int i = 0; i < REQUESTS; i++) {
        char *word = support_format("\"number\":\"P-%d\"", i);
        assert_true(raw_read_until(connection, &all, word, PATIENCE_MS));
        free(word);
    }
    const char *at = all.all.bytes;
    for (int i = 0; i < REQUESTS; i++) {
        char *word = support_format("\"number\":\"P-%d\"", i);
        at = strstr(at, "HTTP/1.1 201");
        assert_non_null(at);
        const char *number = strstr(at, "\"number\"");
        assert_memory_equal(number, word, strlen(word));
        at += 12;
        free(word);
    }
    raw_reply_clear(&all);
    close(connection);
}

static void http_1_0_is_answered_and_closed(void **state)
{
    const struct mock *mock = *state;
    int connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, "GET /healthz HTTP/1.0\r\n\r\n"));
    struct raw_reply reply = raw_read_all(connection, PATIENCE_MS);
    assert_int_equal(raw_status(&reply), 200);
    assert_int_equal(reply.end, RAW_FINISHED);
    raw_reply_clear(&reply);
    close(connection);
}

static void assert_too_large(struct raw_reply *reply)
{
    size_t length;
    assert_int_equal(raw_status(reply), 413);
    assert_non_null(raw_body(reply, &length));
    assert_non_null(strstr(reply->all.bytes, "urn:invonce:problem:payload-too-large"));
    raw_reply_clear(reply);
}

/* Asked before the body is sent, the answer is no, and the body never needs to come. */
static void an_announced_giant_is_refused_before_it_is_sent(void **state)
{
    static const char *const heads[] = {
        HEAD "Content-Length: 300000\r\nExpect: 100-continue\r\n\r\n",
        HEAD "Content-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n",
        HEAD "Content-Length: 99999999999\r\n\r\n",
    };
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        int connection = raw_connect(mock->port);
        assert_true(raw_send_text(connection, heads[i]));
        struct raw_reply reply = raw_read_reply(connection, PATIENCE_MS);
        assert_too_large(&reply);
        close(connection);
    }
}

static void a_stranger_is_not_asked_for_the_body(void **state)
{
    const struct mock *mock = *state;
    int connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, "POST /v1/invoices HTTP/1.1\r\nHost: x\r\n"
                                          "Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n"));
    struct raw_reply reply = raw_read_reply(connection, PATIENCE_MS);
    assert_int_equal(raw_status(&reply), 401);
    raw_reply_clear(&reply);
    close(connection);
}

static void a_client_that_asks_first_is_told_to_go_on(void **state)
{
    const struct mock *mock = *state;
    char *body = sample_body("1", NULL);
    char *head =
        support_format(HEAD "Content-Length: %zu\r\nExpect: 100-continue\r\n\r\n", strlen(body));
    int connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, head));
    struct raw_reply go_on = {0};
    assert_true(raw_read_until(connection, &go_on, "100 Continue\r\n\r\n", PATIENCE_MS));
    assert_true(raw_send_text(connection, body));
    struct raw_reply reply = raw_read_reply(connection, PATIENCE_MS);
    assert_int_equal(raw_status(&reply), 201);
    raw_reply_clear(&reply);
    raw_reply_clear(&go_on);
    close(connection);
    free(head);
    free(body);
}

static void a_chunked_giant_is_refused(void **state)
{
    enum { CHUNK = 4096, CHUNKS = 80 };
    const struct mock *mock = *state;
    int connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, HEAD "Transfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < CHUNKS; i++) {
        char *chunk = support_format("%x\r\n%*s\r\n", CHUNK, CHUNK, "");
        raw_send_text(connection, chunk);
        free(chunk);
    }
    raw_send_text(connection, "0\r\n\r\n");
    struct raw_reply reply = raw_read_reply(connection, PATIENCE_MS);
    assert_too_large(&reply);
    close(connection);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 0);
}

static bool is_carried_out(void *context)
{
    const struct mock *mock = context;
    return rows_number(mock->store, "SELECT count(*) FROM idempotency_keys WHERE status = 201") ==
           1;
}

static const char *const DELAY[] = {"--fault", "delay-before-commit=200ms@attempt=1", NULL};

/* A client that hangs up does not take its invoice with it: what was asked for is carried out. */
static void a_client_that_goes_away_changes_nothing(void **state)
{
    struct mock *mock = *state;
    char *body = sample_body("1", NULL);
    int connection = raw_connect(mock->port);
    assert_true(raw_post(connection, "/v1/invoices", TOKEN_ANA, "k1", body));
    shutdown(connection, SHUT_WR);
    close(connection);
    struct http_reply again = {0};
    assert_true(support_wait_until(is_carried_out, mock, PATIENCE_MS));
    again = api_create(mock, "\"k1\"", body);
    api_assert_status(&again, 201);
    assert_true(api_is_replay(&again));
    http_reply_clear(&again);
    free(body);
}

/* Said all it had to say, and waits for the answer. */
static void a_sender_that_shuts_its_side_down_is_answered(void **state)
{
    static const struct {
        const char *line, *headers, *body;
        int status;
    } requests[] = {
        {"POST /v1/invoices", "Idempotency-Key: \"k1\"\r\n", NULL, 201}, /* delayed */
        {"POST /v1/invoices", "Idempotency-Key: \"k1\"\r\n", NULL, 201}, /* a replay */
        {"POST /v1/invoices", "Idempotency-Key: \"k1\"\r\n", NULL, 201},
        {"POST /v1/invoices", "Idempotency-Key: \"k2\"\r\n", NULL, 409},
        {"POST /v1/invoices", "Idempotency-Key: \"k3\"\r\n", "{}", 422},
        {"POST /v1/customers", "", "{\"email\":\"a@b.example\"}", 201},
        {"POST /v1/webhooks/bank", "", "{\"event_id\":\"e\",\"type\":\"ping\"}", 200},
        {"GET /v1/whoami", "", "", 200}, /* delayed, too */
        {"GET /v1/audit", "", "", 200},
    };
    const struct mock *mock = *state;
    char *sample = sample_body("1", NULL);
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        const char *body = requests[i].body ? requests[i].body : sample;
        char *request = support_format("%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " TOKEN_ANA
                                       "\r\nContent-Type: application/json\r\n%s"
                                       "Content-Length: %zu\r\n\r\n%s",
                                       requests[i].line, requests[i].headers, strlen(body), body);
        int connection = raw_connect(mock->port);
        assert_true(raw_send_text(connection, request));
        assert_int_equal(shutdown(connection, SHUT_WR), 0);
        struct raw_reply reply = raw_read_all(connection, PATIENCE_MS);
        print_message("%s\n", requests[i].line);
        assert_int_equal(raw_status(&reply), requests[i].status);
        assert_int_equal(reply.end, RAW_FINISHED);
        raw_reply_clear(&reply);
        close(connection);
        free(request);
    }
    free(sample);
}

static const char *const DELAYS[] = {"--fault", "delay-before-commit=100ms@attempt=1", "--fault",
                                     "delay-before-commit=100ms@endpoint=/v1/whoami", NULL};

static void an_open_stream_does_not_hold_the_stop_up(void **state)
{
    struct mock *mock = *state;
    int connections[4];
    for (size_t i = 0; i < COUNT_OF(connections); i++) {
        connections[i] = raw_connect(mock->port);
        assert_true(raw_send_text(connections[i], "GET /v1/audit/stream HTTP/1.1\r\nHost: x\r\n"
                                                  "Authorization: Bearer " TOKEN_ANA "\r\n\r\n"));
    }
    struct http_reply reply = api_create_sample(mock, "\"seen\"", "1", NULL);
    api_assert_status(&reply, 201);
    http_reply_clear(&reply);
    for (size_t i = 0; i < COUNT_OF(connections); i++) {
        struct raw_reply stream = {0};
        assert_true(raw_read_until(connections[i], &stream, "\"seen\"", PATIENCE_MS));
        raw_reply_clear(&stream);
    }
    long long start = support_now_ms();
    process_signal(&mock->process, SIGTERM);
    for (size_t i = 0; i < COUNT_OF(connections); i++) {
        struct raw_reply stream = raw_read_all(connections[i], PATIENCE_MS);
        assert_int_not_equal(stream.end, RAW_OPEN);
        raw_reply_clear(&stream);
        close(connections[i]);
    }
    assert_int_equal(process_wait(&mock->process, PATIENCE_MS), 0);
    assert_true(support_now_ms() - start < 4000);
    process_clear(&mock->process);
}

/* What `ps` shows to everybody on the machine. */
static void tokens_do_not_stay_on_the_command_line(void **state)
{
    const struct mock *mock = *state;
    char *path = support_format("/proc/%d/cmdline", (int)mock->process.pid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    char text[4096];
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    assert_true(length > 0);
    assert_null(memmem(text, length, TOKEN_ANA, strlen(TOKEN_ANA)));
    free(path);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(a_pipeline_is_answered_in_order, NULL),
    SERVER_TEST(http_1_0_is_answered_and_closed, NULL),
    SERVER_TEST(an_announced_giant_is_refused_before_it_is_sent, NULL),
    SERVER_TEST(a_stranger_is_not_asked_for_the_body, NULL),
    SERVER_TEST(a_client_that_asks_first_is_told_to_go_on, NULL),
    SERVER_TEST(a_chunked_giant_is_refused, NULL),
    SERVER_TEST(a_client_that_goes_away_changes_nothing, DELAY),
    SERVER_TEST(a_sender_that_shuts_its_side_down_is_answered, DELAYS),
    SERVER_TEST(a_sender_that_shuts_its_side_down_is_answered, NULL),
    SERVER_TEST(an_open_stream_does_not_hold_the_stop_up, NULL),
    SERVER_TEST(tokens_do_not_stay_on_the_command_line, NULL),
};

API_MAIN("wire", TESTS)
