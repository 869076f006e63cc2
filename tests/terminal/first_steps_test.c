/* What somebody sees who has no server yet, or no token that it knows; and what is said while the
 * server is away. */
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"
#include "tests/terminal/puppet.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct desk desk;

#define NOBODY ((const char *const[]){"INVONCE_TOKEN=nobody-0123456789", NULL})

static void expect_ways(void)
{
    look_row(desk.pty, "invonce --server URL", "--token-file FILE");
    look_for(desk.pty, "invonce demo");
    look_row(desk.pty, "invonce-mock-server", "--token");
    look_sentence(desk.pty, "invonce config shows the server");
}

static void an_unknown_token_is_told_with_what_to_do(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){.environment = NOBODY});
    look_for(desk.pty, "First steps");
    look_sentence(desk.pty, "The server doesn't know your token");
    expect_ways();
    keys_press(desk.pty, "x<Esc>");
    look_for(desk.pty, "[ Create invoice ]");
    look_gone(desk.pty, "First steps");
    look_row(desk.pty, "Editing", "doesn't know your token");
    keys_press(desk.pty, "<C-a><C-k>2026-0501");
    look_field(desk.pty, "Number", "2026-0501");
    desk_leave(&desk);
}

static void a_token_that_may_not_is_told_so_too(void **state)
{
    (void)state;
    struct puppet *puppet = puppet_start("403 Forbidden", "text/plain", "");
    puppet_refuse_get(puppet, "/v1/whoami ", "403 Forbidden");
    const char *const arguments[] = {"--server", puppet_url(puppet), NULL};
    desk_start(&desk, &(struct desk_options){.arguments = arguments});
    look_for(desk.pty, "First steps");
    look_sentence(desk.pty, "The server doesn't know your token");
    desk_leave(&desk);
    puppet_stop(puppet);
}

/* The server comes: the form is there by itself. */
static void a_server_that_is_missing_is_told_until_it_is_there(void **state)
{
    (void)state;
    desk_kill_server(&desk);
    desk_start(&desk, &(struct desk_options){0});
    look_sentence(desk.pty, "No server answers at this address");
    expect_ways();
    keys_press(desk.pty, "<F1>");
    look_for(desk.pty, "go on to the form");
    keys_press(desk.pty, "<Esc>");
    look_for(desk.pty, "First steps");
    desk_restart_server(&desk);
    look_for(desk.pty, "[ Create invoice ]");
    look_row(desk.pty, "Invonce", "north / ana");
    desk_leave(&desk);
}

/* Who was at work here before isn't told how to begin, but what becomes of what is typed. */
static void whose_server_is_away_is_told_in_a_line(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0503", NULL);
    desk_leave(&desk);
    desk_kill_server(&desk);
    desk_start(&desk, &(struct desk_options){.environment = desk_impatient});
    look_row(desk.pty, "Editing", "no answer from the server: what you create is kept");
    look_field(desk.pty, "Number", "2026-0504");
    keys_press(desk.pty, "<F3>");
    look_sentence(desk.pty, "connection refused");
    look_sentence(desk.pty, "invonce config shows where that was given");
    keys_press(desk.pty, "<Esc>");
    look_for(desk.pty, "[ Create invoice ]");
}

/* What is typed before the screen is there is typed into the form. */
static void no_key_is_lost_to_it(void **state)
{
    (void)state;
    desk_hold_server(&desk);
    desk_start(&desk, &(struct desk_options){.environment = NOBODY});
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "<C-a><C-k>2026-0505");
    look_field(desk.pty, "Number", "2026-0505");
    desk_let_go_server(&desk);
    look_row(desk.pty, "Editing", "doesn't know your token");
    look_field(desk.pty, "Number", "2026-0505");
    assert_false(screen_shows(desk.pty, "First steps"));
    desk_leave(&desk);
}

static void without_a_token_it_ends_with_what_to_do(void **state)
{
    (void)state;
    int status;
    desk_start(&desk, &(struct desk_options){.environment =
                                                 (const char *const[]){"INVONCE_TOKEN=", NULL}});
    assert_true(pty_wait_exit(desk.pty, &status));
    look_for(desk.pty, "who are you?");
    look_for(desk.pty, "invonce --server URL --token-file FILE");
    look_for(desk.pty, "invonce demo");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(an_unknown_token_is_told_with_what_to_do),
        DESK_TEST(a_token_that_may_not_is_told_so_too),
        DESK_TEST(a_server_that_is_missing_is_told_until_it_is_there),
        DESK_TEST(whose_server_is_away_is_told_in_a_line),
        DESK_TEST(no_key_is_lost_to_it),
        DESK_TEST(without_a_token_it_ends_with_what_to_do),
    };
    return cmocka_run_group_tests_name("first steps", tests, NULL, NULL);
}
