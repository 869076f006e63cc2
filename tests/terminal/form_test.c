/* The form as an operator types into it: fields, moves, totals, errors, texts of all widths. */
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

#define CLEAR "<C-a><C-k>" /* a field that may hold something already */

static struct desk desk;

static void open_empty_form(void)
{
    desk_start(&desk, &(struct desk_options){0});
    look_for(desk.pty, "[ Create invoice ]");
    look_status(desk.pty, "Editing");
}

/* One invoice by hand, field after field. */
static void every_field_is_typed(void **state)
{
    (void)state;
    open_empty_form();
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, CLEAR "2026-0201<Tab>" CLEAR "2026-11-22<Tab>" CLEAR "2026-12-22<Tab>");
    keys_press(desk.pty, CLEAR "EUR<Tab>ap@northwind.example<Tab>Northwind Ltd<Tab>");
    keys_press(desk.pty, "Consulting<Tab>" CLEAR "1.5<Tab>120.00<Tab>" CLEAR "21<Tab>");
    keys_press(desk.pty, "Travel costs<Tab>" CLEAR "1<Tab>89.00<Tab>" CLEAR "19<Tab>");
    keys_press(desk.pty, "<Tab>");
    look_focus(desk.pty, "Notes");
    keys_press(desk.pty, "Thank you");
    look_field(desk.pty, "Number", "2026-0201");
    look_row(desk.pty, "Issue date", "2026-11-22");
    look_row(desk.pty, "Due date", "2026-12-22");
    look_field(desk.pty, "Currency", "EUR");
    look_field(desk.pty, "Customer e-mail", "ap@northwind.example");
    look_field(desk.pty, "Customer name", "Northwind Ltd");
    look_row(desk.pty, "Consulting", "180.00");
    look_row(desk.pty, "Travel costs", "89.00");
    look_field(desk.pty, "Notes", "Thank you");
    look_row(desk.pty, "Net", "269.00");
    look_row(desk.pty, "Total", "323.71");
    keys_press(desk.pty, "<Tab><Enter>");
    look_status(desk.pty, "Created");
    look_row(desk.pty, "Total", "323.71");
    look_for(desk.pty, "Northwind Ltd");
    look_for(desk.pty, "Travel costs");
    ledger_expect_one(&desk, "2026-0201");
}

static void the_fields_follow_one_another(void **state)
{
    (void)state;
    static const char *const order[] = {"Number",   "Issue date",      "Due date",
                                        "Currency", "Customer e-mail", "Customer name"};
    open_empty_form();
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        look_focus(desk.pty, order[i]);
        keys_press(desk.pty, "<Tab>");
    }
    keys_press(desk.pty, "<S-Tab>");
    look_focus(desk.pty, "Customer name");
    keys_press(desk.pty, "<S-Tab><S-Tab><S-Tab><S-Tab><S-Tab>");
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, "<Down>");
    look_focus(desk.pty, "Issue date");
    keys_press(desk.pty, "<Up>");
    look_focus(desk.pty, "Number");
    desk_leave(&desk);
}

/* Tab past the last Tax % opens the next line; past an empty line it goes on to Notes. */
static void lines_open_as_they_are_needed(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0202", NULL, &(struct desk_options){0});
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab><Tab>");
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab>second line<Tab>" CLEAR "2<Tab>10.00");
    look_row(desk.pty, "second line", "20.00");
    keys_press(desk.pty, "<Tab>" CLEAR "0<Tab>");
    keys_press(desk.pty, "<Tab>");
    look_focus(desk.pty, "Notes");
    keys_press(desk.pty, "<F2>third line");
    look_for(desk.pty, "third line");
    desk_leave(&desk);
}

static void totals_follow_the_fingers(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0203", NULL, &(struct desk_options){0});
    look_row(desk.pty, "Total", "217.80");
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab><Tab><Tab>" CLEAR "3");
    look_row(desk.pty, "Consulting", "360.00");
    look_row(desk.pty, "Total", "435.60");
    keys_press(desk.pty, "<Backspace>-2");
    look_row(desk.pty, "Total", "-290.40");
    keys_press(desk.pty, "<Tab><Tab>" CLEAR "0");
    look_row(desk.pty, "Total", "-240.00");
    desk_leave(&desk);
}

static void a_currency_without_cents_has_none(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0204", "{\"currency\":\"JPY\"}", &(struct desk_options){0});
    look_row(desk.pty, "Total", "218");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    look_row(desk.pty, "Total", "218");
    desk_leave(&desk);
}

static void errors_stand_at_their_fields(void **state)
{
    (void)state;
    open_empty_form();
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Rejected");
    look_focus(desk.pty, "Number");
    keys_press(desk.pty, CLEAR "2026-0205<Tab>" CLEAR "2026-02-30<Tab>" CLEAR "<Tab>" CLEAR
                               "EUR<Tab>someone@example.org<Tab><Tab>");
    keys_press(desk.pty, "Tea<Tab>" CLEAR "1<Tab>2.50<Enter>");
    look_status(desk.pty, "Rejected");
    look_focus(desk.pty, "Issue date");
    look_row(desk.pty, "Issue date", "2026-02-30");
    look_row(desk.pty, "Tea", "2.50");
    keys_press(desk.pty, CLEAR "2026-02-28<Enter>");
    look_status(desk.pty, "Created");
    ledger_expect_one(&desk, "2026-0205");
}

static void a_partial_record_fills_what_it_has(void **state)
{
    (void)state;
    static const char partial[] = "{\"customer\":{\"email\":\"ap@northwind.example\"},"
                                  "\"lines\":[{\"description\":\"Consulting\"}]}";
    free(temp_dir_write(desk.home, "partial.json", partial, strlen(partial)));
    desk_start(&desk, &(struct desk_options){
                          .arguments = (const char *const[]){"--prefill", "partial.json", NULL}});
    look_field(desk.pty, "Customer e-mail", "ap@northwind.example");
    look_for(desk.pty, "Consulting");
    look_status(desk.pty, "Editing");
    desk_leave(&desk);
    free(temp_dir_write(desk.home, "bad.json", "{\"number\":7}", 12));
    desk_start(&desk, &(struct desk_options){
                          .arguments = (const char *const[]){"--prefill", "bad.json", NULL}});
    look_for(desk.pty, "/number");
    look_clean_exit(desk.pty, 2);
}

/* `text` so often. The caller's to free. */
static char *times(size_t count, const char *text)
{
    struct support_buffer all = {0};
    for (size_t i = 0; i < count; i++)
        support_append(&all, text, strlen(text));
    return all.bytes;
}

static void expect_refusal(const char *record, const char *pointer)
{
    free(temp_dir_write(desk.home, "bad.json", record, strlen(record)));
    desk_start(&desk, &(struct desk_options){
                          .arguments = (const char *const[]){"--prefill", "bad.json", NULL}});
    look_row(desk.pty, "bad.json", pointer);
    look_clean_exit(desk.pty, 2);
    free(temp_dir_write(desk.home, "bad.json", "", 0));
}

/* What the form would cut or change is refused before it opens. */
static void a_record_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *before, *repeated;
        size_t count;
        const char *after, *pointer;
    } table[] = {
        {"{\"number\":\"", "7", 65, "\"}", "/number: "},
        {"{\"customer\":{\"email\":\"", "a", 250, "@b.example\"}}", "/customer/email: "},
        {"{\"customer\":{\"name\":\"", "\u00e4", 201, "\"}}", "/customer/name: "},
        {"{\"notes\":\"", "n", 2001, "\"}", "/notes: "},
        {"{\"issue_date\":\"", "2026-11-22", 2, "\"}", "/issue_date: "},
        {"{\"currency\":\"", "EUR", 2, "\"}", "/currency: "},
        {"{\"lines\":[{},{\"unit_price\":\"", "1", 40, "\"}]}", "/lines/1/unit_price: "},
        {"{\"lines\":[{\"quantity\":\"1 0\"", "", 0, "}]}", "/lines/0/quantity: "},
        {"{\"lines\":[{\"description\":\"a\\tb\"", "", 0, "}]}", "/lines/0/description: "},
        {"{\"notes\":\"a\\u001b[31mb\"", "", 0, "}", "/notes: "},
        {"{\"external_ref\":{\"source\":\"shop\"}", "", 0, "}", "/external_ref/id: "},
        {"{\"external_ref\":{\"source\":\"shop\",\"id\":\"", "i", 201, "\"}}",
         "/external_ref/id: "},
        {"{\"idempotency_key\":\"k\"", "", 0, "}", "/idempotency_key: "},
        {"{\"state\":\"open\"", "", 0, "}", "/state: "},
        {"{\"lines\":[{\"description\":\"200 are the most\"}", ",{}", 200, "]}", "/lines: "},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char *middle = times(table[i].count, table[i].repeated);
        char *record =
            support_format("%s%s%s", table[i].before, middle != NULL ? middle : "", table[i].after);
        expect_refusal(record, table[i].pointer);
        free(middle);
        free(record);
    }
    static const char capitals[] = "{\"currency\":\"usd\",\"notes\":\"one\\ntwo\"}";
    free(temp_dir_write(desk.home, "good.json", capitals, strlen(capitals)));
    desk_start(&desk, &(struct desk_options){
                          .arguments = (const char *const[]){"--prefill", "good.json", NULL}});
    look_row(desk.pty, "Currency", "USD");
    desk_leave(&desk);
}

static void keys_edit_as_in_readline(void **state)
{
    (void)state;
    static const struct {
        const char *keys, *seen;
    } table[] = {
        {"one two three", "one two three"},
        {"<C-w>", "one two"},
        {"<C-a>zero <End>!", "zero one two !"},
        {"<Home><Del><Del>", "ro one two !"},
        {"<C-e><C-u>fresh", "fresh"},
        {"<Left><Left><C-k>", "fre"},
        {"<Backspace>ed", "fred"},
    };
    open_empty_form();
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab>");
    look_focus(desk.pty, "Customer name");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        keys_press(desk.pty, table[i].keys);
        look_field(desk.pty, "Customer name", table[i].seen);
    }
    desk_leave(&desk);
}

/* A wide character takes two cells, a combining one none; both go by one press of Backspace. */
static void texts_of_all_widths_keep_the_cursor_right(void **state)
{
    (void)state;
    open_empty_form();
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab>");
    look_focus(desk.pty, "Customer name");
    int row, col;
    keys_press(desk.pty, "|");
    look_field(desk.pty, "Customer name", "|");
    assert_true(screen_find(desk.pty, "|", &row, &col));
    keys_press(desk.pty, "<Backspace>");
    keys_press(desk.pty, "\xe5\x92\x96\xe5\x95\xa1 Cafe\xcc\x81");
    look_field(desk.pty, "Customer name", "\xe5\x92\x96\xe5\x95\xa1 Cafe\xcc\x81");
    look_cursor(desk.pty, row, col + 9);
    keys_press(desk.pty, "<Backspace>|");
    look_field(desk.pty, "Customer name", "\xe5\x92\x96\xe5\x95\xa1 Caf|");
    keys_press(desk.pty, "<Home><Del><Right>|");
    look_field(desk.pty, "Customer name", "\xe5\x95\xa1| Caf|");
    look_cursor(desk.pty, row, col + 3);
    desk_leave(&desk);
}

static void such_texts_arrive_as_typed(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0206", NULL, &(struct desk_options){0});
    keys_press(desk.pty, "<Tab><Tab><Tab><Tab><Tab>" CLEAR "\xe5\x92\x96\xe5\x95\xa1 Cafe\xcc\x81");
    look_field(desk.pty, "Customer name", "\xe5\x92\x96\xe5\x95\xa1 Cafe\xcc\x81");
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    look_for(desk.pty, "\xe5\x92\x96\xe5\x95\xa1 Cafe\xcc\x81");
    ledger_expect_one(&desk, "2026-0206");
}

static void a_small_terminal_keeps_what_was_typed(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0207", NULL, &(struct desk_options){0});
    char *picture = desk_picture(&desk);
    pty_resize(desk.pty, 10, 40);
    look_for(desk.pty, "80");
    look_gone(desk.pty, "[ Create invoice ]");
    pty_resize(desk.pty, 1, 1);
    pty_resize(desk.pty, 24, 80);
    look_screen(desk.pty, picture);
    free(picture);
    pty_resize(desk.pty, 43, 132);
    look_for(desk.pty, "[ Create invoice ]");
    look_row(desk.pty, "Total", "217.80");
    desk_leave(&desk);
}

static void help_comes_and_goes(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0208", NULL, &(struct desk_options){0});
    char *picture = desk_picture(&desk);
    keys_press(desk.pty, "<F1>");
    look_for(desk.pty, "Ctrl-S");
    look_gone(desk.pty, "[ Create invoice ]");
    keys_press(desk.pty, "<Esc>");
    look_screen(desk.pty, picture);
    free(picture);
    desk_leave(&desk);
}

static void without_colour_there_is_none(void **state)
{
    (void)state;
    desk_start_filled(
        &desk, "2026-0209", NULL,
        &(struct desk_options){.environment = (const char *const[]){"NO_COLOR=1", NULL}});
    for (int row = 0; row < 24; row++)
        for (int col = 0; col < 80; col++)
            if (!screen_look_at(desk.pty, row, col).plain_colours)
                look_fail(desk.pty, __FILE__, __LINE__, "colour at row %d, column %d", row, col);
    desk_leave(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(every_field_is_typed),
        DESK_TEST(the_fields_follow_one_another),
        DESK_TEST(lines_open_as_they_are_needed),
        DESK_TEST(totals_follow_the_fingers),
        DESK_TEST(a_currency_without_cents_has_none),
        DESK_TEST(errors_stand_at_their_fields),
        DESK_TEST(a_partial_record_fills_what_it_has),
        DESK_TEST(a_record_that_does_not_fit_is_refused),
        DESK_TEST(keys_edit_as_in_readline),
        DESK_TEST(texts_of_all_widths_keep_the_cursor_right),
        DESK_TEST(such_texts_arrive_as_typed),
        DESK_TEST(a_small_terminal_keeps_what_was_typed),
        DESK_TEST(help_comes_and_goes),
        DESK_TEST(without_colour_there_is_none),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
