#include "tests/support/support.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void support_die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("test support: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}

long long support_now_ms(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) support_die("no monotonic clock");
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool support_wait_until(bool (*condition)(void *context), void *context, int timeout_ms)
{
    long long deadline = support_now_ms() + timeout_ms;
    while (!condition(context)) {
        if (support_now_ms() >= deadline) return false;
        poll(NULL, 0, 5);
    }
    return true;
}

unsigned support_seed(void)
{
    const char *told = getenv("INVONCE_SEED");
    unsigned seed = told ? (unsigned)strtoul(told, NULL, 10) : (unsigned)support_now_ms();
    printf("INVONCE_SEED=%u\n", seed);
    return seed;
}

char *support_format(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) support_die("out of memory");
    va_end(arguments);
    return text;
}

/* Of a buffer that holds so much: a power of two, so that a long one isn't moved at each piece. */
static size_t size_for(size_t length)
{
    size_t size = 64;
    while (size <= length)
        size *= 2;
    return size;
}

void support_append(struct support_buffer *buffer, const void *bytes, size_t length)
{
    size_t size = size_for(buffer->length + length);
    if (!buffer->bytes || size != size_for(buffer->length)) {
        buffer->bytes = realloc(buffer->bytes, size);
        if (!buffer->bytes) support_die("out of memory");
    }
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}
