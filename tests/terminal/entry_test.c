/* Entry at full speed: one invoice after the other, with what the form does for the fingers. */
#include "tests/support/test_clock.h"
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

static void the_next_number_and_the_currency_are_suggested(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0099", "{\"currency\":\"USD\"}");
    keys_press(desk.pty, "n");
    look_status(desk.pty, "Editing");
    look_field(desk.pty, "Number", "2026-0100");
    look_row(desk.pty, "Currency", "USD");
    keys_press(desk.pty, "<Tab>1/2<Tab>+30<Tab><Tab>a@b.example<Tab>B<Tab>Tea<Tab>1<Tab>2.50");
    look_row(desk.pty, "Total", "2.50");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    look_for(desk.pty, "2026-0100");
    ledger_expect_invoices(&desk, 2);
    keys_press(desk.pty, "n");
    look_field(desk.pty, "Number", "2026-0101");
    keys_press(desk.pty, "X-1");
    look_field(desk.pty, "Number", "X-1");
    desk_leave(&desk);
    /* At the next start too; nothing of it is a draft. */
    desk_start(&desk,
               &(struct desk_options){.arguments = (const char *const[]){"--recover", NULL}});
    look_field(desk.pty, "Number", "X-1");
    keys_press(desk.pty, "<C-u>");
    desk_leave(&desk);
    desk_start(&desk, &(struct desk_options){0});
    look_field(desk.pty, "Number", "2026-0101");
    look_row(desk.pty, "Currency", "USD");
    desk_leave(&desk);
}

static void dates_are_typed_short(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){0});
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "<Tab>2026-12-01");
    look_row(desk.pty, "2026-12-01", "Tue");
    keys_press(desk.pty, "<Tab>+23");
    look_row(desk.pty, "+23", "Thu 12-24");
    keys_press(desk.pty, "<Tab>");
    look_row(desk.pty, "2026-12-24", "Thu");
    keys_press(desk.pty, "<S-Tab>1/6<Up>");
    look_row(desk.pty, "2027-01-06", "Wed");
    keys_press(desk.pty, "<Down><C-_>");
    look_row(desk.pty, "Due date", "1/6");
    desk_leave(&desk);
}

static void errors_come_when_a_field_is_left(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){0});
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "<Tab><Tab>nonsense<Tab>");
    look_row(desk.pty, "Number", "required");
    look_row(desk.pty, "nonsense", "not a date");
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<Tab>nobody<Tab>");
    look_row(desk.pty, "Customer e-mail", "not an e-mail address");
    keys_press(desk.pty, "<S-Tab>@here.example");
    look_gone(desk.pty, "not an e-mail address");
    desk_leave(&desk);
}

static void lines_are_doubled_and_deleted(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0301", NULL, &(struct desk_options){0});
    look_row(desk.pty, "Total", "217.80");
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab><Tab><C-t>");
    look_row(desk.pty, "Total", "435.60");
    keys_press(desk.pty, "<M-i>Cups<Tab>1<Tab>10.00<Tab>0");
    look_row(desk.pty, "2  Cups", "10.00");
    look_row(desk.pty, "Total", "445.60");
    keys_press(desk.pty, "<C-x><M-x>");
    look_row(desk.pty, "Total", "217.80");
    keys_press(desk.pty, "<C-k><C-_>");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    ledger_expect_one(&desk, "2026-0301");
    desk_leave(&desk);
}

#define LATIN_1 "the terminal sent bytes that are no UTF-8: set it to UTF-8"

/* Nothing is left out of a text without a word, until the terminal has been set right. */
static void bytes_that_are_no_utf8_are_told_of(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){0});
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab>Caf\xe9 au lait");
    look_row(desk.pty, "Editing", LATIN_1);
    look_field(desk.pty, "Customer name", "Caf au lait");
    keys_press(desk.pty, "<Tab>Tea<Tab>1");
    look_row(desk.pty, "Editing", LATIN_1);
    keys_press(desk.pty, "<S-Tab> \xc3\xa0 la cr\xc3\xa8me");
    look_row(desk.pty, "Editing", "draft kept");
    pty_paste(desk.pty, " \xe0 la cr\xe8me");
    look_row(desk.pty, "Editing", LATIN_1);
    desk_leave(&desk);
}

static void start_in_utc(void)
{
    desk_start(&desk, &(struct desk_options){.environment = (const char *const[]){"TZ=UTC", NULL}});
}

/* The day changes under a form that is left open: what it suggests, and what t means. */
static void the_day_is_the_day(void **state)
{
    (void)state;
    test_clock_set("=2026-12-31T23:59:50Z");
    start_in_utc();
    look_row(desk.pty, "Issue date", "2026-12-31 Thu");
    keys_press(desk.pty, "2026-0302<Tab><Tab>t");
    look_row(desk.pty, "Due date  t", "Thu 12-31");
    test_clock_set("=2027-01-01T00:00:10Z");
    pty_resize(desk.pty, 25, 81); /* anything that wakes it */
    look_row(desk.pty, "Issue date", "2027-01-01 Fri");
    look_row(desk.pty, "Due date  t", "Fri 01-01");
    keys_press(desk.pty, "<Tab><S-Tab><S-Tab>2026-12-30<Tab>");
    look_row(desk.pty, "Issue date", "2026-12-30 Wed");
    test_clock_set("=2027-01-02T00:00:10Z");
    keys_press(desk.pty, "t");
    look_row(desk.pty, "Due date  t", "Sat 01-02");
    look_row(desk.pty, "Issue date", "2026-12-30 Wed"); /* typed, and not suggested */
    keys_press(desk.pty, "<Tab>");
    look_row(desk.pty, "Due date", "2027-01-02");
    test_clock_set(TEST_CLOCK_START);
    desk_leave(&desk);
}

/* A press that came before the new day was seen means what stood there. */
static void a_press_means_what_was_seen(void **state)
{
    (void)state;
    test_clock_set("=2026-12-31T23:59:50Z");
    start_in_utc();
    look_row(desk.pty, "Issue date", "2026-12-31 Thu");
    keys_press(desk.pty, "2026-0303<Tab><Tab><Tab><Tab>a@b.example<Tab>B<Tab>Tea<Tab>1<Tab>2.50");
    look_row(desk.pty, "Total", "2.50");
    look_row(desk.pty, "Editing", "draft kept");
    assert_true(pty_wait_idle(desk.pty));
    pty_signal(desk.pty, SIGSTOP); /* nothing wakes it before the press */
    test_clock_set("=2027-01-01T00:00:10Z");
    keys_press(desk.pty, "<Enter>");
    pty_signal(desk.pty, SIGCONT);
    look_status(desk.pty, "Created");
    look_for(desk.pty, "issued 2026-12-31");
    keys_press(desk.pty, "n");
    look_row(desk.pty, "Issue date", "2027-01-01 Fri");
    test_clock_set(TEST_CLOCK_START);
    desk_leave(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(the_next_number_and_the_currency_are_suggested),
        DESK_TEST(dates_are_typed_short),
        DESK_TEST(errors_come_when_a_field_is_left),
        DESK_TEST(lines_are_doubled_and_deleted),
        DESK_TEST(the_day_is_the_day),
        DESK_TEST(a_press_means_what_was_seen),
        DESK_TEST(bytes_that_are_no_utf8_are_told_of),
    };
    return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
