/* What the command line asked for; set once, before any thread starts. */
#ifndef INVONCE_MOCK_SERVER_BASE_SETTINGS_H
#define INVONCE_MOCK_SERVER_BASE_SETTINGS_H

#include "mock_server/base/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct auth;

struct settings {
    const char *listen; /* HOST:PORT */
    const char *store;  /* NULL: the default */
    int64_t partitions; /* of a store by tenant; 0: not told */
    struct auth *auth;
    const char *tls_cert, *tls_key; /* files; NULL: plain HTTP */
    bool behind_proxy;
    int64_t key_ttl_ms, in_progress_wait_ms, lease_ms, request_timeout_ms;
    int64_t max_connections, max_per_address, max_queue; /* max_per_address 0: not told */
    const char **faults;
    size_t fault_count;
    bool faults_api;
    int64_t fault_seed;
    unsigned without; /* enum store_layer */
    enum log_format log_format;
    const char *deliver; /* URL; NULL: nothing is delivered */
    const char *deliver_token_file, *deliver_secret_file, *deliver_ca; /* NULL: none */
    int64_t deliver_for_ms, deliver_timeout_ms;
};

extern struct settings settings;

#endif
