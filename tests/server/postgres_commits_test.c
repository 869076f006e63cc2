/* Commits whose outcome isn't known at once: nothing is answered before it is, and then the truth.
 * A standby that isn't there makes a commit wait for as long as a test needs. */
#include "tests/server/postgres_load.h"

#include "tests/support/parallel.h"
#include "tests/support/rows.h"

#include <libpq-fe.h>
#include <signal.h>

/* A primary with a synchronous standby, and two servers on the primary. */
struct pair {
    struct cluster primary, standby;
    char *url;
    struct mock servers[2];
};

static int set_up(void **state)
{
    struct pair *pair = *state = calloc(1, sizeof *pair);
    assert_non_null(pair);
    cluster_make(&pair->primary);
    cluster_follow(&pair->standby, &pair->primary);
    pair->url = cluster_url(pair->primary.directory, "postgres");
    for (size_t i = 0; i < 2; i++)
        load_start_server(&pair->servers[i], pair->url, NULL);
    struct http_reply connects = api_post(&pair->servers[0], "/v1/webhooks/bank", TOKEN_ANA, NULL,
                                          "{\"event_id\":\"e1\",\"type\":\"else\"}");
    api_assert_status(&connects, 200);
    http_reply_clear(&connects);
    return 0;
}

static int tear_down(void **state)
{
    struct pair *pair = *state;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(mock_stop(&pair->servers[i]), 0);
        mock_clear(&pair->servers[i]);
    }
    free(pair->url);
    cluster_clear(&pair->standby);
    cluster_clear(&pair->primary);
    free(pair);
    return 0;
}

/* --- what the servers' connections are at --- */

#define OURS " FROM pg_catalog.pg_stat_activity WHERE application_name = 'invonce-mock-server'"

static bool one_waits_for_the_standby(void *url)
{
    return rows_number(url, "SELECT count(*)" OURS " AND wait_event = 'SyncRep'") == 1;
}

static bool two_wait_for_the_standby(void *url)
{
    return rows_number(url, "SELECT count(*)" OURS " AND wait_event = 'SyncRep'") == 2;
}

static bool one_waits_for_a_lock(void *url)
{
    return rows_number(url, "SELECT count(*)" OURS " AND wait_event_type = 'Lock'") == 1;
}

static long long backend_that_waits(const char *url)
{
    return rows_number(url, "SELECT pid" OURS " AND wait_event_type IN ('Lock', 'IPC')");
}

static void strike(const char *url, const char *function, long long backend)
{
    char *query = support_format("SELECT %s(%lld)::int", function, backend);
    assert_int_equal(rows_number(url, query), 1);
    free(query);
}

/* The server knows that it doesn't know, and looks it up. */
static bool is_looked_up(void *context)
{
    const struct pair *pair = context;
    char *log = process_errors(&pair->servers[0].process);
    const char *last = strstr(log, "outcome is unknown");
    for (const char *at = last; (at = strstr(at ? at + 1 : log, "outcome is unknown"));)
        last = at;
    bool is_open = last && !strstr(last, "looked up");
    free(log);
    return is_open && one_waits_for_the_standby(pair->url);
}

static PGconn *hold(const char *url)
{
    PGconn *connection = PQconnectdb(url);
    PGresult *result = PQexec(connection, "BEGIN; LOCK TABLE held");
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    return connection;
}

/* --- requests that wait --- */

struct request {
    const struct mock *mock;
    const char *path, *key; /* one of them: it asks or creates */
    pthread_t thread;
    atomic_bool answered;
    struct http_reply reply;
};

static void *send_request(void *context)
{
    struct request *request = context;
    request->reply = request->path
                         ? api_get(request->mock, TOKEN_ANA, request->path)
                         : api_create_sample(request->mock, request->key, request->key, NULL);
    atomic_store(&request->answered, true);
    return NULL;
}

static void begin(struct request *request)
{
    assert_int_equal(pthread_create(&request->thread, NULL, send_request, request), 0);
}

static void finish(struct request *request, int status)
{
    assert_int_equal(pthread_join(request->thread, NULL), 0);
    api_assert_status(&request->reply, status);
}

static long long count(const char *url, const char *key)
{
    char *query = support_format("SELECT count(*) FROM invoices WHERE number = '%s'", key);
    long long number = rows_number(url, query);
    free(query);
    return number;
}

static void assert_is_there_once(const char *url, const char *key)
{
    char *created = support_format("SELECT count(*) FROM audit WHERE outcome = 'created'"
                                   " AND number = '%s'",
                                   key);
    assert_int_equal(count(url, key), 1);
    assert_int_equal(rows_number(url, created), 1);
    free(created);
    assert_int_equal(rows_number(url, "SELECT count(*) FROM (SELECT request_id FROM audit"
                                      " GROUP BY request_id HAVING count(*) > 1) AS twice"),
                     0);
}

/* The commit is on this disk, and its client is told nothing; then what it waited for is cut short,
 * and still nobody is told, by no server, before the standby has it. */
static void cut_short(struct pair *pair, const char *key, const char *how, struct request *ask)
{
    struct request create = {.mock = &pair->servers[0], .key = key};
    cluster_stop(&pair->standby, SIGINT);
    begin(&create);
    assert_true(support_wait_until(one_waits_for_the_standby, pair->url, PATIENCE_MS));
    strike(pair->url, how, backend_that_waits(pair->url));
    assert_true(support_wait_until(is_looked_up, pair, PATIENCE_MS));
    assert_int_equal(count(pair->url, key), 1);
    if (ask) {
        begin(ask);
        assert_true(support_wait_until(two_wait_for_the_standby, pair->url, PATIENCE_MS));
        assert_false(atomic_load(&ask->answered));
    }
    assert_false(atomic_load(&create.answered));
    cluster_start(&pair->standby, NULL);
    finish(&create, 201);
    assert_string_equal(api_text(&create.reply, "/number"), key);
    assert_false(api_is_replay(&create.reply));
    assert_is_there_once(pair->url, key);
    http_reply_clear(&create.reply);
}

static void a_connection_that_ends_in_its_commit_was_committed(void **state)
{
    struct pair *pair = *state;
    struct request ask = {.mock = &pair->servers[1], .path = "/v1/intents/terminated"};
    cut_short(pair, "terminated", "pg_terminate_backend", &ask);
    finish(&ask, 200);
    assert_string_equal(api_text(&ask.reply, "/state"), "completed");
    assert_string_equal(api_text(&ask.reply, "/invoice/number"), "terminated");
    http_reply_clear(&ask.reply);
}

/* The server says so in a warning, which somebody has set not to be sent; and it was set to wait
 * for nothing while it serves. */
static void a_wait_that_is_cancelled_is_no_commit_yet(void **state)
{
    struct pair *pair = *state;
    rows_change(pair->url, "ALTER SYSTEM SET client_min_messages = 'error'");
    rows_change(pair->url, "ALTER SYSTEM SET synchronous_commit = 'off'");
    rows_change(pair->url, "SELECT pg_reload_conf()");
    cut_short(pair, "cancelled", "pg_cancel_backend", NULL);
    rows_change(pair->url, "ALTER SYSTEM RESET client_min_messages");
    rows_change(pair->url, "ALTER SYSTEM RESET synchronous_commit");
    rows_change(pair->url, "SELECT pg_reload_conf()");
}

/* COMMIT is on its way behind something that waits, and never gets its turn. */
static void a_connection_that_ends_before_its_commit_was_not(void **state)
{
    struct pair *pair = *state;
    struct request create = {.mock = &pair->servers[0], .key = "ended"};
    rows_change(pair->url, "CREATE TABLE held (); CREATE FUNCTION hold() RETURNS trigger"
                           " LANGUAGE plpgsql AS 'BEGIN LOCK TABLE public.held; RETURN NEW; END';"
                           "CREATE TRIGGER hold BEFORE INSERT ON writers FOR EACH ROW"
                           " EXECUTE FUNCTION hold()");
    PGconn *held = hold(pair->url);
    begin(&create);
    assert_true(support_wait_until(one_waits_for_a_lock, pair->url, PATIENCE_MS));
    long long backend = backend_that_waits(pair->url);
    strike(pair->url, "pg_terminate_backend", backend);
    assert_true(support_wait_until(one_waits_for_a_lock, pair->url, PATIENCE_MS));
    assert_false(atomic_load(&create.answered));
    PQfinish(held);
    finish(&create, 201);
    assert_false(api_is_replay(&create.reply));
    assert_is_there_once(pair->url, "ended");
    http_reply_clear(&create.reply);
}

static void assert_refused(const char *url, const char *sentence)
{
    const char *const argv[] = {mock_program(), "--listen", "127.0.0.1:0", "--store", url, NULL};
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    assert_int_equal(result.code, 2);
    if (!strstr(result.errors, sentence)) print_message("%s\n", result.errors);
    assert_non_null(strstr(result.errors, sentence));
    process_result_clear(&result);
}

static void a_standby_alone_is_no_store(void **state)
{
    struct pair *pair = *state;
    char *url = cluster_url(pair->standby.directory, "postgres");
    assert_refused(url, "read-only");
    free(url);
}

static const struct CMUnitTest TESTS[] = {
    cmocka_unit_test(a_connection_that_ends_in_its_commit_was_committed),
    cmocka_unit_test(a_wait_that_is_cancelled_is_no_commit_yet),
    cmocka_unit_test(a_connection_that_ends_before_its_commit_was_not),
    cmocka_unit_test(a_standby_alone_is_no_store),
};

int main(void)
{
    http_setup();
    return cmocka_run_group_tests_name("postgres_commits", TESTS, set_up, tear_down);
}
