#include "mock_server/base/settings.h"

struct settings settings = {
    .listen = "127.0.0.1:8420",
    .key_ttl_ms = INT64_C(24) * 3600 * 1000,
    .in_progress_wait_ms = 2000,
    .lease_ms = 30000,
    .request_timeout_ms = 20000,
    .max_connections = 1000,
    .max_queue = 1024,
    .fault_seed = 1,
    .deliver_for_ms = INT64_C(72) * 3600 * 1000,
    .deliver_timeout_ms = 10000,
};
