/* Routes, methods, tokens, media types, and HTTP as it should not be spoken (DESIGN.md 3.1). */
#include "tests/server/api.h"

#include "tests/support/raw.h"

#include <unistd.h>

static const struct {
    const char *method, *path, *token;
    const char *problem; /* NULL: 200 */
    const char *allow;   /* a method that Allow must name */
} ROUTES[] = {
    {"GET", "/healthz", NULL, NULL, NULL},
    {"GET", "/readyz", NULL, NULL, NULL},
    {"GET", "/metrics", NULL, NULL, NULL},
    {"GET", "/openapi.yaml", NULL, NULL, NULL},
    {"GET", "/v1/invoices", TOKEN_ANA, NULL, NULL},
    {"GET", "/v1/audit", TOKEN_ANA, NULL, NULL},
    {"GET", "/v1/customers?prefix=a", TOKEN_ANA, NULL, NULL},
    {"GET", "/v1/intents/k", TOKEN_ANA, NULL, NULL},
    {"GET", "/", NULL, "not-found", NULL},
    {"GET", "/v1", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v2/invoices", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/invoices/", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/invoices/inv_1%00", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/invoices/inv_1%2Flines", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/intents/k%00x", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/intents/k%0", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/invoices?number=1%00x", TOKEN_ANA, "invalid-parameter", NULL},
    {"GET", "/v1/invoices?number%00=1", TOKEN_ANA, "invalid-parameter", NULL},
    {"GET", "/v1/customers?prefix=a%00", TOKEN_ANA, "invalid-parameter", NULL},
    {"GET", "/v1/audit?after=1%00", TOKEN_ANA, "invalid-parameter", NULL},
    {"GET", "/v1/invoices/inv_1/lines", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/Invoices", TOKEN_ANA, "not-found", NULL},
    {"GET", "//v1/invoices", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/../v1/invoices", TOKEN_ANA, "not-found", NULL},
    {"GET", "/_mock/faults", TOKEN_ANA, "not-found", NULL}, /* only with --faults-api */
    {"GET", "/v1/invoices/inv_999999", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/invoices/inv_", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/invoices/inv_-1", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/invoices/inv_01", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/invoices/inv_99999999999999999999", TOKEN_ANA, "not-found", NULL},
    {"GET", "/v1/invoices/1' OR '1'='1", TOKEN_ANA, "not-found", NULL},
    {"PUT", "/v1/invoices", TOKEN_ANA, "method-not-allowed", "POST"},
    {"DELETE", "/v1/invoices", TOKEN_ANA, "method-not-allowed", "GET"},
    {"POST", "/v1/invoices/inv_1001", TOKEN_ANA, "method-not-allowed", "GET"},
    {"DELETE", "/v1/invoices/inv_1001", NULL, "method-not-allowed", "GET"},
    {"POST", "/v1/audit", TOKEN_ANA, "method-not-allowed", "GET"},
    {"GET", "/v1/webhooks/bank", TOKEN_ANA, "method-not-allowed", "POST"},
    {"POST", "/healthz", NULL, "method-not-allowed", "GET"},
    {"BREW", "/v1/invoices", TOKEN_ANA, "method-not-allowed", "GET"},
    {"GET", "/v1/invoices", NULL, "unauthorized", NULL},
    {"GET", "/v1/audit", NULL, "unauthorized", NULL},
    {"GET", "/v1/intents/k", "nobody-0123456789abcdef", "unauthorized", NULL},
};

static struct http_reply ask(const struct mock *mock, const char *method, const char *path,
                             const char *token)
{
    char *url = support_format("%s%s", mock->url, path);
    for (char *at = url; *at; at++)
        if (*at == ' ') *at = '+';
    struct http_reply reply =
        http_send(&(struct http_request){.method = method, .url = url, .token = token});
    free(url);
    return reply;
}

static void each_route_answers_its_methods(void **state)
{
    for (size_t i = 0; i < COUNT_OF(ROUTES); i++) {
        struct http_reply reply = ask(*state, ROUTES[i].method, ROUTES[i].path, ROUTES[i].token);
        print_message("%s %s\n", ROUTES[i].method, ROUTES[i].path);
        if (ROUTES[i].problem)
            api_assert_problem(&reply, ROUTES[i].problem);
        else
            api_assert_status(&reply, 200);
        if (ROUTES[i].allow) assert_non_null(strstr(http_header(&reply, "allow"), ROUTES[i].allow));
        http_reply_clear(&reply);
    }
}

static void head_is_get_without_a_body(void **state)
{
    struct http_reply get = ask(*state, "GET", "/healthz", NULL);
    struct http_reply head = ask(*state, "HEAD", "/healthz", NULL);
    /* RFC 9110 lets a server leave HEAD out, but not send a body to it. */
    assert_true(head.status == 200 || head.status == 405);
    assert_int_equal(head.length, 0);
    http_reply_clear(&head);
    http_reply_clear(&get);
}

/* The whole value of Authorization, and whether it opens the door. */
static const struct {
    const char *header;
    bool good;
} AUTHORIZATIONS[] = {
    {"Authorization: Bearer " TOKEN_ANA, true},
    {"Authorization: bearer " TOKEN_ANA, true}, /* RFC 9110 11.1: the scheme in any case */
    {"Authorization: Bearer " TOKEN_ANA "x", false},
    {"Authorization: Bearer north-ana-0123456789abcde", false},
    {"Authorization: Bearer NORTH-ANA-0123456789ABCDEF", false},
    {"Authorization: Bearer", false},
    {"Authorization: " TOKEN_ANA, false},
    {"Authorization: Basic bm9ydGg6YW5h", false},
    {"Authorization: Bearer " TOKEN_ANA ", Bearer " TOKEN_EVE, false},
    {"X-Authorization: Bearer " TOKEN_ANA, false},
};

static void a_token_is_matched_whole(void **state)
{
    const struct mock *mock = *state;
    char *url = support_format("%s/v1/invoices", mock->url);
    for (size_t i = 0; i < COUNT_OF(AUTHORIZATIONS); i++) {
        const char *const headers[] = {AUTHORIZATIONS[i].header, NULL};
        struct http_reply reply = http_send(&(struct http_request){.url = url, .headers = headers});
        print_message("%s\n", AUTHORIZATIONS[i].header);
        if (AUTHORIZATIONS[i].good) {
            api_assert_status(&reply, 200);
        } else {
            api_assert_problem(&reply, "unauthorized");
            assert_memory_equal(http_header(&reply, "www-authenticate"), "Bearer", 6);
        }
        http_reply_clear(&reply);
    }
    free(url);
}

static const struct {
    const char *type; /* "": none */
    bool good;
} MEDIA_TYPES[] = {
    {"application/json", true},
    {"application/json; charset=utf-8", true},
    {"application/json;charset=\"UTF-8\"", true},
    {"Application/JSON", true},
    {"", false},
    {"text/plain", false},
    {"text/json", false},
    {"application/jsonp", false},
    {"application/x-www-form-urlencoded", false},
    {"application/xml, application/json", false},
};

static void a_body_is_json_by_its_media_type(void **state)
{
    const struct mock *mock = *state;
    char *url = support_format("%s/v1/invoices", mock->url);
    for (size_t i = 0; i < COUNT_OF(MEDIA_TYPES); i++) {
        char *number = support_format("%zu", i), *body = sample_body(number, NULL);
        struct http_reply reply =
            http_send(&(struct http_request){.url = url,
                                             .token = TOKEN_ANA,
                                             .key = number,
                                             .content_type = MEDIA_TYPES[i].type,
                                             .body = body});
        print_message("media type: %s\n", MEDIA_TYPES[i].type);
        if (MEDIA_TYPES[i].good)
            api_assert_status(&reply, 201);
        else
            api_assert_problem(&reply, "unsupported-media-type");
        http_reply_clear(&reply);
        free(body);
        free(number);
    }
    free(url);
}

static const struct {
    const char *headers[3];
    bool good;
} CODINGS[] = {
    {{"Content-Encoding: identity"}, true},
    {{"Content-Encoding: Identity"}, true},
    {{"Content-Encoding;"}, true}, /* sent empty */
    {{"Content-Encoding: identity, identity ,"}, true},
    {{"Content-Encoding: gzip"}, false},
    {{"Content-Encoding: GZIP"}, false},
    {{"Content-Encoding: identity, gzip"}, false},
    {{"Content-Encoding: gzip, identity"}, false},
    {{"Content-Encoding: identityx"}, false},
    {{"Content-Encoding: identity", "Content-Encoding: br"}, false},
};

/* Whatever it says was done to it, a body is never read as something else. */
static void a_body_is_taken_as_it_is_sent(void **state)
{
    static const struct {
        const char *method, *path, *body;
    } requests[] = {
        {"POST", "/v1/invoices", "{\"number\":\"1\"}"},
        {"POST", "/v1/customers", "{\"email\":\"a@b.example\"}"},
        {"POST", "/v1/webhooks/bank", "{\"event_id\":\"e\",\"type\":\"ping\"}"},
        {"PUT", "/_mock/faults", "{\"rules\":[]}"},
    };
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(CODINGS) * COUNT_OF(requests); i++) {
        size_t coding = i / COUNT_OF(requests), request = i % COUNT_OF(requests);
        char *url = support_format("%s%s", mock->url, requests[request].path);
        struct http_reply reply =
            http_send(&(struct http_request){.method = requests[request].method,
                                             .url = url,
                                             .token = TOKEN_ANA,
                                             .key = "\"k\"",
                                             .body = requests[request].body,
                                             .headers = CODINGS[coding].headers});
        print_message("%s, %s\n", requests[request].path, CODINGS[coding].headers[0]);
        if (!CODINGS[coding].good) api_assert_problem(&reply, "unsupported-media-type");
        assert_int_not_equal(reply.status, CODINGS[coding].good ? 415 : 0);
        assert_string_equal(http_header(&reply, "accept-encoding"),
                            CODINGS[coding].good ? "" : "identity");
        http_reply_clear(&reply);
        free(url);
    }
}

/* Not even where the same bytes were answered before; and where the media type is wrong too, that
 * is said first. */
static void a_coding_is_looked_at_in_a_retry_too(void **state)
{
    const struct mock *mock = *state;
    char *url = support_format("%s/v1/invoices", mock->url), *body = sample_body("1", NULL);
    static const char *const headers[] = {"Content-Encoding: gzip", NULL};
    struct http_request request = {.url = url, .token = TOKEN_ANA, .key = "\"k\"", .body = body};
    for (int i = 0; i < 3; i++) {
        struct http_reply reply = http_send(&request);
        api_assert_status(&reply, 201);
        http_reply_clear(&reply);
    }
    request.headers = headers;
    struct http_reply encoded = http_send(&request);
    request.content_type = "text/plain";
    struct http_reply plain = http_send(&request);
    api_assert_problem(&encoded, "unsupported-media-type");
    assert_string_equal(http_header(&encoded, "accept-encoding"), "identity");
    api_assert_problem(&plain, "unsupported-media-type");
    assert_string_equal(http_header(&plain, "accept-encoding"), "");
    http_reply_clear(&plain);
    http_reply_clear(&encoded);
    free(body);
    free(url);
}

static const char *const WITH_FAULTS[] = {"--faults-api", NULL};

static char *chunked(const char *body)
{
    size_t half = strlen(body) / 2;
    return support_format(
        "POST /v1/invoices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " TOKEN_ANA
        "\r\nIdempotency-Key: \"k1\"\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%.*s\r\n%zx\r\n%s\r\n0\r\n\r\n",
        half, (int)half, body, strlen(body) - half, body + half);
}

static void a_chunked_body_is_the_same_body(void **state)
{
    const struct mock *mock = *state;
    char *body = sample_body("1", NULL), *request = chunked(body);
    int connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, request));
    struct raw_reply reply = raw_read_reply(connection, PATIENCE_MS);
    assert_int_equal(raw_status(&reply), 201);
    struct http_reply again = api_create(mock, "\"k1\"", body);
    api_assert_status(&again, 201);
    assert_true(api_is_replay(&again));
    http_reply_clear(&again);
    raw_reply_clear(&reply);
    close(connection);
    free(request);
    free(body);
}

static void a_body_that_ends_early_makes_nothing(void **state)
{
    const struct mock *mock = *state;
    char *body = sample_body("1", NULL);
    char *request = support_format(
        "POST /v1/invoices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " TOKEN_ANA
        "\r\nIdempotency-Key: \"k1\"\r\nContent-Type: application/json\r\nContent-Length: %zu"
        "\r\n\r\n%s",
        strlen(body) + 1, body);
    int connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, request));
    close(connection);
    /* The key is still free, and the server at work. */
    struct http_reply made = api_create(mock, "\"k1\"", body);
    api_assert_status(&made, 201);
    assert_false(api_is_replay(&made));
    assert_int_equal(api_count(mock, TOKEN_ANA), 1);
    http_reply_clear(&made);
    free(request);
    free(body);
}

static void a_connection_carries_many_requests(void **state)
{
    const struct mock *mock = *state;
    int connection = raw_connect(mock->port);
    for (int i = 0; i < 20; i++) {
        char *key = support_format("k%d", i / 2), *number = support_format("%d", i / 2);
        char *body = sample_body(number, NULL);
        assert_true(raw_post(connection, "/v1/invoices", TOKEN_ANA, key, body));
        struct raw_reply reply = raw_read_reply(connection, PATIENCE_MS);
        assert_int_equal(raw_status(&reply), 201);
        assert_int_equal(reply.end, RAW_OPEN);
        char *replayed = raw_header(&reply, "Idempotent-Replayed");
        assert_string_equal(replayed, i % 2 ? "true" : "");
        free(replayed);
        raw_reply_clear(&reply);
        free(body);
        free(number);
        free(key);
    }
    close(connection);
    assert_int_equal(api_count(mock, TOKEN_ANA), 10);
}

/* Whatever is thrown at it, the server answers or closes, and goes on. */
static void nonsense_does_not_hurt(void **state)
{
    static const char *const nonsense[] = {
        "\r\n\r\n\r\n",
        "HELO mail.example\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET /v1/invoices%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /v1/invoices/%2e%2e/%ff HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /v1/invoices?limit=%00&cursor=%zz HTTP/1.1\r\nHost: x\r\nAuthorization: "
        "Bearer " TOKEN_ANA "\r\n\r\n",
        "POST /v1/invoices HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/invoices HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /v1/invoices HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\x16\x03\x01\x02\x01\x01\xfc\x03\x03",
    };
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(nonsense); i++) {
        int connection = raw_connect(mock->port);
        assert_true(raw_send_text(connection, nonsense[i]));
        struct raw_reply reply = raw_read_reply(connection, 50);
        assert_true(raw_status(&reply) == 0 || raw_status(&reply) >= 400);
        raw_reply_clear(&reply);
        close(connection);
    }
    struct http_reply alive = ask(mock, "GET", "/healthz", NULL);
    api_assert_status(&alive, 200);
    http_reply_clear(&alive);
}

static void too_much_is_refused(void **state)
{
    const struct mock *mock = *state;
    static const size_t size = 100000;
    char *long_text = malloc(size + 1);
    assert_non_null(long_text);
    memset(long_text, 'a', size);
    long_text[size] = '\0';
    char *path = support_format("/v1/invoices?number=%s", long_text);
    char *header = support_format("X-Long: %s", long_text);
    char *url = support_format("%s/v1/invoices", mock->url);
    const char *const headers[] = {header, NULL};
    struct http_reply by_path = ask(mock, "GET", path, TOKEN_ANA);
    struct http_reply by_header =
        http_send(&(struct http_request){.url = url, .token = TOKEN_ANA, .headers = headers});
    assert_in_range(by_path.status, 400, 499);
    assert_in_range(by_header.status, 400, 499);
    struct http_reply alive = ask(mock, "GET", "/v1/invoices", TOKEN_ANA);
    api_assert_status(&alive, 200);
    http_reply_clear(&alive);
    http_reply_clear(&by_header);
    http_reply_clear(&by_path);
    free(url);
    free(header);
    free(path);
    free(long_text);
}

static void another_tenant_s_record_is_not_found(void **state)
{
    struct http_reply made = api_create_sample(*state, "\"k1\"", "1", NULL);
    char *path = support_format("/v1/invoices/%s", api_text(&made, "/id"));
    struct http_reply ours = ask(*state, "GET", path, TOKEN_BOB);
    struct http_reply theirs = ask(*state, "GET", path, TOKEN_EVE);
    api_assert_status(&ours, 200);
    api_assert_problem(&theirs, "not-found");
    http_reply_clear(&theirs);
    http_reply_clear(&ours);
    http_reply_clear(&made);
    free(path);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(each_route_answers_its_methods, NULL),
    SERVER_TEST(head_is_get_without_a_body, NULL),
    SERVER_TEST(a_token_is_matched_whole, NULL),
    SERVER_TEST(a_body_is_json_by_its_media_type, NULL),
    SERVER_TEST(a_body_is_taken_as_it_is_sent, WITH_FAULTS),
    SERVER_TEST(a_coding_is_looked_at_in_a_retry_too, NULL),
    SERVER_TEST(a_chunked_body_is_the_same_body, NULL),
    SERVER_TEST(a_body_that_ends_early_makes_nothing, NULL),
    SERVER_TEST(a_connection_carries_many_requests, NULL),
    SERVER_TEST(nonsense_does_not_hurt, NULL),
    SERVER_TEST(too_much_is_refused, NULL),
    SERVER_TEST(another_tenant_s_record_is_not_found, NULL),
};

API_MAIN("http", TESTS)
