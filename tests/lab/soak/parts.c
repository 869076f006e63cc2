#include "tests/lab/soak/parts.h"

#include <stdlib.h>

#define TRIES_MAX 8 /* of a part, in each of which it may miss what it is for */
#define AGAIN_MS  200

static const struct {
    part *part;
    enum tally came_to[2];
} parts[] = {
    {part_tenants, {TALLY_PART_TENANTS, TALLY_PART_TENANTS}},
    {part_keys, {TALLY_PART_KEY_AGAIN, TALLY_PART_KEY_OTHER}},
    {part_refused, {TALLY_PART_REFUSED, TALLY_PART_REFUSED}},
    {part_beside, {TALLY_PART_BESIDE, TALLY_PART_BESIDE_KILLED}},
    {part_tokens, {TALLY_PART_TOKENS, TALLY_PART_TAKE_OVER}},
    {part_late_owner, {TALLY_PART_LATE_OWNER, TALLY_PART_LATE_OWNER}},
};

#define PARTS (sizeof parts / sizeof *parts)

struct desk *player_desk(struct player *player, const char *url, const char *tenant,
                         const char *token)
{
    if (player->desk_count == PARTS_DESKS_MAX) support_die("too many desks");
    struct desk *desk = calloc(1, sizeof *desk);
    if (!desk) support_die("out of memory");
    desk_open(desk, player->soak, 100 + player->desk_count, url, tenant, token);
    desk->is_plain = true;
    player->desks[player->desk_count++] = desk;
    return desk;
}

void player_start_server(struct player *player, struct field_server *server, const char *name,
                         const char *const *options)
{
    const struct field *field = &player->soak->field;
    field_open_server(field, server, name, options);
    field_start_server(field, server);
    if (!field_await_server(field, server)) support_die("a server beside the others doesn't start");
}

void player_input(struct player *player, struct input *input, struct desk *desk, size_t count)
{
    char *name = support_format("part%llu", (unsigned long long)player->dice.drawn++);
    input_make_of(input, player->soak, desk, &player->dice, name, count);
    free(name);
}

void player_settle_input(struct player *player, struct desk *desk, const struct input *input)
{
    const char *const create[] = {"create", input->path, "--json", NULL};
    while (input_run(player->soak, desk, input, create, NULL) != INPUT_SETTLED &&
           soak_may_go_on(player->soak)) {
        desk_settle(desk, player->soak);
        soak_sleep(AGAIN_MS);
    }
}

static bool came_to(size_t index)
{
    return tally_of(parts[index].came_to[0]) > 0 && tally_of(parts[index].came_to[1]) > 0;
}

void *player_run(void *context)
{
    struct player *player = context;
    struct soak *soak = player->soak;
    player->dice = dice_of(soak->seed, 400);
    for (size_t i = 0; i < PARTS; i++)
        for (int tries = 0; tries < TRIES_MAX && !came_to(i) && !atomic_load(&soak->is_closing);
             tries++)
            parts[i].part(player);
    while (!atomic_load(&soak->is_healed))
        soak_sleep(20);
    for (size_t i = 0; i < player->desk_count; i++)
        desk_settle(player->desks[i], soak);
    return NULL;
}

void player_close(struct player *player)
{
    for (size_t i = 0; i < player->desk_count; i++) {
        desk_close(player->desks[i], player->soak);
        free(player->desks[i]);
    }
}
