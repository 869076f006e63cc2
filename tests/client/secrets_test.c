/* The token: not a piece of it in anything that is printed, logged or kept, whatever goes wrong;
 * and to nobody but its server. */
#include "tests/client/proxy.h"
#include "tests/client/room.h"
#include "tests/support/http.h"
#include "tests/support/rows.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define TOKEN "Zq7Rk2Vw9Xt4Jm6Hp8Lb3Nd5Gs1Fc0Yz"
#define PIECE 6 /* characters in a row that nothing else has by chance */

/* The first piece of the token in these bytes, or NULL. */
static const char *find_piece(const char *bytes, size_t length)
{
    for (size_t i = 0; i + PIECE <= sizeof TOKEN - 1; i++)
        if (memmem(bytes, length, TOKEN + i, PIECE)) return TOKEN + i;
    return NULL;
}

static void expect_none(const char *where, const char *bytes, size_t length)
{
    const char *piece = find_piece(bytes, length);
    if (piece) fail_msg("%s holds \"%.*s\" of the token", where, PIECE, piece);
}

static size_t searched;

static int search_file(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)walk;
    if (kind != FTW_F || strstr(path, "/token") != NULL) return 0;
    char *bytes = malloc((size_t)status->st_size + 1);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_non_null(bytes);
    assert_true(file >= 0);
    ssize_t length = read(file, bytes, (size_t)status->st_size);
    assert_true(length >= 0);
    expect_none(path, bytes, (size_t)length);
    close(file);
    free(bytes);
    searched++;
    return 0;
}

/* What went wrong, and how the token was given. */
enum way { BY_ENVIRONMENT, BY_FLAG, BY_FILE };

struct story {
    const char *what;
    enum way way;
    const char *server; /* NULL: the real one */
    const char *fault;
    const char *token; /* as it is given; NULL: TOKEN */
    const char *input; /* NULL: a good invoice */
    const char *canned;
    int code;
};

static const struct story stories[] = {
    {"created", BY_ENVIRONMENT, NULL, NULL, NULL, NULL, NULL, 0},
    {"created, by a flag", BY_FLAG, NULL, NULL, NULL, NULL, NULL, 0},
    {"created, by a file", BY_FILE, NULL, NULL, NULL, NULL, NULL, 0},
    {"nobody there", BY_ENVIRONMENT, "http://127.0.0.1:1", NULL, NULL, NULL, NULL, 5},
    {"no answer", BY_ENVIRONMENT, NULL, "hang", NULL, NULL, NULL, 5},
    {"a lost reply", BY_ENVIRONMENT, NULL, "drop-response@attempt=1", NULL, NULL, NULL, 0},
    {"a refused token", BY_ENVIRONMENT, NULL, NULL, TOKEN "x", NULL, NULL, 4},
    {"no token at all", BY_ENVIRONMENT, NULL, NULL, TOKEN " with a blank", NULL, NULL, 2},
    {"a server beyond, in the open", BY_ENVIRONMENT, "http://192.0.2.1:8420", NULL, NULL, NULL,
     NULL, 2},
    {"a bad record", BY_ENVIRONMENT, NULL, NULL, NULL, "{\"number\":1}", NULL, 4},
    {"no record", BY_ENVIRONMENT, NULL, NULL, NULL, "not JSON", NULL, 4},
    {"a stranger", BY_ENVIRONMENT, NULL, NULL, NULL, NULL,
     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello", 5},
    {"a redirect", BY_ENVIRONMENT, NULL, NULL, NULL, NULL,
     "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: "
     "0\r\n\r\n",
     5},
};

static struct process_result run_story(const struct story *story, struct room *room,
                                       const char *url)
{
    const char *token = story->token ? story->token : TOKEN;
    char *variable = support_format("INVONCE_TOKEN=%s", token);
    char *server = support_format("INVONCE_SERVER=%s", story->server ? story->server : url);
    char *kept = room_write(room, "token", token);
    char *file = story->input ? room_write(room, "invoice.json", story->input)
                              : room_write_invoice(room, "2026-0042");
    room_unset(room, "INVONCE_TOKEN");
    room_set(room, server);
    if (story->way == BY_ENVIRONMENT) room_set(room, variable);
    const char *flag = story->way == BY_FLAG   ? "--token"
                       : story->way == BY_FILE ? "--token-file"
                                               : NULL;
    const char *const arguments[] = {
        "create", file, "--json", flag, story->way == BY_FILE ? kept : token, NULL};
    struct process_result result = room_run(room, arguments);
    free(variable);
    free(server);
    free(kept);
    free(file);
    return result;
}

static void in_nothing_that_is_printed_or_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        const struct story *story = &stories[i];
        struct mock mock = {0};
        struct room room;
        const char *const options[] = {"--token", "north:zoe=" TOKEN,
                                       story->fault ? "--fault" : NULL, story->fault, NULL};
        assert_true(mock_start(&mock, options));
        struct proxy proxy = {.canned = story->canned};
        proxy_start(&proxy);
        room_open(&room, mock.url, (const char *const[]){ROOM_QUICK, NULL});
        struct process_result result =
            run_story(story, &room, story->canned ? proxy.url : mock.url);
        if (result.code != story->code)
            fail_msg("%s: exit %d; %s%s", story->what, result.code, result.output, result.errors);
        expect_none(story->what, result.output, strlen(result.output));
        expect_none(story->what, result.errors, strlen(result.errors));
        process_result_clear(&result);
        result = room_run(&room, (const char *const[]){"outbox", "--json", NULL});
        expect_none("the outbox", result.output, strlen(result.output));
        expect_none("the outbox", result.errors, strlen(result.errors));
        assert_int_equal(nftw(room.home, search_file, 8, FTW_PHYS), 0);
        process_result_clear(&result);
        proxy_stop(&proxy);
        proxy_clear(&proxy);
        char *log = process_errors(&mock.process);
        expect_none("the server's log", log, strlen(log));
        free(log);
        assert_int_equal(nftw(mock.directory, search_file, 8, FTW_PHYS), 0);
        room_clear(&room);
        mock_clear(&mock);
    }
    assert_true(searched > sizeof stories / sizeof *stories);
}

/* The token is sent where it belongs, so that the search above would find it. */
static void its_server_gets_it(void **state)
{
    (void)state;
    struct mock mock = {0};
    struct room room;
    assert_true(mock_start(&mock, (const char *const[]){"--token", "north:zoe=" TOKEN, NULL}));
    struct proxy proxy = {.server_port = mock.port};
    proxy_start(&proxy);
    room_open(&room, proxy.url, NULL);
    const struct story story = {.way = BY_ENVIRONMENT};
    struct process_result result = run_story(&story, &room, proxy.url);
    assert_int_equal(result.code, 0);
    proxy_stop(&proxy);
    assert_non_null(find_piece(proxy.heard.bytes, proxy.heard.length));
    process_result_clear(&result);
    proxy_clear(&proxy);
    room_clear(&room);
    mock_clear(&mock);
}

/* Whoever lists the processes of the machine sees stars where a flag gave the token. */
static void a_list_of_processes_has_none(void **state)
{
    (void)state;
    struct mock mock = {0};
    struct room room;
    struct process process;
    char line[4096];
    assert_true(mock_start(
        &mock, (const char *const[]){"--token", "north:zoe=" TOKEN, "--fault", "hang", NULL}));
    room_open(&room, mock.url, NULL);
    room_unset(&room, "INVONCE_TOKEN");
    char *file = room_write_invoice(&room, "2026-0042");
    room_start(&room, &process, (const char *const[]){"create", file, "--token", TOKEN, NULL});
    char *path = support_format("/proc/%d/cmdline", (int)process.pid);
    while (rows_number(mock.store, "SELECT count(*) FROM invoices") == 0)
        assert_int_equal(process_wait(&process, 10), PROCESS_RUNNING);
    int list = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(list >= 0);
    ssize_t length = read(list, line, sizeof line);
    assert_true(length > 0);
    assert_non_null(memmem(line, (size_t)length, "--token", 7));
    expect_none(path, line, (size_t)length);
    close(list);
    process_clear(&process);
    room_clear(&room);
    mock_clear(&mock);
    free(path);
    free(file);
}

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_nothing_that_is_printed_or_kept),
        cmocka_unit_test(its_server_gets_it),
        cmocka_unit_test(a_list_of_processes_has_none),
    };
    return cmocka_run_group_tests_name("client/secrets", tests, NULL, NULL);
}
