/* The same story in every sort of terminal, by its terminfo entry. */
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

#include <cmocka.h>

static struct desk desk;

static int close_desk(void **state)
{
    (void)state;
    return desk_close(&desk) ? 0 : -1;
}

static bool has_colour(void)
{
    int rows, cols;
    pty_size(desk.pty, &rows, &cols);
    for (int row = 0; row < rows; row++)
        for (int col = 0; col < cols; col++)
            if (!screen_look_at(desk.pty, row, col).plain_colours) return true;
    return false;
}

/* Opens a filled form with that TERM. */
static void open_form_on(const char *term)
{
    char *entry = support_format("TERM=%s", term);
    desk_open(&desk, NULL);
    desk_start_filled(&desk, "2026-0901", NULL,
                      &(struct desk_options){.environment = (const char *const[]){entry, NULL}});
    free(entry);
    free(desk_picture(&desk));
}

static void the_form_works_in_every_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *term;
        bool colour, mouse;
    } table[] = {
        {"xterm-256color", true, true},  {"xterm", true, true},  {"tmux-256color", true, true},
        {"screen-256color", true, true}, {"linux", true, false}, {"vt100", false, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        open_form_on(table[i].term);
        assert_int_equal(has_colour(), table[i].colour);
        keys_press(desk.pty, "<Tab><S-Tab><Down><Up><End>x<Backspace>");
        look_field(desk.pty, "Number", "2026-0901");
        int row, col;
        assert_true(screen_find(desk.pty, "[ Create invoice ]", &row, &col));
        if (table[i].mouse)
            pty_click(desk.pty, row, col + 3);
        else
            keys_press(desk.pty, "<Enter>");
        look_status(desk.pty, "Created");
        ledger_expect_one(&desk, "2026-0901");
        keys_press(desk.pty, "<F10>");
        look_clean_exit(desk.pty, 0);
        assert_true(desk_close(&desk));
    }
}

static void a_terminal_that_can_do_nothing_is_asked_line_by_line(void **state)
{
    (void)state;
    static const char *const terms[] = {"TERM=dumb", "TERM=no-such-terminal", "TERM="};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        desk_open(&desk, NULL);
        desk_start(&desk,
                   &(struct desk_options){.environment = (const char *const[]){terms[i], NULL}});
        look_for(desk.pty, "TERM");
        look_for(desk.pty, "Number:");
        keys_press(desk.pty, "<C-d>");
        look_clean_exit(desk.pty, 0);
        assert_true(desk_close(&desk));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_form_works_in_every_terminal, close_desk),
        cmocka_unit_test_teardown(a_terminal_that_can_do_nothing_is_asked_line_by_line, close_desk),
    };
    return cmocka_run_group_tests_name("terminals", tests, NULL, NULL);
}
