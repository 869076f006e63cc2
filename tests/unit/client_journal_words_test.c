/* Why the journal can't be had, in words: what was wrong with the disk or the file, and which
 * program has it locked. */
#include "protocol/client/journal/journal_file.h"
#include "tests/support/support.h"
#include "tests/unit/client_place.h"
#include "tests/unit/failing_sqlite.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void each_errno_says_what_to_do(void **unused)
{
    (void)unused;
    static const struct {
        int error;
        const char *words;
    } rows[] = {
        {ENOSPC, "make room"},     {EDQUOT, "make room"},
        {EFBIG, "make room"},      {EACCES, "who owns it"},
        {EPERM, "who owns it"},    {EROFS, "who owns it"},
        {ELOOP, "symbolic link"},  {ENOLCK, "no locks"},
        {EOPNOTSUPP, "no locks"},  {ENOSYS, "no locks"},
        {EINVAL, "no locks"},      {EAGAIN, "another program holds it locked"},
        {ENOMEM, "out of memory"}, {EISDIR, "Is a directory"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char sentence[JOURNAL_SENTENCE_MAX];
        journal_file_explain_errno(rows[i].error, "/a/journal", sentence);
        if (strstr(sentence, rows[i].words) == NULL) fail_msg("\"%s\"", sentence);
        assert_ptr_equal(strstr(sentence, "The journal /a/journal: "), sentence);
    }
}

static void each_failure_of_sqlite_too(void **state)
{
    static const struct {
        int code;
        const char *words;
    } rows[] = {
        {SQLITE_FULL, "make room"},
        {SQLITE_READONLY, "who owns it"},
        {SQLITE_PERM, "who owns it"},
        {SQLITE_CANTOPEN, "Input/output error"}, /* one can be made there, so that isn't why */
        {SQLITE_IOERR, "the disk failed"},
        {SQLITE_CORRUPT, "damaged"},
        {SQLITE_NOTADB, "damaged"},
        {SQLITE_NOMEM, "out of memory"},
        {SQLITE_BUSY, "another program holds it locked"},
        {SQLITE_LOCKED, "another program holds it locked"},
        {SQLITE_PROTOCOL, "another program holds it locked"},
        {SQLITE_MISUSE, "not an error"}, /* SQLite's own words: here it knows of none */
    };
    struct place *place = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char sentence[JOURNAL_SENTENCE_MAX];
        struct journal *journal = journal_open(place->path, &PLACE_ANA, sentence);
        assert_non_null(journal);
        bool locked = strstr(rows[i].words, "locked") != NULL;
        failing_sqlite_arm(1, rows[i].code);
        enum journal_status status = place_try_record(journal, "2026-0042");
        assert_true(failing_sqlite_disarm());
        assert_int_equal(status, locked ? JOURNAL_LOCKED : JOURNAL_FAILED);
        if (strstr(journal_sentence(journal), rows[i].words) == NULL)
            fail_msg("%d: \"%s\"", rows[i].code, journal_sentence(journal));
        journal_close(journal);
    }
}

/* --- who has it locked --- */

/* A process that has it locked until it is ended. */
static pid_t lock_in_a_child(const struct place *place, const char *how)
{
    int ready = eventfd(0, EFD_CLOEXEC);
    eventfd_t once;
    journal_close(place_open(place->path, &PLACE_ANA));
    pid_t child = fork();
    assert_true(ready >= 0 && child >= 0);
    if (child == 0) {
        sqlite3 *database = NULL;
        prctl(PR_SET_NAME, "lo\x01ker\xC3\xA9 1");
        if (sqlite3_open(place->path, &database) != SQLITE_OK ||
            sqlite3_exec(database, how, NULL, NULL, NULL) != SQLITE_OK ||
            eventfd_write(ready, 1) != 0)
            _exit(1);
        for (;;)
            pause();
    }
    assert_int_equal(eventfd_read(ready, &once), 0);
    close(ready);
    return child;
}

static void end_child(pid_t child)
{
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void its_process_is_named(void **state)
{
    static const char *const LOCKS[] = {"BEGIN IMMEDIATE",
                                        "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE"};
    struct place *place = *state;
    for (size_t i = 0; i < sizeof LOCKS / sizeof *LOCKS; i++) {
        char sentence[JOURNAL_SENTENCE_MAX];
        pid_t child = lock_in_a_child(place, LOCKS[i]);
        struct journal *journal = journal_open(place->path, &PLACE_ANA, sentence);
        assert_non_null(journal);
        assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_LOCKED);
        char *words = support_format("process %ld (lo?ker?? 1) holds it locked", (long)child);
        if (strstr(journal_sentence(journal), words) == NULL)
            fail_msg("\"%s\"", journal_sentence(journal));
        end_child(child);
        assert_int_equal(place_try_record(journal, "2026-0042"),
                         i == 0 ? JOURNAL_OK : JOURNAL_HELD);
        free(words);
        journal_close(journal);
    }
}

static struct {
    char sentence[JOURNAL_SENTENCE_MAX];
    int interrupt;
    int times;
} told;

static void hear_and_interrupt(const char *sentence)
{
    snprintf(told.sentence, sizeof told.sentence, "%s", sentence);
    told.times++;
    if (eventfd_write(told.interrupt, 1) != 0) support_die("eventfd");
}

/* What is waited for is told, and whoever hears it can have the waiting ended. */
static void waiting_is_told_and_can_be_ended(void **state)
{
    struct place *place = *state;
    char sentence[JOURNAL_SENTENCE_MAX];
    told.interrupt = eventfd(0, EFD_CLOEXEC);
    const struct journal_patience patience = {
        .budget_ms = PATIENCE_MS, .tell = hear_and_interrupt, .interrupt = told.interrupt};
    pid_t child = lock_in_a_child(place, "BEGIN IMMEDIATE");
    struct journal *journal = journal_open_patiently(place->path, &PLACE_ANA, &patience, sentence);
    assert_non_null(journal);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_FAILED);
    assert_int_equal(told.times, 1);
    char *words = support_format("process %ld (", (long)child);
    assert_non_null(strstr(told.sentence, words));
    assert_non_null(strstr(told.sentence, "Waiting for it"));
    end_child(child);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_OK);
    free(words);
    journal_close(journal);
    close(told.interrupt);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, place_set_up, place_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_errno_says_what_to_do),
        TEST(each_failure_of_sqlite_too),
        TEST(its_process_is_named),
        TEST(waiting_is_told_and_can_be_ended),
    };
    return cmocka_run_group_tests_name("client/journal words", tests, NULL, NULL);
}
