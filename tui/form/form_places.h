/* Where in the request each place of the form stands: for the form's own files. */
#ifndef INVONCE_TUI_FORM_PLACES_H
#define INVONCE_TUI_FORM_PLACES_H

#include "protocol/wire/resource.h"

#define FORM_POINTER_SIZE 80

/* RFC 6901: "/customer/email", "/lines/2/quantity". */
void form_pointer(const struct field *field, char pointer[FORM_POINTER_SIZE]);
void form_cell_pointer(const struct field *rows, size_t line, size_t column,
                       char pointer[FORM_POINTER_SIZE]);

#endif
