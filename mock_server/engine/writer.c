#include "mock_server/engine/writer.h"

#include "mock_server/base/log.h"
#include "protocol/wire/clock.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* Jobs that nobody waits for are written when others are, when there are this many, or after this
 * long. */
#define LAZY_MAX 256
#define LAZY_MS  20

/* Bounds what one commit holds, and so how long its first job waits for the last. Of it, this much
 * is for the jobs that nobody waits for, however many others there are. */
#define BATCH_MAX  512
#define LAZY_SHARE 64

/* Where a batch costs much whatever is in it, those whose replies were just sent are waited for:
 * they may be back at once. Not when there are as many as this; nor for longer than a part of the
 * time that the batch took. */
#define ENOUGH      32
#define GATHER_PART 4

/* A transaction that is undone again and again for others' sake fails in the end. */
#define TRIES_MAX 20

struct queue {
    struct writer_job *first, **last;
    size_t length;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t queued;
    struct queue waited_for, lazy;
    uint64_t turn;            /* of the next job */
    size_t bounded, capacity; /* of those waited for */
    bool hurry;               /* the lazy ones have waited long enough */
    size_t taken;             /* of those waited for, into the last batch */
    size_t expected;          /* so many are gathered */
    struct timespec until;    /* or what has come by then */
    bool stopping;
    pthread_t thread;
    struct store_session *session;
    writer_count *count_batch;
    atomic_bool unwell;  /* the last transaction was lost, or the next may be */
    atomic_bool probing; /* the probe is queued */
    struct writer_job probe;
} writer = {.lock = PTHREAD_MUTEX_INITIALIZER, .queued = PTHREAD_COND_INITIALIZER};

static void append(struct queue *queue, struct writer_job *job)
{
    assert(job->run && job->done);
    assert((queue->first == NULL) == (queue->length == 0));
    job->next = NULL;
    job->turn = writer.turn++;
    *(queue->first ? queue->last : &queue->first) = job;
    queue->last = &job->next;
    queue->length++;
}

static struct writer_job *remove_first(struct queue *queue)
{
    struct writer_job *job = queue->first;
    assert(job && queue->length > 0);
    queue->first = job->next;
    queue->length--;
    return job;
}

static bool is_empty(void)
{
    return !writer.waited_for.first && !writer.lazy.first;
}

/* True when there is something to write, and it had better be written now. */
static bool is_due(void)
{
    return writer.stopping || writer.waited_for.first || writer.hurry ||
           writer.lazy.length >= LAZY_MAX;
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static struct timespec after_ns(int64_t ns)
{
    ns += now_ns();
    return (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
}

/* With the lock held: until there is a reason to write. */
static void wait_for_jobs(void)
{
    while (is_empty() && !writer.stopping) {
        pthread_cond_wait(&writer.queued, &writer.lock);
    }
    struct timespec until = after_ns(LAZY_MS * 1000000);
    while (!is_due() &&
           pthread_cond_clockwait(&writer.queued, &writer.lock, CLOCK_MONOTONIC, &until) == 0) {
    }
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* With the lock held. */
static void gather(void)
{
    while (!writer.stopping && writer.waited_for.length < writer.expected &&
           pthread_cond_clockwait(&writer.queued, &writer.lock, CLOCK_MONOTONIC, &writer.until) ==
               0) {
    }
    writer.expected = 0;
}

/* A batch that took so long is over, and its replies are sent next. */
static void expect_jobs(int64_t ns)
{
    pthread_mutex_lock(&writer.lock);
    writer.expected = least(writer.taken + writer.waited_for.length, ENOUGH);
    writer.until = after_ns(ns / GATHER_PART);
    pthread_mutex_unlock(&writer.lock);
}

/* Those waited for come first to a place in the batch; in it all stand as they came. NULL when
 * stopping and none is left. */
static struct writer_job *take_batch(size_t *count)
{
    pthread_mutex_lock(&writer.lock);
    wait_for_jobs();
    gather();
    size_t share = least(writer.lazy.length, LAZY_SHARE);
    size_t waited_for = least(writer.waited_for.length, BATCH_MAX - share);
    size_t lazy = least(writer.lazy.length, BATCH_MAX - waited_for);
    struct writer_job *batch = NULL, **end = &batch;
    *count = waited_for + lazy;
    writer.taken = waited_for;
    while (waited_for + lazy > 0) {
        bool next_lazy = waited_for == 0 ||
                         (lazy > 0 && writer.lazy.first->turn < writer.waited_for.first->turn);
        *end = remove_first(next_lazy ? &writer.lazy : &writer.waited_for);
        writer.bounded -= (*end)->bounded;
        *(next_lazy ? &lazy : &waited_for) -= 1;
        end = &(*end)->next;
    }
    *end = NULL;
    assert(*count <= BATCH_MAX); /* kept[] has no more places */
    assert(batch || writer.stopping);
    assert(writer.bounded <= writer.waited_for.length);
    writer.hurry = writer.lazy.first != NULL;
    pthread_mutex_unlock(&writer.lock);
    return batch;
}

struct together {
    struct writer_job *jobs[BATCH_MAX];
    bool *kept;
    int64_t now;
};

static bool run_one(void *context, size_t i)
{
    struct together *together = context;
    struct writer_job *job = together->jobs[i];
    return together->kept[i] = job->run(job, writer.session, together->now);
}

/* Most transactions go well: without savepoints, which cost each job a copy of every page that it
 * touches. False: something failed, and nothing is kept. */
static bool carry_out_together(struct writer_job *batch, bool kept[BATCH_MAX], int64_t now)
{
    struct together together = {.kept = kept, .now = now};
    size_t count = 0;
    for (struct writer_job *job = batch; job; job = job->next) {
        together.jobs[count++] = job;
    }
    return store_begin(writer.session) &&
           store_run_parts(writer.session, count, run_one, &together) &&
           store_commit(writer.session);
}

/* False when the whole transaction is lost. */
static bool run_apart(struct writer_job *job, int64_t now, bool *kept)
{
    *kept = false;
    if (!store_savepoint(writer.session)) {
        return false;
    }
    *kept = job->run(job, writer.session, now);
    return *kept ? store_release(writer.session) : store_undo(writer.session);
}

/* Again, each job in a savepoint, so that the one that fails takes no other with it. */
static bool carry_out_apart(struct writer_job *batch, bool kept[BATCH_MAX], int64_t now)
{
    bool ok = store_begin(writer.session);
    size_t i = 0;
    for (struct writer_job *job = batch; ok && job; job = job->next) {
        ok = run_apart(job, now, &kept[i++]);
    }
    return ok && store_commit(writer.session);
}

/* Undone to let others by: they have gone by now, or will have soon. A connection that was found to
 * be broken may be made anew. */
static bool had_better_be_tried_again(int tries)
{
    enum store_trouble trouble = store_trouble(writer.session);
    if (!(trouble == STORE_AGAIN && tries < TRIES_MAX) && !(trouble == STORE_AWAY && tries == 1)) {
        return false;
    }
    if (tries > 1) {
        nanosleep(&(struct timespec){.tv_nsec = (rand() % 8 + 1) * 1000000L}, NULL);
    }
    return true;
}

static bool carry_out_once(struct writer_job *batch, size_t count, bool kept[BATCH_MAX],
                           int64_t now)
{
    if (carry_out_together(batch, kept, now)) {
        return true;
    }
    enum store_trouble trouble = store_trouble(writer.session);
    store_rollback(writer.session);
    bool one_may_be_why = trouble == STORE_NO_TROUBLE || trouble == STORE_BROKEN;
    if (count == 1 || !one_may_be_why) {
        return false;
    }
    bool ok = carry_out_apart(batch, kept, now);
    if (!ok) {
        store_rollback(writer.session);
    }
    return ok;
}

static bool any_is_kept(const bool kept[BATCH_MAX], size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        any = any || kept[i];
    }
    return any;
}

/* Marks in kept[] which jobs are on disk; false: none is. */
static bool carry_out(struct writer_job *batch, size_t count, bool kept[BATCH_MAX])
{
    int64_t now = clock_now_ms();
    int tries = 0;
    do {
        if (carry_out_once(batch, count, kept, now)) {
            return any_is_kept(kept, count);
        }
    } while (had_better_be_tried_again(++tries));
    for (size_t i = 0; i < count; i++) {
        kept[i] = false;
    }
    return false;
}

static void tell(struct writer_job *batch, const bool kept[BATCH_MAX])
{
    enum store_trouble trouble = store_trouble(writer.session);
    bool away = trouble == STORE_AWAY || trouble == STORE_UNSURE || trouble == STORE_AGAIN;
    size_t i = 0;
    while (batch) {
        struct writer_job *next = batch->next; /* the job may be gone after this */
        enum writer_end otherwise = away ? WRITER_AWAY : WRITER_FAILED;
        batch->done(batch, kept[i++] ? WRITER_KEPT : otherwise);
        batch = next;
    }
}

static void *write_batches(void *unused)
{
    (void)unused;
    pthread_setname_np(pthread_self(), "writer");
    size_t count = 0;
    struct writer_job *batch = NULL;
    while ((batch = take_batch(&count))) {
        bool kept[BATCH_MAX] = {false};
        int64_t start = now_ns();
        atomic_store(&writer.unwell,
                     !carry_out(batch, count, kept) || store_is_cramped(writer.session));
        writer.count_batch(count, (now_ns() - start) / 1000000);
        if (store_costs_a_batch(writer.session)) {
            expect_jobs(now_ns() - start);
        }
        tell(batch, kept);
        store_maintain(writer.session); /* now nobody waits for this batch */
    }
    return NULL;
}

bool writer_start(struct store *store, size_t capacity, writer_count *count_batch)
{
    writer.count_batch = count_batch;
    writer.stopping = false;
    writer.capacity = capacity;
    writer.session = store_session_open_writing(store);
    return writer.session && pthread_create(&writer.thread, NULL, write_batches, NULL) == 0;
}

/* With the lock held. The writer sleeps while there is nothing, or nothing but a few lazy jobs. */
static void enqueue(struct queue *queue, struct writer_job *job, bool hurry)
{
    bool sleeps = is_empty() || !is_due();
    bool first = is_empty();
    append(queue, job);
    writer.hurry = writer.hurry || hurry;
    bool gathered = writer.expected > 0 && writer.waited_for.length == writer.expected;
    if ((sleeps && (first || is_due())) || gathered) {
        pthread_cond_signal(&writer.queued);
    }
}

bool writer_submit(struct writer_job *job)
{
    pthread_mutex_lock(&writer.lock);
    bool taken = writer.bounded < writer.capacity;
    if (taken) {
        job->bounded = true;
        writer.bounded++;
        enqueue(&writer.waited_for, job, false);
    }
    pthread_mutex_unlock(&writer.lock);
    return taken;
}

static void submit_always(struct queue *to, struct writer_job *job, bool hurry)
{
    pthread_mutex_lock(&writer.lock);
    job->bounded = false;
    enqueue(to, job, hurry);
    pthread_mutex_unlock(&writer.lock);
}

void writer_submit_always(struct writer_job *job)
{
    submit_always(&writer.waited_for, job, false);
}

void writer_submit_lazily(struct writer_job *job)
{
    submit_always(&writer.lazy, job, false);
}

void writer_submit_behind(struct writer_job *job)
{
    submit_always(&writer.lazy, job, true);
}

static bool probe(struct writer_job *job, struct store_session *session, int64_t now)
{
    (void)job;
    (void)now;
    return store_probe(session);
}

static void probed(struct writer_job *job, enum writer_end end)
{
    (void)job;
    (void)end;
    atomic_store(&writer.probing, false);
}

bool writer_is_well(void)
{
    bool well = !atomic_load(&writer.unwell);
    if (!well && !atomic_exchange(&writer.probing, true)) {
        writer.probe.run = probe;
        writer.probe.done = probed;
        writer_submit_always(&writer.probe);
    }
    return well;
}

size_t writer_queue_length(void)
{
    pthread_mutex_lock(&writer.lock);
    size_t length = writer.waited_for.length + writer.lazy.length;
    pthread_mutex_unlock(&writer.lock);
    return length;
}

void writer_stop(void)
{
    pthread_mutex_lock(&writer.lock);
    writer.stopping = true;
    pthread_cond_signal(&writer.queued);
    pthread_mutex_unlock(&writer.lock);
    pthread_join(writer.thread, NULL);
    store_session_close(writer.session);
}
