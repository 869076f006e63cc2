/* The mistakes that the demonstration makes on request do the harm they stand for, and can be made
 * nowhere else. Where the database has its constraint it is what keeps the invoice at one, and the
 * operator is told of a conflict with their own; where it hasn't, there are duplicates. */
#include "tests/support/process.h"
#include "tests/support/support.h"
#include "tests/terminal/demo_desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/look.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct desk desk;

/* An invoice with these flags, and "--without unique" where `without` says so. */
static void begin(const char *bug, const char *fault, const char *without)
{
    const char *flags[8];
    size_t count = 0;
    if (fault != NULL) flags[count++] = "--fault";
    if (fault != NULL) flags[count++] = fault;
    if (bug != NULL) flags[count++] = "--bug";
    if (bug != NULL) flags[count++] = bug;
    if (without != NULL) flags[count++] = "--without";
    if (without != NULL) flags[count++] = without;
    flags[count] = NULL;
    demo_open(&desk, 180, flags);
    if (bug != NULL) look_row(desk.pty, "planted in this form: --bug", bug);
    demo_type(&desk, "2026-0801");
}

/* The keys, all of them while the server stands still. */
static void press_unanswered(const char *keys)
{
    pid_t server = demo_server(&desk);
    process_hold(server);
    keys_press(desk.pty, keys);
    assert_true(pty_wait_idle(desk.pty));
    kill(server, SIGCONT);
}

static void without_a_lock_every_press_is_an_invoice(void **state)
{
    (void)state;
    begin("no-lock", NULL, NULL);
    press_unanswered("<Enter><Enter><Enter>");
    demo_expect(&desk, NULL, 1, 3);
    look_for(desk.pty, "<- the database kept it at one");
    look_gone(desk.pty, "<- the form kept it at one");
    desk_leave(&desk);
    begin("no-lock", NULL, "unique");
    press_unanswered("<Enter><Enter><Enter>");
    demo_expect(&desk, "unique", 3, 3);
    look_for(desk.pty, "<- a duplicate: nothing kept it at one");
    desk_leave(&desk);
}

static void the_form_looks_as_open_as_it_is(void **state)
{
    (void)state;
    begin("no-lock", "hang", NULL);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    look_for(desk.pty, "[ Create invoice ]");
    look_gone(desk.pty, "Saving...");
    desk_leave(&desk);
}

static void a_timer_that_unlocks_lets_a_second_press_through(void **state)
{
    (void)state;
    begin("unlock-after=200ms", NULL, NULL);
    process_hold(demo_server(&desk));
    keys_press(desk.pty, "<Enter>");
    look_for(desk.pty, "[   Saving...    ]");
    look_for(desk.pty, "[ Create invoice ]"); /* and no answer has come */
    demo_expect(&desk, NULL, 0, 0);
    press_unanswered("<Enter>");
    demo_expect(&desk, NULL, 1, 2);
    look_for(desk.pty, "<- the database kept it at one");
    desk_leave(&desk);
    begin("unlock-after=200ms", NULL, "unique");
    process_hold(demo_server(&desk));
    keys_press(desk.pty, "<Enter>");
    look_for(desk.pty, "[   Saving...    ]");
    look_for(desk.pty, "[ Create invoice ]");
    press_unanswered("<Enter>");
    demo_expect(&desk, "unique", 2, 2);
    look_for(desk.pty, "<- a duplicate: nothing kept it at one");
    look_status(desk.pty, "Created"); /* one of them */
    desk_leave(&desk);
}

#define LOSE_ONE "drop-response@first=1"

static void a_new_key_makes_a_retry_a_second_invoice(void **state)
{
    (void)state;
    begin("new-key-per-retry", LOSE_ONE, NULL);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict"); /* with itself */
    demo_expect(&desk, NULL, 1, 2);
    look_for(desk.pty, "<- the database kept it at one");
    look_gone(desk.pty, "<- the key kept it at one");
    desk_leave(&desk);
    begin("new-key-per-retry", LOSE_ONE, "unique");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    demo_expect(&desk, "unique", 2, 2);
    look_for(desk.pty, "<- a duplicate: nothing kept it at one");
    desk_leave(&desk);
}

/* The same without a mistake, on a server that would take duplicates: form and key are enough. */
static void without_a_mistake_there_is_one(void **state)
{
    (void)state;
    begin(NULL, NULL, "unique");
    press_unanswered("<Enter><Enter><Enter>");
    look_status(desk.pty, "Created");
    demo_expect(&desk, "unique", 1, 1);
    look_for(desk.pty, "<- the form kept it at one");
    keys_press(desk.pty, "<F8>");
    look_for(desk.pty, "faults: none");
    keys_press(desk.pty, "<F5>n");
    look_for(desk.pty, "faults: lose the 1st reply");
    demo_type(&desk, "2026-0802");
    keys_press(desk.pty, "<Enter>");
    look_for(desk.pty, "2 attempts, 1 record");
    demo_expect(&desk, "unique", 2, 2);
    desk_leave(&desk);
}

/* As many as there is room for, and then the lock holds. */
static void its_mistakes_are_counted(void **state)
{
    (void)state;
    begin("no-lock", "hang", "unique");
    for (int i = 0; i < 40; i++)
        keys_press(desk.pty, "<Enter>");
    demo_expect(&desk, "unique", 17, 17);
    desk_leave(&desk);
}

/* What a mistaken form leaves open is not sent again by a later one. */
static void nothing_of_it_is_kept(void **state)
{
    (void)state;
    char *temporary = support_format("%s/tmp", desk.home);
    char *variable = support_format("TMPDIR=%s", temporary);
    assert_int_equal(mkdir(temporary, 0700), 0);
    desk_start(&desk, &(struct desk_options){
                          .arguments = (const char *const[]){"demo", "--bug", "no-lock", "--fault",
                                                             "drop-before", NULL},
                          .environment = (const char *const[]){variable, NULL}});
    look_for(desk.pty, "F9  faults: drop-before");
    assert_int_equal(temp_dir_entries(temporary), 1);
    demo_type(&desk, "2026-0803");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    look_for(desk.pty, "attempt ");
    desk_leave(&desk);
    assert_int_equal(temp_dir_entries(temporary), 0);
    demo_open(&desk, 80, NULL);
    keys_press(desk.pty, "<F4>");
    look_for(desk.pty, "Outbox");
    look_gone(desk.pty, "2026-0803");
    desk_leave(&desk);
    free(temporary);
    free(variable);
}

/* Line by line there is no form to plant anything in; and the play is told as text. */
static void without_a_screen_there_is_none(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){.arguments = (const char *const[]){
                                                 "demo", "--plain", "--bug", "no-lock", NULL}});
    look_for(desk.pty, "--bug is planted in the form on a screen");
    look_clean_exit(desk.pty, 2);
    desk_start(&desk,
               &(struct desk_options){.arguments = (const char *const[]){"demo", "--play", NULL},
                                      .environment = (const char *const[]){"TERM=dumb", NULL},
                                      .rows = 60});
    look_for(desk.pty, "kept at one by the database's");
    look_clean_exit(desk.pty, 0);
}

static void assert_refused(const char *const *arguments, const char *word)
{
    char *home = support_format("HOME=%s", desk.home);
    struct process_result result =
        process_run(arguments, (const char *const[]){home, NULL}, PATIENCE_MS);
    assert_int_equal(result.code, 2);
    assert_string_equal(result.output, "");
    if (strstr(result.errors, word) == NULL) fail_msg("no \"%s\" in: %s", word, result.errors);
    process_result_clear(&result);
    free(home);
}

static void they_are_the_demonstration_s_alone(void **state)
{
    (void)state;
    const char *program = desk_program();
    assert_refused((const char *const[]){program, "--bug", "no-lock", NULL}, "--bug");
    assert_refused((const char *const[]){program, "--without", "unique", NULL}, "--without");
    assert_refused((const char *const[]){program, "--play", NULL}, "--play");
    assert_refused((const char *const[]){program, "create", "--bug", "no-lock", "-", NULL},
                   "--bug");
    assert_refused((const char *const[]){program, "demo", "--bug", "no-luck", NULL}, "no-luck");
    assert_refused((const char *const[]){program, "demo", "--bug", "unlock-after=2", NULL},
                   "unlock-after=2s");
    assert_refused((const char *const[]){program, "demo", "--without", "form", NULL}, "form");
    assert_refused((const char *const[]){program, "demo", "--pace", "0", NULL}, "--pace");
    assert_refused((const char *const[]){program, "demo", "--pace", "2", NULL}, "--play");
    assert_refused((const char *const[]){program, "demo", "--play", "--bug", "no-lock", NULL},
                   "--play");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(without_a_lock_every_press_is_an_invoice),
        DESK_TEST(the_form_looks_as_open_as_it_is),
        DESK_TEST(a_timer_that_unlocks_lets_a_second_press_through),
        DESK_TEST(a_new_key_makes_a_retry_a_second_invoice),
        DESK_TEST(without_a_mistake_there_is_one),
        DESK_TEST(its_mistakes_are_counted),
        DESK_TEST(nothing_of_it_is_kept),
        DESK_TEST(without_a_screen_there_is_none),
        DESK_TEST(they_are_the_demonstration_s_alone),
    };
    return cmocka_run_group_tests_name("demo_bugs", tests, NULL, NULL);
}
