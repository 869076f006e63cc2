/* Figures stand on their decimal points, nothing touches the border of the audit, and no sentence
 * of ours is cut at 80 columns. */
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
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

/* Where the decimal point of that amount stands, on the only row with `words`. */
static size_t point_of(const char *words, const char *amount)
{
    look_row(desk.pty, words, amount);
    int rows, cols;
    pty_size(desk.pty, &rows, &cols);
    for (int i = 0; i < rows; i++) {
        char *row = screen_row(desk.pty, i);
        const char *at = strstr(row, words) != NULL ? strstr(strstr(row, words), amount) : NULL;
        size_t place = at != NULL ? (size_t)(at - row) + strcspn(amount, ". ") : 0;
        free(row);
        if (at != NULL) return place;
    }
    look_fail(desk.pty, __FILE__, __LINE__, "%s has no %s", words, amount);
}

#define LINES                                                                                      \
    "\"lines\":[{\"description\":\"Tea\",\"quantity\":\"1.5\",\"unit_price\":\"120.00\","          \
    "\"tax_rate\":\"21\"},{\"description\":\"Milk\",\"quantity\":\"100\",\"unit_price\":"          \
    "\"1234.5678\",\"tax_rate\":\"7.5\"}]"

static void expect_lines(const char *net_of_tea, const char *net_of_milk, const char *net)
{
    assert_int_equal(point_of("Tea", "1.5"), point_of("Milk", "100 "));
    assert_int_equal(point_of("Tea", "120.00"), point_of("Milk", "1234.5678"));
    assert_int_equal(point_of("Tea", "21 "), point_of("Milk", "7.5"));
    assert_int_equal(point_of("Tea", net_of_tea), point_of("Milk", net_of_milk));
    assert_int_equal(point_of("Net ", net), point_of("Milk", net_of_milk));
}

static void amounts_stand_on_their_points(void **state)
{
    (void)state;
    desk_start_filled(&desk, "2026-0601", "{" LINES "}", &(struct desk_options){0});
    expect_lines("180.00", "123456.78", "123636.78");
    assert_int_equal(point_of("Tax 21 ", "180.00"), point_of("7.5 % of", "123456.78"));
    assert_int_equal(point_of("Tax 21 ", "37.80"), point_of("7.5 % of", "9259.26"));
    keys_press(desk.pty, "<Enter>");
    look_status(desk.pty, "Created");
    expect_lines("180.00", "123,456.78", "123,636.78");
    desk_create(&desk, "2026-0602", "{\"currency\":\"KWD\"," LINES "}");
    desk_create(&desk, "2026-0603", "{\"currency\":\"JPY\"," LINES "}");
    expect_lines("180", "123,457", "123,637");
    look_row(desk.pty, "Tax  7.5 % of 123,457", "9259");
    keys_press(desk.pty, "<F3>");
    size_t point = point_of("2026-0601", "132,933.84");
    assert_int_equal(point_of("2026-0602", "132,933.839"), point);
    assert_int_equal(point_of("2026-0603", "132,934 "), point);
    assert_int_equal(point_of("2026-0603", "JPY"), point_of("2026-0602", "KWD"));
}

static void nothing_touches_the_border(void **state)
{
    (void)state;
    desk_start(&desk, &(struct desk_options){.arguments = (const char *const[]){"demo", NULL},
                                             .rows = 24,
                                             .cols = 132});
    look_for(desk.pty, "What the server saw");
    look_row(desk.pty, "Invonce", "demo / operator");
    keys_press(desk.pty, "<C-u>2026-0611<Tab><Tab><Tab><Tab>a@b.example<Tab>B<Tab>Tea<Tab>2<Tab>"
                         "1.25");
    look_row(desk.pty, "Total", "2.50");
    for (int i = 0; i < 24; i++) {
        char *row = screen_row(desk.pty, i);
        const char *border = strstr(row, "\u2502");
        assert_non_null(border);
        if (i != 1 && (border[-1] != ' ' || border[strlen("\u2502")] > ' '))
            fail_msg("row %d: %s", i, row);
        free(row);
    }
}

/* "…" stands at the end of what was cut. */
static void expect_whole(const char *language, const char *ending)
{
    char *speak = support_format("INVONCE_LANG=%s", language);
    desk_start_filled(&desk, "2026-0621", NULL, &(struct desk_options){0});
    desk_start(&desk, &(struct desk_options){
                          .arguments = (const char *const[]){"--prefill", "prefill.json", NULL},
                          .environment = (const char *const[]){
                              "INVONCE_TOKEN=a-token-that-nobody-has", speak, NULL}});
    look_for(desk.pty, "2026-0621");
    keys_press(desk.pty, "<F12><Enter>");
    look_for(desk.pty, ending);
    look_row(desk.pty, "Total", "217.80");
    look_gone(desk.pty, "\u2026");
    free(speak);
}

static void advice_is_not_cut(void **state)
{
    (void)state;
    expect_whole("en", "what you typed is kept in it.");
    expect_whole("pt_BR", "nele.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(amounts_stand_on_their_points),
        DESK_TEST(nothing_touches_the_border),
        DESK_TEST(advice_is_not_cut),
    };
    return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
