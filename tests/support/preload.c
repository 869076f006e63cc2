#include "tests/support/preload.h"

#include "tests/support/support.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_clock.h"
#include "tests/support/test_clock_setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLOCK_LIBRARY "libtest-clock.so"

static struct test_clock_setting ours; /* as it was told last; of a file that we were told: none */

static void set_variable(const char *name, const char *value)
{
    if (setenv(name, value, 1) != 0) support_die("out of memory");
}

/* Adds to a list in the environment what isn't in it. */
static void add_to_variable(const char *name, const char *value, char between)
{
    const char *before = getenv(name);
    if (!before || !*before) {
        set_variable(name, value);
    } else if (!strstr(before, value)) {
        char *both = support_format("%s%c%s", value, between, before);
        set_variable(name, both);
        free(both);
    }
}

/* An instant that a clock goes on from is meant once, not anew for each program that is started. */
static char *settled(const char *text, const struct test_clock_setting *setting)
{
    return *text == '=' || setting->looks > 0 ? support_format("%s", text)
                                              : support_format("%+lld", setting->seconds);
}

static struct test_clock_setting read_setting(const char *text)
{
    struct test_clock_setting setting;
    if (!test_clock_read(text, &setting))
        support_die(TEST_CLOCK_VARIABLE " isn't a clock's setting: %s", text);
    return setting;
}

/* Before main and its threads. */
__attribute__((constructor)) static void set_up_environment(int argc, char **argv)
{
    if (preload_is_unwanted && preload_is_unwanted(argc, argv)) return;
    const char *told = getenv(TEST_CLOCK_VARIABLE);
    if (told && strcmp(told, "real") == 0) return;
    if (!told || *told != '/') {
        ours = read_setting(told ? told : TEST_CLOCK_START);
        char *text = settled(told ? told : TEST_CLOCK_START, &ours);
        set_variable(TEST_CLOCK_VARIABLE, text);
        test_clock_use(&ours);
        free(text);
    }
    add_to_variable("LD_LIBRARY_PATH", INVONCE_PRELOAD_DIRECTORY, ':');
    add_to_variable("LD_PRELOAD", CLOCK_LIBRARY, ':');
    add_to_variable("ASAN_OPTIONS", "verify_asan_link_order=0", ':');
}

/* --- a clock that is moved --- */

static char clock_directory[TEMP_DIR_SIZE];

static void forget_clock(void)
{
    temp_dir_remove(clock_directory);
}

void test_clock_set(const char *text)
{
    ours = read_setting(text);
    if (!*clock_directory) {
        temp_dir_make(clock_directory);
        atexit(forget_clock);
    }
    char *line = settled(text, &ours);
    char *next = temp_dir_write(clock_directory, "next", line, strlen(line));
    char *file = support_format("%s/clock", clock_directory);
    if (rename(next, file) != 0) support_die("cannot write %s", file);
    set_variable(TEST_CLOCK_VARIABLE, file);
    test_clock_use(&ours);
    free(file);
    free(next);
    free(line);
}

char *test_clock_other(long long seconds, long looks)
{
    if (ours.stands) support_die("another clock than one that stands isn't made");
    long long other = ours.seconds + seconds;
    return looks > 0
               ? support_format(TEST_CLOCK_VARIABLE "=%+lld,%ld,%+lld", ours.seconds, looks, other)
               : support_format(TEST_CLOCK_VARIABLE "=%+lld", other);
}

/* --- */

char *preload_variable(const char *library)
{
    const char *before = getenv("LD_PRELOAD");
    return before ? support_format("LD_PRELOAD=%s:lib%s.so", before, library)
                  : support_format("LD_PRELOAD=lib%s.so", library);
}

size_t preload_environment(char *variables[PRELOAD_VARIABLES_MAX])
{
    static const char *const names[PRELOAD_VARIABLES_MAX] = {
        TEST_CLOCK_VARIABLE, "LD_LIBRARY_PATH", "LD_PRELOAD",   "TZ",
        "ASAN_OPTIONS",      "UBSAN_OPTIONS",   "TSAN_OPTIONS", "LSAN_OPTIONS"};
    size_t count = 0;
    for (size_t i = 0; i < PRELOAD_VARIABLES_MAX; i++)
        if (getenv(names[i]))
            variables[count++] = support_format("%s=%s", names[i], getenv(names[i]));
    return count;
}
