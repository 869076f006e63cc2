/* Before a byte of an intent is sent the server has said, in this process, whose the token is: what
 * it said in an earlier time may be so no more. */
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/unit/client_sample.h"
#include "tests/unit/client_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NORTH "{\"tenant\":\"north\",\"user\":\"ana\"}"
#define SOUTH "{\"tenant\":\"south\",\"user\":\"ana\"}"

/* `remembered`: what an earlier process was told. */
static struct terminal open_asking(const struct stage *stage, const struct peer *peer,
                                   const char *remembered)
{
    struct terminal terminal = stage_terminal(stage, peer_url(peer));
    if (remembered != NULL) {
        assert_int_equal(journal_identify(terminal.context.journal, remembered), JOURNAL_OK);
        terminal_close(&terminal);
        terminal = stage_terminal(stage, peer_url(peer));
    }
    terminal_ask_whose(&terminal);
    return terminal;
}

static size_t posts(struct peer *peer)
{
    size_t count = 0;
    for (size_t i = 0; i < peer_requests(peer); i++)
        count += strncmp(peer_request(peer, i), "POST ", 5) == 0;
    return count;
}

static void asked_once_and_sent(void **state)
{
    struct stage *stage = *state;
    static const char *const remembered[] = {NULL, "north"};
    for (size_t i = 0; i < 2; i++) {
        const struct peer_step steps[] = {{PEER_ANSWERS, NORTH, 0, 200, NULL},
                                          {PEER_ANSWERS, stage->record, 0, 201, NULL}};
        struct peer *peer = peer_start(steps, 2);
        struct terminal terminal = open_asking(stage, peer, remembered[i]);
        terminal_press(&terminal);
        terminal_run_until(&terminal, SUBMISSION_CREATED);
        assert_int_equal(terminal_submission(&terminal).attempts, 1);
        assert_ptr_equal(strstr(peer_request(peer, 0), "GET /v1/whoami "), peer_request(peer, 0));
        submitter_renew(terminal.submitter);
        terminal_press(&terminal);
        terminal_run_until(&terminal, SUBMISSION_CREATED);
        assert_int_equal(peer_requests(peer), 3);
        assert_int_equal(posts(peer), 2);
        terminal_close(&terminal);
        peer_stop(peer);
    }
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents WHERE account LIKE '% north'"),
                     4);
}

/* The token was given to somebody else: the intent stays with whom it was recorded for. */
static void another_tenants_token_gets_nothing(void **state)
{
    struct stage *stage = *state;
    const struct peer_step steps[] = {{PEER_ANSWERS, SOUTH, 0, 200, NULL},
                                      {PEER_ANSWERS, stage->record, 0, 201, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct terminal terminal = open_asking(stage, peer, "north");
    terminal_press(&terminal);
    terminal_run_to_end(&terminal);
    assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_UNCONFIRMED);
    assert_false(terminal_submission(&terminal).may_exist);
    assert_int_equal(posts(peer), 0);
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM intents WHERE account LIKE '% north' "
                                       "AND state IN ('open', 'unconfirmed')"),
                     1);
    terminal_close(&terminal);
    peer_stop(peer);
}

/* Nor where the server says so between the recording and the first attempt. */
static void told_in_the_last_moment(void **state)
{
    struct stage *stage = *state;
    const struct peer_step step = {PEER_ANSWERS, stage->record, 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct terminal terminal = open_asking(stage, peer, "north");
    terminal_press(&terminal);
    while (terminal_submission(&terminal).state != SUBMISSION_RECORDED)
        assert_true(submitter_advance(terminal.submitter, terminal_now_ms(&terminal)));
    assert_int_equal(journal_identify(terminal.context.journal, "south"), JOURNAL_OK);
    terminal_run_to_end(&terminal);
    assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_UNCONFIRMED);
    assert_int_equal(peer_requests(peer), 0);
    terminal_close(&terminal);
    peer_stop(peer);
}

static void no_answer_to_that_sends_nothing(void **state)
{
    struct stage *stage = *state;
    const struct peer_step steps[] = {{PEER_CLOSES, "", 0, 0, NULL},
                                      {PEER_ANSWERS, "{}", 0, 200, NULL},
                                      {PEER_ANSWERS, NORTH, 0, 503, NULL},
                                      {PEER_ANSWERS, NORTH, 0, 200, NULL},
                                      {PEER_ANSWERS, stage->record, 0, 201, NULL}};
    struct peer *peer = peer_start(steps, 5);
    struct terminal terminal = open_asking(stage, peer, "north");
    terminal_press(&terminal);
    terminal_run_until(&terminal, SUBMISSION_CREATED);
    assert_int_equal(terminal_submission(&terminal).attempts, 4);
    assert_int_equal(posts(peer), 1);
    assert_int_equal(stage_rows(stage, "SELECT count(*) FROM attempts WHERE fate = 'not sent'"), 3);
    terminal_close(&terminal);
    peer_stop(peer);
}

/* A server that has no word for it, or a proxy before it: nothing is sent, and what waiting won't
 * change isn't waited for. One that doesn't know the token would say so of the invoice too. */
static void nothing_to_be_told(void **state)
{
    struct stage *stage = *state;
    char *refusal = client_sample_problem(PROBLEM_UNAUTHORIZED, NULL);
    const struct {
        int status;
        const char *body;
        enum submission_state end;
    } cases[] = {{404, "{}", SUBMISSION_UNCONFIRMED},
                 {401, "{}", SUBMISSION_UNCONFIRMED},
                 {403, "{}", SUBMISSION_UNCONFIRMED},
                 {401, refusal, SUBMISSION_REJECTED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct peer_step steps[] = {{PEER_ANSWERS, cases[i].body, 0, cases[i].status, NULL},
                                          {PEER_ANSWERS, stage->record, 0, 201, NULL}};
        struct peer *peer = peer_start(steps, 2);
        struct terminal terminal = open_asking(stage, peer, i % 2 == 0 ? NULL : "north");
        terminal_press(&terminal);
        terminal_run_until(&terminal, cases[i].end);
        assert_int_equal(peer_requests(peer), 1);
        assert_int_equal(posts(peer), 0);
        assert_false(terminal_submission(&terminal).may_exist);
        terminal_close(&terminal);
        peer_stop(peer);
        temp_dir_remove(stage->directory);
        temp_dir_make(stage->directory);
        free(stage->journal);
        stage->journal = support_format("%s/journal.sqlite", stage->directory);
    }
    free(refusal);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(asked_once_and_sent),     TEST(another_tenants_token_gets_nothing),
        TEST(told_in_the_last_moment), TEST(no_answer_to_that_sends_nothing),
        TEST(nothing_to_be_told),
    };
    return cmocka_run_group_tests_name("client/whose", tests, NULL, NULL);
}
