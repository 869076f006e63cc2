#include "mock_server/http/service.h"

#include "mock_server/base/embedded.h"
#include "mock_server/engine/readers.h"
#include "mock_server/engine/writer.h"
#include "mock_server/http/metrics.h"

#include <stdlib.h>
#include <string.h>

void whoami_get(struct exchange *exchange)
{
    reply_json(&exchange->reply, 200,
               json_new_texts("tenant", exchange->who->tenant, "user", exchange->who->user, NULL));
}

void healthz_get(struct exchange *exchange)
{
    reply_json(&exchange->reply, 200, json_new_texts("status", "ok", NULL));
}

void readyz_get(struct exchange *exchange)
{
    bool readable = readers_are_well();
    if (readable && writer_is_well()) {
        reply_json(&exchange->reply, 200, json_new_texts("status", "ready", NULL));
    } else {
        reply_problem(&exchange->reply, PROBLEM_TOO_BUSY, "The store cannot be %s.",
                      readable ? "written" : "read");
        exchange->reply.retry_after_s = 1;
    }
}

void metrics_get(struct exchange *exchange)
{
    struct buffer text = {0};
    metrics_write(&text);
    if (text.failed) {
        buffer_clear(&text);
    }
    reply_take(&exchange->reply, 200, "text/plain; version=0.0.4; charset=utf-8", text.bytes,
               text.length);
}

void openapi_get(struct exchange *exchange)
{
    char *text = strdup((const char *)embedded_openapi);
    reply_take(&exchange->reply, 200, "application/yaml", text, text ? strlen(text) : 0);
}
