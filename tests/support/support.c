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

void support_append(struct support_buffer *buffer, const void *bytes, size_t length)
{
    char *grown = realloc(buffer->bytes, buffer->length + length + 1);
    if (!grown) support_die("out of memory");
    memcpy(grown + buffer->length, bytes, length);
    buffer->bytes = grown;
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}
