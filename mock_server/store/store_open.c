/* The kinds of store that this program can open. */
#include "mock_server/store/driver.h"

#include <stdio.h>
#include <string.h>

static const struct store_driver *const DRIVERS[] = {&sqlite_driver};

struct store *store_open(const char *url, unsigned without, char message[STORE_MESSAGE_MAX])
{
    for (size_t i = 0; i < sizeof DRIVERS / sizeof DRIVERS[0]; i++) {
        size_t length = strlen(DRIVERS[i]->scheme);
        if (strncmp(url, DRIVERS[i]->scheme, length) == 0) {
            return DRIVERS[i]->open(url + length, without, message);
        }
    }
    snprintf(message, STORE_MESSAGE_MAX, "there is no kind of store for %s", url);
    return NULL;
}
