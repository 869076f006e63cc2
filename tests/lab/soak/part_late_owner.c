/* A server claims a key and is stopped; another one takes the key over once the lease is over, and
 * answers; the key's lifetime ends; then the first one goes on, and must commit nothing. */
#include "tests/lab/soak/parts.h"

#include "tests/lab/told.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/sample.h"

#include "protocol/wire/idempotency_key.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLIENT "late-owner"

/* Longer than the others', so that the moment between its claim and its record is met on a busy
 * machine too. */
#define LEASE    "5s"
#define DELAY    "8s"
#define LEASE_MS 5000
#define DELAY_MS 8000

/* It may have been stopped while it wrote to the file, and then nobody else can, until it goes on.
 */
#define STOPPED_MS 20000

struct late {
    struct player *player;
    struct field_server server;
    char key[IDEMPOTENCY_KEY_SIZE + 2];
    char *body, *subject;
    int sent, answered;
    char record[24];
    const char *state;
};

static void ask(struct late *late, const char *server, long timeout_ms)
{
    char *url = support_format("%s/v1/invoices", server);
    struct http_reply reply = http_send(&(struct http_request){.url = url,
                                                               .token = TOKEN_ANA,
                                                               .key = late->key,
                                                               .body = late->body,
                                                               .timeout_ms = timeout_ms});
    const char *said = told_by_reply(&reply);
    late->sent++;
    late->answered += reply.error == 0 && reply.status != 0;
    if (strcmp(said, "unconfirmed") != 0) {
        late->state = strcmp(said, "replayed") == 0 ? "created" : said;
        snprintf(late->record, sizeof late->record, "%s", json_pointer_text(reply.json, "/id"));
        struct evidence *evidence = soak_evidence(late->player->soak);
        evidence_told(evidence, &(struct evidence_telling){.client = CLIENT,
                                                           .subject = late->subject,
                                                           .said = late->state,
                                                           .record = late->record});
        told_reply(evidence, &reply, &(struct evidence_reply){.tenant = "north", .key = late->key});
        soak_evidence_done(late->player->soak);
    }
    http_reply_clear(&reply);
    free(url);
}

/* What a server that answers says of the key; "": none does. */
static const char *state_of_key(struct late *late)
{
    static _Thread_local char state[24];
    struct soak *soak = late->player->soak;
    unsigned which = dice_below(&late->player->dice, (unsigned)soak->field.count);
    char *url = support_format("%s/v1/intents/%.*s", soak->field.servers[which].url,
                               (int)strlen(late->key) - 2, late->key + 1);
    struct http_reply reply =
        http_send(&(struct http_request){.url = url, .token = TOKEN_ANA, .timeout_ms = 500});
    snprintf(state, sizeof state, "%s", json_pointer_text(reply.json, "/state"));
    http_reply_clear(&reply);
    free(url);
    return state;
}

/* Whether somebody says so by then. */
static bool is_claimed_by(struct late *late, long long deadline_ms)
{
    bool is_claimed = false;
    while (!is_claimed && support_now_ms() < deadline_ms) {
        is_claimed = strcmp(state_of_key(late), "in_progress") == 0;
        if (!is_claimed) soak_sleep(20);
    }
    return is_claimed;
}

static void mean(struct late *late)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    struct player *player = late->player;
    idempotency_key_make(key);
    snprintf(late->key, sizeof late->key, "\"%s\"", key);
    late->subject = support_format("late-%llu", (unsigned long long)player->dice.drawn++);
    late->body = sample_body(late->subject, NULL);
    struct evidence *evidence = soak_evidence(player->soak);
    evidence_acts(evidence, CLIENT, mock_user(TOKEN_ANA));
    evidence_meant(evidence, CLIENT, "north", late->subject, late->body);
    soak_evidence_done(player->soak);
    atomic_fetch_add(&player->soak->intents, 1);
}

static void close_late(struct late *late)
{
    struct soak *soak = late->player->soak;
    late->key[strlen(late->key) - 1] = '\0';
    struct evidence *evidence = soak_evidence(soak);
    evidence_sent(evidence,
                  &(struct evidence_sending){.client = CLIENT,
                                             .tenant = "north",
                                             .key = late->key + 1,
                                             .subject = late->subject,
                                             .body = late->body,
                                             .sent = late->sent,
                                             .answered = late->answered,
                                             .state = late->state,
                                             .record = *late->record ? late->record : NULL});
    soak_evidence_done(soak);
    free(late->subject);
    free(late->body);
}

/* Whether it has a definite answer by then. */
static bool ask_others(struct late *late, long long deadline_ms)
{
    struct soak *soak = late->player->soak;
    struct dice *dice = &late->player->dice;
    while (strcmp(late->state, "unconfirmed") == 0 && soak_may_go_on(soak) &&
           support_now_ms() < deadline_ms) {
        ask(late, soak->field.servers[dice_below(dice, (unsigned)soak->field.count)].url, 2500);
        soak_sleep(200);
    }
    return strcmp(late->state, "unconfirmed") != 0;
}

void part_late_owner(struct player *player)
{
    static const char *const options[] = {"--token", "north:ana=" TOKEN_ANA,
                                          "--lease", LEASE,
                                          "--fault", "delay-before-commit=" DELAY "@first=1",
                                          NULL};
    struct late late = {.player = player, .state = "unconfirmed"};
    player_start_server(player, &late.server, "late", options);
    mean(&late);
    long long asked_ms = support_now_ms();
    ask(&late, late.server.url, 300); /* gives up before it is carried out */
    bool was_claimed = is_claimed_by(&late, asked_ms + LEASE_MS);
    process_signal(&late.server.process, SIGSTOP);
    was_claimed = was_claimed && is_claimed_by(&late, asked_ms + LEASE_MS); /* and still is */
    bool is_taken_over = ask_others(&late, support_now_ms() + STOPPED_MS);
    if (is_taken_over) soak_sleep(FIELD_KEY_TTL_MS + 500);
    process_signal(&late.server.process, SIGCONT);
    while (support_now_ms() < asked_ms + DELAY_MS)
        soak_sleep(20);
    soak_sleep(2000); /* in which it does what it was about to */
    ask(&late, late.server.url, 2500);
    ask_others(&late, LLONG_MAX);
    if (was_claimed && is_taken_over) tally_count(TALLY_PART_LATE_OWNER);
    field_close_server(&late.server);
    close_late(&late);
}
