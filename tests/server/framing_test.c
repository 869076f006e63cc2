/* Requests that a proxy on the way might read otherwise than the server (RFC 9112): refused, once,
 * and the connection is closed; and those that only look odd. */
#include "tests/server/api.h"

#include "tests/support/raw.h"
#include "tests/support/rows.h"

#include <unistd.h>

#define GET   "GET /v1/whoami HTTP/1.1\r\n"
#define POST  "POST /v1/invoices HTTP/1.1\r\n"
#define HOST  "Host: x\r\n"
#define WHO   "Authorization: Bearer " TOKEN_ANA "\r\n"
#define JSON  "Content-Type: application/json\r\n"
#define END   "\r\n"
#define GOOD  GET HOST WHO END
#define CHUNK "2\r\n{}\r\n0\r\n\r\n"

/* A NUL may be among the bytes. */
#define BYTES(text)                                                                                \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

struct bytes {
    const char *text;
    size_t length;
};

static const struct {
    const char *what;
    struct bytes sent;
    int status; /* 0: 400 */
} REFUSED[] = {
    {"two lengths",
     BYTES(POST HOST WHO JSON "Content-Length: 2\r\nContent-Length: 60\r\n" END "{}" GOOD)},
    {"one length twice",
     BYTES(POST HOST WHO JSON "Content-Length: 2\r\nContent-Length: 2\r\n" END "{}")},
    {"a length and chunks",
     BYTES(POST HOST WHO JSON "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n" END CHUNK)},
    {"chunks and a length",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked\r\nContent-Length: 9\r\n" END CHUNK)},
    {"chunks and no number",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked\r\nContent-Length: +9\r\n" END CHUNK)},
    {"a blank before the colon", BYTES(POST HOST WHO JSON "Content-Length : 60\r\n" END GOOD)},
    {"a tab before the colon", BYTES(POST HOST WHO JSON "Content-Length\t: 60\r\n" END GOOD)},
    {"a blank before the coding's colon",
     BYTES(POST HOST WHO JSON "Transfer-Encoding : chunked\r\n" END CHUNK)},
    {"a hidden length", BYTES(POST HOST WHO JSON "Content-Length: 2\0 60\r\n" END "{}")},
    {"an unknown coding", BYTES(POST HOST WHO JSON "Transfer-Encoding: gzip\r\n" END CHUNK), 501},
    {"identity is none any more",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: identity\r\n" END CHUNK), 501},
    {"an unknown coding first",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: gzip, chunked\r\n" END CHUNK), 501},
    {"an unknown coding, two lines",
     BYTES(POST HOST WHO JSON
           "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n" END CHUNK),
     501},
    {"something like chunked",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: xchunked\r\n" END CHUNK), 501},
    {"chunked isn't last",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked, gzip\r\n" END CHUNK)},
    {"chunked twice",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked, chunked\r\n" END CHUNK)},
    {"chunked twice, two lines",
     BYTES(POST HOST WHO JSON
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" END CHUNK)},
    {"no coding", BYTES(POST HOST WHO JSON "Transfer-Encoding:\r\n" END CHUNK)},
    {"chunked and a blank", BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked \r\n" END CHUNK)},
    {"chunked and a vertical tab",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: \vchunked\r\n" END CHUNK), 501},
    {"chunks in HTTP/1.0", BYTES("POST /v1/invoices HTTP/1.0\r\n" HOST WHO JSON
                                 "Transfer-Encoding: chunked\r\n" END CHUNK)},
    {"no host", BYTES(GET WHO END)},
    {"two hosts", BYTES(GET HOST WHO "Host: y\r\n" END)},
    {"one host twice", BYTES(GET HOST HOST WHO END)},
    {"two words for a host", BYTES(GET "Host: x y\r\n" WHO END)},
    {"a path in the host", BYTES(GET "Host: x/v1\r\n" WHO END)},
    {"a NUL in a token", BYTES(GET HOST "Authorization: Bearer " TOKEN_ANA "\0x\r\n" END)},
    {"a NUL in the last value", BYTES(GET WHO "Host: x\0y\r\n" END)},
    {"a NUL in a value, nothing behind", BYTES(GET HOST WHO "X: \0\r\n" END)},
    {"a NUL in the path", BYTES("GET /v1/whoami\0/x HTTP/1.1\r\n" HOST WHO END)},
    {"a NUL in the query", BYTES("GET /v1/invoices?limit=1\0&x=1 HTTP/1.1\r\n" HOST WHO END)},
    {"a NUL in the method", BYTES("GET\0X /v1/whoami HTTP/1.1\r\n" HOST WHO END)},
    {"a NUL before a header", BYTES(GET HOST WHO "\0X: y\r\n"
                                                 "Y: z\r\n" END)},
    {"a folded header", BYTES(GET HOST "Authorization: Bearer\r\n " TOKEN_ANA "\r\n" END)},
    {"a folded header with a tab", BYTES(GET HOST WHO "X: y\r\n\tz\r\n" END)},
    {"a header folded to nothing", BYTES(GET HOST WHO "X: y\r\n \r\n" END)},
    {"the first header folded", BYTES(GET " X: y\r\n" HOST WHO END)},
    {"a bare CR in a value", BYTES(GET HOST WHO "X: y\rZ: z\r\n" END)},
    {"a bare CR before the end", BYTES(GET HOST WHO "X: y\r\r\n" END)},
    {"a bare LF ends a header", BYTES(GET HOST "X: y\n" WHO END)},
    {"a bare LF ends the head", BYTES(GET HOST WHO "\n")},
    {"a bare LF ends the request line", BYTES("GET /v1/whoami HTTP/1.1\n" HOST WHO END)},
    {"bare LFs alone", BYTES("GET /v1/whoami HTTP/1.1\nHost: x\n\n")},
    {"a blank in a name", BYTES(GET HOST WHO "X Y: z\r\n" END)},
    {"a control in a name", BYTES(GET HOST WHO "X\001: z\r\n" END)},
    {"a letter beyond ASCII in a name", BYTES(GET HOST WHO "X\344: z\r\n" END)},
    {"no name", BYTES(GET HOST WHO ": z\r\n" END)},
    {"two tokens", BYTES(GET HOST WHO "Authorization: Bearer " TOKEN_EVE "\r\n" END)},
    {"two media types",
     BYTES(POST HOST WHO JSON "Content-Type: text/plain\r\nContent-Length: 2\r\n" END "{}")},
    {"two blanks before the target", BYTES("GET  /v1/whoami HTTP/1.1\r\n" HOST WHO END)},
    {"two blanks behind it", BYTES("GET /v1/whoami  HTTP/1.1\r\n" HOST WHO END)},
    {"a blank in it", BYTES("GET /v1/whoami /x HTTP/1.1\r\n" HOST WHO END)},
    {"a control in it", BYTES("GET /v1/who\001ami HTTP/1.1\r\n" HOST WHO END)},
    {"a fragment in it", BYTES("GET /v1/whoami#x HTTP/1.1\r\n" HOST WHO END)},
    {"a path without a slash", BYTES("GET v1/whoami HTTP/1.1\r\n" HOST WHO END)},
    {"the asterisk of OPTIONS", BYTES("GET * HTTP/1.1\r\n" HOST WHO END)},
    {"an authority", BYTES("CONNECT x:80 HTTP/1.1\r\n" HOST WHO END)},
    {"another scheme", BYTES("GET ftp://x/v1/whoami HTTP/1.1\r\n" HOST WHO END)},
    {"a user in an absolute target", BYTES("GET http://u@x/v1/whoami HTTP/1.1\r\n" HOST WHO END)},
    {"no host in an absolute target", BYTES("GET http:///v1/whoami HTTP/1.1\r\n" HOST WHO END)},
    {"an absolute target and no host", BYTES("GET http://x/v1/whoami HTTP/1.1\r\n" WHO END)},
    {"a method that is no token", BYTES("G(T /v1/whoami HTTP/1.1\r\n" HOST WHO END)},
    {"a path that isn't there", BYTES("GET /nowhere HTTP/1.1\r\n" HOST HOST END)},
};

/* Alone, behind another request, and byte by byte. */
enum way { ALONE, BEHIND, IN_PIECES, WAYS };

static int send_bytes(const struct mock *mock, enum way way, struct bytes bytes)
{
    int connection = raw_connect(mock->port);
    assert_true(connection >= 0);
    char *both = malloc(sizeof GOOD + bytes.length);
    assert_non_null(both);
    memcpy(both, GOOD, sizeof GOOD - 1);
    memcpy(both + sizeof GOOD - 1, bytes.text, bytes.length);
    if (way == BEHIND)
        assert_true(raw_send(connection, both, sizeof GOOD - 1 + bytes.length));
    else if (way == ALONE)
        assert_true(raw_send(connection, bytes.text, bytes.length));
    /* It may be refused, and closed, before all of it is there. */
    for (size_t i = 0; way == IN_PIECES && i < bytes.length; i++)
        if (!raw_send(connection, bytes.text + i, 1)) break;
    free(both);
    return connection;
}

/* Takes one whole reply off the front of what came. */
static struct http_reply take_reply(const char **at)
{
    struct http_reply reply = {0};
    const char *head = strstr(*at, "\r\n\r\n"), *length = strstr(*at, "Content-Length: ");
    if (strncmp(*at, "HTTP/1.1 ", 9) != 0 || !head || !length || length > head) return reply;
    reply.status = (int)strtol(*at + 9, NULL, 10);
    reply.length = strtoul(length + strlen("Content-Length: "), NULL, 10);
    if (strlen(head + 4) < reply.length) return (struct http_reply){0};
    reply.body = support_format("%.*s", (int)reply.length, head + 4);
    reply.json = json_read(reply.body, strlen(reply.body));
    *at = head + 4 + reply.length;
    return reply;
}

/* Each reply that came, told apart by its length; nothing may be left over. */
static void assert_refused_once(const struct raw_reply *all, enum way way, int status)
{
    const char *at = all->all.bytes;
    assert_int_not_equal(all->end, RAW_OPEN);
    if (way == BEHIND) {
        struct http_reply good = take_reply(&at);
        assert_int_equal(good.status, 200);
        http_reply_clear(&good);
    }
    const char *close = strstr(at, "\r\nConnection: close\r\n");
    struct http_reply reply = take_reply(&at);
    assert_int_equal(reply.status, status);
    assert_true(close && close < at);
    assert_string_equal(api_text(&reply, "/type"), "urn:invonce:problem:bad-request");
    assert_int_equal(json_integer(json_member(reply.json, "status"), 0), status);
    assert_string_equal(api_text(&reply, "/effect"), "unknown");
    assert_string_equal(api_text(&reply, "/retry"), "never");
    assert_string_equal(at, "");
    http_reply_clear(&reply);
}

static void each_is_refused_once_and_closed(void **state)
{
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++) {
        for (enum way way = ALONE; way < WAYS; way++) {
            print_message("%s, way %d\n", REFUSED[i].what, (int)way);
            int connection = send_bytes(mock, way, REFUSED[i].sent);
            struct raw_reply all = raw_read_all(connection, PATIENCE_MS);
            assert_refused_once(&all, way, REFUSED[i].status ? REFUSED[i].status : 400);
            raw_reply_clear(&all);
            close(connection);
        }
    }
    /* None of them is an attempt to create. */
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM audit"), 0);
}

static const char *const BEHIND_PROXY[] = {"--behind-proxy", NULL};

/* What may look odd, and is read by everybody alike. */
static const struct {
    const char *what;
    struct bytes sent;
    int status;
    bool closed;
} TAKEN[] = {
    {"plain", BYTES(GOOD), 200},
    {"an absolute target", BYTES("GET http://x/v1/whoami HTTP/1.1\r\n" HOST WHO END), 200},
    {"with a port, and a query",
     BYTES("GET HTTPS://[::1]:8420/v1/invoices?limit=1 HTTP/1.1\r\n" HOST WHO END), 200},
    {"without a path", BYTES("GET http://x HTTP/1.1\r\n" HOST WHO END), 404},
    {"with a query alone", BYTES("GET http://x?y HTTP/1.1\r\n" HOST WHO END), 404},
    {"the asterisk", BYTES("OPTIONS * HTTP/1.1\r\n" HOST WHO END), 404},
    {"blanks behind values",
     BYTES(GET "Host: x \t\r\nAuthorization: Bearer " TOKEN_ANA " \t \r\n" END), 200},
    {"no blanks before them",
     BYTES(GET "Host:x\r\nAuthorization:Bearer " TOKEN_ANA "\r\nX:\r\n" END), 200},
    {"an empty host", BYTES(GET "Host:\r\n" WHO END), 200},
    {"names in any case", BYTES(GET "HOST: x\r\naUTHORIZATION: bearer " TOKEN_ANA "\r\n" END), 200},
    {"any other bytes", BYTES(GET HOST WHO "X: \344\t\303\244\001\177\r\n" END), 200},
    {"one unknown header twice", BYTES(GET HOST WHO "X: a\r\nX: b\r\nCookie: a=b; c\r\n" END), 200},
    {"an empty line before", BYTES("\r\n" GOOD), 200},
    {"a length of zeros", BYTES(POST HOST WHO JSON "Content-Length: 0002\r\n" END "{}"), 400},
    {"a later version", BYTES("GET /v1/whoami HTTP/1.9\r\n" HOST WHO END), 200},
    {"HTTP/1.0, no host", BYTES("GET /v1/whoami HTTP/1.0\r\n" WHO END), 200, true},
    {"HTTP/1.0, kept", BYTES("GET /v1/whoami HTTP/1.0\r\nConnection: keep-alive\r\n" WHO END), 200},
    {"chunks", BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked\r\n" END CHUNK), 400, true},
    {"chunks in capitals", BYTES(POST HOST WHO JSON "Transfer-Encoding: CHUNKED\r\n" END CHUNK),
     400, true},
    {"an extension and a trailer",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked\r\n" END
                              "02;a=\"b\"\r\n{}\r\n0\r\nAuthorization: x\r\n\r\n"),
     400, true},
    {"an unknown expectation", BYTES(GET HOST WHO "Expect: wonders\r\n" END), 200},
};

/* What follows on the connection is read as the next request, or never. */
static void what_only_looks_odd_is_taken(void **state)
{
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(TAKEN); i++) {
        for (enum way way = ALONE; way < WAYS; way++) {
            print_message("%s, way %d\n", TAKEN[i].what, (int)way);
            int connection = send_bytes(mock, way, TAKEN[i].sent);
            raw_send_text(connection, GET HOST WHO "Connection: close\r\n" END);
            struct raw_reply all = raw_read_all(connection, PATIENCE_MS);
            const char *at = all.all.bytes;
            for (int expected = way == BEHIND ? 0 : 1; expected < 3; expected++) {
                if (expected == 2 && TAKEN[i].closed) break;
                struct http_reply reply = take_reply(&at);
                assert_int_equal(reply.status, expected == 1 ? TAKEN[i].status : 200);
                http_reply_clear(&reply);
            }
            assert_string_equal(at, "");
            all.request[0] = '\0'; /* it isn't the last request's alone */
            raw_reply_clear(&all);
            close(connection);
        }
    }
}

/* libmicrohttpd says these itself, in HTML; where the head comes twice (the manual tells), the
 * first one says that the connection ends. */
static const struct {
    const char *what;
    struct bytes sent;
    int status;
    bool twice;
} ITS_OWN[] = {
    {"a length with a sign", BYTES(POST HOST WHO JSON "Content-Length: +2\r\n" END "{}" GOOD), 400,
     true},
    {"a negative length", BYTES(POST HOST WHO JSON "Content-Length: -2\r\n" END "{}" GOOD), 400,
     true},
    {"a list of lengths", BYTES(POST HOST WHO JSON "Content-Length: 2, 2\r\n" END "{}" GOOD), 400,
     true},
    {"a length in base 16", BYTES(POST HOST WHO JSON "Content-Length: 0x2\r\n" END "{}" GOOD), 400,
     true},
    {"a length and a blank", BYTES(POST HOST WHO JSON "Content-Length: 2 \r\n" END "{}" GOOD), 400,
     true},
    {"no length", BYTES(POST HOST WHO JSON "Content-Length:\r\n" END "{}" GOOD), 400, true},
    {"a length too long",
     BYTES(POST HOST WHO JSON "Content-Length: 99999999999999999999\r\n" END "{}" GOOD), 413, true},
    {"no colon", BYTES(GET HOST WHO "X\r\n" END), 400},
    {"a NUL in a name", BYTES(GET HOST WHO "X\0Y: z\r\n" END), 400},
    {"half a request line", BYTES("GET\r\n" HOST END), 0}, /* closed without a word */
    {"HTTP/0.9", BYTES("GET /v1/whoami\r\n" END), 400},
    {"HTTP/0.9 by name", BYTES("GET /v1/whoami HTTP/0.9\r\n" HOST WHO END), 505},
    {"HTTP/2.0", BYTES("GET /v1/whoami HTTP/2.0\r\n" HOST WHO END), 505},
    {"the preface of HTTP/2", BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505},
    {"small letters", BYTES("GET /v1/whoami http/1.1\r\n" HOST WHO END), 400},
    {"a long version", BYTES("GET /v1/whoami HTTP/1.10\r\n" HOST WHO END), 400},
    {"a blank behind the version", BYTES("GET /v1/whoami HTTP/1.1 \r\n" HOST WHO END), 400},
    {"a sign in a chunk",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked\r\n" END "+2\r\n{}\r\n0\r\n\r\n"), 400},
    {"base 16 in a chunk",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked\r\n" END "0x2\r\n{}\r\n0\r\n\r\n"), 400},
    {"a blank in a chunk",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked\r\n" END "2 \r\n{}\r\n0\r\n\r\n"), 400},
    {"a chunk without its end",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked\r\n" END "2\r\n{}x\r\n0\r\n\r\n"), 400},
    {"a chunk beyond counting",
     BYTES(POST HOST WHO JSON "Transfer-Encoding: chunked\r\n" END "fffffffffffffffff\r\n{}"), 413},
};

static void what_the_library_refuses_is_closed_too(void **state)
{
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(ITS_OWN); i++) {
        print_message("%s\n", ITS_OWN[i].what);
        int connection = send_bytes(mock, ALONE, ITS_OWN[i].sent);
        struct raw_reply all = raw_read_all(connection, PATIENCE_MS);
        assert_int_equal(raw_status(&all), ITS_OWN[i].status);
        assert_int_not_equal(all.end, RAW_OPEN);
        int heads = 0;
        for (const char *at = all.all.bytes; (at = strstr(at, "HTTP/1.1 ")); at++)
            heads++;
        int whole = ITS_OWN[i].status != 0;
        assert_true(heads == whole || (heads == 2 && ITS_OWN[i].twice));
        char *says = raw_header(&all, "Connection");
        assert_string_equal(says, whole ? "close" : "");
        free(says);
        raw_reply_clear(&all);
        close(connection);
    }
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM audit"), 0);
}

/* A chunk's size that ends with LF alone can't be seen, so nothing is believed after chunks. */
static void nothing_is_read_after_chunks(void **state)
{
    static const char request[] = POST HOST WHO JSON
        "Idempotency-Key: a\r\nTransfer-Encoding: chunked\r\n" END "2\n{}\n0\n\n" GOOD;
    const struct mock *mock = *state;
    int connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, request));
    struct raw_reply all = raw_read_all(connection, PATIENCE_MS);
    const char *at = all.all.bytes;
    struct http_reply reply = take_reply(&at);
    assert_int_equal(reply.status, 422);
    assert_string_equal(at, "");
    assert_int_not_equal(all.end, RAW_OPEN);
    http_reply_clear(&reply);
    raw_reply_clear(&all);
    close(connection);
}

/* Headers as large as the server takes them, in pieces: their places stay where they are looked
 * for. */
static void large_heads_are_no_fault(void **state)
{
    static const size_t sizes[] = {100, 4000, 6000, 8000};
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        char *head = support_format(GET HOST "X: %0*d\r\n" WHO END, (int)sizes[i], 0);
        for (size_t piece = 1000; piece < 4000; piece += 997) {
            int connection = raw_connect(mock->port);
            for (size_t at = 0, length = strlen(head); at < length; at += piece)
                assert_true(
                    raw_send(connection, head + at, length - at < piece ? length - at : piece));
            struct raw_reply reply = raw_read_reply(connection, PATIENCE_MS);
            assert_int_equal(raw_status(&reply), 200);
            raw_reply_clear(&reply);
            close(connection);
        }
        free(head);
    }
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(each_is_refused_once_and_closed, NULL),
    {
        .name = "each_is_refused_behind_a_proxy",
        .test_func = each_is_refused_once_and_closed,
        .setup_func = api_setup,
        .teardown_func = api_teardown,
        .initial_state = (void *)(uintptr_t)BEHIND_PROXY,
    },
    SERVER_TEST(what_only_looks_odd_is_taken, NULL),
    SERVER_TEST(what_the_library_refuses_is_closed_too, NULL),
    SERVER_TEST(nothing_is_read_after_chunks, NULL),
    SERVER_TEST(large_heads_are_no_fault, NULL),
};

API_MAIN("framing", TESTS)
