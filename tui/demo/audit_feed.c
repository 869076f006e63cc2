#include "tui/demo/audit_feed.h"

#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"

#include <inttypes.h>
#include <stdio.h>

#define COME_BACK_MS 1000

void audit_feed_start(struct audit_feed *feed, struct courier *courier, struct audit *audit)
{
    *feed = (struct audit_feed){.courier = courier, .audit = audit};
}

void audit_feed_stop(struct audit_feed *feed)
{
    if (feed->call) courier_cancel(feed->call);
    feed->call = NULL;
    feed->due_ms = INT64_MAX;
}

static void take_event(void *context, const char *data, size_t length)
{
    struct audit_feed *feed = context;
    char problem[JSON_PROBLEM_MAX];
    struct json *entry = json_read_object(data, length, problem);
    if (entry && audit_take(feed->audit, entry)) feed->news = true;
    json_free(entry);
}

static bool hear(void *context, const char *bytes, size_t length)
{
    struct audit_feed *feed = context;
    if (feed->lost) feed->news = true;
    feed->lost = false;
    event_stream_feed(&feed->stream, bytes, length, take_event, feed);
    return true;
}

static void come_back_later(struct audit_feed *feed, int64_t now_ms)
{
    if (!feed->lost) feed->news = true;
    feed->lost = true;
    feed->due_ms = now_ms + COME_BACK_MS;
}

static void ended(void *context, const struct reply *reply)
{
    (void)reply; /* a stream has no end: whatever it was, it is tried again */
    struct audit_feed *feed = context;
    feed->call = NULL;
    come_back_later(feed, clock_monotonic_ms());
}

void audit_feed_advance(struct audit_feed *feed, int64_t now_ms)
{
    if (feed->call || now_ms < feed->due_ms) return;
    char path[64];
    snprintf(path, sizeof path, "/v1/audit/stream?after=%" PRId64, feed->audit->seq);
    feed->stream = (struct event_stream){0};
    feed->due_ms = INT64_MAX;
    feed->call = courier_send(feed->courier, &(struct courier_request){.path = path, .hear = hear},
                              ended, feed);
    if (!feed->call) come_back_later(feed, now_ms);
}
