/* Several processes that start on one store: one of them brings it up to date, which may take
 * minutes, and shows meanwhile that it is at work; the others wait as long as it is. */
#include "mock_server/store/sqlite/sqlite_session.h"

#include "mock_server/base/log.h"
#include "mock_server/base/stop.h"
#include "protocol/wire/clock.h"

#include <fcntl.h>
#include <stdio.h>

#define LOOK_MS  1000
#define STILL_MS 30000 /* a sort, or the last sync of all that was written, shows nothing */

#define BEAT_MS  1000
#define BEAT_OPS 100000 /* of SQLite's virtual machine, between two looks at the clock */

/* What changes while somebody works on the store. */
struct traces {
    struct timespec touched, logged;
    off_t log_size;
};

static struct traces traces_of(const struct sqlite_store *store)
{
    struct traces traces = {0};
    struct stat found;
    char log[4096 + 8];
    snprintf(log, sizeof log, "%s-wal", store->path);
    if (stat(store->path, &found) == 0) {
        traces.touched = found.st_mtim;
    }
    if (stat(log, &found) == 0) {
        traces.logged = found.st_mtim;
        traces.log_size = found.st_size;
    }
    return traces;
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_traces(const struct traces *a, const struct traces *b)
{
    return same_time(a->touched, b->touched) && same_time(a->logged, b->logged) &&
           a->log_size == b->log_size;
}

static int begin(struct sqlite_session *session)
{
    return sqlite3_exec(session->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) & 0xFF;
}

bool sqlite_begin_patiently(struct sqlite_session *session)
{
    struct traces before = traces_of(session->store);
    int64_t still_since = clock_monotonic_ms();
    int result = SQLITE_OK;
    bool told = false;
    sqlite3_busy_timeout(session->db, LOOK_MS);
    while ((result = begin(session)) == SQLITE_BUSY && !stop_is_asked()) {
        if (!told) {
            log_event("info", "another process is at work on the store: waiting for it", "store",
                      session->store->path);
            told = true;
        }
        struct traces now = traces_of(session->store);
        if (!same_traces(&before, &now)) {
            before = now;
            still_since = clock_monotonic_ms();
        } else if (clock_monotonic_ms() - still_since >= STILL_MS) {
            break;
        }
    }
    sqlite3_busy_timeout(session->db, BUSY_MS);
    return result == SQLITE_OK;
}

/* Not zero stops the work. */
static int beat(void *context)
{
    struct sqlite_session *session = context;
    int64_t now = clock_monotonic_ms();
    if (now - session->beat_ms >= BEAT_MS) {
        session->beat_ms = now;
        utimensat(AT_FDCWD, session->store->path, NULL, 0);
    }
    return stop_is_asked();
}

void sqlite_show_work(struct sqlite_session *session, bool working)
{
    sqlite3_progress_handler(session->db, BEAT_OPS, working ? beat : NULL, session);
}
