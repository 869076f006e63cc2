/* What happened to an intent in another window, between this one's steps: settled, gone, or its
 * number waited for; and a journal that another program has locked for a while. */
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/unit/client_sample.h"
#include "tests/unit/client_stage.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NORTH "{\"tenant\":\"north\",\"user\":\"ana\"}"

static void press_until(struct terminal *terminal, enum submission_state state)
{
    terminal_press(terminal);
    while (terminal_submission(terminal).state != state)
        assert_true(submitter_advance(terminal->submitter, terminal_now_ms(terminal)));
}

/* As another window does it. */
static void settle_elsewhere(const struct stage *stage, const char *state, const char *result)
{
    char *script =
        sqlite3_mprintf("UPDATE intents SET state = %Q, result = %Q, owner = NULL", state, result);
    assert_non_null(script);
    rows_change(stage->journal, script);
    sqlite3_free(script);
}

/* The conflict that a server would tell of this number. */
static char *conflict_of(const struct stage *stage)
{
    char *changes = support_format("{\"existing\":%s}", stage->record);
    char *problem = client_sample_problem(PROBLEM_TAKEN, changes);
    free(changes);
    return problem;
}

static void its_outcome_is_the_answer(void **state)
{
    struct stage *stage = *state;
    char *conflict = conflict_of(stage);
    char *rejection = client_sample_problem(
        PROBLEM_VALIDATION_FAILED,
        "{\"errors\":[{\"pointer\":\"/number\",\"code\":\"too-long\",\"detail\":\"Too long.\"}]}");
    const struct {
        const char *state, *result;
        enum submission_state ends;
    } rows[] = {
        {"created", stage->record, SUBMISSION_CREATED},
        {"conflict", conflict, SUBMISSION_CONFLICT},
        {"rejected", rejection, SUBMISSION_REJECTED},
        {"rejected", NULL, SUBMISSION_REJECTED},
        {"rejected", "{\"no\":\"problem\"}", SUBMISSION_REJECTED},
    };
    const struct peer_step step = {PEER_ANSWERS, stage->record, 0, 201, NULL};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct peer *peer = peer_start(&step, 1);
        struct terminal terminal = stage_terminal(stage, peer_url(peer));
        press_until(&terminal, SUBMISSION_RECORDED);
        settle_elsewhere(stage, rows[i].state, rows[i].result);
        terminal_run_to_end(&terminal);
        struct submitter_view view = submitter_view(terminal.submitter);
        assert_int_equal(view.submission.state, rows[i].ends);
        assert_int_equal(view.submission.replayed, rows[i].ends == SUBMISSION_CREATED);
        assert_int_equal(view.submission.attempts, 1);
        assert_int_equal(view.record != NULL, rows[i].ends == SUBMISSION_CREATED);
        if (rows[i].result == rejection) assert_int_equal(view.violations->count, 1);
        assert_int_equal(peer_requests(peer), 0);
        terminal_close(&terminal);
        peer_stop(peer);
        rows_change(stage->journal, "DELETE FROM attempts; DELETE FROM intents");
    }
    free(conflict);
    free(rejection);
}

/* What was kept isn't of this body: the server is asked, with the same key. */
static void what_is_not_believed_is_asked_of_the_server(void **state)
{
    struct stage *stage = *state;
    char *other = client_sample_record_text("2026-0043");
    char *taken = client_sample_problem(PROBLEM_TAKEN, NULL);
    const struct {
        const char *state, *result;
    } rows[] = {
        {"created", other},  {"created", NULL},  {"created", "{\"half"},
        {"conflict", taken}, {"conflict", NULL}, {"conflict", "{\"no\":\"problem\"}"},
    };
    const struct peer_step step = {PEER_ANSWERS, stage->record, 0, 201, NULL};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct peer *peer = peer_start(&step, 1);
        struct terminal terminal = stage_terminal(stage, peer_url(peer));
        press_until(&terminal, SUBMISSION_RECORDED);
        char *key = support_format("\"%s\"", submitter_view(terminal.submitter).intent->key);
        settle_elsewhere(stage, rows[i].state, rows[i].result);
        terminal_run_until(&terminal, SUBMISSION_CREATED);
        assert_int_equal(peer_requests(peer), 1);
        assert_non_null(strstr(peer_request(peer, 0), key));
        assert_int_equal(terminal_submission(&terminal).attempts, 2);
        free(key);
        terminal_close(&terminal);
        peer_stop(peer);
        rows_change(stage->journal, "DELETE FROM attempts; DELETE FROM intents");
    }
    free(other);
    free(taken);
}

static void what_is_gone_is_not_sent(void **state)
{
    struct stage *stage = *state;
    const struct peer_step step = {PEER_ANSWERS, stage->record, 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    press_until(&terminal, SUBMISSION_RECORDED);
    rows_change(stage->journal, "DELETE FROM attempts; DELETE FROM intents");
    terminal_run_to_end(&terminal);
    assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_UNCONFIRMED);
    assert_non_null(strstr(submitter_view(terminal.submitter).why, "no such intent"));
    assert_int_equal(peer_requests(peer), 0);
    terminal_close(&terminal);
    peer_stop(peer);
}

/* --- between the question whose the token is, and the intent itself --- */

static const char WHOAMI[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             "Content-Length: 31\r\n\r\n" NORTH;

/* Until the server has the question, and holds it. */
static struct terminal ask(const struct stage *stage, struct peer *peer)
{
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    terminal_ask_whose(&terminal);
    terminal_press(&terminal);
    stage_run_until_requested(&terminal, peer, 1);
    return terminal;
}

static void settled_while_it_was_asked_whose_it_is(void **state)
{
    struct stage *stage = *state;
    char *other = client_sample_record_text("2026-0043");
    const struct peer_step steps[] = {{PEER_HOLDS, WHOAMI, 0, 0, NULL},
                                      {PEER_ANSWERS, stage->record, 0, 201, NULL}};
    for (int believed = 0; believed < 2; believed++) {
        struct peer *peer = peer_start(steps, 2);
        struct terminal terminal = ask(stage, peer);
        settle_elsewhere(stage, "created", believed ? stage->record : other);
        peer_release(peer);
        terminal_run_until(&terminal, SUBMISSION_CREATED);
        assert_int_equal(peer_requests(peer), believed ? 1 : 2);
        terminal_close(&terminal);
        peer_stop(peer);
        rows_change(stage->journal, "DELETE FROM attempts; DELETE FROM intents");
    }
    free(other);
}

/* An older one of its number is on its way: this one's turn comes when that is settled. */
static void its_turn_comes_later(void **state)
{
    struct stage *stage = *state;
    const struct peer_step steps[] = {{PEER_HOLDS, WHOAMI, 0, 0, NULL},
                                      {PEER_ANSWERS, stage->record, 0, 201, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct terminal terminal = ask(stage, peer);
    rows_change(stage->journal,
                "PRAGMA foreign_keys = OFF; UPDATE attempts SET intent = 100;"
                "UPDATE intents SET id = 100;"
                "INSERT INTO intents (id, account, key, kind, server, name, scope, body,"
                " fingerprint, state, created_ms) SELECT 1, account, key || 'x', kind, server, "
                "name, scope, body, fingerprint, 'open', 1"
                " FROM intents");
    peer_release(peer);
    terminal_run_until(&terminal, SUBMISSION_RECORDED);
    assert_non_null(strstr(submitter_view(terminal.submitter).why, "waiting for confirmation"));
    assert_int_equal(peer_requests(peer), 1);
    rows_change(stage->journal, "UPDATE intents SET state = 'rejected' WHERE id = 1");
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_int_equal(peer_requests(peer), 2);
    terminal_close(&terminal);
    peer_stop(peer);
}

static void a_tenant_without_a_name_is_no_answer(void **state)
{
    struct stage *stage = *state;
    const struct peer_step steps[] = {
        {PEER_ANSWERS, "{\"tenant\":\"\",\"user\":\"ana\"}", 0, 200, NULL},
        {PEER_ANSWERS, "{\"tenant\":\"north\"}", 0, 200, NULL},
        {PEER_ANSWERS, "{\"user\":\"ana\"}", 0, 200, NULL},
        {PEER_ANSWERS, "[]", 0, 200, NULL},
        {PEER_ANSWERS, NORTH, 0, 200, NULL},
        {PEER_ANSWERS, stage->record, 0, 201, NULL}};
    struct peer *peer = peer_start(steps, 6);
    struct terminal terminal = ask(stage, peer);
    terminal_run_until(&terminal, SUBMISSION_RECORDED);
    assert_non_null(strstr(submitter_view(terminal.submitter).why, "names no tenant"));
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_int_equal(terminal_submission(&terminal).attempts, 5);
    assert_int_equal(peer_requests(peer), 6);
    terminal_close(&terminal);
    peer_stop(peer);
}

/* --- a lock --- */

static sqlite3 *lock(const struct stage *stage)
{
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(stage->journal, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    return other;
}

/* One step that the lock is in the way of: nothing changes but that it is told, and it comes again
 * soon. */
static void expect_waiting(struct terminal *terminal, enum submission_state state)
{
    assert_false(submitter_advance(terminal->submitter, terminal_now_ms(terminal)));
    struct submitter_view view = submitter_view(terminal->submitter);
    assert_int_equal(view.submission.state, state);
    assert_int_not_equal(view.locked_ms, 0);
    assert_true(submitter_due_ms(terminal->submitter) < INT64_MAX);
    int64_t since_ms = view.locked_ms;
    terminal_turn(terminal); /* again, in vain: it is locked since then */
    assert_int_equal(submitter_view(terminal->submitter).locked_ms, since_ms);
}

static void a_lock_is_waited_for_before_it_is_recorded(void **state)
{
    struct stage *stage = *state;
    const struct peer_step step = {PEER_ANSWERS, stage->record, 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    press_until(&terminal, SUBMISSION_RECORDING);
    sqlite3 *other = lock(stage);
    expect_waiting(&terminal, SUBMISSION_RECORDING);
    sqlite3_close(other);
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_int_equal(submitter_view(terminal.submitter).locked_ms, 0);
    terminal_close(&terminal);
    peer_stop(peer);
}

static void a_lock_is_waited_for_before_an_attempt(void **state)
{
    struct stage *stage = *state;
    const struct peer_step steps[] = {{PEER_CLOSES, NULL, 0, 0, NULL},
                                      {PEER_ANSWERS, stage->record, 0, 201, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    terminal_press(&terminal);
    stage_run_until_requested(&terminal, peer, 1);
    terminal_run_until(&terminal, SUBMISSION_RECORDED);
    terminal_run_until(&terminal, SUBMISSION_SENDING);
    sqlite3 *other = lock(stage);
    expect_waiting(&terminal, SUBMISSION_SENDING);
    assert_int_equal(peer_requests(peer), 1);
    sqlite3_close(other);
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_int_equal(terminal_submission(&terminal).attempts, 2);
    terminal_close(&terminal);
    peer_stop(peer);
}

/* Nobody is told "rejected" of what the next start would send again. */
static void a_lock_is_waited_for_before_a_refusal_is_told(void **state)
{
    struct stage *stage = *state;
    char *problem = client_sample_problem(PROBLEM_VALIDATION_FAILED, NULL);
    const struct peer_step step = {PEER_ANSWERS, problem, 0, 422, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    press_until(&terminal, SUBMISSION_SENDING);
    assert_true(submitter_advance(terminal.submitter, terminal_now_ms(&terminal)));
    sqlite3 *other = lock(stage);
    while (!submitter_is_answered(terminal.submitter))
        assert_true(courier_poll(terminal.context.courier, NULL, NULL, 0, 100));
    expect_waiting(&terminal, SUBMISSION_SENDING);
    sqlite3_close(other);
    terminal_run_until(&terminal, SUBMISSION_REJECTED);
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents WHERE state = 'rejected'"), 1);
    free(problem);
    terminal_close(&terminal);
    peer_stop(peer);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(its_outcome_is_the_answer),
        TEST(what_is_not_believed_is_asked_of_the_server),
        TEST(what_is_gone_is_not_sent),
        TEST(settled_while_it_was_asked_whose_it_is),
        TEST(its_turn_comes_later),
        TEST(a_tenant_without_a_name_is_no_answer),
        TEST(a_lock_is_waited_for_before_it_is_recorded),
        TEST(a_lock_is_waited_for_before_an_attempt),
        TEST(a_lock_is_waited_for_before_a_refusal_is_told),
    };
    return cmocka_run_group_tests_name("client/meanwhile", tests, NULL, NULL);
}
