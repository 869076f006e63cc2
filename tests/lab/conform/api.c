#include "tests/lab/conform/api.h"

#include "tests/support/support.h"

#include <stdlib.h>

struct http_reply api_ask(const struct run_settings *settings, const char *method, const char *path,
                          const char *body, int64_t timeout_ms)
{
    char *url = support_format("%s%s", settings->url, path);
    struct http_reply reply = http_send(
        &(struct http_request){.method = method,
                               .url = url,
                               .token = settings->token,
                               .body = body,
                               .ca_file = settings->ca_file,
                               .timeout_ms = (long)(timeout_ms ? timeout_ms : settings->timeout_ms),
                               .reply_max = REPLY_MAX});
    free(url);
    return reply;
}
