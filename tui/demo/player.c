#include "tui/demo/player.h"

#include "tui/words/words.h"

#include <assert.h>
#include <string.h>

#define KEY_MS     45
#define PRESS_MS   180 /* between keys that are to be told apart */
#define READ_MS    4000
#define GLANCE_MS  900
#define LOOK_MS    100 /* what is waited for is looked for so often */
#define ESC        '\033'
#define F5         "\033[15~"
#define F6         "\033[17~"
#define F8         "\033[19~"
#define F9         "\033[20~"
#define NEXT       "\t"
#define FIRST      "\001\013" /* to the start of the field, and delete to its end */
#define THE_REST   NEXT NEXT NEXT FIRST "EUR" NEXT "ap@northwind.example" NEXT "Northwind Ltd" NEXT
#define A_LINE     "Consulting" NEXT "1.5" NEXT "120.00" NEXT "21"
#define ENTER_FIVE "\r\r\r\r\r"

/* What is waited for behind a step's keys. */
enum until { UNTIL_TYPED, UNTIL_CREATED, UNTIL_CONFLICT };

struct step {
    const char *caption; /* NULL: the last one stays */
    const char *keys;
    int64_t key_ms;
    enum until until;
    int64_t read_ms;
    bool narrow; /* only where the audit has no place beside the form */
};

/* The audit, where it isn't seen all the time. */
#define SHOW_AUDIT                                                                                 \
    {NULL, F9, PRESS_MS, UNTIL_TYPED, READ_MS, true},                                              \
    {                                                                                              \
        NULL, F9, PRESS_MS, UNTIL_TYPED, 0, true                                                   \
    }

static const struct step story[] = {
    {N_("Three ways to a duplicate, and what stops each. Any key quits."), "", KEY_MS, UNTIL_TYPED,
     READ_MS, false},
    {N_("1 of 3: the server is slow, and Enter is pressed five times"), F6, PRESS_MS, UNTIL_TYPED,
     GLANCE_MS, false},
    {NULL, FIRST "2026-0042" THE_REST A_LINE, KEY_MS, UNTIL_TYPED, GLANCE_MS, false},
    {NULL, ENTER_FIVE, PRESS_MS, UNTIL_CREATED, READ_MS, false},
    SHOW_AUDIT,
    {N_("2 of 3: the server saves the invoice, and its reply is lost on the way"), F8 F5, PRESS_MS,
     UNTIL_TYPED, GLANCE_MS, false},
    {NULL, "n", PRESS_MS, UNTIL_TYPED, GLANCE_MS, false},
    {NULL, FIRST "2026-0043" THE_REST A_LINE, KEY_MS, UNTIL_TYPED, GLANCE_MS, false},
    {NULL, "\r", PRESS_MS, UNTIL_CREATED, READ_MS, false},
    SHOW_AUDIT,
    {N_("3 of 3: somebody types the first invoice once more"), F8, PRESS_MS, UNTIL_TYPED, GLANCE_MS,
     false},
    {NULL, "n", PRESS_MS, UNTIL_TYPED, GLANCE_MS, false},
    {NULL, FIRST "2026-0042" THE_REST A_LINE, KEY_MS, UNTIL_TYPED, GLANCE_MS, false},
    {NULL, "\r", PRESS_MS, UNTIL_CONFLICT, READ_MS, false},
    {N_("The number can be changed: a new intent, with a new key"), "e" FIRST "2026-0044", PRESS_MS,
     UNTIL_TYPED, GLANCE_MS, false},
    {NULL, "\r", PRESS_MS, UNTIL_CREATED, READ_MS, false},
    SHOW_AUDIT,
    {N_("Three invoices, each made once."), "", KEY_MS, UNTIL_TYPED, READ_MS, false},
};
#define STEPS (sizeof story / sizeof story[0])

void player_start(struct player *player, int pace, int64_t now_ms)
{
    *player = (struct player){.pace = pace, .due_ms = now_ms};
}

static void go_to(struct player *player, size_t step, int64_t now_ms)
{
    player->step = step;
    player->at = 0;
    player->waiting = player->reading = false;
    player->over = step == STEPS;
    player->due_ms = now_ms;
}

/* One key: a character, or a whole sequence. */
static size_t key_length(const char *keys)
{
    if (keys[0] != ESC || keys[1] != '[') return 1;
    return strcspn(keys, "~") + 1;
}

static size_t press(struct player *player, const struct step *step, int64_t now_ms,
                    char key[PLAYER_KEY_SIZE])
{
    const char *keys = step->keys + player->at;
    size_t length = key_length(keys);
    assert(length <= PLAYER_KEY_SIZE);
    memcpy(key, keys, length);
    player->at += length;
    player->due_ms = now_ms + step->key_ms / player->pace;
    return length;
}

static bool has_come(enum until until, enum submission_state state)
{
    switch (until) {
    case UNTIL_TYPED:
        return true;
    case UNTIL_CREATED:
        return state == SUBMISSION_CREATED;
    case UNTIL_CONFLICT:
        return state == SUBMISSION_CONFLICT;
    }
    return false;
}

static void look(struct player *player, const struct step *step, enum submission_state state,
                 int64_t now_ms)
{
    player->waiting = true;
    player->due_ms = now_ms + LOOK_MS;
    if (has_come(step->until, state)) {
        player->reading = true;
        player->due_ms = now_ms + step->read_ms / player->pace;
    } else if (submission_has_ended(state)) {
        player->over = true;
    }
}

size_t player_next(struct player *player, enum submission_state state, bool beside, int64_t now_ms,
                   char key[PLAYER_KEY_SIZE])
{
    if (player->pace == 0 || player->over || now_ms < player->due_ms) return 0;
    assert(player->step < STEPS);
    const struct step *step = &story[player->step];
    if ((step->narrow && beside) || player->reading) {
        go_to(player, player->step + 1, now_ms);
        return 0;
    }
    if (step->keys[player->at] && !player->waiting) return press(player, step, now_ms, key);
    look(player, step, state, now_ms);
    return 0;
}

int64_t player_due_ms(const struct player *player)
{
    return player->pace == 0 ? INT64_MAX : player->over ? 0 : player->due_ms;
}

const char *player_caption(const struct player *player)
{
    size_t step = player->step < STEPS ? player->step : STEPS - 1;
    while (!story[step].caption)
        step--;
    return _(story[step].caption);
}
