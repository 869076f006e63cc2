#include "mock_server/http/metrics.h"

#include "mock_server/engine/writer.h"

#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>

/* Upper bounds of the histogram of a transaction's size. */
static const size_t BATCH_BOUNDS[] = {1, 4, 16, 64, 256, 512};
#define BATCH_BOUND_COUNT (sizeof BATCH_BOUNDS / sizeof BATCH_BOUNDS[0])

static struct {
    const char *endpoints[METRICS_ENDPOINTS_MAX];
    atomic_uint_fast64_t creates[METRICS_ENDPOINTS_MAX][OUTCOME_COUNT];
    atomic_uint_fast64_t replies[6]; /* by the status' first digit */
    atomic_uint_fast64_t batches[BATCH_BOUND_COUNT];
    atomic_uint_fast64_t batch_count, batch_jobs, batch_ms;
    atomic_int_fast64_t connections;
    metrics_more *more; /* NULL: none */
} metrics;

static void count(atomic_uint_fast64_t *counter, uint64_t change)
{
    atomic_fetch_add_explicit(counter, change, memory_order_relaxed);
}

static unsigned long long value(atomic_uint_fast64_t *counter)
{
    return (unsigned long long)atomic_load_explicit(counter, memory_order_relaxed);
}

void metrics_name_endpoint(unsigned endpoint, const char *name)
{
    assert(endpoint < METRICS_ENDPOINTS_MAX); /* creating routes come first in their table */
    metrics.endpoints[endpoint] = name;
}

void metrics_create(unsigned endpoint, enum outcome outcome)
{
    assert(endpoint < METRICS_ENDPOINTS_MAX && outcome < OUTCOME_COUNT);
    count(&metrics.creates[endpoint][outcome], 1);
}

void metrics_reply(int status)
{
    count(&metrics.replies[status / 100 % 6], 1);
}

void metrics_batch(size_t jobs, int64_t ms)
{
    count(&metrics.batch_count, 1);
    count(&metrics.batch_jobs, jobs);
    count(&metrics.batch_ms, (uint64_t)ms);
    for (size_t i = 0; i < BATCH_BOUND_COUNT; i++) {
        if (jobs <= BATCH_BOUNDS[i]) {
            count(&metrics.batches[i], 1);
        }
    }
}

void metrics_connection(int change)
{
    atomic_fetch_add_explicit(&metrics.connections, change, memory_order_relaxed);
}

void metrics_also(metrics_more *more)
{
    metrics.more = more;
}

static void write_creates(struct buffer *text)
{
    buffer_text(text, "# HELP invonce_creates_total Attempts to create, by what came of them.\n"
                      "# TYPE invonce_creates_total counter\n");
    for (size_t e = 0; e < METRICS_ENDPOINTS_MAX; e++) {
        for (int o = 0; metrics.endpoints[e] && o < OUTCOME_COUNT; o++) {
            buffer_printf(text, "invonce_creates_total{endpoint=\"%s\",outcome=\"%s\"} %llu\n",
                          metrics.endpoints[e], outcome_name((enum outcome)o),
                          value(&metrics.creates[e][o]));
        }
    }
}

static void write_batches(struct buffer *text)
{
    buffer_text(text, "# HELP invonce_commit_jobs Jobs carried out by one transaction.\n"
                      "# TYPE invonce_commit_jobs histogram\n");
    for (size_t i = 0; i < BATCH_BOUND_COUNT; i++) {
        buffer_printf(text, "invonce_commit_jobs_bucket{le=\"%zu\"} %llu\n", BATCH_BOUNDS[i],
                      value(&metrics.batches[i]));
    }
    unsigned long long total = value(&metrics.batch_count);
    buffer_printf(text,
                  "invonce_commit_jobs_bucket{le=\"+Inf\"} %llu\n"
                  "invonce_commit_jobs_sum %llu\ninvonce_commit_jobs_count %llu\n",
                  total, value(&metrics.batch_jobs), total);
    unsigned long long ms = value(&metrics.batch_ms);
    buffer_printf(text,
                  "# HELP invonce_commit_seconds_total Time spent in transactions.\n"
                  "# TYPE invonce_commit_seconds_total counter\n"
                  "invonce_commit_seconds_total %llu.%03llu\n",
                  ms / 1000, ms % 1000);
}

void metrics_write(struct buffer *text)
{
    write_creates(text);
    buffer_text(text, "# HELP invonce_http_replies_total Replies, by class of status.\n"
                      "# TYPE invonce_http_replies_total counter\n");
    for (int class = 1; class < 6; class ++) {
        buffer_printf(text, "invonce_http_replies_total{status=\"%dxx\"} %llu\n", class,
                      value(&metrics.replies[class]));
    }
    write_batches(text);
    buffer_printf(text,
                  "# HELP invonce_writer_queue_jobs Jobs that wait for the writer.\n"
                  "# TYPE invonce_writer_queue_jobs gauge\n"
                  "invonce_writer_queue_jobs %zu\n"
                  "# HELP invonce_connections Open connections.\n"
                  "# TYPE invonce_connections gauge\n"
                  "invonce_connections %lld\n",
                  writer_queue_length(),
                  (long long)atomic_load_explicit(&metrics.connections, memory_order_relaxed));
    if (metrics.more) {
        metrics.more(text);
    }
}
