#include "tests/lab/soak/meddler.h"

#include "tests/lab/soak/dice.h"
#include "tests/support/mock.h"
#include "tests/support/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define COPIES   2
#define SLICE    64 /* bytes of a slow reply at a time */
#define LATER_MS 6000
#define REPLY_S  10

/* One client's connection. */
struct passage {
    struct meddler *meddler;
    struct dice dice;
    int client, server; /* -1: none */
    struct message request, reply;
};

enum meddling {
    PASSES_ON,
    DELAYS,
    CUTS_REQUEST,
    CUTS_REPLY,
    LOSES_REPLY,
    SLOWS_REPLY,
    SENDS_AGAIN,
    SWAPS_REPLY,
    SWAPS_UNSENT,
};

static const struct {
    enum meddling how;
    enum tally tally;
} meddlings[] = {
    {DELAYS, TALLY_PROXY_DELAYED},       {CUTS_REQUEST, TALLY_PROXY_CUT_REQUEST},
    {CUTS_REPLY, TALLY_PROXY_CUT_REPLY}, {LOSES_REPLY, TALLY_PROXY_LOST_REPLY},
    {SLOWS_REPLY, TALLY_PROXY_SLOW},     {SENDS_AGAIN, TALLY_PROXY_AGAIN},
    {SWAPS_REPLY, TALLY_PROXY_SWAPPED},  {SWAPS_UNSENT, TALLY_PROXY_SWAPPED_UNSENT},
};

#define MEDDLINGS (sizeof meddlings / sizeof *meddlings)

/* Of sixteen requests one; of four, where something hasn't happened yet that must, and that. */
static enum meddling draw(struct passage *passage)
{
    if (atomic_load(&passage->meddler->soak->is_healed)) return PASSES_ON;
    unsigned drawn = dice_below(&passage->dice, 16);
    size_t chosen = dice_below(&passage->dice, MEDDLINGS);
    for (size_t i = 0; i < MEDDLINGS && drawn > 0 && drawn < 4; i++)
        if (tally_is_missing(meddlings[(chosen + i) % MEDDLINGS].tally, false))
            return meddlings[(chosen + i) % MEDDLINGS].how;
    return drawn == 0 ? meddlings[chosen].how : PASSES_ON;
}

/* --- what is written down --- */

static void note(struct meddler *meddler, const struct message *request, enum meddling how)
{
    char *key = message_header(request, "Idempotency-Key:");
    char *whose = message_header(request, "Authorization:");
    char *body = message_body(request);
    size_t length = strlen(key);
    bool is_quoted = length > 1 && *key == '"';
    if (is_quoted) key[length - 1] = '\0';
    struct evidence *evidence = soak_evidence(meddler->soak);
    evidence_seen(evidence,
                  &(struct evidence_passage){.tenant = strstr(whose, TOKEN_EVE) ? "south" : "north",
                                             .key = key + is_quoted,
                                             .body = body,
                                             .copies = how == SENDS_AGAIN ? COPIES : 0,
                                             .is_kept = how == SWAPS_UNSENT});
    soak_evidence_done(meddler->soak);
    free(body);
    free(whose);
    free(key);
}

/* It is sent again when its time has come; false when there are too many of them. */
static bool put_off(struct passage *passage)
{
    struct meddler *meddler = passage->meddler;
    const struct message *request = &passage->request;
    bool is_put_off = false;
    pthread_mutex_lock(&meddler->lock);
    for (size_t i = 0; i < MEDDLER_LATER_MAX && !is_put_off; i++) {
        struct later *later = &meddler->later[i];
        if (later->request) continue;
        *later = (struct later){.request = malloc(request->length),
                                .length = request->length,
                                .at_ms = support_now_ms() + dice_below(&passage->dice, LATER_MS)};
        if (!later->request) support_die("out of memory");
        memcpy(later->request, request->bytes.bytes, request->length);
        is_put_off = true;
    }
    pthread_mutex_unlock(&meddler->lock);
    return is_put_off;
}

static void remember_answer(struct meddler *meddler, const struct message *reply)
{
    if (message_status(reply) != 201) return;
    pthread_mutex_lock(&meddler->lock);
    meddler->answer.length = 0;
    support_append(&meddler->answer, reply->bytes.bytes, reply->length);
    pthread_mutex_unlock(&meddler->lock);
}

/* --- what is done --- */

static int connect_to(unsigned short port)
{
    const struct timeval patience = {.tv_sec = REPLY_S};
    int server = raw_connect(port);
    if (server >= 0) setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return server;
}

/* Sends the request, and reads its reply. */
static bool ask(struct passage *passage)
{
    if (passage->server < 0) passage->server = connect_to(passage->meddler->server);
    return passage->server >= 0 &&
           raw_send(passage->server, passage->request.bytes.bytes, passage->request.length) &&
           message_read(passage->server, &passage->reply);
}

static bool give(struct passage *passage, size_t length)
{
    return raw_send(passage->client, passage->reply.bytes.bytes, length);
}

static bool give_slowly(struct passage *passage)
{
    size_t given = 0;
    while (given < passage->reply.length) {
        size_t left = passage->reply.length - given, slice = left < SLICE ? left : SLICE;
        if (!raw_send(passage->client, passage->reply.bytes.bytes + given, slice)) return false;
        given += slice;
        soak_sleep(dice_between(&passage->dice, 1, 40));
    }
    return true;
}

/* Another's answer in place of the reply, or of the request; the connection ends where there is
 * none yet. */
static bool give_anothers(struct passage *passage, enum meddling how)
{
    struct meddler *meddler = passage->meddler;
    struct support_buffer answer = {0};
    pthread_mutex_lock(&meddler->lock);
    if (meddler->answer.length > 0)
        support_append(&answer, meddler->answer.bytes, meddler->answer.length);
    pthread_mutex_unlock(&meddler->lock);
    if (answer.length > 0)
        tally_count(how == SWAPS_REPLY ? TALLY_PROXY_SWAPPED : TALLY_PROXY_SWAPPED_UNSENT);
    bool is_given = answer.length > 0 && raw_send(passage->client, answer.bytes, answer.length);
    free(answer.bytes);
    return is_given;
}

/* One request to create; false: the connection ends. */
static bool meddle(struct passage *passage)
{
    struct meddler *meddler = passage->meddler;
    enum meddling how = draw(passage);
    if (how == SENDS_AGAIN && !put_off(passage)) how = PASSES_ON;
    note(meddler, &passage->request, how);
    switch (how) {
    case DELAYS:
        tally_count(TALLY_PROXY_DELAYED);
        soak_sleep(dice_between(&passage->dice, 50, 2500));
        return ask(passage) && give(passage, passage->reply.length);
    case CUTS_REQUEST:
        tally_count(TALLY_PROXY_CUT_REQUEST);
        if (passage->server < 0) passage->server = connect_to(meddler->server);
        if (passage->server >= 0)
            raw_send(passage->server, passage->request.bytes.bytes,
                     dice_below(&passage->dice, (unsigned)passage->request.length));
        return false;
    case CUTS_REPLY:
        if (!ask(passage)) return false;
        tally_count(TALLY_PROXY_CUT_REPLY);
        give(passage, dice_below(&passage->dice, (unsigned)passage->reply.length));
        return false;
    case LOSES_REPLY:
        if (ask(passage)) tally_count(TALLY_PROXY_LOST_REPLY);
        return false;
    case SLOWS_REPLY:
        tally_count(TALLY_PROXY_SLOW);
        return ask(passage) && give_slowly(passage);
    case SWAPS_REPLY:
        return ask(passage) && give_anothers(passage, how);
    case SWAPS_UNSENT:
        return give_anothers(passage, how);
    case SENDS_AGAIN:
    case PASSES_ON:
        break;
    }
    if (!ask(passage)) return false;
    remember_answer(meddler, &passage->reply);
    return give(passage, passage->reply.length);
}

static void serve(void *context, int socket, unsigned who)
{
    struct meddler *meddler = context;
    struct passage passage = {.meddler = meddler,
                              .client = socket,
                              .server = -1,
                              .dice = dice_of(meddler->soak->seed, 200000 + who)};
    bool goes_on = true;
    while (goes_on && message_read(socket, &passage.request))
        goes_on = message_starts(&passage.request, "POST /v1/invoices ")
                      ? meddle(&passage)
                      : ask(&passage) && give(&passage, passage.reply.length);
    if (passage.server >= 0) close(passage.server);
    message_clear(&passage.request);
    message_clear(&passage.reply);
}

/* --- what is sent again --- */

static void send_copies(const struct meddler *meddler, const struct later *later)
{
    for (int i = 0; i < COPIES; i++) {
        struct message reply = {0};
        int server = connect_to(meddler->server);
        if (server < 0) continue;
        if (raw_send(server, later->request, later->length)) message_read(server, &reply);
        message_clear(&reply);
        close(server);
    }
    tally_count(TALLY_PROXY_AGAIN);
}

static void send_due(struct meddler *meddler, bool all)
{
    for (size_t i = 0; i < MEDDLER_LATER_MAX; i++) {
        struct later later = {0};
        pthread_mutex_lock(&meddler->lock);
        if (meddler->later[i].request && (all || support_now_ms() >= meddler->later[i].at_ms)) {
            later = meddler->later[i];
            meddler->later[i] = (struct later){0};
        }
        pthread_mutex_unlock(&meddler->lock);
        if (later.request) send_copies(meddler, &later);
        free(later.request);
    }
}

static void *send_again(void *context)
{
    struct meddler *meddler = context;
    while (!atomic_load(&meddler->is_over)) {
        send_due(meddler, false);
        soak_sleep(20);
    }
    send_due(meddler, true);
    return NULL;
}

void meddler_start(struct meddler *meddler, struct soak *soak, unsigned short server)
{
    *meddler = (struct meddler){
        .soak = soak, .server = server, .lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER};
    listener_start(&meddler->listener, serve, meddler);
    snprintf(meddler->url, sizeof meddler->url, "http://127.0.0.1:%hu", meddler->listener.port);
    if (pthread_create(&meddler->thread, NULL, send_again, meddler) != 0) support_die("no thread");
}

void meddler_stop(struct meddler *meddler)
{
    atomic_store(&meddler->is_over, true);
    pthread_join(meddler->thread, NULL);
    listener_stop(&meddler->listener);
    free(meddler->answer.bytes);
}
