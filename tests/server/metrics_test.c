/* Metrics, health and the OpenAPI document (DESIGN.md 3.1). */
#include "tests/server/api.h"

static char *scrape(const struct mock *mock)
{
    struct http_reply reply = api_get(mock, NULL, "/metrics");
    api_assert_status(&reply, 200);
    assert_memory_equal(http_header(&reply, "content-type"), "text/plain", 10);
    char *text = support_format("%s", reply.body);
    http_reply_clear(&reply);
    return text;
}

/* The value of invonce_creates_total for an endpoint and an outcome, 0 when it isn't told. */
static long creates(const char *text, const char *endpoint, const char *outcome)
{
    static const char name[] = "invonce_creates_total{";
    char *label = support_format("outcome=\"%s\"", outcome);
    long value = 0;
    for (const char *line = strstr(text, name); line; line = strstr(line + 1, name)) {
        char *whole = support_format("%.*s", (int)strcspn(line, "\n"), line);
        if (strstr(whole, endpoint) && strstr(whole, label))
            value = strtol(strrchr(whole, ' '), NULL, 10);
        free(whole);
    }
    free(label);
    return value;
}

static void creates_are_counted_by_outcome(void **state)
{
    static const struct {
        const char *key, *number;
    } sent[] = {{"\"k1\"", "1"}, {"\"k1\"", "1"}, {"\"k1\"", "1"},
                {"\"k2\"", "1"}, {"\"k1\"", "2"}, {"\"k3\"", ""}};
    static const struct {
        const char *outcome;
        long count;
    } expected[] = {{"created", 1},           {"replayed", 2},         {"rejected_conflict", 1},
                    {"rejected_mismatch", 1}, {"rejected_invalid", 1}, {"failed", 0}};
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(sent); i++) {
        struct http_reply reply = api_create_sample(mock, sent[i].key, sent[i].number, NULL);
        http_reply_clear(&reply);
    }
    struct http_reply customer =
        api_post(mock, "/v1/customers", TOKEN_ANA, NULL, "{\"email\":\"c@x.example\"}");
    http_reply_clear(&customer);
    char *text = scrape(mock);
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_int_equal(creates(text, "/v1/invoices", expected[i].outcome), expected[i].count);
    assert_int_equal(creates(text, "/v1/customers", "created"), 1);
    assert_null(strstr(text, "north")); /* no tenant, no key, no token in it */
    free(text);
}

/* Prometheus text format: comments, or NAME{LABELS} VALUE; a TYPE for each family. */
static void metrics_are_in_prometheus_text(void **state)
{
    char *text = scrape(*state), *rest = text;
    size_t samples = 0;
    assert_int_equal(text[strlen(text) - 1], '\n');
    for (char *line; (line = strsep(&rest, "\n")) && *line;) {
        if (*line == '#') continue;
        size_t name =
            strspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:");
        assert_in_range(name, 1, 200);
        const char *value = strrchr(line, ' ');
        assert_non_null(value);
        char *end;
        strtod(value + 1, &end);
        assert_true(end > value + 1 && *end == '\0');
        samples++;
    }
    assert_true(samples > 0);
    free(text);
}

static void health_and_readiness_answer(void **state)
{
    static const char *const paths[] = {"/healthz", "/readyz"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct http_reply reply = api_get(*state, NULL, paths[i]);
        api_assert_status(&reply, 200);
        http_reply_clear(&reply);
    }
}

static void the_openapi_document_names_every_path(void **state)
{
    static const char *const words[] = {"openapi: 3.1",   "/v1/invoices:",     "/v1/invoices/{",
                                        "/v1/customers:", "/v1/webhooks/{",    "/v1/intents/{",
                                        "/v1/audit:",     "/v1/audit/stream:", "/healthz:",
                                        "/readyz:",       "/metrics:"};
    struct http_reply reply = api_get(*state, NULL, "/openapi.yaml");
    api_assert_status(&reply, 200);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (!strstr(reply.body, words[i])) fail_msg("no %s", words[i]);
    http_reply_clear(&reply);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(creates_are_counted_by_outcome, NULL),
    SERVER_TEST(metrics_are_in_prometheus_text, NULL),
    SERVER_TEST(health_and_readiness_answer, NULL),
    SERVER_TEST(the_openapi_document_names_every_path, NULL),
};

API_MAIN("metrics", TESTS)
