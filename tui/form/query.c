#include "tui/form/query.h"

#include "protocol/wire/json.h"
#include "tui/words/words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HTTP_OK           200
#define HTTP_UNAUTHORIZED 401

static bool is_unreserved(unsigned char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte >= '0' && byte <= '9') || (byte != '\0' && strchr("-._~", byte));
}

char *query_encode(const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    char *encoded = malloc(3 * strlen(text) + 1);
    if (!encoded) return NULL;
    char *end = encoded;
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (is_unreserved(byte)) {
            *end++ = *text;
            continue;
        }
        *end++ = '%';
        *end++ = hex[byte >> 4];
        *end++ = hex[byte & 15];
    }
    *end = '\0';
    return encoded;
}

static void forget(struct query *query)
{
    if (query->call) courier_cancel(query->call);
    free(query->path);
    query->call = NULL;
    query->path = NULL;
    query->asked = false;
}

void query_stop(struct query *query)
{
    forget(query);
}

void query_ask(struct query *query, char *path, int64_t due_ms)
{
    forget(query);
    query->path = path;
    query->due_ms = due_ms;
}

static void answered(void *context, const struct reply *reply)
{
    struct query *query = context;
    char problem[JSON_PROBLEM_MAX];
    struct json *json = NULL;
    const char *trouble = N_("the server's answer can't be read: see that its address is right");
    assert(query->asked && query->path);
    query->call = NULL;
    if (reply->fate != REPLY_WHOLE)
        trouble = reply->error ? reply->error : N_("no answer");
    else if (reply->status == HTTP_UNAUTHORIZED)
        trouble = N_("the server doesn't know your token: see --token");
    else if (reply->status == HTTP_OK)
        json = json_read_object(reply->body, reply->length, problem);
    struct json *data = json ? json_member(json, "data") : NULL;
    if (json_kind(data) != JSON_ARRAY) data = NULL;
    query->next = data ? json_text(json, "next_cursor") : NULL;
    query->done(query->context, data, data ? NULL : trouble);
    query->next = NULL;
    json_free(json);
}

void query_advance(struct query *query, int64_t now_ms)
{
    if (!query->path || query->asked || now_ms < query->due_ms) return;
    const struct courier_request request = {.path = query->path};
    query->asked = true;
    query->call = courier_send(query->courier, &request, answered, query);
    if (!query->call) query->done(query->context, NULL, N_("there is not enough memory"));
}

int64_t query_due_ms(const struct query *query)
{
    return query->path && !query->asked ? query->due_ms : INT64_MAX;
}
