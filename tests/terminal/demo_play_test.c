/* `invonce demo --play`: the story in the real form, to its end or to the first key. */
#include "tests/support/process.h"
#include "tests/support/support.h"
#include "tests/terminal/demo_desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct desk desk;
static char *temporary;

static int open_desk(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    temporary = support_format("%s/tmp", desk.home);
    return mkdir(temporary, 0700);
}

static int close_desk(void **state)
{
    (void)state;
    free(temporary);
    return desk_close(&desk) ? 0 : -1;
}

static void play(int cols, const char *pace)
{
    char *variable = support_format("TMPDIR=%s", temporary);
    desk_start(&desk,
               &(struct desk_options){
                   .arguments = (const char *const[]){"demo", "--play", "--pace", pace, NULL},
                   .environment = (const char *const[]){variable, NULL},
                   .cols = cols});
    free(variable);
}

/* Nothing is left of it, and nothing was added to what other demonstrations keep. */
static void assert_nothing_left(void)
{
    size_t length;
    const char *raw = pty_raw(desk.pty, &length);
    assert_non_null(memmem(raw, length, "That was a play", strlen("That was a play")));
    assert_int_equal(temp_dir_entries(temporary), 0);
    assert_int_equal(temp_dir_entries(desk.home), 1); /* the temporary directory */
}

static void it_plays_to_its_end(void **state)
{
    (void)state;
    play(132, "10");
    look_for(desk.pty, "Three ways to a duplicate, and what stops each. Any key quits.");
    look_for(desk.pty, "1 of 3: the server is slow, and Enter is pressed five times");
    look_for(desk.pty, "5 presses of Enter, 1 request");
    look_for(desk.pty, "2 of 3: the server saves the invoice");
    look_for(desk.pty, "3 of 3: somebody types the first invoice once more");
    look_for(desk.pty, "<- the database kept it at one");
    look_for(desk.pty, "<- the key kept it at one");
    look_for(desk.pty, "<- the form kept it at one");
    look_for(desk.pty, "created   inv_1003");
    look_clean_exit(desk.pty, 0);
    assert_nothing_left();
}

static void any_key_quits(void **state)
{
    (void)state;
    static const char *const keys[] = {"x", "<Enter>", "<F5>", "<Esc>"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        play(120, "1");
        look_for(desk.pty, "Any key quits.");
        if (i == 1) look_for(desk.pty, "1 of 3");
        keys_press(desk.pty, keys[i]);
        look_clean_exit(desk.pty, 0);
        assert_nothing_left();
    }
}

/* Where the audit has no place beside the form any more, it is shown on the whole screen. */
static void it_is_played_through_a_resize(void **state)
{
    (void)state;
    play(132, "6");
    look_for(desk.pty, "[   Saving...    ]");
    pty_resize(desk.pty, 24, 80);
    look_row(desk.pty, "What the server saw", "faults:");
    look_for(desk.pty, "inv_1003");
    look_clean_exit(desk.pty, 0);
    assert_nothing_left();
}

static void the_help_says_what_there_is(void **state)
{
    (void)state;
    static const char *const words[] = {"--play",    "--pace",          "--fault",
                                        "no-lock",   "unlock-after=2s", "new-key-per-retry",
                                        "--without", "--prefill",       "F9"};
    struct process_result result = process_run(
        (const char *const[]){desk_program(), "demo", "--help", NULL}, NULL, PATIENCE_MS);
    assert_int_equal(result.code, 0);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(result.output, words[i]) == NULL) fail_msg("no %s in the help", words[i]);
    process_result_clear(&result);
    result = process_run((const char *const[]){desk_program(), "--help", NULL}, NULL, PATIENCE_MS);
    assert_non_null(strstr(result.output, "invonce demo [--play] [--fault RULE]... [--bug NAME]"));
    process_result_clear(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_plays_to_its_end, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(any_key_quits, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(it_is_played_through_a_resize, open_desk, close_desk),
        cmocka_unit_test(the_help_says_what_there_is),
    };
    return cmocka_run_group_tests_name("demo_play", tests, NULL, NULL);
}
