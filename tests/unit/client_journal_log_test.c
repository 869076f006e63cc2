/* What was committed to the journal stays there: two windows, one of whose checkpoints halts while
 * the other goes on. */
#include "protocol/client/journal/journal_draft.h"
#include "tests/support/log_race.h"
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/unit/client_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define FEW       20
#define LONG_TEXT (5 * 1024 * 1024) /* bytes: more pages than a window leaves in the log */

struct two_windows {
    struct journal *halted, *other;
    char *text;
};

static void save_long_draft(struct two_windows *windows, struct journal *journal)
{
    if (journal_draft_save(journal, "invoice", windows->text) != JOURNAL_OK)
        support_die("%s", journal_sentence(journal));
}

static void other_records(void *context)
{
    struct two_windows *windows = context;
    for (int i = 0; i < FEW; i++) {
        char number[20];
        snprintf(number, sizeof number, "2026-%04d", i);
        place_record(windows->other, number);
    }
}

/* The log is long, so the other one moves it, as far as it may. */
static void other_moves_all_and_records_later(void *context)
{
    struct two_windows *windows = context;
    save_long_draft(windows, windows->other);
    log_race_arm(LOG_RACE_HEADER_READ, other_records, windows);
}

static void a_log_is_moved_by_another_window(void **state)
{
    struct place *place = *state;
    log_race_install();
    struct two_windows windows = {.halted = place_open(place->path, &PLACE_ANA),
                                  .other = place_open(place->path, &PLACE_ANA),
                                  .text = malloc(LONG_TEXT + 1)};
    assert_non_null(windows.text);
    memset(windows.text, 'x', LONG_TEXT);
    windows.text[LONG_TEXT] = '\0';
    log_race_arm(LOG_RACE_BEFORE, other_moves_all_and_records_later, &windows);
    save_long_draft(&windows, windows.halted);
    assert_int_equal(log_race_halts(LOG_RACE_HEADER_READ), 1);
    journal_close(windows.halted);
    journal_close(windows.other);
    log_race_remove();
    free(windows.text);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents"), FEW);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM pragma_integrity_check"
                                              " WHERE integrity_check <> 'ok'"),
                     0);
}

/* It doesn't grow without end. */
static void the_log_is_emptied(void **state)
{
    struct place *place = *state;
    struct two_windows windows = {.halted = place_open(place->path, &PLACE_ANA),
                                  .text = malloc(LONG_TEXT + 1)};
    assert_non_null(windows.text);
    memset(windows.text, 'x', LONG_TEXT);
    windows.text[LONG_TEXT] = '\0';
    for (int i = 0; i < 5; i++)
        save_long_draft(&windows, windows.halted);
    char *log = support_format("%s-wal", place->path);
    struct stat is;
    assert_int_equal(stat(log, &is), 0);
    assert_true(is.st_size < 2 * LONG_TEXT);
    journal_close(windows.halted);
    free(log);
    free(windows.text);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, place_set_up, place_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_log_is_moved_by_another_window),
        TEST(the_log_is_emptied),
    };
    return cmocka_run_group_tests_name("client/journal log", tests, NULL, NULL);
}
