#include "tui/demo/event_stream.h"

#include <assert.h>
#include <string.h>

#define DATA_FIELD "data"

static void append_data(struct event_stream *stream, const char *value, size_t length)
{
    size_t gap = stream->has_data ? 1 : 0;
    assert(stream->data_length <= sizeof stream->data);
    if (length + gap > sizeof stream->data - stream->data_length) {
        stream->too_long = true;
        return;
    }
    if (gap) stream->data[stream->data_length++] = '\n';
    memcpy(stream->data + stream->data_length, value, length);
    stream->data_length += length;
    stream->has_data = true;
}

/* A line with a field's name, or a comment: only data counts here. */
static void take_field(struct event_stream *stream)
{
    const char *line = stream->line;
    size_t length = stream->line_length, name = strlen(DATA_FIELD);
    if (length < name || memcmp(line, DATA_FIELD, name) != 0) return;
    if (length == name) {
        append_data(stream, "", 0);
    } else if (line[name] == ':') {
        size_t value = name + 1;
        if (value < length && line[value] == ' ') value++;
        append_data(stream, line + value, length - value);
    }
}

static void end_line(struct event_stream *stream, event_stream_event *event, void *context)
{
    if (stream->line_length > 0) {
        take_field(stream);
        stream->line_length = 0;
        return;
    }
    if (stream->has_data && !stream->too_long) event(context, stream->data, stream->data_length);
    stream->data_length = 0;
    stream->has_data = stream->too_long = false;
}

void event_stream_feed(struct event_stream *stream, const char *bytes, size_t length,
                       event_stream_event *event, void *context)
{
    for (size_t i = 0; i < length; i++) {
        bool pair = stream->after_cr && bytes[i] == '\n';
        stream->after_cr = bytes[i] == '\r';
        if (pair) continue;
        if (bytes[i] == '\r' || bytes[i] == '\n') {
            end_line(stream, event, context);
        } else if (stream->line_length < sizeof stream->line) {
            stream->line[stream->line_length++] = bytes[i];
        } else {
            stream->too_long = true;
        }
    }
}
