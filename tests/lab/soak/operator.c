#include "tests/lab/soak/operator.h"

#include "tests/lab/soak/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AFTER_MS 300 /* between two tries of what isn't settled */

/* --- the desk --- */

void desk_open(struct desk *desk, struct soak *soak, size_t index, const char *url,
               const char *tenant, const char *token)
{
    char *token_variable = support_format("INVONCE_TOKEN=%s", token);
    *desk = (struct desk){.tenant = tenant, .patience_ms = DESK_PATIENCE_MS};
    snprintf(desk->client, sizeof desk->client, "desk%zu", index);
    room_open(&desk->room, url, (const char *const *)soak->field.clients.variables);
    room_set(&desk->room, token_variable);
    room_set(&desk->room, "INVONCE_CONNECT_TIMEOUT=2s");
    room_set(&desk->room, "INVONCE_ATTEMPT_TIMEOUT=5s");
    room_set(&desk->room, "INVONCE_RETRY_BUDGET=" DESK_BUDGET);
    room_set(&desk->room, "INVONCE_IN_FLIGHT=12");
    room_set(&desk->room,
             "INVONCE_HISTORY=3650d"); /* clocks are set, and nothing is to be forgotten */
    free(token_variable);
    const char *user = mock_user(token);
    if (user) evidence_acts(soak_evidence(soak), desk->client, user);
    if (user) soak_evidence_done(soak);
}

void desk_settle(struct desk *desk, struct soak *soak)
{
    static const char *const arguments[] = {"outbox", "resume", "--json", NULL};
    while (input_run(soak, desk, NULL, arguments, NULL) != INPUT_SETTLED && soak_may_go_on(soak))
        soak_sleep(AFTER_MS);
}

void desk_close(struct desk *desk, struct soak *soak)
{
    struct evidence *evidence = soak_evidence(soak);
    evidence_take_journal(evidence, desk->client, desk->tenant, desk->room.journal);
    soak_evidence_done(soak);
    room_clear(&desk->room);
}

/* --- who sits there --- */

/* Inputs that wait for better times. */
struct waiting {
    char **paths;
    size_t count;
};

static void keep(struct waiting *waiting, const char *path)
{
    char **more = realloc(waiting->paths, (waiting->count + 1) * sizeof *more);
    if (!more) support_die("out of memory");
    waiting->paths = more;
    waiting->paths[waiting->count++] = support_format("%s", path);
}

/* Of six runs two are left alone. */
static struct input_harm some_harm(struct dice *dice, const struct input *input)
{
    switch (dice_below(dice, 6)) {
    case 0:
        return (struct input_harm){.kill_at_ms = dice_between(dice, 1, 1500)};
    case 1:
        return (struct input_harm){.kill_at_line = dice_between(dice, 1, (unsigned)input->count)};
    case 2:
        return (struct input_harm){.kill_at_line = input->count};
    case 3:
        return (struct input_harm){.stop_at_ms = dice_between(dice, 1, 500),
                                   .stop_for_ms = dice_between(dice, 10, 2500)};
    default:
        return (struct input_harm){0};
    }
}

static enum input_end create(const struct operator* operator, const struct input * input,
                             const struct input_harm *harm)
{
    return input_run(operator->soak, operator->desk, input,
                     (const char *const[]){"create", input->path, "--json", NULL}, harm);
}

/* A new input, until it has ended by itself. */
static void enter_some(const struct operator* operator, struct dice * dice, struct waiting *waiting,
                       const char *name)
{
    struct input input;
    enum input_end end;
    input_make(&input, operator->soak, operator->desk, dice, name, operator->records_max);
    do {
        struct input_harm harm = some_harm(dice, &input);
        end = create(operator, & input, atomic_load(&operator->soak->is_healed) ? NULL : &harm);
    } while (end == INPUT_KILLED);
    if (end == INPUT_UNSETTLED)
        keep(waiting, input.path);
    else
        unlink(input.path);
    input_clear(&input);
}

/* Nothing goes wrong any more. */
static void settle_input(const struct operator* operator, const char * path)
{
    struct input input;
    input_read(&input, path);
    while (create(operator, & input, NULL) != INPUT_SETTLED && soak_may_go_on(operator->soak))
        soak_sleep(AFTER_MS);
    input_clear(&input);
}

void *operator_run(void *context)
{
    const struct operator* operator= context;
    struct soak *soak = operator->soak;
    struct dice dice = dice_of(soak->seed, 100 + operator->number);
    struct waiting waiting = {0};
    for (unsigned i = 0; !atomic_load(&soak->is_closing); i++) {
        char *name = support_format("%u-%u", operator->number, i);
        enter_some(operator, & dice, &waiting, name);
        free(name);
    }
    while (!atomic_load(&soak->is_healed))
        soak_sleep(10);
    for (size_t i = 0; i < waiting.count; i++) {
        settle_input(operator, waiting.paths[i]);
        free(waiting.paths[i]);
    }
    desk_settle(operator->desk, soak);
    free(waiting.paths);
    return NULL;
}
