#include "mock_server/duplicates/progress.h"

#include "protocol/wire/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#define EVERY_MS 200

static struct {
    const char *what;
    bool shown; /* a line stands there */
    bool terminal;
    int64_t start_ms, told_ms;
} progress;

void progress_start(const char *what)
{
    progress.what = what;
    progress.terminal = isatty(STDERR_FILENO) == 1;
    progress.start_ms = progress.told_ms = clock_monotonic_ms();
}

double progress_seconds(void)
{
    return (double)(clock_monotonic_ms() - progress.start_ms) / 1000;
}

static void tell_left(double done, double seconds)
{
    double left = seconds / done - seconds;
    fprintf(stderr, ", %.0f %%, ", done * 100);
    if (left >= 60) {
        fprintf(stderr, "%.0f min ", left / 60);
    } else {
        fprintf(stderr, "%.0f s ", left);
    }
    fputs("left", stderr);
}

void progress_tell(int64_t count, int64_t part, int64_t whole)
{
    int64_t now = clock_monotonic_ms();
    if (!progress.terminal || now - progress.told_ms < EVERY_MS) {
        return;
    }
    double seconds = (double)(now - progress.start_ms) / 1000;
    progress.told_ms = now;
    progress_clear();
    fprintf(stderr, "%lld %s, %.0f a second", (long long)count, progress.what,
            (double)count / seconds);
    if (whole > 0 && part > 0) {
        tell_left((double)part / (double)whole, seconds);
    }
    fflush(stderr);
    progress.shown = true;
}

void progress_clear(void)
{
    if (progress.shown) {
        fputs("\r\033[K", stderr);
        progress.shown = false;
    }
}
