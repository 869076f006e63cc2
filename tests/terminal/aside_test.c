/* The views that are looked into by the way: recent invoices and the outbox, in one window and in
 * two. Nothing in them sends the form, or loses it. */
#include "tests/support/http.h"
#include "tests/support/sample.h"
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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct desk desk;
static struct desk other; /* a second window at the same desk */

static int open_desk(void **state)
{
    (void)state;
    desk_open(&desk, NULL);
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    pty_free(other.pty);
    other = (struct desk){0};
    return desk_close(&desk) ? 0 : -1;
}

static void recent_invoices_are_found_and_opened(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0401",
                "{\"customer\":{\"email\":\"a@south.example\",\"name\":\"South\"}}");
    desk_create(&desk, "2026-0402", NULL);
    desk_start_filled(&desk, "2026-0403", NULL, &(struct desk_options){0});
    char *picture = desk_picture(&desk);
    keys_press(desk.pty, "<F3>");
    look_for(desk.pty, "Recent invoices");
    look_row(desk.pty, "2026-0401", "217.80 EUR");
    look_row(desk.pty, "> 2026-0402", "Northwind");
    keys_press(desk.pty, "<Down>");
    look_row(desk.pty, "> 2026-0401", "South");
    keys_press(desk.pty, "NORTH");
    look_gone(desk.pty, "2026-0401");
    keys_press(desk.pty, "<C-u>a@south.example");
    look_row(desk.pty, "> 2026-0401", "South");
    look_gone(desk.pty, "2026-0402");
    keys_press(desk.pty, "<Enter>");
    look_row(desk.pty, "Invoice", "inv_");
    look_for(desk.pty, "Consulting");
    keys_press(desk.pty, "<Enter><C-s>n<Esc>");
    look_for(desk.pty, "Recent invoices");
    keys_press(desk.pty, "<C-u>nothing of that name");
    look_sentence(desk.pty, "Nothing like that among the newest, nor among the others.");
    keys_press(desk.pty, "<Enter><Esc>");
    look_screen(desk.pty, picture);
    look_status(desk.pty, "Editing");
    free(picture);
    ledger_expect_invoices(&desk, 2);
}

static void a_record_view_stays_a_record_view(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0411", NULL);
    keys_press(desk.pty, "<F3>");
    look_row(desk.pty, "> 2026-0411", "217.80 EUR");
    keys_press(desk.pty, "<Esc>");
    look_status(desk.pty, "Created");
    look_for(desk.pty, "Invoice created");
    keys_press(desk.pty, "<F4>");
    look_sentence(desk.pty, "Everything is settled");
    keys_press(desk.pty, "<Esc><Esc><Esc>");
    look_for(desk.pty, "Invoice created");
    ledger_expect_one(&desk, "2026-0411");
}

/* No answer keeps the list from the screen, but no key waits for it. */
static void a_silent_server_blocks_no_key(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0421", NULL,
                      &(struct desk_options){.environment = desk_impatient});
    desk_hold_server(&desk);
    keys_press(desk.pty, "<F3>");
    look_for(desk.pty, "Asking the server...");
    keys_press(desk.pty, "abc");
    look_field(desk.pty, "Search", "abc");
    look_gone(desk.pty, "Asking the server...");
    keys_press(desk.pty, "<Esc>");
    look_field(desk.pty, "Number", "2026-0421");
    desk_let_go_server(&desk);
}

static void the_outbox_shows_what_waits_and_sends_it(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0431", NULL,
                      &(struct desk_options){.environment = desk_impatient});
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Unconfirmed");
    keys_press(desk.pty, "k");
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<F4>");
    look_row(desk.pty, "Number", "Attempts");
    look_for(desk.pty, "2026-0431");
    look_row(desk.pty, "2026-0431", "waiting for confirmation");
    desk_let_go_server(&desk);
    keys_press(desk.pty, "r");
    look_sentence(desk.pty, "Everything is settled");
    look_for(desk.pty, "2026-0431 from before is saved");
    ledger_expect_invoices(&desk, 1);
    assert_int_equal(desk_keys(&desk), 1);
}

static void another_window_sees_it_and_is_told(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0441", NULL, &(struct desk_options){0});
    other = (struct desk){.mock = desk.mock};
    for (size_t i = 0; i < sizeof other.home; i++)
        other.home[i] = desk.home[i];
    desk_start_filled(&other, "2026-0441", NULL, &(struct desk_options){0});
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Saving");
    keys_press(other.pty, "<F4>");
    look_row(other.pty, "2026-0441", "in another window");
    keys_press(other.pty, "<Esc>");
    look_gone(other.pty, "in another window");
    /* Its number is caught before anything is submitted. */
    keys_press(other.pty, "<End>x<Backspace>");
    look_row(other.pty, "Unconfirmed", "waiting for confirmation: F4 shows the outbox");
    look_sentence(other.pty, "no answer yet. See the outbox (F4).");
    keys_press(other.pty, "<Tab>");
    look_focus(other.pty, "Issue date");
    keys_press(other.pty, "<Enter>");
    look_focus(other.pty, "Number"); /* pressed, it is as unconfirmed as it was */
    look_row(other.pty, "Unconfirmed", "waiting for confirmation: F4 shows the outbox");
    look_sentence(other.pty, "2026-0441 is waiting for confirmation");
    keys_press(other.pty, "<F4>");
    look_row(other.pty, "2026-0441", "in another window");
    desk_let_go_server(&desk);
    look_status(desk.pty, "Created");
    look_sentence(other.pty, "Everything is settled");
    look_for(other.pty, "2026-0441 was created in another window");
    keys_press(other.pty, "<Esc>");
    look_gone(other.pty,
              "waiting"); /* it isn't held any more: the server will say that it is taken */
    ledger_expect_one(&desk, "2026-0441");
}

/* From a conflict and from what is unconfirmed one can look, and comes back to it. */
static void asides_open_over_what_came_about(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0451", NULL);
    desk_start_filled(&desk, "2026-0451", NULL,
                      &(struct desk_options){.environment = desk_impatient});
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Conflict");
    keys_press(desk.pty, "<F3>");
    look_row(desk.pty, "> 2026-0451", "217.80 EUR");
    keys_press(desk.pty, "<F4>");
    look_sentence(desk.pty, "Everything is settled");
    keys_press(desk.pty, "<Esc>");
    look_for(desk.pty, "Not created");
    keys_press(desk.pty, "<Esc>");
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "<C-u>2026-0452");
    desk_hold_server(&desk);
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Unconfirmed");
    keys_press(desk.pty, "<F4>");
    look_row(desk.pty, "2026-0452", "waiting for confirmation");
    keys_press(desk.pty, "<Esc>");
    look_for(desk.pty, "may or may not exist");
    desk_let_go_server(&desk);
    keys_press(desk.pty, "<F4>");
    look_row(desk.pty, "2026-0452", "waiting for confirmation");
    keys_press(desk.pty, "r");
    look_status(desk.pty, "Created");
    look_for(desk.pty, "2026-0452");
    ledger_expect_invoices(&desk, 2);
    assert_int_equal(desk_keys(&desk), 3); /* the conflict's too */
}

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

static void post_pages(int records)
{
    for (int i = 1; i <= records; i++) {
        char *number = support_format("P-%03d", i);
        post(number);
        free(number);
    }
}

static void scroll(int pages)
{
    for (int page = 0; page < pages; page++)
        keys_press(desk.pty, "<PageDown>");
}

/* The list goes on past what the server gives at once. */
static void recent_goes_on_by_scrolling(void **state)
{
    (void)state;
    post_pages(205);
    desk_start(&desk, &(struct desk_options){0});
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<F3>");
    look_row(desk.pty, "> P-205", "217.80 EUR");
    look_for(desk.pty, "the newest 100");
    scroll(9);
    look_for(desk.pty, "> P-106");
    look_for(desk.pty, "the newest 200");
    scroll(10);
    look_for(desk.pty, "> P-006");
    look_gone(desk.pty, "the newest");
    scroll(1);
    look_for(desk.pty, "> P-001");
    keys_press(desk.pty, "p-00");
    look_for(desk.pty, "> P-009");
    look_for(desk.pty, "P-001");
}

/* It is a difference as well, of which the server knows nothing. */
static void a_whole_number_is_found_behind_the_newest(void **state)
{
    (void)state;
    post("2026-0001");
    post_pages(100);
    desk_start(&desk, &(struct desk_options){0});
    look_status(desk.pty, "Editing");
    keys_press(desk.pty, "<F3>");
    look_for(desk.pty, "the newest 100");
    desk_hold_server(&desk);
    keys_press(desk.pty, "p-");
    look_gone(desk.pty, "the newest 100");
    look_row(desk.pty, "Sum of these 100, more to come", "21,780.00 EUR"); /* who knows */
    desk_let_go_server(&desk);
    keys_press(desk.pty, "<C-u>2026-0001");
    look_row(desk.pty, "> 2026-0001", "217.80 EUR");
    look_row(desk.pty, "Sum of these 1", "217.80 EUR");
}

/* What is searched for is found wherever a record says it, on whatever page; what is listed is put
 * in order, and summed up. */
static void recent_is_searched_sorted_and_summed(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0461",
                "{\"issue_date\":\"2026-11-20\",\"due_date\":null,\"notes\":\"Ordem de Lúcia\","
                "\"customer\":{\"email\":\"a@south.example\",\"name\":\"South\"}}");
    desk_create(&desk, "2026-0463",
                "{\"issue_date\":\"2026-11-01\",\"due_date\":null,\"lines\":[{\"description\":"
                "\"Rent\",\"quantity\":\"1\",\"unit_price\":\"12345.60\",\"tax_rate\":\"0\"}]}");
    desk_create(&desk, "2026-0462", "{\"currency\":\"USD\"}");
    keys_press(desk.pty, "<F3>");
    look_row(desk.pty, "> 2026-0462", "217.80 USD");
    look_row(desk.pty, "Sum of these 3", "217.80 USD");
    look_for(desk.pty, "12,563.40 EUR");
    keys_press(desk.pty, "LÚCIA");
    look_row(desk.pty, "> 2026-0461", "South");
    look_gone(desk.pty, "2026-0462");
    look_row(desk.pty, "Sum of these 1", "217.80 EUR");
    keys_press(desk.pty, "<C-u>12,345.60");
    look_row(desk.pty, "> 2026-0463", "12,345.60 EUR");
    look_gone(desk.pty, "2026-0461");
    keys_press(desk.pty, "<C-u>0020"); /* no 20, which all numbers have */
    look_sentence(desk.pty, "Nothing like that among the newest, nor among the others.");
    keys_press(desk.pty, "<C-u><C-t>");
    look_row(desk.pty, "Recent invoices", "by date");
    look_row(desk.pty, "> 2026-0462", "USD");
    keys_press(desk.pty, "<Down><Down>");
    look_row(desk.pty, "> 2026-0463", "12,345.60");
    keys_press(desk.pty, "<C-t>");
    look_row(desk.pty, "Recent invoices", "by number");
    look_row(desk.pty, "> 2026-0463", "12,345.60");
    keys_press(desk.pty, "<C-t>");
    look_row(desk.pty, "Recent invoices", "newest first");
    int row, column;
    keys_press(desk.pty, "<Down>");
    look_row(desk.pty, "> 2026-0463", "12,345.60");
    assert_true(pty_wait_idle(desk.pty));
    pty_cursor(desk.pty, &row, &column);
    char *selected = screen_row(desk.pty, row);
    assert_non_null(strstr(selected, "> 2026-0463")); /* where a braille display looks */
    free(selected);
    ledger_expect_invoices(&desk, 3);
}

/* For its owner's eyes alone. */
static void expect_page(const char *name, const char *says)
{
    char text[4096];
    struct stat is;
    char *path = support_format("%s/%s", desk.home, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &is), 0);
    assert_int_equal(is.st_mode & 07777, 0600);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    assert_non_null(strstr(text, says));
    fclose(file);
    free(path);
}

/* The notes, the tax of each rate, and the page that is printed. */
static void a_record_is_shown_whole(void **state)
{
    (void)state;
    desk_create(&desk, "2026-0471",
                "{\"notes\":\"Pay to the new account.\",\"lines\":[{\"description\":\"Rent\","
                "\"quantity\":\"1\",\"unit_price\":\"100000.00\",\"tax_rate\":\"21\"},"
                "{\"description\":\"Tea\",\"quantity\":\"1\",\"unit_price\":\"10.00\","
                "\"tax_rate\":\"7.5\"}]}");
    look_row(desk.pty, "Notes", "Pay to the new account.");
    look_row(desk.pty, "Tax 21", "21,000.00");
    look_row(desk.pty, "7.5 % of", "0.75");
    look_row(desk.pty, "Total  EUR", "121,010.75");
    keys_press(desk.pty, "p");
    look_row(desk.pty, "Created", "the page was given to the pager");
    size_t length;
    const char *raw = pty_raw(desk.pty, &length);
    assert_non_null(strstr(raw, "Invoice 2026-0471")); /* cat, as the pager */
    keys_press(desk.pty, "w");
    look_row(desk.pty, "Created", "the page is in 2026-0471.txt");
    keys_press(desk.pty, "w");
    look_row(desk.pty, "Created", "the page is in 2026-0471-2.txt"); /* none is written over */
    expect_page("2026-0471.txt", "Invoice 2026-0471");
    expect_page("2026-0471-2.txt", "121,010.75");
    ledger_expect_one(&desk, "2026-0471");
}

/* Whatever an invoice is called: its page is beside the others, and in sight. */
static void a_page_is_written_here_alone(void **state)
{
    (void)state;
    desk_create(&desk, "../.x/y", NULL);
    keys_press(desk.pty, "w");
    look_row(desk.pty, "Created", "the page is in _._.x_y.txt");
    expect_page("_._.x_y.txt", "Invoice ../.x/y");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(recent_invoices_are_found_and_opened, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(a_record_view_stays_a_record_view, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_silent_server_blocks_no_key, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(the_outbox_shows_what_waits_and_sends_it, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(another_window_sees_it_and_is_told, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(asides_open_over_what_came_about, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(recent_goes_on_by_scrolling, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_whole_number_is_found_behind_the_newest, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(recent_is_searched_sorted_and_summed, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(a_record_is_shown_whole, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_page_is_written_here_alone, open_desk, close_desk),
    };
    return cmocka_run_group_tests_name("aside", tests, NULL, NULL);
}
