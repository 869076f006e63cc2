/* A retry storm: many clients, a server that is away for a while and then has all of them at once.
 * A simulation in ticks of 10 ms; the clients' every step is protocol/client/submission's. */
#ifndef INVONCE_TESTS_BENCH_STORM_H
#define INVONCE_TESTS_BENCH_STORM_H

#include <stddef.h>
#include <stdint.h>

enum storm_manner {
    STORM_OURS,  /* full jitter, Retry-After, a budget; then the outbox, as the form does it */
    STORM_NAIVE, /* again after a second, for ever */
};

struct storm_settings {
    enum storm_manner manner;
    uint64_t seed;
    size_t clients;
    int think_s;         /* from one invoice of a client to its next, on average */
    int capacity;        /* creates a second */
    int queue;           /* creates that may wait; more are answered 503 */
    int retry_after_s;   /* that these replies say */
    double refusal_cost; /* of one, in creates; at most half of the server goes into refusals */
    int away_from_s, away_until_s; /* connections are refused at once */
    int seconds;
};

extern const struct storm_settings storm_settings_default;

/* What happened in a second of it. */
struct storm_second {
    unsigned attempts, created, refused, timed_out;
    unsigned given_up; /* budgets spent */
    unsigned open;     /* intents that are neither created nor given up, at its end */
    unsigned kept;     /* in an outbox, at its end */
};

/* Fills `seconds` (as many as the settings say). The same settings give the same figures. */
void storm_run(const struct storm_settings *settings, struct storm_second *seconds);

#endif
