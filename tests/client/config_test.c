/* invonce config: each setting with where it was given, and no token; and what is said to somebody
 * who has none. */
#include "tests/client/stage.h"
#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define SECRET "seldom-told-0123456789"

static void write_config(const struct room *room, const char *text)
{
    char *file = support_format("%s/config", room->home);
    mkdir(file, 0700);
    free(file);
    file = support_format("%s/config/invonce", room->home);
    mkdir(file, 0700);
    free(file);
    free(room_write(room, "config/invonce/config.ini", text));
}

/* What it says in JSON of one setting: the caller's to free, with `whole`. */
static const struct json *setting(const struct json *whole, const char *name)
{
    const struct json *row = json_first(json_member(whole, "settings"));
    while (row && strcmp(json_text(row, "name"), name) != 0)
        row = json_next(row);
    if (!row) fail_msg("no %s", name);
    return row;
}

static void each_setting_says_where_it_is_from(void **state)
{
    struct stage *stage = *state;
    write_config(&stage->room, "# mine\nhistory = 12h\n\nretry-budget = 7s\n");
    room_set(&stage->room, "INVONCE_TOKEN=" SECRET);
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=9s");
    struct process_result text =
        room_run(&stage->room, (const char *const[]){"config", "--in-flight", "3", NULL});
    assert_int_equal(text.code, 0);
    assert_null(strstr(text.output, SECRET));
    assert_non_null(strstr(text.output, "12h  "));
    assert_non_null(strstr(text.output, "/config.ini, line 2\n"));
    assert_non_null(strstr(text.output, "9s  INVONCE_RETRY_BUDGET\n"));
    assert_non_null(strstr(text.output, "3  --in-flight\n"));
    assert_non_null(strstr(text.output, "3s  default\n"));
    assert_non_null(strstr(text.output, "it isn't shown)  INVONCE_TOKEN\n"));
    process_result_clear(&text);

    struct process_result result =
        room_run(&stage->room, (const char *const[]){"config", "--json", "--in-flight=3", NULL});
    assert_int_equal(result.code, 0);
    assert_null(strstr(result.output, SECRET));
    struct json *whole = json_read(result.output, strlen(result.output));
    const struct json *history = setting(whole, "history");
    assert_string_equal(json_text(history, "value"), "12h");
    assert_string_equal(json_text(history, "source"), "file");
    assert_string_equal(json_text(history, "file"), json_text(whole, "config_file"));
    assert_int_equal(json_integer(json_member(history, "line"), 0), 2);
    const struct json *token = setting(whole, "token");
    assert_true(json_kind(json_member(token, "value")) == JSON_NULL);
    assert_true(json_kind(json_member(token, "set")) == JSON_TRUE);
    assert_string_equal(json_text(token, "source"), "environment");
    assert_string_equal(json_text(token, "variable"), "INVONCE_TOKEN");
    assert_string_equal(json_text(setting(whole, "in-flight"), "source"), "flag");
    assert_true(json_kind(json_member(setting(whole, "ca-file"), "set")) == JSON_FALSE);
    json_free(whole);
    process_result_clear(&result);
}

static void a_token_that_does_not_count_is_told(void **state)
{
    struct stage *stage = *state;
    char *file = room_write(&stage->room, "token", "other-" SECRET "\n");
    room_set(&stage->room, "INVONCE_TOKEN=" SECRET);
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"config", "--token-file", file, NULL});
    assert_int_equal(result.code, 0);
    assert_non_null(strstr(result.output, "(passed over: there is token-file)"));
    assert_non_null(strstr(result.output, file));
    assert_null(strstr(result.output, SECRET));
    process_result_clear(&result);
    free(file);
}

/* The rest is shown all the same: it is what helps to find it. */
static void what_is_wrong_is_said_behind_what_is_there(void **state)
{
    struct stage *stage = *state;
    write_config(&stage->room, "history = 12h\nhistroy = 1h\n");
    struct process_result result = room_run(&stage->room, (const char *const[]){"config", NULL});
    assert_int_equal(result.code, 2);
    assert_non_null(strstr(result.errors, "histroy"));
    assert_non_null(strstr(result.output, "12h  "));
    assert_non_null(strstr(result.output, "INVONCE_SERVER"));
    process_result_clear(&result);
    result = room_run(&stage->room, (const char *const[]){"config", "surplus", NULL});
    assert_int_equal(result.code, 2);
    assert_non_null(strstr(result.errors, "surplus"));
    process_result_clear(&result);
}

/* It is refused, and told nowhere: not by what is shown, said, listed or kept. */
static void a_password_in_the_address_is_told_nowhere(void **state)
{
    struct stage *stage = *state;
    static const char ADDRESS[] = "https://zoe:" SECRET "@host.example";
    static const char *const commands[][3] = {
        {"config"}, {"config", "--json"}, {"list"},    {"show", "A-1"},
        {"outbox"}, {"outbox", "--json"}, {"--plain"}, {"outbox", "resume"}};
    char *server = support_format("INVONCE_SERVER=%s", ADDRESS);
    char *file = support_format("server = %s\n", ADDRESS);
    char *invoice = room_write_invoice(&stage->room, "A-1");
    write_config(&stage->room, file);
    for (int by_file = 0; by_file < 2; by_file++) {
        by_file ? room_unset(&stage->room, "INVONCE_SERVER") : room_set(&stage->room, server);
        for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
            struct process_result result = room_run(&stage->room, commands[i]);
            if (strstr(result.output, SECRET) || strstr(result.errors, SECRET))
                fail_msg("%s: %s%s", commands[i][0], result.output, result.errors);
            bool shows = strcmp(commands[i][0], "config") == 0;
            assert_true(!shows || strstr(result.output, "https://***@host.example"));
            process_result_clear(&result);
        }
        struct process_result result = room_create(&stage->room, invoice);
        assert_int_equal(result.code, 2);
        assert_non_null(strstr(result.errors, "a user or a password"));
        assert_null(strstr(result.errors, SECRET));
        process_result_clear(&result);
        char *journal = support_format("grep -rl %s \"$XDG_STATE_HOME\"; true", SECRET);
        result = process_run((const char *const[]){"/bin/sh", "-c", journal, NULL},
                             (const char *const *)stage->room.variables, PATIENCE_MS);
        assert_string_equal(result.output, "");
        process_result_clear(&result);
        free(journal);
    }
    free(invoice);
    free(file);
    free(server);
}

static void a_mistyped_flag_is_told_without_its_value(void **state)
{
    struct stage *stage = *state;
    static const char *const commands[] = {"config", "list", "create", "outbox", "--plain"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct process_result result =
            room_run(&stage->room, (const char *const[]){commands[i], "--tokn=" SECRET, NULL});
        assert_int_equal(result.code, 2);
        assert_non_null(strstr(result.errors, "--tokn"));
        assert_null(strstr(result.errors, SECRET));
        process_result_clear(&result);
    }
}

static void an_empty_token_is_told_as_one(void **state)
{
    struct stage *stage = *state;
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"list", "--token=", NULL});
    assert_int_equal(result.code, 2);
    assert_non_null(strstr(result.errors, "--token: it is empty"));
    process_result_clear(&result);
}

static void without_a_token_the_ways_to_one_are_told(void **state)
{
    struct stage *stage = *state;
    room_unset(&stage->room, "INVONCE_TOKEN");
    static const char *const commands[][3] = {{NULL}, {"--plain"}, {"outbox", "resume"}};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct process_result result = room_run(&stage->room, commands[i]);
        assert_int_equal(result.code, 2);
        assert_string_equal(result.output, "");
        assert_non_null(strstr(result.errors, "who are you?"));
        assert_non_null(strstr(result.errors, "invonce --server URL --token-file FILE"));
        assert_non_null(strstr(result.errors, "invonce demo"));
        assert_non_null(strstr(result.errors, "invonce-mock-server --token"));
        process_result_clear(&result);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_setting_says_where_it_is_from),
        TEST(a_token_that_does_not_count_is_told),
        TEST(what_is_wrong_is_said_behind_what_is_there),
        TEST(a_password_in_the_address_is_told_nowhere),
        TEST(a_mistyped_flag_is_told_without_its_value),
        TEST(an_empty_token_is_told_as_one),
        TEST(without_a_token_the_ways_to_one_are_told),
    };
    return cmocka_run_group_tests_name("client/config", tests, NULL, NULL);
}
