/* One intent through dead servers and dead programs: always one record and one key in the end. */
#include "tests/support/process.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static struct desk desk;

static void submit_to_a_silent_server(const char *number, const struct desk_options *options)
{
    desk_start_filled(&desk, number, NULL, options);
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
}

static void open_form_again(void)
{
    desk_start(&desk, &(struct desk_options){0});
    look_for(desk.pty, "[ Create invoice ]");
}

static void expect_one(void)
{
    ledger_expect_invoices(&desk, 1);
    assert_int_equal(desk_keys(&desk), 1);
}

static void killed_while_saving_it_is_settled_at_the_next_start(void **state)
{
    (void)state;
    submit_to_a_silent_server("2026-0801", &(struct desk_options){0});
    look_a_second_of(desk.pty, "Saving");
    pty_signal(desk.pty, SIGKILL);
    int status = 0;
    assert_true(pty_wait_exit(desk.pty, &status));
    desk_let_go_server(&desk);
    open_form_again();
    look_row(desk.pty, "2026-0801 from before is saved", "inv_");
    look_field(desk.pty, "Number", "2026-0802");
    expect_one();
}

static void left_while_saving_it_is_settled_at_the_next_start(void **state)
{
    (void)state;
    submit_to_a_silent_server("2026-0802", &(struct desk_options){0});
    look_a_second_of(desk.pty, "Saving");
    keys_press(desk.pty, "<F10>");
    look_clean_exit(desk.pty, 5);
    look_for(desk.pty, "2026-0802");
    desk_kill_server(&desk);
    desk_restart_server(&desk);
    open_form_again();
    look_row(desk.pty, "2026-0802 from before is saved", "inv_");
    expect_one();
}

static void unconfirmed_it_is_tried_again(void **state)
{
    (void)state;
    submit_to_a_silent_server("2026-0803", &(struct desk_options){.environment = desk_impatient});
    look_status(desk.pty, "Unconfirmed");
    desk_let_go_server(&desk);
    keys_press(desk.pty, "t");
    look_status(desk.pty, "Created");
    look_for(desk.pty, "2026-0803");
    expect_one();
}

/* Kept in the outbox it is sent from there; until then its number can't be used again. */
static void unconfirmed_it_is_kept_in_the_outbox(void **state)
{
    (void)state;
    submit_to_a_silent_server("2026-0804", &(struct desk_options){.environment = desk_impatient});
    look_status(desk.pty, "Unconfirmed");
    keys_press(desk.pty, "k");
    look_status(desk.pty, "Editing");
    keys_press(desk.pty,
               "2026-0804<Tab>2026-11-22<Tab><Tab><Tab>ap@northwind.example<Tab><Tab>"
               "Tea<Tab>2<Tab>1.25"); /* of the same year: the number of another is another's */
    look_for(desk.pty, "2.50");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Unconfirmed");
    look_sentence(desk.pty, "waiting for confirmation");
    look_row(desk.pty, "Number", "2026-0804");
    look_focus(desk.pty, "Number");
    desk_let_go_server(&desk);
    keys_press(desk.pty, "<C-a><C-k>2026-0805<Enter>");
    look_status(desk.pty, "Created");
    keys_press(desk.pty, "n");
    look_row(desk.pty, "2026-0804 from before is saved", "inv_");
    ledger_expect_invoices(&desk, 2);
    assert_int_equal(desk_keys(&desk), 2);
}

static void a_server_that_comes_back_in_time_is_enough(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0806", NULL, &(struct desk_options){0});
    desk_kill_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_row(desk.pty, "Saving", "attempt ");
    desk_restart_server(&desk);
    look_status(desk.pty, "Created");
    ledger_expect(&desk, "created", NULL);
    expect_one();
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_past(void *context)
{
    const int64_t *time_ms = context;
    return now_ms() > *time_ms;
}

/* The reply came while the program was stopped, past all its time: it is read all the same. */
static void stopped_past_its_time_it_reads_the_reply_first(void **state)
{
    (void)state;
    static const char *const four_seconds[] = {"INVONCE_ATTEMPT_TIMEOUT=4s",
                                               "INVONCE_RETRY_BUDGET=4s", NULL};
    desk_start_filled(&desk, "2026-0807", NULL,
                      &(struct desk_options){.environment = four_seconds});
    look_row(desk.pty, "Invonce", "north / ana"); /* nothing but the invoice is asked any more */
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    int64_t past_ms = now_ms() + 4100;
    look_a_second_of(desk.pty, "Saving");
    process_hold(pty_pid(desk.pty));
    desk_let_go_server(&desk);
    ledger_expect(&desk, "created", NULL);
    assert_true(support_wait_until(is_past, &past_ms, PATIENCE_MS));
    pty_signal(desk.pty, SIGCONT);
    look_status(desk.pty, "Created");
    look_for(desk.pty, "1 attempt,");
    ledger_expect(&desk, "created", NULL);
    expect_one();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(killed_while_saving_it_is_settled_at_the_next_start),
        DESK_TEST(left_while_saving_it_is_settled_at_the_next_start),
        DESK_TEST(unconfirmed_it_is_tried_again),
        DESK_TEST(unconfirmed_it_is_kept_in_the_outbox),
        DESK_TEST(a_server_that_comes_back_in_time_is_enough),
        DESK_TEST(stopped_past_its_time_it_reads_the_reply_first),
    };
    return cmocka_run_group_tests_name("survival", tests, NULL, NULL);
}
