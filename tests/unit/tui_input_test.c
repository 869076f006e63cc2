/* The records of a batch: where one ends, what is one, and what a run is known by. */
#include "tui/batch/input.h"

#include "protocol/wire/resources/invoice.h"
#include "tests/support/support.h"
#include "tests/support/temp_dir.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char home[TEMP_DIR_SIZE];
static const struct input_options OPTIONS = {.kind = &INVOICE};

static int move_in(void **state)
{
    (void)state;
    temp_dir_make(home);
    return 0;
}

static int move_out(void **state)
{
    (void)state;
    temp_dir_remove(home);
    return 0;
}

/* "3:text;5:text;" for the records of these bytes, in a file of that name; the caller's to free. */
static char *records_of(const char *name, const char *bytes, size_t length)
{
    struct input input;
    struct input_record record;
    struct support_buffer told = {0};
    char sentence[INPUT_SENTENCE_MAX];
    enum input_status status;
    int64_t count = 0;
    char *path = temp_dir_write(home, name, bytes, length);
    assert_true(input_open(&input, path, &OPTIONS, sentence));
    support_append(&told, "", 0);
    while ((status = input_next(&input, &record)) == INPUT_RECORD) {
        size_t shown = record.length < 20 ? record.length : 20;
        char *text = support_format("%lld:%.*s;", (long long)record.position, (int)shown,
                                    record.length > JSON_BODY_MAX ? "too long" : record.bytes);
        support_append(&told, text, strlen(text));
        free(text);
        count++;
    }
    assert_int_equal(status, INPUT_END);
    assert_int_equal(input_next(&input, &record), INPUT_END);
    assert_int_equal(input.count, count);
    input_close(&input);
    free(path);
    return told.bytes;
}

static void expect(const char *name, const char *bytes, const char *records)
{
    char *told = records_of(name, bytes, strlen(bytes));
    assert_string_equal(told, records);
    free(told);
}

static void names_tell_what_is_a_record(void **state)
{
    (void)state;
    expect("a.json", "{\n\"a\":1}\n", "1:{\n\"a\":1}\n;");
    expect("b.json", "{\"a\":1}\n{\"a\":2}\n", "1:{\"a\":1};2:{\"a\":2};");
    expect("j.json", "{\"a\":1} {\"a\":2}\n", "1:{\"a\":1} {\"a\":2}\n;");
    expect("k.json", "{\"a\":1}\nnope\n", "1:{\"a\":1}\nnope\n;");
    expect("c.json", "", "1:;");
    expect("d.jsonl", "{\n}\n", "1:{\n};");
    expect("e.jsonl", "{}", "1:{};");
    expect("f", "{\n\"a\":1}\n", "1:{\n\"a\":1};");
    expect("g", "{\"a\":1}\n{\"a\":2}\n", "1:{\"a\":1};2:{\"a\":2};");
    expect("h", "{\"a\":1}\n", "1:{\"a\":1};");
    expect("i", "", "");
}

/* A record ends where its brackets do; what can't go on like that is its line alone. */
static void a_record_has_as_many_lines_as_it_takes(void **state)
{
    (void)state;
    expect("a", "{\"a\":[\n1,\n{}]\n}\n{}", "1:{\"a\":[\n1,\n{}]\n};5:{};");
    expect("b", "{\"a\":1\n{}\n", "1:{\"a\":1;2:{};");
    expect("c", "{\"a\n\":1}\n{}", "1:{\"a;2:\":1};3:{};");
    expect("d", "{\"}{\\\"\":\"[\"}\n{}", "1:{\"}{\\\"\":\"[\"};2:{};");
    expect("e", "{\"a\":]\n{}\n", "1:{\"a\":];2:{};");
    expect("f", "{} {}\n{}x\n{}", "1:{} {};2:{}x;3:{};");
    expect("g", "{\"a\":[\n{}\n{}\n", "1:{\"a\":[;2:{};3:{};");
    expect("h", "{\n\n", "1:{;");
}

static void the_records_of_a_list(void **state)
{
    (void)state;
    expect("a", "[]", "");
    expect("b", " \n[{},{\n},\n{}\n]\n", "1:{};2:{\n};3:{};");
    expect("c.json", "[{},5,\"a,]\",[1,{}],x y,{}]", "1:{};2:5;3:\"a,]\";4:[1,{}];5:x y;6:{};");
    expect("d.jsonl", "[{},{\"a\":1\n{}]", "1:{};2:{\"a\":1;3:{};");
    expect("e", "[{}", "1:{};2:;"); /* it isn't whole */
    expect("f", "[{}]\n{}", "1:{};2:{};");
    expect("g", "{}\n[{}]\n", "1:{};2:[{}];"); /* no list, but a line */
}

static void a_mark_is_passed_over_once(void **state)
{
    (void)state;
    expect("a.json", "\xEF\xBB\xBF{}", "1:{};");
    expect("b.jsonl", "\xEF\xBB\xBF{}\n\xEF\xBB\xBF{}", "1:{};2:\xEF\xBB\xBF{};");
    expect("c.jsonl", "\xEF\xBB\xBF\xEF\xBB\xBF{}", "1:\xEF\xBB\xBF{};");
    expect("d", "\xEF\xBB\xBF[{}]", "1:{};");
    expect("e", "\xEF\xBB\xBF", "");
    expect("f", "\xEF\xBB", "1:\xEF\xBB;");
}

/* A record longer than any can be ends where it would have ended. */
static void what_is_too_long_is_passed_over(void **state)
{
    (void)state;
    struct support_buffer bytes = {0};
    support_append(&bytes, "{\"a\":\n", 6);
    for (size_t i = 0; i < 100; i++)
        support_append(&bytes, "{\n\"a\":\n", 7);
    for (size_t i = 0; i < 3; i++)
        support_append(&bytes, "[{}]\n{}\n", 8);
    char *told = records_of("a", bytes.bytes, bytes.length); /* too deep: no record, but lines */
    assert_memory_equal(told, "1:{\"a\":;", 8);
    free(told);
    bytes.length = 0;
    support_append(&bytes, "{\"a\":[", 6);
    char *zeros = malloc((size_t)3 * JSON_BODY_MAX);
    assert_non_null(zeros);
    for (size_t i = 0; i < JSON_BODY_MAX; i++)
        memcpy(zeros + 3 * i, i > 0 ? ",\n0" : "\n00", 3);
    support_append(&bytes, zeros, (size_t)3 * JSON_BODY_MAX);
    free(zeros);
    support_append(&bytes, "]}\n{}\n", 6);
    told = records_of("b", bytes.bytes, bytes.length);
    assert_memory_equal(told, "1:too long;", 11);
    assert_non_null(strstr(told, ":{};"));
    assert_int_equal(strchr(strchr(told, ';') + 1, ';')[1], '\0'); /* these two alone */
    free(told);
    free(bytes.bytes);
}

static void blank_lines_are_no_records_but_count_as_lines(void **state)
{
    (void)state;
    expect("a.jsonl", "\n{}\r\n \t\r\n\nnope\n\n", "2:{};5:nope;");
    expect("b.jsonl", "\n\n", "");
}

static void a_zero_byte_is_no_blank(void **state)
{
    (void)state;
    char *told = records_of("a.jsonl", "{}\n\0\n{}\n", 8);
    assert_string_equal(told, "1:{};2:;3:{};");
    free(told);
}

/* A buffer's end may be anywhere in what a line is. */
static void lines_of_every_length_are_found(void **state)
{
    (void)state;
    static const size_t lengths[] = {JSON_BODY_MAX - 1, JSON_BODY_MAX, JSON_BODY_MAX + 1,
                                     JSON_BODY_MAX + 2, 3 * JSON_BODY_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct support_buffer bytes = {0};
        char *line = calloc(1, lengths[i] + 1);
        assert_non_null(line);
        memset(line, 'x', lengths[i]);
        support_append(&bytes, "{}\n", 3);
        support_append(&bytes, line, lengths[i]);
        support_append(&bytes, "\n[]\n", 4);
        support_append(&bytes, line, lengths[i]);
        char *told = records_of("a.jsonl", bytes.bytes, bytes.length);
        bool fits = lengths[i] <= JSON_BODY_MAX;
        assert_string_equal(told, fits ? "1:{};2:xxxxxxxxxxxxxxxxxxxx;3:[];4:xxxxxxxxxxxxxxxxxxxx;"
                                       : "1:{};2:too long;3:[];4:too long;");
        free(told);
        told = records_of("a.json", line, lengths[i]);
        assert_string_equal(told, fits ? "1:xxxxxxxxxxxxxxxxxxxx;" : "1:too long;");
        free(told);
        free(line);
        free(bytes.bytes);
    }
}

static void an_input_is_known_by_its_bytes(void **state)
{
    (void)state;
    struct input input;
    char sentence[INPUT_SENTENCE_MAX];
    char *path = temp_dir_write(home, "a.jsonl", "abc", 3);
    assert_true(input_open(&input, path, &OPTIONS, sentence));
    assert_string_equal(input.hash,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    input_close(&input);
    free(path);
}

/* Standard input is read twice, though a pipe can't be; nothing of it stays behind. */
static void a_pipe_is_copied(void **state)
{
    (void)state;
    struct input input;
    struct input_record record;
    char sentence[INPUT_SENTENCE_MAX];
    int ends[2], kept = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], "{}\n[]\n", 6), 6);
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    assert_int_equal(setenv("TMPDIR", home, 1), 0);
    assert_true(input_open(&input, "-", &OPTIONS, sentence));
    assert_int_equal(input.count, 2);
    assert_int_equal(temp_dir_entries(home), 0);
    assert_int_equal(input_next(&input, &record), INPUT_RECORD);
    assert_memory_equal(record.bytes, "{}", 2);
    assert_int_equal(input_next(&input, &record), INPUT_RECORD);
    assert_memory_equal(record.bytes, "[]", 2);
    assert_int_equal(input_next(&input, &record), INPUT_END);
    input_close(&input);
    unsetenv("TMPDIR");
    if (kept >= 0) assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    close(kept);
}

static void what_cant_be_read_is_said(void **state)
{
    (void)state;
    struct input input;
    char sentence[INPUT_SENTENCE_MAX];
    assert_false(input_open(&input, "/nowhere/a.json", &OPTIONS, sentence));
    assert_non_null(strstr(sentence, "/nowhere/a.json: No such file"));
    assert_false(input_open(&input, home, &OPTIONS, sentence));
    assert_non_null(strstr(sentence, "directory"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, move_in, move_out)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_record_has_as_many_lines_as_it_takes),
        TEST(the_records_of_a_list),
        TEST(a_mark_is_passed_over_once),
        TEST(what_is_too_long_is_passed_over),
        TEST(names_tell_what_is_a_record),
        TEST(blank_lines_are_no_records_but_count_as_lines),
        TEST(a_zero_byte_is_no_blank),
        TEST(lines_of_every_length_are_found),
        TEST(an_input_is_known_by_its_bytes),
        TEST(a_pipe_is_copied),
        TEST(what_cant_be_read_is_said),
    };
    return cmocka_run_group_tests_name("tui/input", tests, NULL, NULL);
}
