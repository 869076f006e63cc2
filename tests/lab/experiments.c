#include "tests/lab/experiments.h"

#include "tests/client/room.h"
#include "tests/lab/sender.h"
#include "tests/lab/told.h"
#include "tests/lab/typist.h"
#include "tests/support/parallel.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"

#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- of the server --- */

struct race {
    const struct world *world;
    struct sender senders[2];
};

static bool is_claimed(void *context)
{
    return rows_number(context, "SELECT count(*) FROM idempotency_keys WHERE status IS NULL") > 0;
}

/* The first one has looked and isn't in yet when the second one is carried out. */
static void overtake(size_t index, void *context)
{
    struct race *race = context;
    char store[STORES_PLACE_SIZE];
    memcpy(store, race->world->mock.store, sizeof store);
    if (index == 1 && !support_wait_until(is_claimed, store, PATIENCE_MS))
        support_die("the first request isn't claimed");
    sender_ask(&race->senders[index]);
    if (index == 1) world_harm(race->world, NULL);
}

static void two_create_one_number(struct trial *trial, const char *bug)
{
    struct race race = {.world = trial->world};
    (void)bug;
    sender_open(&race.senders[0], trial, "first");
    sender_open(&race.senders[1], trial, "second");
    world_harm(trial->world, "delay-before-commit=1h@first=1");
    parallel_run(2, overtake, &race);
    for (int i = 0; i < 2; i++)
        sender_close(&race.senders[i]);
}

/* The same key and request from two tenants. */
static void two_tenants_use_one_key(struct trial *trial, const char *bug)
{
    struct sender north, south;
    (void)bug;
    sender_open(&north, trial, "north");
    sender_open_for(&south, trial, "south", "south", TOKEN_EVE);
    memcpy(south.key, north.key, sizeof south.key);
    sender_send(&north, 1);
    sender_send(&south, 1);
    sender_close(&north);
    sender_close(&south);
    evidence_take_audit(trial->world->evidence, trial->world->mock.url, TOKEN_EVE, "south");
}

/* Another body under a key that was used. */
static void one_key_has_two_bodies(struct trial *trial, const char *bug)
{
    struct sender first, second;
    struct trial other = *trial;
    (void)bug;
    snprintf(other.subject, sizeof other.subject, "%.16s-other", trial->subject);
    other.body = sample_body(other.subject, NULL);
    sender_open(&first, trial, "program");
    sender_open(&second, &other, "program");
    memcpy(second.key, first.key, sizeof second.key);
    sender_send(&first, 1);
    sender_send(&second, 1);
    sender_close(&first);
    sender_close(&second);
    free(other.body);
}

/* --- a batch, and its outbox once faults are over --- */

struct batch {
    struct trial *trial;
    struct room room;
    const char *program;
};

static bool has_bug(const struct world *world)
{
    for (const char *const *option = world->options; option && *option; option++)
        if (strcmp(*option, "--bug") == 0) return true;
    return false;
}

/* Where no answer will ever do, it isn't tried for a minute. */
static void open_batch(struct batch *batch, struct trial *trial, const char *program)
{
    const char *const quick[] = {"INVONCE_ATTEMPT_TIMEOUT=2s", "INVONCE_RETRY_BUDGET=4s", NULL};
    *batch = (struct batch){.trial = trial, .program = program ? program : room_program()};
    room_open(&batch->room, trial->world->mock.url, has_bug(trial->world) ? quick : NULL);
    room_set(&batch->room, "INVONCE_IN_FLIGHT=1");
    evidence_acts(trial->world->evidence, "batch", mock_user(TOKEN_ANA));
}

static const char *const *environment_of(const struct batch *batch)
{
    return (const char *const *)batch->room.variables;
}

static void run(struct batch *batch, const char *command, const char *what,
                const char *const *subjects)
{
    const char *const argv[] = {batch->program, command, what, "--json", NULL};
    struct process_result result = process_run(argv, environment_of(batch), 4 * PATIENCE_MS);
    told_by_run(batch->trial->world->evidence, "batch", &result, subjects);
    process_result_clear(&result);
}

static void close_batch(struct batch *batch)
{
    evidence_take_journal(batch->trial->world->evidence, "batch", TRIAL_TENANT,
                          batch->room.journal);
    room_clear(&batch->room);
}

static void mean(const struct batch *batch)
{
    const struct trial *trial = batch->trial;
    evidence_meant(trial->world->evidence, "batch", TRIAL_TENANT, trial->subject, trial->body);
}

/* Refused once before anything was done; then nothing is in its way. */
static void the_server_is_busy_once(struct trial *trial, const char *bug)
{
    struct batch batch;
    (void)bug;
    open_batch(&batch, trial, NULL);
    mean(&batch);
    char *file = room_write(&batch.room, "invoice.json", trial->body);
    const char *const subjects[] = {trial->subject, NULL};
    world_harm(trial->world, "status=503@attempt=1");
    run(&batch, "create", file, subjects);
    world_harm(trial->world, NULL);
    run(&batch, "outbox", "resume", subjects);
    free(file);
    close_batch(&batch);
}

/* The server ends between its claim and its commit, and another one takes its place. */
static void the_server_crashes(struct trial *trial, const char *bug)
{
    struct batch batch;
    struct process client;
    (void)bug;
    open_batch(&batch, trial, NULL);
    mean(&batch);
    char *file = room_write(&batch.room, "invoice.json", trial->body);
    const char *const subjects[] = {trial->subject, NULL};
    world_harm(trial->world, "crash-before-commit@first=1");
    process_start(&client, (const char *const[]){batch.program, "create", file, "--json", NULL},
                  environment_of(&batch));
    if (process_wait(&trial->world->mock.process, PATIENCE_MS) == PROCESS_RUNNING)
        trial_give_up(trial, "the server doesn't crash");
    world_start_again(trial->world);
    process_wait(&client, PATIENCE_MS);
    process_clear(&client);
    run(&batch, "outbox", "resume", subjects);
    free(file);
    close_batch(&batch);
}

/* --- of the batch: it is killed before the answer, and what is left is sent --- */

static void the_batch_is_killed(struct trial *trial, const char *bug)
{
    struct batch batch;
    struct process client;
    open_batch(&batch, trial, bug ? LAB_NEW_KEY_ON_RESUME : NULL);
    mean(&batch);
    char *file = room_write(&batch.room, "invoice.json", trial->body);
    const char *const subjects[] = {trial->subject, NULL};
    world_harm(trial->world, "hang@first=1");
    process_start(&client, (const char *const[]){batch.program, "create", file, "--json", NULL},
                  environment_of(&batch));
    world_wait_for(trial->world, trial->subject, 1);
    process_clear(&client);
    world_harm(trial->world, NULL);
    run(&batch, "outbox", "resume", subjects);
    free(file);
    close_batch(&batch);
}

/* Two lines with one key, and another invoice in each. */
static void two_lines_have_one_key(struct trial *trial, const char *bug)
{
    struct batch batch;
    char *other = support_format("%s-other", trial->subject);
    const char *const subjects[] = {trial->subject, other, NULL};
    struct support_buffer lines = {0};
    open_batch(&batch, trial, bug ? LAB_ADOPTS_BY_KEY : NULL);
    for (int i = 0; i < 2; i++) {
        char *body = sample_body(subjects[i], NULL);
        char *keyed = sample_body(subjects[i], "{\"idempotency_key\":\"given-twice\"}");
        evidence_meant(trial->world->evidence, "batch", TRIAL_TENANT, subjects[i], body);
        support_append(&lines, keyed, strlen(keyed));
        support_append(&lines, "\n", 1);
        free(keyed);
        free(body);
    }
    char *file = room_write(&batch.room, "two.jsonl", lines.bytes);
    run(&batch, "create", file, subjects);
    free(file);
    free(lines.bytes);
    free(other);
    close_batch(&batch);
}

/* --- of the form --- */

static void open_form(struct typist *typist, struct trial *trial, const char *bug)
{
    typist_open(typist, trial, "operator", bug);
    typist_fill_in(typist);
}

static void enter_is_pressed_twice(struct trial *trial, const char *bug)
{
    struct typist typist;
    const struct process *server = &trial->world->mock.process;
    open_form(&typist, trial, bug);
    process_hold(server->pid);
    typist_press(&typist, "<Enter><Enter>");
    typist_wait_idle(&typist);
    process_signal(server, SIGCONT);
    typist_be_told(&typist);
    world_wait_for(trial->world, trial->subject, bug ? 2 : 1);
    typist_close(&typist);
}

/* The timer has let go of what is under way: what comes next has a journal of its own. */
static bool has_unlocked(void *context)
{
    glob_t found = {0};
    bool is_there = glob(context, 0, NULL, &found) == 0;
    globfree(&found);
    return is_there;
}

static void wait_for_the_timer(struct typist *typist)
{
    char *journal = support_format("%s/tmp/*/journal-1.db", typist->room.home);
    if (!support_wait_until(has_unlocked, journal, PATIENCE_MS))
        trial_give_up(typist->trial, "the timer doesn't unlock the form");
    free(journal);
    typist_wait_idle(typist); /* what is pressed before the form shows that it is open is dropped */
    typist_wait_for(typist, "[ Create invoice ]");
}

/* Pressed once more when the form says that it can be. */
static void the_answer_takes_long(struct trial *trial, const char *bug)
{
    struct typist typist;
    const struct process *server = &trial->world->mock.process;
    open_form(&typist, trial, bug);
    process_hold(server->pid);
    typist_press(&typist, "<Enter>");
    if (bug)
        wait_for_the_timer(&typist);
    else
        typist_wait_for(&typist, "Saving...");
    typist_press(&typist, "<Enter>");
    typist_wait_idle(&typist);
    process_signal(server, SIGCONT);
    typist_be_told(&typist);
    world_wait_for(trial->world, trial->subject, bug ? 2 : 1);
    typist_close(&typist);
}

static void the_reply_is_lost(struct trial *trial, const char *bug)
{
    struct typist typist;
    open_form(&typist, trial, bug);
    world_harm(trial->world, "drop-response@first=1");
    typist_press(&typist, "<Enter>");
    typist_be_told(&typist);
    world_wait_for(trial->world, trial->subject, 2);
    typist_close(&typist);
}

const struct experiment EXPERIMENTS[] = {
    {"check-then-store",
     true,
     {NULL},
     two_create_one_number,
     "no two rows are under a unique rule"},
    {"cache-5xx", true, {NULL}, the_server_is_busy_once, "no outbox is left full once faults stop"},
    {"no-tenant", true, {NULL}, two_tenants_use_one_key, "what was told as created is there"},
    {"first-body-wins",
     true,
     {NULL},
     one_key_has_two_bodies,
     "what is told as created is what was meant"},
    {"no-lease",
     true,
     {"--lease", "200ms", "--in-progress-wait", "100ms"},
     the_server_crashes,
     "nothing is in progress past its lease"},
    {"no-lock", false, {NULL}, enter_is_pressed_twice, "an intent has one key"},
    {"unlock-after=200ms", false, {NULL}, the_answer_takes_long, "an intent has one key"},
    {"new-key-per-retry",
     false,
     {NULL},
     the_reply_is_lost,
     "a conflict is with another intent, which exists"},
    {"adopt by key alone",
     false,
     {NULL},
     two_lines_have_one_key,
     "what is told as created is what was meant"},
    {"new key on resume", false, {NULL}, the_batch_is_killed, "no row is without an intent"},
};

const size_t EXPERIMENT_COUNT = sizeof EXPERIMENTS / sizeof *EXPERIMENTS;
