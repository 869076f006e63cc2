/* Layers turned off and bugs planted: the harm of each must show (DESIGN.md 3.2). */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

#include "tests/support/parallel.h"
#include "tests/support/raw.h"
#include "tests/support/rows.h"

#include <unistd.h>

static long long invoices(const struct mock *mock)
{
    return rows_number(mock->store, "SELECT count(*) FROM invoices");
}

static void create(const struct mock *mock, const char *key, const char *number, int status)
{
    struct http_reply reply = api_create_sample(mock, key, number, NULL);
    api_assert_status(&reply, status);
    http_reply_clear(&reply);
}

static const char *const NO_UNIQUE[] = {"--without", "unique", NULL};
static const char *const NO_KEYS[] = {"--without", "idempotency", NULL};
static const char *const NEITHER[] = {"--without", "unique", "--without", "idempotency", NULL};

static void without_unique_two_intents_make_two(void **state)
{
    create(*state, "\"k1\"", "1", 201);
    create(*state, "\"k2\"", "1", 201);
    create(*state, "\"k2\"", "1", 201); /* a replay */
    assert_int_equal(invoices(*state), 2);
}

static void without_keys_a_retry_meets_the_constraint(void **state)
{
    create(*state, "\"k1\"", "1", 201);
    create(*state, "\"k1\"", "1", 409);
    create(*state, "\"k1\"", "2", 201);
    assert_int_equal(invoices(*state), 2);
}

static void without_both_a_retry_is_a_duplicate(void **state)
{
    create(*state, "\"k1\"", "1", 201);
    create(*state, "\"k1\"", "1", 201);
    assert_int_equal(invoices(*state), 2);
}

/* Starts on the store that is there, and must be refused. */
static void assert_refused(const struct mock *mock, const char *layer)
{
    const char *const options[] = {layer ? "--without" : NULL, layer, NULL};
    struct mock other = {0};
    assert_false(mock_start_beside(&other, mock, options));
    char *errors = process_errors(&other.process);
    assert_int_equal(process_wait(&other.process, PATIENCE_MS), 2);
    assert_non_null(strstr(errors, "--without"));
    free(errors);
    mock_clear(&other);
}

static void a_store_keeps_the_layers_it_was_made_with(void **state)
{
    struct mock *mock = *state;
    api_fresh(mock, NULL);
    assert_int_equal(mock_stop(mock), 0);
    assert_refused(mock, "unique");
    assert_refused(mock, "idempotency");
    api_fresh(mock, NO_UNIQUE);
    assert_int_equal(mock_stop(mock), 0);
    assert_refused(mock, NULL);
    assert_refused(mock, "idempotency");
    assert_true(mock_start(mock, NO_UNIQUE));
    create(mock, "\"k1\"", "1", 201);
}

static const char *const NO_TENANT[] = {"--bug", "no-tenant", NULL};

static void no_tenant_shows_one_tenant_s_record_to_another(void **state)
{
    char *body = sample_body("1", NULL);
    struct http_reply north = api_post(*state, "/v1/invoices", TOKEN_ANA, "\"k1\"", body);
    struct http_reply south = api_post(*state, "/v1/invoices", TOKEN_EVE, "\"k1\"", body);
    api_assert_status(&north, 201);
    api_assert_same(&north, &south);
    assert_int_equal(invoices(*state), 1);
    http_reply_clear(&south);
    http_reply_clear(&north);
    free(body);
}

static const char *const FIRST_BODY[] = {"--bug", "first-body-wins", NULL};

static void first_body_wins_hides_the_second_invoice(void **state)
{
    struct http_reply first = api_create_sample(*state, "\"k1\"", "1", NULL);
    struct http_reply second = api_create_sample(*state, "\"k1\"", "2", NULL);
    api_assert_status(&first, 201);
    api_assert_same(&first, &second);
    http_reply_clear(&second);
    http_reply_clear(&first);
}

static const char *const CACHE_5XX[] = {"--bug", "cache-5xx", "--fault", "status=503@attempt=1",
                                        NULL};

static void cache_5xx_never_lets_the_intent_succeed(void **state)
{
    for (int i = 0; i < 3; i++)
        create(*state, "\"k1\"", "1", 503);
    assert_int_equal(invoices(*state), 0);
    create(*state, "\"k2\"", "2", 503);
}

static const char *const CHECK_THEN_STORE[] = {"--bug", "check-then-store", NULL};

struct race {
    const struct mock *mock;
    int round;
    int statuses[16];
};

static void race_one(size_t index, void *context)
{
    struct race *race = context;
    char *key = support_format("\"r-%d-%zu\"", race->round, index);
    char *number = support_format("R-%d", race->round);
    struct http_reply reply = api_create_sample(race->mock, key, number, NULL);
    race->statuses[index] = reply.status;
    http_reply_clear(&reply);
    free(number);
    free(key);
}

static void check_then_store_loses_the_race(void **state)
{
    struct race race = {.mock = *state};
    create(race.mock, "\"k1\"", "1", 201);
    create(race.mock, "\"k2\"", "1", 409); /* one after the other it looks right */
    for (; race.round < 50; race.round++) {
        parallel_run(COUNT_OF(race.statuses), race_one, &race);
        if (rows_number(race.mock->store, "SELECT count(*) > count(DISTINCT number) FROM invoices"))
            return;
    }
    fail_msg("no duplicate in %d races", race.round);
}

/* It takes the layer away, and no store of all the layers. */
static void check_then_store_keeps_its_store(void **state)
{
    struct mock *mock = *state;
    api_only_sqlite("no earlier version made stores elsewhere");
    api_fresh(mock, CHECK_THEN_STORE);
    assert_int_equal(mock_stop(mock), 0);
    rows_change(mock->store, "UPDATE facts SET value = '4' WHERE name = 'without'"); /* as once */
    assert_refused(mock, NULL);
    assert_refused(mock, "idempotency");
    assert_true(mock_start(mock, CHECK_THEN_STORE));
    create(mock, "\"k1\"", "1", 201);
    create(mock, "\"k2\"", "1", 409);
}

static const char *const NO_LEASE[] = {
    "--bug", "no-lease", "--lease", "200ms", "--fault", "crash-before-commit@attempt=1", NULL};
static const char *const NO_LEASE_AGAIN[] = {
    "--bug", "no-lease", "--lease", "200ms", "--in-progress-wait", "500ms", NULL};

static void no_lease_leaves_the_key_in_progress_for_good(void **state)
{
    struct mock *mock = *state;
    struct http_reply crashed = api_create_sample(mock, "\"k1\"", "1", NULL);
    assert_int_equal(crashed.status, 0);
    process_wait(&mock->process, PATIENCE_MS);
    assert_true(mock_start(mock, NO_LEASE_AGAIN));
    /* Each of these waits longer than the lease should last. */
    for (int i = 0; i < 3; i++)
        create(mock, "\"k1\"", "1", 409);
    assert_int_equal(invoices(mock), 0);
    http_reply_clear(&crashed);
}

static const char *const FAULTS_API[] = {"--faults-api", NULL};

static struct http_reply faults(const struct mock *mock, const char *method, const char *token,
                                const char *body)
{
    char *url = support_format("%s/_mock/faults", mock->url);
    struct http_reply reply = http_send(
        &(struct http_request){.method = method, .url = url, .token = token, .body = body});
    free(url);
    return reply;
}

/* And those that are in force stay. */
static void wrong_faults_are_named(void **state)
{
    static const struct {
        const char *body, *pointer, *code;
    } wrong[] = {
        {"{\"rules\":[\"hang\",\"no-such\"]}", "/rules/1", "not-a-rule"},
        {"{\"rules\":[\"hang\",7]}", "/rules/1", "wrong-type"},
        {"{\"rules\":\"hang\"}", "/rules", "wrong-type"},
        {"{\"rules\":{\"a\":\"hang\"}}", "/rules", "wrong-type"},
        {"{}", "/rules", "wrong-type"},
    };
    const struct mock *mock = *state;
    static const char rules[] = "{\"rules\":[\"status=503@attempt=1\"]}";
    struct http_reply put = faults(mock, "PUT", TOKEN_ANA, rules);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct http_reply bad = faults(mock, "PUT", TOKEN_ANA, wrong[i].body);
        api_assert_problem(&bad, "validation-failed");
        assert_string_equal(api_text(&bad, "/errors/0/pointer"), wrong[i].pointer);
        assert_string_equal(api_text(&bad, "/errors/0/code"), wrong[i].code);
        http_reply_clear(&bad);
    }
    struct http_reply now = faults(mock, "GET", TOKEN_ANA, NULL);
    struct json *expected = json_from(rules);
    assert_true(json_equal(now.json, expected));
    json_free(expected);
    http_reply_clear(&now);
    http_reply_clear(&put);
}

static void faults_are_set_and_taken_away_at_run_time(void **state)
{
    static const char rules[] = "{\"rules\":[\"status=503@attempt=1\",\"drop-response@every=9\"]}";
    const struct mock *mock = *state;
    struct http_reply stranger = faults(mock, "GET", NULL, NULL);
    struct http_reply none = faults(mock, "GET", TOKEN_ANA, NULL);
    struct http_reply put = faults(mock, "PUT", TOKEN_ANA, rules);
    struct http_reply now = faults(mock, "GET", TOKEN_ANA, NULL);
    struct http_reply bad = faults(mock, "PUT", TOKEN_ANA, "{\"rules\":[\"no-such\"]}");
    struct http_reply kept = faults(mock, "GET", TOKEN_ANA, NULL);
    struct json *expected = json_from(rules);
    api_assert_problem(&stranger, "unauthorized");
    api_assert_status(&none, 200);
    assert_int_equal(json_count(json_member(none.json, "rules")), 0);
    assert_in_range(put.status, 200, 204);
    assert_true(json_equal(now.json, expected));
    api_assert_problem(&bad, "validation-failed");
    assert_string_equal(api_text(&bad, "/errors/0/pointer"), "/rules/0");
    assert_string_equal(api_text(&bad, "/errors/0/code"), "not-a-rule");
    assert_non_null(strstr(bad.body, "no-such"));
    assert_true(json_equal(kept.json, expected));
    create(mock, "\"k1\"", "1", 503);
    struct http_reply gone = faults(mock, "DELETE", TOKEN_ANA, NULL);
    assert_in_range(gone.status, 200, 204);
    create(mock, "\"k2\"", "2", 201);
    json_free(expected);
    struct http_reply *const all[] = {&stranger, &none, &put, &now, &bad, &kept, &gone};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        http_reply_clear(all[i]);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(without_unique_two_intents_make_two, NO_UNIQUE),
    SERVER_TEST(without_keys_a_retry_meets_the_constraint, NO_KEYS),
    SERVER_TEST(without_both_a_retry_is_a_duplicate, NEITHER),
    UNSTARTED_TEST(a_store_keeps_the_layers_it_was_made_with),
    SERVER_TEST(no_tenant_shows_one_tenant_s_record_to_another, NO_TENANT),
    SERVER_TEST(first_body_wins_hides_the_second_invoice, FIRST_BODY),
    SERVER_TEST(cache_5xx_never_lets_the_intent_succeed, CACHE_5XX),
    SERVER_TEST(check_then_store_loses_the_race, CHECK_THEN_STORE),
    UNSTARTED_TEST(check_then_store_keeps_its_store),
    SERVER_TEST(no_lease_leaves_the_key_in_progress_for_good, NO_LEASE),
    SERVER_TEST(wrong_faults_are_named, FAULTS_API),
    SERVER_TEST(faults_are_set_and_taken_away_at_run_time, FAULTS_API),
};

API_MAIN("layers", TESTS)
