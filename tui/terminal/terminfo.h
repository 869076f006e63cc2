/* What is known of a terminal by its name, and of one whose name isn't known. */
#ifndef INVONCE_TUI_TERMINFO_H
#define INVONCE_TUI_TERMINFO_H

/* A capability of the terminal that is open, as "cup"; NULL: it has none. Borrowed. */
const char *terminfo(const char *name);

/* The entry to paint by: TERM's, or the one that stands in for it; NULL: there is none that a
 * cursor can be put with. Borrowed. */
const char *terminfo_entry(void);

#endif
