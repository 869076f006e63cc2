/* The audit: one entry for each attempt, in pages and as a stream; the log beside it
 * (DESIGN.md 3.1). */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

#include "tests/support/raw.h"

#include <signal.h>
#include <unistd.h>

#define TAKEN_REF "{\"external_ref\":{\"source\":\"shop\",\"id\":\"A-17\"}}"

static void send_one_of_each(const struct mock *mock)
{
    static const struct {
        const char *key, *number, *changes;
    } attempts[] = {
        {"\"k1\"", "ABC-1", TAKEN_REF}, {"k1", "ABC-1", TAKEN_REF}, {"\"k2\"", " abc-1", NULL},
        {"\"k2\"", " abc-1", NULL},     {"\"k1\"", "other", NULL},  {"\"k3\"", "", NULL},
        {"\"k4\"", "2", TAKEN_REF},     {NULL, "3", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(attempts); i++) {
        struct http_reply reply =
            api_create_sample(mock, attempts[i].key, attempts[i].number, attempts[i].changes);
        assert_int_equal(reply.error, 0);
        http_reply_clear(&reply);
    }
}

static const struct {
    const char *outcome;
    int status;
    const char *key, *number;
} ENTRIES[] = {
    {"created", 201, "k1", "ABC-1"},
    {"replayed", 201, "k1", "ABC-1"},
    {"rejected_conflict", 409, "k2", " abc-1"},
    {"replayed", 409, "k2", " abc-1"},
    {"rejected_mismatch", 422, "k1", "other"},
    {"rejected_invalid", 422, "k3", NULL},
    {"rejected_conflict", 409, "k4", "2"},
    {"rejected_invalid", 400, NULL, "3"},
};

static struct json *audit(const struct mock *mock, const char *token, const char *query)
{
    char *path = support_format("/v1/audit%s", query);
    struct http_reply reply = api_get(mock, token, path);
    api_assert_status(&reply, 200);
    struct json *document = reply.json;
    reply.json = NULL;
    http_reply_clear(&reply);
    free(path);
    return document;
}

static void check_entry(const struct json *entry, size_t row)
{
    static const char *const members[] = {
        "seq",    "at",     "request_id", "tenant",       "user",    "endpoint",
        "key",    "number", "year",       "external_ref", "outcome", "invoice_id",
        "status", "fault",  "resource",   "record_id",    "unique"};
    for (size_t i = 0; i < COUNT_OF(members); i++)
        if (!json_member(entry, members[i])) fail_msg("no %s in entry %zu", members[i], row);
    assert_int_equal(json_count(entry), COUNT_OF(members));
    assert_string_equal(json_pointer_text(entry, "/outcome"), ENTRIES[row].outcome);
    assert_int_equal(json_integer(json_member(entry, "status"), 0), ENTRIES[row].status);
    assert_string_equal(json_pointer_text(entry, "/tenant"), "north");
    assert_string_equal(json_pointer_text(entry, "/user"), "ana");
    assert_string_equal(json_pointer_text(entry, "/endpoint"), "POST /v1/invoices");
    if (ENTRIES[row].key)
        assert_string_equal(json_pointer_text(entry, "/key"), ENTRIES[row].key);
    else
        assert_true(json_kind(json_member(entry, "key")) == JSON_NULL);
    if (ENTRIES[row].number)
        assert_string_equal(json_pointer_text(entry, "/number"), ENTRIES[row].number);
    const char *at = json_pointer_text(entry, "/at");
    assert_int_equal(at[strlen(at) - 1], 'Z');
}

static void each_attempt_leaves_an_entry(void **state)
{
    send_one_of_each(*state);
    struct json *document = audit(*state, TOKEN_BOB, "");
    const struct json *data = json_member(document, "data");
    assert_int_equal(json_count(data), COUNT_OF(ENTRIES));
    int64_t before = 0;
    for (size_t i = 0; i < COUNT_OF(ENTRIES); i++) {
        const struct json *entry = json_item(data, i);
        print_message("entry %zu, %s\n", i, ENTRIES[i].outcome);
        check_entry(entry, i);
        int64_t seq = json_integer(json_member(entry, "seq"), 0);
        assert_true(seq > before);
        before = seq;
    }
    assert_string_equal(json_pointer_text(data, "/0/external_ref/source"), "shop");
    assert_string_equal(json_pointer_text(data, "/0/external_ref/id"), "A-17");
    assert_int_equal(json_integer(json_pointer_get(data, "/0/year"), 0), 2026);
    /* A replay tells of the same invoice; a request id is an attempt's own. */
    assert_memory_equal(json_pointer_text(data, "/0/invoice_id"), "inv_", 4);
    assert_string_equal(json_pointer_text(data, "/1/invoice_id"),
                        json_pointer_text(data, "/0/invoice_id"));
    assert_string_not_equal(json_pointer_text(data, "/1/request_id"),
                            json_pointer_text(data, "/0/request_id"));
    json_free(document);
    struct json *south = audit(*state, TOKEN_EVE, "");
    assert_int_equal(json_count(json_member(south, "data")), 0);
    json_free(south);
}

/* What a refused body has of what is unique is shown as far as it is what it should be. */
static void a_refused_body_is_shown_as_far_as_it_goes(void **state)
{
    static const struct {
        const char *changes, *unique;
    } BODIES[] = {
        {"{\"number\":\"A-1\",\"issue_date\":\"soon\"}", "{\"number\":\"A-1\"}"},
        {"{\"number\":7}", "{\"year\":2026}"},
        {"{\"number\":\"\"}", "{\"number\":\"\",\"year\":2026}"},
        {"{\"external_ref\":{\"source\":\"shop\"}}", "{\"number\":\"1\",\"year\":2026}"},
        {"{\"external_ref\":[\"shop\"]}", "{\"number\":\"1\",\"year\":2026}"},
    };
    for (size_t i = 0; i < COUNT_OF(BODIES); i++) {
        struct http_reply reply = api_create_sample(*state, "\"k1\"", "1", BODIES[i].changes);
        api_assert_problem(&reply, "validation-failed");
        http_reply_clear(&reply);
    }
    char *number = support_format("{\"number\":\"%065d\"}", 1); /* longer than one may be */
    struct http_reply reply = api_create_sample(*state, "\"k1\"", "1", number);
    api_assert_problem(&reply, "validation-failed");
    struct json *document = audit(*state, TOKEN_ANA, "");
    const struct json *entry = json_first(json_member(document, "data"));
    for (size_t i = 0; i < COUNT_OF(BODIES); i++, entry = json_next(entry)) {
        struct json *expected = json_from(BODIES[i].unique);
        assert_true(json_equal(json_member(entry, "unique"), expected));
        assert_true(json_kind(json_member(entry, "external_ref")) == JSON_NULL);
        json_free(expected);
    }
    assert_int_equal(json_count(json_member(entry, "unique")), 1); /* the year */
    json_free(document);
    http_reply_clear(&reply);
    free(number);
}

static void other_endpoints_are_audited_too(void **state)
{
    const struct mock *mock = *state;
    struct http_reply invoice = api_create_sample(mock, "\"k1\"", "1", NULL);
    for (int i = 0; i < 2; i++) {
        struct http_reply reply =
            api_post(mock, "/v1/customers", TOKEN_ANA, NULL, "{\"email\":\"c@x.example\"}");
        http_reply_clear(&reply);
    }
    char *event = support_format(
        "{\"event_id\":\"e1\",\"type\":\"payment.received\",\"invoice_id\":\"%s\",\"amount\":"
        "\"1.00\",\"currency\":\"EUR\",\"paid_at\":\"2026-11-25T08:00:00Z\"}",
        api_text(&invoice, "/id"));
    for (int i = 0; i < 2; i++) {
        struct http_reply reply = api_post(mock, "/v1/webhooks/bank", TOKEN_ANA, NULL, event);
        api_assert_status(&reply, 200);
        http_reply_clear(&reply);
    }
    struct json *document = audit(mock, TOKEN_ANA, "?after=1");
    static const char *const expected[][2] = {{"POST /v1/customers", "created"},
                                              {"POST /v1/customers", "replayed"},
                                              {"POST /v1/webhooks/", "created"},
                                              {"POST /v1/webhooks/", "replayed"}};
    assert_int_equal(json_count(json_member(document, "data")), COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct json *entry = json_item(json_member(document, "data"), i);
        assert_memory_equal(json_pointer_text(entry, "/endpoint"), expected[i][0], 18);
        assert_string_equal(json_pointer_text(entry, "/outcome"), expected[i][1]);
    }
    json_free(document);
    free(event);
    http_reply_clear(&invoice);
}

static void pages_go_on_where_the_last_one_ended(void **state)
{
    send_one_of_each(*state);
    struct json *all = audit(*state, TOKEN_ANA, "?limit=1000");
    size_t seen = 0;
    int64_t after = 0;
    for (;;) {
        char *query = support_format("?limit=3&after=%lld", (long long)after);
        struct json *page = audit(*state, TOKEN_ANA, query);
        const struct json *data = json_member(page, "data");
        for (size_t i = 0; i < json_count(data); i++, seen++)
            assert_true(json_equal(json_item(data, i), json_item(json_member(all, "data"), seen)));
        size_t count = json_count(data);
        assert_in_range(count, 0, 3);
        /* With nothing new, asking again from next_after is asking from the same place. */
        after = json_integer(json_member(page, "next_after"), 0);
        json_free(page);
        free(query);
        if (count == 0) break;
    }
    assert_int_equal(seen, COUNT_OF(ENTRIES));
    json_free(all);
}

static void wrong_parameters_are_named(void **state)
{
    static const char *const wrong[][2] = {{"?limit=0", "limit"},
                                           {"?limit=1001", "limit"},
                                           {"?after=-1", "after"},
                                           {"?after=x", "after"},
                                           {"?limit=two", "limit"}};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char *path = support_format("/v1/audit%s", wrong[i][0]);
        struct http_reply reply = api_get(*state, TOKEN_ANA, path);
        api_assert_problem(&reply, "invalid-parameter");
        assert_non_null(strstr(api_text(&reply, "/detail"), wrong[i][1]));
        http_reply_clear(&reply);
        free(path);
    }
}

static void the_stream_tells_each_entry_as_it_comes(void **state)
{
    const struct mock *mock = *state;
    struct http_reply first = api_create_sample(mock, "\"before\"", "1", NULL);
    struct raw_reply stream = {0};
    int connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, "GET /v1/audit/stream HTTP/1.1\r\nHost: x\r\n"
                                          "Authorization: Bearer " TOKEN_ANA "\r\n"
                                          "Accept: text/event-stream\r\n\r\n"));
    assert_true(raw_read_until(connection, &stream, "\r\n\r\n", PATIENCE_MS));
    assert_int_equal(raw_status(&stream), 200);
    char *type = raw_header(&stream, "Content-Type");
    assert_memory_equal(type, "text/event-stream", 17);
    struct http_reply second = api_create_sample(mock, "\"during\"", "2", NULL);
    assert_true(raw_read_until(connection, &stream, "\"during\"", PATIENCE_MS));
    const char *line = strstr(stream.all.bytes, "data:");
    assert_non_null(line);
    char *body = sample_body("3", NULL);
    struct http_reply south = api_post(mock, "/v1/invoices", TOKEN_EVE, "\"south\"", body);
    struct http_reply third = api_create_sample(mock, "\"after\"", "3", NULL);
    assert_true(raw_read_until(connection, &stream, "\"after\"", PATIENCE_MS));
    assert_null(strstr(stream.all.bytes, "\"south\""));
    free(body);
    free(type);
    raw_reply_clear(&stream);
    close(connection);

    /* A client that comes back says what it saw last (HTML Living Standard, 9.2). */
    connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, "GET /v1/audit/stream HTTP/1.1\r\nHost: x\r\n"
                                          "Authorization: Bearer " TOKEN_ANA "\r\n"
                                          "Last-Event-ID: 2\r\n\r\n"));
    assert_true(raw_read_until(connection, &stream, "\"after\"", PATIENCE_MS));
    assert_null(strstr(stream.all.bytes, "\"before\""));
    assert_null(strstr(stream.all.bytes, "\"during\""));
    raw_reply_clear(&stream);
    close(connection);
    http_reply_clear(&third);
    http_reply_clear(&south);
    http_reply_clear(&second);
    http_reply_clear(&first);
}

static const char *const JSON_LOG[] = {"--log-format", "json", NULL};

static void the_log_has_each_attempt_and_no_token(void **state)
{
    struct mock *mock = *state;
    for (int json = 0; json < 2; json++) {
        api_fresh(mock, json ? JSON_LOG : NULL);
        send_one_of_each(mock);
        struct http_reply stranger =
            api_post(mock, "/v1/invoices", "stranger-0123456789abcdef", "\"k\"", "{}");
        api_assert_problem(&stranger, "unauthorized");
        http_reply_clear(&stranger);
        char *log = api_whole_log(mock);
        assert_null(strstr(log, "0123456789abcdef"));
        assert_non_null(strstr(log, "unauthorized"));
        for (size_t i = 0; i < COUNT_OF(ENTRIES); i++)
            assert_non_null(strstr(log, ENTRIES[i].outcome));
        for (char *line = log, *end; json && (end = strchr(line, '\n')); line = end + 1) {
            *end = '\0';
            struct json *value = json_from(line);
            assert_true(json_kind(value) == JSON_OBJECT);
            json_free(value);
        }
        free(log);
    }
}

static void the_log_cannot_be_forged(void **state)
{
    struct mock *mock = *state;
    struct http_reply reply =
        api_create_sample(mock, "\"a\\\" outcome=created \\\\\"", "b\\u0085 outcome=x", NULL);
    http_reply_clear(&reply);
    reply = api_create_sample(mock, "\"k2\"", "",
                              "{\"number\":\"two\\nlines outcome=created\\u001b[31m\"}");
    api_assert_problem(&reply, "validation-failed");
    http_reply_clear(&reply);
    char *log = api_whole_log(mock);
    assert_null(strchr(log, '\x1b'));
    assert_null(strstr(log, "\nlines"));
    free(log);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(each_attempt_leaves_an_entry, NULL),
    SERVER_TEST(a_refused_body_is_shown_as_far_as_it_goes, NULL),
    SERVER_TEST(other_endpoints_are_audited_too, NULL),
    SERVER_TEST(pages_go_on_where_the_last_one_ended, NULL),
    SERVER_TEST(wrong_parameters_are_named, NULL),
    SERVER_TEST(the_stream_tells_each_entry_as_it_comes, NULL),
    UNSTARTED_TEST(the_log_has_each_attempt_and_no_token),
    SERVER_TEST(the_log_cannot_be_forged, NULL),
};

API_MAIN("audit", TESTS)
