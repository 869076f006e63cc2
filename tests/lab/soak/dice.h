/* What is left to chance: the same for the same seed. */
#ifndef INVONCE_TESTS_LAB_SOAK_DICE_H
#define INVONCE_TESTS_LAB_SOAK_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    unsigned seed;
    uint64_t drawn;
};

/* Somebody's own, out of those of a run. */
struct dice dice_of(unsigned seed, unsigned who);

/* 0 to `count` - 1; `least` to `most`; once in so many times. */
unsigned dice_below(struct dice *dice, unsigned count);
unsigned dice_between(struct dice *dice, unsigned least, unsigned most);
bool dice_once_in(struct dice *dice, unsigned times);

#endif
