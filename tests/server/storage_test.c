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

/* What the versions since took away, and without what they brought. */
static const char VERSION_1[] =
    "UPDATE idempotency_keys SET body = (SELECT i.record FROM invoices i"
    " WHERE i.tenant = idempotency_keys.tenant AND 'inv_' || i.id = record_id);"
    "DROP TABLE invoice_years; DELETE FROM facts WHERE name = 'keys_expired_to';"
    "CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at)"
    " WHERE expires_at IS NOT NULL;"
    "CREATE TABLE old_invoices (tenant TEXT NOT NULL, id INTEGER NOT NULL, number TEXT NOT NULL,"
    " number_key TEXT NOT NULL, year INTEGER NOT NULL, customer_id INTEGER NOT NULL,"
    " external_source TEXT, external_id TEXT, record TEXT NOT NULL, PRIMARY KEY (tenant, id));"
    "INSERT INTO old_invoices SELECT tenant, id, number, number_key, year, customer_id,"
    " external_source, external_id, record FROM invoices ORDER BY number DESC;"
    "DROP TABLE invoices; ALTER TABLE old_invoices RENAME TO invoices;"
    "CREATE UNIQUE INDEX invoices_external ON invoices (tenant, external_source, external_id)"
    " WHERE external_source IS NOT NULL;"
    "CREATE INDEX invoices_customer ON invoices (tenant, id >> 12, customer_id, id);"
    "CREATE INDEX invoices_year ON invoices (tenant, year, id);"
    "CREATE TABLE old_audit (tenant TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,"
    " request_id TEXT NOT NULL, user TEXT NOT NULL, endpoint TEXT NOT NULL, key TEXT, number TEXT,"
    " year INTEGER, external_source TEXT, external_id TEXT, outcome TEXT NOT NULL, invoice_id TEXT,"
    " status INTEGER NOT NULL, PRIMARY KEY (tenant, seq)) WITHOUT ROWID;"
    "INSERT INTO old_audit SELECT tenant, seq, at, request_id, user, endpoint, key, number, year,"
    " external_source, external_id, outcome, invoice_id, status FROM audit;"
    "DROP TABLE audit; ALTER TABLE old_audit RENAME TO audit; DROP TABLE tenants;"
    "PRAGMA user_version = 1";

static char *body_of(struct http_reply *reply)
{
    api_assert_status(reply, 200);
    char *body = support_format("%s", reply->body);
    http_reply_clear(reply);
    return body;
}

/* All that a tenant can see of its invoices and its audit. */
static char *sight(const struct mock *mock, const char *token)
{
    struct http_reply list = api_get(mock, token, "/v1/invoices?limit=1000");
    struct http_reply audit = api_get(mock, token, "/v1/audit");
    char *invoices = body_of(&list), *entries = body_of(&audit);
    char *all = support_format("%s\n%s", invoices, entries);
    free(entries);
    free(invoices);
    return all;
}

static void an_older_store_is_brought_up_to_date(void **state)
{
    struct mock *mock = *state;
    for (size_t i = 0; i < 3; i++) {
        struct http_reply reply = create(mock, i);
        api_assert_status(&reply, 201);
        http_reply_clear(&reply);
    }
    struct http_reply south = create_as(mock, TOKEN_EVE, 0);
    api_assert_status(&south, 201);
    http_reply_clear(&south);
    char *ana_before = sight(mock, TOKEN_ANA), *eve_before = sight(mock, TOKEN_EVE);
    assert_int_equal(mock_stop(mock), 0);
    rows_change(mock->store, VERSION_1);
    assert_true(mock_start(mock, NULL));
    assert_int_equal(rows_number(mock->store, "PRAGMA user_version"), 4);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM audit WHERE fault IS NULL"), 4);
    char *ana_after = sight(mock, TOKEN_ANA), *eve_after = sight(mock, TOKEN_EVE);
    assert_string_equal(ana_after, ana_before);
    assert_string_equal(eve_after, eve_before);
    free(eve_after);
    free(eve_before);
    free(ana_after);
    free(ana_before);
    struct http_reply taken = api_create_sample(mock, "\"other\"", "F-1", NULL);
    api_assert_problem(&taken, "invoice-number-taken");
    http_reply_clear(&taken);
    struct http_reply page = api_get(mock, TOKEN_ANA, "/v1/invoices?year=2026");
    assert_int_equal(json_count(json_member(page.json, "data")), 3);
    http_reply_clear(&page);
    for (size_t i = 0; i < 4; i++) {
        struct http_reply reply = create(mock, i);
        api_assert_status(&reply, 201);
        assert_int_equal(api_is_replay(&reply), i < 3);
        http_reply_clear(&reply);
    }
    struct http_reply more = api_get(mock, TOKEN_ANA, "/v1/invoices?year=2026");
    assert_int_equal(json_count(json_member(more.json, "data")), 4);
    http_reply_clear(&more);
}

static void an_older_store_made_otherwise_is_left_alone(void **state)
{
    struct mock *mock = *state;
    static const char *const without[] = {"--without", "unique", NULL};
    api_fresh(mock, without);
    assert_int_equal(mock_stop(mock), 0);
    rows_change(mock->store, VERSION_1);
    assert_start_refused(mock, "--without unique");
    assert_int_equal(rows_number(mock->store, "PRAGMA user_version"), 1);
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
    SERVER_TEST(a_newer_store_is_left_alone, NULL),
    SERVER_TEST(an_older_store_is_brought_up_to_date, NULL),
    SERVER_TEST(two_servers_share_a_store, NULL),
    UNSTARTED_TEST(an_older_store_made_otherwise_is_left_alone),
    SERVER_TEST(somebody_else_s_database_is_left_alone, NULL),
    SERVER_TEST(every_file_of_it_is_for_its_owner_only, NULL),
};

API_MAIN("storage", TESTS)
