/* The test support itself: it must see what it claims to see. */
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/parallel.h"
#include "tests/support/process.h"
#include "tests/support/raw.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void a_program_runs_to_its_end(void **state)
{
    (void)state;
    const char *const argv[] = {"/bin/sh", "-c", "echo out $WORD; echo err >&2; exit 7", NULL};
    struct process_result result =
        process_run(argv, (const char *const[]){"WORD=here", NULL}, PATIENCE_MS);
    assert_int_equal(result.code, 7);
    assert_string_equal(result.output, "out here\n");
    assert_string_equal(result.errors, "err\n");
    process_result_clear(&result);
}

static void a_line_is_awaited_and_a_signal_ends_it(void **state)
{
    (void)state;
    struct process process;
    const char *const argv[] = {"/bin/sh", "-c", "echo one; echo ready at 5; exec cat /dev/zero",
                                NULL};
    process_start(&process, argv, NULL);
    char *line = process_expect(&process, "ready at ", PATIENCE_MS);
    assert_string_equal(line, "5");
    assert_int_equal(process_wait(&process, 0), PROCESS_RUNNING);
    process_signal(&process, SIGTERM);
    assert_int_equal(process_wait(&process, PATIENCE_MS), PROCESS_SIGNAL_BASE + SIGTERM);
    free(line);
    process_clear(&process);
}

static void a_directory_goes_with_all_in_it(void **state)
{
    (void)state;
    char path[TEMP_DIR_SIZE];
    temp_dir_make(path);
    char *inside = temp_dir_write(path, "file", "abc", 3);
    assert_int_equal(temp_dir_entries(path), 1);
    char *kept = support_format("%s", path);
    temp_dir_remove(path);
    assert_int_equal(access(kept, F_OK), -1);
    free(kept);
    free(inside);
}

static void pointers_get_and_put(void **state)
{
    (void)state;
    struct json *invoice = sample_invoice("A-1");
    assert_string_equal(json_pointer_text(invoice, "/lines/0/unit_price"), "120.00");
    assert_null(json_pointer_get(invoice, "/lines/1"));
    json_pointer_put(invoice, "/lines/1", json_new_object());
    json_pointer_put(invoice, "/lines/1/a~1b~0c", json_new_bool(true));
    json_pointer_put(invoice, "/notes", NULL);
    assert_null(json_pointer_get(invoice, "/notes"));
    char *text = json_to(json_pointer_get(invoice, "/lines/1"));
    assert_string_equal(text, "{\"a/b~c\":true}");
    free(text);
    json_free(invoice);
    char *body = sample_body("A-2", "{\"currency\":\"JPY\",\"notes\":null}");
    assert_non_null(strstr(body, "\"JPY\""));
    assert_null(strstr(body, "notes"));
    free(body);
}

static void rows_are_read_beside_a_writer(void **state)
{
    (void)state;
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *path = support_format("%s/x.db", directory);
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database,
                                  "PRAGMA journal_mode=WAL; CREATE TABLE t(a TEXT, b INTEGER);"
                                  "INSERT INTO t VALUES('x', 1), ('y', NULL)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(rows_number(path, "SELECT count(*) FROM t"), 2);
    struct json *rows =
        rows_read(path, "SELECT * FROM t WHERE a = ?", (const char *const[]){"y", NULL});
    char *text = json_to(rows);
    assert_string_equal(text, "[{\"a\":\"y\",\"b\":null}]");
    free(text);
    json_free(rows);
    sqlite3_close(database);
    free(path);
    temp_dir_remove(directory);
}

static void count_up(size_t index, void *context)
{
    atomic_int *sum = context;
    atomic_fetch_add(sum, (int)index);
}

static void many_threads_run_and_end(void **state)
{
    (void)state;
    atomic_int sum = 0;
    parallel_run(50, count_up, &sum);
    assert_int_equal(sum, 49 * 50 / 2);
}

/* A server of one reply: listens at once, answers in serve_once. */
struct scripted {
    int listener;
    unsigned short port;
    const char *reply;
    bool reset;
    struct http_reply got; /* what its client saw */
};

static struct scripted scripted_make(const char *reply, bool reset)
{
    struct scripted server = {.reply = reply, .reset = reset};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server.listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server.listener, 1), 0);
    assert_int_equal(getsockname(server.listener, (struct sockaddr *)&address, &size), 0);
    server.port = ntohs(address.sin_port);
    return server;
}

static void serve_once(struct scripted *server)
{
    char bytes[4096];
    int connection = accept(server->listener, NULL, NULL);
    assert_true(recv(connection, bytes, sizeof bytes, 0) > 0);
    raw_send_text(connection, server->reply);
    struct linger hard = {.l_onoff = 1, .l_linger = 0};
    if (server->reset) setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(connection);
    close(server->listener);
}

static void the_end_of_a_connection_is_told(void **state)
{
    (void)state;
    static const char reply[] =
        "HTTP/1.1 201 Created\r\nContent-Length: 2\r\nLocation: /x\r\n\r\n{}";
    for (int reset = 0; reset < 2; reset++) {
        struct scripted server = scripted_make(reset ? "" : reply, reset);
        int connection = raw_connect(server.port);
        assert_true(raw_post(connection, "/", "t", "k", "{}"));
        serve_once(&server);
        struct raw_reply got = raw_read_all(connection, PATIENCE_MS);
        assert_int_equal(got.end, reset ? RAW_RESET : RAW_FINISHED);
        assert_int_equal(raw_status(&got), reset ? 0 : 201);
        char *location = raw_header(&got, "location");
        assert_string_equal(location, reset ? "" : "/x");
        free(location);
        raw_reply_clear(&got);
        close(connection);
    }
}

static void serve_in_thread(size_t index, void *context)
{
    struct scripted *server = context;
    if (index == 0) {
        serve_once(server);
        return;
    }
    char *url = support_format("http://127.0.0.1:%u/", server->port);
    server->got = http_send(&(struct http_request){.url = url, .body = "{}"});
    free(url);
}

/* What a test does is written down where a directory for it is named. */
static void an_exchange_is_written_down(void **state)
{
    (void)state;
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    assert_int_equal(setenv("INVONCE_EXCHANGES", directory, 1), 0);
    struct scripted server =
        scripted_make("HTTP/1.1 201 Created\r\nX-A: 1\r\nContent-Length: 3\r\n\r\n\"b\"", false);
    parallel_run(2, serve_in_thread, &server);
    assert_int_equal(unsetenv("INVONCE_EXCHANGES"), 0);
    char *path = support_format("%s/%ld.jsonl", directory, (long)getpid());
    char text[1000];
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    struct json *line = json_read(text, length);
    assert_string_equal(json_pointer_text(line, "/method"), "POST");
    assert_string_equal(json_pointer_text(line, "/target"), "/");
    assert_string_equal(json_pointer_text(line, "/sent"), "{}");
    assert_int_equal(json_integer(json_pointer_get(line, "/status"), 0), 201);
    assert_string_equal(json_pointer_text(line, "/headers/x-a"), "1");
    assert_string_equal(json_pointer_text(line, "/body"), "\"b\"");
    json_free(line);
    free(path);
    http_reply_clear(&server.got);
    temp_dir_remove(directory);
}

static void a_reply_is_taken_apart(void **state)
{
    (void)state;
    struct scripted server = scripted_make(
        "HTTP/1.1 409 Conflict\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 7\r\n\r\n{\"a\":1}", false);
    parallel_run(2, serve_in_thread, &server);
    assert_int_equal(server.got.error, 0);
    assert_int_equal(server.got.status, 409);
    assert_int_equal(server.got.length, 7);
    assert_string_equal(http_header(&server.got, "x-a"), "1, 2");
    assert_int_equal(json_integer(json_pointer_get(server.got.json, "/a"), 0), 1);
    http_reply_clear(&server.got);
    struct http_reply none = http_send(&(struct http_request){.url = "http://127.0.0.1:1/"});
    assert_int_not_equal(none.error, 0);
    assert_int_equal(none.status, 0);
    http_reply_clear(&none);
}

/* The day as a program that is started says it. */
static char *day_of_a_program(void)
{
    const char *const argv[] = {"/bin/date", "-u", "+%F", NULL};
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    char *day = support_format("%.10s", result.output);
    process_result_clear(&result);
    return day;
}

static void the_clock_is_one_that_the_test_sets(void **state)
{
    (void)state;
    test_clock_set("2032-02-29T23:00:00Z");
    time_t now = time(NULL);
    struct tm utc;
    assert_non_null(gmtime_r(&now, &utc));
    assert_int_equal(utc.tm_year + 1900, 2032);
    char *day = day_of_a_program();
    assert_string_equal(day, "2032-02-29");
    char *other = test_clock_other(3600, 0);
    const char *const argv[] = {"/bin/date", "-u", "+%F", NULL};
    struct process_result result =
        process_run(argv, (const char *const[]){other, NULL}, PATIENCE_MS);
    assert_string_equal(result.output, "2032-03-01\n");
    process_result_clear(&result);
    free(other);
    free(day);
}

static void the_clock_moves_under_a_program_that_runs(void **state)
{
    (void)state;
    const char *const argv[] = {"/bin/bash", "-c",
                                "while :; do TZ=UTC printf '%(%F %T)T\\n' -1; done", NULL};
    struct process process;
    test_clock_set("=2026-12-31T23:59:59Z");
    process_start(&process, argv, NULL);
    free(process_expect(&process, "2026-12-31 23:59:59", PATIENCE_MS));
    test_clock_set("=2027-01-01T00:00:00Z");
    char *moved = process_expect(&process, "2027-01-01 00:00:00", PATIENCE_MS);
    assert_non_null(moved);
    free(moved);
    process_clear(&process);
    test_clock_set(TEST_CLOCK_START);
}

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_runs_to_its_end),
        cmocka_unit_test(a_line_is_awaited_and_a_signal_ends_it),
        cmocka_unit_test(a_directory_goes_with_all_in_it),
        cmocka_unit_test(the_clock_is_one_that_the_test_sets),
        cmocka_unit_test(the_clock_moves_under_a_program_that_runs),
        cmocka_unit_test(pointers_get_and_put),
        cmocka_unit_test(rows_are_read_beside_a_writer),
        cmocka_unit_test(many_threads_run_and_end),
        cmocka_unit_test(the_end_of_a_connection_is_told),
        cmocka_unit_test(a_reply_is_taken_apart),
        cmocka_unit_test(an_exchange_is_written_down),
    };
    return cmocka_run_group_tests_name("support", tests, NULL, NULL);
}
