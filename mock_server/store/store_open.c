/* The kinds of store that this program can open. */
#include "mock_server/store/driver.h"

#include <stdio.h>
#include <string.h>

static const struct store_driver *const DRIVERS[] = {&sqlite_driver, &postgres_driver};

static bool opens(const struct store_driver *driver, const char *url)
{
    for (size_t i = 0; i < sizeof driver->schemes / sizeof *driver->schemes; i++) {
        const char *scheme = driver->schemes[i];
        if (scheme && strncmp(url, scheme, strlen(scheme)) == 0) {
            return true;
        }
    }
    return false;
}

struct store *store_open(const char *url, const struct store_options *options,
                         char message[STORE_MESSAGE_MAX])
{
    for (size_t i = 0; i < sizeof DRIVERS / sizeof *DRIVERS; i++) {
        if (opens(DRIVERS[i], url)) {
            return DRIVERS[i]->open(url, options, message);
        }
    }
    snprintf(message, STORE_MESSAGE_MAX, "there is no kind of store for %s", url);
    return NULL;
}
