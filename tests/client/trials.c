#include "tests/client/trials.h"

#include "tests/support/parallel.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define TOLD_MAX 10

struct trials {
    const char *name;
    size_t count;
    trials_work *work;
    void *context;
    atomic_size_t next, failed;
};

static void take_turns(size_t thread, void *context)
{
    struct trials *trials = context;
    (void)thread;
    for (size_t index; (index = atomic_fetch_add(&trials->next, 1)) < trials->count;) {
        char *sentence = trials->work(index, trials->context);
        if (!sentence) continue;
        if (atomic_fetch_add(&trials->failed, 1) < TOLD_MAX)
            fprintf(stderr, "%s, trial %zu: %s\n", trials->name, index, sentence);
        free(sentence);
    }
}

size_t trials_run(const char *name, size_t count, size_t at_once, trials_work *work, void *context)
{
    struct trials trials = {.name = name, .count = count, .work = work, .context = context};
    parallel_run(at_once < count ? at_once : count, take_turns, &trials);
    return trials.failed;
}

/* SplitMix64. */
uint64_t trials_chance(unsigned seed, uint64_t index)
{
    uint64_t mixed = ((uint64_t)seed << 32) + (index + 1) * UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}
