#include "tests/lab/soak/receiver.h"

#include "tests/lab/soak/complaint.h"
#include "tests/lab/soak/dice.h"
#include "tests/support/json_pointer.h"
#include "tests/support/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define YES    "HTTP/1.1 204 No Content\r\n\r\n"
#define NO     "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
#define TOO_MS 3300 /* longer than a post may take */

static void take(struct receiver *receiver, const struct message *post)
{
    char *body = message_body(post);
    struct json *event = json_read(body, strlen(body));
    if (*json_pointer_text(event, "/data/id")) {
        struct evidence *evidence = soak_evidence(receiver->soak);
        evidence_event(evidence,
                       &(struct evidence_event){.tenant = json_pointer_text(event, "/tenant"),
                                                .event_id = json_pointer_text(event, "/event_id"),
                                                .data = json_member(event, "data")});
        soak_evidence_done(receiver->soak);
    } else {
        complaint_make("an event without a record: %s", body);
    }
    atomic_fetch_add(&receiver->taken, 1);
    json_free(event);
    free(body);
}

/* What it took and said no to is taken once more; false: the connection ends. */
static bool answer(struct receiver *receiver, int socket, const struct message *post,
                   struct dice *dice)
{
    unsigned drawn = atomic_load(&receiver->soak->is_healed) ? 100 : dice_below(dice, 100);
    if (drawn < 6) {
        tally_count(TALLY_DELIVERY_REFUSED);
        return raw_send_text(socket, NO);
    }
    take(receiver, post);
    if (drawn <= 10) tally_count(TALLY_DELIVERY_UNANSWERED);
    if (drawn < 10) return false;
    if (drawn == 10) soak_sleep(TOO_MS);
    return raw_send_text(socket, YES);
}

static void serve(void *context, int socket, unsigned who)
{
    struct receiver *receiver = context;
    struct dice dice = dice_of(receiver->soak->seed, 100000 + who);
    struct message post = {0};
    while (message_read(socket, &post) && answer(receiver, socket, &post, &dice)) {
    }
    message_clear(&post);
}

void receiver_start(struct receiver *receiver, struct soak *soak)
{
    receiver->soak = soak;
    listener_start(&receiver->listener, serve, receiver);
    snprintf(receiver->url, sizeof receiver->url, "http://127.0.0.1:%hu/hook",
             receiver->listener.port);
}

void receiver_stop(struct receiver *receiver)
{
    listener_stop(&receiver->listener);
}
