/* What a run is told on the command line. */
#ifndef INVONCE_TESTS_LAB_CONFORM_SETTINGS_H
#define INVONCE_TESTS_LAB_CONFORM_SETTINGS_H

#include <stdint.h>

struct run_settings {
    char *url; /* without a slash at its end */
    const char *token;
    const char *other_token;     /* NULL, as each that wasn't given */
    const char *restart_command; /* ends the server as a crash would, and starts it again */
    const char *ca_file;
    int64_t key_ttl_ms; /* 0: not told */
    int64_t lease_ms;   /* how long a key may stay in progress after a crash */
    int64_t timeout_ms; /* of a request */
};

#endif
