/* A record's lines and sums, its amounts aligned on their decimal points. */
#ifndef INVONCE_TUI_AMOUNTS_H
#define INVONCE_TUI_AMOUNTS_H

#include "protocol/wire/resource.h"

#include <stddef.h>

/* Paints the lines from `first` on in rows `y` to `end`, the sums under them. Returns how many
 * lines were shown. */
size_t amounts_paint(const struct resource *resource, const struct record *record, size_t first,
                     int y, int end);

/* The largest `first` that still fills the rows. */
size_t amounts_first_max(const struct resource *resource, const struct record *record, int y,
                         int end);

#endif
