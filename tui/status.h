/* What the status line says, and in which words the server's refusals are told. */
#ifndef INVONCE_TUI_STATUS_H
#define INVONCE_TUI_STATUS_H

#include "protocol/client/submitter.h"

#include <stddef.h>

#define STATUS_SIZE 256

/* The state word: Editing, Saving, Created, Conflict, Rejected or Unconfirmed; translated. */
const char *status_word(enum submission_state state);

/* What follows it while it is being saved, from the press on: the seconds, which attempt and why,
 * in fewer words where they don't fit in `columns`. */
void status_saving(const struct submitter_view *view, int64_t now_ms, int columns,
                   char text[STATUS_SIZE]);

/* In plain words why the server, or the journal, refused what has no field to show it at. Owned by
 * the caller; NULL: out of memory. */
char *status_refusal(const struct submitter_view *view);

#endif
