/* Another program has the journal locked: the form says so, takes keys meanwhile, lets everybody
 * out at once, and goes on when the lock is gone. */
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"

#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#define NUMBER "2026-0501"
#define LOCKED "another program has the journal locked: end it, or wait"

#define AGAINST_WRITERS "BEGIN IMMEDIATE"
#define AGAINST_ALL     "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE"

static struct desk desk;
static sqlite3 *other;

static void lock(const char *how)
{
    char *journal = support_format("%s/state/invonce/journal.db", desk.home);
    assert_int_equal(sqlite3_open(journal, &other), SQLITE_OK);
    assert_int_equal(sqlite3_busy_timeout(other, PATIENCE_MS), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, how, NULL, NULL, NULL), SQLITE_OK);
    free(journal);
}

static void unlock(void)
{
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    other = NULL;
}

static long long count(const char *query)
{
    char *journal = support_format("%s/state/invonce/journal.db", desk.home);
    long long number = rows_number(journal, query);
    free(journal);
    return number;
}

/* A journal that an earlier run has made. */
static void make_journal(void)
{
    desk_start(&desk, &(struct desk_options){0});
    look_field(desk.pty, "Currency", "EUR");
    look_for(desk.pty, "north / ana");
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
}

static void what_is_typed_and_sent_waits_for_the_lock(void **state)
{
    (void)state;
    desk_start_filled(&desk, NUMBER, NULL, &(struct desk_options){0});
    look_row(desk.pty, "Invonce", "north / ana");
    lock(AGAINST_WRITERS);
    keys_press(desk.pty, "<C-e>x");
    look_field(desk.pty, "Number", NUMBER "x");
    look_row(desk.pty, "Editing", LOCKED);
    keys_press(desk.pty, "<Backspace>");
    look_field(desk.pty, "Number", NUMBER);
    keys_press(desk.pty, "<Enter>");
    look_row(desk.pty, "Saving", LOCKED);
    look_for(desk.pty, "Saving...");
    assert_int_equal(desk_invoices(&desk), 0);
    unlock();
    look_status(desk.pty, "Created");
    ledger_expect_one(&desk, NUMBER);
}

/* Nothing was sent, and what was typed is handed back. */
static void everybody_gets_out_at_once(void **state)
{
    (void)state;
    static const char *const WAYS[] = {"<C-c>", "<F10>"};
    for (size_t i = 0; i < 2; i++) {
        desk_start_filled(&desk, NUMBER, NULL, &(struct desk_options){0});
        look_row(desk.pty, "Invonce", "north / ana");
        lock(AGAINST_WRITERS);
        keys_press(desk.pty, "<Enter>");
        look_row(desk.pty, "Saving", LOCKED);
        keys_press(desk.pty, WAYS[i]);
        look_clean_exit(desk.pty, 1);
        look_for(desk.pty, "\"" NUMBER "\"");
        look_sentence(desk.pty, "What you typed could not be kept, and was not sent.");
        unlock();
    }
    assert_int_equal(desk_invoices(&desk), 0);
}

/* It starts under the lock, and is whole once that is gone. */
static void a_form_starts_without_its_journal(void **state)
{
    (void)state;
    make_journal();
    lock(AGAINST_ALL);
    desk_start(&desk, &(struct desk_options){0});
    look_row(desk.pty, "Editing", LOCKED);
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "abc");
    look_field(desk.pty, "Number", "abc");
    keys_press(desk.pty, "<F4>");
    look_for(desk.pty, "holds it locked");
    keys_press(desk.pty, "<Esc>");
    look_field(desk.pty, "Number", "abc");
    unlock();
    look_row(desk.pty, "Editing", "draft kept");
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
}

static void a_form_without_its_journal_is_left_at_once(void **state)
{
    (void)state;
    make_journal();
    lock(AGAINST_ALL);
    desk_start(&desk, &(struct desk_options){0});
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<C-c>");
    look_clean_exit(desk.pty, 0);
    unlock();
}

/* The answer comes while the journal is locked: it is shown, and what is noted then is noted whole.
 */
static void an_outcome_has_its_attempts_end(void **state)
{
    (void)state;
    desk_start_filled(&desk, NUMBER, NULL, &(struct desk_options){0});
    look_row(desk.pty, "Invonce", "north / ana"); /* else it would be learnt under the lock */
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    while (count("SELECT count(*) FROM attempts") == 0) {
    }
    lock(AGAINST_WRITERS);
    desk_let_go_server(&desk);
    look_status(desk.pty, "Created");
    assert_int_equal(count("SELECT count(*) FROM intents WHERE state = 'created'"), 0);
    unlock();
    while (count("SELECT count(*) FROM intents WHERE state = 'created'") == 0) {
    }
    assert_int_equal(count("SELECT count(*) FROM attempts WHERE ended_ms IS NULL"), 0);
    ledger_expect_one(&desk, NUMBER);
}

static void line_by_line_it_is_said_too(void **state)
{
    (void)state;
    make_journal();
    lock(AGAINST_ALL);
    desk_start(&desk, &(struct desk_options){.arguments = (const char *const[]){"--plain", NULL}});
    look_for(desk.pty, LOCKED);
    keys_press(desk.pty, "abc<Enter>");
    look_for(desk.pty, "Issue date");
    keys_press(desk.pty, "<C-c>");
    look_for(desk.pty, "\"abc\"");
    int status;
    assert_true(pty_wait_exit(desk.pty, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    unlock();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(what_is_typed_and_sent_waits_for_the_lock),
        DESK_TEST(everybody_gets_out_at_once),
        DESK_TEST(a_form_starts_without_its_journal),
        DESK_TEST(a_form_without_its_journal_is_left_at_once),
        DESK_TEST(an_outcome_has_its_attempts_end),
        DESK_TEST(line_by_line_it_is_said_too),
    };
    return cmocka_run_group_tests_name("terminal/locked", tests, NULL, NULL);
}
