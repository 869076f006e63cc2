/* Shows what each key does in a view, from the table of actions. */
#ifndef INVONCE_TUI_HELP_H
#define INVONCE_TUI_HELP_H

#include "protocol/wire/resource.h"
#include "tui/form/actions.h"

#include <stddef.h>

/* Paints from row `*first` of the list on, which is brought back to what there is. With `demo` the
 * demonstration's keys too. */
void help_paint(enum view of, bool demo, size_t *first);

/* The last line of the screen, for `view`. */
void help_paint_keys(const struct resource *resource, enum view view, bool takes);

#endif
