/* Less typing: what was entered before is suggested, taken by a key, and gives way to what is
 * typed; and the keys that a typical invoice of an old customer takes are counted. */
#include "tests/support/rows.h"
#include "tests/support/support.h"
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

static struct desk desk;

#define NORTHWIND                                                                                  \
    "{\"issue_date\":\"2026-10-01\",\"due_date\":\"2026-10-31\",\"customer\":{\"email\":"          \
    "\"ap@northwind.example\",\"name\":\"Northwind Ltd\"},\"lines\":[{\"description\":"            \
    "\"Consulting\",\"quantity\":\"2\",\"unit_price\":\"120.00\",\"tax_rate\":\"21\"},"            \
    "{\"description\":\"Travel costs, Berlin to Hamburg\",\"quantity\":\"1\",\"unit_price\":"      \
    "\"89.00\",\"tax_rate\":\"21\"},{\"description\":\"Hosting, per month\",\"quantity\":\"1\","   \
    "\"unit_price\":\"45.00\",\"tax_rate\":\"21\"}],\"notes\":null}"
#define SOUTH                                                                                      \
    "{\"issue_date\":\"2026-10-02\",\"due_date\":\"2026-10-16\",\"customer\":{\"email\":"          \
    "\"office@south.example\",\"name\":\"South\"},\"lines\":[{\"description\":\"Tea\","            \
    "\"quantity\":\"1\",\"unit_price\":\"2.50\",\"tax_rate\":\"7\"}],\"notes\":null}"

/* South was entered last, Northwind before. */
static int open_desk(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    desk_create(&desk, "2026-0601", NORTHWIND);
    desk_create(&desk, "2026-0602", SOUTH);
    keys_press(desk.pty, "n");
    look_field(desk.pty, "Number", "2026-0603");
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    return desk_close(&desk) ? 0 : -1;
}

/* Keys, each of which a name in angle brackets is one. */
static size_t count_keys(const char *keys)
{
    size_t count = 0;
    for (; *keys; keys++, count++)
        if (*keys == '<') keys = strchr(keys, '>');
    return count;
}

/* All of it typed, as it was before anything was suggested but the number, the day, the currency
 * and the customer. */
#define IN_FULL                                                                                    \
    "<Tab><Tab>+30<Tab><Tab>ap<C-y><Tab><Tab>Consulting<Tab>1.5<Tab>120.00<Tab>21<Tab>"            \
    "Travel costs, Berlin to Hamburg<Tab>1<Tab>89.00<Tab>21<Tab>"                                  \
    "Hosting, per month<Tab>1<Tab>45.00<Tab>21<Enter>"
/* In pieces: what is completed has to be there first. */
static const char *const in_short[] = {"<Tab><Tab><Tab><Tab>ap", "<C-y><Tab><Tab>Co",
                                       "<C-y><Tab>1.5<F2>Tr", "<C-y><Tab>1<F2>Ho",
                                       "<C-y><Tab>1<Enter>"};
static const char *const completions[] = {"@northwind.example", "Consulting", "Travel costs, B",
                                          "Hosting, per month"};

static void half_the_keys_are_enough(void **state)
{
    (void)state;
    size_t keys = 0;
    for (size_t i = 0; i < sizeof in_short / sizeof *in_short; i++) {
        keys += count_keys(in_short[i]);
        keys_press(desk.pty, in_short[i]);
        if (i < sizeof completions / sizeof *completions) look_for(desk.pty, completions[i]);
    }
    look_status(desk.pty, "Created");
    look_row(desk.pty, "2026-0603", "due 2026-12-22");
    look_row(desk.pty, "1  Consulting", "1.5");
    look_row(desk.pty, "2  Travel costs, Berlin to Hamburg", "89.00");
    look_row(desk.pty, "3  Hosting, per month", "45.00");
    look_row(desk.pty, "Total", "379.94");
    ledger_expect_invoices(&desk, 3);
    size_t in_full = count_keys(IN_FULL);
    print_message("%zu keys in place of %zu\n", keys, in_full);
    assert_true(keys * 2 <= in_full);
}

/* The same invoice typed in full: what is suggested is in nobody's way. */
static void what_is_typed_takes_the_place_of_what_is_suggested(void **state)
{
    (void)state;
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab>ap");
    look_for(desk.pty, "@northwind.example");
    keys_press(desk.pty, "<C-y><Tab>");
    look_row(desk.pty, "Due date  2026-12-22", "EUR");
    keys_press(desk.pty, "<S-Tab><S-Tab><S-Tab>+14<Tab>");
    look_row(desk.pty, "Due date  2026-12-06", "EUR");
    keys_press(desk.pty, "<Tab><Tab><Tab>Tea<Tab>3<Tab>2<Tab>9<Tab>");
    look_row(desk.pty, "  9", "6.00");
    keys_press(desk.pty, "Cups<Tab>1<Tab>1<Tab>");
    look_row(desk.pty, "2  Cups", "9");
    keys_press(desk.pty, "7<Enter>");
    look_status(desk.pty, "Created");
    look_row(desk.pty, "2026-0603", "due 2026-12-06");
    look_row(desk.pty, "Tax 9 % of 6.00", "0.54");
    look_row(desk.pty, "Tax 7 % of 1.00", "0.07");
    ledger_expect_invoices(&desk, 3);
}

/* What was taken out doesn't come again, and what was filled in is all there is to it. */
static void days_are_suggested_once(void **state)
{
    (void)state;
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab>ap@northwind.example<Tab>");
    look_row(desk.pty, "Due date  2026-12-22", "EUR");
    keys_press(desk.pty, "<S-Tab><S-Tab><S-Tab><Backspace><C-u><Tab><Tab><Tab><Tab>");
    look_row(desk.pty, "Due date  ____", "EUR");
    desk_start_filled(&desk, "2026-0700", "{\"due_date\":null}", &(struct desk_options){0});
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab><Tab>");
    look_row(desk.pty, "Due date  ____", "EUR");
}

/* A line that holds nothing but a suggested rate is none, and one Tab goes on from it. */
static void a_suggested_rate_makes_no_line(void **state)
{
    (void)state;
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab>a@b.example<Tab>B<Tab>Cups<Tab>1<Tab>10<Tab>9<Tab>");
    look_row(desk.pty, "  2  ___", "9");
    keys_press(desk.pty, "<Tab>Thanks");
    look_field(desk.pty, "Notes", "Thanks");
    keys_press(desk.pty, "<Up><Up><F2>");
    look_row(desk.pty, "  2  ___", "9");
    keys_press(desk.pty, "<Down><Down><Enter>");
    look_status(desk.pty, "Created");
    look_row(desk.pty, "Total", "10.90");
    look_gone(desk.pty, " 2  ");
    ledger_expect_invoices(&desk, 3);
}

/* One after the other, the last one first; the one that is taken is kept, or typed over. */
static void customers_used_last_come_at_a_key(void **state)
{
    (void)state;
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><C-y>");
    look_row(desk.pty, "office@south.example", "South  (1 of 2)");
    look_row(desk.pty, "Enter", "Ctrl-Y Take");
    keys_press(desk.pty, "<C-y>");
    look_row(desk.pty, "ap@northwind.example", "Northwind Ltd  (2 of 2");
    keys_press(desk.pty, "<C-y>");
    look_row(desk.pty, "office@south.example", "(1 of 2");
    keys_press(desk.pty, "<Tab>");
    look_field(desk.pty, "Customer e-mail", "office@south.example");
    look_field(desk.pty, "Customer name", "South");
    look_row(desk.pty, "Due date  2026-12-06", "EUR"); /* in a fortnight */
    keys_press(desk.pty, "<S-Tab><C-u>x@y.example<Tab>");
    look_field(desk.pty, "Customer e-mail", "x@y.example");
    look_field(desk.pty, "Customer name", "");
    look_row(desk.pty, "Due date  ____", "EUR");
}

static void customers_are_found_by_their_name(void **state)
{
    (void)state;
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab>nORthw");
    look_row(desk.pty, "nORthw", "ap@northwind.example  Northwind Ltd");
    look_row(desk.pty, "Enter", "Ctrl-Y Take");
    keys_press(desk.pty, "<C-y>");
    look_field(desk.pty, "Customer e-mail", "ap@northwind.example");
    look_field(desk.pty, "Customer name", "Northwind Ltd");
}

/* What stood beside a text comes along into what is empty, and goes with an undo. */
static void a_text_brings_its_price_and_rate(void **state)
{
    (void)state;
    keys_press(desk.pty, "<F2>tra");
    look_row(desk.pty, "1  travel costs, Berlin to Hamburg", " ");
    look_row(desk.pty, "Enter", "Ctrl-Y Take");
    keys_press(desk.pty, "<C-y>");
    look_row(desk.pty, "1  Travel costs, Berlin to Hamburg", "89.00");
    keys_press(desk.pty, "<C-_>");
    look_gone(desk.pty, "89.00");
    keys_press(desk.pty, "<C-^>");
    look_row(desk.pty, "1  Travel costs, Berlin to Hamburg", "89.00");
    keys_press(desk.pty, "<C-x><Tab><Tab>77<S-Tab><S-Tab>Tea");
    keys_press(desk.pty, "<Backspace>");
    look_row(desk.pty, "1  Tea", "77");
    keys_press(desk.pty, "<C-y>");
    look_row(desk.pty, "1  Tea", "77"); /* typed: it stays */
    look_row(desk.pty, "77", "____7");
}

#define TRAVEL_IN_DOLLARS                                                                          \
    "{\"currency\":\"USD\",\"lines\":[{\"description\":\"Travel costs, Berlin to Hamburg\","       \
    "\"quantity\":\"1\",\"unit_price\":\"95.00\",\"tax_rate\":\"9\"}]}"

/* 89 euros are not 89 yen. */
static void a_price_comes_in_its_own_currency(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0604", TRAVEL_IN_DOLLARS);
    keys_press(desk.pty, "n<Tab><Tab><Tab><C-u>EUR<F2>tra<C-y>");
    look_row(desk.pty, "1  Travel costs, Berlin to Hamburg", "89.00");
    keys_press(desk.pty, "<C-_><S-Tab><S-Tab><S-Tab><C-u>JPY<Tab><Tab><Tab>");
    look_gone(desk.pty, "89.00");
    keys_press(desk.pty, "<C-y>");
    look_row(desk.pty, "1  Travel costs, Berlin to Hamburg", "__________  ____9");
    look_gone(desk.pty, "95.00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(half_the_keys_are_enough, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(what_is_typed_takes_the_place_of_what_is_suggested,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(days_are_suggested_once, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_suggested_rate_makes_no_line, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(customers_used_last_come_at_a_key, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(customers_are_found_by_their_name, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_text_brings_its_price_and_rate, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_price_comes_in_its_own_currency, open_desk, close_desk),
    };
    return cmocka_run_group_tests_name("suggestions", tests, NULL, NULL);
}
