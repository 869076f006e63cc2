#include "tui/terminal/screen.h"

#include "protocol/wire/message.h"
#include "protocol/wire/text.h"
#include "tui/terminal/draw.h"
#include "tui/terminal/strokes.h"
#include "tui/terminal/terminfo.h"

#include <curses.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* term.h takes these names for capabilities. */
#undef columns
#undef lines

/* Button presses of the mouse in SGR form, and bracketed paste. */
#define EXTRAS_ON  "\033[?1000h\033[?1006h\033[?2004h"
#define EXTRAS_OFF "\033[?2004l\033[?1006l\033[?1000l"

#define ELLIPSIS      "\u2026"
#define HORIZONTAL    "\u2500"
#define VERTICAL      "\u2502"
#define PAIR_ACCENT   1
#define PAIR_ERROR    2
#define ACCENT_OF_256 37 /* a teal that reads on dark and on light */
#define ERROR_OF_256  160

static SCREEN *terminal;
static struct strokes strokes; /* of the picture */
static struct termios modes_before;
static bool in_use; /* between open or return and leave or close */
static bool extras;
static bool dimmed_now;
static attr_t look[STYLES];
static int cursor_y, cursor_x;
static int first_row;            /* -1: none before the others */
static int area_x, area_columns; /* what is painted on; columns 0: all there are */

/* What undoes everything, made ready while there is no hurry. */
static char restore_bytes[512];
static size_t restore_length;

static int keep_byte(int byte)
{
    if (restore_length < sizeof restore_bytes) restore_bytes[restore_length++] = (char)byte;
    return byte;
}

static void keep_capability(const char *name)
{
    const char *text = terminfo(name);
    if (text) tputs(text, 1, keep_byte);
}

static void prepare_restore(void)
{
    restore_length = 0;
    for (const char *byte = extras ? EXTRAS_OFF : ""; *byte; byte++)
        keep_byte(*byte);
    keep_capability("sgr0");
    keep_capability("op");
    keep_capability("cnorm");
    keep_capability("rmkx");
    keep_capability(terminfo("rmcup") ? "rmcup" : "clear");
}

static void write_all(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        length -= (size_t)written;
    }
}

void screen_restore(void)
{
    if (!in_use) return;
    in_use = false;
    write_all(restore_bytes, restore_length);
    tcsetattr(STDIN_FILENO, TCSANOW, &modes_before);
}

static void set_looks(void)
{
    const char *no_color = getenv("NO_COLOR");
    bool colors = has_colors() && !(no_color && *no_color);
    if (colors) {
        start_color();
        use_default_colors();
        init_pair(PAIR_ACCENT, COLORS >= 256 ? ACCENT_OF_256 : COLOR_CYAN, -1);
        init_pair(PAIR_ERROR, COLORS >= 256 ? ERROR_OF_256 : COLOR_RED, -1);
    }
    look[STYLE_TEXT] = A_NORMAL;
    look[STYLE_FAINT] = A_DIM;
    look[STYLE_STRONG] = A_BOLD;
    look[STYLE_FOCUS] = colors ? (attr_t)COLOR_PAIR(PAIR_ACCENT) : A_BOLD;
    look[STYLE_SELECTED] = A_REVERSE;
    look[STYLE_ERROR] = colors ? (attr_t)COLOR_PAIR(PAIR_ERROR) : A_BOLD;
    look[STYLE_BUTTON] = A_BOLD;
    look[STYLE_BUTTON_FOCUS] = look[STYLE_FOCUS] | A_REVERSE;
}

static void set_modes(void)
{
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    /* A picture is painted whole, also while more keys wait to be read. */
    typeahead(-1);
}

bool screen_is_able(void)
{
    return terminfo_entry();
}

bool screen_open(char sentence[SCREEN_SENTENCE_MAX])
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        snprintf(sentence, SCREEN_SENTENCE_MAX,
                 N_("the form needs a terminal to run in; without one: invonce --plain, or invonce "
                    "create FILE"));
        return false;
    }
    tcgetattr(STDIN_FILENO, &modes_before);
    const char *entry = terminfo_entry();
    if (entry) terminal = newterm(entry, stdout, stdin);
    if (!terminal) {
        const char *name = getenv("TERM");
        snprintf(sentence, SCREEN_SENTENCE_MAX,
                 N_("the terminal \"%.60s\" (TERM) is not known here or cannot show a form"),
                 name ? name : "");
        return false;
    }
    const char *cup = terminfo("cup");
    extras = cup && strncmp(cup, "\033[", 2) == 0;
    prepare_restore();
    set_modes();
    set_looks();
    in_use = true;
    if (extras) write_all(EXTRAS_ON, sizeof EXTRAS_ON - 1);
    static bool registered;
    if (!registered) registered = atexit(screen_close) == 0;
    return true;
}

void screen_leave(void)
{
    if (!in_use) return;
    in_use = false;
    if (extras) write_all(EXTRAS_OFF, sizeof EXTRAS_OFF - 1);
    /* Before anything shows that it is over: what is typed from then on is the shell's. */
    tcsetattr(STDIN_FILENO, TCSADRAIN, &modes_before);
    curs_set(1);
    if (!terminfo("rmcup")) { /* the picture stays, and the shell goes on in its last line */
        move(getmaxy(stdscr) - 1, 0);
        clrtoeol();
        refresh();
    }
    endwin();
}

void screen_close(void)
{
    screen_leave();
    if (!terminal) return;
    delscreen(terminal);
    terminal = NULL;
    strokes_clear(&strokes);
}

void screen_return(void)
{
    in_use = true;
    reset_prog_mode();
    set_modes();
    if (extras) write_all(EXTRAS_ON, sizeof EXTRAS_ON - 1);
    screen_resized();
    screen_redraw();
}

void screen_redraw(void)
{
    clearok(curscr, TRUE);
}

void screen_resized(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        resizeterm(size.ws_row, size.ws_col);
        strokes_forget(&strokes);
    }
}

int screen_rows(void)
{
    return getmaxy(stdscr);
}

int screen_columns(void)
{
    return area_columns > 0 ? area_columns : getmaxx(stdscr);
}

void screen_area(int x, int columns, bool dimmed)
{
    area_x = x;
    area_columns = columns;
    dimmed_now = dimmed;
}

void screen_begin(bool dimmed)
{
    screen_area(0, 0, dimmed);
    cursor_y = cursor_x = first_row = -1;
    strokes_begin(&strokes, getmaxy(stdscr));
}

void screen_cursor(int y, int x)
{
    if (y < screen_rows() && x < screen_columns()) {
        cursor_y = y;
        cursor_x = x < 0 ? x : area_x + x;
    }
}

void screen_first(int y)
{
    first_row = y;
}

static void show_rows(int from, int to)
{
    for (int y = from; y < to; y++)
        if (strokes_differ(&strokes, y)) draw_row(&strokes, y);
    if (cursor_y >= 0) move(cursor_y, cursor_x);
    refresh();
}

void screen_show(void)
{
    screen_area(0, 0, false);
    if (first_row >= 0 && first_row < getmaxy(stdscr)) {
        show_rows(first_row, first_row + 1);
        sched_yield(); /* to the terminal, where it waits for the same processor */
    }
    curs_set(cursor_y >= 0 ? 1 : 0);
    show_rows(0, getmaxy(stdscr));
    strokes_shown(&strokes);
}

/* The text once, or its one character `columns` times over. */
static void put(int y, int x, int columns, enum style style, const char *text, size_t length)
{
    struct stroke stroke = {
        .attributes = look[style] | (dimmed_now ? A_DIM : A_NORMAL),
        .x = (uint16_t)(area_x + x),
        .columns = (uint16_t)columns,
        .length = (uint32_t)length,
    };
    strokes_add(&strokes, y, stroke, text);
}

/* Puts down what fits of safe text, in whole characters. Returns its columns. */
static int put_safe(int y, int x, int columns, enum style style, const char *text)
{
    size_t length;
    int used = draw_fit(text, columns, &length);
    put(y, x, 0, style, text, length);
    return used;
}

int screen_put(int y, int x, int columns, enum style style, const char *text)
{
    if (x + columns > screen_columns()) columns = screen_columns() - x;
    if (y < 0 || y >= screen_rows() || x < 0 || columns <= 0 || !*text) return 0;
    int plain = draw_plain_columns(text);
    if (plain >= 0 && plain <= columns) {
        put(y, x, 0, style, text, (size_t)plain);
        return plain;
    }
    char *safe = text_safe(text, strlen(text), TEXT_ONE_LINE);
    if (!safe) return 0;
    bool fits = text_width(safe) <= (size_t)columns;
    int used = put_safe(y, x, fits ? columns : columns - 1, style, safe);
    if (!fits) used += put_safe(y, x + used, 1, style, ELLIPSIS);
    free(safe);
    return used;
}

void screen_put_right(int y, int end, int columns, enum style style, const char *text)
{
    int width = draw_plain_columns(text);
    char *safe = width < 0 ? text_safe(text, strlen(text), TEXT_ONE_LINE) : NULL;
    if (width < 0 && !safe) return;
    if (safe) width = (int)text_width(safe);
    if (width > columns) width = columns;
    screen_put(y, end - width, width, style, safe ? safe : text);
    free(safe);
}

void screen_fill(int y, int x, int columns, enum style style, char character)
{
    if (y < 0 || y >= screen_rows() || x < 0 || x >= screen_columns() || columns <= 0) return;
    if (x + columns > screen_columns()) columns = screen_columns() - x;
    put(y, x, columns, style, &character, 1);
}

void screen_rule(int y)
{
    if (y < 0 || y >= screen_rows()) return;
    put(y, 0, screen_columns(), STYLE_FAINT, HORIZONTAL, strlen(HORIZONTAL));
}

void screen_column_rule(int x)
{
    for (int y = 0; y < screen_rows(); y++)
        put(y, x, 1, STYLE_FAINT, VERTICAL, strlen(VERTICAL));
}
