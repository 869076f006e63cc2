/* Replies that don't come, and others at the same instant. */
#include "tests/lab/scenarios.h"
#include "tests/lab/sender.h"
#include "tests/lab/told.h"
#include "tests/lab/typist.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/parallel.h"

#include <signal.h>
#include <stdlib.h>

/* One of the ways in which the answer to the first request is lost behind its commit. */
void scenario_lost_reply(struct trial *trial)
{
    static const char *const losses[] = {"drop-response@attempt=1", "reset-response@attempt=1",
                                         "truncate-response@attempt=1", "garble-response@attempt=1",
                                         "status-after-commit=502@attempt=1"};
    struct typist typist;
    typist_open(&typist, trial, "operator", typist_bug(trial->world));
    typist_fill_in(&typist);
    world_harm(trial->world, losses[trial_draw(trial, sizeof losses / sizeof *losses)]);
    typist_press(&typist, "<Enter>");
    typist_be_told(&typist);
    world_wait_for(trial->world, trial->subject, 2);
    typist_close(&typist);
}

/* The first request is over for the client, and not for the server: it commits before the second
 * one comes, or when the server has answered that. */
void scenario_time_out(struct trial *trial)
{
    struct typist typist;
    bool commits_late = trial_draw(trial, 2);
    typist_open(&typist, trial, "operator", typist_bug(trial->world));
    room_set(&typist.room, "INVONCE_ATTEMPT_TIMEOUT=700ms");
    typist_fill_in(&typist);
    world_harm(trial->world, commits_late ? "delay-before-commit=1h@attempt=1" : "hang@attempt=1");
    typist_press(&typist, "<Enter>");
    world_wait_for(trial->world, trial->subject, 1);
    if (commits_late) world_harm(trial->world, NULL);
    typist_be_told(&typist);
    world_wait_for(trial->world, trial->subject, 2);
    world_harm(trial->world, NULL);
    typist_close(&typist);
}

/* Two people, each with a home and a key of their own, at one instant. */
void scenario_two_terminals(struct trial *trial)
{
    struct typist both[2];
    static const char *const clients[2] = {"operator", "colleague"};
    const struct process *server = &trial->world->mock.process;
    for (int i = 0; i < 2; i++) {
        typist_open(&both[i], trial, clients[i], typist_bug(trial->world));
        typist_fill_in(&both[i]);
    }
    process_hold(server->pid);
    unsigned first = trial_draw(trial, 2);
    typist_press(&both[first], "<Enter>");
    typist_press(&both[1 - first], "<Enter>");
    for (int i = 0; i < 2; i++)
        typist_wait_for(&both[i], "Saving");
    process_signal(server, SIGCONT);
    for (int i = 0; i < 2; i++)
        typist_be_told(&both[i]);
    world_wait_for(trial->world, trial->subject, 2);
    for (int i = 0; i < 2; i++)
        typist_close(&both[i]);
}

void scenario_same_key_at_once(struct trial *trial)
{
    struct sender sender;
    sender_open(&sender, trial, "program");
    sender_send(&sender, 2 + trial_draw(trial, SENDER_AT_ONCE_MAX - 1));
    sender_close(&sender);
}

/* --- a provider that delivers an event until it hears of it --- */

struct delivery {
    struct trial *trial;
    char *events[SENDER_AT_ONCE_MAX];
    struct http_reply replies[SENDER_AT_ONCE_MAX];
};

static void deliver(size_t index, void *context)
{
    struct delivery *delivery = context;
    char *url = support_format("%s/v1/webhooks/bank", delivery->trial->world->mock.url);
    delivery->replies[index] = http_send(
        &(struct http_request){.url = url, .token = TOKEN_ANA, .body = delivery->events[index]});
    free(url);
}

/* The event's id is its key: a provider without that layer gives each delivery another one. */
static char *event_of(const struct trial *trial, const char *invoice, size_t index)
{
    bool has_key = layers_have(trial->world->layers, LAYER_KEY);
    return support_format("{\"event_id\":\"%s-%zu\",\"type\":\"payment.received\",\"invoice_id\":"
                          "\"%s\",\"amount\":\"217.80\",\"currency\":\"EUR\",\"paid_at\":"
                          "\"2026-11-22T10:00:00Z\"}",
                          trial->subject, has_key ? 0 : index, invoice);
}

static void hear(struct delivery *delivery, size_t index)
{
    const struct http_reply *reply = &delivery->replies[index];
    const char *id = json_pointer_text(reply->json, "/payment/id");
    told_payment(delivery->trial->world->evidence, reply,
                 &(struct evidence_reply){.tenant = TRIAL_TENANT, .key = delivery->events[index]});
    evidence_told(delivery->trial->world->evidence,
                  &(struct evidence_telling){.client = "provider",
                                             .subject = delivery->trial->subject,
                                             .said = reply->status == 200 ? "created" : "rejected",
                                             .record = *id ? id : NULL});
}

void scenario_redelivery(struct trial *trial)
{
    struct sender program;
    struct delivery delivery = {.trial = trial};
    sender_open(&program, trial, "program");
    sender_send(&program, 1);
    sender_close(&program);
    size_t count = 2 + trial_draw(trial, 3);
    bool at_once = trial_draw(trial, 2);
    for (size_t i = 0; i < count; i++)
        delivery.events[i] = event_of(trial, program.record, i);
    evidence_meant_payment(trial->world->evidence, "provider", TRIAL_TENANT, trial->subject,
                           delivery.events[0]);
    if (at_once) parallel_run(count, deliver, &delivery);
    for (size_t i = 0; i < count; i++) {
        if (!at_once) deliver(i, &delivery);
        hear(&delivery, i);
        http_reply_clear(&delivery.replies[i]);
        free(delivery.events[i]);
    }
}
