/* How a key may be written, and what is said of one that isn't (DESIGN.md 3.1, "The key"). */
#include "tests/server/api.h"

#include "tests/support/raw.h"

#include <unistd.h>

#define TEN         "0123456789"
#define FIFTY       TEN TEN TEN TEN TEN
#define TWO_FIFTY   FIFTY FIFTY FIFTY FIFTY FIFTY
#define ESCAPED_TEN "\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\""
#define QUOTES_TEN  "\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\""

/* A header's value, and the key that it means, as it is written in a JSON string; NULL: malformed.
 */
static const struct {
    const char *header;
    const char *key;
} HEADERS[] = {
    {"\"abc\"", "abc"},
    {"  \"abc1\"  ", "abc1"},
    {"bare", "bare"},
    {"019305c2-6f0e-7c4a-9b1d-2f6a51c0e7aa", "019305c2-6f0e-7c4a-9b1d-2f6a51c0e7aa"},
    {"!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~", "!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~"},
    {"back\\slash", "back\\\\slash"},
    {"\"with blank\"", "with blank"},
    {"\" \"", " "},
    {"\"com,ma;semi\"", "com,ma;semi"},
    {"\"quo\\\"te\"", "quo\\\"te"},
    {"\"sla\\\\sh\"", "sla\\\\sh"},
    {"\"p1\";v=1", "p1"},
    {"\"p2\"; v; w=\"a;b\\\"c\";x=?1", "p2"},
    {"\"p3\";*a=abc/d:e", "p3"},
    {TWO_FIFTY "12345", TWO_FIFTY "12345"},
    {"\"" TWO_FIFTY "54321\"", TWO_FIFTY "54321"},
    {"\"" ESCAPED_TEN TEN "\"", QUOTES_TEN TEN},
    {"", NULL},
    {"\"\"", NULL},
    {"\"", NULL},
    {"\"open", NULL},
    {"close\"", NULL},
    {"in\"ner", NULL},
    {"two words", NULL},
    {"a,b", NULL},
    {"a;b", NULL},
    {"a;v=1", NULL},
    {"\"a\", \"b\"", NULL},
    {"\"a\" \"b\"", NULL},
    {"\"a\"b", NULL},
    {"\"a\";", NULL},
    {"\"a\";=1", NULL},
    {"\"a\" ;v=1", NULL},
    {"\"a\";v=", NULL},
    {"\"a\";V=1", NULL},
    {"\"a\";v=\"open", NULL},
    {"\"a\";v=1;", NULL},
    {"\"bad\\escape\"", NULL},
    {"\"tab\there\"", NULL},
    {"tab\there", NULL},
    {"\"caf\xC3\xA9\"", NULL},
    {"caf\xC3\xA9", NULL},
    {"\"del\x7F\"", NULL},
    {"'single quotes'", NULL},
    {TWO_FIFTY "123456", NULL},
    {"\"" TWO_FIFTY "123456\"", NULL},
};

static void each_way_to_write_a_key(void **state)
{
    for (size_t row = 0; row < COUNT_OF(HEADERS); row++) {
        char *number = support_format("K-%zu", row);
        struct http_reply first = api_create_sample(*state, HEADERS[row].header, number, NULL);
        print_message("key: %.60s\n", HEADERS[row].header);
        if (!HEADERS[row].key) {
            api_assert_problem(&first, "idempotency-key-malformed");
        } else {
            api_assert_status(&first, 201);
            /* The same key as a member of the body finds the same record. */
            char *changes = support_format("{\"idempotency_key\":\"%s\"}", HEADERS[row].key);
            struct http_reply again = api_create_sample(*state, NULL, number, changes);
            api_assert_same(&first, &again);
            assert_true(api_is_replay(&again));
            http_reply_clear(&again);
            free(changes);
        }
        http_reply_clear(&first);
        free(number);
    }
}

/* Header and body together; the problem, or NULL where the invoice is made. */
static const struct {
    const char *header;
    const char *member; /* JSON */
    const char *problem;
} TOGETHER[] = {
    {NULL, NULL, "idempotency-key-missing"},
    {NULL, "\"k-body\"", NULL},
    {"\"k-both\"", "\"k-both\"", NULL},
    {"k-bare", "\"k-bare\"", NULL},
    {"\"q\\\"q\"", "\"q\\\"q\"", NULL},
    {"\"k-1\"", "\"k-2\"", "idempotency-key-disagrees"},
    {"\"k-1\"", "\"K-1\"", "idempotency-key-disagrees"},
    {NULL, "\"\"", "idempotency-key-malformed"},
    {NULL, "17", "idempotency-key-malformed"},
    {NULL, "null", "idempotency-key-malformed"},
    {NULL, "[\"k\"]", "idempotency-key-malformed"},
    {NULL, "\"caf\xC3\xA9\"", "idempotency-key-malformed"},
    {NULL, "\"line\\nbreak\"", "idempotency-key-malformed"},
    {NULL, "\"" TWO_FIFTY "123456\"", "idempotency-key-malformed"},
    {"\"open", "\"k-3\"", "idempotency-key-malformed"},
};

static void header_and_body_must_agree(void **state)
{
    for (size_t row = 0; row < COUNT_OF(TOGETHER); row++) {
        char *number = support_format("B-%zu", row);
        struct json *invoice = sample_invoice(number);
        if (TOGETHER[row].member)
            json_pointer_put(invoice, "/idempotency_key", json_from(TOGETHER[row].member));
        char *body = json_to(invoice);
        struct http_reply reply = api_create(*state, TOGETHER[row].header, body);
        print_message("header and body, row %zu\n", row);
        if (TOGETHER[row].problem)
            api_assert_problem(&reply, TOGETHER[row].problem);
        else
            api_assert_status(&reply, 201);
        assert_null(json_member(reply.json, "idempotency_key"));
        http_reply_clear(&reply);
        free(body);
        json_free(invoice);
        free(number);
    }
}

static void a_repeated_header_is_malformed(void **state)
{
    static const char *const seconds[] = {"Idempotency-Key: \"k1\"", "idempotency-key: \"k2\""};
    const struct mock *mock = *state;
    char *url = support_format("%s/v1/invoices", mock->url), *body = sample_body("1", NULL);
    for (size_t i = 0; i < COUNT_OF(seconds); i++) {
        const char *const more[] = {seconds[i], NULL};
        struct http_reply reply = http_send(&(struct http_request){
            .url = url, .token = TOKEN_ANA, .key = "\"k1\"", .body = body, .headers = more});
        api_assert_problem(&reply, "idempotency-key-malformed");
        http_reply_clear(&reply);
    }
    assert_int_equal(api_count(mock, TOKEN_ANA), 0);
    free(body);
    free(url);
}

static void a_refused_request_leaves_its_key_free(void **state)
{
    static const struct {
        const char *changes;
        const char *problem;
    } refused[] = {
        {"{\"number\":\"\"}", "validation-failed"},
        {"{\"number\":1.5}", "validation-failed"},
        {"{\"lines\":[]}", "validation-failed"},
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct http_reply reply = api_create_sample(*state, "\"k1\"", "1", refused[i].changes);
        if (i == 1)
            assert_in_range(reply.status, 400, 422); /* a float may be refused as JSON already */
        else
            api_assert_problem(&reply, refused[i].problem);
        http_reply_clear(&reply);
    }
    struct http_reply torn = api_create(*state, "\"k1\"", "{\"number\":");
    api_assert_problem(&torn, "malformed-json");
    struct http_reply made = api_create_sample(*state, "\"k1\"", "1", NULL);
    api_assert_status(&made, 201);
    assert_false(api_is_replay(&made));
    http_reply_clear(&made);
    http_reply_clear(&torn);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(each_way_to_write_a_key, NULL),
    SERVER_TEST(header_and_body_must_agree, NULL),
    SERVER_TEST(a_repeated_header_is_malformed, NULL),
    SERVER_TEST(a_refused_request_leaves_its_key_free, NULL),
};

API_MAIN("keys", TESTS)
