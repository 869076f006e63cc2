#include "tests/lab/soak/complaint.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_llong count;

void complaint_make(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    flockfile(stderr);
    fputs("\ninvonce-lab soak: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    funlockfile(stderr);
    va_end(values);
    atomic_fetch_add(&count, 1);
}

long long complaint_count(void)
{
    return atomic_load(&count);
}
