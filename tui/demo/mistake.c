#include "tui/demo/mistake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define UNLOCK_AFTER "unlock-after="
#define AFTER_MAX_MS 3600000

static bool read_after(const char *text, int64_t *ms)
{
    char *unit;
    errno = 0;
    if (*text < '0' || *text > '9') return false;
    long number = strtol(text, &unit, 10);
    long scale = strcmp(unit, "ms") == 0 ? 1 : strcmp(unit, "s") == 0 ? 1000 : 0;
    if (errno != 0 || scale == 0 || number < 1 || number > AFTER_MAX_MS / scale) return false;
    *ms = (int64_t)number * scale;
    return true;
}

bool mistake_read(const char *text, struct mistake *mistake)
{
    *mistake = (struct mistake){.kind = MISTAKE_NONE};
    if (strcmp(text, "no-lock") == 0) {
        mistake->kind = MISTAKE_NO_LOCK;
    } else if (strcmp(text, "new-key-per-retry") == 0) {
        mistake->kind = MISTAKE_NEW_KEY_PER_RETRY;
    } else if (strncmp(text, UNLOCK_AFTER, strlen(UNLOCK_AFTER)) == 0 &&
               read_after(text + strlen(UNLOCK_AFTER), &mistake->after_ms)) {
        mistake->kind = MISTAKE_UNLOCK_AFTER;
    }
    return mistake->kind != MISTAKE_NONE;
}
