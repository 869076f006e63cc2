/* JSON that is refused before anyone asks what it says, and the order of all checks (3.1). */
#include "tests/server/api.h"

#define GOOD_REST                                                                                  \
    "\"issue_date\":\"2026-11-22\",\"currency\":\"EUR\",\"customer\":{\"email\":\"a@b.example\"}," \
    "\"lines\":[{\"description\":\"x\",\"quantity\":\"1\",\"unit_price\":\"1.50\"}]}"

#define TEXT(name, body)                                                                           \
    {                                                                                              \
        name, body, sizeof(body) - 1                                                               \
    }

static const struct {
    const char *name;
    const char *body;
    size_t length;
} MALFORMED[] = {
    TEXT("only blanks", "   "),
    TEXT("no object", "[]"),
    TEXT("a string", "\"x\""),
    TEXT("null", "null"),
    TEXT("torn", "{\"number\":\"1\","),
    TEXT("two documents", "{}{}"),
    TEXT("something after it", "{\"number\":\"1\"," GOOD_REST "x"),
    TEXT("trailing comma", "{\"number\":\"1\",}"),
    TEXT("single quotes", "{'number':'1'}"),
    TEXT("comment", "{/* */\"number\":\"1\"}"),
    TEXT("leading zero", "{\"number\":01}"),
    TEXT("dangling dot", "{\"number\":1.}"),
    TEXT("NaN", "{\"number\":NaN}"),
    TEXT("Infinity", "{\"number\":-Infinity}"),
    TEXT("plus", "{\"number\":+1}"),
    TEXT("bad escape", "{\"number\":\"\\x31\"}"),
    TEXT("raw line break in a string", "{\"number\":\"1\n\"," GOOD_REST),
    TEXT("byte order mark", "\xEF\xBB\xBF{\"number\":\"1\"," GOOD_REST),
    TEXT("escaped NUL", "{\"number\":\"b\\u0000c\"," GOOD_REST),
    TEXT("escaped NUL in a name", "{\"number\\u0000\":\"b\",\"number\":\"b\"," GOOD_REST),
    TEXT("raw NUL", "{\"number\":\"b\0c\"," GOOD_REST),
    TEXT("raw NUL after a number", "{\"number\":1\0," GOOD_REST),
    TEXT("raw NUL after a literal", "{\"number\":null\0," GOOD_REST),
    TEXT("NUL after it", "{\"number\":\"1\"," GOOD_REST "\0"),
    TEXT("invalid UTF-8", "{\"number\":\"\xFF\"," GOOD_REST),
    TEXT("overlong UTF-8", "{\"number\":\"\xC0\xAF\"," GOOD_REST),
    TEXT("a surrogate in UTF-8", "{\"number\":\"\xED\xA0\x80\"," GOOD_REST),
    TEXT("past U+10FFFF", "{\"number\":\"\xF4\x90\x80\x80\"," GOOD_REST),
    TEXT("cut UTF-8", "{\"number\":\"\xE2\x82\"," GOOD_REST),
    TEXT("lone high surrogate", "{\"number\":\"\\ud800\"," GOOD_REST),
    TEXT("lone low surrogate", "{\"number\":\"\\udc00\"," GOOD_REST),
    TEXT("duplicate member", "{\"number\":\"1\",\"number\":\"2\"," GOOD_REST),
    TEXT("duplicate, escaped", "{\"number\":\"1\",\"n\\u0075mber\":\"1\"," GOOD_REST),
    TEXT("duplicate, deep", "{\"customer\":{\"email\":\"a@b.example\",\"email\":\"c@d.example\"}}"),
    TEXT("17 deep", "{\"number\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}"),
};

static struct http_reply send_bytes(const struct mock *mock, const char *body, size_t length)
{
    char *url = support_format("%s/v1/invoices", mock->url);
    struct http_reply reply = http_send(&(struct http_request){
        .url = url, .token = TOKEN_ANA, .key = "\"k1\"", .body = body, .body_length = length});
    free(url);
    return reply;
}

static void what_is_no_strict_json_is_refused(void **state)
{
    for (size_t i = 0; i < COUNT_OF(MALFORMED); i++) {
        struct http_reply reply = send_bytes(*state, MALFORMED[i].body, MALFORMED[i].length);
        print_message("%s\n", MALFORMED[i].name);
        api_assert_problem(&reply, "malformed-json");
        http_reply_clear(&reply);
    }
    struct http_reply empty = api_create(*state, "\"k1\"", "");
    api_assert_problem(&empty, "malformed-json");
    http_reply_clear(&empty);
    assert_int_equal(api_count(*state, TOKEN_ANA), 0);
}

static void deep_and_wide_bodies_end_quickly(void **state)
{
    static const size_t size = 200000;
    for (int i = 0; i < 2; i++) {
        char *body = malloc(size + 1);
        assert_non_null(body);
        memset(body, i ? '[' : '{', size);
        body[size] = '\0';
        struct http_reply reply = api_create(*state, "\"k1\"", body);
        api_assert_problem(&reply, "malformed-json");
        http_reply_clear(&reply);
        free(body);
    }
}

/* Characters outside of the basic plane come back as they went in. */
static void good_unicode_is_kept(void **state)
{
    static const char body[] = "{\"number\":\"\\ud83d\\ude00 \xF0\x9F\x98\x80 \\u20ac\"," GOOD_REST;
    struct http_reply reply = send_bytes(*state, body, sizeof body - 1);
    api_assert_status(&reply, 201);
    assert_string_equal(api_text(&reply, "/number"),
                        "\xF0\x9F\x98\x80 \xF0\x9F\x98\x80 \xE2\x82\xAC");
    http_reply_clear(&reply);
}

/* Body of exactly `size` bytes: a good request with blanks at its end. */
static char *body_of(size_t size, const char *number)
{
    char *good = sample_body(number, NULL), *body = malloc(size + 1);
    assert_non_null(body);
    memset(body, ' ', size);
    memcpy(body, good, strlen(good));
    body[size] = '\0';
    free(good);
    return body;
}

static void a_body_may_have_256_kib(void **state)
{
    char *most = body_of((size_t)256 * 1024, "1"), *more = body_of((size_t)256 * 1024 + 1, "2");
    struct http_reply made = api_create(*state, "\"k1\"", most);
    struct http_reply refused = api_create(*state, "\"k2\"", more);
    api_assert_status(&made, 201);
    api_assert_problem(&refused, "payload-too-large");
    assert_int_equal(api_count(*state, TOKEN_ANA), 1);
    http_reply_clear(&refused);
    http_reply_clear(&made);
    free(more);
    free(most);
}

enum { BIG = 1, PLAIN_TEXT = 2, TORN = 4, NO_KEY = 8, KNOWN_KEY = 16, INVALID = 32, TAKEN = 64 };

/* The first check that fails has the word: each row adds what the row before it did wrong. */
static const struct {
    const char *method, *path, *token;
    int wrong;
    const char *problem;
} ORDER[] = {
    {"PATCH", "/v1/nowhere", NULL, BIG | PLAIN_TEXT | TORN | NO_KEY, "not-found"},
    {"PATCH", "/v1/invoices", NULL, BIG | PLAIN_TEXT | TORN | NO_KEY, "method-not-allowed"},
    {"POST", "/v1/invoices", NULL, BIG | PLAIN_TEXT | TORN | NO_KEY, "unauthorized"},
    {"POST", "/v1/invoices", "wrong-token-0123456789", BIG | PLAIN_TEXT | TORN, "unauthorized"},
    {"POST", "/v1/invoices", TOKEN_ANA, BIG | PLAIN_TEXT | TORN | NO_KEY, "payload-too-large"},
    {"POST", "/v1/invoices", TOKEN_ANA, PLAIN_TEXT | TORN | NO_KEY, "unsupported-media-type"},
    {"POST", "/v1/invoices", TOKEN_ANA, TORN | NO_KEY, "malformed-json"},
    {"POST", "/v1/invoices", TOKEN_ANA, NO_KEY | INVALID, "idempotency-key-missing"},
    {"POST", "/v1/invoices", TOKEN_ANA, KNOWN_KEY | INVALID, "idempotency-key-reused"},
    {"POST", "/v1/invoices", TOKEN_ANA, KNOWN_KEY | TAKEN, "idempotency-key-reused"},
    {"POST", "/v1/invoices", TOKEN_ANA, INVALID | TAKEN, "validation-failed"},
    {"POST", "/v1/invoices", TOKEN_ANA, TAKEN, "invoice-number-taken"},
};

static char *wrong_body(int wrong)
{
    if (wrong & BIG) return body_of((size_t)300 * 1024, "1");
    if (wrong & TORN) return support_format("{\"number\":");
    return sample_body(wrong & TAKEN ? "taken" : "1",
                       wrong & INVALID ? "{\"currency\":\"x\"}" : "{\"currency\":\"USD\"}");
}

static void checks_come_in_their_order(void **state)
{
    const struct mock *mock = *state;
    struct http_reply first = api_create_sample(mock, "\"known\"", "taken", NULL);
    api_assert_status(&first, 201);
    for (size_t i = 0; i < COUNT_OF(ORDER); i++) {
        char *url = support_format("%s%s", mock->url, ORDER[i].path);
        char *body = wrong_body(ORDER[i].wrong);
        const char *key = ORDER[i].wrong & KNOWN_KEY ? "\"known\"" : "\"new\"";
        struct http_reply reply = http_send(&(struct http_request){
            .method = ORDER[i].method,
            .url = url,
            .token = ORDER[i].token,
            .key = ORDER[i].wrong & NO_KEY ? NULL : key,
            .content_type = ORDER[i].wrong & PLAIN_TEXT ? "text/plain" : NULL,
            .body = body});
        print_message("row %zu, %s\n", i, ORDER[i].problem);
        api_assert_problem(&reply, ORDER[i].problem);
        http_reply_clear(&reply);
        free(body);
        free(url);
    }
    http_reply_clear(&first);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(what_is_no_strict_json_is_refused, NULL),
    SERVER_TEST(deep_and_wide_bodies_end_quickly, NULL),
    SERVER_TEST(good_unicode_is_kept, NULL),
    SERVER_TEST(a_body_may_have_256_kib, NULL),
    SERVER_TEST(checks_come_in_their_order, NULL),
};

API_MAIN("json", TESTS)
