/* Reads any bytes as config.ini, and each line of them as a flag: what is wrong is said, what is
 * right is in its bounds. */
#include "tui/command/settings.h"

#include "protocol/client/origin.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/temp_dir.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLAGS_MAX 8
#define DAY_MS    (24 * 3600 * INT64_C(1000))

static char home[TEMP_DIR_SIZE];
static int config;

static void remove_home(void)
{
    temp_dir_remove(home);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    char link[TEMP_DIR_SIZE + 32], path[40];
    temp_dir_make(home);
    config = memfd_create("config.ini", MFD_CLOEXEC); /* no disk is written to for each */
    snprintf(link, sizeof link, "%s/invonce", home);
    snprintf(path, sizeof path, "/proc/self/fd/%d", config);
    MUST(config >= 0 && mkdir(link, 0700) == 0 && atexit(remove_home) == 0);
    snprintf(link, sizeof link, "%s/invonce/config.ini", home);
    MUST(symlink(path, link) == 0);
    MUST(setenv("HOME", home, 1) == 0 && setenv("XDG_CONFIG_HOME", home, 1) == 0 &&
         setenv("XDG_STATE_HOME", home, 1) == 0);
    return 0;
}

static void write_config(const uint8_t *data, size_t size)
{
    MUST(ftruncate(config, 0) == 0 && pwrite(config, data, size, 0) == (ssize_t)size);
}

static void check_settings(const struct settings *settings)
{
    struct origin origin;
    MUST(settings->connect_timeout_ms > 0 && settings->connect_timeout_ms <= DAY_MS);
    MUST(settings->attempt_timeout_ms > 0 && settings->attempt_timeout_ms <= DAY_MS);
    MUST(settings->retry_budget_ms >= 0 && settings->retry_budget_ms <= DAY_MS);
    MUST(settings->in_flight >= 1 && settings->in_flight <= 64);
    MUST(settings->history_ms >= 0 && settings->journal_path != NULL);
    MUST(settings->values[SETTING_SERVER] != NULL);
    (void)origin_read(settings->values[SETTING_SERVER], &origin);
}

static void finish(struct settings *settings)
{
    char sentence[SETTINGS_SENTENCE_MAX] = "";
    if (settings_finish(settings, SETTINGS_TO_SEND, sentence) == SETTINGS_OK)
        check_settings(settings);
    else
        MUST(sentence[0] != '\0'); /* who prints it makes it safe */
    settings_clear(settings);
}

/* Each line with "--" before it; the line behind one that needs a value is that. */
static void take_flags(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size), *rest = text;
    char *flags[FLAGS_MAX + 1] = {NULL}, sentence[SETTINGS_SENTENCE_MAX] = "";
    struct settings settings = {0};
    MUST(text != NULL);
    for (size_t i = 0; rest != NULL && i < FLAGS_MAX; i++) {
        const char *line = strsep(&rest, "\n");
        size_t flag_size = strlen(line) + 3;
        flags[i] = malloc(flag_size);
        MUST(flags[i] != NULL);
        snprintf(flags[i], flag_size, "--%s", line);
    }
    char **at = flags;
    while (*at != NULL && settings_take_flag(&settings, &at, sentence) == SETTINGS_OK) {
    }
    free(settings_language(flags));
    finish(&settings);
    for (size_t i = 0; flags[i] != NULL; i++)
        free(flags[i]);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings settings = {0};
    write_config(data, size);
    finish(&settings);
    take_flags(data, size);
    return 0;
}
