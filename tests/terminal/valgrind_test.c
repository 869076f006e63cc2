/* A whole form story under valgrind: no error, and no leak of ours. */
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct desk desk;

static void print_report(const char *path)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) return;
    for (int c; (c = fgetc(file)) != EOF;)
        fputc(c, stderr);
    fclose(file);
}

/* Typing, a lost reply, presses while it saves, the record, a second invoice with the same number.
 */
static void tell_the_story(void)
{
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab><Tab><Tab><C-a><C-k>3<Tab><F2>Tea<Tab>1<Tab>2");
    look_row(desk.pty, "Tea", "2.00");
    pty_resize(desk.pty, 30, 100);
    look_row(desk.pty, "Tea", "2.00");
    keys_press(desk.pty, "<Enter><Enter><Enter>");
    look_status(desk.pty, "Created");
    look_sentence(desk.pty, "we ignored the duplicate submission and kept your first request.");
    ledger_expect(&desk, "created replayed", NULL);
    keys_press(desk.pty, "<F10>");
}

static void a_form_story_leaks_nothing(void **state)
{
    (void)state;
    desk_open(&desk, (const char *const[]){"--fault", "drop-response@attempt=1", NULL});
    static const char *const valgrind[] = {VALGRIND,
                                           "--quiet",
                                           "--leak-check=full",
                                           "--show-leak-kinds=all",
                                           "--errors-for-leak-kinds=all",
                                           "--error-exitcode=99",
                                           "--suppressions=" SUPPRESSIONS,
                                           "--log-file=valgrind.log",
                                           NULL};
    desk_start_filled(&desk, "2026-0401", NULL, &(struct desk_options){.runner = valgrind});
    tell_the_story();
    int status = 0;
    assert_true(pty_wait_exit(desk.pty, &status));
    if (status != 0) {
        char path[TEMP_DIR_SIZE + 20];
        snprintf(path, sizeof path, "%s/valgrind.log", desk.home);
        print_report(path);
    }
    look_clean_exit(desk.pty, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_OPENING_TEST(a_form_story_leaks_nothing),
    };
    return cmocka_run_group_tests_name("valgrind", tests, NULL, NULL);
}
