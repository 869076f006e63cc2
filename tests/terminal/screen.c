#include "tests/terminal/screen.h"

#include <stdlib.h>
#include <string.h>

static void put_character(FILE *file, uint32_t c)
{
    if (c < 0x80) {
        fputc((int)c, file);
    } else if (c < 0x800) {
        fprintf(file, "%c%c", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        fprintf(file, "%c%c%c", (int)(0xE0 | c >> 12), (int)(0x80 | (c >> 6 & 0x3F)),
                (int)(0x80 | (c & 0x3F)));
    } else {
        fprintf(file, "%c%c%c%c", (int)(0xF0 | c >> 18), (int)(0x80 | (c >> 12 & 0x3F)),
                (int)(0x80 | (c >> 6 & 0x3F)), (int)(0x80 | (c & 0x3F)));
    }
}

/* Writes the cell at `col` and says where the next one is. */
static int put_cell(struct pty *pty, FILE *file, int row, int col)
{
    VTermScreenCell cell;
    vterm_screen_get_cell(pty_screen(pty), (VTermPos){row, col}, &cell);
    if (cell.chars[0] == 0 || cell.chars[0] == (uint32_t)-1) fputc(' ', file);
    for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++)
        if (cell.chars[i] != (uint32_t)-1) put_character(file, cell.chars[i]);
    return col + (cell.width > 1 ? cell.width : 1);
}

static FILE *text_open(char **text, size_t *length)
{
    FILE *file = open_memstream(text, length);
    if (file == NULL) abort();
    return file;
}

char *screen_cells(struct pty *pty, int row, int from, int to)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = text_open(&text, &length);
    for (int col = from; col < to;)
        col = put_cell(pty, file, row, col);
    fclose(file);
    return text;
}

char *screen_row(struct pty *pty, int row)
{
    int rows, cols;
    pty_size(pty, &rows, &cols);
    char *text = screen_cells(pty, row, 0, row >= 0 && row < rows ? cols : 0);
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        text[--length] = '\0';
    return text;
}

char *screen_text(struct pty *pty)
{
    int rows, cols;
    pty_size(pty, &rows, &cols);
    char *text = NULL;
    size_t length = 0;
    FILE *file = text_open(&text, &length);
    for (int row = 0; row < rows; row++) {
        char *line = screen_row(pty, row);
        fprintf(file, "%s\n", line);
        free(line);
    }
    fclose(file);
    return text;
}

/* The cell in which the byte `offset` of a row's text stands. */
static int cell_of_byte(struct pty *pty, int row, size_t offset)
{
    int col = 0;
    for (size_t before = 0; before < offset;) {
        char *text = NULL;
        size_t length = 0;
        FILE *file = text_open(&text, &length);
        col = put_cell(pty, file, row, col);
        fclose(file);
        before += length;
        free(text);
    }
    return col;
}

bool screen_find(struct pty *pty, const char *text, int *row, int *col)
{
    int rows, cols;
    pty_size(pty, &rows, &cols);
    for (*row = 0; *row < rows; ++*row) {
        char *line = screen_row(pty, *row);
        const char *found = strstr(line, text);
        if (found != NULL) *col = cell_of_byte(pty, *row, (size_t)(found - line));
        free(line);
        if (found != NULL) return true;
    }
    return false;
}

bool screen_shows(struct pty *pty, const char *text)
{
    int row, col;
    return screen_find(pty, text, &row, &col);
}

static void copy_colour(struct pty *pty, VTermColor colour, unsigned char rgb[3])
{
    vterm_screen_convert_color_to_rgb(pty_screen(pty), &colour);
    rgb[0] = colour.rgb.red;
    rgb[1] = colour.rgb.green;
    rgb[2] = colour.rgb.blue;
}

struct screen_look screen_look_at(struct pty *pty, int row, int col)
{
    VTermScreenCell cell;
    vterm_screen_get_cell(pty_screen(pty), (VTermPos){row, col}, &cell);
    struct screen_look look = {
        .bold = cell.attrs.bold,
        .dim = cell.attrs.font == DIALECT_DIM_FONT,
        .reverse = cell.attrs.reverse,
        .underline = cell.attrs.underline != VTERM_UNDERLINE_OFF,
        .blink = cell.attrs.blink,
        .plain_colours = VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) && VTERM_COLOR_IS_DEFAULT_BG(&cell.bg),
    };
    copy_colour(pty, cell.fg, look.foreground);
    copy_colour(pty, cell.bg, look.background);
    return look;
}

void screen_dump(struct pty *pty, FILE *file)
{
    int rows, cols, row, col;
    pty_size(pty, &rows, &cols);
    pty_cursor(pty, &row, &col);
    fprintf(file, "screen %d x %d, cursor at row %d, column %d\n", cols, rows, row, col);
    for (int i = 0; i < rows; i++) {
        char *text = screen_row(pty, i);
        fprintf(file, "%3d |%s\n", i, text);
        free(text);
    }
}

static char letter_of(const struct screen_look *look)
{
    static const char plain[] = " bd?r???", accent[] = "aAf?i???", red[] = "eEh?k???";
    size_t index = (look->bold ? 1u : 0u) | (look->dim ? 2u : 0u) | (look->reverse ? 4u : 0u);
    if (look->underline || look->blink) return '?';
    if (look->plain_colours) return plain[index];
    bool is_red = look->foreground[0] > look->foreground[1] && look->foreground[1] < 80;
    return is_red ? red[index] : accent[index];
}

char *screen_looks(struct pty *pty, int row)
{
    int rows, cols;
    pty_size(pty, &rows, &cols);
    char *letters = calloc(1, (size_t)cols + 1);
    if (letters == NULL) abort();
    size_t length = 0;
    for (int col = 0; col < cols; col++) {
        struct screen_look look = screen_look_at(pty, row, col);
        letters[col] = letter_of(&look);
        if (letters[col] != ' ') length = (size_t)col + 1;
    }
    letters[length] = '\0';
    return letters;
}
