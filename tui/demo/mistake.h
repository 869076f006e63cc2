/* A mistake that real clients make, planted in the demonstration so that the harm can be seen. */
#ifndef INVONCE_TUI_MISTAKE_H
#define INVONCE_TUI_MISTAKE_H

#include <stdbool.h>
#include <stdint.h>

enum mistake_kind {
    MISTAKE_NONE,
    MISTAKE_NO_LOCK,           /* each press is an intent of its own */
    MISTAKE_UNLOCK_AFTER,      /* a timer opens the lock, and the next press is a new intent */
    MISTAKE_NEW_KEY_PER_RETRY, /* what was sent is sent again under another key */
};

struct mistake {
    enum mistake_kind kind;
    int64_t after_ms; /* UNLOCK_AFTER */
};

/* Reads "no-lock", "unlock-after=2s" (or 500ms) or "new-key-per-retry". */
bool mistake_read(const char *text, struct mistake *mistake);

#endif
