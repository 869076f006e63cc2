/* The retry storm's figures, for people and for gnuplot: a line a second, each manner's columns
 * beside the other's. */
#include "tests/bench/storm.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    struct storm_settings settings = storm_settings_default;
    if (argc > 2) {
        fputs("usage: bench-storm [SEED]\n", stderr);
        return 2;
    }
    if (argc == 2) settings.seed = strtoull(argv[1], NULL, 10);
    size_t count = (size_t)settings.seconds;
    struct storm_second *ours = calloc(count, sizeof *ours), *naive = calloc(count, sizeof *naive);
    if (!ours || !naive) support_die("out of memory");
    storm_run(&settings, ours);
    settings.manner = STORM_NAIVE;
    storm_run(&settings, naive);
    puts("second attempts created open kept naive_attempts naive_created naive_open");
    for (size_t i = 0; i < count; i++)
        printf("%zu %u %u %u %u %u %u %u\n", i, ours[i].attempts, ours[i].created, ours[i].open,
               ours[i].kept, naive[i].attempts, naive[i].created, naive[i].open);
    free(ours);
    free(naive);
    return 0;
}
