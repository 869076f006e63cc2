/* One press is one invoice, whatever the fingers do while it is saved. */
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BUTTON  "[ Create invoice ]"
#define SAVING  "[   Saving...    ]"
#define IGNORED "Invoice created - we ignored the duplicate submission and kept your first request."

static struct desk desk;

static void open_form(const char *number, const char *const *server_options)
{
    desk_open(&desk, server_options);
    desk_start_filled(&desk, number, NULL, &(struct desk_options){0});
}

/* The form as it is now, with the button's words while it saves. */
static char *picture_while_saving(void)
{
    char *picture = desk_picture(&desk);
    char *button = strstr(picture, BUTTON);
    assert_non_null(button);
    memcpy(button, SAVING, strlen(SAVING));
    return picture;
}

static void one_press_makes_one_invoice(void **state)
{
    (void)state;
    open_form("2026-0001", NULL);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    look_for(desk.pty, "Invoice created");
    look_row(desk.pty, "Total", "217.80");
    assert_false(screen_shows(desk.pty, "we ignored"));
    assert_false(screen_shows(desk.pty, BUTTON));
    ledger_expect_one(&desk, "2026-0001");
}

/* The story of the issue: Enter five times, keys and a click, during a save of two seconds. */
static void five_presses_make_one_invoice(void **state)
{
    (void)state;
    open_form("2026-0042", (const char *const[]){"--fault", "delay-before-commit=2s", NULL});
    int row, col;
    assert_true(screen_find(desk.pty, BUTTON, &row, &col));
    char *picture = picture_while_saving();
    desk_hold_server(&desk); /* the two seconds begin when all of it has been seen */
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    keys_press(desk.pty, "<Enter><Enter><Enter><Enter>");
    keys_press(desk.pty, "typed meanwhile<Tab><S-Tab><C-u><Up><C-s>");
    pty_click(desk.pty, row, col + 5);
    look_screen(desk.pty, picture);
    look_a_second_of(desk.pty, "Saving");
    look_screen(desk.pty, picture);
    free(picture);
    desk_let_go_server(&desk);
    look_sentence(desk.pty, IGNORED);
    look_status(desk.pty, "Created");
    ledger_expect_one(&desk, "2026-0042");
}

/* All the keys are there before the first is read; the server holds still until they are. */
static void typing_ahead_makes_one_invoice(void **state)
{
    (void)state;
    open_form("2026-0043", NULL);
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter><Enter><Enter><Enter><Enter>");
    look_status(desk.pty, "Saving");
    look_for(desk.pty, SAVING);
    desk_let_go_server(&desk);
    look_sentence(desk.pty, IGNORED);
    ledger_expect_one(&desk, "2026-0043");
}

/* The answer and the keys are there at once, the answer first to be seen: the program is kept at
 * painting until both are. What was queued before the record was shown never acts on it ("n" would
 * open the next form). */
static void what_was_queued_never_acts_on_the_answer(void **state)
{
    (void)state;
    open_form("2026-0052", NULL);
    look_for(desk.pty, "north / ana"); /* it has asked, so that the press is all that is sent */
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_a_second_of(desk.pty, "Saving");
    pty_hold_output(desk.pty);
    keys_press(desk.pty, "<C-l>");
    assert_true(pty_wait_read(desk.pty));
    desk_let_go_server(&desk);
    ledger_expect(&desk, "created", NULL);
    keys_press(desk.pty, "nnn<Enter>n");
    pty_let_go_output(desk.pty);
    look_status(desk.pty, "Created");
    look_sentence(desk.pty, IGNORED);
    ledger_expect_one(&desk, "2026-0052");
}

static void the_button_and_control_s_submit_too(void **state)
{
    (void)state;
    open_form("2026-0044", NULL);
    int row, col;
    assert_true(screen_find(desk.pty, BUTTON, &row, &col));
    desk_hold_server(&desk);
    pty_click(desk.pty, row, col + 5);
    look_status(desk.pty, "Saving");
    pty_click(desk.pty, row, col + 5);
    pty_click(desk.pty, row, col + 5);
    desk_let_go_server(&desk);
    look_sentence(desk.pty, IGNORED);
    ledger_expect_one(&desk, "2026-0044");
    desk_start_filled(&desk, "2026-0045", NULL, &(struct desk_options){0});
    keys_press(desk.pty, "<C-s>");
    look_for(desk.pty, "Invoice created");
    assert_false(screen_shows(desk.pty, "we ignored"));
    ledger_expect_invoices(&desk, 2);
}

static void enter_on_the_record_does_nothing(void **state)
{
    (void)state;
    open_form("2026-0046", NULL);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    keys_press(desk.pty, "<Enter><Enter><C-s><Enter>");
    pty_resize(desk.pty, 30, 90);
    look_status(desk.pty, "Created");
    look_for(desk.pty, "Invoice created");
    keys_press(desk.pty, "<F10>");
    look_clean_exit(desk.pty, 0);
    ledger_expect(&desk, "created", NULL);
    ledger_expect_invoices(&desk, 1);
}

/* What follows one's own key is meant for what that key opens. */
static void the_next_invoice_is_typed_at_once(void **state)
{
    (void)state;
    open_form("2026-0050", NULL);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    keys_press(desk.pty, "n2026-0051<Tab><Tab><Tab><Tab>ap@northwind.example<Tab>Northwind<Tab>Tea"
                         "<Tab>2<Tab>1.25<Enter>");
    look_row(desk.pty, "Invoice created", "inv_1002");
    look_for(desk.pty, "2026-0051");
    look_row(desk.pty, "Total", "2.50");
    ledger_expect_invoices(&desk, 2);
}

static void the_locked_form_is_dim(void **state)
{
    (void)state;
    open_form("2026-0047", NULL);
    int row, col;
    assert_true(screen_find(desk.pty, "2026-0047", &row, &col));
    assert_false(screen_look_at(desk.pty, row, col).dim);
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_a_second_of(desk.pty, "Saving");
    assert_true(screen_look_at(desk.pty, row, col).dim);
    assert_true(screen_find(desk.pty, "Saving  ", &row, &col)); /* the one line that moves */
    assert_false(screen_look_at(desk.pty, row, col).dim);
    assert_false(screen_look_at(desk.pty, row, col + 8).dim);
    desk_let_go_server(&desk);
    look_status(desk.pty, "Created");
}

/* Resizing and going back to the first size paint the same picture. */
static void resizing_while_saving_keeps_the_picture(void **state)
{
    (void)state;
    open_form("2026-0048", NULL);
    char *picture = picture_while_saving();
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_for(desk.pty, SAVING);
    pty_resize(desk.pty, 43, 132);
    look_status(desk.pty, "Saving");
    look_for(desk.pty, "2026-0048");
    pty_resize(desk.pty, 24, 80);
    look_screen(desk.pty, picture);
    free(picture);
    desk_let_go_server(&desk);
    look_status(desk.pty, "Created");
    ledger_expect_one(&desk, "2026-0048");
}

static void paste_never_submits(void **state)
{
    (void)state;
    open_form("2026-0049", NULL);
    pty_paste(desk.pty, "a\nb\nc\n");
    look_field(desk.pty, "Number", "2026-0049a b c");
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<C-q>");
    look_clean_exit(desk.pty, 0);
    ledger_expect_invoices(&desk, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_OPENING_TEST(one_press_makes_one_invoice),
        DESK_OPENING_TEST(five_presses_make_one_invoice),
        DESK_OPENING_TEST(typing_ahead_makes_one_invoice),
        DESK_OPENING_TEST(what_was_queued_never_acts_on_the_answer),
        DESK_OPENING_TEST(the_button_and_control_s_submit_too),
        DESK_OPENING_TEST(enter_on_the_record_does_nothing),
        DESK_OPENING_TEST(the_next_invoice_is_typed_at_once),
        DESK_OPENING_TEST(the_locked_form_is_dim),
        DESK_OPENING_TEST(resizing_while_saving_keeps_the_picture),
        DESK_OPENING_TEST(paste_never_submits),
    };
    return cmocka_run_group_tests_name("submit", tests, NULL, NULL);
}
