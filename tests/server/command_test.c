/* The command line, the start and the end of the server (DESIGN.md 3.2). */
#include "tests/server/api.h"

#include "tests/support/raw.h"
#include "tests/support/rows.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGUMENTS_MAX 12
#define LISTEN        "--listen", "127.0.0.1:0"
#define NO_STORE      "--store", "sqlite:/proc/nonexistent/store.db"

/* What is refused with exit 2 and one sentence, and a word that the sentence must have. */
static const struct {
    const char *word;
    const char *arguments[ARGUMENTS_MAX];
} REFUSED[] = {
    {"--no-such-option", {"--no-such-option"}},
    {"nonsense", {"nonsense"}},
    {"--listen", {"--listen"}},
    {"127.0.0.1", {"--listen", "127.0.0.1"}},
    {"70000", {"--listen", "127.0.0.1:70000"}},
    {"-1", {"--listen", "127.0.0.1:-1"}},
    {"80x", {"--listen", "127.0.0.1:80x"}},
    {"--token", {LISTEN, NO_STORE, "--token"}},
    {"TENANT:USER=TOKEN", {LISTEN, NO_STORE, "--token", "north-ana-0123456789abcdef"}},
    {"TENANT:USER=TOKEN", {LISTEN, NO_STORE, "--token", ":ana=0123456789abcdef"}},
    {"--key-ttl", {LISTEN, NO_STORE, "--key-ttl", "soon"}},
    {"--key-ttl", {LISTEN, NO_STORE, "--key-ttl", "-1h"}},
    {"--lease", {LISTEN, NO_STORE, "--lease", "30"}},
    {"--in-progress-wait", {LISTEN, NO_STORE, "--in-progress-wait", "2 s"}},
    {"--fault-seed", {LISTEN, NO_STORE, "--fault-seed", "dice"}},
    {"--without", {LISTEN, NO_STORE, "--without", "everything"}},
    {"--bug", {LISTEN, NO_STORE, "--bug", "no-such-bug"}},
    {"--log-format", {LISTEN, NO_STORE, "--log-format", "xml"}},
    {"--store", {LISTEN, "--store", "nosuchstore:x"}},
    {"--store", {LISTEN, "--store", "sqlite:"}},
    {"--store", {LISTEN, "--store", "sqlite::memory:"}},
    {"/proc/nonexistent", {LISTEN, NO_STORE}},
    {"/nonexistent/tokens", {LISTEN, NO_STORE, "--tokens-file", "/nonexistent/tokens"}},
    {"--tls-cert", {"--listen", "0.0.0.0:0", NO_STORE, "--token", "north:ana=" TOKEN_ANA}},
    {"needs tokens", {"--listen", "0.0.0.0:0", NO_STORE, "--behind-proxy"}},
};

static void run(const char *const *arguments, struct process_result *result)
{
    char home[TEMP_DIR_SIZE];
    temp_dir_make(home);
    char *data = support_format("XDG_DATA_HOME=%s", home);
    const char *argv[ARGUMENTS_MAX + 2] = {mock_program()};
    for (size_t i = 0; i < ARGUMENTS_MAX && arguments[i]; i++)
        argv[i + 1] = arguments[i];
    *result = process_run(argv, (const char *const[]){data, NULL}, PATIENCE_MS);
    free(data);
    temp_dir_remove(home);
}

static void assert_refused(const struct process_result *result, const char *word)
{
    assert_int_equal(result->code, 2);
    assert_string_equal(result->output, "");
    if (!strstr(result->errors, word)) fail_msg("no %s in: %s", word, result->errors);
    const char *end = strchr(result->errors, '\n');
    if (!end || end[1]) fail_msg("not one line: %s", result->errors);
    assert_null(strstr(result->errors, "0123456789abcdef"));
}

static void a_wrong_command_line_is_refused_in_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++) {
        struct process_result result;
        print_message("%s %s\n", REFUSED[i].arguments[0],
                      REFUSED[i].arguments[1] ? REFUSED[i].arguments[1] : "");
        run(REFUSED[i].arguments, &result);
        assert_refused(&result, REFUSED[i].word);
        process_result_clear(&result);
    }
}

/* What is for loopback only, even where there is TLS or a proxy for it. */
static void demonstrations_stay_on_loopback(void **state)
{
    static const char *const risky[][2] = {{"--faults-api", NULL},
                                           {"--fault", "drop-response"},
                                           {"--without", "unique"},
                                           {"--bug", "cache-5xx"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(risky); i++) {
        const char *const arguments[ARGUMENTS_MAX] = {
            "--listen",  "0.0.0.0:0", NO_STORE, "--behind-proxy", "--token", "north:ana=" TOKEN_ANA,
            risky[i][0], risky[i][1]};
        struct process_result result;
        run(arguments, &result);
        assert_refused(&result, risky[i][0]);
        process_result_clear(&result);
    }
    const char *const short_token[ARGUMENTS_MAX] = {
        "--listen", "0.0.0.0:0", NO_STORE, "--behind-proxy", "--token", "north:ana=short"};
    struct process_result result;
    run(short_token, &result);
    assert_int_equal(result.code, 2);
    assert_null(strstr(result.errors, "=short"));
    process_result_clear(&result);
}

static void help_and_version_are_told(void **state)
{
    static const char *const options[] = {"--listen", "--store", "--token", "--fault", "--key-ttl"};
    (void)state;
    struct process_result help, version;
    run((const char *const[ARGUMENTS_MAX]){"--help"}, &help);
    run((const char *const[ARGUMENTS_MAX]){"--version"}, &version);
    assert_int_equal(help.code, 0);
    for (size_t i = 0; i < COUNT_OF(options); i++)
        assert_non_null(strstr(help.output, options[i]));
    assert_string_equal(help.errors, "");
    assert_int_equal(version.code, 0);
    assert_non_null(strstr(version.output, "invonce-mock-server"));
    process_result_clear(&version);
    process_result_clear(&help);
}

static void a_taken_port_is_a_refused_start(void **state)
{
    const struct mock *mock = *state;
    char *address = support_format("127.0.0.1:%u", mock->port),
         *word = support_format("%u", mock->port);
    char other[TEMP_DIR_SIZE];
    temp_dir_make(other);
    char *store = support_format("sqlite:%s/store.db", other);
    const char *const arguments[ARGUMENTS_MAX] = {"--listen", address,   "--store",
                                                  store,      "--token", "north:ana=" TOKEN_ANA};
    struct process_result result;
    run(arguments, &result);
    temp_dir_remove(other);
    assert_refused(&result, word);
    process_result_clear(&result);
    free(store);
    free(word);
    free(address);
}

static void the_store_is_for_its_owner_only(void **state)
{
    const struct mock *mock = *state;
    struct stat status;
    api_only_sqlite("a database has an owner of its own");
    assert_int_equal(stat(mock->store, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void assert_store_refused(const char *path)
{
    char *store = support_format("sqlite:%s", path);
    const char *const arguments[ARGUMENTS_MAX] = {LISTEN, "--store", store, "--token",
                                                  "north:ana=" TOKEN_ANA};
    struct process_result result;
    run(arguments, &result);
    assert_refused(&result, path);
    process_result_clear(&result);
    free(store);
}

static void a_store_that_is_none_is_refused(void **state)
{
    struct mock *mock = *state;
    temp_dir_make(mock->directory);
    char *path = temp_dir_write(mock->directory, "store.db", "This is no database at all.\n", 28);
    assert_store_refused(path);
    free(path);
}

/* And is left as it was. */
static void another_program_s_database_is_refused(void **state)
{
    struct mock *mock = *state;
    temp_dir_make(mock->directory);
    char *path = support_format("%s/diary.db", mock->directory);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE diary (day TEXT)", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_store_refused(path);
    assert_int_equal(rows_number(path, "SELECT count(*) FROM sqlite_schema"), 1);
    free(path);
}

static void without_a_token_it_makes_one_for_demo(void **state)
{
    struct mock *mock = *state;
    temp_dir_make(mock->directory);
    char *store = support_format("sqlite:%s/store.db", mock->directory);
    const char *const argv[] = {mock_program(), LISTEN, "--store", store, NULL};
    process_start(&mock->process, argv, NULL);
    char *address = process_expect(&mock->process, "listening on ", PATIENCE_MS);
    assert_non_null(address);
    snprintf(mock->url, sizeof mock->url, "%s", address);
    char *line = process_expect(&mock->process, "token ", PATIENCE_MS);
    assert_non_null(line);
    size_t length = strcspn(line, " ");
    assert_true(length >= 16);
    char *token = support_format("%.*s", (int)length, line);
    char *body = sample_body("1", NULL);
    struct http_reply reply = api_post(mock, "/v1/invoices", token, "k1", body);
    api_assert_status(&reply, 201);
    http_reply_clear(&reply);
    free(body);
    free(token);
    free(line);
    free(address);
    free(store);
}

/* The XDG's place for data, or HOME's; without either the store must be named. */
static void the_store_has_a_place_of_its_own(void **state)
{
    static const struct {
        const char *data; /* before the home's path */
        bool has_home;
        const char *place; /* below the home; NULL: there is none */
    } places[] = {
        {"", true, "invonce/server.db"},
        {"relative", true, ".local/share/invonce/server.db"},
        {"relative", false, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        char home[TEMP_DIR_SIZE];
        temp_dir_make(home);
        char *data = support_format("XDG_DATA_HOME=%s%s", places[i].data, home);
        char *variable = support_format("HOME=%s", places[i].has_home ? home : "");
        char *store = support_format("%s/%s", home, places[i].place ? places[i].place : "none");
        struct process server;
        process_start(&server, (const char *const[]){mock_program(), LISTEN, NULL},
                      (const char *const[]){data, variable, NULL});
        if (places[i].place) {
            char *address = process_expect(&server, "listening on ", PATIENCE_MS);
            assert_non_null(address);
            assert_int_equal(access(store, F_OK), 0);
            free(address);
            process_signal(&server, SIGTERM);
        }
        assert_int_equal(process_wait(&server, PATIENCE_MS), places[i].place ? 0 : 2);
        char *errors = process_errors(&server);
        if (!places[i].place) assert_non_null(strstr(errors, "name one with --store"));
        free(errors);
        process_clear(&server);
        temp_dir_remove(home);
        free(store);
        free(variable);
        free(data);
    }
}

static void tokens_come_from_a_file_too(void **state)
{
    struct mock *mock = *state;
    static const char tokens[] = "west:zoe=west-zoe-0123456789abcdef\n";
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *path = temp_dir_write(directory, "tokens", tokens, sizeof tokens - 1);
    api_fresh(mock, (const char *const[]){"--tokens-file", path, NULL});
    temp_dir_remove(directory);
    struct http_reply zoe = api_get(mock, "west-zoe-0123456789abcdef", "/v1/invoices");
    struct http_reply ana = api_get(mock, TOKEN_ANA, "/v1/invoices");
    api_assert_status(&zoe, 200);
    api_assert_status(&ana, 200);
    http_reply_clear(&ana);
    http_reply_clear(&zoe);
    free(path);
}

/* Cut off at its NUL it would be another, shorter token. */
static void a_tokens_file_with_a_nul_is_refused(void **state)
{
    (void)state;
    static const char tokens[] = "west:zoe=west-zoe-0123456789abcdef\0rest\n";
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *path = temp_dir_write(directory, "tokens", tokens, sizeof tokens - 1);
    struct process_result result = process_run(
        (const char *const[]){mock_program(), LISTEN, NO_STORE, "--tokens-file", path, NULL}, NULL,
        PATIENCE_MS);
    temp_dir_remove(directory);
    assert_int_equal(result.code, 2);
    assert_non_null(strstr(result.errors, "tokens, line 1: it holds a NUL"));
    process_result_clear(&result);
    free(path);
}

static const char *const SLOW[] = {"--fault", "delay-before-commit=500ms@attempt=1", NULL};

static bool is_claimed(void *context)
{
    const struct mock *mock = context;
    return rows_number(mock->store, "SELECT count(*) FROM idempotency_keys") == 1;
}

static void what_is_in_flight_is_finished_first(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT};
    struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        api_fresh(mock, SLOW);
        char *body = sample_body("1", NULL);
        int connection = raw_connect(mock->port), idle = raw_connect(mock->port);
        assert_true(raw_post(connection, "/v1/invoices", TOKEN_ANA, "k1", body));
        assert_true(support_wait_until(is_claimed, mock, PATIENCE_MS));
        process_signal(&mock->process, signals[i]);
        struct raw_reply reply = raw_read_reply(connection, PATIENCE_MS);
        assert_int_equal(raw_status(&reply), 201);
        assert_int_equal(process_wait(&mock->process, PATIENCE_MS), 0);
        assert_int_equal(raw_connect(mock->port), -1);
        assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 1);
        process_clear(&mock->process);
        close(idle);
        close(connection);
        raw_reply_clear(&reply);
        free(body);
    }
}

static void an_idle_server_stops_at_once_and_starts_again(void **state)
{
    struct mock *mock = *state;
    struct http_reply made = api_create_sample(mock, "\"k1\"", "1", NULL);
    api_assert_status(&made, 201);
    int idle = raw_connect(mock->port);
    long long start = support_now_ms();
    assert_int_equal(mock_stop(mock), 0);
    assert_true(support_now_ms() - start < 4000);
    assert_int_equal(temp_dir_entries(mock->directory), stores_files(mock->store));
    close(idle);
    assert_true(mock_start(mock, NULL));
    struct http_reply again = api_create_sample(mock, "\"k1\"", "1", NULL);
    api_assert_same(&made, &again);
    assert_true(api_is_replay(&again));
    http_reply_clear(&again);
    http_reply_clear(&made);
}

/* A pipe that holds no byte more. */
static int full_pipe(const char *path)
{
    static const char bytes[4096];
    assert_int_equal(mkfifo(path, 0600), 0);
    int fd = open(path, O_RDWR | O_NONBLOCK);
    assert_in_range(fd, 0, 9); /* a shell takes no longer number */
    while (write(fd, bytes, sizeof bytes) > 0) {
    }
    return fd;
}

/* Its log goes to a full pipe, which the test can read; where it isn't blocking, to the test's own
 * file description. */
static int start_with_log(struct mock *mock, bool blocking)
{
    temp_dir_make(mock->directory);
    char *log = support_format("%s/log", mock->directory);
    char *store = support_format("sqlite:%s/store.db", mock->directory);
    int pipe = full_pipe(log);
    char *script = blocking ? support_format("exec \"$@\" 2>'%s'", log)
                            : support_format("exec \"$@\" 2>&%d", pipe);
    const char *const argv[] = {"/bin/sh", "-c",      script, "sh", mock_program(),
                                LISTEN,    "--store", store,  NULL};
    process_start(&mock->process, argv, NULL);
    char *address = process_expect(&mock->process, "listening on ", PATIENCE_MS);
    assert_non_null(address);
    snprintf(mock->url, sizeof mock->url, "%s", address);
    unlink(log);
    free(address);
    free(script);
    free(store);
    free(log);
    return pipe;
}

static void a_log_that_nobody_reads_holds_no_stop_up(void **state)
{
    struct mock *mock = *state;
    int pipe = start_with_log(mock, true);
    process_signal(&mock->process, SIGTERM);
    assert_int_equal(process_wait(&mock->process, PATIENCE_MS), 0);
    process_clear(&mock->process);
    close(pipe);
}

static void a_log_that_does_not_block_loses_no_line(void **state)
{
    static char text[1 << 17];
    struct mock *mock = *state;
    int pipe = start_with_log(mock, false);
    for (int i = 0; i < 20; i++) { /* each writes a line, which finds no room */
        struct http_reply reply = api_get(mock, NULL, "/v1/invoices");
        api_assert_status(&reply, 401);
        http_reply_clear(&reply);
    }
    size_t lines = 0;
    long long deadline = support_now_ms() + PATIENCE_MS;
    while (lines < 20 && support_now_ms() < deadline) {
        poll(&(struct pollfd){.fd = pipe, .events = POLLIN}, 1, 100);
        ssize_t length = read(pipe, text, sizeof text);
        for (ssize_t i = 0; i < length; i++)
            lines += text[i] == '\n';
    }
    assert_int_equal(lines, 20);
    assert_int_equal(mock_stop(mock), 0);
    close(pipe);
}

static const struct CMUnitTest TESTS[] = {
    cmocka_unit_test(a_wrong_command_line_is_refused_in_a_sentence),
    cmocka_unit_test(demonstrations_stay_on_loopback),
    cmocka_unit_test(help_and_version_are_told),
    SERVER_TEST(a_taken_port_is_a_refused_start, NULL),
    SERVER_TEST(the_store_is_for_its_owner_only, NULL),
    UNSTARTED_TEST(a_store_that_is_none_is_refused),
    UNSTARTED_TEST(another_program_s_database_is_refused),
    UNSTARTED_TEST(without_a_token_it_makes_one_for_demo),
    cmocka_unit_test(the_store_has_a_place_of_its_own),
    UNSTARTED_TEST(tokens_come_from_a_file_too),
    cmocka_unit_test(a_tokens_file_with_a_nul_is_refused),
    UNSTARTED_TEST(what_is_in_flight_is_finished_first),
    SERVER_TEST(an_idle_server_stops_at_once_and_starts_again, NULL),
    UNSTARTED_TEST(a_log_that_nobody_reads_holds_no_stop_up),
    UNSTARTED_TEST(a_log_that_does_not_block_loses_no_line),
};

API_MAIN("command", TESTS)
