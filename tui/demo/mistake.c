#include "tui/demo/mistake.h"

#include "protocol/wire/duration.h"

#include <string.h>

#define UNLOCK_AFTER "unlock-after="
#define AFTER_MAX_MS 3600000

bool mistake_read(const char *text, struct mistake *mistake)
{
    *mistake = (struct mistake){.kind = MISTAKE_NONE};
    if (strcmp(text, "no-lock") == 0) {
        mistake->kind = MISTAKE_NO_LOCK;
    } else if (strcmp(text, "new-key-per-retry") == 0) {
        mistake->kind = MISTAKE_NEW_KEY_PER_RETRY;
    } else if (strncmp(text, UNLOCK_AFTER, strlen(UNLOCK_AFTER)) == 0 &&
               duration_parse(text + strlen(UNLOCK_AFTER), 1, AFTER_MAX_MS, &mistake->after_ms)) {
        mistake->kind = MISTAKE_UNLOCK_AFTER;
    }
    return mistake->kind != MISTAKE_NONE;
}
