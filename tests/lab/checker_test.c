/* A checker that can't fail is worthless: each planted bug, its harm forced, makes it find what
 * that bug breaks; and where the same is done to the programs as they are, it finds nothing. */
#include "protocol/wire/clock.h"
#include "tests/lab/checker.h"
#include "tests/lab/experiments.h"
#include "tests/lab/scenarios.h"
#include "tests/lab/sender.h"
#include "tests/lab/soak/message.h"
#include "tests/lab/told.h"
#include "tests/support/http.h"
#include "tests/support/raw.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define LEASE_MS 30000
#define OPTIONS  12

/* The world after the experiment, judged; to be closed. */
static void carry_out(const struct experiment *experiment, bool planted, struct world *world)
{
    const char *options[OPTIONS] = {NULL};
    size_t count = 0;
    for (; experiment->options[count]; count++)
        options[count] = experiment->options[count];
    if (planted && experiment->is_server_s) {
        options[count++] = "--bug";
        options[count++] = experiment->bug;
    }
    world_open(world, layers_named("all"), options);
    struct trial trial = {.world = world, .subject = "LAB-1", .body = sample_body("LAB-1", NULL)};
    experiment->run(&trial, planted && !experiment->is_server_s ? experiment->bug : NULL);
    free(trial.body);
    world_gather(world);
    checker_judge(world->evidence, clock_now_ms(), LEASE_MS);
}

static bool has_found(const struct world *world, const char *rule)
{
    char *query = support_format("SELECT count(*) FROM findings WHERE rule = '%s'", rule);
    long long count = evidence_number(world->evidence, query);
    free(query);
    return count > 0;
}

static void it_is_found(void **state)
{
    const struct experiment *experiment = *state;
    struct world world;
    carry_out(experiment, true, &world);
    if (!has_found(&world, experiment->rule)) {
        checker_print(world.evidence, 5, stderr);
        fail_msg("--bug %s: not found: %s", experiment->bug, experiment->rule);
    }
    world_close(&world);
}

static void without_it_nothing_is_found(void **state)
{
    const struct experiment *experiment = *state;
    struct world world;
    carry_out(experiment, false, &world);
    if (checker_findings(world.evidence) > 0) {
        checker_print(world.evidence, 5, stderr);
        fail_msg("without %s there are findings", experiment->bug);
    }
    world_close(&world);
}

/* More of a kind than ids of one length: each is gathered once. */
static void many_are_gathered_once(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, layers_named("all"), NULL);
    for (int i = 0; i < 12; i++) {
        struct trial trial = {.world = &world, .scenario = "redelivery"};
        snprintf(trial.subject, sizeof trial.subject, "LAB-%d", i);
        trial.body = sample_body(trial.subject, NULL);
        scenario_redelivery(&trial);
        free(trial.body);
    }
    world_gather(&world);
    checker_judge(world.evidence, clock_now_ms(), LEASE_MS);
    assert_int_equal(checker_findings(world.evidence), 0);
    assert_int_equal(evidence_number(world.evidence, "SELECT count(*) FROM records"), 12 + 12 + 1);
    world_close(&world);
}

/* What is done to the store behind everybody's back, to all that one redelivered payment needs. */
static const struct {
    const char *change, *rule;
} tampers[] = {
    {"UPDATE records SET created = replace(created, '217.80', '217.79')"
     " WHERE created LIKE '%event_id%'",
     "no payment is without an event that says the same"},
    {"UPDATE records SET created = replace(created, 'Northwind', 'Southwind')"
     " WHERE created NOT LIKE '%due_date%'",
     "a customer has the name of its first invoice"},
    {"UPDATE records SET created = replace(created, '\"ana\"', '\"bob\"')",
     "a record was created by who meant it"},
    {"UPDATE records SET created = replace(created, '\"id\":\"inv_', '\"id\":\"inv_9')",
     "a record has its own id"},
    {"UPDATE records SET created = replace(created, '\"Thank you\"', '\"Thank her\"')",
     "a reply is the record"},
};

static void what_is_done_to_the_store_is_found(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, layers_named("all"), NULL);
    struct trial trial = {.world = &world, .scenario = "redelivery", .subject = "LAB-1"};
    trial.body = sample_body(trial.subject, NULL);
    scenario_redelivery(&trial);
    for (size_t i = 0; i < sizeof tampers / sizeof *tampers; i++)
        rows_change(world.mock.store, tampers[i].change);
    world_gather(&world);
    checker_judge(world.evidence, clock_now_ms(), LEASE_MS);
    for (size_t i = 0; i < sizeof tampers / sizeof *tampers; i++)
        if (!has_found(&world, tampers[i].rule)) fail_msg("not found: %s", tampers[i].rule);
    free(trial.body);
    world_close(&world);
}

/* The server that is asked again knows what it answered from its store alone. */
static void a_replay_of_other_bytes_is_found(void **state)
{
    (void)state;
    struct world world;
    struct sender sender;
    world_open(&world, layers_named("all"), NULL);
    struct trial trial = {.world = &world, .subject = "LAB-1"};
    trial.body = sample_body(trial.subject, NULL);
    sender_open(&sender, &trial, "program");
    sender_send(&sender, 3);
    mock_kill(&world.mock);
    rows_change(world.mock.store,
                "UPDATE records SET created = replace(created, '\"open\"', '\"OPEN\"')");
    world_start_again(&world);
    sender_send(&sender, 1);
    sender_close(&sender);
    assert_int_equal(evidence_number(world.evidence, "SELECT count(*) FROM replies"), 2);
    checker_judge(world.evidence, clock_now_ms(), LEASE_MS);
    assert_true(has_found(&world, "all replies to a key are the same, byte for byte"));
    free(trial.body);
    world_close(&world);
}

/* The client tells of a line that its input doesn't have. */
static void a_line_of_nothing_is_found(void **state)
{
    static const char *const lines[] = {"0", "3", "-1", "\"1\"", "9223372036854775807"};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char *text = support_format("{\"line\":%s,\"outcome\":\"rejected\"}", lines[i]);
        struct evidence *evidence = evidence_new();
        told_by_line(evidence, "batch", text, strlen(text), (const char *const[]){"A", "B", NULL});
        checker_judge(evidence, 0, 0);
        assert_int_equal(checker_findings(evidence), 1);
        assert_int_equal(evidence_number(evidence, "SELECT count(*) FROM findings"
                                                   " WHERE subject LIKE 'line % of 2'"),
                         1);
        evidence_free(evidence);
        free(text);
    }
}

/* And of another record than there is. */
static void a_record_told_otherwise_is_found(void **state)
{
    static const char line[] =
        "{\"outcome\":\"created\",\"invoice\":{\"id\":\"inv_1\",\"number\":\"A\"}}";
    (void)state;
    struct evidence *evidence = evidence_new();
    evidence_meant(evidence, "batch", "north", "A", "{}");
    told_by_line(evidence, "batch", line, strlen(line), (const char *const[]){"A", NULL});
    assert_int_equal(sqlite3_exec(evidence_database(evidence),
                                  "INSERT INTO records VALUES ('north', 'inv_1', 'invoice', 'A',"
                                  " NULL, NULL, '{\"id\":\"inv_1\",\"number\":\"B\"}')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    checker_judge(evidence, 0, 0);
    assert_int_equal(evidence_number(evidence, "SELECT count(*) FROM findings WHERE rule ="
                                               " 'what is told as created is told as it is'"),
                     1);
    evidence_free(evidence);
}

/* The same page of an audit whose entries have no number, again and again. */
static void serve_no_number(void *context, int socket, unsigned who)
{
    static const char page[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                               "Content-Length: 34\r\n\r\n{\"data\":[{\"outcome\":\"created\"}]}";
    struct message request = {0};
    (void)context;
    (void)who;
    while (message_read(socket, &request) && raw_send_text(socket, page)) {
    }
    message_clear(&request);
}

static _Noreturn void read_audit(unsigned short port)
{
    char url[40];
    snprintf(url, sizeof url, "http://127.0.0.1:%hu", port);
    if (!freopen("/dev/null", "w", stderr)) _exit(EXIT_SUCCESS);
    alarm(PATIENCE_MS / 1000);
    evidence_take_audit(evidence_new(), url, TOKEN_ANA, "north");
    _exit(EXIT_SUCCESS);
}

static void an_audit_without_numbers_has_an_end(void **state)
{
    (void)state;
    int status = 0;
    struct listener listener;
    listener_start(&listener, serve_no_number, NULL);
    pid_t reader = fork();
    if (reader == 0) read_audit(listener.port);
    assert_true(reader > 0 && waitpid(reader, &status, 0) == reader);
    listener_stop(&listener);
    assert_true(WIFEXITED(status) || WTERMSIG(status) == SIGABRT);
    assert_int_not_equal(status, EXIT_SUCCESS);
}

static struct CMUnitTest test_of(const struct experiment *experiment, const char *name,
                                 CMUnitTestFunction function)
{
    return (struct CMUnitTest){
        .name = name, .test_func = function, .initial_state = (void *)(uintptr_t)experiment};
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(many_are_gathered_once),
    cmocka_unit_test(what_is_done_to_the_store_is_found),
    cmocka_unit_test(a_replay_of_other_bytes_is_found),
    cmocka_unit_test(a_line_of_nothing_is_found),
    cmocka_unit_test(a_record_told_otherwise_is_found),
    cmocka_unit_test(an_audit_without_numbers_has_an_end),
};

#define OTHERS (sizeof others / sizeof *others)

/* With a pattern as its argument ("no-lock*"), the tests of that name alone. */
int main(int argc, char **argv)
{
    struct CMUnitTest *tests = calloc(2 * EXPERIMENT_COUNT + OTHERS, sizeof *tests);
    char **names = calloc(2 * EXPERIMENT_COUNT, sizeof *names);
    if (!tests || !names) support_die("out of memory");
    for (size_t i = 0; i < EXPERIMENT_COUNT; i++) {
        names[2 * i] = support_format("%s is found", EXPERIMENTS[i].bug);
        names[2 * i + 1] = support_format("without %s nothing is found", EXPERIMENTS[i].bug);
        tests[2 * i] = test_of(&EXPERIMENTS[i], names[2 * i], it_is_found);
        tests[2 * i + 1] = test_of(&EXPERIMENTS[i], names[2 * i + 1], without_it_nothing_is_found);
    }
    for (size_t i = 0; i < OTHERS; i++)
        tests[2 * EXPERIMENT_COUNT + i] = others[i];
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    http_setup();
    int failed =
        _cmocka_run_group_tests("lab_checker", tests, 2 * EXPERIMENT_COUNT + OTHERS, NULL, NULL);
    for (size_t i = 0; i < 2 * EXPERIMENT_COUNT; i++)
        free(names[i]);
    free(names);
    free(tests);
    return failed;
}
