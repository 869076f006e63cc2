/* Every way out, and what the terminal and the system are like after it. */
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

static struct desk desk;

static void open_form(void)
{
    desk_start_filled(&desk, "2026-0301", NULL, &(struct desk_options){0});
}

static bool ended_by(int status, int signal)
{
    bool crash = signal == SIGSEGV || signal == SIGBUS || signal == SIGABRT;
    if (crash) return status != 0; /* a sanitizer has its own code for it */
    return (WIFSIGNALED(status) && WTERMSIG(status) == signal) ||
           (WIFEXITED(status) && WEXITSTATUS(status) == 128 + signal);
}

/* Ended by `signal`, with the terminal clean and no process left. */
static void expect_end_by(int signal)
{
    int status = 0;
    if (!pty_wait_exit(desk.pty, &status))
        look_fail(desk.pty, __FILE__, __LINE__, "signal %d didn't end the program", signal);
    const char *left = pty_left_behind(desk.pty);
    if (left != NULL)
        look_fail(desk.pty, __FILE__, __LINE__, "after signal %d it left %s", signal, left);
    assert_int_equal(pty_processes(desk.pty), 0);
    if (!ended_by(status, signal))
        look_fail(desk.pty, __FILE__, __LINE__, "after signal %d its status is %#x", signal,
                  (unsigned)status);
}

static void keys_quit(void **state)
{
    (void)state;
    static const char *const keys[] = {"<F10>", "<C-q>", "<C-c>"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        open_form();
        keys_press(desk.pty, keys[i]);
        look_clean_exit(desk.pty, 0);
    }
    ledger_expect_invoices(&desk, 0);
}

static void signals_end_it_clean(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        open_form();
        pty_signal(desk.pty, signals[i]);
        expect_end_by(signals[i]);
    }
}

static void a_closed_terminal_ends_it(void **state)
{
    (void)state;
    open_form();
    pty_hang_up(desk.pty);
    int status = 0;
    assert_true(pty_wait_exit(desk.pty, &status));
    assert_int_equal(pty_processes(desk.pty), 0);
}

/* Quitting while it saves is allowed: a line says that the intent is kept. */
static void quitting_while_saving_says_so(void **state)
{
    (void)state;
    open_form();
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    keys_press(desk.pty, "<F10>");
    look_clean_exit(desk.pty, 5);
    look_for(desk.pty, "2026-0301");
    desk_let_go_server(&desk);
}

static void signals_while_saving_end_it_clean(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGHUP, SIGSEGV};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        assert_true(desk_close(&desk));
        desk_open(&desk, NULL);
        open_form();
        desk_hold_server(&desk);
        keys_press(desk.pty, "<Enter>");
        look_status(desk.pty, "Saving");
        pty_signal(desk.pty, signals[i]);
        int status = 0;
        assert_true(pty_wait_exit(desk.pty, &status));
        const char *left = pty_left_behind(desk.pty);
        if (left != NULL)
            look_fail(desk.pty, __FILE__, __LINE__, "after signal %d it left %s", signals[i], left);
    }
}

/* A shell stops it and takes it up again. */
static void it_suspends_and_continues(void **state)
{
    (void)state;
    open_form();
    char *picture = desk_picture(&desk);
    desk_start_shell(&desk);
    keys_press(desk.pty, "\"$INVONCE\" --prefill prefill.json<Enter>");
    look_status(desk.pty, "Editing");
    look_screen(desk.pty, picture);
    keys_press(desk.pty, "<C-z>");
    look_clean(desk.pty);
    keys_press(desk.pty, "echo $((40 + 2))<Enter>");
    look_for(desk.pty, "42");
    keys_press(desk.pty, "fg<Enter>");
    look_status(desk.pty, "Editing");
    look_screen(desk.pty, picture);
    free(picture);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    keys_press(desk.pty, "<F10>");
    look_clean(desk.pty);
    keys_press(desk.pty, "exit<Enter>");
    look_clean_exit(desk.pty, 0);
    ledger_expect_invoices(&desk, 1);
}

/* The pager that a page is given to is suspended with it, as one job. */
static void a_pager_is_suspended_with_it(void **state)
{
    (void)state;
    open_form();
    desk_start_shell(&desk);
    keys_press(desk.pty, "PAGER='kill -TSTP 0; cat' \"$INVONCE\" --prefill prefill.json<Enter>");
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    keys_press(desk.pty, "p");
    look_clean(desk.pty);
    keys_press(desk.pty, "echo $((40 + 2))<Enter>");
    look_for(desk.pty, "42");
    keys_press(desk.pty, "fg<Enter>");
    look_row(desk.pty, "Created", "the page was given to the pager");
    keys_press(desk.pty, "<F10>");
    look_clean(desk.pty);
    keys_press(desk.pty, "exit<Enter>");
    look_clean_exit(desk.pty, 0);
}

/* Ctrl-C ends many a pager's shell: the page was shown. What can't be run is none. */
static void a_pager_that_is_interrupted_was_one(void **state)
{
    (void)state;
    open_form();
    desk_start_shell(&desk);
    keys_press(desk.pty, "PAGER='test -e ended && exec /; touch ended; kill -INT $$' "
                         "\"$INVONCE\" --prefill prefill.json<Enter>");
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    keys_press(desk.pty, "p");
    look_row(desk.pty, "Created", "the page was given to the pager");
    keys_press(desk.pty, "p");
    look_row(desk.pty, "Created", "there is no pager");
}

static void it_suspends_while_saving(void **state)
{
    (void)state;
    open_form();
    desk_start_shell(&desk);
    keys_press(desk.pty, "\"$INVONCE\" --prefill prefill.json<Enter>");
    look_status(desk.pty, "Editing");
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    keys_press(desk.pty, "<C-z>");
    look_clean(desk.pty);
    desk_let_go_server(&desk);
    keys_press(desk.pty, "fg<Enter>");
    look_status(desk.pty, "Created");
    ledger_expect_one(&desk, "2026-0301");
}

static void no_terminal_is_said(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){.runner = (const char *const[]){
                                                 "/bin/sh", "-c", "\"$0\" </dev/null", NULL}});
    int status = 0;
    assert_true(pty_wait_exit(desk.pty, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
    assert_null(pty_left_behind(desk.pty));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(keys_quit),
        DESK_TEST(signals_end_it_clean),
        DESK_TEST(a_closed_terminal_ends_it),
        DESK_TEST(quitting_while_saving_says_so),
        DESK_TEST(signals_while_saving_end_it_clean),
        DESK_TEST(it_suspends_and_continues),
        DESK_TEST(it_suspends_while_saving),
        DESK_TEST(a_pager_is_suspended_with_it),
        DESK_TEST(a_pager_that_is_interrupted_was_one),
        DESK_TEST(no_terminal_is_said),
    };
    return cmocka_run_group_tests_name("exit", tests, NULL, NULL);
}
