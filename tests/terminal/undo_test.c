/* One step back from everything that is typed, wherever it was, and forward again. */
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct desk desk;

static void a_step_leads_to_where_the_change_was(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){0});
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "2026-0701<Tab><Tab>+30<Tab><Tab>ap@northwind.example<Tab>Northwind");
    look_field(desk.pty, "Customer name", "Northwind");
    keys_press(desk.pty, "<Down><Down><Down>");
    keys_press(desk.pty, "<C-_>");
    look_focus(desk.pty, "Customer name");
    look_field(desk.pty, "Customer name", "");
    keys_press(desk.pty, "<M-r>");
    look_focus(desk.pty, "Customer e-mail");
    look_field(desk.pty, "Customer e-mail", "");
    keys_press(desk.pty, "<C-_><C-_>");
    look_focus(desk.pty, "Due date");
    keys_press(desk.pty, "<C-_>");
    look_focus(desk.pty, "Number");
    look_field(desk.pty, "Number", "");
    keys_press(desk.pty, "<C-_>");
    look_row(desk.pty, "Editing", "there is nothing to undo");
    keys_press(desk.pty, "<C-^><M-e><M-e><C-^><C-^>");
    look_focus(desk.pty, "Customer name");
    look_field(desk.pty, "Customer name", "Northwind");
    look_field(desk.pty, "Customer e-mail", "ap@northwind.example");
    look_field(desk.pty, "Number", "2026-0701");
    keys_press(desk.pty, "<C-^>");
    look_row(desk.pty, "Editing", "there is nothing to redo");
    desk_leave(&desk);
}

/* What a file or a form before has filled in was typed by nobody here. */
static void an_untouched_field_is_not_emptied(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0702", NULL, &(struct desk_options){0});
    keys_press(desk.pty, "<C-_><Tab><C-_><Tab><C-_><Tab><C-_><Tab><C-_><Tab><C-_><Tab><C-_><Tab>"
                         "<C-_><Tab><C-_><Tab><C-_><C-_>");
    look_row(desk.pty, "Editing", "there is nothing to undo");
    look_field(desk.pty, "Number", "2026-0702");
    look_row(desk.pty, "Customer e-mail", "ap@northwind.example");
    look_row(desk.pty, "Consulting", "180.00");
    look_row(desk.pty, "Total", "217.80");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    ledger_expect_one(&desk, "2026-0702");
}

static void lines_come_and_go(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0703", NULL, &(struct desk_options){0});
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab><Tab><C-t>");
    look_row(desk.pty, "Total", "435.60");
    keys_press(desk.pty, "<C-x><M-x><F2>Cups<Tab>1<Tab>10.00<Tab>0");
    look_row(desk.pty, "Total", "10.00");
    keys_press(desk.pty, "<M-i><Up><Up><Up><Up>");
    look_focus(desk.pty, "Currency");
    keys_press(desk.pty, "<C-_>"); /* the line above */
    keys_press(desk.pty, "<C-_><C-_><C-_><C-_>");
    look_gone(desk.pty, "Cups");
    keys_press(desk.pty, "<C-_><C-_>"); /* the new line, and the only one's end */
    look_row(desk.pty, "Total", "217.80");
    keys_press(desk.pty, "<C-_>");
    look_row(desk.pty, "Total", "435.60");
    keys_press(desk.pty, "<C-_>");
    look_row(desk.pty, "Total", "217.80");
    keys_press(desk.pty, "<C-^><C-^><C-^>");
    look_gone(desk.pty, "Consulting");
    keys_press(desk.pty, "<M-r>");
    look_row(desk.pty, "Total", "217.80");
    desk_leave(&desk);
}

static void a_paste_and_what_was_taken_up_are_one_step(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0704", NULL);
    keys_press(desk.pty, "n");
    look_field(desk.pty, "Number", "2026-0705");
    pty_paste(desk.pty, "P-1");
    look_field(desk.pty, "Number", "P-1");
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab>ap@nor");
    look_row(desk.pty, "ap@northwind.example", "Northwind Ltd");
    keys_press(desk.pty, "<C-y>");
    look_field(desk.pty, "Customer name", "Northwind Ltd");
    keys_press(desk.pty, "<Up><C-_>");
    look_focus(desk.pty, "Customer e-mail");
    look_field(desk.pty, "Customer name", "");
    keys_press(desk.pty, "<C-_>");
    look_field(desk.pty, "Customer e-mail", "");
    keys_press(desk.pty, "<C-_>");
    look_field(desk.pty, "Number", "2026-0705");
    /* The one before was created: there is no step back to it. */
    keys_press(desk.pty, "<C-_>");
    look_row(desk.pty, "Editing", "there is nothing to undo");
    look_field(desk.pty, "Number", "2026-0705");
    desk_leave(&desk);
}

/* N on the conflict: what was typed comes back whole. */
static void a_conflict_that_was_left_comes_back(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0706", NULL);
    desk_start_filled(&desk, "2026-0706", "{\"notes\":\"typed by the second\"}",
                      &(struct desk_options){0});
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab><C-u>North<Enter>");
    look_status(desk.pty, "Conflict");
    keys_press(desk.pty, "n");
    look_row(desk.pty, "Editing", "thrown away; Ctrl-_ takes it back");
    look_gone(desk.pty, "typed by the second");
    keys_press(desk.pty, "Tea<C-_>");
    look_row(desk.pty, "Customer name", "_");
    keys_press(desk.pty, "<C-_>");
    look_field(desk.pty, "Number", "2026-0706");
    look_field(desk.pty, "Notes", "typed by the second");
    look_field(desk.pty, "Customer name", "North");
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "<C-^>");
    look_gone(desk.pty, "typed by the second");
    keys_press(desk.pty, "<C-_><C-a><C-k>2026-0707<Enter>");
    look_status(desk.pty, "Created");
    ledger_expect_invoices(&desk, 2);
    desk_leave(&desk);
}

static void a_search_is_taken_back_too(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0708", NULL, &(struct desk_options){0});
    keys_press(desk.pty, "<F3>north<C-u>south");
    look_for(desk.pty, "south");
    keys_press(desk.pty, "<C-_>");
    look_gone(desk.pty, "south");
    keys_press(desk.pty, "<C-_>");
    look_for(desk.pty, "north_");
    keys_press(desk.pty, "<C-^><M-e>");
    look_for(desk.pty, "south");
    keys_press(desk.pty, "<Esc><F12>");
    look_field(desk.pty, "Number", "2026-0708");
    desk_leave(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_step_leads_to_where_the_change_was),
        DESK_TEST(an_untouched_field_is_not_emptied),
        DESK_TEST(lines_come_and_go),
        DESK_TEST(a_paste_and_what_was_taken_up_are_one_step),
        DESK_TEST(a_conflict_that_was_left_comes_back),
        DESK_TEST(a_search_is_taken_back_too),
    };
    return cmocka_run_group_tests_name("undo", tests, NULL, NULL);
}
