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
    struct form_box
        fields[RESOURCE_FIELDS_MAX + 1]; /* the text's place; behind them the button's */
    int label_x[RESOURCE_FIELDS_MAX + 1];
    size_t beside; /* the last field beside another above the rows; the button: there is none */
    int header_y;  /* of the rows, which follow it */
    int lines_rows;
    struct form_box cells[RESOURCE_COLUMNS_MAX]; /* of the first row that is shown */
    struct align aligns[RESOURCE_COLUMNS_MAX];   /* of the amounts in them */
    int totals_y, totals_x;
    int shares;
    int total_y;
    int message_y;
};

/* Scrolls the grid's window too, so that the focus is in it. */
void form_layout(struct form *form, int rows, int columns, int derived_columns,
                 struct form_layout *layout);

/* The button's two labels are as wide as the wider one. Columns. */
int form_button_columns(const struct form *form);

/* Where the text of a cell begins: amounts stand with their points in one column. */
int form_cell_x(const struct form *form, const struct form_layout *layout, size_t row,
                size_t column);

/* Moves the focus to the field at y, x, if there is one. */
void form_click(struct form *form, const struct form_layout *layout, int y, int x);

#endif
