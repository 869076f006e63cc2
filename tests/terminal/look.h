/* What an operator is to see: each waits for it, and fails the test with the screen when it doesn't
 * come. */
#ifndef INVONCE_TESTS_TERMINAL_LOOK_H
#define INVONCE_TESTS_TERMINAL_LOOK_H

#include "tests/terminal/pty.h"

/* The text stands somewhere, within one row. */
#define look_for(pty, text) look_for_at(pty, text, __FILE__, __LINE__)
void look_for_at(struct pty *pty, const char *text, const char *file, int line);

/* It stands nowhere. */
#define look_gone(pty, text) look_gone_at(pty, text, __FILE__, __LINE__)
void look_gone_at(struct pty *pty, const char *text, const char *file, int line);

/* One row holds both texts, `left` before `right`. */
#define look_row(pty, left, right) look_row_at(pty, left, right, __FILE__, __LINE__)
void look_row_at(struct pty *pty, const char *left, const char *right, const char *file, int line);

/* The sentence stands there, over as many rows as it takes. */
#define look_sentence(pty, text) look_sentence_at(pty, text, __FILE__, __LINE__)
void look_sentence_at(struct pty *pty, const char *text, const char *file, int line);

/* The status line (the last row but one) starts with `words`. */
#define look_status(pty, words) look_status_at(pty, words, __FILE__, __LINE__)
void look_status_at(struct pty *pty, const char *words, const char *file, int line);

/* The status line says for how many seconds `state` has lasted, and that isn't 0. */
#define look_a_second_of(pty, state) look_a_second_of_at(pty, state, __FILE__, __LINE__)
void look_a_second_of_at(struct pty *pty, const char *state, const char *file, int line);

/* The whole screen but its status line is `text` (screen_text's form). */
#define look_screen(pty, text) look_screen_at(pty, text, __FILE__, __LINE__)
void look_screen_at(struct pty *pty, const char *text, const char *file, int line);

/* The cursor is in the field behind `label`. */
#define look_focus(pty, label) look_focus_at(pty, label, __FILE__, __LINE__)
void look_focus_at(struct pty *pty, const char *label, const char *file, int line);

/* The cursor is there. */
#define look_cursor(pty, row, col) look_cursor_at(pty, row, col, __FILE__, __LINE__)
void look_cursor_at(struct pty *pty, int row, int col, const char *file, int line);

/* The field behind `label` holds exactly `text` (the places not filled in yet aside). */
#define look_field(pty, label, text) look_field_at(pty, label, text, __FILE__, __LINE__)
void look_field_at(struct pty *pty, const char *label, const char *text, const char *file,
                   int line);

/* The program ends by itself with that code, its terminal as it was before and no process left. */
#define look_clean_exit(pty, code) look_clean_exit_at(pty, code, __FILE__, __LINE__)
void look_clean_exit_at(struct pty *pty, int code, const char *file, int line);

/* The terminal is as it was before the program. */
#define look_clean(pty) look_clean_at(pty, __FILE__, __LINE__)
void look_clean_at(struct pty *pty, const char *file, int line);

/* Ends the test with the screen and a sentence. */
_Noreturn __attribute__((format(printf, 4, 5))) void look_fail(struct pty *pty, const char *file,
                                                               int line, const char *format, ...);

#endif
