#include "tui/terminal/screen.h"

#include "protocol/wire/message.h"
#include "protocol/wire/text.h"
#include "tui/terminal/strokes.h"

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
#include <utf8proc.h>
#include <wchar.h>

/* term.h takes these names for capabilities. */
#undef columns
#undef lines

/* Button presses of the mouse in SGR form, and bracketed paste. */
#define EXTRAS_ON  "\033[?1000h\033[?1006h\033[?2004h"
#define EXTRAS_OFF "\033[?2004l\033[?1006l\033[?1000l"

#define CLUSTER_MAX   16  /* code points kept of one grapheme cluster */
#define PLAIN_MAX     256 /* columns of plain text at once */
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

static const char *capability(const char *name)
{
    const char *text = tigetstr(name);
    return text != (const char *)-1 ? text : NULL;
}

static void keep_capability(const char *name)
{
    const char *text = capability(name);
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
    keep_capability(capability("rmcup") ? "rmcup" : "clear");
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

/* It is known, and a cursor can be put where it is wanted. */
static bool can_paint(const char *name)
{
    int known;
    if (setupterm(name, STDOUT_FILENO, &known) != OK) return false;
    bool can = capability("cup");
    del_curterm(cur_term);
    return can;
}

/* Terminals whose entries come with them, and so are missing where one has logged in to from there;
 * and what they are happy to be taken for. */
static const struct {
    const char *begins, *instead;
} stand_ins[] = {
    {"xterm-", "xterm-256color"},  {"foot", "xterm-256color"},  {"alacritty", "xterm-256color"},
    {"wezterm", "xterm-256color"}, {"tmux", "screen-256color"},
};

/* The entry to paint by: TERM's, or the one that stands in for it; NULL: there is none. */
static const char *find_entry(void)
{
    const char *name = getenv("TERM");
    if (!name || can_paint(name)) return name;
    for (size_t i = 0; i < sizeof stand_ins / sizeof stand_ins[0]; i++) {
        bool meant = strncmp(name, stand_ins[i].begins, strlen(stand_ins[i].begins)) == 0;
        if (meant && can_paint(stand_ins[i].instead)) return stand_ins[i].instead;
    }
    return NULL;
}

bool screen_is_able(void)
{
    return find_entry();
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
    const char *entry = find_entry();
    if (entry) terminal = newterm(entry, stdout, stdin);
    if (!terminal) {
        const char *name = getenv("TERM");
        snprintf(sentence, SCREEN_SENTENCE_MAX,
                 N_("the terminal \"%.60s\" (TERM) is not known here or cannot show a form"),
                 name ? name : "");
        return false;
    }
    const char *cup = capability("cup");
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
    if (!capability("rmcup")) { /* the picture stays, and the shell goes on in its last line */
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

/* One code point of text that is safe already, with its width on the screen. */
struct shown_character {
    wchar_t character;
    size_t bytes;
    int columns;
};

static struct shown_character shown_character(const char *text)
{
    unsigned char first = (unsigned char)*text;
    if (first < 0x80) return (struct shown_character){(wchar_t)first, 1, 1};
    utf8proc_int32_t code_point;
    utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &code_point);
    if (taken <= 0) return (struct shown_character){0xFFFD, 1, 1};
    char alone[5] = "";
    memcpy(alone, text, (size_t)taken);
    struct shown_character shown = {(wchar_t)code_point, (size_t)taken, (int)text_width(alone)};
    /* What the C library doesn't know as printable, ncurses would write as something else. */
    if (wcwidth(shown.character) < 0) shown.character = 0xFFFD;
    return shown;
}

/* Puts safe text down, one cluster at a time, so that each stands in the column that we count. */
static void draw_safe(int y, int x, const char *text)
{
    wchar_t cluster[CLUSTER_MAX];
    int held = 0;
    int held_x = x;
    while (*text) {
        struct shown_character next = shown_character(text);
        if (next.columns > 0 && held > 0) {
            mvaddnwstr(y, held_x, cluster, held);
            held = 0;
        }
        if (held == 0) held_x = x;
        if (held < CLUSTER_MAX) cluster[held++] = next.character;
        x += next.columns;
        text += next.bytes;
    }
    if (held > 0) mvaddnwstr(y, held_x, cluster, held);
}

static void draw_plain(int y, int x, int columns, attr_t attributes, const char *text)
{
    chtype cells[PLAIN_MAX];
    for (int i = 0; i < columns; i++)
        cells[i] = (chtype)text[i] | attributes;
    mvaddchnstr(y, x, cells, columns);
}

static void draw_repeated(int y, const struct stroke *stroke, const char *text)
{
    cchar_t cell;
    const wchar_t character[] = {shown_character(text).character, L'\0'};
    setcchar(&cell, character, stroke->attributes, (short)PAIR_NUMBER(stroke->attributes), NULL);
    mvhline_set(y, stroke->x, &cell, stroke->columns);
}

/* Most of a picture is plain ASCII: safe as it is, a column a byte. The columns of such a text, -1
 * for any other. */
static int plain_columns(const char *text)
{
    int length = 0;
    for (; text[length]; length++)
        if (length == PLAIN_MAX || text[length] < ' ' || text[length] > '~') return -1;
    return length;
}

static void draw_row(int y)
{
    size_t at = 0;
    struct stroke stroke;
    const char *text;
    move(y, 0);
    clrtoeol();
    while (strokes_next(&strokes, y, &at, &stroke, &text)) {
        int plain = plain_columns(text);
        if (stroke.columns > 0) {
            draw_repeated(y, &stroke, text);
        } else if (plain >= 0) {
            draw_plain(y, stroke.x, plain, stroke.attributes, text);
        } else {
            attrset((int)stroke.attributes);
            draw_safe(y, stroke.x, text);
        }
    }
}

void screen_first(int y)
{
    first_row = y;
}

static void show_rows(int from, int to)
{
    for (int y = from; y < to; y++)
        if (strokes_differ(&strokes, y)) draw_row(y);
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
    int used = 0;
    size_t length = 0;
    while (text[length]) {
        struct shown_character next = shown_character(text + length);
        if (used + next.columns > columns) break;
        used += next.columns;
        length += next.bytes;
    }
    put(y, x, 0, style, text, length);
    return used;
}

int screen_put(int y, int x, int columns, enum style style, const char *text)
{
    if (x + columns > screen_columns()) columns = screen_columns() - x;
    if (y < 0 || y >= screen_rows() || x < 0 || columns <= 0 || !*text) return 0;
    int plain = plain_columns(text);
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
    int width = plain_columns(text);
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
