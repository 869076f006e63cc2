#include "tests/unit/starved.h"

#include "protocol/wire/json.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

static _Thread_local long left = -1; /* allocations until one is refused; below zero: none is */
static _Thread_local bool refused;

bool starved_refuses(void)
{
    if (left < 0 || left-- > 0) return false;
    refused = true;
    errno = ENOMEM;
    return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);
int __real_vasprintf(char **text, const char *format, va_list arguments);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);
int __wrap_vasprintf(char **text, const char *format, va_list arguments);

void *__wrap_malloc(size_t size)
{
    return starved_refuses() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return starved_refuses() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return starved_refuses() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
    return starved_refuses() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t length)
{
    return starved_refuses() ? NULL : __real_strndup(text, length);
}

__attribute__((format(printf, 2, 0))) int __wrap_vasprintf(char **text, const char *format,
                                                           va_list arguments)
{
    return starved_refuses() ? -1 : __real_vasprintf(text, format, arguments);
}

void starved_begin(long after)
{
    json_use_memory(__wrap_malloc, free);
    refused = false;
    left = after;
}

bool starved_end(void)
{
    left = -1;
    return refused;
}
