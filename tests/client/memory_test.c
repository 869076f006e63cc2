/* Memory doesn't grow with the length of the input. */
#include "tests/client/batch.h"
#include "tests/client/peak.h"
#include "tests/client/room.h"
#include "tests/support/http.h"
#include "tests/support/preload.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SHORT  2000
#define LONG   100000
#define EACH   100  /* lines to a good one: the others are refused here, which takes no server */
#define GROWTH 3072 /* KiB: what SQLite keeps of a journal that outgrows its cache */

static char *write_lines(const struct room *room, size_t lines)
{
    char *path = support_format("%s/%zu.jsonl", room->home, lines);
    FILE *stream = fopen(path, "we");
    assert_non_null(stream);
    for (size_t i = 0; i < lines; i++) {
        char *number = batch_number(i % EACH == 0 ? "m" : "", i);
        char *body = sample_body(number, i % EACH == 0 ? NULL : "{\"currency\":\"XYZ\"}");
        assert_true(fprintf(stream, "%s\n", body) > 0);
        free(number);
        free(body);
    }
    assert_int_equal(fclose(stream), 0);
    return path;
}

static struct peak create(const struct room *room, char *file)
{
    char *program = support_format("%s", room_program()), create[] = "create", json[] = "--json";
    char *const argv[] = {program, create, file, json, NULL};
    for (size_t i = 0; i < room->variable_count; i++)
        assert_int_equal(putenv(room->variables[i]), 0);
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    assert_true(nowhere >= 0);
    struct peak peak = peak_run(argv, nowhere);
    close(nowhere);
    free(program);
    return peak;
}

static void a_long_input_takes_no_more_than_a_short_one(void **state)
{
    (void)state;
    struct mock mock = {0};
    struct room room;
    assert_true(mock_start(&mock, NULL));
    room_open(&room, mock.url, (const char *const[]){PRELOAD_ASAN_NO_LEAKS, NULL});
    char *few = write_lines(&room, SHORT), *many = write_lines(&room, LONG);
    struct peak less = create(&room, few), more = create(&room, many);
    printf("%d lines: %ld KiB; %d lines: %ld KiB, %.1f s\n", SHORT, less.kib, LONG, more.kib,
           more.seconds);
    assert_int_equal(less.code, 4);
    assert_int_equal(more.code, 4);
    assert_int_equal(rows_number(mock.store, "SELECT count(*) FROM invoices"), LONG / EACH);
    if (!peak_is_sanitized()) assert_true(more.kib < less.kib + GROWTH);
    if (!peak_is_sanitized()) assert_true(more.kib < 20L * 1024);
    free(few);
    free(many);
    mock_clear(&mock);
    free(room.journal);
    temp_dir_remove(room.home); /* its variables are the environment's now */
}

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_input_takes_no_more_than_a_short_one),
    };
    return cmocka_run_group_tests_name("client/memory", tests, NULL, NULL);
}
