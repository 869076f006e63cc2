/* Judges what a run left behind, by the rules of protocol/RULES.md. */
#ifndef INVONCE_TESTS_LAB_CHECKER_H
#define INVONCE_TESTS_LAB_CHECKER_H

#include "tests/lab/evidence.h"

#include <stdio.h>

/* How many inputs: what was meant once. Each from `lost` on should be 0. */
struct checker_counts {
    long long attempted;    /* at least one request may have reached a server */
    long long acknowledged; /* somebody was told a definite outcome */
    long long unknown;      /* an attempt had no answer */
    long long recovered;    /* of these: settled all the same */
    long long lost;         /* acknowledged as created, and not there, or not as it was meant */
    long long duplicated;   /* more than one row, or more than one key */
    long long lied_about;   /* told otherwise than it is */
    long long undecided;    /* no definite outcome */
    long long out_of_step;  /* findings about the wire, keys and totals */
};

/* Once all clients have ended, the faults too, and everything was gathered: writes a row into
 * `findings` (sort, rule, subject, detail) for each thing that isn't as it must be, and counts. It
 * may be asked again when more was gathered. `lease_ms` is the servers' --lease, `now_ms` their
 * clock. */
struct checker_counts checker_judge(struct evidence *evidence, long long now_ms,
                                    long long lease_ms);

/* What a rule says; NULL: there are no so many. */
const char *checker_rule(size_t index);

/* Findings in all. */
long long checker_findings(const struct evidence *evidence);

/* The first `most` of each rule, a line each. */
void checker_print(const struct evidence *evidence, int most, FILE *file);

#endif
