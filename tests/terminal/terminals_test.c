/* The same story in every sort of terminal, by its terminfo entry. */
#include "tests/support/support.h"
#include "tests/terminal/desk.h"
#include "tests/terminal/keys.h"
#include "tests/terminal/ledger.h"
#include "tests/terminal/look.h"
#include "tests/terminal/screen.h"
#include "tests/terminal/spoken.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct desk desk;

static bool has_colour(void)
{
    int rows, cols;
    pty_size(desk.pty, &rows, &cols);
    for (int row = 0; row < rows; row++)
        for (int col = 0; col < cols; col++)
            if (!screen_look_at(desk.pty, row, col).plain_colours) return true;
    return false;
}

/* What was written is what the entry has for painting. */
static void expect_only(const char *term)
{
    size_t length;
    const char *raw = pty_raw(desk.pty, &length);
    char *complaint = spoken_complaint(term, raw, length);
    if (complaint != NULL) look_fail(desk.pty, __FILE__, __LINE__, "%s: %s", term, complaint);
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
        {"screen-256color", true, true}, {"screen", true, true}, {"linux", true, false},
        {"vt100", false, false},
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
        look_gone(desk.pty, "F10 Quit"); /* where the shell goes on */
        expect_only(table[i].term);
        assert_true(desk_close(&desk));
    }
}

/* Their entries come with them: where one has logged in to from there, they may be missing. */
static void a_terminal_whose_entry_is_missing_is_stood_in_for(void **state)
{
    (void)state;
    static const char *const terms[][2] = {{"foot", "xterm-256color"},
                                           {"xterm-kitty", "xterm-256color"},
                                           {"alacritty", "xterm-256color"},
                                           {"tmux-direct", "screen-256color"}};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        desk_open(&desk, NULL);
        char *term = support_format("TERM=%s", terms[i][0]);
        desk_start_filled(&desk, "2026-0902", NULL,
                          &(struct desk_options){.environment = (const char *const[]){term, NULL}});
        free(term);
        free(desk_picture(&desk));
        assert_true(has_colour());
        keys_press(desk.pty, "<Tab><S-Tab><Enter>");
        look_status(desk.pty, "Created");
        keys_press(desk.pty, "<F10>");
        look_clean_exit(desk.pty, 0);
        if (!spoken_is_known(terms[i][0])) expect_only(terms[i][1]);
        assert_true(desk_close(&desk));
    }
}

/* The cursor stands behind what was typed, counted in cells, in every field that takes text. */
static void wide_and_combining_characters_go_into_every_field(void **state)
{
    (void)state;
    /* Number, e-mail, name, description, notes: and the way to each from the one before. */
    static const char *const fields[] = {"", "<Tab><Tab><Tab><Tab>", "<Tab>", "<Tab>", "<Down>"};
    desk_open(&desk, NULL);
    desk_start(&desk, &(struct desk_options){0});
    free(desk_picture(&desk));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        int row, col, then_row, then_col;
        keys_press(desk.pty, fields[i]);
        assert_true(pty_wait_idle(desk.pty));
        pty_cursor(desk.pty, &row, &col);
        keys_press(desk.pty, "\xe5\x92\x96\xe5\x95\xa1"
                             "e\xcc\x81\xef\xbc\xa9"
                             "x");
        assert_true(pty_wait_idle(desk.pty));
        pty_cursor(desk.pty, &then_row, &then_col);
        if (then_row != row || then_col != col + 8)
            look_fail(desk.pty, __FILE__, __LINE__, "field %zu: the cursor went from %d to %d", i,
                      col, then_col);
        keys_press(desk.pty, "<Left><Left><Left><Left>");
        look_cursor(desk.pty, row, col + 2);
        keys_press(desk.pty, "<End>");
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
        DESK_OPENING_TEST(the_form_works_in_every_terminal),
        DESK_OPENING_TEST(a_terminal_whose_entry_is_missing_is_stood_in_for),
        DESK_OPENING_TEST(wide_and_combining_characters_go_into_every_field),
        DESK_OPENING_TEST(a_terminal_that_can_do_nothing_is_asked_line_by_line),
    };
    return cmocka_run_group_tests_name("terminals", tests, NULL, NULL);
}
