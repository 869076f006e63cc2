/* The PostgreSQL of the tests' own, and their looks into it. */
#include "tests/support/cluster.h"
#include "tests/support/json_pointer.h"
#include "tests/support/rows.h"
#include "tests/support/rows_postgres.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char *url_of(const struct cluster *server)
{
    static char *url;
    free(url);
    return url = cluster_url(server->directory, "postgres");
}

static void assert_rows(const struct cluster *server, const char *query, const char *expected)
{
    struct json *rows =
        rows_postgres_read(url_of(server), query, (const char *const[]){"a?", NULL});
    char *text = json_to(rows);
    assert_string_equal(text, expected);
    free(text);
    json_free(rows);
}

static void rows_are_what_they_are_in_an_sqlite_file(void **state)
{
    (void)state;
    struct cluster server;
    cluster_make(&server);
    rows_change(url_of(&server), "CREATE TABLE t (a text, b bigint, c smallint);"
                                 "INSERT INTO t VALUES ('a?', -5000000000, 3), (NULL, 1, NULL)");
    assert_rows(&server, "SELECT *, b < 0 AS d, '?' AS e FROM t WHERE a = ?",
                "[{\"a\":\"a?\",\"b\":-5000000000,\"c\":3,\"d\":1,\"e\":\"?\"}]");
    assert_rows(&server, "SELECT sum(b) AS s, avg(c) + 0.5 AS h FROM t WHERE a <> ?1 OR a = ?1",
                "[{\"s\":-5000000000,\"h\":\"3.5000000000000000\"}]");
    assert_rows(&server, "SELECT a, c FROM t WHERE a IS NULL AND ? <> ''",
                "[{\"a\":null,\"c\":null}]");
    cluster_clear(&server);
}

static void what_was_committed_survives_every_stop(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGQUIT, SIGKILL};
    struct cluster server;
    cluster_make(&server);
    rows_postgres_change(url_of(&server), "CREATE TABLE t (a int)");
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        rows_postgres_change(url_of(&server), "INSERT INTO t VALUES (1)");
        cluster_stop(&server, signals[i]);
        cluster_start(&server, (const char *const[]){"work_mem=5MB", NULL});
    }
    assert_rows(&server, "SELECT count(*), current_setting('work_mem') FROM t WHERE ? <> ''",
                "[{\"count\":3,\"current_setting\":\"5MB\"}]");
    cluster_clear(&server);
}

static void a_standby_takes_over(void **state)
{
    (void)state;
    struct cluster primary, standby;
    cluster_make(&primary);
    cluster_follow(&standby, &primary);
    rows_postgres_change(url_of(&primary), "CREATE TABLE t (a int)");
    rows_postgres_change(url_of(&primary), "INSERT INTO t VALUES (1)");
    assert_rows(&standby, "SELECT pg_is_in_recovery() AS it WHERE ? <> ''", "[{\"it\":1}]");
    cluster_stop(&primary, SIGKILL);
    cluster_promote(&standby);
    rows_postgres_change(url_of(&standby), "INSERT INTO t VALUES (2)");
    assert_rows(&standby, "SELECT sum(a) FROM t WHERE ? <> ''", "[{\"sum\":3}]");
    cluster_clear(&standby);
    cluster_clear(&primary);
}

static bool is_gone(void *server)
{
    const struct cluster *gone = server;
    return access(gone->directory, F_OK) != 0;
}

/* What of a process is left that nobody has waited for yet has no command line. */
static bool has_ended(void *server)
{
    char path[32], byte;
    const struct cluster *gone = server;
    snprintf(path, sizeof path, "/proc/%d/cmdline", (int)gone->process.pid);
    FILE *file = fopen(path, "re");
    bool runs = file && fread(&byte, 1, 1, file) == 1;
    if (file) fclose(file);
    return !runs;
}

static void nothing_is_left_of_it_when_the_test_is_killed(void **state)
{
    (void)state;
    struct cluster *server =
        mmap(NULL, sizeof *server, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(server, MAP_FAILED);
    pid_t test = fork();
    if (test == 0) {
        struct cluster own;
        cluster_make(&own);
        *server = own;
        raise(SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(test, &status, 0), test);
    assert_int_equal(WTERMSIG(status), SIGKILL);
    assert_true(server->process.pid > 0);
    assert_true(support_wait_until(is_gone, server, PATIENCE_MS));
    assert_true(support_wait_until(has_ended, server, PATIENCE_MS));
    munmap(server, sizeof *server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_what_they_are_in_an_sqlite_file),
        cmocka_unit_test(what_was_committed_survives_every_stop),
        cmocka_unit_test(a_standby_takes_over),
        cmocka_unit_test(nothing_is_left_of_it_when_the_test_is_killed),
    };
    return cmocka_run_group_tests_name("postgres", tests, NULL, NULL);
}
