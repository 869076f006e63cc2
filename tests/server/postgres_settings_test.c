/* What is set for a PostgreSQL server, a database or a role: harmless, or refused in a sentence;
 * and passwords, which nobody is shown. */
#include "tests/server/postgres_load.h"

#include "tests/support/rows.h"
#include "tests/support/rows_postgres.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

static struct cluster server;

static int set_up(void **state)
{
    (void)state;
    cluster_make(&server);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    cluster_clear(&server);
    return 0;
}

/* On the database that is always there, each statement alone. */
static void change(const char *const *statements)
{
    char *url = cluster_url(server.directory, "postgres");
    for (; *statements; statements++)
        rows_change(url, *statements);
    free(url);
}

#define CHANGE(...) change((const char *const[]){__VA_ARGS__, NULL})

/* --- refused --- */

static void assert_refused(const char *url, const char *sentence)
{
    const char *const argv[] = {mock_program(), "--listen", "127.0.0.1:0", "--store", url, NULL};
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    bool ok = result.code == 2 && strstr(result.errors, sentence) && !strstr(result.errors, "s3cr");
    if (!ok) print_message("%s: %d %s\n", url, result.code, result.errors);
    assert_true(ok);
    process_result_clear(&result);
}

#define NEW "CREATE DATABASE refused TEMPLATE template0"
#define SET "ALTER DATABASE refused SET "

static const struct {
    const char *make, *then, *user, *sentence;
} REFUSED[] = {
    {NEW, SET "synchronous_commit = off", "postgres", "synchronous_commit off"},
    {NEW, SET "synchronous_commit = local", "postgres", "synchronous_commit off"},
    {NEW, SET "synchronous_commit = remote_write", "postgres", "synchronous_commit off"},
    {NEW, SET "statement_timeout = '900ms'", "postgres", "timeout"},
    {NEW, SET "default_transaction_read_only = on", "postgres", "read-only"},
    {NEW " ENCODING 'SQL_ASCII' LOCALE 'C'", "SELECT 1", "postgres", "encoding isn't UTF8"},
    {NEW " ENCODING 'LATIN1' LOCALE 'C'", "SELECT 1", "postgres", "encoding isn't UTF8"},
    {NEW, "REVOKE CREATE ON SCHEMA public FROM PUBLIC", "weak",
     "opened: permission denied for schema public"},
    {NEW, "ALTER DATABASE refused CONNECTION LIMIT 0", "weak", "too many connections"},
    {NEW, SET "search_path = nowhere", "postgres", "opened: no schema"},
};

static void what_cannot_be_a_store_is_refused(void **state)
{
    (void)state;
    CHANGE("CREATE ROLE weak LOGIN");
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++) {
        char *url = support_format("postgresql:///refused?host=%s&user=%s", server.directory,
                                   REFUSED[i].user);
        char *own = cluster_url(server.directory, "refused");
        CHANGE(REFUSED[i].make, REFUSED[i].then);
        if (strstr(REFUSED[i].then, "REVOKE")) rows_change(own, REFUSED[i].then);
        assert_refused(url, REFUSED[i].sentence);
        CHANGE("DROP DATABASE refused WITH (FORCE)");
        free(own);
        free(url);
    }
    char *missing = cluster_url(server.directory, "missing");
    assert_refused(missing, "database \"missing\" does not exist");
    assert_refused("postgresql:///x?host=/nowhere&password=s3cret", "/nowhere");
    assert_refused("postgresql://u:s3cr%zzet@/x?host=/nowhere", "percent-encoded");
    assert_refused("postgresql://u:s3cret@[::1/x", "percent-encoded");
    assert_refused("postgresql://u:p@s3cret@/x?host=/nowhere", "percent-encoded");
    assert_refused("postgresql://u:s3cr/et@localhost/x", "percent-encoded");
    assert_refused("postgresql://u:p@s3cr:et/x@localhost/x", "percent-encoded");
    free(missing);
}

static void tables_of_another_program_are_left_alone(void **state)
{
    (void)state;
    char *url = cluster_url(server.directory, "others");
    CHANGE("CREATE DATABASE others");
    rows_change(url, "CREATE TABLE claims (a int)");
    assert_refused(url, "tables of another program");
    assert_true(rows_postgres_tell(url, "SELECT count(*) = 0 FROM claims"));
    free(url);
}

static void a_store_that_may_not_be_read_is_not_called_another_programs(void **state)
{
    (void)state;
    char *url = cluster_url(server.directory, "kept");
    char *other = support_format("postgresql:///kept?host=%s&user=weak", server.directory);
    struct mock mock;
    CHANGE("CREATE DATABASE kept");
    load_start_server(&mock, url, NULL);
    assert_refused(other, "opened: permission denied for table facts");
    assert_int_equal(mock_stop(&mock), 0);
    mock_clear(&mock);
    free(other);
    CHANGE("DROP DATABASE kept WITH (FORCE)");
    free(url);
}

static bool is_off_by_now(void *url)
{
    return rows_postgres_tell(url, "SELECT current_setting('fsync') = 'off'");
}

static void fsync_is_on(void **state)
{
    (void)state;
    char *url = cluster_url(server.directory, "synced");
    struct mock mock;
    CHANGE("CREATE DATABASE synced");
    load_start_server(&mock, url, NULL);
    struct http_reply made = api_create_sample(&mock, "\"k1\"", "1", NULL);
    api_assert_status(&made, 201);
    CHANGE("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()");
    assert_true(support_wait_until(is_off_by_now, url, PATIENCE_MS));
    assert_refused(url, "fsync off");
    struct http_reply refused = api_create_sample(&mock, "\"k2\"", "2", NULL);
    api_assert_problem(&refused, "too-busy");
    assert_int_equal(rows_number(url, "SELECT count(*) FROM invoices"), 1);
    CHANGE("ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf()");
    http_reply_clear(&refused);
    http_reply_clear(&made);
    assert_int_equal(mock_stop(&mock), 0);
    mock_clear(&mock);
    free(url);
}

/* --- harmless --- */

static const char *const NASTY[] = {
    "CREATE DATABASE nasty",
    "ALTER DATABASE nasty SET lock_timeout = '1ms'",
    "ALTER DATABASE nasty SET statement_timeout = '1s'",
    "ALTER DATABASE nasty SET idle_in_transaction_session_timeout = '1ms'",
    "ALTER DATABASE nasty SET default_transaction_isolation = 'serializable'",
    "ALTER DATABASE nasty SET default_transaction_deferrable = on",
    "ALTER DATABASE nasty SET client_min_messages = error",
    "ALTER DATABASE nasty SET standard_conforming_strings = off",
    "ALTER DATABASE nasty SET datestyle = 'SQL, DMY'",
    "ALTER DATABASE nasty SET bytea_output = escape",
    "ALTER DATABASE nasty SET extra_float_digits = 0",
    "ALTER DATABASE nasty SET default_tablespace = pg_default",
    NULL,
};

static bool has_idle_timeout(const char *url)
{
    return rows_postgres_tell(url, "SELECT current_setting('server_version_num')::int >= 140000");
}

static bool none_is_connected(void *url)
{
    return rows_postgres_tell(url, "SELECT count(*) = 0 FROM pg_stat_activity"
                                   " WHERE datname = 'nasty' AND application_name LIKE 'invonce%'");
}

static void what_is_set_otherwise_does_no_harm(void **state)
{
    (void)state;
    char *url = cluster_url(server.directory, "nasty");
    char *any = cluster_url(server.directory, "postgres");
    change(NASTY);
    if (has_idle_timeout(any)) CHANGE("ALTER DATABASE nasty SET idle_session_timeout = '200ms'");
    struct load *load = load_start(url, 2, 16, NULL);
    load_go_on(load, 200);
    load_stop(load);
    load_check(load, url);
    load_free(load);
    struct mock mock;
    load_start_server(&mock, url, NULL);
    for (size_t i = 0; i < 3; i++) {
        static const char *const paths[] = {"/v1/invoices?limit=3", "/v1/audit?limit=3",
                                            "/v1/intents/load-1"};
        struct http_reply reply = api_get(&mock, TOKEN_ANA, paths[i]);
        api_assert_status(&reply, 200);
        http_reply_clear(&reply);
        if (has_idle_timeout(any))
            assert_true(support_wait_until(none_is_connected, any, PATIENCE_MS));
    }
    struct http_reply again = api_create_sample(&mock, "\"load-1\"", "L-1", NULL);
    api_assert_status(&again, 201);
    assert_true(api_is_replay(&again));
    http_reply_clear(&again);
    assert_int_equal(mock_stop(&mock), 0);
    mock_clear(&mock);
    free(any);
    free(url);
}

static void a_schemas_name_may_need_quotes(void **state)
{
    (void)state;
    char *url = cluster_url(server.directory, "odd");
    struct mock mock;
    CHANGE("CREATE DATABASE odd");
    rows_change(url, "CREATE SCHEMA \"Of \"\"Ours\"");
    CHANGE("ALTER DATABASE odd SET search_path = \"Of \"\"Ours\"");
    for (int i = 0; i < 2; i++) {
        load_start_server(&mock, url, (const char *const[]){"--partitions", "2", NULL});
        struct http_reply reply = api_create_sample(&mock, "\"k1\"", "1", NULL);
        api_assert_status(&reply, 201);
        http_reply_clear(&reply);
        assert_int_equal(mock_stop(&mock), 0);
        mock_clear(&mock);
    }
    CHANGE("DROP DATABASE odd WITH (FORCE)");
    free(url);
}

/* --- another store than the one that was opened --- */

#define SERVERS                                                                                    \
    " FROM pg_stat_activity WHERE application_name LIKE 'invonce%'"                                \
    " AND datname = current_database()"

static bool have_ended(void *url)
{
    return rows_postgres_tell(url, "SELECT count(*) = 0" SERVERS);
}

static void end_connections(char *url)
{
    rows_change(url, "SELECT pg_terminate_backend(pid)" SERVERS);
    assert_true(support_wait_until(have_ended, url, PATIENCE_MS));
}

static bool is_served(struct mock *mock, const char *key)
{
    struct http_reply reply = api_create_sample(mock, key, "1", NULL);
    bool served = reply.status == 201;
    if (!served) api_assert_problem(&reply, "too-busy");
    http_reply_clear(&reply);
    return served;
}

static bool is_served_again(void *mock)
{
    return is_served(mock, "\"k1\"");
}

static void no_other_store_is_served_in_its_place(void **state)
{
    (void)state;
    char *url = cluster_url(server.directory, "moved");
    struct mock mock, other;
    CHANGE("CREATE DATABASE moved");
    load_start_server(&mock, url, NULL);
    assert_true(is_served(&mock, "\"k1\""));
    rows_change(url, "CREATE SCHEMA elsewhere");
    CHANGE("ALTER DATABASE moved SET search_path = elsewhere");
    end_connections(url);
    assert_false(is_served(&mock, "\"k1\"")); /* no store is there */
    load_start_server(&other, url, (const char *const[]){"--without", "unique", NULL});
    end_connections(url);
    assert_false(is_served(&mock, "\"k2\"")); /* and now there is one that lets everything in */
    assert_int_equal(mock_stop(&other), 0);
    mock_clear(&other);
    CHANGE("ALTER DATABASE moved RESET search_path");
    assert_true(support_wait_until(is_served_again, &mock, PATIENCE_MS));
    assert_int_equal(rows_number(url, "SELECT count(*) FROM invoices"), 1);
    char *log = api_whole_log(&mock);
    assert_non_null(strstr(log, "has no store any more where one was, or another"));
    mock_clear(&mock);
    free(log);
    CHANGE("DROP DATABASE moved WITH (FORCE)");
    free(url);
}

/* A database that was named by mistake is left as it is. */
static void a_command_on_records_makes_no_store(void **state)
{
    (void)state;
    char *url = cluster_url(server.directory, "bare");
    CHANGE("CREATE DATABASE bare");
    static const char *const COMMANDS[][2] = {
        {"duplicates", "find"}, {"duplicates", "enforce"}, {"deliveries", "list"}};
    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
        const char *const argv[] = {mock_program(),
                                    COMMANDS[i][0],
                                    COMMANDS[i][1],
                                    "--tenant",
                                    "north",
                                    "--store",
                                    url,
                                    NULL};
        struct process_result result = process_run(argv, NULL, PATIENCE_MS);
        assert_int_equal(result.code, 2);
        assert_non_null(strstr(result.errors, "the PostgreSQL store is not there"));
        process_result_clear(&result);
    }
    CHANGE("DROP DATABASE bare WITH (FORCE)");
    free(url);
}

/* --- passwords --- */

static void ask_for_passwords(void)
{
    char *path = support_format("%s/data/pg_hba.conf", server.directory);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs("local all postgres trust\nlocal all all scram-sha-256\n", file);
    assert_int_equal(fclose(file), 0);
    CHANGE("SELECT pg_reload_conf()");
    free(path);
}

static char *write_file(const char *directory, const char *name, const char *text)
{
    char *path = support_format("%s/%s", directory, name);
    FILE *file = fopen(path, "wxe");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
    return path;
}

/* What others may see of the process: its command line, and its log. */
static void assert_not_shown(struct mock *mock)
{
    char *path = support_format("/proc/%d/cmdline", (int)mock->process.pid);
    char text[8192];
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    char *log = process_errors(&mock->process);
    assert_null(memmem(text, length, "s3cr", 4));
    assert_null(memmem(text, length, "%73", 3));
    assert_null(strstr(log, "s3cr"));
    free(log);
    free(path);
}

static void serve_with(const char *url)
{
    struct mock mock;
    load_start_server(&mock, url, NULL);
    struct http_reply reply = api_get(&mock, TOKEN_ANA, "/v1/invoices");
    api_assert_status(&reply, 200);
    assert_not_shown(&mock);
    cluster_stop(&server, SIGINT);
    struct http_reply away = api_create_sample(&mock, "\"k\"", "1", NULL);
    api_assert_problem(&away, "too-busy");
    assert_not_shown(&mock);
    cluster_start(&server, NULL);
    http_reply_clear(&away);
    http_reply_clear(&reply);
    assert_int_equal(mock_stop(&mock), 0);
    mock_clear(&mock);
}

static void passwords_are_read_as_libpq_does_and_never_shown(void **state)
{
    (void)state;
    const char *directory = server.directory;
    CHANGE("CREATE ROLE careful LOGIN PASSWORD 's3cr@t?'", "CREATE DATABASE secret OWNER careful");
    ask_for_passwords();
    char *urls[] = {
        support_format("postgresql://careful:s3cr%%40t%%3f@/secret?host=%s", directory),
        support_format("postgresql://careful:%%733cr%%40t?@/secret?host=%s", directory),
        support_format("postgresql:///secret?user=careful&password=s3cr%%40t%%3F&host=/nowhere,%s",
                       directory),
        support_format("postgresql:///secret?user=careful&p%%61ssword=%%733cr%%40t%%3F&host=%s",
                       directory),
    };
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        serve_with(urls[i]);
        free(urls[i]);
    }
    char *wrong = support_format("postgresql://careful:s3cret@/secret?host=%s", directory);
    assert_refused(wrong, "password authentication failed");
    free(wrong);
}

/* Why a server can't be reached is said again when it is something else. */
static void a_password_that_was_changed_is_said_to_be_wrong(void **state)
{
    (void)state;
    char *url =
        support_format("postgresql://careful:s3cr%%40t%%3f@/secret?host=%s", server.directory);
    char *own = cluster_url(server.directory, "secret");
    struct mock mock;
    load_start_server(&mock, url, NULL);
    assert_true(is_served(&mock, "\"k1\""));
    CHANGE("ALTER ROLE careful PASSWORD 'other'");
    end_connections(own);
    assert_false(is_served(&mock, "\"k2\""));
    CHANGE("ALTER ROLE careful PASSWORD 's3cr@t?'");
    assert_true(support_wait_until(is_served_again, &mock, PATIENCE_MS));
    char *log = api_whole_log(&mock);
    assert_non_null(strstr(log, "password authentication failed"));
    mock_clear(&mock);
    free(log);
    free(own);
    free(url);
}

static void files_of_passwords_and_services_are_libpqs(void **state)
{
    (void)state;
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *service =
        support_format("[invonce]\nhost=%s\ndbname=secret\nuser=careful\n", server.directory);
    char *services = write_file(directory, "services", service);
    char *passwords = write_file(directory, "passwords", "*:*:*:careful:s3cr@t?\n");
    assert_refused("postgresql:///?service=invonce", "definition of service");
    assert_int_equal(setenv("PGSERVICEFILE", services, 1), 0);
    assert_refused("postgresql:///?service=invonce", "no password supplied");
    assert_int_equal(setenv("PGPASSFILE", passwords, 1), 0);
    serve_with("postgresql:///?service=invonce");
    assert_int_equal(unsetenv("PGSERVICEFILE"), 0);
    assert_int_equal(unsetenv("PGPASSFILE"), 0);
    free(passwords);
    free(services);
    free(service);
    temp_dir_remove(directory);
}

static const struct CMUnitTest TESTS[] = {
    cmocka_unit_test(what_cannot_be_a_store_is_refused),
    cmocka_unit_test(tables_of_another_program_are_left_alone),
    cmocka_unit_test(a_store_that_may_not_be_read_is_not_called_another_programs),
    cmocka_unit_test(fsync_is_on),
    cmocka_unit_test(what_is_set_otherwise_does_no_harm),
    cmocka_unit_test(a_schemas_name_may_need_quotes),
    cmocka_unit_test(no_other_store_is_served_in_its_place),
    cmocka_unit_test(a_command_on_records_makes_no_store),
    cmocka_unit_test(passwords_are_read_as_libpq_does_and_never_shown),
    cmocka_unit_test(a_password_that_was_changed_is_said_to_be_wrong),
    cmocka_unit_test(files_of_passwords_and_services_are_libpqs),
};

int main(void)
{
    http_setup();
    return cmocka_run_group_tests_name("postgres_settings", TESTS, set_up, tear_down);
}
