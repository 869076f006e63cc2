#include "protocol/wire/buffer.h"

#include "protocol/wire/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool buffer_reserve(struct buffer *buffer, size_t more)
{
    assert(buffer->length <= buffer->capacity);
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

void buffer_number(struct buffer *buffer, long long number)
{
    char digits[24], *at = digits + sizeof digits;
    unsigned long long rest =
        number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        *--at = '-';
    }
    buffer_append(buffer, at, (size_t)(digits + sizeof digits - at));
}

/* Bytes that stand for themselves in a JSON string. */
static size_t plain_run(const char *text, size_t length)
{
    size_t run = 0;
    while (run < length && (unsigned char)text[run] >= 0x20 && text[run] != '"' &&
           text[run] != '\\') {
        run++;
    }
    return run;
}

/* Nearly all strings need no escape. */
static void append_plain(struct buffer *buffer, const char *text, size_t length)
{
    if (buffer_reserve(buffer, length + 2)) {
        char *at = buffer->bytes + buffer->length;
        *at++ = '"';
        at = mempcpy(at, text, length);
        *at = '"';
        buffer->length += length + 2;
    }
}

void buffer_string(struct buffer *buffer, const char *text, size_t length)
{
    static const char SHORT[] = "btn.fr"; /* U+0008 to U+000D */
    if (plain_run(text, length) == length) {
        append_plain(buffer, text, length);
        return;
    }
    buffer_append(buffer, "\"", 1);
    while (length > 0) {
        size_t run = plain_run(text, length);
        buffer_append(buffer, text, run);
        text += run;
        length -= run;
        if (length == 0) {
            break;
        }
        char c = *text++;
        length--;
        char escape[8] = {'\\', c};
        size_t size = 2;
        if (c >= '\b' && c <= '\r' && c != '\v') {
            escape[1] = SHORT[c - '\b'];
        } else if (c != '"' && c != '\\') {
            size = (size_t)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(unsigned char)c);
        }
        buffer_append(buffer, escape, size);
    }
    buffer_append(buffer, "\"", 1);
}

void buffer_clear(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}
