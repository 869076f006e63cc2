/* What random chaos rarely finds, written down: each part is played once or more in every run, in
 * the middle of all that goes wrong, until it came to what it is for. */
#ifndef INVONCE_TESTS_LAB_SOAK_PARTS_H
#define INVONCE_TESTS_LAB_SOAK_PARTS_H

#include "tests/lab/soak/input.h"
#include "tests/lab/soak/operator.h"

#define PARTS_DESKS_MAX 64

/* Who plays them. */
struct player {
    struct soak *soak;
    struct dice dice;
    struct desk *desks[PARTS_DESKS_MAX]; /* each part opens its own */
    size_t desk_count;
};

/* On a thread of its own, until all is settled. */
void *player_run(void *player);

/* Their journals, into the evidence. */
void player_close(struct player *player);

/* --- for the parts --- */

struct desk *player_desk(struct player *player, const char *url, const char *tenant,
                         const char *token);

/* A server beside the others, which answers. */
void player_start_server(struct player *player, struct field_server *server, const char *name,
                         const char *const *options);

/* An input of so many records of that desk. */
void player_input(struct player *player, struct input *input, struct desk *desk, size_t count);

/* Gives an input until each of its records is settled. */
void player_settle_input(struct player *player, struct desk *desk, const struct input *input);

typedef void part(struct player *player);
part part_tenants, part_tokens, part_keys, part_refused, part_beside, part_late_owner;

#endif
