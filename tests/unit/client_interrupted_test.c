/* One intent whose way is cut: the terminal closed, the process killed, the disk full. */
#include "protocol/wire/clock.h"
#include "tests/support/support.h"
#include "tests/unit/client_disk.h"
#include "tests/unit/client_sample.h"
#include "tests/unit/client_stage.h"

#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* --- cut short --- */

static void another_terminal_takes_up_what_was_left(void **state)
{
    struct stage *stage = *state;
    struct peer_step steps[] = {
        {PEER_HOLDS, NULL, 0, 0, NULL},
        {PEER_ANSWERS, stage->record, 0, 201, "Idempotent-Replayed: true\r\n"}};
    struct peer *peer = peer_start(steps, 2);
    struct terminal first = stage_terminal(stage, peer_url(peer));
    struct terminal second = stage_terminal(stage, peer_url(peer));
    struct intent *intent;
    unsigned attempts;
    terminal_press(&first);
    stage_run_until_requested(&first, peer, 1);
    assert_int_equal(journal_adopt(second.context.journal, &intent, &attempts), JOURNAL_OK);
    assert_null(intent); /* the first one sees to it */
    submitter_free(first.submitter);
    first.submitter = NULL;
    assert_int_equal(journal_adopt(second.context.journal, &intent, &attempts), JOURNAL_OK);
    assert_non_null(intent);
    submitter_adopt(second.submitter, intent, attempts, terminal_now_ms(&second));
    terminal_run_until(&second, SUBMISSION_CREATED);
    assert_int_equal(terminal_submission(&second).attempts, 2);
    assert_true(stage_same_intent(peer, 0, 1));
    terminal_close(&first);
    terminal_close(&second);
    peer_stop(peer);
}

static void adopted_only_by_a_free_form(void **state)
{
    struct stage *stage = *state;
    struct peer_step step = {PEER_ANSWERS, stage->record, 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    struct intent *left = client_sample_intent("2026-0001"), *intent;
    unsigned attempts;
    assert_int_equal(journal_record(terminal.context.journal, left), JOURNAL_OK);
    terminal_press(&terminal);
    submitter_adopt(terminal.submitter, left, 1, terminal_now_ms(&terminal));
    assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_LOCKED);
    assert_int_equal(journal_adopt(terminal.context.journal, &intent, &attempts), JOURNAL_OK);
    assert_non_null(intent);
    assert_string_equal(intent->name, "2026-0001");
    intent_free(intent);
    terminal_close(&terminal);
    peer_stop(peer);
}

static void killed_while_sending(void **state)
{
    struct stage *stage = *state;
    struct peer_step steps[] = {
        {PEER_HOLDS, NULL, 0, 0, NULL},
        {PEER_ANSWERS, stage->record, 0, 201, "Idempotent-Replayed: true\r\n"}};
    struct peer *peer = peer_start(steps, 2);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct terminal killed = stage_terminal(stage, peer_url(peer));
        terminal_press(&killed);
        for (;;)
            terminal_turn(&killed);
    }
    int64_t give_up_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (peer_requests(peer) == 0 && clock_monotonic_ms() < give_up_ms)
        sched_yield();
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    struct terminal next = stage_terminal(stage, peer_url(peer));
    struct intent *intent;
    unsigned attempts;
    assert_int_equal(journal_adopt(next.context.journal, &intent, &attempts), JOURNAL_OK);
    assert_non_null(intent);
    assert_int_equal(attempts, 1);
    submitter_adopt(next.submitter, intent, attempts, terminal_now_ms(&next));
    terminal_run_until(&next, SUBMISSION_CREATED);
    assert_true(stage_same_intent(peer, 0, 1));
    assert_true(terminal_submission(&next).replayed);
    terminal_close(&next);
    peer_stop(peer);
}

/* --- a disk that is full --- */

static void nothing_is_sent_that_isnt_recorded(void **state)
{
    struct stage *stage = *state;
    struct peer_step step = {PEER_ANSWERS, stage->record, 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    disk_install();
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    disk_fill(true);
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_REJECTED);
    assert_non_null(strstr(submitter_view(terminal.submitter).why, "disk is full"));
    assert_int_equal(peer_connections(peer), 0);
    disk_fill(false);
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    terminal_close(&terminal);
    disk_remove();
    peer_stop(peer);
}

static void an_attempt_that_cant_be_recorded_waits(void **state)
{
    struct stage *stage = *state;
    struct peer_step steps[] = {{PEER_CLOSES, NULL, 0, 0, NULL},
                                {PEER_ANSWERS, stage->record, 0, 201, NULL}};
    struct peer *peer = peer_start(steps, 2);
    disk_install();
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    terminal_press(&terminal);
    stage_run_until_requested(&terminal, peer, 1);
    terminal_run_until(&terminal, SUBMISSION_RECORDED);
    disk_fill(true);
    terminal_run_until(&terminal, SUBMISSION_SENDING);
    terminal_run_until(&terminal, SUBMISSION_RECORDED);
    assert_int_equal(terminal_submission(&terminal).attempts, 1);
    assert_non_null(strstr(submitter_view(terminal.submitter).why, "disk is full"));
    disk_fill(false);
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_int_equal(terminal_submission(&terminal).attempts, 2);
    assert_int_equal(peer_requests(peer), 2);
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM attempts"), 2);
    terminal_close(&terminal);
    disk_remove();
    peer_stop(peer);
}

static void an_end_that_cant_be_recorded_is_tried_again(void **state)
{
    struct stage *stage = *state;
    char *reply = support_format("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                                 "Content-Length: %zu\r\n\r\n%s",
                                 strlen(stage->record), stage->record);
    struct peer_step step = {PEER_HOLDS, reply, 0, 0, NULL};
    struct peer *peer = peer_start(&step, 1);
    disk_install();
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    terminal_press(&terminal);
    stage_run_until_requested(&terminal, peer, 1);
    disk_fill(true);
    peer_release(peer);
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents WHERE state = 'open'"), 1);
    assert_non_null(submitter_view(terminal.submitter).record);
    terminal_turn(&terminal); /* again, in vain */
    assert_true(submitter_due_ms(terminal.submitter) < INT64_MAX);
    disk_fill(false);
    terminal_turn(&terminal);
    assert_int_equal(submitter_due_ms(terminal.submitter), INT64_MAX);
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents WHERE state = 'created'"), 1);
    terminal_close(&terminal);
    disk_remove();
    peer_stop(peer);
    free(reply);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(another_terminal_takes_up_what_was_left),
        TEST(adopted_only_by_a_free_form),
        TEST(killed_while_sending),
        TEST(nothing_is_sent_that_isnt_recorded),
        TEST(an_attempt_that_cant_be_recorded_waits),
        TEST(an_end_that_cant_be_recorded_is_tried_again),
    };
    return cmocka_run_group_tests_name("client/interrupted", tests, NULL, NULL);
}
