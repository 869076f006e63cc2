/* What the commands without a screen work with: courier, journal and signals, opened and closed
 * together. */
#ifndef INVONCE_TUI_SESSION_H
#define INVONCE_TUI_SESSION_H

#include "protocol/client/submitter.h"
#include "tui/settings.h"

struct session {
    struct submitter_context context;
};

/* Opens everything, asks the server whose the token is (what isn't known yet: an intent is never
 * sent for another tenant), and forgets what is old in the journal. A server that doesn't answer is
 * no failure. 0, or the exit code, and what is wrong is on standard error. */
int session_open(struct session *session, const struct settings *settings);
void session_close(struct session *session);

#endif
