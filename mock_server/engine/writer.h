/* The one writer: takes all that is queued, carries it out in one durable transaction, and tells
 * each when it is on disk (group commit). */
#ifndef INVONCE_MOCK_SERVER_ENGINE_WRITER_H
#define INVONCE_MOCK_SERVER_ENGINE_WRITER_H

#include "mock_server/store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What became of a job. */
enum writer_end {
    WRITER_KEPT,   /* it is on disk */
    WRITER_FAILED, /* nothing of it is */
    WRITER_AWAY,   /* the store can't be reached: nothing of it is, or that can't be known now */
};

/* Part of whatever is to be written. Both calls come on the writer's thread. */
struct writer_job {
    /* Inside the open transaction; false undoes it alone. Called again from the start when the
     * transaction was undone for another's failure. `now` is one time for all of it. */
    bool (*run)(struct writer_job *job, struct store_session *session, int64_t now);

    /* After the commit, and only then is anyone told. The job is its owner's again, to free or to
     * submit once more. */
    void (*done)(struct writer_job *job, enum writer_end end);

    /* The writer's: */
    struct writer_job *next;
    uint64_t turn; /* in order of submission */
    bool bounded;  /* counts against the capacity */
};

/* Is told of each transaction: how many jobs, and how long. */
typedef void writer_count(size_t jobs, int64_t ms);

/* `capacity` bounds the jobs that wait by writer_submit. */
bool writer_start(struct store *store, size_t capacity, writer_count *count_batch);

/* False: the queue is full, the job was not taken. */
bool writer_submit(struct writer_job *job);

/* For jobs whose number is bounded elsewhere: always taken. */
void writer_submit_always(struct writer_job *job);

/* The same for jobs that nobody waits for: they may wait a moment for company, and others go before
 * them where there are more than fit one transaction. */
void writer_submit_lazily(struct writer_job *job);

/* Always taken, and carried out soon, but after every lazy job that is queued now. */
void writer_submit_behind(struct writer_job *job);

/* Jobs that wait, for the metrics. */
size_t writer_queue_length(void);

/* False from a commit that failed, or left no room for another, until one succeeds. To find that
 * out one is tried, of nothing, when this is asked meanwhile. */
bool writer_is_well(void);

/* Carries out what is queued, and ends. */
void writer_stop(void);

#endif
