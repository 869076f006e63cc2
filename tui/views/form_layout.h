/* Where each part of the form stands on a screen of a given size. */
#ifndef INVONCE_TUI_FORM_LAYOUT_H
#define INVONCE_TUI_FORM_LAYOUT_H

#include "tui/form/align.h"
#include "tui/form/form.h"

#include <stdbool.h>

struct form_box {
    int y, x, columns;
};

/* Rows and columns count from 0. */
struct form_layout {
    struct form_box fields[FORM_PLACES]; /* the text's place; that of FORM_LINES is all the lines */
    int label_x[FORM_PLACES];
    int header_y; /* of the lines */
    int lines_rows;
    struct form_box cells[GRID_COLUMNS]; /* of the first line that is shown */
    struct align aligns[GRID_COLUMNS];   /* of the amounts in them */
    struct form_box net;                 /* of the first line that is shown */
    int totals_y, totals_x;
    int tax_rows;
    int total_y;
    int message_y;
};

/* Scrolls the grid's window too, so that the focus is in it. */
void form_layout(struct form *form, int rows, int columns, int net_columns,
                 struct form_layout *layout);

/* The button's two labels are as wide as the wider one. Columns. */
int form_button_columns(void);

/* Where the text of a cell begins: amounts stand with their points in one column. */
int form_cell_x(const struct form *form, const struct form_layout *layout, size_t row,
                enum grid_column column);

/* Moves the focus to the field at y, x, if there is one. */
void form_click(struct form *form, const struct form_layout *layout, int y, int x);

#endif
