/* A run of an input is stopped in the middle, and the same input is given again beside it; then the
 * first one goes on, or is killed, and whoever gives it next goes on with it. */
#include "tests/lab/soak/parts.h"

/* More than what its output's pipe holds: the run can't be over when it is stopped. */
#define RECORDS     300
#define LINES_FIRST 20

struct beside {
    struct player *player;
    struct desk *desk;
    const struct input *input;
    bool is_settled; /* the first one had ended when it was stopped, and this one went on with it */
};

static enum input_end create(const struct beside *beside, const struct input_harm *harm)
{
    return input_run(beside->player->soak, beside->desk, beside->input,
                     (const char *const[]){"create", beside->input->path, "--json", NULL}, harm);
}

static void run_beside(void *context)
{
    struct beside *beside = context;
    beside->is_settled = create(beside, NULL) == INPUT_SETTLED;
    if (!beside->is_settled) tally_count(TALLY_PART_BESIDE);
}

static void play(struct player *player, bool dies)
{
    struct input input;
    struct desk *desk = player_desk(player, player->soak->field.servers[0].url, "north", TOKEN_ANA);
    struct beside beside = {.player = player, .desk = desk, .input = &input};
    player_input(player, &input, desk, RECORDS);
    const struct input_harm harm = {.stop_at_line = 1 + dice_below(&player->dice, LINES_FIRST),
                                    .while_stopped = run_beside,
                                    .context = &beside,
                                    .dies_stopped = dies};
    enum input_end end = create(&beside, &harm);
    if (end == INPUT_KILLED && !beside.is_settled) tally_count(TALLY_PART_BESIDE_KILLED);
    if (end != INPUT_SETTLED && !beside.is_settled) player_settle_input(player, desk, &input);
    input_clear(&input);
}

void part_beside(struct player *player)
{
    play(player, false);
    play(player, true);
}
