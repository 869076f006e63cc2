/* What is read of a reply's headers, and in which words it is told that there is none. */
#include "protocol/client/courier/courier_reply.h"
#include "tests/support/support.h"
#include "tests/unit/client_call.h"

#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

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
    {"Retry-After: Fri, 31 Dec 2077 23:59:59 GMT\r\n", false, INT64_MAX},
    {"Retry-After:\r\n", false, -1},
    {"idempotent-replayed: TRUE\r\n", true, -1},
    {"Idempotent-Replayed: false\r\n", false, -1},
    {"Idempotent-Replayed: true\r\nIdempotent-Replayed: true\r\n", false, -1},
};

static void headers_read_with_care(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof header_rows / sizeof *header_rows; i++) {
        struct peer_step step = {PEER_ANSWERS, "{}", 0, 503, header_rows[i].headers};
        struct call_seen seen = call_play(&step, 0);
        assert_int_equal(seen.fate, REPLY_WHOLE);
        assert_int_equal(seen.replayed, header_rows[i].replayed);
        if (header_rows[i].retry_after_ms == INT64_MAX)
            assert_true(seen.retry_after_ms > 1000000000);
        else
            assert_int_equal(seen.retry_after_ms, header_rows[i].retry_after_ms);
    }
}

static void the_media_type_is_read_with_care(void **unused)
{
    (void)unused;
    static const struct {
        const char *header, *media_type;
    } rows[] = {
        {"Application/JSON", "application/json"},
        {"application/json \t ;charset=utf-8", "application/json"},
        {";", ""},
        {"x/0123456789012345678901234567890123456789012345678901234567890123456789", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = support_format("HTTP/1.1 200 OK\r\nContent-Type: %s\r\n"
                                    "Content-Length: 2\r\n\r\n{}",
                                    rows[i].header);
        struct peer_step step = {PEER_CLOSES, text, 0, 0, NULL};
        struct call_seen seen = call_play(&step, 0);
        assert_int_equal(seen.fate, REPLY_WHOLE);
        assert_string_equal(seen.media_type, rows[i].media_type);
        free(text);
    }
}

/* What no peer of these tests can bring about. */
static void each_error_has_its_words(void **unused)
{
    (void)unused;
    static const struct {
        CURLcode code;
        bool sent;
        const char *words;
    } rows[] = {
        {CURLE_OPERATION_TIMEDOUT, false, "no connection in time"},
        {CURLE_OPERATION_TIMEDOUT, true, "no answer"},
        {CURLE_ABORTED_BY_CALLBACK, true, "no answer"},
        {CURLE_COULDNT_CONNECT, false, "no connection"},
        {CURLE_COULDNT_RESOLVE_PROXY, false, "the proxy's name was not found"},
        {CURLE_PEER_FAILED_VERIFICATION, false, "the server's certificate is not trusted"},
        {CURLE_SSL_CACERT_BADFILE, false, "the file of trusted certificates can't be read"},
        {CURLE_OUT_OF_MEMORY, false, "out of memory"},
        {CURLE_WRITE_ERROR, true, "out of memory"},
        {CURLE_TOO_MANY_REDIRECTS, true, "the connection failed"},
    };
    CURL *easy = curl_easy_init();
    assert_non_null(easy);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(courier_reply_words(easy, rows[i].code, rows[i].sent), rows[i].words);
    curl_easy_cleanup(easy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_read_with_care),
        cmocka_unit_test(the_media_type_is_read_with_care),
        cmocka_unit_test(each_error_has_its_words),
    };
    return cmocka_run_group_tests_name("client/courier reply", tests, NULL, NULL);
}
