/* A second resource is its row: the invonce that has orders beside invoices (tests/support/order.c)
 * shows their form, locks it, keeps their key and shows their record by what the row says. */
#include "tests/support/rows.h"
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

#define ORDERS                                                                                     \
    "SELECT count(*) FROM records JOIN collections c ON c.number = place >> 40 "                   \
    "WHERE c.resource = 'order'"
#define BUTTON "[  Create   ]"
#define SAVING "[ Saving... ]"

static struct desk desk;

static void open_orders(const char *const *server_options, const char *plain)
{
    desk_open(&desk, server_options);
    desk_start(&desk, &(struct desk_options){
                          .arguments = (const char *const[]){"--resource", "order", plain, NULL}});
}

static int close_desk(void **state)
{
    (void)state;
    return desk_close(&desk) ? 0 : -1;
}

static void type_order(const char *reference)
{
    look_for(desk.pty, BUTTON);
    look_focus(desk.pty, "Reference");
    keys_press(desk.pty, reference);
    keys_press(desk.pty, "<Tab>ap@northwind.example<Tab>2026-11-22<Tab>Chair<Tab>4<Tab>Lamp<Tab>2");
    look_row(desk.pty, "Lamp", "2");
}

static void an_order_is_made_once_though_its_reply_is_lost(void **state)
{
    (void)state;
    char key[IDEMPOTENCY_KEY_SIZE];
    open_orders((const char *const[]){"--faults-api", "--fault", "drop-response@attempt=1",
                                      "--fault", "delay-before-commit" MOCK_HOLDS "@attempt=2",
                                      NULL},
                NULL);
    type_order("A-17");
    keys_press(desk.pty, "<Enter>");
    look_for(desk.pty, SAVING);
    look_row(desk.pty, "Saving", "trying again with the same key, attempt 2");
    keys_press(desk.pty, "Sofa<Enter><Enter>");
    assert_true(pty_wait_idle(desk.pty));
    look_for(desk.pty, SAVING);
    assert_false(screen_shows(desk.pty, "Sofa"));
    mock_let_go(&desk.mock);
    look_status(desk.pty, "Created");
    look_row(desk.pty, "Created", "ord_");
    look_sentence(desk.pty, "Created - we ignored the duplicate submission and kept your first "
                            "request.");
    look_row(desk.pty, "A-17", "by ana");
    look_row(desk.pty, "E-mail", "ap@northwind.example");
    look_row(desk.pty, "Date", "2026-11-22");
    look_row(desk.pty, "1  Chair", "4");
    look_row(desk.pty, "2  Lamp", "2");
    look_for(desk.pty, "2 attempts");
    ledger_expect(&desk, "created replayed", key);
    look_for(desk.pty, key);
    assert_int_equal(rows_number(desk.mock.store, ORDERS), 1);
    assert_int_equal(desk_invoices(&desk), 0);
}

/* What is wrong stands at its field, in the words of the row. */
static void an_order_is_judged_by_its_row(void **state)
{
    (void)state;
    open_orders(NULL, NULL);
    look_focus(desk.pty, "Reference");
    keys_press(desk.pty, "A-18<Tab>nobody<Tab>t<Tab>Chair<Tab>0<Enter>");
    look_row(desk.pty, "Rejected", "E-mail, line 1 Count");
    look_focus(desk.pty, "E-mail");
    look_for(desk.pty, "The e-mail is not an e-mail address (\"nobody\");");
    keys_press(desk.pty, "<Tab><Tab><Tab>");
    look_for(desk.pty, "The count of line 1 is not above zero; leave the line out.");
    assert_int_equal(rows_number(desk.mock.store, ORDERS), 0);
}

static void a_taken_reference_is_told_in_its_own_words(void **state)
{
    (void)state;
    open_orders(NULL, NULL);
    type_order("A-19");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    keys_press(desk.pty, "n");
    type_order("a-19");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    look_for(desk.pty, "This order is there already. We kept the first one.");
    look_row(desk.pty, "Reference", "A-19");
    look_row(desk.pty, "Items", "2 lines");
    look_sentence(desk.pty,
                  "Nothing that you typed is lost: change the reference if this is another order.");
    keys_press(desk.pty, "<Esc>");
    look_focus(desk.pty, "Reference");
    assert_int_equal(rows_number(desk.mock.store, ORDERS), 1);
}

static void an_order_can_be_asked_for_line_by_line(void **state)
{
    (void)state;
    static const char *const ANSWERS[][2] = {
        {"Reference:", "A-20"},      {"E-mail:", "ap@northwind.example"},
        {"Date:", "2026-11-22"},     {"Line 1, Item:", "Chair"},
        {"Line 1, Count:", "4"},     {"Line 2, Item (empty ends the lines):", ""},
        {"Create this? [y/N]", "y"},
    };
    open_orders((const char *const[]){"--fault", "drop-response@attempt=1", NULL}, "--plain");
    for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++) {
        look_for(desk.pty, ANSWERS[i][0]);
        keys_press(desk.pty, ANSWERS[i][1]);
        keys_press(desk.pty, "<Enter>");
    }
    look_for(desk.pty, "Created: ord_");
    look_for(desk.pty, "Reference: A-20");
    look_for(desk.pty, "Line 1: Chair, 4");
    look_for(desk.pty, "2 attempts, 1 record");
    ledger_expect(&desk, "created replayed", NULL);
    assert_int_equal(rows_number(desk.mock.store, ORDERS), 1);
}

/* A draft is of what was being typed: no invoice is offered an order's. */
static void a_draft_is_offered_where_it_belongs(void **state)
{
    (void)state;
    const struct desk_options invoices = {0};
    open_orders(NULL, NULL);
    type_order("A-21");
    look_row(desk.pty, "Editing", "draft kept");
    keys_press(desk.pty, "<F10>");
    look_clean_exit(desk.pty, 0);
    desk_start(&desk, &invoices);
    look_focus(desk.pty, "Number");
    desk_start(&desk, &(struct desk_options){
                          .arguments = (const char *const[]){"--resource", "order", NULL}});
    look_for(desk.pty, "A draft was kept");
    look_row(desk.pty, "Reference", "A-21");
    look_row(desk.pty, "Items", "2");
}

static void the_choice_is_offered_where_there_is_one(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    desk_start(&desk, &(struct desk_options){.arguments = (const char *const[]){"--help", NULL},
                                             .rows = 200});
    look_for(desk.pty, "--resource NAME");
    desk_start(&desk, &(struct desk_options){
                          .arguments = (const char *const[]){"--resource", "offer", NULL}});
    look_for(desk.pty, "invonce: there is no such resource: offer");
    look_clean_exit(desk.pty, 2);
}

#define ORDER_TEST(function) cmocka_unit_test_teardown(function, close_desk)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ORDER_TEST(an_order_is_made_once_though_its_reply_is_lost),
        ORDER_TEST(an_order_is_judged_by_its_row),
        ORDER_TEST(a_taken_reference_is_told_in_its_own_words),
        ORDER_TEST(an_order_can_be_asked_for_line_by_line),
        ORDER_TEST(a_draft_is_offered_where_it_belongs),
        ORDER_TEST(the_choice_is_offered_where_there_is_one),
    };
    desk_use_orders();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
