#include "mock_server/http/streams.h"

#include "mock_server/base/timers.h"
#include "protocol/wire/buffer.h"
#include "protocol/wire/clock.h"

#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define HEARTBEAT_MS 15000 /* a comment, so that a client that has gone is noticed */
#define LOOK_MS      250   /* what another process has written to the store wakes nobody */

/* The list and every stream's flags are under one lock. */
struct stream {
    struct exchange *exchange; /* NULL: it is over */
    struct timer timer;
    streams_read *read;
    int64_t after;
    struct buffer out; /* not sent yet, from `sent` on */
    size_t sent;
    int64_t beat_ms; /* when the next heartbeat is due */
    bool suspended, woken, ended, armed;
    int holders; /* the response, and the timer while it is armed */
    struct stream *next, *previous;
};

static struct {
    pthread_mutex_t lock;
    struct stream *first;
    size_t count;
} streams = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Lets go for so many holders, with the lock held. */
static void release(struct stream *stream, int holders)
{
    assert(stream->holders >= holders);
    stream->holders -= holders;
    if (stream->holders == 0) {
        buffer_clear(&stream->out);
        free(stream);
    }
}

/* With the lock held. */
static void resume(struct stream *stream)
{
    if (stream->suspended) {
        stream->suspended = false;
        exchange_resume_body(stream->exchange);
    }
}

static void look_again(struct timer *timer, enum timer_reason reason)
{
    struct stream *stream =
        (struct stream *)(void *)((char *)timer - offsetof(struct stream, timer));
    pthread_mutex_lock(&streams.lock);
    stream->armed = false;
    stream->woken = true;
    stream->ended = reason == TIMER_STOPPED;
    resume(stream);
    release(stream, 1);
    pthread_mutex_unlock(&streams.lock);
}

/* Fills what is to be sent; false: nothing new, or it can't be read. */
static bool fill(struct stream *stream)
{
    stream->out.length = stream->sent = 0;
    if (!stream->read(stream->exchange->who->tenant, &stream->after, &stream->out)) {
        stream->out.failed = true;
    }
    return stream->out.length > 0;
}

/* With the lock held. */
static void arm(struct stream *stream)
{
    if (stream->armed) {
        return;
    }
    stream->armed = timers_arm(&stream->timer, LOOK_MS, TIMER_HANGS);
    if (stream->armed) {
        stream->holders++;
    } else {
        stream->ended = true;
        resume(stream);
    }
}

/* True when it now waits; false: there is something to do first. */
static bool wait_for_more(struct stream *stream)
{
    pthread_mutex_lock(&streams.lock);
    bool waits = !stream->woken && !stream->ended;
    stream->woken = false;
    if (waits) {
        exchange_pause_body(stream->exchange);
        stream->suspended = true;
        arm(stream);
    }
    pthread_mutex_unlock(&streams.lock);
    return waits;
}

static bool take_beat(struct stream *stream)
{
    int64_t now = clock_monotonic_ms();
    bool beats = now >= stream->beat_ms;
    if (beats) {
        stream->beat_ms = now + HEARTBEAT_MS;
    }
    return beats;
}

static bool has_ended(struct stream *stream)
{
    pthread_mutex_lock(&streams.lock);
    bool ended = stream->ended;
    pthread_mutex_unlock(&streams.lock);
    return ended;
}

static ssize_t read_stream(void *context, uint64_t position, char *out, size_t room)
{
    (void)position;
    struct stream *stream = context;
    while (stream->sent == stream->out.length) {
        if (has_ended(stream) || stream->out.failed) {
            return MHD_CONTENT_READER_END_OF_STREAM;
        }
        if (fill(stream)) {
            break;
        }
        if (take_beat(stream)) {
            buffer_text(&stream->out, ": still here\n\n");
        } else if (!stream->out.failed && wait_for_more(stream)) {
            return 0;
        }
    }
    assert(stream->sent < stream->out.length);
    size_t left = stream->out.length - stream->sent;
    size_t count = left < room ? left : room;
    memcpy(out, stream->out.bytes + stream->sent, count);
    stream->sent += count;
    return (ssize_t)count;
}

/* Nobody wakes it any more. With the lock held. */
static void unlink_stream(struct stream *stream)
{
    assert(streams.count > 0);
    assert((stream->previous ? stream->previous->next : streams.first) == stream);
    *(stream->previous ? &stream->previous->next : &streams.first) = stream->next;
    if (stream->next) {
        stream->next->previous = stream->previous;
    }
    streams.count--;
    stream->suspended = false;
    stream->exchange->task_over = NULL;
    stream->exchange = NULL;
}

/* libmicrohttpd ends the exchange first, and the response after it. */
static void exchange_is_over(void *context)
{
    pthread_mutex_lock(&streams.lock);
    unlink_stream(context);
    pthread_mutex_unlock(&streams.lock);
}

static void close_stream(void *context)
{
    struct stream *stream = context;
    pthread_mutex_lock(&streams.lock);
    if (stream->exchange) {
        unlink_stream(stream);
    }
    release(stream, timers_cancel(&stream->timer) ? 2 : 1);
    pthread_mutex_unlock(&streams.lock);
}

static bool link_stream(struct stream *stream)
{
    pthread_mutex_lock(&streams.lock);
    bool ok = streams.count < STREAMS_MAX;
    if (ok) {
        stream->next = streams.first;
        if (stream->next) {
            stream->next->previous = stream;
        }
        streams.first = stream;
        streams.count++;
    }
    pthread_mutex_unlock(&streams.lock);
    return ok;
}

struct MHD_Response *streams_open(struct exchange *exchange, int64_t after, streams_read *read)
{
    struct stream *stream = calloc(1, sizeof(struct stream));
    if (!stream) {
        return NULL;
    }
    stream->exchange = exchange;
    stream->read = read;
    stream->after = after;
    stream->timer.fire = look_again;
    stream->holders = 1; /* beat_ms is 0, long past: the client sees at once that it is connected */
    if (!link_stream(stream)) {
        free(stream);
        return NULL;
    }
    exchange->task = stream;
    exchange->task_over = exchange_is_over;
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, 4096, read_stream, stream, close_stream);
    if (!response) {
        close_stream(stream);
        return NULL;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    return response;
}

void streams_wake(const char *tenant)
{
    pthread_mutex_lock(&streams.lock);
    for (struct stream *stream = streams.first; stream; stream = stream->next) {
        if (strcmp(stream->exchange->who->tenant, tenant) == 0) {
            stream->woken = true;
            resume(stream);
        }
    }
    pthread_mutex_unlock(&streams.lock);
}
