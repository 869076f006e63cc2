/* The client against the real server and its faults: one press, one key, one record. */
#include "tests/support/mock.h"
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/unit/client_terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NUMBER             "2026-0042"
#define ATTEMPT_TIMEOUT_MS 700

/* A fault that strikes attempt N, and whether the create had been carried out when it did. */
static const struct fault {
    const char *rule;
    bool commits;
} faults[] = {
    {"drop-before", false},
    {"status=503", false},
    {"status=500", false},
    {"status=429:retry-after=1", false},
    {"status=408", false},
    {"drop-response", true},
    {"reset-response", true},
    {"truncate-response", true},
    {"garble-response", true},
    {"status-after-commit=502", true},
    {"hang", true},
    {"drip=20", true},
    {"delay-after-commit=1500ms", true},
    {"delay-before-commit=1500ms", true},
};

struct stage {
    struct mock mock;
    char directory[TEMP_DIR_SIZE];
    char *journal;
};

static int set_up(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    if (stage == NULL) return -1;
    temp_dir_make(stage->directory);
    stage->journal = support_format("%s/journal.sqlite", stage->directory);
    *state = stage;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *stage = *state;
    mock_clear(&stage->mock);
    temp_dir_remove(stage->directory);
    free(stage->journal);
    free(stage);
    return 0;
}

static void start(struct stage *stage, const char *rule, const char *other)
{
    const char *const options[] = {"--fault", rule, other != NULL ? "--fault" : NULL, other, NULL};
    if (!mock_start(&stage->mock, rule != NULL ? options : NULL)) support_die("no server");
}

static struct terminal open_terminal(const struct stage *stage)
{
    return terminal_open(stage->journal, stage->mock.url, NUMBER, ATTEMPT_TIMEOUT_MS);
}

static long long records(const struct stage *stage)
{
    return rows_number(stage->mock.store, "SELECT count(*) FROM invoices");
}

/* One record, one key; the journal and the server say the same. */
static void assert_exactly_one(const struct stage *stage)
{
    assert_int_equal(records(stage), 1);
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(DISTINCT key) FROM audit"), 1);
    struct json *here = rows_read(stage->journal, "SELECT key, state FROM intents", NULL);
    struct json *there = rows_read(stage->mock.store, "SELECT DISTINCT key FROM audit", NULL);
    assert_int_equal(json_count(here), 1);
    const struct json *intent = json_item(here, 0);
    assert_string_equal(json_text(intent, "state"), "created");
    assert_string_equal(json_text(intent, "key"), json_text(json_item(there, 0), "key"));
    json_free(here);
    json_free(there);
}

static void with_faults(const char *rule, const char *other, unsigned attempts_at_least)
{
    void *state = NULL;
    assert_int_equal(set_up(&state), 0);
    struct stage *stage = state;
    start(stage, rule, other);
    struct terminal terminal = open_terminal(stage);
    terminal_press(&terminal);
    terminal_run_to_end(&terminal);
    struct submission submission = terminal_submission(&terminal);
    if (submission.state != SUBMISSION_CREATED || submission.attempts < attempts_at_least)
        fail_msg("%s: state %d after %u attempts", rule, (int)submission.state,
                 submission.attempts);
    terminal_close(&terminal);
    assert_exactly_one(stage);
    tear_down(&state);
}

static void each_fault_on_the_first_attempt(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char *rule = support_format("%s@attempt=1", faults[i].rule);
        with_faults(rule, NULL, 2);
        free(rule);
    }
}

static void each_fault_on_the_second_attempt(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char *rule = support_format("%s@attempt=2", faults[i].rule);
        with_faults(rule, "drop-response@attempt=1", 3);
        free(rule);
    }
}

/* The budget is spent; the server heals; the outbox settles it with the same key. */
static void each_fault_on_every_attempt(void **unused)
{
    (void)unused;
    static const char *const lasting[] = {"drop-before", "status=503", "drop-response",
                                          "garble-response", "status-after-commit=502"};
    for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++) {
        void *state = NULL;
        assert_int_equal(set_up(&state), 0);
        struct stage *stage = state;
        start(stage, lasting[i], NULL);
        struct terminal terminal = open_terminal(stage);
        terminal_press(&terminal);
        terminal_run_to_end(&terminal);
        assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_UNCONFIRMED);
        assert_true(records(stage) == (i < 2 ? 0 : 1));
        terminal_close(&terminal);
        assert_int_equal(mock_stop(&stage->mock), 0);

        start(stage, NULL, NULL);
        terminal = open_terminal(stage);
        assert_true(terminal_adopt(&terminal));
        terminal_run_to_end(&terminal);
        assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_CREATED);
        assert_false(terminal_adopt(&terminal));
        terminal_close(&terminal);
        assert_exactly_one(stage);
        tear_down(&state);
    }
}

static void the_server_dies_after_its_commit(void **state)
{
    struct stage *stage = *state;
    start(stage, "crash-after-commit", NULL);
    struct terminal terminal = open_terminal(stage);
    terminal_press(&terminal);
    terminal_run_to_end(&terminal);
    assert_int_equal(terminal_submission(&terminal).state, SUBMISSION_UNCONFIRMED);
    terminal_close(&terminal);
    mock_kill(&stage->mock);
    start(stage, NULL, NULL);
    terminal = open_terminal(stage);
    assert_true(terminal_adopt(&terminal));
    terminal_run_to_end(&terminal);
    assert_true(terminal_submission(&terminal).replayed);
    terminal_close(&terminal);
    assert_exactly_one(stage);
}

static void two_terminals_one_number(void **state)
{
    struct stage *stage = *state;
    char *elsewhere = support_format("%s/other.sqlite", stage->directory);
    start(stage, NULL, NULL);
    struct terminal first = open_terminal(stage);
    struct terminal other =
        terminal_open(elsewhere, stage->mock.url, " " NUMBER, ATTEMPT_TIMEOUT_MS);
    terminal_press(&first);
    terminal_run_to_end(&first);
    terminal_press(&other);
    terminal_run_to_end(&other);
    assert_int_equal(terminal_submission(&first).state, SUBMISSION_CREATED);
    struct submitter_view view = submitter_view(other.submitter);
    assert_int_equal(view.submission.state, SUBMISSION_CONFLICT);
    const struct json *existing = json_member(view.problem, "existing");
    assert_string_equal(json_text(existing, "number"), NUMBER);
    terminal_close(&first);
    terminal_close(&other);
    assert_int_equal(records(stage), 1);
    free(elsewhere);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_on_the_first_attempt),
        cmocka_unit_test(each_fault_on_the_second_attempt),
        cmocka_unit_test(each_fault_on_every_attempt),
        TEST(the_server_dies_after_its_commit),
        TEST(two_terminals_one_number),
    };
    return cmocka_run_group_tests_name("client/faults", tests, NULL, NULL);
}
