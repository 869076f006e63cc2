/* Tokens of one tenant are changed while its server is down, and the journal is so young that it
 * doesn't know yet whose they are. */
#include "tests/lab/soak/parts.h"

#include <signal.h>
#include <stdlib.h>

#define FIRST  "north-first-0123456789abcdef"
#define SECOND "north-second-0123456789abcdef"
#define THIRD  "north-third-0123456789abcdef"

#define EXIT_UNCONFIRMED 5
#define RECORDS          3

/* From then on the server knows the second and the third, and later the third alone. */
static const char *const two[] = {"--token", "north:ana=" SECOND, "--token", "north:bob=" THIRD,
                                  NULL};
static const char *const one[] = {"--token", "north:bob=" THIRD, NULL};

/* As those who have the second and the third. */
static void act_as_both(struct player *player, const struct desk *desk)
{
    struct evidence *evidence = soak_evidence(player->soak);
    evidence_acts(evidence, desk->client, "ana");
    evidence_acts(evidence, desk->client, "bob");
    soak_evidence_done(player->soak);
}

static void use(struct desk *desk, const char *token)
{
    char *variable = support_format("INVONCE_TOKEN=%s", token);
    room_set(&desk->room, variable);
    free(variable);
}

/* While nobody answers. */
static bool leave_open(struct player *player, struct desk *desk, const struct input *input)
{
    enum input_end end;
    return input_run_for_code(player->soak, desk, input,
                              (const char *const[]){"create", input->path, "--json", NULL},
                              &end) == EXIT_UNCONFIRMED;
}

static enum input_end resume(struct player *player, struct desk *desk, const char *option)
{
    return input_run(player->soak, desk, NULL,
                     (const char *const[]){"outbox", "resume", "--json", option, NULL}, NULL);
}

static void take_over(struct player *player, struct desk *desk)
{
    while (resume(player, desk, "--take-over") != INPUT_SETTLED && soak_may_go_on(player->soak))
        soak_sleep(200);
    if (soak_may_go_on(player->soak)) tally_count(TALLY_PART_TAKE_OVER);
}

void part_tokens(struct player *player)
{
    const struct field *field = &player->soak->field;
    struct field_server server;
    struct input inputs[3];
    bool is_open = true;
    field_open_server(field, &server, "tokens", two);
    struct desk *desk = player_desk(player, server.url, "north", FIRST);
    act_as_both(player, desk);
    room_set(&desk->room, "INVONCE_RETRY_BUDGET=300ms");
    for (size_t i = 0; i < 3; i++) {
        player_input(player, &inputs[i], desk, RECORDS);
        use(desk, i == 0 ? SECOND : FIRST);
        is_open = leave_open(player, desk, &inputs[i]) && is_open;
    }
    room_set(&desk->room, "INVONCE_RETRY_BUDGET=8s");
    field_start_server(field, &server);
    if (!field_await_server(field, &server))
        support_die("a server beside the others doesn't start");
    use(desk, SECOND);
    bool is_left = resume(player, desk, NULL) == INPUT_UNSETTLED; /* the first one's */
    process_signal(&server.process, SIGKILL);
    server.options = one;
    process_wait(&server.process, PATIENCE_MS);
    field_start_server(field, &server);
    if (!field_await_server(field, &server))
        support_die("a server beside the others doesn't start");
    use(desk, THIRD);
    if (is_open && is_left) tally_count(TALLY_PART_TOKENS);
    player_settle_input(player, desk, &inputs[1]); /* given again: it is this one's */
    take_over(player, desk);                       /* and what is left */
    player_settle_input(player, desk, &inputs[0]);
    player_settle_input(player, desk, &inputs[2]);
    for (size_t i = 0; i < 3; i++)
        input_clear(&inputs[i]);
    field_close_server(&server);
}
