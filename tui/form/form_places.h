/* Where in the request each place of the form stands: for the form's own files. */
#ifndef INVONCE_TUI_FORM_PLACES_H
#define INVONCE_TUI_FORM_PLACES_H

#include "tui/form/form.h"

/* RFC 6901, into the request; NULL for the lines and the button. */
const char *form_pointer(enum form_place place);
const char *form_column_pointer(enum grid_column column); /* behind "/lines/N" */

/* What the invoice or the line has there; NULL: nothing. */
const char *form_member(enum form_place place, const struct values *invoice);
const char *form_column_member(enum grid_column column, const struct values_row *line);

#endif
