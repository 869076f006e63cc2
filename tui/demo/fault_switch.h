/* The faults of the demonstration's server: which are in force, and switching them. */
#ifndef INVONCE_TUI_FAULT_SWITCH_H
#define INVONCE_TUI_FAULT_SWITCH_H

#include "protocol/client/courier/courier.h"

#include "protocol/wire/json.h"
#include <stdbool.h>

#define FAULT_SWITCH_WORDS_SIZE 400

/* Those that have a key. */
enum fault_choice { FAULT_LOSE_REPLY, FAULT_DELAY, FAULT_STATUS, FAULT_CHOICES };

struct fault_switch {
    struct courier *courier;
    struct courier_call *call;
    char *body;          /* of the call */
    struct json *rules;  /* in force, as the server last said; NULL: not known yet */
    struct json *wanted; /* what was chosen, until the server has said so; NULL: nothing */
    bool unsent;         /* since it last left */
    bool refused;        /* the last switch didn't reach the server */
    bool news;           /* since it was last taken back */
};

/* Asks which rules are in force. */
void fault_switch_start(struct fault_switch *faults, struct courier *courier);
void fault_switch_stop(struct fault_switch *faults);

/* Puts the rule in force, or out of it. */
void fault_switch_turn(struct fault_switch *faults, enum fault_choice choice);
void fault_switch_clear(struct fault_switch *faults);

/* "faults: lose the 1st reply, hang@every=3"; "faults: none". */
void fault_switch_words(const struct fault_switch *faults, char words[FAULT_SWITCH_WORDS_SIZE]);

#endif
