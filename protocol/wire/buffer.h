/* Bytes that grow as they are appended. */
#ifndef INVONCE_WIRE_BUFFER_H
#define INVONCE_WIRE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* All zeros is empty. */
struct buffer {
    char *bytes;
    size_t length;
    size_t capacity;
    bool failed; /* sticky: out of memory, something is missing */
};

/* Room for `more` bytes past the length; false when out of memory. */
bool buffer_reserve(struct buffer *buffer, size_t more);

void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
__attribute__((format(printf, 2, 3))) void buffer_printf(struct buffer *buffer, const char *format,
                                                         ...);

/* A JSON string of valid UTF-8, quotes and all, with RFC 8259's own escapes and no others. */
void buffer_string(struct buffer *buffer, const char *text, size_t length);

/* A JSON string for a log: controls and text-direction overrides are escaped, stray bytes become
 * U+FFFD. */
void buffer_quoted(struct buffer *buffer, const char *text);

void buffer_number(struct buffer *buffer, long long number);

void buffer_clear(struct buffer *buffer);

#endif
