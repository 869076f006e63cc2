#include "mock_server/deliveries/letter.h"

#include "protocol/wire/buffer.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/idempotency_key.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_member(struct buffer *body, const char *name, const char *text)
{
    buffer_printf(body, "%s\"%s\":", body->length == 0 ? "{" : ",", name);
    buffer_string(body, text, strlen(text));
}

static bool write_body(struct letter *letter, const struct store_delivery *delivery,
                       const char *data)
{
    struct buffer body = {0};
    char at[CLOCK_TEXT_SIZE];
    clock_format(delivery->at, at);
    write_member(&body, "event_id", delivery->event_id);
    write_member(&body, "type", delivery->type);
    write_member(&body, "tenant", delivery->tenant);
    write_member(&body, "at", at);
    buffer_text(&body, ",\"data\":");
    buffer_text(&body, data);
    buffer_text(&body, "}");
    if (body.failed) {
        buffer_clear(&body);
        return false;
    }
    letter->body = body.bytes;
    letter->length = body.length;
    return true;
}

static bool add_line(struct letter *letter, const char *name, const char *value)
{
    size_t at = 0;
    while (letter->lines[at]) {
        at++;
    }
    assert(at < LETTER_LINES);
    if (asprintf(&letter->lines[at], "%s: %s", name, value) < 0) {
        letter->lines[at] = NULL;
    }
    return letter->lines[at];
}

static bool sign(struct letter *letter, const struct receiver *receiver, const char *event_id)
{
    int64_t now_s = clock_now_ms() / 1000;
    char signature[SIGNATURE_SIZE], timestamp[24];
    snprintf(timestamp, sizeof timestamp, "%lld", (long long)now_s);
    return receiver_sign(receiver, event_id, now_s, letter->body, letter->length, signature) &&
           add_line(letter, "webhook-id", event_id) &&
           add_line(letter, "webhook-timestamp", timestamp) &&
           add_line(letter, "webhook-signature", signature);
}

bool letter_write(struct letter *letter, const struct receiver *receiver,
                  const struct store_delivery *delivery, const char *data)
{
    char key[IDEMPOTENCY_KEY_HEADER_SIZE];
    idempotency_key_to_header(delivery->event_id, key);
    *letter = (struct letter){0};
    return write_body(letter, delivery, data) &&
           add_line(letter, "Content-Type", "application/json") &&
           add_line(letter, "Idempotency-Key", key) &&
           (!receiver->authorization ||
            add_line(letter, "Authorization", receiver->authorization)) &&
           (receiver->secret_length == 0 || sign(letter, receiver, delivery->event_id));
}

void letter_clear(struct letter *letter)
{
    for (size_t i = 0; i < LETTER_LINES; i++) {
        free(letter->lines[i]);
    }
    free(letter->body);
    *letter = (struct letter){0};
}
