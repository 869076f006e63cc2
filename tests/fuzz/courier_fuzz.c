/* Sends an invoice to a peer that answers with these bytes and closes: whatever they are, the call
 * ends, once, and its reply is one that can be. */
#include "protocol/client/courier/courier.h"
#include "protocol/client/outcome.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/sample.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TURNS_MAX 20000 /* of a ms at most each */

static struct {
    int listening, port;
    struct courier *courier;
    struct intent *intent;
    const uint8_t *bytes; /* of the answer */
    size_t length;
    int connection; /* -1: none */
    bool answered;
    int connections, done;
} peer = {.connection = -1};

static void stop(void)
{
    courier_free(peer.courier);
    intent_free(peer.intent);
    close(peer.listening);
}

static void listen_there(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer.listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    MUST(peer.listening >= 0);
    MUST(bind(peer.listening, (struct sockaddr *)&address, sizeof address) == 0);
    MUST(listen(peer.listening, 8) == 0);
    MUST(getsockname(peer.listening, (struct sockaddr *)&address, &size) == 0);
    peer.port = ntohs(address.sin_port);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    char server[64], sentence[COURIER_SENTENCE_MAX] = "";
    listen_there();
    snprintf(server, sizeof server, "http://127.0.0.1:%d", peer.port);
    const struct courier_options options = {.server = server, .token = "north-ana-0123456789"};
    peer.courier = courier_new(&options, sentence);
    struct json *body = sample_invoice("2026-0042");
    peer.intent = intent_freeze(&INVOICE, body, "key");
    json_free(body);
    MUST(peer.courier != NULL && peer.intent != NULL && atexit(stop) == 0);
    return 0;
}

/* Torn down, so that no port is left waiting. */
static void hang_up(void)
{
    const struct linger at_once = {.l_onoff = 1};
    if (peer.connection < 0) return;
    setsockopt(peer.connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(peer.connection);
    peer.connection = -1;
}

static void let_in(void)
{
    int connection = accept4(peer.listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection < 0) return;
    hang_up();
    peer.connection = connection;
    peer.connections++;
    peer.answered = false;
}

/* To the first of the request's bytes the whole answer at once, and its end. What the client sends
 * beyond is read until it hangs up. */
static void answer(void)
{
    char request[4096];
    ssize_t received = recv(peer.connection, request, sizeof request, 0);
    if (received > 0 && !peer.answered) {
        ssize_t sent = send(peer.connection, peer.bytes, peer.length, MSG_NOSIGNAL);
        MUST(sent == (ssize_t)peer.length || (sent < 0 && errno != EAGAIN));
        shutdown(peer.connection, SHUT_WR);
        peer.answered = true;
    }
    if (received == 0 || (received < 0 && errno != EAGAIN)) hang_up();
}

static void turn(void)
{
    const int fds[] = {peer.listening, peer.connection};
    bool readable[2] = {false, false};
    MUST(courier_poll(peer.courier, fds, readable, peer.connection < 0 ? 1 : 2, 1));
    if (readable[0]) let_in();
    if (peer.connection >= 0) answer();
}

static void take(void *context, const struct reply *reply)
{
    struct outcome outcome;
    (void)context;
    MUST(++peer.done == 1);
    MUST(reply->body != NULL && reply->body[reply->length] == '\0');
    MUST((reply->error == NULL) == (reply->fate == REPLY_WHOLE));
    MUST(reply->media_type != NULL && strlen(reply->media_type) < 64);
    MUST(reply->retry_after_ms >= -1);
    if (reply->fate == REPLY_WHOLE) MUST(reply->status >= 100 && reply->status <= 999);
    outcome_judge(&outcome, peer.intent, reply);
    bool has_record = outcome.verdict == VERDICT_CREATED || outcome.verdict == VERDICT_REPLAYED;
    MUST(has_record == (outcome.record != NULL));
    MUST(!has_record || (reply->fate == REPLY_WHOLE && reply->status / 100 == 2));
    MUST(text_is_utf8(outcome.why, strlen(outcome.why)));
    outcome_clear(&outcome);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct courier_request request = {.path = "/v1/invoices",
                                            .key = "key",
                                            .body = peer.intent->body,
                                            .body_length = peer.intent->body_length};
    peer.bytes = data;
    peer.length = size;
    peer.connections = peer.done = 0;
    MUST(courier_send(peer.courier, &request, take, NULL) != NULL);
    for (int turns = 0; peer.done == 0; turns++) {
        MUST(turns < TURNS_MAX);
        turn();
    }
    hang_up();
    MUST(peer.connections >= 1 && peer.connections <= 2); /* one, and where it was redirected to */
    return 0;
}
