/* The courier against a server that misbehaves byte by byte: what it sends, what it believes came.
 */
#include "protocol/client/clock.h"
#include "protocol/client/courier.h"
#include "tests/support/support.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/client_peer.h"
#include "tests/unit/client_tls_peer.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#define TOKEN "north-ana-0123456789abcdef"
#define KEY   "019305c2-6f0e-7c4a-9b1d-2f6a51c0e7aa"

struct seen {
    bool done;
    enum reply_fate fate;
    int status;
    bool replayed;
    int64_t retry_after_ms;
    size_t length;
    char error[120];
    char media_type[80];
    char body[200];
};

static void keep(void *context, const struct reply *reply)
{
    struct seen *seen = context;
    assert_false(seen->done); /* once */
    seen->done = true;
    seen->fate = reply->fate;
    seen->status = reply->status;
    seen->replayed = reply->replayed;
    seen->retry_after_ms = reply->retry_after_ms;
    seen->length = reply->length;
    snprintf(seen->error, sizeof seen->error, "%s", reply->error != NULL ? reply->error : "");
    snprintf(seen->media_type, sizeof seen->media_type, "%s", reply->media_type);
    snprintf(seen->body, sizeof seen->body, "%s", reply->body);
    assert_int_equal(reply->body[reply->length], '\0');
    assert_int_equal(reply->error == NULL, reply->fate == REPLY_WHOLE);
}

static struct courier *courier_for(const char *server, int64_t attempt_timeout_ms)
{
    char sentence[COURIER_SENTENCE_MAX] = "";
    struct courier_options options = {
        .server = server,
        .token = TOKEN,
        .connect_timeout_ms = PATIENCE_MS,
        .attempt_timeout_ms = attempt_timeout_ms > 0 ? attempt_timeout_ms : PATIENCE_MS};
    struct courier *courier = courier_new(&options, sentence);
    if (courier == NULL) fail_msg("%s", sentence);
    return courier;
}

static void wait_done(struct courier *courier, const struct seen *seen)
{
    int64_t give_up_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (!seen->done && clock_monotonic_ms() < give_up_ms)
        assert_true(courier_poll(courier, NULL, NULL, 0, 1000));
    assert_true(seen->done);
}

static struct seen ask(struct courier *courier, const char *body)
{
    struct courier_request request = {.path = "/v1/invoices",
                                      .key = body != NULL ? KEY : NULL,
                                      .body = body,
                                      .body_length = body != NULL ? strlen(body) : 0};
    struct seen seen = {0};
    assert_non_null(courier_send(courier, &request, keep, &seen));
    assert_false(seen.done);
    wait_done(courier, &seen);
    return seen;
}

/* One POST to a peer that plays one step: what came of it. */
static struct seen play(const struct peer_step *step, int64_t attempt_timeout_ms)
{
    struct peer *peer = peer_start(step, 1);
    struct courier *courier = courier_for(peer_url(peer), attempt_timeout_ms);
    struct seen seen = ask(courier, "{\"a\":1}");
    assert_int_equal(peer_requests(peer), 1);
    assert_int_equal(peer_connections(peer), 1);
    courier_free(courier);
    peer_stop(peer);
    return seen;
}

static void a_whole_reply(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_ANSWERS, "{\"id\":\"inv_1\"}", 0, 201,
                             "Idempotent-Replayed: true\r\nRetry-After: 7\r\n"};
    struct seen seen = play(&step, 0);
    assert_int_equal(seen.fate, REPLY_WHOLE);
    assert_int_equal(seen.status, 201);
    assert_true(seen.replayed);
    assert_int_equal(seen.retry_after_ms, 7000);
    assert_string_equal(seen.media_type, "application/json");
    assert_string_equal(seen.body, "{\"id\":\"inv_1\"}");
}

static void what_goes_out(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_ANSWERS, "{}", 0, 201, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct courier *courier = courier_for(peer_url(peer), 0);
    char *body = malloc(1200001); /* so long that libcurl wants Expect: 100-continue */
    assert_non_null(body);
    memset(body, ' ', 1200000);
    body[1200000] = '\0';
    memcpy(body, "{}", 2);
    ask(courier, body);
    const char *request = peer_request(peer, 0);
    assert_ptr_equal(strstr(request, "POST /v1/invoices HTTP/1.1\r\n"), request);
    assert_non_null(strstr(request, "\r\nAuthorization: Bearer " TOKEN "\r\n"));
    assert_non_null(strstr(request, "\r\nIdempotency-Key: \"" KEY "\"\r\n"));
    assert_non_null(strstr(request, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(request, "\r\nContent-Length: 1200000\r\n"));
    assert_null(strcasestr(request, "\r\nExpect:"));
    assert_string_equal(strstr(request, "\r\n\r\n") + 4, body);
    free(body);
    courier_free(courier);
    peer_stop(peer);
}

/* On a reused connection libcurl would repeat a POST unseen. */
static void a_connection_for_each_post(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_KEEPS, "{}", 0, 200, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct courier *courier = courier_for(peer_url(peer), 0);
    ask(courier, NULL);
    ask(courier, NULL);
    assert_int_equal(peer_connections(peer), 1);
    courier_free(courier);
    courier = courier_for(peer_url(peer), 0);
    ask(courier, "{}");
    ask(courier, "{}");
    assert_int_equal(peer_connections(peer), 3);
    assert_int_equal(peer_requests(peer), 4);
    courier_free(courier);
    peer_stop(peer);
}

static const struct broken {
    struct peer_step step;
    const char *error;
} broken[] = {
    {{PEER_CLOSES, NULL, 0, 0, NULL}, "no answer"},
    {{PEER_RESETS, NULL, 0, 0, NULL}, "the connection broke"},
    {{PEER_CLOSES, "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"id\":", 0, 0, NULL},
     "half an answer"},
    {{PEER_RESETS, "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"id\":", 0, 0, NULL},
     NULL},
    {{PEER_CLOSES, "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n", 0,
      0, NULL},
     "half an answer"},
    {{PEER_CLOSES, "HTTP/1.1 401 Unauthorized\r\nContent-Le", 0, 0, NULL}, NULL},
    {{PEER_CLOSES, "HTTP/1.1 401 Unauthorized\r\n", 0, 0, NULL}, "half an answer"},
    {{PEER_CLOSES, "HTTP/1.1 100 Continue\r\n\r\n", 0, 0, NULL}, NULL},
    {{PEER_CLOSES, "SSH-2.0-OpenSSH_9.2p1\r\n", 0, 0, NULL}, "the answer was not HTTP"},
    {{PEER_CLOSES, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20, 0, NULL}, NULL},
};

static void what_is_no_whole_reply(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct seen seen = play(&broken[i].step, 0);
        if (seen.fate != REPLY_UNKNOWN) fail_msg("row %zu: fate %d", i, (int)seen.fate);
        if (broken[i].error != NULL) assert_string_equal(seen.error, broken[i].error);
        assert_int_equal(seen.status, 0);
        assert_int_equal(seen.length, 0);
        assert_int_equal(seen.retry_after_ms, -1);
    }
}

static void a_hanging_server_times_out(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_HOLDS, NULL, 0, 0, NULL};
    struct seen seen = play(&step, 150);
    assert_int_equal(seen.fate, REPLY_UNKNOWN);
    assert_string_equal(seen.error, "no answer");
}

static void a_refused_connection_was_not_sent(void **unused)
{
    (void)unused;
    unsigned short port;
    int bound = peer_closed_port(&port);
    char *url = support_format("http://127.0.0.1:%u", (unsigned)port);
    struct courier *courier = courier_for(url, 0);
    struct seen seen = ask(courier, "{}");
    assert_int_equal(seen.fate, REPLY_NOT_SENT);
    assert_string_equal(seen.error, "connection refused");
    courier_free(courier);
    free(url);
    close(bound);
}

static void a_name_that_is_not_found_was_not_sent(void **unused)
{
    (void)unused;
    struct courier *courier = courier_for("https://no-such-host.invalid", 5000);
    struct seen seen = ask(courier, "{}");
    assert_int_equal(seen.fate, REPLY_NOT_SENT);
    courier_free(courier);
}

/* A TLS handshake that fails: the request, and the token in it, never left. */
static void no_token_before_the_handshake(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_CLOSES, "HTTP/1.1 400 Bad\r\n\r\n", 0, 0, NULL};
    struct peer *peer = peer_start(&step, 1);
    char *url = support_format("https://127.0.0.1:%u", (unsigned)peer_port(peer));
    struct courier *courier = courier_for(url, 200);
    struct seen seen = ask(courier, "{}");
    assert_int_equal(seen.fate, REPLY_NOT_SENT);
    assert_int_equal(peer_requests(peer), 0);
    courier_free(courier);
    free(url);
    peer_stop(peer);
}

static void too_long_a_body(void **unused)
{
    (void)unused;
    size_t length = REPLY_BODY_MAX + 1;
    char *text = malloc(length + 1);
    assert_non_null(text);
    memset(text, ' ', length);
    text[length] = '\0';
    struct peer_step announced = {PEER_ANSWERS, text, 0, 201, NULL};
    struct seen seen = play(&announced, 0);
    assert_int_equal(seen.fate, REPLY_UNKNOWN);
    assert_string_equal(seen.error, "the answer was too long");

    static const char head[] = "HTTP/1.1 201 Created\r\n\r\n";
    memcpy(text, head, sizeof head - 1);
    struct peer_step just_fits = {PEER_CLOSES, text, length + 1 - 2, 0, NULL};
    seen = play(&just_fits, 0);
    assert_int_equal(seen.fate, REPLY_WHOLE);

    struct peer_step endless = {PEER_ANSWERS, text, 0, 201, "Transfer-Encoding: identity\r\n"};
    seen = play(&endless, 0);
    assert_int_equal(seen.fate, REPLY_UNKNOWN);
    free(text);
}

static void too_long_headers(void **unused)
{
    (void)unused;
    char *text = malloc(200001);
    assert_non_null(text);
    size_t at = (size_t)snprintf(text, 200001, "HTTP/1.1 201 Created\r\n");
    while (at < 100000)
        at += (size_t)snprintf(text + at, 200001 - at, "X-Filler: %0100d\r\n", 0);
    snprintf(text + at, 200001 - at, "\r\n{}");
    struct peer_step step = {PEER_CLOSES, text, 0, 0, NULL};
    struct seen seen = play(&step, 0);
    assert_int_equal(seen.fate, REPLY_UNKNOWN);
    assert_string_equal(seen.error, "the answer was too long");
    free(text);
}

static const struct {
    const char *headers;
    bool replayed;
    int64_t retry_after_ms;
} header_rows[] = {
    {"", false, -1},
    {"Retry-After: 0\r\n", false, 0},
    {"Retry-After: soon\r\n", false, -1},
    {"Retry-After: -5\r\n", false, -1},
    {"Retry-After: 99999999999999999999\r\n", false, INT64_MAX},
    {"Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", false, 0},
    {"Retry-After: 1\r\nRetry-After: 2\r\n", false, -1},
    {"idempotent-replayed: TRUE\r\n", true, -1},
    {"Idempotent-Replayed: false\r\n", false, -1},
    {"Idempotent-Replayed: true\r\nIdempotent-Replayed: true\r\n", false, -1},
};

static void headers_read_with_care(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof header_rows / sizeof *header_rows; i++) {
        struct peer_step step = {PEER_ANSWERS, "{}", 0, 503, header_rows[i].headers};
        struct seen seen = play(&step, 0);
        assert_int_equal(seen.fate, REPLY_WHOLE);
        assert_int_equal(seen.replayed, header_rows[i].replayed);
        if (header_rows[i].retry_after_ms == INT64_MAX)
            assert_true(seen.retry_after_ms > 1000000000);
        else
            assert_int_equal(seen.retry_after_ms, header_rows[i].retry_after_ms);
    }
}

/* Where the Location leads, and how many requests come of one call. */
static void redirect(int status, const char *location, size_t requests, int status_seen)
{
    char *text = support_format(
        "HTTP/1.1 %d Elsewhere\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", status, location);
    struct peer_step steps[] = {{PEER_CLOSES, text, 0, 0, NULL},
                                {PEER_ANSWERS, "{\"there\":1}", 0, 201, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct courier *courier = courier_for(peer_url(peer), 0);
    struct seen seen = ask(courier, "{\"a\":1}");
    assert_int_equal(seen.status, status_seen);
    assert_int_equal(peer_requests(peer), requests);
    for (size_t i = 0; i < requests; i++) {
        assert_non_null(strstr(peer_request(peer, i), "Idempotency-Key: \"" KEY "\""));
        assert_non_null(strstr(peer_request(peer, i), "\r\n\r\n{\"a\":1}"));
        assert_ptr_equal(strstr(peer_request(peer, i), "POST /"), peer_request(peer, i));
    }
    courier_free(courier);
    peer_stop(peer);
    free(text);
}

static void redirects(void **unused)
{
    (void)unused;
    redirect(307, "/v2/invoices", 2, 201);
    redirect(308, "/v2/invoices", 2, 201);
    redirect(302, "/v2/invoices", 1, 302);
    redirect(303, "/v2/invoices", 1, 303);
    redirect(307, "ftp://127.0.0.1/", 1, 307);
    redirect(307, "", 1, 307);
}

static void a_redirect_elsewhere_gets_nothing(void **unused)
{
    (void)unused;
    struct peer_step taking = {PEER_ANSWERS, "{}", 0, 201, NULL};
    struct peer *elsewhere = peer_start(&taking, 1);
    char *location = support_format("%s/v1/invoices", peer_url(elsewhere));
    redirect(307, location, 1, 307);
    assert_int_equal(peer_connections(elsewhere), 0);
    free(location);
    peer_stop(elsewhere);
}

static void redirects_come_to_an_end(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_CLOSES,
                             "HTTP/1.1 307 Again\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
                             0, 0, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct courier *courier = courier_for(peer_url(peer), 0);
    struct seen seen = ask(courier, "{}");
    assert_int_equal(seen.status, 307);
    assert_int_equal(peer_requests(peer), 4);
    courier_free(courier);
    peer_stop(peer);
}

/* Half a redirect, then nothing: the first request did arrive. */
static void a_hop_that_fails_is_not_unsent(void **unused)
{
    (void)unused;
    struct peer_step step = {
        PEER_CLOSES, "HTTP/1.1 307 On\r\nLocation: /on\r\nContent-Length: 0\r\n\r\n", 0, 0, NULL};
    struct peer_step steps[] = {step, {PEER_CLOSES, NULL, 0, 0, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct courier *courier = courier_for(peer_url(peer), 0);
    struct seen seen = ask(courier, "{}");
    assert_int_equal(seen.fate, REPLY_UNKNOWN);
    courier_free(courier);
    peer_stop(peer);
}

static void a_cancelled_call_says_nothing(void **unused)
{
    (void)unused;
    struct peer_step steps[] = {{PEER_HOLDS, NULL, 0, 0, NULL}, {PEER_ANSWERS, "{}", 0, 200, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct courier *courier = courier_for(peer_url(peer), 0);
    struct seen cancelled = {0}, left = {0};
    struct courier_request request = {.path = "/v1/invoices", .body = "{}", .body_length = 2};
    struct courier_call *call = courier_send(courier, &request, keep, &cancelled);
    assert_non_null(call);
    while (peer_requests(peer) == 0)
        assert_true(courier_poll(courier, NULL, NULL, 0, 10));
    courier_cancel(call);
    struct seen seen = ask(courier, NULL);
    assert_int_equal(seen.status, 200);
    assert_false(cancelled.done);
    assert_non_null(courier_send(courier, &request, keep, &left));
    courier_free(courier);
    assert_false(left.done);
    peer_stop(peer);
}

static void the_loop_watches_the_callers_descriptors(void **unused)
{
    (void)unused;
    struct courier *courier = courier_for("http://127.0.0.1:9", 0);
    int quiet = eventfd(0, EFD_CLOEXEC), loud = eventfd(1, EFD_CLOEXEC), hung_up[2];
    assert_int_equal(pipe(hung_up), 0);
    close(hung_up[1]);
    int fds[] = {quiet, loud, hung_up[0]};
    bool readable[3] = {true, false, false};
    assert_true(courier_poll(courier, fds, readable, 3, 60000));
    assert_false(readable[0]);
    assert_true(readable[1]);
    assert_true(readable[2]);
    assert_true(courier_poll(courier, fds, readable, 1, 0));
    assert_false(readable[0]);
    close(quiet);
    close(loud);
    close(hung_up[0]);
    courier_free(courier);
}

static const struct {
    const char *server;
    const char *token;
    bool insecure;
    const char *origin; /* NULL: refused */
} origins[] = {
    {"http://127.0.0.1:8420", TOKEN, false, "http://127.0.0.1:8420"},
    {"http://127.0.0.1:8420/", TOKEN, false, "http://127.0.0.1:8420"},
    {"HTTP://LocalHost:80", TOKEN, false, "http://localhost"},
    {"http://127.9.8.7", TOKEN, false, "http://127.9.8.7"},
    {"http://[::1]:8420", TOKEN, false, "http://[::1]:8420"},
    {"https://Invoices.Example:443", TOKEN, false, "https://invoices.example"},
    {"https://invoices.example:8443", TOKEN, false, "https://invoices.example:8443"},
    {"http://invoices.example", TOKEN, true, "http://invoices.example"},
    {"http://invoices.example", TOKEN, false, NULL},
    {"http://localhost.example", TOKEN, false, NULL},
    {"http://128.0.0.1", TOKEN, false, NULL},
    {"http://127.0.0.1.example", TOKEN, false, NULL},
    {"https://invoices.example/api", TOKEN, false, NULL},
    {"https://invoices.example/?a", TOKEN, false, NULL},
    {"https://invoices.example/#a", TOKEN, false, NULL},
    {"https://ana@invoices.example", TOKEN, false, NULL},
    {"https://ana:secret@invoices.example", TOKEN, false, NULL},
    {"ftp://invoices.example", TOKEN, false, NULL},
    {"file:///etc/passwd", TOKEN, false, NULL},
    {"invoices.example", TOKEN, false, NULL},
    {"127.0.0.1:8420", TOKEN, false, NULL},
    {"http://", TOKEN, false, NULL},
    {"", TOKEN, false, NULL},
    {"http://127.0.0.1:99999", TOKEN, false, NULL},
    {"http://127.0.0.1", "with space", false, NULL},
    {"http://127.0.0.1", "two\r\nX-Lines: 1", false, NULL},
    {"http://127.0.0.1", "caf\xC3\xA9", false, NULL},
    {"http://127.0.0.1", NULL, false, "http://127.0.0.1"},
};

static void the_options_are_checked(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        char sentence[COURIER_SENTENCE_MAX] = "";
        struct courier_options options = {.server = origins[i].server,
                                          .token = origins[i].token,
                                          .insecure = origins[i].insecure};
        struct courier *courier = courier_new(&options, sentence);
        if ((courier == NULL) != (origins[i].origin == NULL))
            fail_msg("row %zu (%s): %s", i, origins[i].server, sentence);
        if (courier == NULL) {
            assert_true(strlen(sentence) > 20);
            assert_null(origins[i].token != NULL ? strstr(sentence, origins[i].token) : NULL);
        } else {
            assert_string_equal(courier_server(courier), origins[i].origin);
        }
        courier_free(courier);
    }
}

/* A proxy in the environment would see the token of a plain request. */
static void no_proxy_for_plain_requests(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_ANSWERS, "{}", 0, 201, NULL};
    struct peer *proxy = peer_start(&step, 1), *server = peer_start(&step, 1);
    assert_int_equal(setenv("http_proxy", peer_url(proxy), 1), 0);
    assert_int_equal(setenv("all_proxy", peer_url(proxy), 1), 0);
    struct courier *courier = courier_for(peer_url(server), 0);
    struct seen seen = ask(courier, "{}");
    assert_int_equal(seen.status, 201);
    assert_int_equal(peer_connections(proxy), 0);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    courier_free(courier);
    peer_stop(proxy);
    peer_stop(server);
}

/* An encrypted request goes through it, and the proxy learns no more than the host. */
static void a_proxy_sees_no_token(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_ANSWERS, "{}", 0, 403, NULL};
    struct peer *proxy = peer_start(&step, 1);
    assert_int_equal(setenv("https_proxy", peer_url(proxy), 1), 0);
    struct courier *courier = courier_for("https://invoices.example", 0);
    struct seen seen = ask(courier, "{}");
    assert_int_equal(seen.fate, REPLY_NOT_SENT);
    assert_int_equal(peer_requests(proxy), 1);
    const char *request = peer_request(proxy, 0);
    assert_ptr_equal(strstr(request, "CONNECT invoices.example:443 "), request);
    assert_null(strstr(request, TOKEN));
    assert_null(strstr(request, KEY));
    unsetenv("https_proxy");
    courier_free(courier);
    peer_stop(proxy);
}

static const struct {
    const char *host; /* whom the certificate names */
    bool trusted;     /* the certificate is among those to trust */
    enum reply_fate fate;
} certificates[] = {
    {"IP:127.0.0.1", true, REPLY_WHOLE},
    {"IP:127.0.0.1", false, REPLY_NOT_SENT},
    {"DNS:other.example", true, REPLY_NOT_SENT},
};

static void certificates_are_verified(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof certificates / sizeof *certificates; i++) {
        char directory[TEMP_DIR_SIZE], sentence[COURIER_SENTENCE_MAX] = "";
        temp_dir_make(directory);
        char *path = support_format("%s/certificate.pem", directory);
        struct tls_peer *peer = tls_peer_start(certificates[i].host, path);
        struct courier_options options = {.server = tls_peer_url(peer),
                                          .token = TOKEN,
                                          .connect_timeout_ms = PATIENCE_MS,
                                          .attempt_timeout_ms = PATIENCE_MS,
                                          .ca_file = certificates[i].trusted ? path : NULL};
        struct courier *courier = courier_new(&options, sentence);
        assert_non_null(courier);
        struct seen seen = ask(courier, "{}");
        assert_int_equal(seen.fate, certificates[i].fate);
        if (seen.fate == REPLY_NOT_SENT)
            assert_string_equal(seen.error, "the server's certificate is not trusted");
        assert_int_equal(tls_peer_stop(peer), seen.fate == REPLY_WHOLE);
        courier_free(courier);
        free(path);
        temp_dir_remove(directory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_reply),
        cmocka_unit_test(what_goes_out),
        cmocka_unit_test(a_connection_for_each_post),
        cmocka_unit_test(what_is_no_whole_reply),
        cmocka_unit_test(a_hanging_server_times_out),
        cmocka_unit_test(a_refused_connection_was_not_sent),
        cmocka_unit_test(a_name_that_is_not_found_was_not_sent),
        cmocka_unit_test(no_token_before_the_handshake),
        cmocka_unit_test(too_long_a_body),
        cmocka_unit_test(too_long_headers),
        cmocka_unit_test(headers_read_with_care),
        cmocka_unit_test(redirects),
        cmocka_unit_test(a_redirect_elsewhere_gets_nothing),
        cmocka_unit_test(redirects_come_to_an_end),
        cmocka_unit_test(a_hop_that_fails_is_not_unsent),
        cmocka_unit_test(a_cancelled_call_says_nothing),
        cmocka_unit_test(the_loop_watches_the_callers_descriptors),
        cmocka_unit_test(the_options_are_checked),
        cmocka_unit_test(no_proxy_for_plain_requests),
        cmocka_unit_test(a_proxy_sees_no_token),
        cmocka_unit_test(certificates_are_verified),
    };
    return cmocka_run_group_tests_name("client/courier", tests, NULL, NULL);
}
