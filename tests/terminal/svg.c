#include "tests/terminal/svg.h"

#include "tests/terminal/screen.h"

#include <stdlib.h>
#include <string.h>

/* In units of the picture. */
#define CELL_WIDTH  9
#define CELL_HEIGHT 19
#define BASELINE    14
#define MARGIN      14

#define PAPER 0x16191d
#define INK   0xd7dce2

/* The sixteen colours that a terminal has names for, on dark paper. */
static const unsigned palette[16] = {0x2b3036, 0xe0646c, 0x8fbf7f, 0xd9b36c, 0x6fa8dc, 0xb48ead,
                                     0x66c2c2, 0xc5cbd3, 0x6b737c, 0xff7b83, 0xa8d897, 0xf0cc85,
                                     0x8fc1f0, 0xcfa9c8, 0x86dada, 0xffffff};

/* What cells have to have in common to be painted as one. */
struct paint {
    unsigned ink, paper;
    bool bold, dim, underline;
};

/* xterm's other 240: a cube of six levels a side, then greys. libvterm's own are others. */
static unsigned colour_256(unsigned index)
{
    static const unsigned levels[6] = {0, 95, 135, 175, 215, 255};
    unsigned cube = index - 16, grey = 8 + 10 * (index - 232);
    if (index >= 232) return grey << 16 | grey << 8 | grey;
    return levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6];
}

static unsigned colour_of(VTermColor colour, unsigned by_default)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(&colour) || VTERM_COLOR_IS_DEFAULT_BG(&colour)) return by_default;
    if (VTERM_COLOR_IS_INDEXED(&colour))
        return colour.indexed.idx < 16 ? palette[colour.indexed.idx]
                                       : colour_256(colour.indexed.idx);
    return (unsigned)colour.rgb.red << 16 | (unsigned)colour.rgb.green << 8 | colour.rgb.blue;
}

static struct paint paint_of(struct pty *pty, int row, int col)
{
    VTermScreenCell cell;
    vterm_screen_get_cell(pty_screen(pty), (VTermPos){row, col}, &cell);
    unsigned ink = colour_of(cell.fg, INK);
    unsigned paper = colour_of(cell.bg, PAPER);
    struct screen_look look = screen_look_at(pty, row, col);
    return (struct paint){.ink = look.reverse ? paper : ink,
                          .paper = look.reverse ? ink : paper,
                          .bold = look.bold,
                          .dim = look.dim,
                          .underline = look.underline};
}

static bool same_paint(struct paint a, struct paint b)
{
    return a.ink == b.ink && a.paper == b.paper && a.bold == b.bold && a.dim == b.dim &&
           a.underline == b.underline;
}

static void write_escaped(const char *text, FILE *file)
{
    for (; *text != '\0'; text++) {
        const char *as = *text == '&'   ? "&amp;"
                         : *text == '<' ? "&lt;"
                         : *text == '>' ? "&gt;"
                                        : NULL;
        if (as != NULL)
            fputs(as, file);
        else
            fputc(*text, file);
    }
}

/* Cells `from` to `to` (not included) of one row, all of one paint. */
static void write_run(struct pty *pty, FILE *file, int row, int from, int to)
{
    struct paint paint = paint_of(pty, row, from);
    int x = MARGIN + from * CELL_WIDTH, y = MARGIN + row * CELL_HEIGHT;
    int width = (to - from) * CELL_WIDTH;
    if (paint.paper != PAPER)
        fprintf(file, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n", x, y,
                width, CELL_HEIGHT, paint.paper);
    char *text = screen_cells(pty, row, from, to);
    if (text[strspn(text, " ")] != '\0') {
        fprintf(file, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"#%06x\"%s%s%s>", x,
                y + BASELINE, width, paint.ink, paint.bold ? " font-weight=\"bold\"" : "",
                paint.dim ? " opacity=\"0.55\"" : "",
                paint.underline ? " text-decoration=\"underline\"" : "");
        write_escaped(text, file);
        fputs("</text>\n", file);
    }
    free(text);
}

static void write_row(struct pty *pty, FILE *file, int row, int cols)
{
    for (int from = 0; from < cols;) {
        int to = from + 1;
        while (to < cols && same_paint(paint_of(pty, row, from), paint_of(pty, row, to)))
            to++;
        write_run(pty, file, row, from, to);
        from = to;
    }
}

static void write_cursor(struct pty *pty, FILE *file)
{
    if (dialect_mode(pty_dialect(pty), DIALECT_CURSOR_SHOWN) == DIALECT_OFF) return;
    int row, col;
    pty_cursor(pty, &row, &col);
    fprintf(file, "<rect x=\"%d\" y=\"%d\" width=\"2\" height=\"%d\" fill=\"#%06x\"/>\n",
            MARGIN + col * CELL_WIDTH, MARGIN + row * CELL_HEIGHT + 1, CELL_HEIGHT - 2, INK);
}

void svg_write(struct pty *pty, FILE *file)
{
    int rows, cols;
    pty_size(pty, &rows, &cols);
    int width = cols * CELL_WIDTH + 2 * MARGIN, height = rows * CELL_HEIGHT + 2 * MARGIN;
    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            " viewBox=\"0 0 %d %d\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo,"
            " Consolas, monospace\" font-size=\"15\" xml:space=\"preserve\">\n",
            width, height, width, height);
    fprintf(file, "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#%06x\"/>\n", width, height,
            PAPER);
    for (int row = 0; row < rows; row++)
        write_row(pty, file, row, cols);
    write_cursor(pty, file);
    fputs("</svg>\n", file);
}
