#include "mock_server/engine/reaper.h"

#include "mock_server/base/timers.h"
#include "mock_server/engine/writer.h"

#define EVERY_MS 2000
#define BATCH    500

static struct {
    struct timer timer;
    struct writer_job job;
    int count; /* of the last batch */
} reaper;

static bool run(struct writer_job *job, struct store_session *session, int64_t now)
{
    (void)job;
    return store_keys_expire(session, now, BATCH, &reaper.count) == STORE_OK;
}

/* A full batch means there is more: soon, but others first. */
static void done(struct writer_job *job, enum writer_end end)
{
    (void)job;
    timers_arm(&reaper.timer, end == WRITER_KEPT && reaper.count == BATCH ? 10 : EVERY_MS,
               TIMER_FINISHES);
}

static void fire(struct timer *timer, enum timer_reason reason)
{
    (void)timer;
    if (reason == TIMER_DUE) {
        writer_submit_always(&reaper.job);
    }
}

bool reaper_start(void)
{
    reaper.timer.fire = fire;
    reaper.job.run = run;
    reaper.job.done = done;
    return timers_arm(&reaper.timer, EVERY_MS, TIMER_FINISHES);
}
