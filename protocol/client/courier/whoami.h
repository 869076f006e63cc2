/* Whose a token is, as the server says: what a reply to GET /v1/whoami holds. */
#ifndef INVONCE_CLIENT_WHOAMI_H
#define INVONCE_CLIENT_WHOAMI_H

#include "protocol/client/reply.h"

#include <stdbool.h>

#define WHOAMI_PATH "/v1/whoami"

struct whoami {
    char *tenant, *user; /* owned */
};

/* False when it says nothing of the kind, or memory is out; then there is nothing to clear. */
bool whoami_read(const struct reply *reply, struct whoami *whoami);
void whoami_clear(struct whoami *whoami);

/* The server knows the token as nobody's: it would say so of any other request too. */
bool whoami_is_refused(const struct reply *reply);

#endif
