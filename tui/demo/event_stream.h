/* Server-sent events out of bytes as they come (HTML Living Standard, 9.2.6): their data alone. */
#ifndef INVONCE_TUI_EVENT_STREAM_H
#define INVONCE_TUI_EVENT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#define EVENT_STREAM_DATA_MAX (16 * 1024) /* bytes; a longer event is passed over */

/* All zeros is ready. */
struct event_stream {
    char line[EVENT_STREAM_DATA_MAX + 8]; /* the one that has not ended yet */
    size_t line_length;
    char data[EVENT_STREAM_DATA_MAX];
    size_t data_length;
    bool has_data;
    bool too_long; /* the event that has not ended yet */
    bool after_cr; /* an LF that follows belongs to it */
};

/* Gets an event's data; borrowed until it returns. */
typedef void event_stream_event(void *context, const char *data, size_t length);

void event_stream_feed(struct event_stream *stream, const char *bytes, size_t length,
                       event_stream_event *event, void *context);

#endif
