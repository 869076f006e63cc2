#include "protocol/client/identity.h"

#include "protocol/client/courier/whoami.h"
#include "protocol/wire/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAUSE_FIRST_MS 2000
#define PAUSE_LAST_MS  60000
#define NAME_MAX_SHOWN 64

void identity_start(struct identity *identity, struct courier *courier)
{
    *identity = (struct identity){.courier = courier, .pause_ms = PAUSE_FIRST_MS};
}

void identity_stop(struct identity *identity)
{
    if (identity->call) courier_cancel(identity->call);
    free(identity->tenant);
    free(identity->account);
    *identity = (struct identity){.due_ms = INT64_MAX};
}

static void read_account(struct identity *identity, const struct reply *reply)
{
    struct whoami whoami;
    if (!whoami_read(reply, &whoami)) return;
    if (asprintf(&identity->account, "%.*s / %.*s", NAME_MAX_SHOWN, whoami.tenant, NAME_MAX_SHOWN,
                 whoami.user) < 0) {
        identity->account = NULL;
    } else {
        identity->tenant = whoami.tenant;
        whoami.tenant = NULL;
    }
    whoami_clear(&whoami);
}

static void answered(void *context, const struct reply *reply)
{
    struct identity *identity = context;
    identity->call = NULL;
    identity->asked = true;
    identity->away = reply->fate != REPLY_WHOLE;
    read_account(identity, reply);
    identity->refused = whoami_is_refused(reply);
    if (identity->account || identity->refused) {
        identity->due_ms = INT64_MAX;
        return;
    }
    identity->due_ms = clock_monotonic_ms() + identity->pause_ms;
    if (identity->pause_ms < PAUSE_LAST_MS) identity->pause_ms *= 2;
}

void identity_advance(struct identity *identity, int64_t now_ms)
{
    if (identity->call || now_ms < identity->due_ms) return;
    static const struct courier_request request = {.path = WHOAMI_PATH};
    identity->call = courier_send(identity->courier, &request, answered, identity);
    identity->due_ms = identity->call ? INT64_MAX : now_ms + identity->pause_ms;
}
