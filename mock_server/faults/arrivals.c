#include "mock_server/faults/arrivals.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arrival {
    int64_t count;
    char name[]; /* a line each for tenant and endpoint, which have no line breaks, and the key */
};

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct arrival *)a)->name, ((const struct arrival *)b)->name);
}

int64_t arrivals_add(struct arrivals *arrivals, const char *tenant, const char *endpoint,
                     const char *key)
{
    size_t size = strlen(tenant) + strlen(endpoint) + strlen(key) + sizeof "\n\n";
    struct arrival *arrival = malloc(sizeof *arrival + size);
    if (!arrival) {
        return 1;
    }
    arrival->count = 0;
    snprintf(arrival->name, size, "%s\n%s\n%s", tenant, endpoint, key);
    if (arrivals->names == ARRIVALS_MAX && !tfind(arrival, &arrivals->tree, compare)) {
        arrivals_clear(arrivals);
    }
    struct arrival **place = tsearch(arrival, &arrivals->tree, compare);
    if (!place || *place != arrival) {
        free(arrival);
    } else {
        arrivals->names++;
    }
    return place ? ++(*place)->count : 1;
}

void arrivals_clear(struct arrivals *arrivals)
{
    tdestroy(arrivals->tree, free);
    *arrivals = (struct arrivals){0};
}
