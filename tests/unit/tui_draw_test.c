/* What a row looks like depends on its own strokes, and on nothing that was drawn before it. */
#include "tui/terminal/draw.h"

#include <curses.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define EACH_LOOK (A_BOLD | A_DIM | A_REVERSE)

static SCREEN *terminal;
static FILE *nowhere;

static int open_screen(void **state)
{
    (void)state;
    setlocale(LC_ALL, "C.UTF-8");
    nowhere = fopen("/dev/null", "r+");
    terminal = nowhere != NULL ? newterm("xterm-256color", nowhere, nowhere) : NULL;
    return terminal != NULL ? 0 : -1;
}

static int close_screen(void **state)
{
    (void)state;
    endwin();
    delscreen(terminal);
    return fclose(nowhere);
}

static void draw(int y, attr_t attributes, int columns, const char *text)
{
    struct strokes strokes = {0};
    assert_true(strokes_begin(&strokes, y + 1));
    strokes_add(&strokes, y,
                (struct stroke){.attributes = (uint32_t)attributes,
                                .columns = (uint16_t)columns,
                                .length = (uint32_t)strlen(text)},
                text);
    draw_row(&strokes, y);
    strokes_clear(&strokes);
}

static void expect_look(int y, attr_t attributes)
{
    cchar_t cell;
    wchar_t text[CCHARW_MAX + 1];
    attr_t found;
    short pair;
    assert_int_equal(mvin_wch(y, 0, &cell), OK);
    assert_int_equal(getcchar(&cell, text, &found, &pair, NULL), OK);
    assert_int_equal(found & EACH_LOOK, attributes);
}

static void a_row_looks_the_same_whatever_was_drawn_before_it(void **state)
{
    (void)state;
    static const struct {
        int columns;
        const char *text;
    } strokes[] = {{1, "\u2502"}, {20, "\u2500"}, {20, " "},
                   {20, "_"},     {0, "plain"},   {0, "caf\u00e9"}};
    static const attr_t looks[] = {A_NORMAL, A_BOLD, A_DIM, A_REVERSE};
    for (size_t before = 0; before < sizeof looks / sizeof looks[0]; before++)
        for (size_t i = 0; i < sizeof strokes / sizeof strokes[0]; i++)
            for (size_t look = 0; look < sizeof looks / sizeof looks[0]; look++) {
                draw(0, looks[before], 0, "caf\u00e9");
                draw(1, looks[look], strokes[i].columns, strokes[i].text);
                expect_look(0, looks[before]);
                expect_look(1, looks[look]);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_looks_the_same_whatever_was_drawn_before_it)};
    return cmocka_run_group_tests_name("tui draw", tests, open_screen, close_screen);
}
