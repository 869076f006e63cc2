/* What ends in the middle of it, and what comes much later. */
#include "tests/lab/scenarios.h"
#include "tests/lab/told.h"
#include "tests/lab/typist.h"
#include "tests/support/test_clock.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* Killed before the server has read a byte of it, or when it has committed and the answer never
 * comes. With its journal, the form finds the intent again; without, somebody types it again. */
static void kill_client(struct typist *typist, bool is_early)
{
    const struct world *world = typist->trial->world;
    const struct process *server = &world->mock.process;
    if (is_early)
        process_hold(server->pid);
    else
        world_harm(world, "hang@attempt=1");
    typist_press(typist, "<Enter>");
    if (is_early)
        trial_wait_for_bytes(typist->trial);
    else
        world_wait_for(world, typist->trial->subject, 1);
    typist_kill(typist);
    process_signal(server, SIGCONT);
    world_wait_for(world, typist->trial->subject, 1);
    world_harm(world, NULL);
}

void scenario_client_killed(struct trial *trial)
{
    struct typist typist;
    typist_open(&typist, trial, "operator", typist_bug(trial->world));
    typist_fill_in(&typist);
    kill_client(&typist, trial_draw(trial, 2));
    if (typist.bug) {
        typist_fill_in(&typist);
        typist_press(&typist, "<Enter>");
        typist_be_told(&typist);
    } else {
        typist_start(&typist);
        typist_be_told_of_before(&typist);
    }
    world_wait_for(trial->world, trial->subject, 2);
    typist_close(&typist);
}

/* The process ends by SIGKILL at that very moment. */
static void kill_the_server(struct trial *trial, const char *fault)
{
    struct typist typist;
    struct process *server = &trial->world->mock.process;
    typist_open(&typist, trial, "operator", typist_bug(trial->world));
    typist_fill_in(&typist);
    world_harm(trial->world, fault);
    typist_press(&typist, "<Enter>");
    if (process_wait(server, PATIENCE_MS) == PROCESS_RUNNING)
        trial_give_up(trial, "the server doesn't crash");
    world_start_again(trial->world);
    typist_be_told(&typist);
    typist_close(&typist);
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
    evidence_acts(evidence, "batch", mock_user(TOKEN_ANA));
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
    told_by_run(evidence, "batch", &result, (const char *const[]){trial->subject, NULL});
    process_result_clear(&result);
    evidence_take_journal(evidence, "batch", TRIAL_TENANT, room.journal);
    room_clear(&room);
    free(file);
}
