/* A file of records for `invonce create`, and a run of it. */
#ifndef INVONCE_TESTS_LAB_SOAK_INPUT_H
#define INVONCE_TESTS_LAB_SOAK_INPUT_H

#include "tests/lab/soak/operator.h"

struct input {
    char *path;
    size_t count;
    char *subjects[INPUT_RECORDS_MAX + 1]; /* NULL-ended */
};

/* Makes one of up to so many records, all of them meant by the desk; of a few the number is also
 * meant by others, and a few are of no currency. */
void input_make(struct input *input, struct soak *soak, struct desk *desk, struct dice *dice,
                const char *name, unsigned records_max);

/* The same, of so many. */
void input_make_of(struct input *input, struct soak *soak, struct desk *desk, struct dice *dice,
                   const char *name, size_t count);

/* The body of its only record; the caller's to free. */
char *input_body(const struct input *input);

/* One that was kept. */
void input_read(struct input *input, const char *path);

/* The file stays. */
void input_clear(struct input *input);

/* What is done to a run: what isn't 0. */
struct input_harm {
    size_t kill_at_line, stop_at_line;
    unsigned kill_at_ms, stop_at_ms, stop_for_ms;
    void (*while_stopped)(void *context); /* NULL: nothing */
    void *context;
    bool dies_stopped; /* it is killed then, and doesn't go on */
};

enum input_end {
    INPUT_SETTLED,   /* each record had a definite outcome */
    INPUT_UNSETTLED, /* it waits, or the journal could not be written */
    INPUT_KILLED,    /* and something was left to tell */
};

/* Runs `invonce` with these arguments, and takes what it tells into the evidence. `input` is what
 * its lines are of; NULL: they name their own, as the outbox's. */
enum input_end input_run(struct soak *soak, struct desk *desk, const struct input *input,
                         const char *const *arguments, const struct input_harm *harm);

/* The same, with its exit code (PROCESS_RUNNING: it was killed). */
int input_run_for_code(struct soak *soak, struct desk *desk, const struct input *input,
                       const char *const *arguments, enum input_end *end);

#endif
