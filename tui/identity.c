#include "tui/identity.h"

#include "protocol/client/clock.h"
#include "protocol/wire/json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH            "/v1/whoami"
#define PAUSE_FIRST_MS  2000
#define PAUSE_LAST_MS   60000
#define NAME_MAX_SHOWN  64
#define HTTP_OK         200
#define HTTP_FORBIDDEN  403
#define HTTP_NO_ACCOUNT 401

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
    char problem[JSON_PROBLEM_MAX];
    json_t *json = json_read_object(reply->body, reply->length, problem);
    const char *tenant = json ? json_text(json, "tenant") : NULL;
    const char *user = json ? json_text(json, "user") : NULL;
    if (tenant && user && (identity->tenant = strdup(tenant)) &&
        asprintf(&identity->account, "%.*s / %.*s", NAME_MAX_SHOWN, tenant, NAME_MAX_SHOWN, user) <
            0)
        identity->account = NULL;
    if (!identity->account) {
        free(identity->tenant);
        identity->tenant = NULL;
    }
    json_decref(json);
}

static void answered(void *context, const struct reply *reply)
{
    struct identity *identity = context;
    identity->call = NULL;
    identity->asked = true;
    bool whole = reply->fate == REPLY_WHOLE;
    if (whole && reply->status == HTTP_OK) read_account(identity, reply);
    identity->refused =
        whole && (reply->status == HTTP_NO_ACCOUNT || reply->status == HTTP_FORBIDDEN);
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
    static const struct courier_request request = {.path = PATH};
    identity->call = courier_send(identity->courier, &request, answered, identity);
    identity->due_ms = identity->call ? INT64_MAX : now_ms + identity->pause_ms;
}
