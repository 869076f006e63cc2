/* The journal on a bad day: damage, locks, strangers, a full disk; and what must be synced. */
#include "protocol/client/journal/journal_draft.h"
#include "protocol/client/journal/journal_last.h"
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/unit/client_disk.h"
#include "tests/unit/client_place.h"
#include "tests/unit/client_sample.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void change(const char *path, const char *sql)
{
    sqlite3 *database = NULL;
    if (sqlite3_open(path, &database) != SQLITE_OK ||
        sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        support_die("%s: %s", sql, sqlite3_errmsg(database));
    sqlite3_close(database);
}

static void changed_bytes_are_not_sent(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    place_record(journal, "2026-0042");
    journal_close(journal);
    change(place->path,
           "UPDATE intents SET body = CAST(replace(body, '120.00', '120.01') AS BLOB)");
    struct intent *intent;
    unsigned attempts;
    journal = place_open(place->path, &PLACE_ANA);
    assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
    assert_null(intent);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_HELD);
    journal_close(journal);
}

static void refused_with(const char *path, const char *words)
{
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    struct journal *journal = journal_open(path, &PLACE_ANA, sentence);
    assert_null(journal);
    if (strstr(sentence, words) == NULL || strstr(sentence, path) == NULL)
        fail_msg("\"%s\" doesn't say \"%s\"", sentence, words);
}

static void a_newer_format_is_left_alone(void **state)
{
    struct place *place = *state;
    journal_close(place_open(place->path, &PLACE_ANA));
    change(place->path, "PRAGMA user_version = 999");
    refused_with(place->path, "newer invonce");
}

/* What is of a kind that isn't known, or can't be read, stays as it was. */
static void an_older_format_keeps_what_it_doesnt_know(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    for (int i = 1; i <= 3; i++) {
        char number[] = {(char)('0' + i), '\0'};
        place_record(journal, number);
    }
    journal_close(journal);
    change(place->path, "UPDATE intents SET scope = 'as it was';"
                        "UPDATE intents SET kind = 'letter' WHERE name = '1';"
                        "UPDATE intents SET body = CAST('{\"half' AS BLOB) WHERE name = '2';"
                        "PRAGMA user_version = 4");
    journal_close(place_open(place->path, &PLACE_ANA));
    assert_int_equal(
        rows_number(place->path, "SELECT count(*) FROM intents WHERE scope = 'as it was'"), 2);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents WHERE name = '3' AND "
                                              "scope = 'as it was'"),
                     0);
}

static void a_database_of_something_else_is_left_alone(void **state)
{
    struct place *place = *state;
    char *path = support_format("%s/other.sqlite", place->directory);
    rows_change(path, "CREATE TABLE intents (theirs TEXT); INSERT INTO intents VALUES ('kept')");
    refused_with(path, "already exists");
    assert_int_equal(rows_number(path, "SELECT count(*) FROM intents WHERE theirs = 'kept'"), 1);
    assert_int_equal(rows_number(path, "SELECT count(*) FROM sqlite_schema"), 1);
    assert_int_equal(rows_number(path, "PRAGMA user_version"), 0);
    free(path);
}

static void a_path_may_be_relative(void **state)
{
    struct place *place = *state;
    int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(before >= 0);
    assert_int_equal(chdir(place->directory), 0);
    struct journal *journal = place_open("journal.sqlite", &PLACE_ANA);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_OK);
    journal_close(journal);
    assert_int_equal(access("journal.sqlite", F_OK), 0);
    assert_int_equal(fchdir(before), 0);
    close(before);
}

static void a_damaged_file_is_left_alone(void **state)
{
    struct place *place = *state;
    journal_close(place_open(place->path, &PLACE_ANA));
    int file = open(place->path, O_WRONLY | O_CLOEXEC);
    assert_true(file >= 0);
    for (int i = 0; i < 256; i++)
        assert_int_equal(write(file, "this is no database, is it?     ", 32), 32);
    close(file);
    refused_with(place->path, "damaged");
    struct stat is;
    assert_int_equal(stat(place->path, &is), 0);
    assert_true(is.st_size >= 256 * 32);
}

static void a_locked_file_says_so(void **state)
{
    struct place *place = *state;
    char sentence[JOURNAL_SENTENCE_MAX];
    struct journal *journal = journal_open(place->path, &PLACE_ANA, sentence);
    sqlite3 *other = NULL;
    assert_non_null(journal);
    assert_int_equal(sqlite3_open(place->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_LOCKED);
    assert_non_null(strstr(journal_sentence(journal), "locked"));
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_OK);
    journal_close(journal);
}

/* Nothing can be had of it, and nothing is done, until it can be opened. */
static void a_file_locked_against_all_is_opened_later(void **state)
{
    struct place *place = *state;
    char sentence[JOURNAL_SENTENCE_MAX];
    struct journal_entry *entries = NULL;
    struct journal_draft draft;
    size_t count = 0;
    sqlite3 *other = NULL;
    journal_close(place_open(place->path, &PLACE_ANA));
    assert_int_equal(sqlite3_open(place->path, &other), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", NULL, NULL, NULL),
        SQLITE_OK);
    struct journal *journal = journal_open(place->path, &PLACE_ANA, sentence);
    assert_non_null(journal);
    assert_int_equal(journal_ready(journal), JOURNAL_LOCKED);
    assert_non_null(strstr(journal_sentence(journal), "locked"));
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_LOCKED);
    assert_int_equal(journal_list_open(journal, &entries, &count), JOURNAL_LOCKED);
    assert_int_equal(journal_draft_find(journal, "invoice", &draft), JOURNAL_LOCKED);
    assert_null(journal_last_created(journal, "invoice"));
    assert_false(journal_holds_scope(journal, "2026-0042"));
    assert_int_equal(journal_prune(journal, 0), JOURNAL_LOCKED);
    assert_int_equal(journal_identify(journal, "north"), JOURNAL_LOCKED);
    sqlite3_close(other);
    assert_int_equal(journal_ready(journal), JOURNAL_OK);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_OK);
    journal_close(journal);
}

static void links_and_strange_files_are_refused(void **state)
{
    struct place *place = *state;
    char *elsewhere = support_format("%s/elsewhere", place->directory);
    char *link = support_format("%s/link", place->directory);
    assert_int_equal(symlink(elsewhere, link), 0);
    refused_with(link, "symbolic link");
    assert_int_equal(access(elsewhere, F_OK), -1);
    refused_with(place->directory, "");
    char *under_a_file = temp_dir_write(place->directory, "file", "x", 1);
    char *path = support_format("%s/journal", under_a_file);
    refused_with(path, "");
    free(path);
    free(under_a_file);
    free(link);
    free(elsewhere);
}

/* What tells which processes live can't be had: nor can the journal. */
static void a_file_of_owners_that_is_none(void **state)
{
    struct place *place = *state;
    journal_close(place_open(place->path, &PLACE_ANA));
    char *owners = support_format("%s-owners", place->path);
    assert_int_equal(unlink(owners), 0);
    assert_int_equal(mkdir(owners, 0700), 0);
    refused_with(place->path, "Is a directory");
    assert_int_equal(rmdir(owners), 0);
    journal_close(place_open(place->path, &PLACE_ANA));
    free(owners);
}

static void an_open_directory_is_refused(void **state)
{
    struct place *place = *state;
    assert_int_equal(chmod(place->directory, 0777), 0);
    char *path = support_format("%s/journal", place->directory);
    refused_with(path, "permissions");
    assert_int_equal(chmod(place->directory, 0700), 0);
    free(path);
}

/* In a child that gave up root's rights: exits 0 if the sentence has the words. */
static void refused_to_nobody(const char *path, const char *words)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char sentence[JOURNAL_SENTENCE_MAX] = "";
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(2);
        struct journal *journal = journal_open(path, &PLACE_ANA, sentence);
        _exit(journal != NULL ? 3 : strstr(sentence, words) == NULL ? 4 : 0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : 99, 0);
}

static void a_directory_that_cant_be_written(void **state)
{
    struct place *place = *state;
    assert_int_equal(chmod(place->directory, 0555), 0);
    refused_to_nobody(place->path, "check who owns it");
    assert_int_equal(chmod(place->directory, 0755), 0);
}

static void somebody_elses_file(void **state)
{
    struct place *place = *state;
    if (geteuid() != 0) skip(); /* only root can give files away */
    journal_close(place_open(place->path, &PLACE_ANA));
    assert_int_equal(chown(place->path, 12345, 12345), 0);
    refused_with(place->path, "who owns it");
}

static void a_full_disk_records_nothing(void **state)
{
    struct place *place = *state;
    disk_install();
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    const struct intent *key = place_record(journal, "2026-0041");
    disk_fill(true);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_FAILED);
    assert_non_null(strstr(journal_sentence(journal), "disk is full"));
    assert_int_equal(place_attempt(journal, key, 2), JOURNAL_FAILED);
    assert_int_equal(journal_settle(journal, key, JOURNAL_CREATED, NULL), JOURNAL_FAILED);
    disk_fill(false);
    struct journal_entry *entries;
    size_t count;
    assert_int_equal(journal_list_open(journal, &entries, &count), JOURNAL_OK);
    assert_int_equal(count, 1);
    assert_int_equal(entries[0].attempts, 1);
    journal_entries_free(entries, count);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_OK);
    journal_close(journal);
    disk_remove();
}

/* One sync an intent before the first byte; after it, only where a lost outcome would do harm. */
static void durable_is_synced(void **state)
{
    struct place *place = *state;
    disk_install();
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    const struct intent *key;
    place_record(journal, "2026-0041"); /* the first one also syncs the new file's head */
    unsigned before = disk_syncs();
    key = place_record(journal, "2026-0042");
    assert_int_equal(disk_syncs(), before + 1);
    assert_int_equal(journal_attempt_end(journal, key, 1, REPLY_UNKNOWN, 0), JOURNAL_OK);
    assert_int_equal(disk_syncs(), before + 1);
    assert_int_equal(place_attempt(journal, key, 2), JOURNAL_OK);
    assert_int_equal(disk_syncs(), before + 2);
    assert_int_equal(journal_settle(journal, key, JOURNAL_CREATED, NULL), JOURNAL_OK);
    assert_int_equal(disk_syncs(), before + 2);
    key = place_record(journal, "2026-0043");
    assert_int_equal(journal_settle(journal, key, JOURNAL_REJECTED, NULL), JOURNAL_OK);
    assert_int_equal(disk_syncs(), before + 4);
    journal_close(journal);
    disk_remove();
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, place_set_up, place_tear_down)

/* It is open, and its files are gone: what is written to them now is nowhere after a crash. */
static void files_that_were_taken_away(void **state)
{
    struct place *place = *state;
    char *log = support_format("%s-wal", place->path);
    const char *const taken[] = {place->path, log};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        char *aside = support_format("%s.aside", taken[i]);
        struct journal *journal = place_open(place->path, &PLACE_ANA);
        const struct intent *key = place_record(journal, i == 0 ? "2026-0001" : "2026-0002");
        assert_int_equal(rename(taken[i], aside), 0);
        assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_FAILED);
        assert_non_null(strstr(journal_sentence(journal), "removed or replaced"));
        assert_int_equal(place_attempt(journal, key, 2), JOURNAL_FAILED);
        free(temp_dir_write(place->directory, strrchr(taken[i], '/') + 1, "", 0));
        assert_int_equal(place_attempt(journal, key, 2), JOURNAL_FAILED);
        assert_int_equal(rename(aside, taken[i]), 0);
        assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_OK);
        assert_int_equal(journal_settle(journal, key, JOURNAL_REJECTED, NULL), JOURNAL_OK);
        journal_close(journal);
        change(place->path, "DELETE FROM attempts; DELETE FROM intents");
        free(aside);
    }
    free(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(changed_bytes_are_not_sent),
        TEST(a_newer_format_is_left_alone),
        TEST(an_older_format_keeps_what_it_doesnt_know),
        TEST(a_database_of_something_else_is_left_alone),
        TEST(a_path_may_be_relative),
        TEST(a_damaged_file_is_left_alone),
        TEST(a_locked_file_says_so),
        TEST(a_file_locked_against_all_is_opened_later),
        TEST(links_and_strange_files_are_refused),
        TEST(a_file_of_owners_that_is_none),
        TEST(an_open_directory_is_refused),
        TEST(a_directory_that_cant_be_written),
        TEST(somebody_elses_file),
        TEST(a_full_disk_records_nothing),
        TEST(durable_is_synced),
        TEST(files_that_were_taken_away),
    };
    return cmocka_run_group_tests_name("client/journal trouble", tests, NULL, NULL);
}
