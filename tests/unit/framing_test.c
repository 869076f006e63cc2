/* A request's head, judged as libmicrohttpd leaves it in memory. */
#include "mock_server/http/framing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define HEAD_MAX     512

/* What libmicrohttpd 0.9.75 makes of a head: NULs over what divides it, and the name of a folded
 * header elsewhere, with what was folded behind it. */
struct reading {
    char head[HEAD_MAX], moved[HEAD_MAX];
    char *at;
    const char *name, *value; /* of the header that the next line may still belong to */
    struct framing framing;
};

static char *take_line(struct reading *reading)
{
    char *line = reading->at;
    char *end = memchr(line, '\n', HEAD_MAX - (size_t)(line - reading->head));
    assert_non_null(end);
    reading->at = end + 1;
    if (end > line && end[-1] == '\r') end[-1] = '\0';
    end[0] = '\0';
    return line;
}

static void take_request_line(struct reading *reading)
{
    char *method = take_line(reading), *end = reading->at - 1;
    while (end[-1] == '\0')
        end--;
    char came[HEAD_MAX], *version = end, *target = memchr(method, ' ', (size_t)(end - method));
    assert_non_null(target);
    *target++ = '\0';
    while (*target == ' ')
        target++;
    while (version[-1] != ' ')
        version--;
    version[-1] = '\0';
    memcpy(came, target, strlen(target) + 1);
    if (strchr(target, '?')) *strchr(target, '?') = '\0';
    reading->framing = framing_begin(method, target, came, version);
}

static void take_header(struct reading *reading, char *line)
{
    if (reading->name && (*line == ' ' || *line == '\t')) {
        size_t length = strlen(reading->name);
        memcpy(reading->moved, reading->name, length);
        line += strspn(line, " \t");
        memcpy(reading->moved + length, line, strlen(line) + 1);
        reading->name = reading->moved;
        return;
    }
    if (reading->name) framing_field(&reading->framing, reading->name, reading->value);
    reading->name = NULL;
    if (!*line) return;
    char *colon = strchr(line, ':');
    assert_non_null(colon);
    *colon = '\0';
    reading->name = line;
    reading->value = colon + 1 + strspn(colon + 1, " \t");
}

static enum framing_fault judge(const char *head, size_t length, bool *is_chunked)
{
    static struct reading reading;
    reading = (struct reading){.at = reading.head};
    assert_true(length < HEAD_MAX);
    memcpy(reading.head, head, length);
    take_request_line(&reading);
    for (bool is_last = false; !is_last;) {
        char *line = take_line(&reading);
        is_last = *line == '\0';
        take_header(&reading, line);
    }
    enum framing_fault fault = framing_end(&reading.framing, reading.at);
    if (is_chunked) *is_chunked = reading.framing.is_chunked;
    return fault;
}

#define HEAD(text) text, sizeof(text) - 1
#define LINE       "POST /v1/invoices?a=b HTTP/1.1\r\n"
#define HOST       "Host: x\r\n"

static const struct {
    const char *head;
    size_t length;
    enum framing_fault fault;
} HEADS[] = {
    {HEAD(LINE HOST "\r\n"), FRAMING_SOUND},
    {HEAD(LINE HOST "Content-Length: 5\r\nX: \r\nY:z \r\n\r\n"), FRAMING_SOUND},
    {HEAD("GET / HTTP/1.0\r\n\r\n"), FRAMING_SOUND},
    {HEAD("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"), FRAMING_SOUND},
    {HEAD("GET http://x:1/y?z HTTP/1.1\r\n" HOST "\r\n"), FRAMING_SOUND},
    {HEAD("GET  / HTTP/1.1\r\n" HOST "\r\n"), FRAMING_REQUEST_LINE},
    {HEAD("G\0T / HTTP/1.1\r\n" HOST "\r\n"), FRAMING_REQUEST_LINE},
    {HEAD("G\"T / HTTP/1.1\r\n" HOST "\r\n"), FRAMING_REQUEST_LINE},
    {HEAD("GET /\0/ HTTP/1.1\r\n" HOST "\r\n"), FRAMING_TARGET},
    {HEAD("GET /  HTTP/1.1\r\n" HOST "\r\n"), FRAMING_TARGET},
    {HEAD("GET x HTTP/1.1\r\n" HOST "\r\n"), FRAMING_TARGET},
    {HEAD("GET * HTTP/1.1\r\n" HOST "\r\n"), FRAMING_TARGET},
    {HEAD("GET http:// HTTP/1.1\r\n" HOST "\r\n"), FRAMING_TARGET},
    {HEAD("GET http://x#y HTTP/1.1\r\n" HOST "\r\n"), FRAMING_TARGET},
    {HEAD("GET / HTTP/1.1\n" HOST "\r\n"), FRAMING_FIELD_LINE},
    {HEAD(LINE "Host: x\n\r\n"), FRAMING_FIELD_LINE},
    {HEAD(LINE HOST "\n"), FRAMING_FIELD_LINE},
    {HEAD(LINE HOST "X: y\0z\r\nZ: z\r\n\r\n"), FRAMING_FIELD_LINE},
    {HEAD(LINE HOST "X: y\0z\r\n\r\n"), FRAMING_FIELD_LINE},
    {HEAD(LINE HOST "\0X: y\r\n"), FRAMING_FIELD_LINE},
    {HEAD(LINE HOST "X: y\r\n z\r\n\r\n"), FRAMING_FIELD_LINE},
    {HEAD(LINE HOST "X: y\r\n\t\r\n\r\n"), FRAMING_FIELD_LINE},
    {HEAD(LINE " X: y\r\n" HOST "\r\n"), FRAMING_FIELD_NAME},
    {HEAD(LINE HOST "X : y\r\n\r\n"), FRAMING_FIELD_NAME},
    {HEAD(LINE HOST ": y\r\n\r\n"), FRAMING_FIELD_NAME},
    {HEAD(LINE HOST "X: y\rz\r\n\r\n"), FRAMING_FIELD_VALUE},
    {HEAD(LINE "\r\n"), FRAMING_HOST},
    {HEAD(LINE HOST HOST "\r\n"), FRAMING_HOST},
    {HEAD(LINE "Host: x, y\r\n\r\n"), FRAMING_HOST},
    {HEAD(LINE HOST "Content-Length: 5\r\ncontent-length: 5\r\n\r\n"), FRAMING_LENGTH},
    {HEAD(LINE HOST "Content-Length: +5\r\nTransfer-Encoding: chunked\r\n\r\n"), FRAMING_LENGTH},
    {HEAD(LINE HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), FRAMING_BOTH},
    {HEAD(LINE HOST "Authorization: x\r\nAuthorization: x\r\n\r\n"), FRAMING_AUTHORIZATION},
    {HEAD(LINE HOST "Content-Type: x\r\nContent-Type: x\r\n\r\n"), FRAMING_CONTENT_TYPE},
    {HEAD("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), FRAMING_NOT_CHUNKED},
};

static void a_head_is_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(HEADS); i++) {
        enum framing_fault fault = judge(HEADS[i].head, HEADS[i].length, NULL);
        if (fault != HEADS[i].fault) fail_msg("row %zu: %d", i, (int)fault);
    }
}

static const struct {
    const char *value;
    enum framing_fault fault;
} CODINGS[] = {
    {"chunked", FRAMING_SOUND},
    {"CHUNKED", FRAMING_SOUND},
    {"chunked\t", FRAMING_NOT_CHUNKED},
    {"chunked,", FRAMING_NOT_CHUNKED},
    {"", FRAMING_NOT_CHUNKED},
    {",", FRAMING_NOT_CHUNKED},
    {"chunked, chunked", FRAMING_NOT_CHUNKED},
    {"chunked,gzip", FRAMING_NOT_CHUNKED},
    {"gzip, chunked, br", FRAMING_NOT_CHUNKED},
    {"gzip", FRAMING_CODING},
    {"gzip, chunked", FRAMING_CODING},
    {"gzip , br", FRAMING_CODING},
    {"identity", FRAMING_CODING},
    {"chunke", FRAMING_CODING},
    {"chunkedx", FRAMING_CODING},
};

static void a_coding_is_judged_by_the_last(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CODINGS); i++) {
        char head[HEAD_MAX];
        bool is_chunked = false;
        int length = snprintf(head, sizeof head, LINE HOST "Transfer-Encoding: %s\r\n\r\n",
                              CODINGS[i].value);
        enum framing_fault fault = judge(head, (size_t)length, &is_chunked);
        if (fault != CODINGS[i].fault) fail_msg("row %zu: %d", i, (int)fault);
        assert_true(is_chunked);
    }
}

static void a_refusal_says_what_is_wrong(void **state)
{
    (void)state;
    for (int fault = FRAMING_SOUND + 1; fault <= FRAMING_CONTENT_TYPE; fault++) {
        struct framing_refusal refusal = framing_refusal((enum framing_fault)fault);
        assert_int_equal(refusal.status, fault == FRAMING_CODING ? 501 : 400);
        assert_true(strlen(refusal.detail) > 20);
    }
}

static void a_path_is_found_in_its_target(void **state)
{
    (void)state;
    assert_string_equal(framing_path("/a?b"), "/a?b");
    assert_string_equal(framing_path("http://x/a"), "/a");
    assert_string_equal(framing_path("HTTPS://x:1?b"), "?b");
    assert_string_equal(framing_path("http://x"), "");
    assert_null(framing_path("*"));
    assert_null(framing_path("x:80"));
    assert_null(framing_path("http:/x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_judged),
        cmocka_unit_test(a_coding_is_judged_by_the_last),
        cmocka_unit_test(a_refusal_says_what_is_wrong),
        cmocka_unit_test(a_path_is_found_in_its_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
