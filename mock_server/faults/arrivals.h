/* How often each request came, by tenant, endpoint and key. */
#ifndef INVONCE_MOCK_SERVER_FAULTS_ARRIVALS_H
#define INVONCE_MOCK_SERVER_FAULTS_ARRIVALS_H

#include <stddef.h>
#include <stdint.h>

#define ARRIVALS_MAX 65536 /* names told apart; past that the count begins anew for all */

/* All zeros is none. For one thread at a time. */
struct arrivals {
    void *tree;
    size_t names;
};

/* Counts one more and returns how many there are now; 1 when out of memory. */
int64_t arrivals_add(struct arrivals *arrivals, const char *tenant, const char *endpoint,
                     const char *key);
void arrivals_clear(struct arrivals *arrivals);

#endif
