/* The store when the machine does not play along: a full disk, a lock held elsewhere, a file of
 * another kind or version. No 201 without its row, and the same key works once all is well. */
#include "tests/server/api.h"

#include "tests/support/parallel.h"
#include "tests/support/rows.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void allow_file_size(const struct mock *mock, rlim_t bytes)
{
    struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
    assert_int_equal(prlimit(mock->process.pid, RLIMIT_FSIZE, &limit, NULL), 0);
}

static struct http_reply create_as(const struct mock *mock, const char *token, size_t index)
{
    char *key = support_format("\"f-%zu\"", index), *number = support_format("F-%zu", index);
    char *body = sample_body(number, NULL);
    struct http_reply reply = api_post(mock, "/v1/invoices", token, key, body);
    free(body);
    free(number);
    free(key);
    return reply;
}

static struct http_reply create(const struct mock *mock, size_t index)
{
    return create_as(mock, TOKEN_ANA, index);
}

#define FULL_MAX 2000

static bool is_ready(void *mock)
{
    struct http_reply reply = api_get(mock, NULL, "/readyz");
    bool ready = reply.status == 200;
    http_reply_clear(&reply);
    return ready;
}

/* The log, that is only just begun, is made long enough for the next ones at once. */
static void it_stays_ready_behind_the_first_create(void **state)
{
    struct mock *mock = *state;
    assert_true(is_ready(mock));
    struct http_reply first = create(mock, 0);
    api_assert_status(&first, 201);
    http_reply_clear(&first);
    assert_true(is_ready(mock));
}

/* A file that may not grow is a full disk. */
static void a_full_disk_refuses_and_loses_nothing(void **state)
{
    struct mock *mock = *state;
    struct http_reply first = create(mock, 0);
    api_assert_status(&first, 201);
    http_reply_clear(&first);
    allow_file_size(mock, (rlim_t)256 * 1024);
    size_t made = 1;
    for (bool full = false; !full; made += !full) {
        assert_in_range(made, 1, FULL_MAX);
        struct http_reply reply = create(mock, made);
        full = reply.status != 201;
        if (full) {
            assert_in_range(reply.status, 500, 503);
            assert_string_equal(http_header(&reply, "content-type"), "application/problem+json");
            assert_string_equal(api_text(&reply, "/effect"), "unknown");
            assert_string_equal(api_text(&reply, "/retry"), "same_key");
        }
        http_reply_clear(&reply);
    }
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), made);
    struct http_reply replay = create(mock, 0);
    api_assert_status(&replay, 201);
    assert_true(api_is_replay(&replay));
    http_reply_clear(&replay);
    allow_file_size(mock, 1); /* not even a little is written any more */
    struct http_reply refused = create(mock, made);
    assert_in_range(refused.status, 500, 503);
    http_reply_clear(&refused);
    struct http_reply unready = api_get(mock, NULL, "/readyz");
    api_assert_problem(&unready, "too-busy");
    http_reply_clear(&unready);
    allow_file_size(mock, RLIM_INFINITY);
    assert_true(support_wait_until(is_ready, mock, PATIENCE_MS));
    struct http_reply again = create(mock, made);
    api_assert_status(&again, 201);
    assert_false(api_is_replay(&again));
    http_reply_clear(&again);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), made + 1);
}

/* Nothing of an update fits, but the store's own little trial would. */
static void it_is_not_ready_while_there_is_no_room_for_a_create(void **state)
{
    struct mock *mock = *state;
    struct http_reply first = create(mock, 0);
    api_assert_status(&first, 201);
    http_reply_clear(&first);
    char *log = support_format("%s-wal", mock->store);
    struct stat now;
    assert_int_equal(stat(log, &now), 0);
    free(log);
    allow_file_size(mock, (rlim_t)now.st_size + 16 * 1024);
    size_t made = 1;
    for (bool full = false; !full; made += !full) {
        assert_in_range(made, 1, FULL_MAX);
        struct http_reply reply = create(mock, made);
        full = reply.status != 201;
        http_reply_clear(&reply);
    }
    for (int i = 0; i < 50; i++) /* each lets the store try once more */
        assert_false(is_ready(mock));
    allow_file_size(mock, RLIM_INFINITY);
    assert_true(support_wait_until(is_ready, mock, PATIENCE_MS));
    struct http_reply again = create(mock, made);
    api_assert_status(&again, 201);
    http_reply_clear(&again);
}

static void after_a_full_disk_it_starts_again(void **state)
{
    struct mock *mock = *state;
    allow_file_size(mock, (rlim_t)128 * 1024);
    size_t made = 0;
    for (bool full = false; !full; made += !full) {
        assert_in_range(made, 0, FULL_MAX);
        struct http_reply reply = create(mock, made);
        full = reply.status != 201;
        http_reply_clear(&reply);
    }
    mock_kill(mock);
    assert_true(mock_start(mock, NULL));
    for (size_t i = 0; i <= made; i++) {
        struct http_reply reply = create(mock, i);
        api_assert_status(&reply, 201);
        assert_int_equal(api_is_replay(&reply), i < made);
        http_reply_clear(&reply);
    }
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), made + 1);
}

struct contention {
    struct mock *mock;
    sqlite3 *other;
    struct http_reply reply;
};

/* One sends; the other lets go of the lock once reading still works. */
static void meet_the_lock(size_t index, void *context)
{
    struct contention *contention = context;
    if (index == 0) {
        contention->reply = create(contention->mock, 1);
        return;
    }
    struct http_reply list = api_get(contention->mock, TOKEN_ANA, "/v1/invoices");
    if (list.status != 200) support_die("reading waits for a writer: %d", list.status);
    http_reply_clear(&list);
    sqlite3_exec(contention->other, "ROLLBACK", NULL, NULL, NULL);
}

static void a_lock_held_elsewhere_is_waited_for(void **state)
{
    struct contention contention = {.mock = *state};
    assert_int_equal(sqlite3_open(contention.mock->store, &contention.other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(contention.other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
                     SQLITE_OK);
    parallel_run(2, meet_the_lock, &contention);
    sqlite3_close(contention.other);
    if (contention.reply.status != 201) {
        assert_in_range(contention.reply.status, 500, 503);
        assert_string_equal(api_text(&contention.reply, "/retry"), "same_key");
        http_reply_clear(&contention.reply);
        contention.reply = create(contention.mock, 1);
    }
    api_assert_status(&contention.reply, 201);
    assert_int_equal(rows_number(contention.mock->store, "SELECT count(*) FROM invoices"), 1);
    http_reply_clear(&contention.reply);
}

static void a_lock_that_stays_is_said_to_have_kept_nothing(void **state)
{
    const struct mock *mock = *state;
    struct rows_hold *hold = rows_hold(mock->store);
    struct http_reply refused = create(mock, 1);
    rows_let_go(hold);
    api_assert_problem(&refused, "too-busy");
    assert_string_equal(http_header(&refused, "retry-after"), "1");
    struct http_reply again = create(mock, 1);
    api_assert_status(&again, 201);
    assert_false(api_is_replay(&again));
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 1);
    http_reply_clear(&refused);
    http_reply_clear(&again);
}

static void assert_start_refused(const struct mock *mock, const char *word)
{
    char *store = support_format("sqlite:%s", mock->store);
    const char *const argv[] = {mock_program(), "--listen", "127.0.0.1:0",          "--store",
                                store,          "--token",  "north:ana=" TOKEN_ANA, NULL};
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    assert_int_equal(result.code, 2);
    assert_string_equal(result.output, "");
    if (!strstr(result.errors, word)) fail_msg("no \"%s\" in: %s", word, result.errors);
    process_result_clear(&result);
    free(store);
}

static void a_newer_store_is_left_alone(void **state)
{
    struct mock *mock = *state;
    assert_int_equal(mock_stop(mock), 0);
    rows_change(mock->store, "PRAGMA user_version = 9999");
    assert_start_refused(mock, "newer");
}

/* A version that no program ever wrote leads to no step of a migration. */
static void a_store_of_no_version_is_left_alone(void **state)
{
    struct mock *mock = *state;
    assert_int_equal(mock_stop(mock), 0);
    rows_change(mock->store, "PRAGMA user_version = -1");
    assert_start_refused(mock, "is not a store of this program");
}

static const struct {
    const char *damage, *mend, *path, *body; /* NULL: the create of before, with its key */
} DAMAGES[] = {
    {"UPDATE collections SET number = -number WHERE resource = 'customer'",
     "UPDATE collections SET number = -number WHERE number < 0", "/v1/customers",
     "{\"email\":\"new@northwind.example\"}"},
    {"UPDATE collections SET number = number << 24 WHERE resource = 'customer'",
     "UPDATE collections SET number = number >> 24 WHERE resource = 'customer'", "/v1/customers",
     "{\"email\":\"new@northwind.example\"}"},
    {"UPDATE records SET current = '[]' WHERE period IS NULL", "UPDATE records SET current = NULL",
     "/v1/customers", "{\"email\":\"ap@northwind.example\",\"name\":\"New\"}"},
    {"UPDATE records SET current = '{\"id\":\"cus_1\",\"email\":2}' WHERE period IS NULL",
     "UPDATE records SET current = NULL", "/v1/customers",
     "{\"email\":\"ap@northwind.example\",\"name\":\"New\"}"},
    {"UPDATE idempotency_keys SET status = -500", "UPDATE idempotency_keys SET status = 201", NULL,
     NULL},
    {"UPDATE idempotency_keys SET status = 99", "UPDATE idempotency_keys SET status = 201", NULL,
     NULL},
};

/* What no server ever wrote fails the request that meets it, and not the server. */
static void damage_fails_a_request_and_not_the_server(void **state)
{
    struct mock *mock = *state;
    struct http_reply made = create(mock, 0);
    api_assert_status(&made, 201);
    for (size_t i = 0; i < sizeof DAMAGES / sizeof DAMAGES[0]; i++) {
        assert_int_equal(mock_stop(mock), 0);
        rows_change(mock->store, DAMAGES[i].damage);
        assert_true(mock_start(mock, NULL));
        struct http_reply failed =
            DAMAGES[i].path ? api_post(mock, DAMAGES[i].path, TOKEN_ANA, NULL, DAMAGES[i].body)
                            : create(mock, 0);
        api_assert_status(&failed, 500);
        http_reply_clear(&failed);
        assert_int_equal(mock_stop(mock), 0);
        rows_change(mock->store, DAMAGES[i].mend);
        assert_true(mock_start(mock, NULL));
    }
    struct http_reply again = create(mock, 0);
    api_assert_same(&again, &made);
    http_reply_clear(&again);
    http_reply_clear(&made);
}

/* What one of them remembers of the store is out of date as soon as the other writes. */
static void two_servers_share_a_store(void **state)
{
    struct mock *mock = *state, other = {0};
    char *url = support_format("sqlite:%s", mock->store);
    const char *const same[] = {"--store", url, NULL};
    assert_true(mock_start(&other, same));
    for (size_t i = 0; i < 12; i++) {
        const struct mock *turn = i % 4 < 2 ? mock : &other;
        struct http_reply made = create_as(turn, i % 3 == 0 ? TOKEN_EVE : TOKEN_ANA, i);
        api_assert_status(&made, 201);
        http_reply_clear(&made);
    }
    struct http_reply taken = api_create_sample(&other, "\"k\"", "F-1", NULL);
    api_assert_problem(&taken, "invoice-number-taken");
    http_reply_clear(&taken);
    assert_int_equal(api_count(mock, TOKEN_ANA), 8);
    assert_int_equal(api_count(&other, TOKEN_EVE), 4);
    assert_int_equal(mock_stop(&other), 0);
    mock_clear(&other);
    free(url);
}

static void somebody_else_s_database_is_left_alone(void **state)
{
    struct mock *mock = *state;
    assert_int_equal(mock_stop(mock), 0);
    assert_int_equal(remove(mock->store), 0);
    rows_change(mock->store, "CREATE TABLE diary(day TEXT); INSERT INTO diary VALUES('Monday');"
                             "PRAGMA user_version = 1");
    assert_start_refused(mock, mock->store);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM diary"), 1);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM sqlite_master"), 1);
}

static void every_file_of_it_is_for_its_owner_only(void **state)
{
    const struct mock *mock = *state;
    struct http_reply reply = create(mock, 0);
    http_reply_clear(&reply);
    DIR *directory = opendir(mock->directory);
    assert_non_null(directory);
    size_t files = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        struct stat status;
        char *path = support_format("%s/%s", mock->directory, entry->d_name);
        assert_int_equal(stat(path, &status), 0);
        if (S_ISREG(status.st_mode)) {
            assert_int_equal(status.st_mode & 0777, 0600);
            files++;
        }
        free(path);
    }
    closedir(directory);
    assert_true(files >= 1);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(it_stays_ready_behind_the_first_create, NULL),
    SERVER_TEST(a_full_disk_refuses_and_loses_nothing, NULL),
    SERVER_TEST(it_is_not_ready_while_there_is_no_room_for_a_create, NULL),
    SERVER_TEST(after_a_full_disk_it_starts_again, NULL),
    SERVER_TEST(a_lock_held_elsewhere_is_waited_for, NULL),
    SERVER_TEST(a_lock_that_stays_is_said_to_have_kept_nothing, NULL),
    SERVER_TEST(a_newer_store_is_left_alone, NULL),
    SERVER_TEST(a_store_of_no_version_is_left_alone, NULL),
    SERVER_TEST(damage_fails_a_request_and_not_the_server, NULL),
    SERVER_TEST(two_servers_share_a_store, NULL),
    SERVER_TEST(somebody_else_s_database_is_left_alone, NULL),
    SERVER_TEST(every_file_of_it_is_for_its_owner_only, NULL),
};

API_MAIN("storage", TESTS)
