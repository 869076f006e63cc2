/* Whole ways of one intent: journal, courier and a scripted server together. */
#include "tests/support/support.h"
#include "tests/unit/client_sample.h"
#include "tests/unit/client_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* --- one answer --- */

static void locked_before_checked_recorded_before_sent(void **state)
{
    struct stage *stage = *state;
    struct peer_step step = {PEER_ANSWERS, stage->record, 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    static const enum submission_state way[] = {SUBMISSION_LOCKED, SUBMISSION_RECORDING,
                                                SUBMISSION_RECORDED, SUBMISSION_SENDING};
    terminal_press(&terminal);
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        assert_int_equal(terminal_submission(&terminal).state, way[i]);
        assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents"), i >= 2);
        assert_int_equal(peer_connections(peer), 0);
        assert_true(submitter_advance(terminal.submitter, terminal_now_ms(&terminal)));
    }
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    struct submitter_view view = submitter_view(terminal.submitter);
    assert_string_equal(json_text(view.record, "id"), "inv_1007");
    assert_int_equal(view.submission.attempts, 1);
    assert_false(view.submission.replayed);
    assert_int_equal(submitter_due_ms(terminal.submitter), INT64_MAX);
    assert_int_equal(stage_rows(stage,
                                "SELECT count(*) FROM intents WHERE state = 'created' AND owner "
                                "IS NULL AND json_extract(result, '$.id') = 'inv_1007'"),
                     1);
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM attempts WHERE fate = 'whole'"), 1);
    assert_int_equal(peer_requests(peer), 1);
    terminal_close(&terminal);
    peer_stop(peer);
}

static void presses_while_saving_are_counted_and_nothing_more(void **state)
{
    struct stage *stage = *state;
    char *reply = support_format("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                                 "Content-Length: %zu\r\n\r\n%s",
                                 strlen(stage->record), stage->record);
    struct peer_step step = {PEER_HOLDS, reply, 0, 0, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    terminal_press(&terminal);
    terminal_press(&terminal);
    stage_run_until_requested(&terminal, peer, 1);
    for (int i = 0; i < 3; i++)
        terminal_press(&terminal);
    submitter_renew(terminal.submitter);
    submitter_edit(terminal.submitter);
    submitter_try_now(terminal.submitter, terminal_now_ms(&terminal));
    assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_SENDING);
    assert_int_equal(submitter_due_ms(terminal.submitter), INT64_MAX);
    peer_release(peer);
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_int_equal(terminal_submission(&terminal).ignored_presses, 4);
    assert_int_equal(terminal_submission(&terminal).attempts, 1);
    assert_int_equal(peer_requests(peer), 1);
    terminal_press(&terminal); /* Enter on the record view */
    assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_CREATED);
    terminal_close(&terminal);
    peer_stop(peer);
    free(reply);
}

static void what_is_invalid_is_never_sent(void **state)
{
    struct stage *stage = *state;
    struct peer_step step = {PEER_ANSWERS, stage->record, 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    json_put(terminal.form, "currency", json_new_string("EURO"));
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_REJECTED);
    struct submitter_view view = submitter_view(terminal.submitter);
    assert_non_null(violations_at(view.violations, "/currency"));
    assert_null(view.intent);
    assert_null(view.problem);
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents"), 0);
    assert_int_equal(submitter_due_ms(terminal.submitter), INT64_MAX);
    json_put(terminal.form, "currency", json_new_string("EUR"));
    terminal_press(&terminal);
    assert_int_equal(submitter_view(terminal.submitter).violations->count, 0);
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_int_equal(peer_requests(peer), 1);
    terminal_close(&terminal);
    peer_stop(peer);
}

static void a_conflict_and_then_another_number(void **state)
{
    struct stage *stage = *state;
    char *existing = support_format("{\"existing\":%s}", stage->record);
    char *problem = client_sample_problem(PROBLEM_TAKEN, existing);
    char *renumbered = client_sample_record_text("2026-0043");
    struct peer_step steps[] = {{PEER_ANSWERS, problem, 0, 409, NULL},
                                {PEER_ANSWERS, renumbered, 0, 201, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_CONFLICT);
    const struct json *shown = submitter_view(terminal.submitter).problem;
    assert_true(json_kind(json_member(shown, "existing")) == JSON_OBJECT);
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents WHERE state = 'conflict'"), 1);
    submitter_edit(terminal.submitter);
    assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_EDITING);
    assert_null(submitter_view(terminal.submitter).intent);
    json_put(terminal.form, "number", json_new_string("2026-0043"));
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_false(stage_same_key(peer, 0, 1));
    terminal_close(&terminal);
    peer_stop(peer);
    free(existing);
    free(problem);
    free(renumbered);
}

static void the_servers_violations_come_to_the_form(void **state)
{
    struct stage *stage = *state;
    char *problem = client_sample_problem(
        PROBLEM_VALIDATION_FAILED,
        "{\"errors\":[{\"pointer\":\"/number\",\"code\":\"too-long\",\"detail\":\"Too long.\"}]}");
    struct peer_step steps[] = {{PEER_ANSWERS, problem, 0, 422, NULL},
                                {PEER_ANSWERS, stage->record, 0, 201, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_REJECTED);
    const struct violation *violation =
        violations_at(submitter_view(terminal.submitter).violations, "/number");
    assert_non_null(violation);
    assert_string_equal(violation->detail, "Too long.");
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents WHERE state = 'rejected'"), 1);
    terminal_press(&terminal); /* the next press is a new intent */
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_false(stage_same_key(peer, 0, 1));
    terminal_close(&terminal);
    peer_stop(peer);
    free(problem);
}

/* --- no answer --- */

static void every_fault_once_then_the_answer(void **state)
{
    struct stage *stage = *state;
    char *other = client_sample_record_text("2026-0043");
    char *half =
        support_format("HTTP/1.1 201 Created\r\nContent-Length: 5000\r\n\r\n%s", stage->record);
    char *busy = client_sample_problem(PROBLEM_TOO_BUSY, NULL);
    char *waiting = client_sample_problem(PROBLEM_IDEMPOTENCY_KEY_IN_PROGRESS, NULL);
    char *portal = support_format("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                                  "Content-Length: 13\r\n\r\n<html></html>");
    struct peer_step steps[] = {
        {PEER_CLOSES, NULL, 0, 0, NULL},
        {PEER_RESETS, NULL, 0, 0, NULL},
        {PEER_CLOSES, half, 0, 0, NULL},
        {PEER_CLOSES, portal, 0, 0, NULL},
        {PEER_CLOSES, "garbage\r\n", 0, 0, NULL},
        {PEER_ANSWERS, other, 0, 201, NULL},
        {PEER_ANSWERS, busy, 0, 503, "Retry-After: 2\r\n"},
        {PEER_ANSWERS, waiting, 0, 409, "Retry-After: 1\r\n"},
        {PEER_ANSWERS, stage->record, 0, 201, "Idempotent-Replayed: true\r\n"},
    };
    enum { ATTEMPTS = sizeof steps / sizeof *steps };
    struct peer *peer = peer_start(steps, ATTEMPTS);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    struct submission submission = terminal_submission(&terminal);
    assert_true(submission.replayed);
    assert_int_equal(submission.attempts, ATTEMPTS);
    assert_int_equal(peer_requests(peer), ATTEMPTS);
    for (size_t i = 1; i < ATTEMPTS; i++)
        assert_true(stage_same_intent(peer, 0, i));
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents"), 1);
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM attempts WHERE ended_ms IS NOT NULL"),
                     ATTEMPTS);
    terminal_close(&terminal);
    peer_stop(peer);
    free(other), free(half), free(busy), free(waiting), free(portal);
}

static void the_status_line_hears_why(void **state)
{
    struct stage *stage = *state;
    struct peer_step steps[] = {{PEER_CLOSES, NULL, 0, 0, NULL}, {PEER_HOLDS, NULL, 0, 0, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    terminal_press(&terminal);
    stage_run_until_requested(&terminal, peer, 2);
    struct submitter_view view = submitter_view(terminal.submitter);
    assert_int_equal(view.submission.attempts, 2);
    assert_string_equal(view.why, "no answer");
    assert_true(view.submission.may_exist);
    terminal_close(&terminal);
    peer_stop(peer);
}

static void a_refusal_is_final_only_when_nothing_can_have_arrived(void **state)
{
    struct stage *stage = *state;
    char *problem = client_sample_problem(PROBLEM_UNAUTHORIZED, NULL);
    struct peer_step steps[] = {
        {PEER_ANSWERS, problem, 0, 401, NULL},
        {PEER_CLOSES, NULL, 0, 0, NULL},
        {PEER_ANSWERS, problem, 0, 401, NULL},
        {PEER_ANSWERS, stage->record, 0, 201, "Idempotent-Replayed: true\r\n"}};
    struct peer *peer = peer_start(steps, 4);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_REJECTED);
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_UNCONFIRMED);
    assert_int_equal(peer_requests(peer), 3);
    assert_true(submission_is_locked(&(struct submission){.state = SUBMISSION_UNCONFIRMED}));
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents WHERE state = 'unconfirmed'"),
                     1);
    terminal_press(&terminal); /* counted, nothing more */
    submitter_edit(terminal.submitter);
    assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_UNCONFIRMED);
    submitter_try_now(terminal.submitter, terminal_now_ms(&terminal));
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_true(stage_same_intent(peer, 1, 3));
    assert_false(stage_same_key(peer, 0, 1));
    assert_int_equal(terminal_submission(&terminal).attempts, 3);
    terminal_close(&terminal);
    peer_stop(peer);
    free(problem);
}

static void a_server_that_is_down_leaves_it_in_the_outbox(void **state)
{
    struct stage *stage = *state;
    unsigned short port;
    int bound = peer_closed_port(&port);
    char *down = support_format("http://127.0.0.1:%u", (unsigned)port);
    struct terminal terminal = stage_terminal(stage, down);
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_UNCONFIRMED);
    struct submission submission = terminal_submission(&terminal);
    assert_false(submission.may_exist);
    assert_true(submission.attempts > 4);
    assert_string_equal(submitter_view(terminal.submitter).why, "connection refused");
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM attempts WHERE fate = 'not sent'"),
                     submission.attempts);
    submitter_renew(terminal.submitter);
    assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_EDITING);

    /* The same number is caught: it is waiting for confirmation. */
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_REJECTED);
    assert_non_null(strstr(submitter_view(terminal.submitter).why, "waiting for confirmation"));
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents"), 1);
    terminal_close(&terminal);
    free(down);
    close(bound);

    /* The outbox sends it again, and goes on counting. */
    struct peer_step step = {PEER_ANSWERS, stage->record, 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    terminal = stage_terminal(stage, peer_url(peer));
    struct intent *intent;
    unsigned attempts;
    assert_int_equal(journal_adopt(terminal.context.journal, &intent, &attempts), JOURNAL_OK);
    assert_non_null(intent);
    assert_int_equal(attempts, submission.attempts);
    submitter_adopt(terminal.submitter, intent, attempts, terminal_now_ms(&terminal));
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_int_equal(terminal_submission(&terminal).attempts, submission.attempts + 1);
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents WHERE state = 'created'"), 1);
    terminal_close(&terminal);
    peer_stop(peer);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(locked_before_checked_recorded_before_sent),
        TEST(presses_while_saving_are_counted_and_nothing_more),
        TEST(what_is_invalid_is_never_sent),
        TEST(a_conflict_and_then_another_number),
        TEST(the_servers_violations_come_to_the_form),
        TEST(every_fault_once_then_the_answer),
        TEST(the_status_line_hears_why),
        TEST(a_refusal_is_final_only_when_nothing_can_have_arrived),
        TEST(a_server_that_is_down_leaves_it_in_the_outbox),
    };
    return cmocka_run_group_tests_name("client/submitter", tests, NULL, NULL);
}
