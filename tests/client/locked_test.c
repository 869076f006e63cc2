/* `invonce create` and `invonce outbox` where the journal can't be had: another program has it
 * locked, or its file system has no locks. They say so soon, and leave nothing half done. */
#include "tests/client/account.h"
#include "tests/client/stage.h"
#include "tests/support/http.h"
#include "tests/support/preload.h"
#include "tests/support/rows.h"

#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NUMBER "2026-0042"

/* Another program, that has the journal locked until it is closed. */
static sqlite3 *lock(const struct stage *stage, const char *how)
{
    sqlite3 *other = NULL;
    struct process_result made =
        room_run(&stage->room, (const char *const[]){"outbox", "resume", NULL});
    assert_int_equal(made.code, 0);
    process_result_clear(&made);
    assert_int_equal(sqlite3_open(stage->room.journal, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, how, NULL, NULL, NULL), SQLITE_OK);
    return other;
}

#define AGAINST_WRITERS "BEGIN IMMEDIATE"
#define AGAINST_ALL     "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE"

struct said {
    const struct process *process;
    const char *words;
};

static bool has_said(void *context)
{
    const struct said *said = context;
    char *errors = process_errors(said->process);
    bool found = strstr(errors, said->words) != NULL;
    free(errors);
    return found;
}

/* It says so, and goes on when the lock is gone. */
static void is_waited_for(struct stage *stage, const char *how)
{
    struct process process;
    sqlite3 *other = lock(stage, how);
    char *file = room_write_invoice(&stage->room, NUMBER);
    room_start(&stage->room, &process, (const char *const[]){"create", file, NULL});
    char *words = support_format("journal.db: process %ld (", (long)getpid());
    struct said said = {&process, words};
    assert_true(support_wait_until(has_said, &said, PATIENCE_MS));
    free(words);
    said.words = "holds it locked. Waiting for it";
    assert_true(has_said(&said));
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM audit"), 0);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    assert_int_equal(process_wait(&process, PATIENCE_MS), 0);
    process_clear(&process);
    free(file);
    account_expect(account_of_one(&stage->mock, &stage->room, NUMBER));
}

static void a_lock_is_waited_for(void **state)
{
    is_waited_for(*state, AGAINST_WRITERS);
}

static void a_lock_against_all_is_waited_for(void **state)
{
    is_waited_for(*state, AGAINST_ALL);
}

/* As long as there is time to send, and no longer; then the same command goes on. */
static void patience_ends(void **state)
{
    static const char *const LOCKS[] = {AGAINST_WRITERS, AGAINST_ALL};
    struct stage *stage = *state;
    char *file = room_write_invoice(&stage->room, NUMBER);
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=2s");
    for (size_t i = 0; i < sizeof LOCKS / sizeof *LOCKS; i++) {
        sqlite3 *other = lock(stage, LOCKS[i]);
        struct process_result result = room_create(&stage->room, file);
        assert_int_equal(result.code, 1);
        assert_string_equal(result.output, "");
        assert_non_null(strstr(result.errors, "holds it locked; end it, or try again"));
        process_result_clear(&result);
        assert_int_equal(sqlite3_close(other), SQLITE_OK);
        assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM audit"), 0);
        assert_int_equal(rows_number(stage->room.journal, "SELECT count(*) FROM intents"), 0);
    }
    room_unset(&stage->room, "INVONCE_RETRY_BUDGET");
    struct process_result result = room_create(&stage->room, file);
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    account_expect(account_of_one(&stage->mock, &stage->room, NUMBER));
    free(file);
}

/* Ctrl-C gets out of each of them, whatever the lock. */
static void waiting_can_be_interrupted(void **state)
{
    static const char *const LOCKS[] = {AGAINST_WRITERS, AGAINST_ALL};
    struct stage *stage = *state;
    char *file = room_write_invoice(&stage->room, NUMBER);
    const char *const create[] = {"create", file, NULL};
    const char *const resume[] = {"outbox", "resume", NULL};
    for (size_t i = 0; i < 2; i++) {
        struct process process;
        sqlite3 *other = lock(stage, LOCKS[i]);
        room_start(&stage->room, &process, i == 0 ? create : resume);
        struct said said = {&process, "Waiting for it"};
        assert_true(support_wait_until(has_said, &said, PATIENCE_MS));
        process_signal(&process, SIGINT);
        assert_int_equal(process_wait(&process, PATIENCE_MS), PROCESS_SIGNAL_BASE + SIGINT);
        process_clear(&process);
        assert_int_equal(sqlite3_close(other), SQLITE_OK);
    }
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM audit"), 0);
    free(file);
}

/* Writing is what the lock stops: the list can be read. */
static void the_list_is_told_under_a_lock(void **state)
{
    struct stage *stage = *state;
    sqlite3 *other = lock(stage, AGAINST_WRITERS);
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"outbox", "list", NULL});
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

/* How an attempt ended and what became of the intent are one commit, whenever the lock goes. */
static void an_outcome_has_its_attempts_end(void **state)
{
    struct stage *stage = *state;
    struct process process;
    assert_int_equal(mock_stop(&stage->mock), 0);
    assert_true(room_server_again(
        &stage->mock,
        (const char *const[]){"--faults-api", "--fault", "delay-after-commit" MOCK_HOLDS, NULL}));
    char *file = room_write_invoice(&stage->room, NUMBER);
    room_start(&stage->room, &process, (const char *const[]){"create", file, NULL});
    while (account_records(&stage->mock, NUMBER) == 0)
        assert_int_equal(process_wait(&process, 10), PROCESS_RUNNING);
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(stage->room.journal, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, AGAINST_WRITERS, NULL, NULL, NULL), SQLITE_OK);
    mock_let_go(&stage->mock);
    struct said said = {&process, "Waiting for it"};
    assert_true(support_wait_until(has_said, &said, PATIENCE_MS));
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    assert_int_equal(process_wait(&process, PATIENCE_MS), 0);
    process_clear(&process);
    free(file);
    assert_int_equal(rows_number(stage->room.journal,
                                 "SELECT count(*) FROM intents JOIN attempts ON intent = id"
                                 " WHERE state = 'created' AND ended_ms IS NOT NULL"),
                     1);
    account_expect(account_of_one(&stage->mock, &stage->room, NUMBER));
}

static void a_file_system_without_locks(void **state)
{
    struct stage *stage = *state;
    char *file = room_write_invoice(&stage->room, NUMBER);
    const char *const commands[][3] = {
        {"create", file, NULL}, {"outbox", "list", NULL}, {"outbox", "resume", NULL}};
    char *preload = preload_variable("no-locks");
    room_set(&stage->room, preload);
    free(preload);
    room_set(&stage->room, PRELOAD_ASAN_NO_LEAKS);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct process_result result = room_run(&stage->room, commands[i]);
        assert_int_equal(result.code, 1);
        assert_non_null(strstr(result.errors, "has no locks"));
        process_result_clear(&result);
    }
    room_unset(&stage->room, "LD_PRELOAD");
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM audit"), 0);
    free(file);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(a_lock_is_waited_for),
        TEST(a_lock_against_all_is_waited_for),
        TEST(patience_ends),
        TEST(waiting_can_be_interrupted),
        TEST(the_list_is_told_under_a_lock),
        TEST(an_outcome_has_its_attempts_end),
        TEST(a_file_system_without_locks),
    };
    return cmocka_run_group_tests_name("client/locked", tests, NULL, NULL);
}
