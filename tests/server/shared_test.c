/* Several servers on one store: each notices what another does, and none gives up on one that is
 * at work. */
#include "tests/server/api.h"

#include "tests/support/parallel.h"
#include "tests/support/raw.h"
#include "tests/support/rows.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void end_beside(struct mock *other)
{
    assert_int_equal(mock_stop(other), 0);
    mock_clear(other);
}

static void a_stream_tells_what_another_process_wrote(void **state)
{
    struct mock *mock = *state, other = {0};
    assert_true(mock_start_beside(&other, mock, NULL));
    struct raw_reply stream = {0};
    int connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, "GET /v1/audit/stream HTTP/1.1\r\nHost: x\r\n"
                                          "Authorization: Bearer " TOKEN_ANA "\r\n\r\n"));
    assert_true(raw_read_until(connection, &stream, "still here", PATIENCE_MS));
    static const char *const keys[] = {"\"first\"", "\"second\""};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct http_reply made = api_create_sample(&other, keys[i], keys[i] + i, NULL);
        api_assert_status(&made, 201);
        http_reply_clear(&made);
        assert_true(raw_read_until(connection, &stream, keys[i], PATIENCE_MS));
    }
    /* And not only because a heartbeat, four a minute, made it look. */
    assert_null(strstr(strstr(stream.all.bytes, "still here") + 1, "still here"));
    raw_reply_clear(&stream);
    close(connection);
    end_beside(&other);
}

struct race {
    struct mock *servers[2];
    struct http_reply replies[2];
};

static bool is_claimed(void *store)
{
    return rows_number(store, "SELECT count(*) FROM idempotency_keys") == 1;
}

/* The first takes its time, the second comes meanwhile. */
static void send_the_same(size_t index, void *context)
{
    struct race *race = context;
    if (index == 1 && !support_wait_until(is_claimed, race->servers[0]->store, PATIENCE_MS))
        support_die("nothing is in progress");
    race->replies[index] = api_create_sample(race->servers[index], "\"k\"", "1", NULL);
}

static const char *const WAITING[] = {"--in-progress-wait", "1h", NULL};
static const char *const SLOW[] = {"--fault", "delay-before-commit=300ms", NULL};

/* It may wait for an hour; nobody in its own process wakes it. */
static void what_is_in_progress_elsewhere_is_noticed_when_done(void **state)
{
    struct mock *mock = *state, other = {0};
    assert_true(mock_start_beside(&other, mock, WAITING));
    struct race race = {.servers = {mock, &other}};
    parallel_run(2, send_the_same, &race);
    api_assert_status(&race.replies[0], 201);
    api_assert_same(&race.replies[0], &race.replies[1]);
    assert_true(api_is_replay(&race.replies[1]));
    http_reply_clear(&race.replies[0]);
    http_reply_clear(&race.replies[1]);
    end_beside(&other);
}

/* Another process that works on the store, as one that brings it up to date does. */
struct worker {
    sqlite3 *database;
    const char *store;
    struct process *waiting;
};

static void start_work(struct worker *worker)
{
    assert_int_equal(sqlite3_open(worker->store, &worker->database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(worker->database, "BEGIN IMMEDIATE", NULL, NULL, NULL),
                     SQLITE_OK);
}

static bool is_waiting(void *context)
{
    const struct worker *worker = context;
    utimensat(AT_FDCWD, worker->store, NULL, 0); /* at work */
    char *log = process_errors(worker->waiting);
    bool waits = strstr(log, "waiting for it") != NULL;
    free(log);
    return waits || process_wait(worker->waiting, 0) != PROCESS_RUNNING;
}

static void start_waiting(struct worker *worker, struct process *process)
{
    char *url = support_format("sqlite:%s", worker->store);
    const char *const argv[] = {mock_program(), "--listen", "127.0.0.1:0", "--store", url, NULL};
    process_start(process, argv, NULL);
    worker->waiting = process;
    assert_true(support_wait_until(is_waiting, worker, PATIENCE_MS));
    assert_int_equal(process_wait(process, 0), PROCESS_RUNNING);
    free(url);
}

static void one_that_starts_waits_for_one_at_work(void **state)
{
    struct mock *mock = *state;
    api_only_sqlite("it tells by the file's times that another is at work");
    assert_int_equal(mock_stop(mock), 0);
    struct worker worker = {.store = mock->store};
    struct process process;
    start_work(&worker);
    start_waiting(&worker, &process);
    assert_int_equal(sqlite3_exec(worker.database, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(worker.database), SQLITE_OK);
    char *address = process_expect(&process, "listening on ", PATIENCE_MS);
    assert_non_null(address);
    free(address);
    process_signal(&process, SIGTERM);
    assert_int_equal(process_wait(&process, PATIENCE_MS), 0);
    process_clear(&process);
}

static void one_that_waits_can_be_stopped(void **state)
{
    struct mock *mock = *state;
    api_only_sqlite("it tells by the file's times that another is at work");
    assert_int_equal(mock_stop(mock), 0);
    struct worker worker = {.store = mock->store};
    struct process process;
    start_work(&worker);
    start_waiting(&worker, &process);
    process_signal(&process, SIGTERM);
    assert_int_equal(process_wait(&process, PATIENCE_MS), 0);
    assert_int_equal(sqlite3_close(worker.database), SQLITE_OK);
    process_clear(&process);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(a_stream_tells_what_another_process_wrote, NULL),
    SERVER_TEST(what_is_in_progress_elsewhere_is_noticed_when_done, SLOW),
    SERVER_TEST(one_that_starts_waits_for_one_at_work, NULL),
    SERVER_TEST(one_that_waits_can_be_stopped, NULL),
};

API_MAIN("shared", TESTS)
