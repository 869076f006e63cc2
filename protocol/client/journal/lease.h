/* Which of several processes still live, told by a lock that the kernel lets go of when its holder
 * ends, however it ends. No process number to be reused, no time-out to guess. */
#ifndef INVONCE_CLIENT_LEASE_H
#define INVONCE_CLIENT_LEASE_H

#include <stdbool.h>
#include <stdint.h>

struct lease {
    int file;      /* -1: none */
    int64_t owner; /* this holder's number: random, above 0 */
};

/* Makes the file (mode 0600) if need be and locks a byte of it for a new owner. False with errno.
 */
bool lease_take(struct lease *lease, const char *path);
void lease_release(struct lease *lease);

/* True when that owner is this lease's or another one that is held. True also when it can't be
 * told: nobody's work is taken over on a guess. */
bool lease_is_held(const struct lease *lease, int64_t owner);

#endif
