#include "protocol/client/courier/whoami.h"

#include "protocol/wire/json.h"

#include "protocol/wire/json.h"
#include <stdlib.h>
#include <string.h>

#define HTTP_OK        200
#define HTTP_NOBODY    401
#define HTTP_FORBIDDEN 403

bool whoami_read(const struct reply *reply, struct whoami *whoami)
{
    char problem[JSON_PROBLEM_MAX];
    *whoami = (struct whoami){0};
    if (reply->fate != REPLY_WHOLE || reply->status != HTTP_OK) return false;
    struct json *json = json_read_object(reply->body, reply->length, problem);
    const char *tenant = json != NULL ? json_text(json, "tenant") : NULL;
    const char *user = json != NULL ? json_text(json, "user") : NULL;
    if (tenant != NULL && user != NULL) {
        whoami->tenant = strdup(tenant);
        whoami->user = strdup(user);
    }
    json_free(json);
    if (whoami->tenant != NULL && whoami->user != NULL) return true;
    whoami_clear(whoami);
    return false;
}

void whoami_clear(struct whoami *whoami)
{
    free(whoami->tenant);
    free(whoami->user);
    *whoami = (struct whoami){0};
}

bool whoami_is_refused(const struct reply *reply)
{
    return reply->fate == REPLY_WHOLE &&
           (reply->status == HTTP_NOBODY || reply->status == HTTP_FORBIDDEN);
}
