/* The life of a key: in progress, completed, expired (DESIGN.md 1, 3 and GET /v1/intents/KEY). */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

#include "tests/support/parallel.h"
#include "tests/support/raw.h"
#include "tests/support/rows.h"

#include <unistd.h>

static struct http_reply intent(const struct mock *mock, const char *token, const char *key)
{
    char *path = support_format("/v1/intents/%s", key);
    struct http_reply reply = api_get(mock, token, path);
    free(path);
    return reply;
}

static void assert_unknown(const struct mock *mock, const char *token, const char *key)
{
    struct http_reply reply = intent(mock, token, key);
    api_assert_status(&reply, 200);
    assert_string_equal(api_text(&reply, "/state"), "unknown");
    assert_true(json_kind(json_member(reply.json, "status")) == JSON_NULL);
    assert_true(json_kind(json_member(reply.json, "expires_at")) == JSON_NULL);
    assert_true(json_kind(json_member(reply.json, "invoice")) == JSON_NULL);
    http_reply_clear(&reply);
}

static void an_intent_tells_what_became_of_it(void **state)
{
    struct http_reply made = api_create_sample(*state, "\"k1\"", "1", NULL);
    struct http_reply taken = api_create_sample(*state, "\"k2\"", "1", NULL);
    struct http_reply invalid = api_create_sample(*state, "\"k3\"", "", NULL);
    struct http_reply created = intent(*state, TOKEN_BOB, "k1");
    struct http_reply conflict = intent(*state, TOKEN_ANA, "k2");
    api_assert_status(&created, 200);
    assert_string_equal(api_text(&created, "/key"), "k1");
    assert_string_equal(api_text(&created, "/state"), "completed");
    assert_int_equal(json_integer(json_member(created.json, "status"), 0), 201);
    assert_true(json_equal(json_member(created.json, "invoice"), made.json));
    const char *expires = api_text(&created, "/expires_at");
    assert_int_equal(expires[strlen(expires) - 1], 'Z');
    assert_true(strcmp(expires, api_text(&made, "/created_at")) > 0);
    assert_string_equal(api_text(&conflict, "/state"), "completed");
    assert_int_equal(json_integer(json_member(conflict.json, "status"), 0), 409);
    assert_true(json_kind(json_member(conflict.json, "invoice")) == JSON_NULL);
    api_assert_problem(&invalid, "validation-failed");
    assert_unknown(*state, TOKEN_ANA, "k3");
    assert_unknown(*state, TOKEN_ANA, "K1");
    assert_unknown(*state, TOKEN_EVE, "k1");
    struct http_reply *const all[] = {&made, &taken, &invalid, &created, &conflict};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        http_reply_clear(all[i]);
}

/* A key as a header, and in a path. */
static const char *const WRITTEN[][2] = {
    {"\"a/b\"", "a%2Fb"}, {"\"a b\"", "a%20b"},       {"\"100%\"", "100%25"},
    {"\"a+b\"", "a+b"},   {"\"a?b#c\"", "a%3Fb%23c"}, {"\"q\\\"q\"", "q%22q"},
    {"\"%2F\"", "%252F"}, {"\"..\"", "%2E%2E"},       {"\"a//b/\"", "a%2F%2Fb%2F"},
};

static void keys_are_percent_encoded_in_paths(void **state)
{
    for (size_t i = 0; i < COUNT_OF(WRITTEN); i++) {
        char *number = support_format("%zu", i);
        struct http_reply made = api_create_sample(*state, WRITTEN[i][0], number, NULL);
        struct http_reply found = intent(*state, TOKEN_ANA, WRITTEN[i][1]);
        print_message("%s\n", WRITTEN[i][1]);
        api_assert_status(&made, 201);
        api_assert_status(&found, 200);
        assert_string_equal(api_text(&found, "/state"), "completed");
        assert_string_equal(api_text(&found, "/invoice/id"), api_text(&made, "/id"));
        http_reply_clear(&found);
        http_reply_clear(&made);
        free(number);
    }
}

static const char *const SLOW[] = {"--fault", "delay-before-commit=60s@attempt=1",
                                   "--in-progress-wait", "100ms", NULL};

static bool is_claimed(void *context)
{
    struct http_reply reply = intent(context, TOKEN_ANA, "k1");
    bool claimed = strcmp(api_text(&reply, "/state"), "in_progress") == 0;
    http_reply_clear(&reply);
    return claimed;
}

static void one_in_progress_is_told_as_that(void **state)
{
    struct mock *mock = *state;
    char *body = sample_body("1", NULL);
    int connection = raw_connect(mock->port);
    assert_true(raw_post(connection, "/v1/invoices", TOKEN_ANA, "k1", body));
    assert_true(support_wait_until(is_claimed, mock, PATIENCE_MS));
    struct http_reply pending = intent(mock, TOKEN_ANA, "k1");
    struct http_reply second = api_create(mock, "\"k1\"", body);
    struct http_reply other = api_create_sample(mock, "\"k1\"", "2", NULL);
    assert_true(json_kind(json_member(pending.json, "invoice")) == JSON_NULL);
    assert_true(json_kind(json_member(pending.json, "status")) == JSON_NULL);
    api_assert_problem(&second, "idempotency-key-in-progress");
    assert_true(strtol(http_header(&second, "retry-after"), NULL, 10) > 0);
    api_assert_problem(&other, "idempotency-key-reused");
    mock_kill(mock);
    http_reply_clear(&other);
    http_reply_clear(&second);
    http_reply_clear(&pending);
    close(connection);
    free(body);
}

static const char *const WAITING[] = {"--fault", "delay-before-commit=300ms@attempt=1",
                                      "--in-progress-wait", "20s", NULL};

struct waiters {
    const struct mock *mock;
    struct http_reply replies[32];
};

static void wait_for_it(size_t index, void *context)
{
    struct waiters *waiters = context;
    waiters->replies[index] = api_create_sample(waiters->mock, "\"k1\"", "1", NULL);
}

static void waiters_get_the_first_one_s_reply(void **state)
{
    struct waiters waiters = {.mock = *state};
    parallel_run(COUNT_OF(waiters.replies), wait_for_it, &waiters);
    size_t created = 0;
    for (size_t i = 0; i < COUNT_OF(waiters.replies); i++) {
        api_assert_same(&waiters.replies[0], &waiters.replies[i]);
        created += !api_is_replay(&waiters.replies[i]);
    }
    api_assert_status(&waiters.replies[0], 201);
    assert_int_equal(created, 1);
    assert_int_equal(rows_number(waiters.mock->store, "SELECT count(*) FROM invoices"), 1);
    for (size_t i = 0; i < COUNT_OF(waiters.replies); i++)
        http_reply_clear(&waiters.replies[i]);
}

static const char *const FENCED[] = {
    "--faults-api", "--fault", "delay-before-commit" MOCK_HOLDS "@attempt=1",
    "--lease",      "100ms",   "--in-progress-wait",
    "200ms",        NULL};

/* The owner of a lease that ran out comes back to find its work done: it commits nothing, and
 * answers with what was done. */
static void an_owner_that_comes_back_late_commits_nothing(void **state)
{
    struct mock *mock = *state;
    char *body = sample_body("1", NULL);
    int connection = raw_connect(mock->port);
    assert_true(raw_post(connection, "/v1/invoices", TOKEN_ANA, "k1", body));
    assert_true(support_wait_until(is_claimed, mock, PATIENCE_MS));
    struct http_reply second = api_create(mock, "\"k1\"", body);
    api_assert_status(&second, 201);
    assert_false(api_is_replay(&second));
    mock_let_go(mock);
    struct raw_reply first = raw_read_reply(connection, PATIENCE_MS);
    size_t length;
    const char *bytes = raw_body(&first, &length);
    assert_int_equal(raw_status(&first), 201);
    assert_int_equal(length, second.length);
    assert_memory_equal(bytes, second.body, length);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 1);
    assert_int_equal(
        rows_number(mock->store, "SELECT count(*) FROM audit WHERE outcome = 'created'"), 1);
    raw_reply_clear(&first);
    http_reply_clear(&second);
    close(connection);
    free(body);
}

static const char *const SHORT_LIFE[] = {"--key-ttl", "1s", NULL};

static bool is_expired(void *context)
{
    struct http_reply reply = intent(context, TOKEN_ANA, "k2");
    assert_string_equal(api_text(&reply, "/state"), "completed");
    bool expired = json_kind(json_member(reply.json, "expires_at")) == JSON_NULL;
    http_reply_clear(&reply);
    return expired;
}

static void past_its_lifetime_a_key_still_holds(void **state)
{
    struct mock *mock = *state;
    struct http_reply made = api_create_sample(mock, "\"k1\"", "1", NULL);
    struct http_reply taken = api_create_sample(mock, "\"k2\"", "1", NULL);
    for (int i = 0; i < 3; i++) { /* what the server remembers expires too */
        struct http_reply soon = api_create_sample(mock, "\"k1\"", "1", NULL);
        assert_true(api_is_replay(&soon));
        http_reply_clear(&soon);
    }
    assert_true(support_wait_until(is_expired, mock, PATIENCE_MS));
    struct http_reply late = api_create_sample(mock, "\"k1\"", "1", NULL);
    struct http_reply late_taken = api_create_sample(mock, "\"k2\"", "1", NULL);
    struct http_reply other = api_create_sample(mock, "\"k1\"", "2", NULL);
    api_assert_status(&late, 200);
    assert_true(api_is_replay(&late));
    assert_true(json_equal(late.json, made.json));
    api_assert_problem(&late_taken, "invoice-number-taken");
    assert_true(api_is_replay(&late_taken));
    assert_true(json_equal(json_member(late_taken.json, "existing"), made.json));
    api_assert_problem(&other, "idempotency-key-reused");
    assert_null(json_member(other.json, "differs"));
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 1);
    struct http_reply *const all[] = {&made, &taken, &late, &late_taken, &other};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        http_reply_clear(all[i]);
}

/* The first create takes longer than a lifetime; a claim is no reply, so it has none yet. */
static const char *const SHORT_AND_SLOW[] = {"--key-ttl", "100ms", "--fault",
                                             "delay-before-commit=3s@first=1", NULL};

#define SAVED "SELECT count(*) FROM idempotency_keys WHERE body IS NOT NULL OR request IS NOT NULL"

static bool nothing_is_saved(void *mock)
{
    return rows_number(((const struct mock *)mock)->store, SAVED " AND status IS NOT NULL") == 0;
}

static void create_three(size_t index, void *context)
{
    char *key = support_format("\"k%zu\"", index), *number = support_format("%zu", index);
    struct http_reply reply = api_create_sample(context, key, number, NULL);
    http_reply_clear(&reply);
    free(number);
    free(key);
}

static void only_tombstones_stay(void **state)
{
    struct mock *mock = *state;
    parallel_run(3, create_three, mock);
    assert_true(support_wait_until(nothing_is_saved, mock, PATIENCE_MS));
    create_three(3, mock);
    assert_true(support_wait_until(nothing_is_saved, mock, PATIENCE_MS));
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM idempotency_keys"
                                              " WHERE status = 201 AND record_id IS NOT NULL"
                                              " AND length(fingerprint) > 0"
                                              " AND expires_at IS NULL"),
                     4);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(an_intent_tells_what_became_of_it, NULL),
    SERVER_TEST(keys_are_percent_encoded_in_paths, NULL),
    SERVER_TEST(one_in_progress_is_told_as_that, SLOW),
    SERVER_TEST(waiters_get_the_first_one_s_reply, WAITING),
    SERVER_TEST(an_owner_that_comes_back_late_commits_nothing, FENCED),
    SERVER_TEST(past_its_lifetime_a_key_still_holds, SHORT_LIFE),
    SERVER_TEST(only_tombstones_stay, SHORT_AND_SLOW),
};

API_MAIN("intents", TESTS)
