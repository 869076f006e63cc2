/* A key of one's own, given again: with the same, and with something else, at this desk and at
 * another. */
#include "tests/lab/soak/parts.h"

#include "protocol/wire/idempotency_key.h"

#include <stdlib.h>

#define EXIT_CREATED     0
#define EXIT_REJECTED    4
#define EXIT_UNCONFIRMED 5

/* Until it says more than that it couldn't be told. */
static int create(struct player *player, struct desk *desk, const struct input *input,
                  const char *key)
{
    const char *const arguments[] = {"create", input->path, "--key", key, "--json", NULL};
    enum input_end end;
    int code;
    while ((code = input_run_for_code(player->soak, desk, input, arguments, &end)) ==
               EXIT_UNCONFIRMED ||
           end != INPUT_SETTLED) {
        if (!soak_may_go_on(player->soak)) break;
        soak_sleep(100);
    }
    return code;
}

static void expect(struct player *player, const char *what, int code, int expected,
                   enum tally tally)
{
    if (code == expected)
        tally_count(tally);
    else if (soak_may_go_on(player->soak))
        soak_complain(player->soak, "%s ended with %d, not %d", what, code, expected);
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
    struct desk *here = player_desk(player, url, TOKEN_ANA);
    struct desk *there = player_desk(player, url, TOKEN_BOB);
    idempotency_key_make(key);
    player_input(player, &first, here, 1);
    player_input(player, &second, here, 1);
    expect(player, "a new key", create(player, here, &first, key), EXIT_CREATED,
           TALLY_PART_KEY_AGAIN);
    mean(player, here, &first);
    expect(player, "a key given again", create(player, here, &first, key), EXIT_CREATED,
           TALLY_PART_KEY_AGAIN);
    expect(player, "a key of something else", create(player, here, &second, key), EXIT_REJECTED,
           TALLY_PART_KEY_OTHER);
    mean(player, there, &second);
    expect(player, "a key of something else, by a colleague", create(player, there, &second, key),
           EXIT_REJECTED, TALLY_PART_KEY_OTHER);
    input_clear(&first);
    input_clear(&second);
}
