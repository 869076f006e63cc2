#include "tests/lab/soak/dice.h"

#include "tests/client/trials.h"

struct dice dice_of(unsigned seed, unsigned who)
{
    return (struct dice){.seed = (unsigned)trials_chance(seed, who)};
}

unsigned dice_below(struct dice *dice, unsigned count)
{
    return (unsigned)(trials_chance(dice->seed, dice->drawn++) % count);
}

unsigned dice_between(struct dice *dice, unsigned least, unsigned most)
{
    return least + dice_below(dice, most - least + 1);
}

bool dice_once_in(struct dice *dice, unsigned times)
{
    return dice_below(dice, times) == 0;
}
