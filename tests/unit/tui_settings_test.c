/* Settings: which source wins, and what is said of a wrong value. */
#include "tui/command/settings.h"

#include "tests/support/temp_dir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char home[TEMP_DIR_SIZE];
static struct settings settings;
static char sentence[SETTINGS_SENTENCE_MAX];

static const char *const variables[] = {"INVONCE_SERVER",          "INVONCE_TOKEN",
                                        "INVONCE_TOKEN_FILE",      "INVONCE_RETRY_BUDGET",
                                        "INVONCE_INSECURE",        "INVONCE_CONNECT_TIMEOUT",
                                        "INVONCE_ATTEMPT_TIMEOUT", "INVONCE_IN_FLIGHT",
                                        "INVONCE_HISTORY",         "INVONCE_CA_FILE"};

static int move_in(void **state)
{
    (void)state;
    temp_dir_make(home);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
    settings = (struct settings){0};
    *sentence = '\0';
    return setenv("HOME", home, 1) || setenv("XDG_CONFIG_HOME", home, 1) ||
           setenv("XDG_STATE_HOME", home, 1);
}

static int move_out(void **state)
{
    (void)state;
    settings_clear(&settings);
    temp_dir_remove(home);
    return 0;
}

static void write_config(const char *text)
{
    char directory[TEMP_DIR_SIZE + 16];
    snprintf(directory, sizeof directory, "%s/invonce", home);
    assert_int_equal(mkdir(directory, 0700), 0);
    free(temp_dir_write(directory, "config.ini", text, strlen(text)));
}

/* Takes all of `line`, ended by NULL, as flags. */
static enum settings_status take(char **line)
{
    while (*line) {
        enum settings_status status = settings_take_flag(&settings, &line, sentence);
        if (status != SETTINGS_OK) return status;
    }
    return SETTINGS_OK;
}

#define TAKE(...) take((char *[]){__VA_ARGS__, NULL})

static char server_flag[] = "--server";
static char server_value[] = "http://flag";
static char server_both[] = "--server=http://both";
static char insecure_flag[] = "--insecure";
static char insecure_value[] = "--insecure=yes";
static char unknown_flag[] = "--unknown";
static char word[] = "word";

static void expect_wrong(const char *part)
{
    assert_int_equal(settings_finish(&settings, SETTINGS_TO_SEND, sentence), SETTINGS_WRONG);
    if (!strstr(sentence, part)) fail_msg("\"%s\" isn't in: %s", part, sentence);
}

static void defaults_are_there(void **state)
{
    (void)state;
    assert_int_equal(settings_finish(&settings, SETTINGS_TO_SEND, sentence), SETTINGS_OK);
    assert_string_equal(settings.values[SETTING_SERVER], "http://127.0.0.1:8420");
    assert_null(settings.token);
    assert_false(settings.insecure);
    assert_int_equal(settings.connect_timeout_ms, 3000);
    assert_int_equal(settings.attempt_timeout_ms, 10000);
    assert_int_equal(settings.retry_budget_ms, 60000);
    assert_int_equal(settings.in_flight, 8);
    assert_int_equal(settings.history_ms, INT64_C(30) * 86400000);
    assert_null(settings.values[SETTING_CA_FILE]);
    assert_non_null(strstr(settings.journal_path, home));
}

static void flags_win_over_environment_over_file(void **state)
{
    (void)state;
    write_config("server = http://file\ntoken = file-token\nretry-budget = 2m\n; a remark\n");
    assert_int_equal(setenv("INVONCE_SERVER", "http://environment", 1), 0);
    assert_int_equal(setenv("INVONCE_RETRY_BUDGET", "500ms", 1), 0);
    assert_int_equal(TAKE(server_flag, server_value, insecure_flag), SETTINGS_OK);
    assert_int_equal(settings_finish(&settings, SETTINGS_TO_SEND, sentence), SETTINGS_OK);
    assert_string_equal(settings.values[SETTING_SERVER], "http://flag");
    assert_string_equal(settings.token, "file-token");
    assert_int_equal(settings.retry_budget_ms, 500);
    assert_true(settings.insecure);
}

/* Sets a variable to each value and sees what becomes of it; 0: it is wrong, and named. */
static void expect_read(const char *variable, const char *value, const int64_t *read,
                        int64_t expected)
{
    assert_int_equal(setenv(variable, value, 1), 0);
    enum settings_status status = settings_finish(&settings, SETTINGS_TO_SEND, sentence);
    assert_int_equal(status, expected > 0 ? SETTINGS_OK : SETTINGS_WRONG);
    if (expected > 0)
        assert_int_equal(*read, expected);
    else
        assert_non_null(strstr(sentence, variable));
    settings_clear(&settings);
    unsetenv(variable);
}

static void counts_and_times_have_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int64_t in_flight, history_ms, budget_ms;
    } cases[] = {
        {"1", 1, 0, 0},
        {"64", 64, 0, 0},
        {"65", 0, 0, 0},
        {"0", 0, 0, 0},
        {"-1", 0, 0, 0},
        {"8x", 0, 0, 0},
        {"99999999999999999999", 0, 0, 0},
        {"500ms", 0, 500, 500},
        {"1d", 0, 86400000, 86400000},
        {"25h", 0, 90000000, 0},
        {"3660d", 0, INT64_C(3660) * 86400000, 0},
        {"3661d", 0, 0, 0},
        {"9223372036854775807d", 0, 0, 0},
        {"0s", 0, 0, 0},
        {"5w", 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_read("INVONCE_IN_FLIGHT", cases[i].value, &settings.in_flight, cases[i].in_flight);
        expect_read("INVONCE_HISTORY", cases[i].value, &settings.history_ms, cases[i].history_ms);
        expect_read("INVONCE_RETRY_BUDGET", cases[i].value, &settings.retry_budget_ms,
                    cases[i].budget_ms);
    }
}

static void an_empty_variable_is_none(void **state)
{
    (void)state;
    assert_int_equal(setenv("INVONCE_SERVER", "", 1), 0);
    assert_int_equal(settings_finish(&settings, SETTINGS_TO_SEND, sentence), SETTINGS_OK);
    assert_string_equal(settings.values[SETTING_SERVER], "http://127.0.0.1:8420");
}

static void flags_come_in_two_forms(void **state)
{
    (void)state;
    assert_int_equal(TAKE(server_both), SETTINGS_OK);
    assert_string_equal(settings.values[SETTING_SERVER], "http://both");
    assert_int_equal(TAKE(server_flag), SETTINGS_WRONG);
    assert_non_null(strstr(sentence, "--server"));
    assert_int_equal(TAKE(insecure_value), SETTINGS_WRONG);
    assert_non_null(strstr(sentence, "no value"));
    assert_int_equal(TAKE(unknown_flag), SETTINGS_WRONG);
    assert_string_equal(sentence, "");
    assert_int_equal(TAKE(word), SETTINGS_WRONG);
    assert_string_equal(sentence, "");
}

static void a_token_file_is_read_to_its_line_end(void **state)
{
    (void)state;
    char *path = temp_dir_write(home, "token", "secret-of-the-file\r\nmore\n", 26);
    assert_int_equal(setenv("INVONCE_TOKEN_FILE", path, 1), 0);
    write_config("token = of-the-settings\n");
    assert_int_equal(settings_finish(&settings, SETTINGS_TO_SEND, sentence), SETTINGS_OK);
    assert_string_equal(settings.token, "secret-of-the-file");
    free(path);
}

static void an_empty_token_is_none(void **state)
{
    (void)state;
    char empty[] = "--token=";
    char *line[] = {empty, NULL};
    write_config("token = of-the-settings\n");
    assert_int_equal(take(line), SETTINGS_OK);
    expect_wrong("--token");
}

static void a_line_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char text[500] = "token = ";
    memset(text + strlen(text), 'x', sizeof text - 1 - strlen(text));
    text[sizeof text - 1] = '\0';
    write_config(text);
    expect_wrong("line 1 is too long");
}

static void a_token_file_is_not_cut(void **state)
{
    (void)state;
    char text[5000];
    memset(text, 'x', sizeof text);
    char *path = temp_dir_write(home, "long", text, sizeof text);
    assert_int_equal(setenv("INVONCE_TOKEN_FILE", path, 1), 0);
    free(path);
    expect_wrong("too long");
}

static void a_line_hides_nothing_behind_a_nul(void **state)
{
    (void)state;
    char path[TEMP_DIR_SIZE + 32];
    write_config("");
    snprintf(path, sizeof path, "%s/invonce/config.ini", home);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite("\0server = http://x\n", 1, 19, file), 19);
    assert_int_equal(fclose(file), 0);
    expect_wrong("line 1");
}

static void a_pipe_is_not_waited_for(void **state)
{
    (void)state;
    char path[TEMP_DIR_SIZE + 32];
    write_config("");
    snprintf(path, sizeof path, "%s/invonce/config.ini", home);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(settings_finish(&settings, SETTINGS_TO_SEND, sentence), SETTINGS_OK);
}

static void a_directory_is_no_file(void **state)
{
    (void)state;
    char path[TEMP_DIR_SIZE + 32];
    write_config("");
    snprintf(path, sizeof path, "%s/invonce/config.ini", home);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(settings_finish(&settings, SETTINGS_TO_SEND, sentence), SETTINGS_FAILED);
    assert_non_null(strstr(sentence, "config.ini"));
}

static void two_tokens_of_one_source_are_one_too_many(void **state)
{
    (void)state;
    assert_int_equal(setenv("INVONCE_TOKEN_FILE", "/nowhere", 1), 0);
    assert_int_equal(setenv("INVONCE_TOKEN", "secret-in-a-variable", 1), 0);
    expect_wrong("token-file");
    assert_null(strstr(sentence, "secret"));
}

static void a_token_file_that_is_not_there_is_said(void **state)
{
    (void)state;
    assert_int_equal(setenv("INVONCE_TOKEN_FILE", "/nowhere/token", 1), 0);
    assert_int_equal(settings_finish(&settings, SETTINGS_TO_SEND, sentence), SETTINGS_FAILED);
    assert_non_null(strstr(sentence, "/nowhere/token"));
}

/* What each use has no need of. */
static void what_is_not_needed_stops_nothing(void **state)
{
    (void)state;
    static const struct {
        enum settings_use use;
        const char *variable, *value;
    } needless[] = {
        {SETTINGS_TO_LIST, "INVONCE_TOKEN_FILE", "/nowhere/token"},
        {SETTINGS_TO_LIST, "INVONCE_IN_FLIGHT", "many"},
        {SETTINGS_TO_LIST, "INVONCE_RETRY_BUDGET", "long"},
        {SETTINGS_TO_LIST, "INVONCE_HISTORY", "for ever"},
        {SETTINGS_TO_LIST, "INVONCE_INSECURE", "maybe"},
        {SETTINGS_TO_SHOW, "INVONCE_TOKEN_FILE", "/nowhere/token"},
        {SETTINGS_TO_SHOW, "INVONCE_IN_FLIGHT", "many"},
        {SETTINGS_TO_SHOW, "INVONCE_INSECURE", "maybe"},
        {SETTINGS_TO_TYPE, "INVONCE_IN_FLIGHT", "many"},
    };
    for (size_t i = 0; i < sizeof needless / sizeof *needless; i++) {
        assert_int_equal(setenv(needless[i].variable, needless[i].value, 1), 0);
        if (settings_finish(&settings, needless[i].use, sentence) != SETTINGS_OK)
            fail_msg("%s", sentence);
        settings_clear(&settings);
        assert_int_not_equal(settings_finish(&settings, SETTINGS_TO_SEND, sentence), SETTINGS_OK);
        settings_clear(&settings);
        unsetenv(needless[i].variable);
    }
}

static void a_wrong_time_is_named(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "2", "s", "-1s", "0s", "1.5s", "2 s", "2sx", "25h", "99999999999999999999s"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(setenv("INVONCE_CONNECT_TIMEOUT", wrong[i], 1), 0);
        expect_wrong("INVONCE_CONNECT_TIMEOUT");
        settings_clear(&settings);
    }
}

static void what_is_wrong_in_the_file_is_named(void **state)
{
    (void)state;
    write_config("sevrer = http://x\n");
    expect_wrong("sevrer");
}

static void a_line_that_is_nothing_is_named(void **state)
{
    (void)state;
    write_config("server = http://x\nwhat is this\n");
    expect_wrong("line 2");
}

static void sections_are_not_ours(void **state)
{
    (void)state;
    write_config("[other]\nserver = http://x\n");
    expect_wrong("other.server");
}

/* Whoever lists the processes sees stars. */
static void a_token_is_wiped_off_the_command_line(void **state)
{
    (void)state;
    char flag[] = "--token", value[] = "a-secret", both[] = "--token=another";
    assert_int_equal(TAKE(flag, value), SETTINGS_OK);
    assert_string_equal(value, "********");
    assert_string_equal(settings.values[SETTING_TOKEN], "a-secret");
    assert_int_equal(TAKE(both), SETTINGS_OK);
    assert_string_equal(both, "--token=*******");
    assert_string_equal(settings.values[SETTING_TOKEN], "another");
}

static void no_home_is_said(void **state)
{
    (void)state;
    unsetenv("HOME");
    unsetenv("XDG_STATE_HOME");
    assert_int_equal(settings_finish(&settings, SETTINGS_TO_SEND, sentence), SETTINGS_FAILED);
    assert_non_null(strstr(sentence, "XDG_STATE_HOME"));
    settings_clear(&settings);
    assert_int_equal(setenv("HOME", "home", 1), 0);
    assert_int_equal(settings_finish(&settings, SETTINGS_TO_SEND, sentence), SETTINGS_FAILED);
    assert_non_null(strstr(sentence, "absolute path"));
}

/* Nor whoever lists processes, nor what is shown of the settings, has a password of it. */
static void a_server_keeps_no_user(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"https://user:pass@host", "https://***@host"},
        {"https://u:p@ss/w?o#rd@host:8420/", "https://***@host:8420/"},
        {"http://u@host", "http://*@host"},
        {"http://@host", "http://@host"},
        {"user:pass@host", "***@host"},
        {"http://127.0.0.1:8420", "http://127.0.0.1:8420"},
        {"@", "@"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char typed[64] = "", flag[] = "--server", *line[] = {flag, typed, NULL};
        snprintf(typed, sizeof typed, "%s", rows[i][0]);
        assert_int_equal(take(line), SETTINGS_OK);
        assert_string_equal(settings.values[SETTING_SERVER], rows[i][1]);
        assert_string_equal(typed, rows[i][1]);
        for (size_t at = strlen(typed); at < strlen(rows[i][0]); at++)
            assert_int_equal(typed[at], '\0');
        settings_clear(&settings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(defaults_are_there, move_in, move_out),
        cmocka_unit_test_setup_teardown(flags_win_over_environment_over_file, move_in, move_out),
        cmocka_unit_test_setup_teardown(counts_and_times_have_bounds, move_in, move_out),
        cmocka_unit_test_setup_teardown(an_empty_variable_is_none, move_in, move_out),
        cmocka_unit_test_setup_teardown(flags_come_in_two_forms, move_in, move_out),
        cmocka_unit_test_setup_teardown(a_token_file_is_read_to_its_line_end, move_in, move_out),
        cmocka_unit_test_setup_teardown(an_empty_token_is_none, move_in, move_out),
        cmocka_unit_test_setup_teardown(a_line_that_is_too_long_is_refused, move_in, move_out),
        cmocka_unit_test_setup_teardown(a_token_file_is_not_cut, move_in, move_out),
        cmocka_unit_test_setup_teardown(a_line_hides_nothing_behind_a_nul, move_in, move_out),
        cmocka_unit_test_setup_teardown(a_pipe_is_not_waited_for, move_in, move_out),
        cmocka_unit_test_setup_teardown(a_directory_is_no_file, move_in, move_out),
        cmocka_unit_test_setup_teardown(two_tokens_of_one_source_are_one_too_many, move_in,
                                        move_out),
        cmocka_unit_test_setup_teardown(a_token_file_that_is_not_there_is_said, move_in, move_out),
        cmocka_unit_test_setup_teardown(what_is_not_needed_stops_nothing, move_in, move_out),
        cmocka_unit_test_setup_teardown(a_wrong_time_is_named, move_in, move_out),
        cmocka_unit_test_setup_teardown(what_is_wrong_in_the_file_is_named, move_in, move_out),
        cmocka_unit_test_setup_teardown(a_line_that_is_nothing_is_named, move_in, move_out),
        cmocka_unit_test_setup_teardown(sections_are_not_ours, move_in, move_out),
        cmocka_unit_test_setup_teardown(a_token_is_wiped_off_the_command_line, move_in, move_out),
        cmocka_unit_test_setup_teardown(no_home_is_said, move_in, move_out),
        cmocka_unit_test_setup_teardown(a_server_keeps_no_user, move_in, move_out),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
