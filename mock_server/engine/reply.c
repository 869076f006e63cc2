#include "mock_server/engine/reply.h"

#include "protocol/wire/buffer.h"
#include "protocol/wire/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void reply_clear(struct reply *reply)
{
    free(reply->body);
    free(reply->location);
    free(reply->canonical);
    *reply = (struct reply){0};
}

void reply_take(struct reply *reply, int status, const char *content_type, char *body,
                size_t length)
{
    reply_clear(reply);
    reply->status = body ? status : 500;
    reply->content_type = content_type;
    reply->body = body;
    reply->length = body ? length : 0;
}

void reply_json(struct reply *reply, int status, struct json *value)
{
    struct buffer body = {0};
    buffer_reserve(&body, 512);
    if (value) {
        buffer_json(&body, value);
    }
    if (!value || body.failed) {
        buffer_clear(&body);
    }
    json_free(value);
    reply_take(reply, status, MEDIA_JSON, body.bytes, body.length);
}

void reply_problem_json(struct reply *reply, struct json *problem)
{
    int64_t status = json_integer(json_member(problem, "status"), 0);
    reply_json(reply, (int)status, problem);
    reply->content_type = PROBLEM_MEDIA_TYPE;
}

void reply_problem(struct reply *reply, enum problem_type type, const char *detail, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, detail);
    int length = vasprintf(&text, detail, arguments);
    va_end(arguments);
    reply_problem_json(reply, length < 0 ? NULL : problem_new(type, "%s", text));
    if (length >= 0) {
        free(text);
    }
}

void reply_violations(struct reply *reply, const struct violations *violations)
{
    struct json *problem =
        problem_new(PROBLEM_VALIDATION_FAILED,
                    violations->count == 1
                        ? N_("%zu member of this request needs to be mended; nothing was saved.")
                        : N_("%zu members of this request need to be mended; nothing was saved."),
                    violations->count);
    json_put(problem, "errors", violations_to_json(violations));
    reply_problem_json(reply, problem);
}

void reply_store_away(struct reply *reply)
{
    reply_problem(reply, PROBLEM_TOO_BUSY,
                  "The store cannot be reached just now. Send the same request again in a moment.");
    reply->retry_after_s = 1;
}
