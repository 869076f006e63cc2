/* What is typed is kept as it is typed, and is there again after whatever happened. */
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct desk desk;

/* Most of an invoice, and the word that it is kept. */
static void type_most(void)
{
    desk_start(&desk, &(struct desk_options){0});
    look_focus(desk.pty, "Number");
    keys_press(desk.pty,
               "2026-0501<Tab>2026-11-22<Tab>+30<Tab><Tab>ap@northwind.example<Tab>Northwind<Tab>");
    keys_press(desk.pty, "Tea<Tab>2<Tab>2.50");
    look_row(desk.pty, "Editing", "draft kept");
}

static void look_for_most(void)
{
    look_field(desk.pty, "Number", "2026-0501");
    look_field(desk.pty, "Customer e-mail", "ap@northwind.example");
    look_field(desk.pty, "Customer name", "Northwind");
    look_row(desk.pty, "Tea", "5.00");
}

static void a_crash_loses_nothing(void **state)
{
    (void)state;
    int status;
    type_most();
    pty_signal(desk.pty, SIGKILL);
    assert_true(pty_wait_exit(desk.pty, &status));
    desk_start(&desk, &(struct desk_options){0});
    look_for(desk.pty, "A draft was kept");
    look_row(desk.pty, "Number", "2026-0501");
    keys_press(desk.pty, "<Enter><C-s>");
    look_for(desk.pty, "R Recover");
    keys_press(desk.pty, "r");
    look_for_most();
    look_row(desk.pty, "Editing", "draft kept");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    ledger_expect_one(&desk, "2026-0501");
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
    desk_start(&desk, &(struct desk_options){0});
    look_field(desk.pty, "Number", "2026-0502");
    look_status(desk.pty, "Editing");
    look_gone(desk.pty, "draft");
}

static void a_closed_window_loses_nothing(void **state)
{
    (void)state;
    type_most();
    keys_press(desk.pty, "<Tab>19");
    look_row(desk.pty, "Total", "5.95");
    pty_hang_up(desk.pty);
    int status;
    assert_true(pty_wait_exit(desk.pty, &status));
    desk_start(&desk,
               &(struct desk_options){.arguments = (const char *const[]){"--recover", NULL}});
    look_for_most();
    look_row(desk.pty, "Total", "5.95");
}

/* Even what is just as long as the suggestion that it took the place of. */
static void a_paste_over_a_suggestion_is_kept(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0501", NULL);
    keys_press(desk.pty, "n");
    look_field(desk.pty, "Number", "2026-0502");
    pty_paste(desk.pty, "2026-0777");
    look_field(desk.pty, "Number", "2026-0777");
    look_row(desk.pty, "Editing", "draft kept");
}

static void quitting_keeps_it_until_it_is_not_wanted(void **state)
{
    (void)state;
    type_most();
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
    desk_start(&desk, &(struct desk_options){0});
    look_for(desk.pty, "A draft was kept");
    keys_press(desk.pty, "<Esc>");
    look_field(desk.pty, "Number", "");
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
    desk_start(&desk, &(struct desk_options){0});
    look_for(desk.pty, "A draft was kept");
    keys_press(desk.pty, "d");
    look_row(desk.pty, "Editing", "D again throws the draft away");
    keys_press(desk.pty, "D");
    look_field(desk.pty, "Number", "");
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
    desk_start(&desk, &(struct desk_options){0});
    look_field(desk.pty, "Number", "");
    look_status(desk.pty, "Editing");
    look_gone(desk.pty, "draft");
}

static void kill_it(void)
{
    int status;
    pty_signal(desk.pty, SIGKILL);
    assert_true(pty_wait_exit(desk.pty, &status));
}

static void start_again(void)
{
    desk_start(&desk, &(struct desk_options){0});
    look_for(desk.pty, "A draft was kept");
    look_row(desk.pty, "Invonce", "north / ana");
}

/* Nor does a number that is typed without looking. */
static void no_letter_alone_throws_it_away(void **state)
{
    (void)state;
    type_most();
    kill_it();
    desk_start(&desk, &(struct desk_options){0});
    keys_press(desk.pty, "dd-100"); /* before there is anything to be seen */
    look_for(desk.pty, "A draft was kept");
    assert_true(pty_wait_idle(desk.pty));
    look_for(desk.pty, "A draft was kept");
    keys_press(desk.pty, "dd-100"); /* the question hasn't been seen */
    assert_true(pty_wait_idle(desk.pty));
    look_for(desk.pty, "A draft was kept");
    keys_press(desk.pty, "x");
    look_gone(desk.pty, "D again");
    keys_press(desk.pty, "d");
    look_row(desk.pty, "Editing", "D again throws the draft away");
    keys_press(desk.pty, "2");
    look_gone(desk.pty, "D again");
    keys_press(desk.pty, "r");
    look_for_most();
}

static void throw_it_away(void)
{
    keys_press(desk.pty, "d");
    look_row(desk.pty, "Editing", "D again throws the draft away");
    keys_press(desk.pty, "d");
    look_row(desk.pty, "Editing", "thrown away; Ctrl-_ takes it back");
    look_field(desk.pty, "Number", "");
}

static void what_was_thrown_away_is_taken_back(void **state)
{
    (void)state;
    type_most();
    kill_it();
    start_again();
    throw_it_away();
    keys_press(desk.pty, "2026-0777<C-_><C-_>");
    look_for_most();
    keys_press(desk.pty, "<C-^>");
    look_field(desk.pty, "Number", "");
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
    /* At the next start it isn't offered, and still there. */
    desk_start(&desk, &(struct desk_options){0});
    look_field(desk.pty, "Number", "");
    look_row(desk.pty, "Invonce", "north / ana");
    look_gone(desk.pty, "draft");
    keys_press(desk.pty, "<C-_>");
    look_for_most();
    look_row(desk.pty, "Editing", "what was thrown away last is back");
    kill_it();
    start_again();
    throw_it_away();
    keys_press(desk.pty, "2026-0778");
    look_row(desk.pty, "Editing", "draft kept"); /* something newer */
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
    start_again();
    look_row(desk.pty, "Number", "2026-0778");
    keys_press(desk.pty, "<Esc>");
    look_field(desk.pty, "Number", "");
    keys_press(desk.pty, "<C-_>");
    look_row(desk.pty, "Editing", "there is nothing to undo");
}

/* Undone to the beginning and once more: forward again is all that was typed. */
static void one_step_too_far_back_loses_nothing(void **state)
{
    (void)state;
    type_most();
    keys_press(desk.pty, "<C-_><C-_><C-_><C-_><C-_><C-_><C-_><C-_><C-_>");
    look_field(desk.pty, "Number", "");
    look_gone(desk.pty, "draft kept");
    keys_press(desk.pty, "<C-_>");
    look_row(desk.pty, "Editing", "what was thrown away last is back");
    keys_press(desk.pty, "<C-^>");
    look_field(desk.pty, "Number", "");
    keys_press(desk.pty, "<C-^><C-^><C-^><C-^><C-^><C-^><C-^><C-^><C-^>");
    look_for_most();
    keys_press(desk.pty, "<C-^>");
    look_row(desk.pty, "Editing", "there is nothing to redo");
}

/* It is offered to two; the one that is slower hears of the other. */
static void one_window_goes_on_with_it(void **state)
{
    (void)state;
    type_most();
    kill_it();
    start_again();
    struct desk other = desk;
    other.pty = NULL;
    desk_start(&other, &(struct desk_options){0});
    look_for(other.pty, "A draft was kept");
    keys_press(desk.pty, "r");
    look_for_most();
    keys_press(other.pty, "d");
    look_row(other.pty, "Editing", "D again throws the draft away");
    keys_press(other.pty, "d");
    look_row(other.pty, "Editing", "another window goes on with that draft");
    look_field(other.pty, "Number", "");
    pty_free(other.pty);
    kill_it();
    start_again();
}

/* Recovering it can be undone, and that loses nothing either. */
static void a_recovery_is_taken_back(void **state)
{
    (void)state;
    type_most();
    kill_it();
    start_again();
    keys_press(desk.pty, "r");
    look_for_most();
    keys_press(desk.pty, "<C-_>");
    look_field(desk.pty, "Number", "");
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
    desk_start(&desk, &(struct desk_options){0});
    look_field(desk.pty, "Number", "");
    look_row(desk.pty, "Invonce", "north / ana");
    keys_press(desk.pty, "<C-_>");
    look_for_most();
}

/* A key that was typed ahead of a view that nobody had seen yet: Escape from the help, and N. */
static void no_key_acts_on_what_was_not_seen(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0501", NULL);
    desk_start_filled(&desk, "2026-0501", "{\"notes\":\"typed by the second\"}",
                      &(struct desk_options){0});
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    keys_press(desk.pty, "<F1>");
    look_for(desk.pty, "Keys");
    desk_let_go_server(&desk);
    look_status(desk.pty, "Conflict");
    pty_send(desk.pty, "\x1b\x1b[33~n", 7);
    look_for(desk.pty, "Not created");
    assert_true(pty_wait_idle(desk.pty));
    look_for(desk.pty, "Not created");
    keys_press(desk.pty, "e");
    look_field(desk.pty, "Notes", "typed by the second");
}

/* What was refused is a draft again. */
static void a_conflict_is_kept_too(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0501", NULL);
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
    type_most();
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    keys_press(desk.pty, "<Esc>");
    look_row(desk.pty, "Editing", "draft kept");
    pty_signal(desk.pty, SIGTERM);
    int status;
    assert_true(pty_wait_exit(desk.pty, &status));
    desk_start(&desk,
               &(struct desk_options){.arguments = (const char *const[]){"--recover", NULL}});
    look_for_most();
    ledger_expect_invoices(&desk, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_crash_loses_nothing),
        DESK_TEST(a_closed_window_loses_nothing),
        DESK_TEST(a_paste_over_a_suggestion_is_kept),
        DESK_TEST(quitting_keeps_it_until_it_is_not_wanted),
        DESK_TEST(no_letter_alone_throws_it_away),
        DESK_TEST(what_was_thrown_away_is_taken_back),
        DESK_TEST(one_step_too_far_back_loses_nothing),
        DESK_TEST(one_window_goes_on_with_it),
        DESK_TEST(a_recovery_is_taken_back),
        DESK_TEST(no_key_acts_on_what_was_not_seen),
        DESK_TEST(a_conflict_is_kept_too),
    };
    return cmocka_run_group_tests_name("draft", tests, NULL, NULL);
}
