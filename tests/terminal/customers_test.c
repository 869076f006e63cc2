/* Customers that the server knows are completed while their e-mail is typed; no key waits. */
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

/* Two customers are known. */
static int open_desk(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    desk_create(&desk, "2026-0601", NULL);
    desk_create(&desk, "2026-0602",
                "{\"customer\":{\"email\":\"office@south.example\",\"name\":\"South\"}}");
    keys_press(desk.pty, "n");
    look_field(desk.pty, "Number", "2026-0603");
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    return desk_close(&desk) ? 0 : -1;
}

static void one_is_completed_and_named(void **state)
{
    (void)state;
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab>OFF");
    look_row(desk.pty, "OFFice@south.example", "South");
    keys_press(desk.pty, "<C-y>");
    look_field(desk.pty, "Customer e-mail", "office@south.example");
    look_field(desk.pty, "Customer name", "South");
    keys_press(desk.pty, "<Tab><Tab>Tea<Tab>1<Tab>2.50<Enter>");
    look_status(desk.pty, "Created");
    look_row(desk.pty, "South", "office@south.example");
    ledger_expect_invoices(&desk, 3);
}

static void a_whole_address_names_its_customer(void **state)
{
    (void)state;
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab>ap@northwind.example<Tab>");
    look_field(desk.pty, "Customer name", "Northwind Ltd");
    keys_press(desk.pty, "Other");
    look_field(desk.pty, "Customer name", "Other");
    keys_press(desk.pty, "<S-Tab><C-u>office@south.example");
    look_field(desk.pty, "Customer e-mail", "office@south.example");
    keys_press(desk.pty, "<Tab>");
    look_field(desk.pty, "Customer name", "Other");
}

static void a_silent_server_is_not_waited_for(void **state)
{
    (void)state;
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab>office");
    look_field(desk.pty, "Customer e-mail", "office");
    keys_press(desk.pty, "@north.example<Tab>North");
    look_field(desk.pty, "Customer e-mail", "office@north.example");
    look_field(desk.pty, "Customer name", "North");
    desk_let_go_server(&desk);
    keys_press(desk.pty, "<S-Tab>");
    look_field(desk.pty, "Customer name", "North");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_is_completed_and_named, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_whole_address_names_its_customer, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_silent_server_is_not_waited_for, open_desk, close_desk),
    };
    return cmocka_run_group_tests_name("customers", tests, NULL, NULL);
}
