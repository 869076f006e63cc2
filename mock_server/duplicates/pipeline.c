#include "mock_server/duplicates/pipeline.h"

#include <pthread.h>
#include <time.h>

/* On their way at once: as many as make a commit cheap, and few enough that servers on the same
 * store, which wait for it, needn't wait long. */
#define UNDERWAY_MAX 512

/* Between two transactions others get the store, for this share of the time. */
#define PAUSE_SHARE  5
#define PAUSE_MIN_MS 2

static struct {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    struct errand *first, **last;
    size_t underway;
    pipeline_tell *tell;
    void *context;
} pipeline = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};

/* On the writer's thread, behind each transaction. */
static void make_way(size_t jobs, int64_t ms)
{
    (void)jobs;
    int64_t pause = ms / PAUSE_SHARE > PAUSE_MIN_MS ? ms / PAUSE_SHARE : PAUSE_MIN_MS;
    nanosleep(&(struct timespec){.tv_sec = pause / 1000, .tv_nsec = pause % 1000 * 1000000}, NULL);
}

bool pipeline_start(struct store *store, pipeline_tell *tell, void *context)
{
    pipeline.last = &pipeline.first;
    pipeline.tell = tell;
    pipeline.context = context;
    return writer_start(store, UNDERWAY_MAX, make_way);
}

static void done(struct writer_job *job, enum writer_end end)
{
    struct errand *errand = (struct errand *)job;
    pthread_mutex_lock(&pipeline.lock);
    errand->end = end;
    errand->ended = true;
    pthread_cond_signal(&pipeline.ended);
    pthread_mutex_unlock(&pipeline.lock);
}

/* The first that was sent, once it has ended; NULL: there is none, or it hasn't and isn't waited
 * for. */
static struct errand *take_first(bool wait)
{
    pthread_mutex_lock(&pipeline.lock);
    while (wait && pipeline.first && !pipeline.first->ended) {
        pthread_cond_wait(&pipeline.ended, &pipeline.lock);
    }
    struct errand *first = pipeline.first && pipeline.first->ended ? pipeline.first : NULL;
    if (first) {
        pipeline.first = first->next;
        pipeline.last = pipeline.first ? pipeline.last : &pipeline.first;
        pipeline.underway--;
    }
    pthread_mutex_unlock(&pipeline.lock);
    return first;
}

void pipeline_send(struct errand *errand)
{
    struct errand *first = NULL;
    while ((first = take_first(pipeline.underway >= UNDERWAY_MAX))) {
        pipeline.tell(pipeline.context, first);
    }
    errand->job.done = done;
    errand->next = NULL;
    errand->ended = false;
    pthread_mutex_lock(&pipeline.lock);
    *pipeline.last = errand;
    pipeline.last = &errand->next;
    pipeline.underway++;
    pthread_mutex_unlock(&pipeline.lock);
    writer_submit_lazily(&errand->job);
}

void pipeline_drain(void)
{
    struct errand *first = NULL;
    while ((first = take_first(true))) {
        pipeline.tell(pipeline.context, first);
    }
}

void pipeline_stop(void)
{
    writer_stop();
}
