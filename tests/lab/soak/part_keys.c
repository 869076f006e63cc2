/* A key of one's own, given again: with the same, and with something else, at this desk and at
 * another; one that a failing server refuses at first; and one that two tenants have at one
 * instant, which is two keys. */
#include "tests/lab/soak/parts.h"

#include "tests/lab/soak/complaint.h"
#include "tests/support/parallel.h"

#include "protocol/wire/idempotency_key.h"

#include <limits.h>
#include <stdlib.h>

#define EXIT_CREATED     0
#define EXIT_REJECTED    4
#define EXIT_UNCONFIRMED 5

/* How long a definite answer may take; a planted bug that lets none come is told of early. */
static long long patience_ms(const struct soak *soak)
{
    return soak->field.bug ? PATIENCE_MS / 2 : LLONG_MAX / 2;
}

/* Until it says more than that it couldn't be told. */
static int create(struct player *player, struct desk *desk, const struct input *input,
                  const char *key)
{
    const char *const arguments[] = {"create", input->path, "--key", key, "--json", NULL};
    long long deadline = support_now_ms() + patience_ms(player->soak);
    enum input_end end;
    int code;
    while ((code = input_run_for_code(player->soak, desk, input, arguments, &end)) ==
               EXIT_UNCONFIRMED ||
           end != INPUT_SETTLED) {
        if (!soak_may_go_on(player->soak) || support_now_ms() > deadline) break;
        soak_sleep(100);
    }
    return code;
}

static bool expect(struct player *player, const char *what, int code, int expected)
{
    if (code == expected) return true;
    if (soak_may_go_on(player->soak))
        complaint_make("%s ended with %d, not %d", what, code, expected);
    return false;
}

/* Meant again, by the same or another desk. */
static void mean(struct player *player, const struct desk *desk, const struct input *input)
{
    struct evidence *evidence = soak_evidence(player->soak);
    char *body = input_body(input);
    evidence_meant(evidence, desk->client, desk->tenant, input->subjects[0], body);
    soak_evidence_done(player->soak);
    free(body);
}

void part_keys(struct player *player)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    struct input first, second;
    const char *url = player->soak->field.servers[0].url;
    struct desk *here = player_desk(player, url, "north", TOKEN_ANA);
    struct desk *there = player_desk(player, url, "north", TOKEN_BOB);
    idempotency_key_make(key);
    player_input(player, &first, here, 1);
    player_input(player, &second, here, 1);
    expect(player, "a new key", create(player, here, &first, key), EXIT_CREATED);
    mean(player, here, &first);
    if (expect(player, "a key given again", create(player, here, &first, key), EXIT_CREATED))
        tally_count(TALLY_PART_KEY_AGAIN);
    if (expect(player, "a key of something else", create(player, here, &second, key),
               EXIT_REJECTED))
        tally_count(TALLY_PART_KEY_OTHER);
    mean(player, there, &second);
    if (expect(player, "a key of something else, by a colleague",
               create(player, there, &second, key), EXIT_REJECTED))
        tally_count(TALLY_PART_KEY_OTHER);
    input_clear(&first);
    input_clear(&second);
}

/* --- of a server that fails --- */

void part_refused(struct player *player)
{
    static const char *const options[] = {"--token", "north:ana=" TOKEN_ANA, "--fault",
                                          "status=503@attempt=1", NULL};
    char key[IDEMPOTENCY_KEY_SIZE];
    struct field_server server;
    struct input input;
    player_start_server(player, &server, "refused", options);
    struct desk *desk = player_desk(player, server.url, "north", TOKEN_ANA);
    idempotency_key_make(key);
    player_input(player, &input, desk, 1);
    if (expect(player, "a key that was refused at first", create(player, desk, &input, key),
               EXIT_CREATED))
        tally_count(TALLY_PART_REFUSED);
    input_clear(&input);
    field_close_server(&server);
}

/* --- of two tenants --- */

struct shared_key {
    struct player *player;
    const char *key;
    struct desk *desks[2];
    struct input inputs[2];
    int codes[2];
};

static void create_under_it(size_t index, void *context)
{
    struct shared_key *shared = context;
    shared->codes[index] =
        create(shared->player, shared->desks[index], &shared->inputs[index], shared->key);
}

void part_tenants(struct player *player)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    const char *url = player->soak->field.servers[0].url;
    struct shared_key shared = {.player = player,
                                .key = key,
                                .desks = {player_desk(player, url, "north", TOKEN_ANA),
                                          player_desk(player, url, "south", TOKEN_EVE)}};
    idempotency_key_make(key);
    for (size_t i = 0; i < 2; i++)
        player_input(player, &shared.inputs[i], shared.desks[i], 1);
    parallel_run(2, create_under_it, &shared);
    if (expect(player, "a key of two tenants, for the one", shared.codes[0], EXIT_CREATED) &&
        expect(player, "a key of two tenants, for the other", shared.codes[1], EXIT_CREATED))
        tally_count(TALLY_PART_TENANTS);
    for (size_t i = 0; i < 2; i++)
        input_clear(&shared.inputs[i]);
}
