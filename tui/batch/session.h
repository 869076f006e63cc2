/* What the commands without a screen work with: courier, journal and signals, opened and closed
 * together. */
#ifndef INVONCE_TUI_SESSION_H
#define INVONCE_TUI_SESSION_H

#include "protocol/client/submitter.h"
#include "tui/command/settings.h"

struct session {
    struct submitter_context context;
    int64_t told_run; /* is over once everything else is; 0: none */
};

/* Opens everything, asks the server whose the token is (what isn't known yet: an intent is never
 * sent for another tenant), and forgets what is old in the journal. A server that doesn't answer is
 * no failure. 0, or the exit code, and what is wrong is on standard error. */
int session_open(struct session *session, const struct settings *settings);
void session_close(struct session *session);

/* How long these commands wait for a journal that another program has locked, and that they say so;
 * `interrupt` as in struct journal_patience. */
struct journal_patience session_patience(const struct settings *settings, int interrupt);

/* Says why it can't go on, or that it was interrupted, and gives the exit code. */
int session_failed(const char *sentence);

#endif
