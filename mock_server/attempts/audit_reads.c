#include "mock_server/attempts/audit_reads.h"

#include "mock_server/attempts/audit.h"
#include "mock_server/engine/readers.h"
#include "mock_server/engine/writer.h"
#include "mock_server/http/streams.h"

#include <stddef.h>
#include <stdlib.h>

#define LIMIT_DEFAULT  100
#define LIMIT_MAX      1000
#define EVENTS_AT_ONCE 100

/* A place in the writer's queue: when it comes up, what was answered before is written. */
struct barrier {
    struct writer_job job;
    struct exchange *exchange;
};

static bool pass_barrier(struct writer_job *job, struct store_session *session, int64_t now)
{
    (void)job;
    (void)session;
    (void)now;
    return true;
}

static void behind_barrier(struct writer_job *job, enum writer_end end)
{
    (void)end;
    struct barrier *barrier = (struct barrier *)(void *)job;
    exchange_resume(barrier->exchange);
}

struct page {
    struct json *data;
    int64_t last;
};

static void append_entry(void *context, const struct store_audit_entry *entry)
{
    struct page *page = context;
    json_append(page->data, audit_entry_to_json(entry));
    page->last = entry->seq;
}

static void send_page(struct exchange *exchange)
{
    int64_t after = 0, limit = LIMIT_DEFAULT;
    if (!exchange_read_number(exchange, "after", exchange_parameter(exchange, "after"), 0,
                              INT64_MAX, &after) ||
        !exchange_read_number(exchange, "limit", exchange_parameter(exchange, "limit"), 1,
                              LIMIT_MAX, &limit)) {
        return;
    }
    struct page page = {json_new_array(), after};
    struct store_session *session = readers_session();
    if (!page.data || !session ||
        store_audit_list(session, exchange->who->tenant, after, (int)limit, append_entry, &page) !=
            STORE_OK) {
        json_free(page.data);
        readers_refuse(&exchange->reply, "The audit cannot be read.");
        return;
    }
    reply_json(&exchange->reply, 200,
               json_with(json_with(json_new_object(), "data", page.data), "next_after",
                         json_new_integer(page.last)));
}

void audit_list(struct exchange *exchange)
{
    static const char *const NAMES[] = {"after", "limit", NULL};
    if (!exchange_check_query(exchange, NAMES)) {
        return;
    }
    struct barrier *barrier = audit_entries_wait() ? calloc(1, sizeof(struct barrier)) : NULL;
    if (!barrier) {
        send_page(exchange);
        return;
    }
    barrier->exchange = exchange;
    barrier->job.run = pass_barrier;
    barrier->job.done = behind_barrier;
    exchange->task = barrier;
    exchange->task_over = free;
    exchange_suspend(exchange, send_page);
    writer_submit_behind(&barrier->job);
}

struct events {
    struct buffer *out;
    int64_t last;
};

static void append_event(void *context, const struct store_audit_entry *entry)
{
    struct events *events = context;
    struct json *value = audit_entry_to_json(entry);
    if (value) {
        buffer_text(events->out, "id: ");
        buffer_number(events->out, entry->seq);
        buffer_text(events->out, "\ndata: ");
        buffer_json(events->out, value);
        buffer_text(events->out, "\n\n");
    } else {
        events->out->failed = true;
    }
    json_free(value);
    events->last = entry->seq;
}

static bool read_events(const char *tenant, int64_t *after, struct buffer *out)
{
    struct events events = {out, *after};
    struct store_session *session = readers_session();
    bool ok = session && store_audit_list(session, tenant, *after, EVENTS_AT_ONCE, append_event,
                                          &events) == STORE_OK;
    *after = events.last;
    return ok || readers_are_away(); /* it goes on when the store is back */
}

/* A client that comes back tells where it was (HTML Living Standard, server-sent events). */
void audit_stream(struct exchange *exchange)
{
    static const char *const NAMES[] = {"after", NULL};
    int64_t after = 0;
    if (!exchange_check_query(exchange, NAMES)) {
        return;
    }
    const char *last = exchange_header(exchange, "Last-Event-ID");
    if (!exchange_read_number(exchange, "after",
                              last && last[0] ? last : exchange_parameter(exchange, "after"), 0,
                              INT64_MAX, &after)) {
        return;
    }
    exchange->reply.status = 200;
    exchange->stream = streams_open(exchange, after, read_events);
    if (!exchange->stream) {
        reply_problem(&exchange->reply, PROBLEM_TOO_BUSY,
                      "Too many clients follow the audit already.");
        exchange->reply.retry_after_s = 5;
    }
}
