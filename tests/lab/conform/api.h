/* What is asked of a server beside its endpoint, with the token. */
#ifndef INVONCE_TESTS_LAB_CONFORM_API_H
#define INVONCE_TESTS_LAB_CONFORM_API_H

#include "tests/lab/conform/settings.h"
#include "tests/support/http.h"

#define REPLY_MAX (1024 * 1024) /* bytes; more is no answer */

/* `method`, `body` NULL: a GET. `timeout_ms` 0: as the settings have it. To be cleared. */
struct http_reply api_ask(const struct run_settings *settings, const char *method, const char *path,
                          const char *body, int64_t timeout_ms);

#endif
