/* Servers behind pgbouncer in transaction mode, which puts each transaction on whichever connection
 * is free: they work through it as without it, and leave nothing set on what they were lent. */
#include "tests/server/postgres_load.h"

#include "tests/support/rows.h"

#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static char *write_settings(const struct cluster *server)
{
    char *path = support_format("%s/pgbouncer.ini", server->directory);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fprintf(file,
            "[databases]\n* = host=%s port=5432 user=postgres\n"
            "[pgbouncer]\npool_mode = transaction\nlisten_addr =\nlisten_port = 6432\n"
            "unix_socket_dir = %s\nauth_type = any\ndefault_pool_size = 3\nmax_client_conn = 200\n",
            server->directory, server->directory);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* It refuses to be run by root. */
static void start_pooler(struct process *pooler, const char *settings)
{
    const struct passwd *nobody = getpwnam("nobody");
    assert_non_null(nobody);
    char *user = support_format("--reuid=%d", (int)nobody->pw_uid);
    char *group = support_format("--regid=%d", (int)nobody->pw_gid);
    const char *const as_nobody[] = {"/usr/bin/setpriv", user,     group, "--clear-groups",
                                     INVONCE_POOLER,     settings, NULL};
    const char *const as_oneself[] = {INVONCE_POOLER, settings, NULL};
    process_start(pooler, geteuid() == 0 ? as_nobody : as_oneself, NULL);
    free(group);
    free(user);
}

static bool answers(void *url)
{
    return PQping(url) == PQPING_OK;
}

static void assert_nothing_is_left_set(const char *url)
{
    static const char *const as_ever[] = {
        "SELECT count(*) FROM pg_catalog.pg_settings WHERE name IN ('statement_timeout',"
        " 'lock_timeout', 'idle_in_transaction_session_timeout') AND setting <> '0'",
        "SELECT count(*) FROM pg_catalog.pg_settings WHERE name IN ('enable_seqscan',"
        " 'enable_hashjoin', 'enable_mergejoin') AND setting <> 'on'",
        "SELECT count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory'",
    };
    for (size_t times = 0; times < 8; times++)
        for (size_t i = 0; i < COUNT_OF(as_ever); i++)
            assert_int_equal(rows_number(url, as_ever[i]), 0);
}

static void get(const struct mock *mock, const char *path)
{
    struct http_reply reply = api_get(mock, TOKEN_ANA, path);
    api_assert_status(&reply, 200);
    http_reply_clear(&reply);
}

static void servers_work_behind_a_pooler(void **state)
{
    (void)state;
    struct cluster server;
    struct process pooler;
    cluster_make(&server);
    char *settings = write_settings(&server), *direct = cluster_url(server.directory, "postgres");
    char *url = support_format("%s&port=6432", direct);
    start_pooler(&pooler, settings);
    assert_true(support_wait_until(answers, url, PATIENCE_MS));
    struct load *load = load_start(url, 3, 24, NULL);
    load_go_on(load, 300);
    struct mock *mock = &load->servers[0];
    get(mock, "/v1/invoices");
    get(mock, "/v1/customers?prefix=a");
    get(mock, "/v1/audit");
    get(mock, "/v1/intents/load-0");
    get(mock, "/readyz");
    struct http_reply taken = api_create_sample(mock, "\"other\"", "L-0", NULL);
    api_assert_problem(&taken, "invoice-number-taken");
    struct http_reply again = api_create_sample(mock, "\"other\"", "L-0", NULL);
    api_assert_same(&taken, &again);
    rows_change(direct, "DELETE FROM idempotency_keys WHERE key = 'other'");
    load_stop(load);
    load_check(load, direct);
    load_free(load);
    assert_nothing_is_left_set(url);
    http_reply_clear(&again);
    http_reply_clear(&taken);
    process_signal(&pooler, SIGTERM);
    process_wait(&pooler, PATIENCE_MS);
    process_clear(&pooler);
    free(url);
    free(direct);
    free(settings);
    cluster_clear(&server);
}

static const struct CMUnitTest TESTS[] = {cmocka_unit_test(servers_work_behind_a_pooler)};

API_MAIN("postgres_pooler", TESTS)
