#include "tests/terminal/look.h"

#include "tests/support/support.h"
#include "tests/terminal/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

/* What a sanitizer said went to the terminal, and has scrolled away. */
static void print_sanitizer_report(struct pty *pty)
{
    static const char *const marks[] = {"ERROR: AddressSanitizer", "ERROR: LeakSanitizer",
                                        "WARNING: ThreadSanitizer", "runtime error:"};
    size_t length;
    const char *raw = pty_raw(pty, &length);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *report = memmem(raw, length, marks[i], strlen(marks[i]));
        if (report == NULL) continue;
        fwrite(report, 1, length - (size_t)(report - raw), stderr);
        return;
    }
}

void look_fail(struct pty *pty, const char *file, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    screen_dump(pty, stderr);
    print_sanitizer_report(pty);
    _fail(file, line);
    abort(); /* _fail leaves by longjmp */
}

struct wanted {
    const char *text;
    const char *right;
    bool seen;
};

static bool shows(struct pty *pty, const void *context)
{
    const struct wanted *wanted = context;
    return screen_shows(pty, wanted->text) == wanted->seen;
}

void look_for_at(struct pty *pty, const char *text, const char *file, int line)
{
    if (!pty_wait(pty, shows, &(struct wanted){.text = text, .seen = true}))
        look_fail(pty, file, line, "\"%s\" didn't come", text);
}

void look_gone_at(struct pty *pty, const char *text, const char *file, int line)
{
    if (!pty_wait(pty, shows, &(struct wanted){.text = text, .seen = false}))
        look_fail(pty, file, line, "\"%s\" didn't go", text);
}

static bool row_holds(struct pty *pty, const void *context)
{
    const struct wanted *wanted = context;
    int rows, cols;
    pty_size(pty, &rows, &cols);
    bool found = false;
    for (int row = 0; row < rows && !found; row++) {
        char *text = screen_row(pty, row);
        const char *left = strstr(text, wanted->text);
        found = left != NULL && strstr(left + strlen(wanted->text), wanted->right) != NULL;
        free(text);
    }
    return found;
}

void look_row_at(struct pty *pty, const char *left, const char *right, const char *file, int line)
{
    if (!pty_wait(pty, row_holds, &(struct wanted){.text = left, .right = right}))
        look_fail(pty, file, line, "no row came with \"%s\", then \"%s\"", left, right);
}

/* Each run of white space becomes one blank. */
static void join_rows(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        bool blank = *from == ' ' || *from == '\n';
        if (!blank || (to > text && to[-1] != ' ')) *to++ = (char)(blank ? ' ' : *from);
    }
    *to = '\0';
}

static bool shows_sentence(struct pty *pty, const void *context)
{
    char *text = screen_text(pty);
    join_rows(text);
    bool found = strstr(text, context) != NULL;
    free(text);
    return found;
}

void look_sentence_at(struct pty *pty, const char *text, const char *file, int line)
{
    if (!pty_wait(pty, shows_sentence, text))
        look_fail(pty, file, line, "the sentence \"%s\" didn't come", text);
}

static int status_row(struct pty *pty)
{
    int rows, cols;
    pty_size(pty, &rows, &cols);
    return rows - 2;
}

static bool status_starts(struct pty *pty, const void *words)
{
    char *text = screen_row(pty, status_row(pty));
    bool found = strncmp(text + strspn(text, " "), words, strlen(words)) == 0;
    free(text);
    return found;
}

void look_status_at(struct pty *pty, const char *words, const char *file, int line)
{
    if (!pty_wait(pty, status_starts, words))
        look_fail(pty, file, line, "the status line didn't start with \"%s\"", words);
}

static bool lasts(struct pty *pty, const void *state)
{
    char *text = screen_row(pty, status_row(pty)), *end;
    const char *at = text + strspn(text, " ");
    size_t length = strlen(state);
    bool found = strncmp(at, state, length) == 0 && strtol(at + length, &end, 10) > 0 &&
                 strncmp(end, " s", 2) == 0;
    free(text);
    return found;
}

void look_a_second_of_at(struct pty *pty, const char *state, const char *file, int line)
{
    if (!pty_wait(pty, lasts, state))
        look_fail(pty, file, line, "the status line didn't count a second of \"%s\"", state);
}

/* The first row in which the screen differs from `text`, the status line aside; -1: none. */
static int differing_row(struct pty *pty, const char *text)
{
    int rows, cols;
    pty_size(pty, &rows, &cols);
    for (int row = 0; row < rows; row++) {
        size_t length = strcspn(text, "\n");
        char *shown = screen_row(pty, row);
        bool same = strlen(shown) == length && strncmp(shown, text, length) == 0;
        free(shown);
        if (!same && row != rows - 2) return row;
        text += length + (text[length] == '\n');
    }
    return -1;
}

static bool is_screen(struct pty *pty, const void *text)
{
    return differing_row(pty, text) < 0;
}

void look_screen_at(struct pty *pty, const char *text, const char *file, int line)
{
    if (!pty_wait(pty, is_screen, text))
        look_fail(pty, file, line, "row %d isn't as in\n%s", differing_row(pty, text), text);
}

/* The contract's labels, and an order's: the one nearest before the cursor names the field that it
 * is in. */
static const char *const labels[] = {
    "Number",          "Issue date",    "Due date", "Currency",
    "Customer e-mail", "Customer name", "Notes",    "[ Create invoice ]",
    "Reference",       "E-mail",        "Date"};

static const char *focused_label(struct pty *pty)
{
    int row, col;
    pty_cursor(pty, &row, &col);
    const char *nearest = "";
    int nearest_col = -1;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        int label_row, label_col;
        if (screen_find(pty, labels[i], &label_row, &label_col) && label_row == row &&
            label_col <= col && label_col > nearest_col) {
            nearest = labels[i];
            nearest_col = label_col;
        }
    }
    return nearest;
}

static bool focus_is(struct pty *pty, const void *label)
{
    return strcmp(focused_label(pty), label) == 0;
}

void look_focus_at(struct pty *pty, const char *label, const char *file, int line)
{
    if (!pty_wait(pty, focus_is, label))
        look_fail(pty, file, line, "the cursor is at \"%s\", not \"%s\"", focused_label(pty),
                  label);
}

static bool cursor_is(struct pty *pty, const void *context)
{
    const int *place = context;
    int row, col;
    pty_cursor(pty, &row, &col);
    return row == place[0] && col == place[1];
}

void look_cursor_at(struct pty *pty, int row, int col, const char *file, int line)
{
    if (!pty_wait(pty, cursor_is, (const int[]){row, col}))
        look_fail(pty, file, line, "the cursor isn't at row %d, column %d", row, col);
}

/* Where the next label of that row begins, or its end. */
static int next_label(struct pty *pty, int row, int col)
{
    int rows, end;
    pty_size(pty, &rows, &end);
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        int label_row, label_col;
        if (screen_find(pty, labels[i], &label_row, &label_col) && label_row == row &&
            label_col > col && label_col < end)
            end = label_col;
    }
    return end;
}

static bool field_is(struct pty *pty, const void *context)
{
    const struct wanted *wanted = context;
    int row, col;
    if (!screen_find(pty, wanted->text, &row, &col)) return false;
    int start = col + (int)strlen(wanted->text);
    char *cells = screen_cells(pty, row, start, next_label(pty, row, col));
    size_t length = strlen(cells);
    while (length > 0 && strchr(" _", cells[length - 1]) != NULL)
        cells[--length] = '\0';
    bool same = strcmp(cells + strspn(cells, " _"), wanted->right) == 0;
    free(cells);
    return same;
}

void look_field_at(struct pty *pty, const char *label, const char *text, const char *file, int line)
{
    if (!pty_wait(pty, field_is, &(struct wanted){.text = label, .right = text}))
        look_fail(pty, file, line, "the field \"%s\" isn't \"%s\"", label, text);
}

static bool session_is_empty(void *pty)
{
    return pty_processes(pty) == 0;
}

static bool is_clean(struct pty *pty, const void *context)
{
    (void)context;
    return pty_left_behind(pty) == NULL;
}

void look_clean_at(struct pty *pty, const char *file, int line)
{
    if (!pty_wait(pty, is_clean, NULL))
        look_fail(pty, file, line, "the program left %s behind", pty_left_behind(pty));
}

void look_clean_exit_at(struct pty *pty, int code, const char *file, int line)
{
    int status = 0;
    if (!pty_wait_exit(pty, &status)) look_fail(pty, file, line, "the program didn't end");
    const char *left = pty_left_behind(pty);
    if (left != NULL) look_fail(pty, file, line, "the program left %s behind", left);
    if (!support_wait_until(session_is_empty, pty, PATIENCE_MS))
        look_fail(pty, file, line, "a process is left");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != code)
        look_fail(pty, file, line, "it ended with wait status %#x, not code %d", (unsigned)status,
                  code);
}
