/* Where files belong: the XDG base directories. */
#ifndef INVONCE_TUI_PLACES_H
#define INVONCE_TUI_PLACES_H

#include <stdbool.h>

enum place {
    PLACE_CONFIG, /* $XDG_CONFIG_HOME, else ~/.config */
    PLACE_DATA,   /* $XDG_DATA_HOME, else ~/.local/share */
    PLACE_STATE,  /* $XDG_STATE_HOME, else ~/.local/state */
};

/* The path of the file `name` of this program. Owned by the caller; NULL: neither the variable nor
 * HOME says where, or out of memory. */
char *place_file(enum place place, const char *name);

/* Makes the directories above a file, for this user alone. False with errno. */
bool place_make_room(const char *path);

#endif
