/* What the status line says, and in which words the server's refusals are told. */
#ifndef INVONCE_TUI_STATUS_H
#define INVONCE_TUI_STATUS_H

#include "protocol/client/submitter.h"

#include <stdbool.h>
#include <stddef.h>

#define STATUS_SIZE 256

/* The state word: Editing, Saving, Created, Conflict, Rejected or Unconfirmed; translated. */
const char *status_word(enum submission_state state);

/* What follows it while it is being saved, from the press on: the seconds, which attempt and why,
 * in fewer words where they don't fit in `columns`. */
void status_saving(const struct submitter_view *view, int64_t now_ms, int columns,
                   char text[STATUS_SIZE]);

/* The same in a line of its own, without the seconds. False for the first attempt: nothing to say.
 */
bool status_attempt(const struct submitter_view *view, char text[STATUS_SIZE]);

/* The journal is locked, and what to do. */
const char *status_locked(void);

/* CREATED: what is said of presses that were ignored, or read too late; NULL: there were none. */
const char *status_created(const struct submitter_view *view, unsigned late_presses);

/* UNCONFIRMED: what is known of it (owned by the caller; NULL: out of memory), and what is safe,
 * one sentence each; NULL past the last. */
char *status_unconfirmed(const struct submitter_view *view);
const char *status_unconfirmed_advice(size_t index);

/* What can be done about a server that doesn't answer. */
const char *status_away(void);

/* CONFLICT: what stands in the way by the problem (NULL: it can't be read), and what can be done
 * about it. */
const char *status_conflict(const struct resource *kind, const struct json *problem);
const char *status_conflict_advice(const struct resource *kind, const struct json *problem);
/* That there is nothing to be done, as what was typed is the original to the last member
 * (RULES.md section 6). Owned by the caller; NULL: it isn't, or out of memory. */
char *status_same(const struct resource *kind, const struct record *original,
                  const struct json *typed);
/* What can be done where it isn't in the form any more. */
const char *status_conflict_taken_back(const struct resource *kind, const struct json *problem);

/* In plain words why the server, or the journal, refused what has no field to show it at. Owned by
 * the caller; NULL: out of memory. */
char *status_refusal(const struct resource *kind, const struct submitter_view *view);

#endif
