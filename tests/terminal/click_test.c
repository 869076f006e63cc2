/* A click goes where it points: to a field, a cell of a line, a place in its text. */
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

#include <cmocka.h>

static struct desk desk;

static void click(const char *on, int columns)
{
    int row, col;
    assert_true(screen_find(desk.pty, on, &row, &col));
    pty_click(desk.pty, row, col + columns);
    look_cursor(desk.pty, row, col + columns);
}

static void it_goes_where_it_points(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0042", NULL, &(struct desk_options){0});
    click("Northwind Ltd", 5);
    keys_press(desk.pty, "-");
    look_field(desk.pty, "Customer name", "North-wind Ltd");
    click("Consulting", 0);
    keys_press(desk.pty, "<C-k>Travel");
    look_row(desk.pty, "1  Travel", "180.00");
    click("120.00", 0);
    keys_press(desk.pty, "2");
    look_row(desk.pty, "1  Travel", "3180.00");
    ledger_expect_invoices(&desk, 0);
}

static void where_nothing_is_it_does_nothing(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0042", NULL, &(struct desk_options){0});
    click("Northwind Ltd", 2);
    int row, col;
    assert_true(screen_find(desk.pty, "Northwind Ltd", &row, &col));
    char *before = desk_picture(&desk);
    pty_click(desk.pty, row - 2, 3);  /* a label */
    pty_click(desk.pty, row + 5, 30); /* below the only line */
    assert_true(pty_wait_idle(desk.pty));
    look_cursor(desk.pty, row, col + 2);
    look_screen(desk.pty, before);
    free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(it_goes_where_it_points),
        DESK_TEST(where_nothing_is_it_does_nothing),
    };
    return cmocka_run_group_tests_name("click", tests, NULL, NULL);
}
