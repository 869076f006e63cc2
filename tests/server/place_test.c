/* The store's files are removed, replaced, moved or cut under a running server: no 201 for what is
 * gone, and no more of the old file's answers. */
#include "tests/server/api.h"

#include "tests/support/process.h"
#include "tests/support/rows.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_ready(void *mock)
{
    struct http_reply reply = api_get(mock, NULL, "/readyz");
    bool ready = reply.status == 200;
    http_reply_clear(&reply);
    return ready;
}

static struct http_reply create(const struct mock *mock, const char *number)
{
    return api_create_sample(mock, number, number, NULL);
}

static void assert_created(const struct mock *mock, const char *number, bool again)
{
    struct http_reply reply = create(mock, number);
    api_assert_status(&reply, 201);
    assert_int_equal(api_is_replay(&reply), again);
    http_reply_clear(&reply);
}

static void assert_refused(struct http_reply *reply)
{
    if (reply->status < 500) fail_msg("status %d: %s", reply->status, reply->body);
    assert_string_equal(http_header(reply, "content-type"), "application/problem+json");
    assert_string_equal(api_text(reply, "/effect"), "unknown");
    assert_string_equal(api_text(reply, "/retry"), "same_key");
    http_reply_clear(reply);
}

/* Once it is noticed, by the first that is to be saved, the old file says nothing more. */
static void assert_out_of_service(struct mock *mock)
{
    struct http_reply lost = create(mock, "2");
    assert_refused(&lost);
    struct http_reply known = create(mock, "1");
    assert_refused(&known);
    struct http_reply list = api_get(mock, TOKEN_ANA, "/v1/invoices");
    assert_in_range(list.status, 500, 503);
    http_reply_clear(&list);
    struct http_reply unready = api_get(mock, NULL, "/readyz");
    api_assert_problem(&unready, "too-busy");
    http_reply_clear(&unready);
}

static char *path_of(const struct mock *mock, const char *ending)
{
    return support_format("%s%s", mock->store, ending);
}

static void remove_file(const struct mock *mock, const char *ending)
{
    char *path = path_of(mock, ending);
    assert_int_equal(unlink(path), 0);
    free(path);
}

static void remove_main(const struct mock *mock)
{
    remove_file(mock, "");
}

static void remove_log(const struct mock *mock)
{
    remove_file(mock, "-wal");
}

static void remove_log_index(const struct mock *mock)
{
    remove_file(mock, "-shm");
}

static void remove_all(const struct mock *mock)
{
    remove_main(mock);
    remove_log(mock);
    remove_log_index(mock);
}

static void replace(const struct mock *mock)
{
    char *aside = path_of(mock, ".aside");
    assert_int_equal(rename(mock->store, aside), 0);
    int file = open(mock->store, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    close(file);
    free(aside);
}

static void cut_off(const struct mock *mock)
{
    assert_int_equal(truncate(mock->store, 4096), 0);
}

static void empty(const struct mock *mock)
{
    assert_int_equal(truncate(mock->store, 0), 0);
}

static void cut_log(const struct mock *mock, off_t size)
{
    char *path = path_of(mock, "-wal");
    assert_int_equal(truncate(path, size), 0);
    free(path);
}

static void empty_log(const struct mock *mock)
{
    cut_log(mock, 0);
}

static void cut_log_off(const struct mock *mock)
{
    cut_log(mock, 32 + 5 * (24 + 4096));
}

static void run(const char *const *argv)
{
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    if (result.code != 0) fail_msg("%s: %s%s", argv[0], result.output, result.errors);
    process_result_clear(&result);
}

/* An older copy, that is a sound store of its own; not so much smaller that SQLite wonders. */
static void write_over(const struct mock *mock)
{
    char *copy = path_of(mock, ".copy");
    char *make = support_format("VACUUM INTO '%s'", copy);
    rows_change(mock->store, make);
    rows_change(mock->store, "CREATE TABLE much (x); INSERT INTO much VALUES (zeroblob(50000));"
                             "PRAGMA wal_checkpoint(TRUNCATE)");
    assert_created(mock, "3", false);
    run((const char *const[]){"/bin/cp", copy, mock->store,
                              NULL}); /* into the file that is there */
    free(make);
    free(copy);
}

static const struct {
    void (*harm)(const struct mock *mock);
    const char *said;
} HARMS[] = {
    {remove_main, "it, or a file beside it"}, /* SQLite may have made another */
    {remove_log, "it, or a file beside it"},
    {remove_log_index, "it, or a file beside it"},
    {remove_all, "it, or a file beside it"},
    {replace, "replaced"},
    {cut_off, "cut short"},
    {empty, "cut short"},
    {write_over, "it was cut short"},
    {empty_log, "the log beside it was cut short"},
    {cut_log_off, "the log beside it was cut short"},
};

static void a_store_that_is_gone_is_not_written_to(void **state)
{
    struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(HARMS); i++) {
        api_fresh(mock, NULL);
        assert_created(mock, "1", false);
        assert_created(mock, "1", true);
        HARMS[i].harm(mock);
        assert_out_of_service(mock);
        char *log = api_whole_log(mock);
        const char *told = strstr(log, "nothing is read or saved");
        print_message("%.300s\n", told ? told : "nothing was told");
        assert_non_null(told);
        assert_non_null(strstr(told, HARMS[i].said));
        free(log);
        mock_kill(mock);
    }
}

/* Whoever put it there finds it as it was, once the server has ended. */
static void an_older_copy_that_was_written_over_stays_whole(void **state)
{
    struct mock *mock = *state;
    assert_created(mock, "1", false);
    write_over(mock);
    assert_out_of_service(mock);
    free(api_whole_log(mock));
    char *copy = path_of(mock, ".copy");
    run((const char *const[]){"/usr/bin/cmp", copy, mock->store, NULL});
    free(copy);
}

static void a_directory_that_comes_back_is_taken_up_again(void **state)
{
    struct mock *mock = *state;
    char *aside = support_format("%s-aside", mock->directory);
    assert_created(mock, "1", false);
    assert_int_equal(rename(mock->directory, aside), 0);
    assert_out_of_service(mock);
    assert_int_equal(rename(aside, mock->directory), 0);
    assert_true(support_wait_until(is_ready, mock, PATIENCE_MS));
    assert_created(mock, "1", true);
    struct http_reply second = create(mock, "2");
    api_assert_status(&second, 201);
    http_reply_clear(&second);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 2);
    free(aside);
}

static void a_store_that_was_made_smaller_is_none_that_was_cut(void **state)
{
    const struct mock *mock = *state;
    rows_change(mock->store, "CREATE TABLE much (x); INSERT INTO much VALUES (zeroblob(1000000));"
                             "PRAGMA wal_checkpoint(TRUNCATE)");
    assert_created(mock, "1", false);
    rows_change(mock->store, "DROP TABLE much");
    rows_change(mock->store, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    struct stat now;
    assert_int_equal(stat(mock->store, &now), 0);
    assert_true(now.st_size < 1000000);
    assert_created(mock, "2", false);
    assert_created(mock, "1", true);
}

/* Its file is emptied, and shorter than it was: SQLite did it, and there is nothing to lose. */
static void a_log_that_was_started_anew_is_none_that_was_cut(void **state)
{
    const struct mock *mock = *state;
    for (int i = 1; i <= 5; i++) {
        char number[2] = {(char)('0' + i), '\0'};
        assert_created(mock, number, false);
        rows_change(mock->store, "PRAGMA wal_checkpoint(TRUNCATE)");
        struct http_reply refused = create(mock, ""); /* after which nothing is in the log */
        assert_int_not_equal(refused.status, 500);
        http_reply_clear(&refused);
        assert_created(mock, number, true);
    }
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 5);
}

static void a_store_that_a_newer_version_took_over_is_left_alone(void **state)
{
    struct mock *mock = *state;
    assert_created(mock, "1", false);
    int64_t version = rows_number(mock->store, "PRAGMA user_version");
    rows_change(mock->store, "PRAGMA user_version = 9999");
    assert_out_of_service(mock);
    char *back = support_format("PRAGMA user_version = %d", (int)version);
    rows_change(mock->store, back);
    free(back);
    assert_true(support_wait_until(is_ready, mock, PATIENCE_MS));
    assert_created(mock, "2", false);
}

static const struct CMUnitTest TESTS[] = {
    UNSTARTED_TEST(a_store_that_is_gone_is_not_written_to),
    SERVER_TEST(an_older_copy_that_was_written_over_stays_whole, NULL),
    SERVER_TEST(a_directory_that_comes_back_is_taken_up_again, NULL),
    SERVER_TEST(a_store_that_was_made_smaller_is_none_that_was_cut, NULL),
    SERVER_TEST(a_log_that_was_started_anew_is_none_that_was_cut, NULL),
    SERVER_TEST(a_store_that_a_newer_version_took_over_is_left_alone, NULL),
};

API_MAIN("place", TESTS)
