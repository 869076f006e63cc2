/* In a library of its own for LD_PRELOAD, and in the test programs; no sanitizer may be in it, as a
 * sanitizer's own start looks at the clock. */
#include "tests/support/test_clock.h"

#include "tests/support/test_clock_setting.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define FILE_MAX 128 /* bytes of a clock's file that are read */

/* Made from the environment at the first look; the looks are counted. */
static struct {
    atomic_bool is_read;
    struct test_clock_setting setting;
    const char *file; /* NULL: it isn't a file's */
    atomic_long looks;
} state;

static struct timespec machine_time(clockid_t clock)
{
    struct timespec now = {0};
    syscall(SYS_clock_gettime, clock, &now);
    return now;
}

static bool read_instant(const char *text, long long *seconds)
{
    struct tm utc = {0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    if (!end || (*end != '\0' && *end != '\n')) return false;
    *seconds = timegm(&utc);
    return true;
}

bool test_clock_read(const char *text, struct test_clock_setting *setting)
{
    long long instant;
    char *end;
    *setting = (struct test_clock_setting){0};
    if (*text == '=') {
        setting->stands = true;
        return read_instant(text + 1, &setting->seconds);
    }
    if (read_instant(text, &instant)) {
        setting->seconds = instant - machine_time(CLOCK_REALTIME).tv_sec;
        return true;
    }
    if (*text != '+' && *text != '-') return false;
    setting->seconds = setting->later = strtoll(text, &end, 10);
    if (*end == ',') setting->looks = strtol(end + 1, &end, 10);
    if (*end == ',') setting->later = strtoll(end + 1, &end, 10);
    return *end == '\0' || *end == '\n';
}

void test_clock_use(const struct test_clock_setting *setting)
{
    state.file = NULL;
    state.setting = *setting;
    state.is_read = true;
}

static void read_environment(void)
{
    const char *text = getenv(TEST_CLOCK_VARIABLE);
    if (text && *text == '/')
        state.file = text;
    else if (text)
        test_clock_read(text, &state.setting);
    state.is_read = true;
}

static struct test_clock_setting setting_of_file(void)
{
    char text[FILE_MAX + 1] = "";
    struct test_clock_setting setting = {0};
    int file = (int)syscall(SYS_openat, AT_FDCWD, state.file, O_RDONLY | O_CLOEXEC);
    if (file >= 0 && syscall(SYS_read, file, text, FILE_MAX) > 0) test_clock_read(text, &setting);
    if (file >= 0) syscall(SYS_close, file);
    return setting;
}

static void set_time(struct timespec *time)
{
    if (!state.is_read) read_environment();
    struct test_clock_setting setting = state.file ? setting_of_file() : state.setting;
    if (setting.stands)
        *time = (struct timespec){.tv_sec = setting.seconds};
    else
        time->tv_sec +=
            setting.looks > 0 && state.looks++ >= setting.looks ? setting.later : setting.seconds;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) set_time(time);
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    (void)zone;
    struct timespec now = machine_time(CLOCK_REALTIME);
    set_time(&now);
    *time = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *out)
{
    struct timespec now = machine_time(CLOCK_REALTIME);
    set_time(&now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
