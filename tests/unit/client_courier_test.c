/* The courier against a server that misbehaves byte by byte: what it sends, what it believes came.
 */
#include "protocol/wire/clock.h"
#include "tests/support/support.h"
#include "tests/unit/client_call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

static void a_whole_reply(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_ANSWERS, "{\"id\":\"inv_1\"}", 0, 201,
                             "Idempotent-Replayed: true\r\nRetry-After: 7\r\n"};
    struct call_seen seen = call_play(&step, 0);
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
    struct courier *courier = call_courier(peer_url(peer), 0);
    char *body = malloc(1200001); /* so long that libcurl wants Expect: 100-continue */
    assert_non_null(body);
    memset(body, ' ', 1200000);
    body[1200000] = '\0';
    memcpy(body, "{}", 2);
    call_ask(courier, body);
    const char *request = peer_request(peer, 0);
    assert_ptr_equal(strstr(request, "POST /v1/invoices HTTP/1.1\r\n"), request);
    assert_non_null(strstr(request, "\r\nAuthorization: Bearer " CALL_TOKEN "\r\n"));
    assert_non_null(strstr(request, "\r\nIdempotency-Key: \"" CALL_KEY "\"\r\n"));
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
    struct courier *courier = call_courier(peer_url(peer), 0);
    call_ask(courier, NULL);
    call_ask(courier, NULL);
    assert_int_equal(peer_connections(peer), 1);
    courier_free(courier);
    courier = call_courier(peer_url(peer), 0);
    call_ask(courier, "{}");
    call_ask(courier, "{}");
    assert_int_equal(peer_connections(peer), 3);
    assert_int_equal(peer_requests(peer), 4);
    courier_free(courier);
    peer_stop(peer);
}

/* Over a reused connection that turns out dead a POST isn't sent once more: it had no answer, and
 * what was sent may have arrived. */
static void a_dead_connection_is_no_answer(void **unused)
{
    (void)unused;
    struct peer_step steps[] = {{PEER_TIRES, "{}", 0, 200, NULL}, {PEER_KEEPS, "{}", 0, 200, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct courier *courier = call_courier(peer_url(peer), 0);
    assert_int_equal(call_ask_again(courier, "{}").fate, REPLY_WHOLE);
    struct call_seen seen = call_ask_again(courier, "{}");
    assert_int_equal(seen.fate, REPLY_UNKNOWN);
    assert_string_equal(seen.error, "no answer");
    assert_int_equal(peer_requests(peer), 2);
    assert_int_equal(call_ask(courier, "{}").fate, REPLY_WHOLE);
    assert_int_equal(peer_requests(peer), 3);
    courier_free(courier);
    peer_stop(peer);
}

static void a_post_may_go_over_a_connection_that_stands(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_KEEPS, "{}", 0, 200, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct courier *courier = call_courier(peer_url(peer), 0);
    call_ask_again(courier, "{}");
    call_ask_again(courier, "{}");
    assert_int_equal(peer_connections(peer), 1);
    assert_int_equal(peer_requests(peer), 2);
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
        struct call_seen seen = call_play(&broken[i].step, 0);
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
    struct call_seen seen = call_play(&step, 150);
    assert_int_equal(seen.fate, REPLY_UNKNOWN);
    assert_string_equal(seen.error, "no answer");
}

static bool is_past(void *context)
{
    const int64_t *time_ms = context;
    return clock_monotonic_ms() > *time_ms;
}

/* As where the program was stopped meanwhile: what came lies in the socket, and counts. */
static void a_reply_that_lies_there_is_read_before_the_clock_is_looked_at(void **unused)
{
    (void)unused;
    enum { LENGTH = 40000 }; /* more than libcurl reads at a time */
    char *text = support_format("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                                "Content-Length: %d\r\n\r\n%*s",
                                LENGTH, LENGTH, "{}");
    struct peer_step step = {PEER_HOLDS, text, 0, 0, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct courier *courier = call_courier(peer_url(peer), 2000);
    struct courier_request request = {
        .path = "/v1/invoices", .key = CALL_KEY, .body = "{}", .body_length = 2};
    int64_t late_ms = clock_monotonic_ms() + 2000;
    struct call_seen seen = {0};
    assert_non_null(courier_send(courier, &request, call_keep, &seen));
    while (peer_requests(peer) == 0)
        assert_true(courier_poll(courier, NULL, NULL, 0, 10));
    assert_false(seen.done);
    peer_release(peer);
    assert_true(support_wait_until(is_past, &late_ms, PATIENCE_MS));
    while (!seen.done)
        assert_true(courier_poll(courier, NULL, NULL, 0, 1000));
    assert_string_equal(seen.error, "");
    assert_int_equal(seen.fate, REPLY_WHOLE);
    assert_int_equal(seen.length, LENGTH);
    courier_free(courier);
    peer_stop(peer);
    free(text);
}

static void a_refused_connection_was_not_sent(void **unused)
{
    (void)unused;
    unsigned short port;
    int bound = peer_closed_port(&port);
    char *url = support_format("http://127.0.0.1:%u", (unsigned)port);
    struct courier *courier = call_courier(url, 0);
    struct call_seen seen = call_ask(courier, "{}");
    assert_int_equal(seen.fate, REPLY_NOT_SENT);
    assert_string_equal(seen.error, "connection refused");
    courier_free(courier);
    free(url);
    close(bound);
}

/* TCP reaches no broadcast address. */
static void where_no_way_leads_nothing_was_sent(void **unused)
{
    (void)unused;
    struct courier *courier = call_courier("https://255.255.255.255:9", 5000);
    struct call_seen seen = call_ask(courier, "{}");
    assert_int_equal(seen.fate, REPLY_NOT_SENT);
    assert_string_equal(seen.error, "no network");
    courier_free(courier);
}

static void a_name_that_is_not_found_was_not_sent(void **unused)
{
    (void)unused;
    struct courier *courier = call_courier("https://no-such-host.invalid", 5000);
    struct call_seen seen = call_ask(courier, "{}");
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
    struct courier *courier = call_courier(url, 200);
    struct call_seen seen = call_ask(courier, "{}");
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
    struct call_seen seen = call_play(&announced, 0);
    assert_int_equal(seen.fate, REPLY_UNKNOWN);
    assert_string_equal(seen.error, "the answer was too long");

    static const char head[] = "HTTP/1.1 201 Created\r\n\r\n";
    memcpy(text, head, sizeof head - 1);
    struct peer_step just_fits = {PEER_CLOSES, text, length + 1 - 2, 0, NULL};
    seen = call_play(&just_fits, 0);
    assert_int_equal(seen.fate, REPLY_WHOLE);

    struct peer_step endless = {PEER_ANSWERS, text, 0, 201, "Transfer-Encoding: identity\r\n"};
    seen = call_play(&endless, 0);
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
    struct call_seen seen = call_play(&step, 0);
    assert_int_equal(seen.fate, REPLY_UNKNOWN);
    assert_string_equal(seen.error, "the answer was too long");
    free(text);
}

/* The first, the one between them and the last end on their own. */
static void calls_under_way_dont_hinder_each_other(void **unused)
{
    (void)unused;
    enum { COUNT = 4 };
    struct peer_step step = {PEER_ANSWERS, "{}", 0, 200, NULL};
    struct peer *peer = peer_start(&step, 1);
    for (int cancelled = 0; cancelled < COUNT; cancelled++) {
        struct courier *courier = call_courier(peer_url(peer), 0);
        struct courier_request request = {.path = "/v1/invoices"};
        struct courier_call *calls[COUNT];
        struct call_seen seen[COUNT] = {0};
        for (int i = 0; i < COUNT; i++) {
            calls[i] = courier_send(courier, &request, call_keep, &seen[i]);
            assert_non_null(calls[i]);
        }
        courier_cancel(calls[cancelled]);
        for (int i = 0; i < COUNT; i++) {
            while (i != cancelled && !seen[i].done)
                assert_true(courier_poll(courier, NULL, NULL, 0, -1));
            assert_int_equal(seen[i].status, i != cancelled ? 200 : 0);
        }
        courier_free(courier);
    }
    peer_stop(peer);
}

static void a_cancelled_call_says_nothing(void **unused)
{
    (void)unused;
    struct peer_step steps[] = {{PEER_HOLDS, NULL, 0, 0, NULL}, {PEER_ANSWERS, "{}", 0, 200, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct courier *courier = call_courier(peer_url(peer), 0);
    struct call_seen cancelled = {0}, left = {0};
    struct courier_request request = {.path = "/v1/invoices", .body = "{}", .body_length = 2};
    struct courier_call *call = courier_send(courier, &request, call_keep, &cancelled);
    assert_non_null(call);
    while (peer_requests(peer) == 0)
        assert_true(courier_poll(courier, NULL, NULL, 0, 10));
    courier_cancel(call);
    struct call_seen seen = call_ask(courier, NULL);
    assert_int_equal(seen.status, 200);
    assert_false(cancelled.done);
    assert_non_null(courier_send(courier, &request, call_keep, &left));
    courier_free(courier);
    assert_false(left.done);
    peer_stop(peer);
}

struct listener {
    struct call_seen seen; /* first: the call's context is both */
    size_t heard;
    size_t enough; /* it ends the call then; 0: never */
};

static bool listen_to(void *context, const char *bytes, size_t length)
{
    struct listener *listener = context;
    assert_false(listener->seen.done);
    assert_non_null(bytes);
    listener->heard += length;
    return listener->enough == 0 || listener->heard < listener->enough;
}

static struct listener follow(const struct peer_step *step, size_t enough)
{
    struct peer *peer = peer_start(step, 1);
    struct courier *courier = call_courier(peer_url(peer), 0);
    struct listener listener = {.enough = enough};
    struct courier_request request = {.path = "/v1/audit/stream", .hear = listen_to};
    assert_non_null(courier_send(courier, &request, call_keep, &listener));
    while (!listener.seen.done)
        assert_true(courier_poll(courier, NULL, NULL, 0, 1000));
    courier_free(courier);
    peer_stop(peer);
    return listener;
}

/* However long it is, nothing of it is kept. */
static void a_followed_body_is_heard_as_it_comes(void **unused)
{
    (void)unused;
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    size_t length = sizeof head - 1 + 2 * (size_t)REPLY_BODY_MAX;
    char *text = malloc(length);
    assert_non_null(text);
    memset(text, ' ', length);
    memcpy(text, head, sizeof head - 1);
    struct peer_step long_stream = {PEER_CLOSES, text, length, 0, NULL};
    struct listener listener = follow(&long_stream, 0);
    assert_int_equal(listener.heard, 2 * (size_t)REPLY_BODY_MAX);
    assert_int_equal(listener.seen.fate, REPLY_WHOLE);
    assert_int_equal(listener.seen.length, 0);
    listener = follow(&long_stream, 10);
    assert_true(listener.heard >= 10 && listener.heard < REPLY_BODY_MAX);
    assert_int_equal(listener.seen.fate, REPLY_UNKNOWN);
    free(text);
    struct peer_step refused = {PEER_ANSWERS, "{\"title\":\"busy\"}", 0, 503, NULL};
    listener = follow(&refused, 0);
    assert_int_equal(listener.heard, 0);
    assert_string_equal(listener.seen.body, "{\"title\":\"busy\"}");
}

static void a_method_can_be_named(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_ANSWERS, "{}", 0, 200, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct courier *courier = call_courier(peer_url(peer), 0);
    struct call_seen seen = {0};
    struct courier_request request = {
        .method = "PUT", .path = "/_mock/faults", .body = "{\"rules\":[]}", .body_length = 12};
    assert_non_null(courier_send(courier, &request, call_keep, &seen));
    while (!seen.done)
        assert_true(courier_poll(courier, NULL, NULL, 0, 1000));
    const char *sent = peer_request(peer, 0);
    assert_ptr_equal(strstr(sent, "PUT /_mock/faults HTTP/1.1\r\n"), sent);
    assert_string_equal(strstr(sent, "\r\n\r\n") + 4, "{\"rules\":[]}");
    courier_free(courier);
    peer_stop(peer);
}

static void the_loop_watches_the_callers_descriptors(void **unused)
{
    (void)unused;
    struct courier *courier = call_courier("http://127.0.0.1:9", 0);
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
    assert_true(courier_poll(courier, &hung_up[0], readable, 1, 60000));
    assert_true(readable[0]);
    int too_many[17] = {0};
    assert_false(courier_poll(courier, too_many, readable, 17, 0));
    close(quiet);
    close(loud);
    close(hung_up[0]);
    courier_free(courier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_reply),
        cmocka_unit_test(what_goes_out),
        cmocka_unit_test(a_connection_for_each_post),
        cmocka_unit_test(a_dead_connection_is_no_answer),
        cmocka_unit_test(a_post_may_go_over_a_connection_that_stands),
        cmocka_unit_test(what_is_no_whole_reply),
        cmocka_unit_test(a_hanging_server_times_out),
        cmocka_unit_test(a_reply_that_lies_there_is_read_before_the_clock_is_looked_at),
        cmocka_unit_test(a_refused_connection_was_not_sent),
        cmocka_unit_test(where_no_way_leads_nothing_was_sent),
        cmocka_unit_test(a_name_that_is_not_found_was_not_sent),
        cmocka_unit_test(no_token_before_the_handshake),
        cmocka_unit_test(too_long_a_body),
        cmocka_unit_test(too_long_headers),
        cmocka_unit_test(calls_under_way_dont_hinder_each_other),
        cmocka_unit_test(a_cancelled_call_says_nothing),
        cmocka_unit_test(a_followed_body_is_heard_as_it_comes),
        cmocka_unit_test(a_method_can_be_named),
        cmocka_unit_test(the_loop_watches_the_callers_descriptors),
    };
    return cmocka_run_group_tests_name("client/courier", tests, NULL, NULL);
}
