#include "mock_server/buffer.h"

#include "protocol/wire/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool buffer_reserve(struct buffer *buffer, size_t more)
{
    if (buffer->failed || more > SIZE_MAX / 2 - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t needed = buffer->length + more;
    if (needed <= buffer->capacity) {
        return true;
    }
    size_t capacity = buffer->capacity * 2 > needed ? buffer->capacity * 2 : needed;
    char *bytes = realloc(buffer->bytes, capacity);
    if (!bytes) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
    if (length > 0 && buffer_reserve(buffer, length)) {
        memcpy(buffer->bytes + buffer->length, bytes, length);
        buffer->length += length;
    }
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        buffer->failed = true;
        return;
    }
    buffer_append(buffer, text, (size_t)length);
    free(text);
}

/* Bytes of the well-formed character at `text`; 0 when there is none. */
static size_t character_length(const unsigned char *text)
{
    size_t length = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
    if (strnlen((const char *)text, length) < length || !text_is_utf8((const char *)text, length)) {
        return 0;
    }
    return length;
}

/* Characters that could move a terminal's cursor or turn a line's reading order. */
static bool is_unsafe(const unsigned char *text, size_t length)
{
    if (length == 1) {
        return text[0] < 0x20 || text[0] == 0x7f;
    }
    if (length == 2) {
        return text[0] == 0xc2 && text[1] < 0xa0;
    }
    if (length == 3 && text[0] == 0xe2) {
        return (text[1] == 0x80 && text[2] >= 0xa8 && text[2] <= 0xae) ||
               (text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9);
    }
    return false;
}

static void append_escape(struct buffer *buffer, const unsigned char *text, size_t length)
{
    unsigned code = text[0];
    if (length == 2) {
        code = (text[0] & 0x1fu) << 6 | (text[1] & 0x3fu);
    } else if (length == 3) {
        code = (text[0] & 0x0fu) << 12 | (text[1] & 0x3fu) << 6 | (text[2] & 0x3fu);
    }
    char escape[8];
    snprintf(escape, sizeof escape, "\\u%04x", code & 0xffffu);
    buffer_text(buffer, escape);
}

void buffer_quoted(struct buffer *buffer, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    buffer_append(buffer, "\"", 1);
    while (*at != '\0') {
        /* Most text is plain: take a run of it at once. */
        size_t run = 0;
        while (at[run] >= 0x20 && at[run] < 0x7f && at[run] != '"' && at[run] != '\\') {
            run++;
        }
        buffer_append(buffer, at, run);
        at += run;
        if (*at == '\0') {
            break;
        }
        size_t length = character_length(at);
        if (*at == '"' || *at == '\\') {
            buffer_append(buffer, "\\", 1);
            buffer_append(buffer, at, 1);
        } else if (length == 0) {
            buffer_text(buffer, "\xef\xbf\xbd");
        } else if (is_unsafe(at, length)) {
            append_escape(buffer, at, length);
        } else {
            buffer_append(buffer, at, length);
        }
        at += length ? length : 1;
    }
    buffer_append(buffer, "\"", 1);
}

void buffer_clear(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}
