/* The journal: durable before the first byte, one owner at a time, one open intent a number. */
#include "protocol/client/journal.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/client_disk.h"
#include "tests/unit/client_sample.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SERVER "http://127.0.0.1:8420"
#define TOKEN  "north-ana-0123456789abcdef"

static const struct journal_account ANA = {.server = SERVER, .token = TOKEN};

struct place {
    char directory[TEMP_DIR_SIZE];
    char *path;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    if (place == NULL) return -1;
    temp_dir_make(place->directory);
    place->path = support_format("%s/state/invonce/journal.sqlite", place->directory);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    temp_dir_remove(place->directory);
    free(place->path);
    free(place);
    return 0;
}

static struct journal *open_as(const char *path, const struct journal_account *account)
{
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    struct journal *journal = journal_open(path, account, sentence);
    if (journal == NULL) support_die("%s", sentence);
    return journal;
}

/* Records one for that number and gives its key. */
static void record(struct journal *journal, const char *number, char key[IDEMPOTENCY_KEY_SIZE])
{
    struct intent *intent = client_sample_intent(number);
    enum journal_status status = journal_record(journal, intent);
    if (status != JOURNAL_OK) support_die("%s", journal_sentence(journal));
    if (key != NULL) memcpy(key, intent->key, sizeof intent->key);
    intent_free(intent);
}

static enum journal_status try_record(struct journal *journal, const char *number)
{
    struct intent *intent = client_sample_intent(number);
    enum journal_status status = journal_record(journal, intent);
    intent_free(intent);
    return status;
}

static mode_t mode_of(const char *path)
{
    struct stat is;
    assert_int_equal(stat(path, &is), 0);
    return is.st_mode & 07777;
}

static void it_is_for_its_owner_alone(void **state)
{
    struct place *place = *state;
    mode_t before = umask(0);
    struct journal *journal = open_as(place->path, &ANA);
    record(journal, "2026-0042", NULL);
    char *directory = support_format("%s/state/invonce", place->directory);
    assert_int_equal(mode_of(directory), 0700);
    assert_int_equal(mode_of(place->path), 0600);
    static const char *const beside[] = {"-wal", "-shm", "-owners"};
    for (size_t i = 0; i < 3; i++) {
        char *path = support_format("%s%s", place->path, beside[i]);
        assert_int_equal(mode_of(path), 0600);
        free(path);
    }
    journal_close(journal);
    assert_int_equal(chmod(place->path, 0644), 0);
    journal_close(open_as(place->path, &ANA));
    assert_int_equal(mode_of(place->path), 0600);
    umask(before);
    free(directory);
}

static void the_token_is_not_in_it(void **state)
{
    struct place *place = *state;
    struct journal *journal = open_as(place->path, &ANA);
    record(journal, "2026-0042", NULL);
    journal_close(journal);
    int file = open(place->path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    char *bytes = calloc(1, 1 << 20);
    assert_non_null(bytes);
    ssize_t length = read(file, bytes, 1 << 20);
    assert_true(length > 4096);
    assert_null(memmem(bytes, (size_t)length, TOKEN, strlen(TOKEN)));
    assert_non_null(memmem(bytes, (size_t)length, "2026-0042", 9));
    free(bytes);
    close(file);
}

/* A child process does it and is killed without warning; what it did is there. */
static void in_a_killed_child(void (*work)(const char *path, void *context), const char *path,
                              void *context)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        work(path, context);
        kill(getpid(), SIGKILL);
        _exit(1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void record_one(const char *path, void *context)
{
    record(open_as(path, &ANA), context, NULL);
}

static void what_is_recorded_survives_a_kill(void **state)
{
    struct place *place = *state;
    char number[] = "2026-0042";
    in_a_killed_child(record_one, place->path, number);
    struct journal *journal = open_as(place->path, &ANA);
    struct journal_entry *entries;
    size_t count;
    assert_int_equal(journal_list_open(journal, &entries, &count), JOURNAL_OK);
    assert_int_equal(count, 1);
    assert_string_equal(entries[0].name, "2026-0042");
    assert_string_equal(entries[0].server, SERVER);
    assert_int_equal(entries[0].state, JOURNAL_OPEN);
    assert_int_equal(entries[0].attempts, 1);
    assert_false(entries[0].busy);
    assert_true(entries[0].created_ms > 1700000000000);
    journal_entries_free(entries, count);

    struct intent *intent, *again = client_sample_intent("2026-0042");
    unsigned attempts;
    assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
    assert_non_null(intent);
    assert_int_equal(attempts, 1);
    assert_string_equal(intent->body, again->body);
    assert_string_equal(intent->fingerprint, again->fingerprint);
    intent_free(intent);
    intent_free(again);
    journal_close(journal);
}

static void what_a_living_process_has_isnt_adopted(void **state)
{
    struct place *place = *state;
    struct journal *first = open_as(place->path, &ANA), *second = open_as(place->path, &ANA);
    char key[IDEMPOTENCY_KEY_SIZE];
    record(first, "2026-0042", key);
    journal_close(open_as(place->path, &ANA)); /* takes nothing from the first */
    struct intent *intent;
    unsigned attempts;
    assert_int_equal(journal_adopt(second, &intent, &attempts), JOURNAL_OK);
    assert_null(intent);
    assert_int_equal(journal_adopt(first, &intent, &attempts), JOURNAL_OK);
    assert_null(intent);
    struct journal_entry *entries;
    size_t count;
    assert_int_equal(journal_list_open(second, &entries, &count), JOURNAL_OK);
    assert_int_equal(count, 1);
    assert_true(entries[0].busy);
    journal_entries_free(entries, count);
    assert_int_equal(journal_attempt_begin(second, key, 2), JOURNAL_HELD);
    assert_non_null(strstr(journal_sentence(second), "nother window"));
    journal_close(first); /* as its process ends */
    assert_int_equal(journal_adopt(second, &intent, &attempts), JOURNAL_OK);
    assert_non_null(intent);
    intent_free(intent);
    journal_close(second);
}

#define RACERS 8

/* Adopts what it can, says how many (below 0: it couldn't), and lives on until told to end. */
static void race(const char *path, int start, int result, int end)
{
    char byte;
    struct journal *journal = open_as(path, &ANA);
    if (read(start, &byte, 1) < 0) _exit(1);
    signed char adopted = 0;
    struct intent *intent;
    unsigned attempts;
    do {
        if (journal_adopt(journal, &intent, &attempts) != JOURNAL_OK) adopted = -100;
        if (intent != NULL) adopted++;
        intent_free(intent);
    } while (intent != NULL && adopted >= 0);
    if (write(result, &adopted, 1) != 1 || read(end, &byte, 1) < 0) _exit(1);
    journal_close(journal);
    _exit(0);
}

static void several_adopt_and_each_intent_has_one_winner(void **state)
{
    struct place *place = *state;
    struct journal *journal = open_as(place->path, &ANA);
    for (int i = 0; i < 20; i++) {
        char *number = support_format("%d", i);
        record(journal, number, NULL);
        free(number);
    }
    journal_close(journal);
    int start[2], result[2], end[2];
    assert_true(pipe(start) == 0 && pipe(result) == 0 && pipe(end) == 0);
    for (int i = 0; i < RACERS; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child > 0) continue;
        close(start[1]);
        close(end[1]);
        race(place->path, start[0], result[1], end[0]);
    }
    close(result[1]);
    close(start[1]); /* all go at once */
    int total = 0;
    for (int i = 0; i < RACERS; i++) {
        signed char adopted = 0;
        assert_int_equal(read(result[0], &adopted, 1), 1);
        total += adopted;
    }
    close(end[1]);
    for (int i = 0; i < RACERS; i++) {
        int status = -1;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(total, 20);
    close(start[0]), close(result[0]), close(end[0]);
}

/* Eight processes find no file at once: all of them get the same one. */
static void several_make_the_file_at_once(void **state)
{
    struct place *place = *state;
    int start[2];
    assert_int_equal(pipe(start), 0);
    for (int i = 0; i < RACERS; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child > 0) continue;
        char byte, *number = support_format("%d", i);
        close(start[1]);
        if (read(start[0], &byte, 1) < 0) _exit(1);
        struct journal *journal = open_as(place->path, &ANA);
        record(journal, number, NULL);
        journal_close(journal);
        free(number);
        _exit(0);
    }
    close(start[1]);
    for (int i = 0; i < RACERS; i++) {
        int status = -1;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    close(start[0]);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents"), RACERS);
    assert_int_equal(rows_number(place->path, "SELECT count(DISTINCT account) FROM intents"), 1);
}

static void an_open_intent_holds_its_number(void **state)
{
    struct place *place = *state;
    struct journal *journal = open_as(place->path, &ANA), *other = open_as(place->path, &ANA);
    char key[IDEMPOTENCY_KEY_SIZE];
    record(journal, "2026-0042", key);
    assert_int_equal(try_record(other, " 2026-0042"), JOURNAL_HELD);
    assert_non_null(strstr(journal_sentence(other), "waiting for confirmation"));
    assert_int_equal(try_record(journal, "2026-0042"), JOURNAL_HELD);
    assert_int_equal(try_record(other, "2026-0043"), JOURNAL_OK);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM attempts"), 2);

    assert_int_equal(journal_settle(journal, key, JOURNAL_UNCONFIRMED, NULL), JOURNAL_OK);
    assert_int_equal(try_record(other, "2026-0042"), JOURNAL_HELD);
    assert_int_equal(journal_settle(journal, key, JOURNAL_CONFLICT, NULL), JOURNAL_OK);
    assert_int_equal(try_record(other, "2026-0042"), JOURNAL_OK);
    journal_close(journal);
    journal_close(other);
}

static void a_key_is_used_once(void **state)
{
    struct place *place = *state;
    struct journal *journal = open_as(place->path, &ANA);
    struct intent *intent = client_sample_intent("2026-0042");
    assert_int_equal(journal_record(journal, intent), JOURNAL_OK);
    assert_int_equal(journal_settle(journal, intent->key, JOURNAL_CREATED, NULL), JOURNAL_OK);
    assert_int_equal(journal_record(journal, intent), JOURNAL_FAILED);
    assert_non_null(strstr(journal_sentence(journal), "used before"));
    intent_free(intent);
    journal_close(journal);
}

/* Accounts don't see each other's intents, and are told apart by server and token. */
static void an_intent_stays_with_its_account(void **state)
{
    struct place *place = *state;
    static const struct journal_account others[] = {
        {SERVER, "north-bob-0123456789abcdef"}, {"http://127.0.0.1:8421", TOKEN}, {SERVER, NULL}};
    struct journal *journal = open_as(place->path, &ANA);
    record(journal, "2026-0042", NULL);
    journal_close(journal);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct intent *intent;
        unsigned attempts;
        journal = open_as(place->path, &others[i]);
        assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
        assert_null(intent);
        assert_int_equal(try_record(journal, "2026-0042"), JOURNAL_OK);
        journal_close(journal);
    }
    const struct journal_account spelt_otherwise = {"HTTP://127.0.0.1:8420/", TOKEN};
    journal = open_as(place->path, &spelt_otherwise);
    assert_int_equal(try_record(journal, "2026-0042"), JOURNAL_HELD);
    journal_close(journal);
}

static void attempts_and_outcomes_are_kept(void **state)
{
    struct place *place = *state;
    struct journal *journal = open_as(place->path, &ANA);
    char key[IDEMPOTENCY_KEY_SIZE];
    record(journal, "2026-0042", key);
    assert_int_equal(journal_attempt_begin(journal, key, 1), JOURNAL_OK);
    assert_int_equal(journal_attempt_end(journal, key, 1, REPLY_NOT_SENT, 0), JOURNAL_OK);
    assert_int_equal(journal_attempt_begin(journal, key, 2), JOURNAL_OK);
    assert_int_equal(journal_attempt_end(journal, key, 2, REPLY_UNKNOWN, 0), JOURNAL_OK);
    assert_int_equal(journal_attempt_begin(journal, key, 3), JOURNAL_OK);
    assert_int_equal(journal_attempt_end(journal, key, 3, REPLY_WHOLE, 201), JOURNAL_OK);
    json_t *result = json_pack("{s:s}", "id", "inv_1");
    assert_int_equal(journal_settle(journal, key, JOURNAL_CREATED, result), JOURNAL_OK);
    json_decref(result);
    json_t *rows = rows_read(place->path,
                             "SELECT attempt, fate, http_status, ended_ms >= begun_ms AS ended "
                             "FROM attempts ORDER BY attempt",
                             NULL);
    char *text = json_dumps(rows, JSON_COMPACT);
    assert_string_equal(text,
                        "[{\"attempt\":1,\"fate\":\"not sent\",\"http_status\":null,\"ended\":1},"
                        "{\"attempt\":2,\"fate\":\"unknown\",\"http_status\":null,\"ended\":1},"
                        "{\"attempt\":3,\"fate\":\"whole\",\"http_status\":201,\"ended\":1}]");
    free(text);
    json_decref(rows);
    rows = rows_read(place->path, "SELECT state, result, owner FROM intents", NULL);
    text = json_dumps(rows, JSON_COMPACT);
    assert_string_equal(
        text, "[{\"state\":\"created\",\"result\":\"{\\\"id\\\":\\\"inv_1\\\"}\",\"owner\":null}]");
    free(text);
    json_decref(rows);
    journal_close(journal);
}

/* Each open intent is offered once a round, the oldest first. */
static void adoption_goes_round(void **state)
{
    struct place *place = *state;
    static const char *const numbers[] = {"1", "2", "3"};
    char keys[3][IDEMPOTENCY_KEY_SIZE];
    struct journal *journal = open_as(place->path, &ANA);
    for (size_t i = 0; i < 3; i++) {
        record(journal, numbers[i], keys[i]);
        assert_int_equal(journal_settle(journal, keys[i], JOURNAL_UNCONFIRMED, NULL), JOURNAL_OK);
    }
    for (int round = 0; round < 2; round++) {
        struct intent *intent;
        unsigned attempts;
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
            assert_non_null(intent);
            assert_string_equal(intent->key, keys[i]);
            intent_free(intent);
            if (i == 0)
                assert_int_equal(journal_release(journal, keys[i]), JOURNAL_OK);
            else
                assert_int_equal(journal_settle(journal, keys[i], JOURNAL_UNCONFIRMED, NULL),
                                 JOURNAL_OK);
        }
        assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
        assert_null(intent);
    }
    journal_close(journal);
}

static void a_rejected_intent_is_never_sent_again(void **state)
{
    struct place *place = *state;
    struct journal *journal = open_as(place->path, &ANA);
    char key[IDEMPOTENCY_KEY_SIZE];
    record(journal, "2026-0042", key);
    assert_int_equal(journal_settle(journal, key, JOURNAL_REJECTED, NULL), JOURNAL_OK);
    assert_int_equal(journal_attempt_begin(journal, key, 2), JOURNAL_FAILED);
    assert_int_equal(journal_attempt_begin(journal, "no-such-key", 1), JOURNAL_FAILED);
    struct intent *intent;
    unsigned attempts;
    assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
    assert_null(intent);
    journal_close(journal);
}

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
    struct journal *journal = open_as(place->path, &ANA);
    record(journal, "2026-0042", NULL);
    journal_close(journal);
    change(place->path,
           "UPDATE intents SET body = CAST(replace(body, '120.00', '120.01') AS BLOB)");
    struct intent *intent;
    unsigned attempts;
    journal = open_as(place->path, &ANA);
    assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
    assert_null(intent);
    assert_int_equal(try_record(journal, "2026-0042"), JOURNAL_HELD);
    journal_close(journal);
}

/* --- what goes wrong --- */

static void refused_with(const char *path, const char *words)
{
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    struct journal *journal = journal_open(path, &ANA, sentence);
    assert_null(journal);
    if (strstr(sentence, words) == NULL || strstr(sentence, path) == NULL)
        fail_msg("\"%s\" doesn't say \"%s\"", sentence, words);
}

static void a_newer_format_is_left_alone(void **state)
{
    struct place *place = *state;
    journal_close(open_as(place->path, &ANA));
    change(place->path, "PRAGMA user_version = 999");
    refused_with(place->path, "newer invonce");
}

static void a_damaged_file_is_left_alone(void **state)
{
    struct place *place = *state;
    journal_close(open_as(place->path, &ANA));
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
    struct journal *journal = open_as(place->path, &ANA);
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(place->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(try_record(journal, "2026-0042"), JOURNAL_FAILED);
    assert_non_null(strstr(journal_sentence(journal), "locked"));
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    assert_int_equal(try_record(journal, "2026-0042"), JOURNAL_OK);
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
        struct journal *journal = journal_open(path, &ANA, sentence);
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
    journal_close(open_as(place->path, &ANA));
    assert_int_equal(chown(place->path, 12345, 12345), 0);
    refused_with(place->path, "who owns it");
}

static void a_full_disk_records_nothing(void **state)
{
    struct place *place = *state;
    disk_install();
    struct journal *journal = open_as(place->path, &ANA);
    char key[IDEMPOTENCY_KEY_SIZE];
    record(journal, "2026-0041", key);
    disk_fill(true);
    assert_int_equal(try_record(journal, "2026-0042"), JOURNAL_FAILED);
    assert_non_null(strstr(journal_sentence(journal), "disk is full"));
    assert_int_equal(journal_attempt_begin(journal, key, 2), JOURNAL_FAILED);
    assert_int_equal(journal_settle(journal, key, JOURNAL_CREATED, NULL), JOURNAL_FAILED);
    disk_fill(false);
    struct journal_entry *entries;
    size_t count;
    assert_int_equal(journal_list_open(journal, &entries, &count), JOURNAL_OK);
    assert_int_equal(count, 1);
    assert_int_equal(entries[0].attempts, 1);
    journal_entries_free(entries, count);
    assert_int_equal(try_record(journal, "2026-0042"), JOURNAL_OK);
    journal_close(journal);
    disk_remove();
}

/* One sync an intent before the first byte; after it, only where a lost outcome would do harm. */
static void durable_is_synced(void **state)
{
    struct place *place = *state;
    disk_install();
    struct journal *journal = open_as(place->path, &ANA);
    char key[IDEMPOTENCY_KEY_SIZE];
    record(journal, "2026-0041", NULL); /* the first one also syncs the new file's head */
    unsigned before = disk_syncs();
    record(journal, "2026-0042", key);
    assert_int_equal(disk_syncs(), before + 1);
    assert_int_equal(journal_attempt_begin(journal, key, 1), JOURNAL_OK); /* it was begun */
    assert_int_equal(journal_attempt_end(journal, key, 1, REPLY_UNKNOWN, 0), JOURNAL_OK);
    assert_int_equal(disk_syncs(), before + 1);
    assert_int_equal(journal_attempt_begin(journal, key, 2), JOURNAL_OK);
    assert_int_equal(disk_syncs(), before + 2);
    assert_int_equal(journal_settle(journal, key, JOURNAL_CREATED, NULL), JOURNAL_OK);
    assert_int_equal(disk_syncs(), before + 2);
    record(journal, "2026-0043", key);
    assert_int_equal(journal_settle(journal, key, JOURNAL_REJECTED, NULL), JOURNAL_OK);
    assert_int_equal(disk_syncs(), before + 4);
    journal_close(journal);
    disk_remove();
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_for_its_owner_alone),
        TEST(the_token_is_not_in_it),
        TEST(what_is_recorded_survives_a_kill),
        TEST(what_a_living_process_has_isnt_adopted),
        TEST(several_adopt_and_each_intent_has_one_winner),
        TEST(several_make_the_file_at_once),
        TEST(an_open_intent_holds_its_number),
        TEST(a_key_is_used_once),
        TEST(an_intent_stays_with_its_account),
        TEST(attempts_and_outcomes_are_kept),
        TEST(adoption_goes_round),
        TEST(a_rejected_intent_is_never_sent_again),
        TEST(changed_bytes_are_not_sent),
        TEST(a_newer_format_is_left_alone),
        TEST(a_damaged_file_is_left_alone),
        TEST(a_locked_file_says_so),
        TEST(links_and_strange_files_are_refused),
        TEST(an_open_directory_is_refused),
        TEST(a_directory_that_cant_be_written),
        TEST(somebody_elses_file),
        TEST(a_full_disk_records_nothing),
        TEST(durable_is_synced),
    };
    return cmocka_run_group_tests_name("client/journal", tests, NULL, NULL);
}
