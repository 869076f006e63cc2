/* Whose token it is: asked of the server in the background, for the journal and the top line. */
#ifndef INVONCE_CLIENT_IDENTITY_H
#define INVONCE_CLIENT_IDENTITY_H

#include "protocol/client/courier/courier.h"

#include <stdbool.h>
#include <stdint.h>

struct identity {
    struct courier *courier;
    struct courier_call *call; /* on its way */
    char *tenant;              /* "north"; NULL until it is known, as is the next */
    char *account;             /* "north / ana" */
    bool refused;              /* the server doesn't know the token */
    bool asked;                /* once, whatever came of it */
    bool away;                 /* the last time no answer came */
    int64_t due_ms;            /* INT64_MAX: nothing more to ask */
    int64_t pause_ms;
};

void identity_start(struct identity *identity, struct courier *courier);
void identity_stop(struct identity *identity);

/* Asks when it is time to. */
void identity_advance(struct identity *identity, int64_t now_ms);

#endif
