/* `invonce demo --play`: which key is pressed next, and when; and what is said meanwhile. */
#ifndef INVONCE_TUI_PLAYER_H
#define INVONCE_TUI_PLAYER_H

#include "protocol/client/submission.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAYER_KEY_SIZE 8 /* bytes of a key, as a terminal sends it */
#define PLAYER_PACE_MAX 100

struct player {
    int pace; /* times the usual one; 0: nothing is played */
    size_t step;
    size_t at;      /* in the step's keys */
    int64_t due_ms; /* of the next key, or the next step */
    bool waiting;   /* the keys are pressed; for what is to come of them */
    bool reading;   /* it has come; time to read */
    bool over;      /* all was played, or something else came of it */
};

void player_start(struct player *player, int pace, int64_t now_ms);

/* The bytes of the key to be pressed now; 0: none yet. `beside`: the audit stands beside the form.
 */
size_t player_next(struct player *player, enum submission_state state, bool beside, int64_t now_ms,
                   char key[PLAYER_KEY_SIZE]);
int64_t player_due_ms(const struct player *player);

/* What is being shown, translated. */
const char *player_caption(const struct player *player);

#endif
