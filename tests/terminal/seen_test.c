/* What was refused while nobody was looking stays until somebody has seen it: counted on the status
 * line, listed in the outbox, taken back into the form or acknowledged. What is said of it is true.
 */
#include "tests/support/http.h"
#include "tests/support/sample.h"
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
#include <sys/resource.h>

#include <cmocka.h>

static struct desk desk;

static const char *const impatient[] = {"INVONCE_CONNECT_TIMEOUT=300ms",
                                        "INVONCE_ATTEMPT_TIMEOUT=2s", "INVONCE_RETRY_BUDGET=1ms",
                                        NULL};

static void post(const char *number)
{
    char *url = support_format("%s/v1/invoices", desk.mock.url);
    char *body = sample_body(number, NULL);
    struct http_reply reply = http_send(
        &(struct http_request){.url = url, .token = TOKEN_ANA, .key = number, .body = body});
    assert_int_equal(reply.status, 201);
    http_reply_clear(&reply);
    free(body);
    free(url);
}

static void start_again(void)
{
    desk_start(&desk, &(struct desk_options){.environment = impatient});
    look_for(desk.pty, "[ Create invoice ]");
    look_row(desk.pty, "Invonce", "north / ana");
}

static void kill_form(void)
{
    int status;
    pty_signal(desk.pty, SIGKILL);
    assert_true(pty_wait_exit(desk.pty, &status));
}

/* `invonce outbox` of the same desk ends so, and says that. */
static void expect_outbox(const char *const *arguments, int code, const char *words)
{
    int status;
    desk_start(&desk, &(struct desk_options){.arguments = arguments, .cols = 200});
    assert_true(pty_wait_exit(desk.pty, &status));
    if (*words) look_for(desk.pty, words);
    assert_int_equal(WEXITSTATUS(status), code);
}

/* An invoice that couldn't be sent is left in the outbox. */
static void leave_unsent(const char *number)
{
    desk_kill_server(&desk); /* before: what was left earlier would be sent */
    desk_start_filled(&desk, number, NULL, &(struct desk_options){.environment = impatient});
    look_row(desk.pty, "Invonce", "127.0.0.1");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Unconfirmed");
    keys_press(desk.pty, "k");
    look_status(desk.pty, "Editing");
    kill_form();
    desk_restart_server(&desk);
}

/* Two are settled in the background, the first one as a conflict. */
static void meet_a_conflict(void)
{
    leave_unsent("2026-0461");
    leave_unsent("2026-0462");
    post("2026-0461");
    start_again();
    look_row(desk.pty, "2026-0462 from before is saved", "F4");
}

static void a_conflict_stays_until_it_is_taken_back(void **state)
{
    (void)state;
    meet_a_conflict();
    kill_form();
    start_again();
    look_row(desk.pty, "Editing", "1 refused, to be seen: F4");
    keys_press(desk.pty, "<F4>");
    look_row(desk.pty, "> 2026-0461", "not created: conflict");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict  the original was kept");
    look_sentence(desk.pty, "This invoice number already exists.");
    look_row(desk.pty, "Number", "2026-0461");
    keys_press(desk.pty, "v");
    look_row(desk.pty, "The original invoice", "inv_");
    keys_press(desk.pty, "<Esc>");
    look_row(desk.pty, "Not created", "inv_"); /* the keys below it may be those of before yet */
    keys_press(desk.pty, "<Esc>");
    look_row(desk.pty, "> 2026-0461", "not created: conflict"); /* looking isn't enough */
    keys_press(desk.pty, "<Enter>");
    look_for(desk.pty, "T Take back");
    keys_press(desk.pty, "t");
    look_field(desk.pty, "Number", "2026-0461");
    look_focus(desk.pty, "Number");
    look_row(desk.pty, "Editing", "draft kept");
    keys_press(desk.pty, "<C-u>2026-0463<Enter>");
    look_status(desk.pty, "Created");
    look_gone(desk.pty, "to be seen");
    keys_press(desk.pty, "<F4>");
    look_sentence(desk.pty, "Everything is settled");
    ledger_expect_invoices(&desk, 3);
    expect_outbox((const char *const[]){"outbox", NULL}, 0, "Everything is settled");
}

static void a_conflict_stays_until_it_is_acknowledged(void **state)
{
    (void)state;
    meet_a_conflict();
    keys_press(desk.pty, "X"); /* nothing that is typed gives way */
    keys_press(desk.pty, "<F4>");
    look_row(desk.pty, "> 2026-0461", "not created: conflict");
    keys_press(desk.pty, "<Enter>");
    look_for(desk.pty, "T Take back");
    keys_press(desk.pty, "t");
    look_row(desk.pty, "Conflict", "the form holds another invoice");
    keys_press(desk.pty, "a");
    look_sentence(desk.pty, "Everything is settled");
    keys_press(desk.pty, "<Esc>");
    look_field(desk.pty, "Number", "X");
    look_gone(desk.pty, "to be seen");
    expect_outbox((const char *const[]){"outbox", NULL}, 0, "Everything is settled");
}

static void the_command_lists_it_too(void **state)
{
    (void)state;
    meet_a_conflict();
    kill_form();
    expect_outbox((const char *const[]){"outbox", NULL}, 3, "invonce outbox seen KEY");
    look_row(desk.pty, "2026-0461", "conflict");
    expect_outbox((const char *const[]){"outbox", "list", "--json", NULL}, 3,
                  "\"outcome\":\"conflict\"");
    expect_outbox((const char *const[]){"outbox", "resume", NULL}, 0,
                  "1 refusal from before hasn't been seen yet");
    expect_outbox((const char *const[]){"outbox", "seen", "another", NULL}, 1, "another");
    expect_outbox((const char *const[]){"outbox", "seen", NULL}, 2, "which?");
    expect_outbox((const char *const[]){"outbox", NULL}, 3, "2026-0461");
    char *row = screen_row(desk.pty, 1);
    const char *key = strrchr(row, ' ');
    assert_non_null(key);
    expect_outbox((const char *const[]){"outbox", "seen", key + 1, NULL}, 0, "");
    free(row);
    expect_outbox((const char *const[]){"outbox", NULL}, 0, "Everything is settled");
}

/* Going back to the form is to have seen it, as is leaving it for the next one. */
static void a_conflict_in_the_form_is_seen_by_going_back(void **state)
{
    (void)state;
    post("2026-0471");
    desk_start_filled(&desk, "2026-0471", NULL, &(struct desk_options){0});
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    look_row(desk.pty, "Invonce", "north / ana");
    look_gone(desk.pty, "to be seen");
    keys_press(desk.pty, "<Esc>");
    look_row(desk.pty, "Editing", "draft kept");
    keys_press(desk.pty, "<F4>");
    look_sentence(desk.pty, "Everything is settled");
    keys_press(desk.pty, "<Esc><F12><Enter>");
    look_status(desk.pty, "Conflict");
    keys_press(desk.pty, "n");
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<F4>");
    look_sentence(desk.pty, "Everything is settled");
    keys_press(desk.pty, "<Esc>");
    look_gone(desk.pty, "to be seen");
}

/* Killed with the conflict on the screen, nobody can say that it was seen. */
static void a_conflict_that_was_killed_with_the_form_stays(void **state)
{
    (void)state;
    post("2026-0472");
    desk_start_filled(&desk, "2026-0472", NULL, &(struct desk_options){0});
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    kill_form();
    expect_outbox((const char *const[]){"outbox", NULL}, 3, "2026-0472");
}

#define REJECTION                                                                                  \
    "{\"type\":\"urn:invonce:problem:validation-failed\",\"title\":\"Invalid\",\"status\":422,"    \
    "\"detail\":\"The request breaks 1 rule.\",\"effect\":\"none\",\"retry\":\"new_key\","         \
    "\"errors\":[{\"pointer\":\"/notes\",\"code\":\"too-long\",\"detail\":\"This server takes "    \
    "no such notes.\"}]}"

static void a_rejection_stays_with_its_errors(void **state)
{
    (void)state;
    struct puppet *puppet = puppet_start("503 Service Unavailable", "text/plain", "");
    const struct desk_options there = {
        .arguments = (const char *const[]){"--server", puppet_url(puppet), NULL},
        .environment = impatient};
    desk_start_filled(&desk, "2026-0481", NULL, &there);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Unconfirmed");
    puppet_say(puppet, "422 Unprocessable Content", "application/problem+json", REJECTION);
    keys_press(desk.pty, "k");
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<F4>");
    look_row(desk.pty, "> 2026-0481", "not created: refused");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Rejected  nothing was created");
    look_sentence(desk.pty, "This server takes no such notes.");
    look_row(desk.pty, "Number", "2026-0481");
    keys_press(desk.pty, "t");
    look_field(desk.pty, "Number", "2026-0481");
    look_focus(desk.pty, "Notes");
    look_sentence(desk.pty, "This server takes no such notes.");
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<F10>");
    look_clean_exit(desk.pty, 0);
    expect_outbox((const char *const[]){"outbox", NULL}, 0, "Everything is settled");
    puppet_stop(puppet);
}

/* --- what is said behind a state word is of that invoice --- */

static void news_stands_behind_no_other_invoices_word(void **state)
{
    (void)state;
    leave_unsent("2026-0491");
    desk_hold_server(&desk);
    desk_start(&desk, &(struct desk_options){.environment = impatient});
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Rejected");
    desk_let_go_server(&desk);
    ledger_expect(&desk, "created", NULL);
    keys_press(desk.pty, "<F3>");
    look_row(desk.pty, "Editing", "2026-0491 from before is saved");
    look_row(desk.pty, "> 2026-0491", "217.80 EUR");
    keys_press(desk.pty, "<Enter>");
    look_row(desk.pty, "Created", "saved by the server at");
    keys_press(desk.pty, "<Esc><Esc>");
    look_status(desk.pty, "Rejected  Number,");
    size_t length;
    assert_null(strstr(pty_raw(desk.pty, &length), "Rejected  2026"));
}

/* --- a full disk --- */

/* Files can't grow from now on, as on a full disk; or can again. */
static void fill_disk(bool full)
{
    struct rlimit limit;
    assert_int_equal(prlimit(pty_pid(desk.pty), RLIMIT_FSIZE, NULL, &limit), 0);
    limit.rlim_cur = full ? 0 : limit.rlim_max;
    assert_int_equal(prlimit(pty_pid(desk.pty), RLIMIT_FSIZE, &limit, NULL), 0);
}

/* The limit's signal is no part of a full disk. */
static const char *const unsignalled[] = {"/bin/sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\"",
                                          NULL};

static void after_a_full_disk_no_other_window_is_made_up(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0501", NULL, &(struct desk_options){.runner = unsignalled});
    look_row(desk.pty, "Invonce", "north / ana");
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_a_second_of(desk.pty, "Saving");
    fill_disk(true);
    desk_let_go_server(&desk);
    look_status(desk.pty, "Created");
    keys_press(desk.pty, "<F4>");
    look_row(desk.pty, "2026-0501", "answered, to be noted");
    fill_disk(false);
    look_sentence(desk.pty, "Everything is settled");
    keys_press(desk.pty, "<Esc>");
    ledger_expect_one(&desk, "2026-0501");
    keys_press(desk.pty, "n");
    look_status(desk.pty, "Editing");
    size_t length;
    assert_null(strstr(pty_raw(desk.pty, &length), "another window"));
}

static void what_the_full_disk_did_not_take_is_settled_later(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0502", NULL, &(struct desk_options){.runner = unsignalled});
    look_row(desk.pty, "Invonce", "north / ana");
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_a_second_of(desk.pty, "Saving");
    fill_disk(true);
    desk_let_go_server(&desk);
    look_status(desk.pty, "Created");
    keys_press(desk.pty, "n"); /* left before the journal knows */
    look_status(desk.pty, "Editing");
    fill_disk(false);
    look_for(desk.pty, "2026-0502 from before is saved");
    ledger_expect_invoices(&desk, 1);
}

static void a_draft_that_is_not_kept_is_not_called_kept(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){.runner = unsignalled});
    look_row(desk.pty, "Invonce", "north / ana");
    keys_press(desk.pty, "2026-0503");
    look_row(desk.pty, "Editing", "draft kept");
    fill_disk(true);
    keys_press(desk.pty, "4");
    look_row(desk.pty, "Editing", "the draft is not kept: the journal can't be written");
    fill_disk(false);
    look_row(desk.pty, "Editing", "draft kept");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_conflict_stays_until_it_is_taken_back),
        DESK_TEST(a_conflict_stays_until_it_is_acknowledged),
        DESK_TEST(the_command_lists_it_too),
        DESK_TEST(a_conflict_in_the_form_is_seen_by_going_back),
        DESK_TEST(a_conflict_that_was_killed_with_the_form_stays),
        DESK_TEST(a_rejection_stays_with_its_errors),
        DESK_TEST(news_stands_behind_no_other_invoices_word),
        DESK_TEST(after_a_full_disk_no_other_window_is_made_up),
        DESK_TEST(what_the_full_disk_did_not_take_is_settled_later),
        DESK_TEST(a_draft_that_is_not_kept_is_not_called_kept),
    };
    return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
