/* The records of a batch: where one ends, what is one, and what a run is known by. */
#include "tui/batch/input.h"

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
    assert_true(input_open(&input, path, sentence));
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
    expect("b.json", "{\"a\":1}\n{\"a\":2}\n", "1:{\"a\":1}\n{\"a\":2}\n;");
    expect("c.json", "", "1:;");
    expect("d.jsonl", "{\n}\n", "1:{;2:};");
    expect("e.jsonl", "{}", "1:{};");
    expect("f", "{\n\"a\":1}\n", "1:{\n\"a\":1}\n;");
    expect("g", "{\"a\":1}\n{\"a\":2}\n", "1:{\"a\":1};2:{\"a\":2};");
    expect("h", "{\"a\":1}\n", "1:{\"a\":1}\n;");
    expect("i", "", "");
}

static void blank_lines_are_no_records_but_count_as_lines(void **state)
{
    (void)state;
    expect("a.jsonl", "\n{}\r\n \t\r\n\nnope\n\n", "2:{}\r;5:nope;");
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
    assert_true(input_open(&input, path, sentence));
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
    assert_true(input_open(&input, "-", sentence));
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
    assert_false(input_open(&input, "/nowhere/a.json", sentence));
    assert_non_null(strstr(sentence, "/nowhere/a.json: No such file"));
    assert_false(input_open(&input, home, sentence));
    assert_non_null(strstr(sentence, "directory"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, move_in, move_out)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_tell_what_is_a_record),    TEST(blank_lines_are_no_records_but_count_as_lines),
        TEST(a_zero_byte_is_no_blank),        TEST(lines_of_every_length_are_found),
        TEST(an_input_is_known_by_its_bytes), TEST(a_pipe_is_copied),
        TEST(what_cant_be_read_is_said),
    };
    return cmocka_run_group_tests_name("tui/input", tests, NULL, NULL);
}
