/* Whom the courier talks to: the token goes to its origin, encrypted or on this machine, alone. */
#include "tests/support/support.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/client_call.h"
#include "tests/unit/client_tls_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Where the Location leads, and how many requests come of one call. */
static void redirect(int status, const char *location, size_t requests, int status_seen)
{
    char *text =
        support_format("HTTP/1.1 %d Elsewhere\r\nLocation: %s\r\nContent-Length: 7\r\n\r\ngo away",
                       status, location);
    struct peer_step steps[] = {{PEER_CLOSES, text, 0, 0, NULL},
                                {PEER_ANSWERS, "{\"there\":1}", 0, 201, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct courier *courier = call_courier(peer_url(peer), 0);
    struct call_seen seen = call_ask(courier, "{\"a\":1}");
    assert_int_equal(seen.status, status_seen);
    assert_string_equal(seen.body, requests == 2 ? "{\"there\":1}" : "go away");
    assert_int_equal(peer_requests(peer), requests);
    for (size_t i = 0; i < requests; i++) {
        assert_non_null(strstr(peer_request(peer, i), "Idempotency-Key: \"" CALL_KEY "\""));
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

/* What the redirect itself said isn't the answer. */
static void nothing_is_left_of_a_redirects_body(void **unused)
{
    (void)unused;
    struct peer_step steps[] = {
        {PEER_CLOSES, "HTTP/1.1 307 On\r\nLocation: /on\r\nContent-Length: 7\r\n\r\ngo away", 0, 0,
         NULL},
        {PEER_ANSWERS, "", 0, 201, NULL}};
    struct peer *peer = peer_start(steps, 2);
    struct courier *courier = call_courier(peer_url(peer), 0);
    struct call_seen seen = call_ask(courier, "{}");
    assert_int_equal(seen.status, 201);
    assert_int_equal(seen.length, 0);
    assert_string_equal(seen.body, "");
    courier_free(courier);
    peer_stop(peer);
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

/* One more request at most, so that attempts stay what is counted. */
static void redirects_come_to_an_end(void **unused)
{
    (void)unused;
    struct peer_step step = {PEER_CLOSES,
                             "HTTP/1.1 307 Again\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
                             0, 0, NULL};
    struct peer *peer = peer_start(&step, 1);
    struct courier *courier = call_courier(peer_url(peer), 0);
    struct call_seen seen = call_ask(courier, "{}");
    assert_int_equal(seen.status, 307);
    assert_int_equal(peer_requests(peer), 2);
    assert_true(seen.redirected);
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
    struct courier *courier = call_courier(peer_url(peer), 0);
    struct call_seen seen = call_ask(courier, "{}");
    assert_int_equal(seen.fate, REPLY_UNKNOWN);
    courier_free(courier);
    peer_stop(peer);
}

static const struct {
    const char *server;
    const char *token;
    bool insecure;
    const char *origin; /* NULL: refused */
} origins[] = {
    {"http://127.0.0.1:8420", CALL_TOKEN, false, "http://127.0.0.1:8420"},
    {"http://127.0.0.1:8420/", CALL_TOKEN, false, "http://127.0.0.1:8420"},
    {"HTTP://LocalHost:80", CALL_TOKEN, false, "http://localhost"},
    {"http://127.9.8.7", CALL_TOKEN, false, "http://127.9.8.7"},
    {"http://[::1]:8420", CALL_TOKEN, false, "http://[::1]:8420"},
    {"https://Invoices.Example:443", CALL_TOKEN, false, "https://invoices.example"},
    {"https://invoices.example:8443", CALL_TOKEN, false, "https://invoices.example:8443"},
    {"http://invoices.example", CALL_TOKEN, true, "http://invoices.example"},
    {"http://invoices.example", CALL_TOKEN, false, NULL},
    {"http://localhost.example", CALL_TOKEN, false, NULL},
    {"http://128.0.0.1", CALL_TOKEN, false, NULL},
    {"http://127.0.0.1.example", CALL_TOKEN, false, NULL},
    {"https://invoices.example/api", CALL_TOKEN, false, NULL},
    {"https://invoices.example/?a", CALL_TOKEN, false, NULL},
    {"https://invoices.example/#a", CALL_TOKEN, false, NULL},
    {"https://ana@invoices.example", CALL_TOKEN, false, NULL},
    {"https://ana:secret@invoices.example", CALL_TOKEN, false, NULL},
    {"ftp://invoices.example", CALL_TOKEN, false, NULL},
    {"file:///", CALL_TOKEN, false, NULL},
    {"file:///etc/passwd", CALL_TOKEN, false, NULL},
    {"invoices.example", CALL_TOKEN, false, NULL},
    {"127.0.0.1:8420", CALL_TOKEN, false, NULL},
    {"http://", CALL_TOKEN, false, NULL},
    {"", CALL_TOKEN, false, NULL},
    {"http://127.0.0.1:99999", CALL_TOKEN, false, NULL},
    {"http://127.0.0.1", "with space", false, NULL},
    {"http://127.0.0.1", "two\r\nX-Lines: 1", false, NULL},
    {"http://127.0.0.1", "caf\xC3\xA9", false, NULL},
    {"http://127.0.0.1", "delete\x7F", false, NULL},
    {"http://127.0.0.1", NULL, false, "http://127.0.0.1"},
    {"http://127.0.0.1", "", false, "http://127.0.0.1"},
    {"https://:secret@invoices.example", CALL_TOKEN, false, NULL},
    {"https://invoices.example/longer/than/any", CALL_TOKEN, false, NULL},
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
    struct courier *courier = call_courier(peer_url(server), 0);
    struct call_seen seen = call_ask(courier, "{}");
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
    struct courier *courier = call_courier("https://invoices.example", 0);
    struct call_seen seen = call_ask(courier, "{}");
    assert_int_equal(seen.fate, REPLY_NOT_SENT);
    assert_int_equal(peer_requests(proxy), 1);
    const char *request = peer_request(proxy, 0);
    assert_ptr_equal(strstr(request, "CONNECT invoices.example:443 "), request);
    assert_null(strstr(request, CALL_TOKEN));
    assert_null(strstr(request, CALL_KEY));
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
                                          .token = CALL_TOKEN,
                                          .connect_timeout_ms = PATIENCE_MS,
                                          .attempt_timeout_ms = PATIENCE_MS,
                                          .ca_file = certificates[i].trusted ? path : NULL};
        struct courier *courier = courier_new(&options, sentence);
        assert_non_null(courier);
        struct call_seen seen = call_ask(courier, "{}");
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
        cmocka_unit_test(redirects),
        cmocka_unit_test(nothing_is_left_of_a_redirects_body),
        cmocka_unit_test(a_redirect_elsewhere_gets_nothing),
        cmocka_unit_test(redirects_come_to_an_end),
        cmocka_unit_test(a_hop_that_fails_is_not_unsent),
        cmocka_unit_test(the_options_are_checked),
        cmocka_unit_test(no_proxy_for_plain_requests),
        cmocka_unit_test(a_proxy_sees_no_token),
        cmocka_unit_test(certificates_are_verified),
    };
    return cmocka_run_group_tests_name("client/trust", tests, NULL, NULL);
}
