#include "tests/lab/sender.h"

#include "tests/lab/told.h"
#include "tests/support/json_pointer.h"
#include "tests/support/parallel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sender_open_for(struct sender *sender, struct trial *trial, const char *client,
                     const char *tenant, const char *token)
{
    *sender = (struct sender){.trial = trial,
                              .client = client,
                              .token = token,
                              .tenant = tenant,
                              .body = trial->body,
                              .state = "unconfirmed"};
    idempotency_key_make(sender->key);
    evidence_acts(trial->world->evidence, client, mock_user(token));
    evidence_meant(trial->world->evidence, client, tenant, trial->subject, trial->body);
}

void sender_open(struct sender *sender, struct trial *trial, const char *client)
{
    sender_open_for(sender, trial, client, TRIAL_TENANT, TOKEN_ANA);
}

static struct http_reply post(const struct sender *sender)
{
    char *url = support_format("%s/v1/invoices", sender->trial->world->mock.url);
    char *key = support_format("\"%s\"", sender->key);
    struct http_reply reply = http_send(&(struct http_request){
        .url = url, .token = sender->token, .key = key, .body = sender->body});
    free(key);
    free(url);
    return reply;
}

void sender_ask(struct sender *sender)
{
    sender->reply = post(sender);
}

struct volley {
    const struct sender *sender;
    struct http_reply replies[SENDER_AT_ONCE_MAX];
};

static void send_one(size_t index, void *context)
{
    struct volley *volley = context;
    volley->replies[index] = post(volley->sender);
}

static void take(struct sender *sender, const struct http_reply *reply)
{
    const char *said = told_by_reply(reply);
    const char *id = json_pointer_text(reply->json, "/id");
    if (strcmp(said, "conflict") == 0) id = json_pointer_text(reply->json, "/existing/id");
    sender->sent++;
    sender->answered += reply->error == 0 && reply->status != 0;
    evidence_told(sender->trial->world->evidence,
                  &(struct evidence_telling){.client = sender->client,
                                             .subject = sender->trial->subject,
                                             .said = said,
                                             .record = *id ? id : NULL});
    told_reply(sender->trial->world->evidence, reply,
               &(struct evidence_reply){
                   .tenant = sender->tenant, .key = sender->key, .status = reply->status});
    if (strcmp(sender->state, "created") == 0) return; /* and nothing changes that */
    sender->state = strcmp(said, "replayed") == 0 ? "created" : said;
    snprintf(sender->record, sizeof sender->record, "%s", id);
}

void sender_send(struct sender *sender, size_t times)
{
    struct volley volley = {.sender = sender};
    if (times > SENDER_AT_ONCE_MAX) support_die("too many at once");
    parallel_run(times, send_one, &volley);
    for (size_t i = 0; i < times; i++) {
        take(sender, &volley.replies[i]);
        http_reply_clear(&volley.replies[i]);
    }
}

void sender_close(struct sender *sender)
{
    if (sender->reply.body) take(sender, &sender->reply);
    if (sender->reply.body) http_reply_clear(&sender->reply);
    evidence_sent(sender->trial->world->evidence,
                  &(struct evidence_sending){.client = sender->client,
                                             .tenant = sender->tenant,
                                             .key = sender->key,
                                             .subject = sender->trial->subject,
                                             .body = sender->body,
                                             .sent = sender->sent,
                                             .answered = sender->answered,
                                             .state = sender->state,
                                             .record = *sender->record ? sender->record : NULL});
}
