#include "tests/lab/soak/program.h"

#include "tests/lab/soak/dice.h"
#include "tests/lab/told.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/mock.h"
#include "tests/support/parallel.h"
#include "tests/support/sample.h"

#include "protocol/wire/idempotency_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE_MAX 4
#define TIMEOUT_MS  5000
#define PAUSE_MS    400
#define TENANT      "north"

/* The same to several servers at one instant. */
struct volley {
    const struct field *field;
    const char *path, *key, *body; /* key: NULL, or as it stands in the header */
    size_t servers[AT_ONCE_MAX];
    struct http_reply replies[AT_ONCE_MAX];
};

static void send_one(size_t index, void *context)
{
    struct volley *volley = context;
    char *url =
        support_format("%s%s", volley->field->servers[volley->servers[index]].url, volley->path);
    volley->replies[index] = http_send(&(struct http_request){.url = url,
                                                              .token = TOKEN_ANA,
                                                              .key = volley->key,
                                                              .body = volley->body,
                                                              .timeout_ms = TIMEOUT_MS});
    free(url);
}

static void shoot(struct volley *volley, struct dice *dice, size_t count)
{
    for (size_t i = 0; i < count; i++)
        volley->servers[i] = dice_below(dice, (unsigned)volley->field->count);
    parallel_run(count, send_one, volley);
}

static bool is_definite(const char *state)
{
    return strcmp(state, "unconfirmed") != 0;
}

/* What one reply to a create says; the first definite answer stands. */
static void take(struct evidence *evidence, struct evidence_sending *sending,
                 const struct http_reply *reply, char record[24])
{
    const char *said = told_by_reply(reply);
    const char *id = json_pointer_text(reply->json, "/id");
    if (strcmp(said, "conflict") == 0) id = json_pointer_text(reply->json, "/existing/id");
    sending->sent++;
    sending->answered += reply->error == 0 && reply->status != 0;
    if (!is_definite(said)) return;
    evidence_told(evidence, &(struct evidence_telling){.client = sending->client,
                                                       .subject = sending->subject,
                                                       .said = said,
                                                       .record = *id ? id : NULL});
    told_reply(evidence, reply,
               &(struct evidence_reply){.tenant = sending->tenant, .key = sending->key});
    if (is_definite(sending->state)) return;
    sending->state = strcmp(said, "replayed") == 0 ? "created" : said;
    snprintf(record, 24, "%s", id);
}

/* Until it is settled. */
static void create(struct soak *soak, struct dice *dice, struct evidence_sending *sending,
                   char record[24])
{
    char *key = support_format("\"%s\"", sending->key);
    bool is_first = true;
    while (is_first || (!is_definite(sending->state) && soak_may_go_on(soak))) {
        struct volley volley = {
            .field = &soak->field, .path = "/v1/invoices", .key = key, .body = sending->body};
        size_t count = dice_between(dice, 1, AT_ONCE_MAX);
        if (count > 1) tally_count(TALLY_PROGRAM_AT_ONCE);
        if (!is_first) tally_count(TALLY_PROGRAM_AGAIN);
        shoot(&volley, dice, count);
        struct evidence *evidence = soak_evidence(soak);
        for (size_t i = 0; i < count; i++)
            take(evidence, sending, &volley.replies[i], record);
        soak_evidence_done(soak);
        for (size_t i = 0; i < count; i++)
            http_reply_clear(&volley.replies[i]);
        if (!is_definite(sending->state)) soak_sleep(dice_between(dice, 20, 300));
        is_first = false;
    }
    free(key);
}

/* Whether one of them has said yes. */
static bool hear_of_payment(struct soak *soak, const char *subject, struct volley *volley,
                            size_t count)
{
    bool is_taken = false;
    struct evidence *evidence = soak_evidence(soak);
    for (size_t i = 0; i < count; i++) {
        const struct http_reply *reply = &volley->replies[i];
        const char *id = json_pointer_text(reply->json, "/payment/id");
        if (reply->status == 200 && *id) {
            is_taken = true;
            evidence_told(evidence, &(struct evidence_telling){.client = "provider",
                                                               .subject = subject,
                                                               .said = "created",
                                                               .record = id});
        }
        told_payment(evidence, reply, &(struct evidence_reply){.tenant = TENANT, .key = subject});
        http_reply_clear(&volley->replies[i]);
    }
    soak_evidence_done(soak);
    return is_taken;
}

/* A payment for it, told until the server has said yes, and some times more. */
static void pay(struct soak *soak, struct dice *dice, const char *subject, const char *invoice)
{
    char *event = support_format(
        "{\"event_id\":\"pay-%s\",\"type\":\"payment.received\",\"invoice_id\":\"%s\",\"amount\":"
        "\"217.80\",\"currency\":\"EUR\",\"paid_at\":\"2026-11-22T10:00:00Z\"}",
        subject, invoice);
    struct evidence *evidence = soak_evidence(soak);
    evidence_meant_payment(evidence, "provider", TENANT, subject, event);
    soak_evidence_done(soak);
    atomic_fetch_add(&soak->intents, 1);
    bool is_taken = false, is_first = true;
    for (unsigned more = dice_below(dice, 3); !is_taken || more-- > 0; is_first = false) {
        struct volley volley = {.field = &soak->field, .path = "/v1/webhooks/bank", .body = event};
        size_t count = dice_between(dice, 1, 3);
        if (count > 1 || !is_first) tally_count(TALLY_WEBHOOK_AGAIN);
        shoot(&volley, dice, count);
        is_taken = hear_of_payment(soak, subject, &volley, count) || is_taken;
        if (!is_taken && !soak_may_go_on(soak)) break;
        if (!is_taken) soak_sleep(dice_between(dice, 20, 300));
    }
    free(event);
}

static void name_client(const struct program *program, char client[24])
{
    snprintf(client, 24, "program%u", program->number);
}

static void mean_one(struct program *program, struct dice *dice, unsigned index)
{
    struct soak *soak = program->soak;
    char client[24], key[IDEMPOTENCY_KEY_SIZE], record[24] = "";
    name_client(program, client);
    char *subject = support_format("%s-%u", client, index), *body = sample_body(subject, NULL);
    idempotency_key_make(key);
    struct evidence_sending sending = {.client = client,
                                       .tenant = TENANT,
                                       .key = key,
                                       .subject = subject,
                                       .body = body,
                                       .state = "unconfirmed"};
    struct evidence *evidence = soak_evidence(soak);
    evidence_meant(evidence, client, TENANT, subject, body);
    soak_evidence_done(soak);
    atomic_fetch_add(&soak->intents, 1);
    create(soak, dice, &sending, record);
    sending.record = *record ? record : NULL;
    evidence = soak_evidence(soak);
    evidence_sent(evidence, &sending);
    soak_evidence_done(soak);
    if (strcmp(sending.state, "created") == 0 && dice_once_in(dice, 2))
        pay(soak, dice, subject, record);
    free(body);
    free(subject);
}

static void introduce(const struct program *program)
{
    char client[24];
    name_client(program, client);
    evidence_acts(soak_evidence(program->soak), client, mock_user(TOKEN_ANA));
    soak_evidence_done(program->soak);
}

void *program_run(void *context)
{
    struct program *program = context;
    introduce(program);
    struct dice dice = dice_of(program->soak->seed, 300 + program->number);
    for (unsigned i = 0; !atomic_load(&program->soak->is_closing); i++) {
        mean_one(program, &dice, i);
        soak_pause(program->soak, &dice, PAUSE_MS);
    }
    return NULL;
}
