/* A checker that can't fail is worthless: each planted bug, its harm forced, makes it find what
 * that bug breaks; and where the same is done to the programs as they are, it finds nothing. */
#include "protocol/wire/clock.h"
#include "tests/lab/checker.h"
#include "tests/lab/experiments.h"
#include "tests/lab/scenarios.h"
#include "tests/support/http.h"
#include "tests/support/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static struct CMUnitTest test_of(const struct experiment *experiment, const char *name,
                                 CMUnitTestFunction function)
{
    return (struct CMUnitTest){
        .name = name, .test_func = function, .initial_state = (void *)(uintptr_t)experiment};
}

/* With a pattern as its argument ("no-lock*"), the tests of that name alone. */
int main(int argc, char **argv)
{
    struct CMUnitTest *tests = calloc(2 * EXPERIMENT_COUNT + 1, sizeof *tests);
    char **names = calloc(2 * EXPERIMENT_COUNT, sizeof *names);
    if (!tests || !names) support_die("out of memory");
    for (size_t i = 0; i < EXPERIMENT_COUNT; i++) {
        names[2 * i] = support_format("%s is found", EXPERIMENTS[i].bug);
        names[2 * i + 1] = support_format("without %s nothing is found", EXPERIMENTS[i].bug);
        tests[2 * i] = test_of(&EXPERIMENTS[i], names[2 * i], it_is_found);
        tests[2 * i + 1] = test_of(&EXPERIMENTS[i], names[2 * i + 1], without_it_nothing_is_found);
    }
    tests[2 * EXPERIMENT_COUNT] = (struct CMUnitTest)cmocka_unit_test(many_are_gathered_once);
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    http_setup();
    int failed =
        _cmocka_run_group_tests("lab_checker", tests, 2 * EXPERIMENT_COUNT + 1, NULL, NULL);
    for (size_t i = 0; i < 2 * EXPERIMENT_COUNT; i++)
        free(names[i]);
    free(names);
    free(tests);
    return failed;
}
