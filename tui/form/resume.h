/* Settles, in the background, the intents that the journal still has open: those of earlier runs,
 * and those kept in the outbox. */
#ifndef INVONCE_TUI_RESUME_H
#define INVONCE_TUI_RESUME_H

#include "protocol/client/submitter.h"

#include <stdbool.h>
#include <stdint.h>

struct resume {
    struct journal *journal;
    struct submitter *submitter;
    bool in_hand;    /* an intent is being seen to */
    char *notice;    /* what became of the last one; NULL: nothing to tell */
    int64_t told_ms; /* when it was first shown; INT64_MAX: it wasn't yet */
    int64_t due_ms;
    int64_t pause_ms;
};

/* False: out of memory. */
bool resume_start(struct resume *resume, const struct resource *resource,
                  const struct submitter_context *context);
void resume_stop(struct resume *resume);

/* Does at most one thing that is due; takes up another intent only if it `may_adopt`. True when it
 * may have more to do at once, or has news. */
bool resume_advance(struct resume *resume, bool may_adopt, int64_t now_ms);
int64_t resume_due_ms(const struct resume *resume, bool may_adopt);

/* Something was put in the outbox: look now. */
void resume_look(struct resume *resume);

/* Tells `news` (owned from here on) as if it were its own. */
void resume_tell(struct resume *resume, char *news);

/* The notice is on the screen. */
void resume_shown(struct resume *resume, int64_t now_ms);

/* It hasn't had its answer yet. */
bool resume_is_sending(const struct resume *resume);

/* The key of the intent that is being seen to, "" for none. Borrowed. */
const char *resume_key(const struct resume *resume);

/* The operator goes on: what was shown a while ago is past. */
void resume_forget_notice(struct resume *resume, int64_t now_ms);

#endif
