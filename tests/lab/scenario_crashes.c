/* What ends in the middle of it, and what comes much later. */
#include "tests/lab/operator.h"
#include "tests/lab/scenarios.h"
#include "tests/lab/told.h"
#include "tests/support/test_clock.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* Killed before the server has read a byte of it, or when it has committed and the answer never
 * comes. With its journal, the form finds the intent again; without, somebody types it again. */
static void kill_client(struct operator* operator, bool is_early)
{
    const struct world *world = operator->trial->world;
    const struct process *server = &world->mock.process;
    if (is_early)
        process_hold(server->pid);
    else
        world_harm(world, "hang@attempt=1");
    operator_press(operator, "<Enter>");
    if (is_early)
        world_wait_for_bytes(world);
    else
        world_wait_for(world, operator->trial->subject, 1);
    operator_kill(operator);
    process_signal(server, SIGCONT);
    world_wait_for(world, operator->trial->subject, 1);
    world_harm(world, NULL);
}

void scenario_client_killed(struct trial *trial)
{
    struct operator operator;
    operator_open(&operator, trial, "operator", NULL);
    operator_fill_in(&operator);
    kill_client(&operator, trial_draw(trial, 2));
    if (operator.bug) {
        operator_fill_in(&operator);
        operator_press(&operator, "<Enter>");
        operator_be_told(&operator);
    } else {
        operator_start(&operator);
        operator_be_told_of_before(&operator);
    }
    world_wait_for(trial->world, trial->subject, 2);
    operator_close(&operator);
}

/* The process ends by SIGKILL at that very moment. */
static void kill_the_server(struct trial *trial, const char *fault)
{
    struct operator operator;
    struct process *server = &trial->world->mock.process;
    operator_open(&operator, trial, "operator", NULL);
    operator_fill_in(&operator);
    world_harm(trial->world, fault);
    operator_press(&operator, "<Enter>");
    if (process_wait(server, PATIENCE_MS) == PROCESS_RUNNING)
        trial_give_up(trial, "the server doesn't crash");
    world_start_again(trial->world);
    operator_be_told(&operator);
    operator_close(&operator);
}

void scenario_server_killed_before(struct trial *trial)
{
    kill_the_server(trial, "crash-before-commit@attempt=1");
}

void scenario_server_killed_after(struct trial *trial)
{
    kill_the_server(trial, "crash-after-commit@attempt=1");
}

/* Past a key's lifetime. */
static void let_time_pass(struct trial *trial)
{
    char text[32];
    time_t then = time(NULL) + 3601 + trial_draw(trial, 7200);
    struct tm utc;
    gmtime_r(&then, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    test_clock_set(text);
}

/* The machine is switched off before the answer comes, and on again when the key has expired. */
void scenario_key_expired(struct trial *trial)
{
    struct room room;
    struct process client;
    struct evidence *evidence = trial->world->evidence;
    room_open(&room, trial->world->mock.url, NULL);
    evidence_meant(evidence, "batch", TRIAL_TENANT, trial->subject, trial->body);
    char *file = room_write(&room, "invoice.json", trial->body);
    world_harm(trial->world, "hang@attempt=1");
    room_start(&room, &client, (const char *const[]){"create", file, "--json", NULL});
    world_wait_for(trial->world, trial->subject, 1);
    process_clear(&client);
    world_harm(trial->world, NULL);
    let_time_pass(trial);
    struct process_result result =
        room_run(&room, (const char *const[]){"outbox", "resume", "--json", NULL});
    told_by_run(evidence, "batch", &result, (const char *const[]){trial->subject});
    process_result_clear(&result);
    evidence_take_journal(evidence, "batch", TRIAL_TENANT, room.journal);
    room_clear(&room);
    free(file);
}
