/* What is refused, where, and in which order (DESIGN.md 3.1). */
#include "tests/server/api.h"

#include <stdio.h>

#define X10  "xxxxxxxxxx"
#define X50  X10 X10 X10 X10 X10
#define X200 X50 X50 X50 X50

/* One change of a good request, and the one error that it must bring: code at pointer. A code of
 * NULL: the request stays good. The value is JSON; NULL takes the member away. */
static const struct {
    const char *at;
    const char *value;
    const char *code;
    const char *pointer; /* NULL: as `at` */
} RULES[] = {
    {"/number", NULL, "required", NULL},
    {"/number", "\"\"", "required", NULL},
    {"/number", "\" \\u3000\"", "required", NULL},
    {"/number", "\"" X50 X10 "1234\"", NULL, NULL},
    {"/number", "\"" X50 X10 "12345\"", "too-long", NULL},
    {"/number", "\"\xF0\x9F\x98\x80" X50 X10 "123\"", NULL, NULL}, /* characters, not bytes */
    {"/number", "\"tab\\t\"", "control-character", NULL},
    {"/number", "\"esc\\u001b[31m\"", "control-character", NULL},
    {"/number", "\"c1\\u009b\"", "control-character", NULL},
    {"/number", "\"del\\u007f\"", "control-character", NULL},
    {"/number", "42", "wrong-type", NULL},
    {"/number", "null", "wrong-type", NULL},
    {"/number", "[\"1\"]", "wrong-type", NULL},
    {"/issue_date", NULL, "required", NULL},
    {"/issue_date", "\"\"", "required", NULL},
    {"/issue_date", "\"2026-02-29\"", "not-a-date", NULL},
    {"/issue_date", "\"2024-02-29\"", NULL, NULL},
    {"/issue_date", "\"1900-02-29\"", "not-a-date", NULL},
    {"/issue_date", "\"2000-02-29\"", NULL, NULL},
    {"/issue_date", "\"2026-13-01\"", "not-a-date", NULL},
    {"/issue_date", "\"2026-00-10\"", "not-a-date", NULL},
    {"/issue_date", "\"2026-04-31\"", "not-a-date", NULL},
    {"/issue_date", "\"0000-01-01\"", "not-a-date", NULL},
    {"/issue_date", "\"2026-1-1\"", "not-a-date", NULL},
    {"/issue_date", "\"22.11.2026\"", "not-a-date", NULL},
    {"/issue_date", "\"2026-11-22T00:00:00Z\"", "not-a-date", NULL},
    {"/issue_date", "\" 2026-11-22\"", "not-a-date", NULL},
    {"/issue_date", "\"+026-11-22\"", "not-a-date", NULL},
    {"/issue_date", "20261122", "wrong-type", NULL},
    {"/due_date", NULL, NULL, NULL},
    {"/due_date", "\"2026-11-22\"", NULL, NULL},
    {"/due_date", "\"2026-11-21\"", "before-issue-date", NULL},
    {"/due_date", "\"2026-11-31\"", "not-a-date", NULL},
    {"/currency", NULL, "required", NULL},
    {"/currency", "\"\"", "required", NULL},
    {"/currency", "\"eur\"", "not-a-currency", NULL},
    {"/currency", "\"EURO\"", "not-a-currency", NULL},
    {"/currency", "\"ZZZ\"", "not-a-currency", NULL},
    {"/currency", "\"XAU\"", "not-a-currency", NULL}, /* gold has no minor unit */
    {"/currency", "\"ISK\"", NULL, NULL},
    {"/customer", NULL, "required", "/customer/email"},
    {"/customer", "\"ap@northwind.example\"", "wrong-type", NULL},
    {"/customer", "{}", "required", "/customer/email"},
    {"/customer/email", "\"\"", "required", NULL},
    {"/customer/email", "\"northwind.example\"", "not-an-email", NULL},
    {"/customer/email", "\"a@b@c.example\"", "not-an-email", NULL},
    {"/customer/email", "\"@c.example\"", "not-an-email", NULL},
    {"/customer/email", "\"a@example\"", "not-an-email", NULL},
    {"/customer/email", "\"a@.example\"", "not-an-email", NULL},
    {"/customer/email", "\"a@b..example\"", "not-an-email", NULL},
    {"/customer/email", "\"a@b.example.\"", "not-an-email", NULL},
    {"/customer/email", "\"Ana<a@b.example>\"", "not-an-email", NULL},
    {"/customer/email", "\"a@b.example;\"", "not-an-email", NULL},
    {"/customer/email", "\"mailto:a@b.example\"", "not-an-email", NULL},
    {"/customer/email", "\"a b@c.example\"", "not-an-email", NULL},
    {"/customer/email",
     "\"\xC3\xA9t\xC3\xA9@b\xC3\xBC"
     "cher.example\"",
     NULL, NULL},
    {"/customer/name", NULL, NULL, NULL},
    {"/customer/name", "\"" X200 "\"", NULL, NULL},
    {"/customer/name", "\"" X200 "1\"", "too-long", NULL},
    {"/customer/name", "\"two\\nlines\"", "control-character", NULL},
    {"/customer/id", "\"cus_1\"", "unknown-member", NULL},
    {"/lines", NULL, "required", NULL},
    {"/lines", "[]", "required", NULL},
    {"/lines", "{}", "wrong-type", NULL},
    {"/lines/0", "\"x\"", "wrong-type", NULL},
    {"/lines/0/description", NULL, "required", NULL},
    {"/lines/0/description", "\"\"", "required", NULL},
    {"/lines/0/description", "\"" X200 "\"", NULL, NULL},
    {"/lines/0/description", "\"" X200 "1\"", "too-long", NULL},
    {"/lines/0/description", "\"a\\rb\"", "control-character", NULL},
    {"/lines/0/quantity", NULL, "required", NULL},
    {"/lines/0/quantity", "\"0\"", "out-of-range", NULL},
    {"/lines/0/quantity", "\"0.0000\"", "out-of-range", NULL},
    {"/lines/0/quantity", "\"-1\"", NULL, NULL},
    {"/lines/0/quantity", "\"1.2345\"", NULL, NULL},
    {"/lines/0/quantity", "\"1.23456\"", "too-many-decimals", NULL},
    {"/lines/0/quantity", "\"1.23450\"", "too-many-decimals", NULL},
    {"/lines/0/quantity", "1.5", "not-a-string", NULL},
    {"/lines/0/quantity", "1", "not-a-string", NULL},
    {"/lines/0/quantity", "true", "wrong-type", NULL},
    {"/lines/0/quantity", "\"1,5\"", "not-a-decimal", NULL},
    {"/lines/0/quantity", "\"+1\"", "not-a-decimal", NULL},
    {"/lines/0/quantity", "\"1e3\"", "not-a-decimal", NULL},
    {"/lines/0/quantity", "\"01\"", "not-a-decimal", NULL},
    {"/lines/0/quantity", "\"1.\"", "not-a-decimal", NULL},
    {"/lines/0/quantity", "\".5\"", "not-a-decimal", NULL},
    {"/lines/0/quantity", "\" 1\"", "not-a-decimal", NULL},
    {"/lines/0/quantity", "\"0x10\"", "not-a-decimal", NULL},
    {"/lines/0/quantity", "\"NaN\"", "not-a-decimal", NULL},
    {"/lines/0/quantity", "\"\xD9\xA1\"", "not-a-decimal", NULL}, /* ARABIC-INDIC DIGIT ONE */
    {"/lines/0/quantity", "\"1234567890123456\"", "too-long", NULL},
    {"/lines/0/unit_price", NULL, "required", NULL},
    {"/lines/0/unit_price", "\"0\"", NULL, NULL},
    {"/lines/0/unit_price", "\"-0.01\"", "out-of-range", NULL},
    {"/lines/0/unit_price", "\"0.00001\"", "too-many-decimals", NULL},
    {"/lines/0/unit_price", "120.00", "not-a-string", NULL},
    {"/lines/0/unit_price", "\"99999999999999.9\"", "overflow", "/lines/0"},
    {"/lines/0/tax_rate", NULL, NULL, NULL},
    {"/lines/0/tax_rate", "\"0\"", NULL, NULL},
    {"/lines/0/tax_rate", "\"100\"", NULL, NULL},
    {"/lines/0/tax_rate", "\"100.00\"", NULL, NULL},
    {"/lines/0/tax_rate", "\"100.01\"", "out-of-range", NULL},
    {"/lines/0/tax_rate", "\"-1\"", "out-of-range", NULL},
    {"/lines/0/tax_rate", "\"5.555\"", "too-many-decimals", NULL},
    {"/lines/0/tax_rate", "21", "not-a-string", NULL},
    {"/lines/0/net", "\"180.00\"", "unknown-member", NULL},
    {"/notes", NULL, NULL, NULL},
    {"/notes", "\"\"", NULL, NULL},
    {"/notes", "\"one\\ntwo\\r\\nthree\"", NULL, NULL},
    {"/notes", "\"tab\\t\"", "control-character", NULL},
    {"/notes", "7", "wrong-type", NULL},
    {"/external_ref", "{\"source\":\"shop\",\"id\":\"1\"}", NULL, NULL},
    {"/external_ref", "{\"source\":\"shop\"}", "required", "/external_ref/id"},
    {"/external_ref", "{\"source\":\"\",\"id\":\"1\"}", "required", "/external_ref/source"},
    {"/external_ref", "\"shop:1\"", "wrong-type", NULL},
    {"/id", "\"inv_1\"", "unknown-member", NULL},
    {"/status", "\"open\"", "unknown-member", NULL},
    {"/totals", "{}", "unknown-member", NULL},
    {"/Number", "\"1\"", "unknown-member", NULL},
    {"/a~1b~0c", "1", "unknown-member", NULL},
};

static char *changed_body(const char *number, const char *at, const char *value)
{
    struct json *invoice = sample_invoice(number);
    json_pointer_put(invoice, at, value ? json_from(value) : NULL);
    char *body = json_to(invoice);
    json_free(invoice);
    return body;
}

static void assert_one_error(const struct http_reply *reply, const char *pointer, const char *code)
{
    api_assert_problem(reply, "validation-failed");
    const struct json *errors = json_member(reply->json, "errors");
    if (json_count(errors) != 1 || strcmp(json_pointer_text(errors, "/0/pointer"), pointer) != 0 ||
        strcmp(json_pointer_text(errors, "/0/code"), code) != 0 ||
        !*json_pointer_text(errors, "/0/detail"))
        fail_msg("not one error %s at %s: %s", code, pointer, reply->body);
}

static void each_rule_has_its_pointer_and_code(void **state)
{
    size_t good = 0;
    for (size_t row = 0; row < COUNT_OF(RULES); row++) {
        char *number = support_format("V-%zu", row), *key = support_format("\"v-%zu\"", row);
        char *body = changed_body(number, RULES[row].at, RULES[row].value);
        struct http_reply reply = api_create(*state, key, body);
        print_message("%s: %.80s\n", RULES[row].at, RULES[row].value ? RULES[row].value : "absent");
        if (RULES[row].code)
            assert_one_error(&reply, RULES[row].pointer ? RULES[row].pointer : RULES[row].at,
                             RULES[row].code);
        else
            api_assert_status(&reply, 201);
        good += !RULES[row].code;
        http_reply_clear(&reply);
        free(body);
        free(key);
        free(number);
    }
    assert_int_equal(api_count(*state, TOKEN_ANA), good);
}

static struct json *many_lines(size_t count)
{
    struct json *invoice = sample_invoice("many"), *lines = json_new_array();
    for (size_t i = 0; i < count; i++)
        json_append(lines, json_copy(json_pointer_get(invoice, "/lines/0")));
    json_pointer_put(invoice, "/lines", lines);
    return invoice;
}

static void two_hundred_lines_are_the_most(void **state)
{
    struct json *most = many_lines(200), *more = many_lines(201);
    char *most_body = json_to(most), *more_body = json_to(more);
    struct http_reply refused = api_create(*state, "\"k1\"", more_body);
    struct http_reply made = api_create(*state, "\"k2\"", most_body);
    assert_one_error(&refused, "/lines", "too-many");
    api_assert_status(&made, 201);
    assert_int_equal(json_count(json_member(made.json, "lines")), 200);
    assert_string_equal(api_text(&made, "/totals/net"), "36000.00");
    http_reply_clear(&made);
    http_reply_clear(&refused);
    free(more_body);
    free(most_body);
    json_free(more);
    json_free(most);
}

static void notes_hold_two_thousand_characters(void **state)
{
    for (size_t length = 2000; length <= 2001; length++) {
        char *notes = support_format("\"%0*d\"", (int)length, 0);
        char *body = changed_body("notes", "/notes", notes);
        struct http_reply reply = api_create(*state, length == 2000 ? "\"k1\"" : "\"k2\"", body);
        if (length == 2000)
            api_assert_status(&reply, 201);
        else
            assert_one_error(&reply, "/notes", "too-long");
        http_reply_clear(&reply);
        free(body);
        free(notes);
    }
}

static void sums_that_overflow_are_errors(void **state)
{
    static const char *const lines[] = {
        "[{\"description\":\"x\",\"quantity\":\"1\",\"unit_price\":\"9999999999999.99\"},"
        "{\"description\":\"x\",\"quantity\":\"1\",\"unit_price\":\"0.01\"}]",
        "[{\"description\":\"x\",\"quantity\":\"1\",\"unit_price\":\"9999999999999.99\","
        "\"tax_rate\":\"1\"}]",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char *body = changed_body("1", "/lines", lines[i]);
        struct http_reply reply = api_create(*state, "\"k1\"", body);
        assert_one_error(&reply, "/lines", "overflow");
        http_reply_clear(&reply);
        free(body);
    }
}

/* Everything wrong is told at once, whether a shape or a rule. */
static void all_errors_come_at_once(void **state)
{
    static const char body[] =
        "{\"issue_date\":\"yesterday\",\"currency\":\"eur\",\"customer\":{\"email\":\"x\"},"
        "\"lines\":[{\"description\":\"\",\"quantity\":\"0\",\"unit_price\":5},"
        "{\"description\":\"y\",\"quantity\":\"1\",\"unit_price\":\"1\",\"tax_rate\":\"101\"}],"
        "\"notes\":false,\"extra\":1}";
    static const char *const pointers[] = {"/number",
                                           "/issue_date",
                                           "/currency",
                                           "/customer/email",
                                           "/lines/0/description",
                                           "/lines/0/quantity",
                                           "/lines/0/unit_price",
                                           "/lines/1/tax_rate",
                                           "/notes",
                                           "/extra"};
    struct http_reply reply = api_create(*state, "\"k1\"", body);
    api_assert_problem(&reply, "validation-failed");
    const struct json *errors = json_member(reply.json, "errors");
    assert_int_equal(json_count(errors), COUNT_OF(pointers));
    for (size_t i = 0; i < COUNT_OF(pointers); i++) {
        size_t index, found = 0;
        struct json *error;
        for (index = 0, error = json_first(errors); error != NULL;
             error = json_next(error), index++)
            found += strcmp(json_pointer_text(error, "/pointer"), pointers[i]) == 0;
        if (found != 1) fail_msg("%zu errors at %s: %s", found, pointers[i], reply.body);
    }
    http_reply_clear(&reply);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(each_rule_has_its_pointer_and_code, NULL),
    SERVER_TEST(two_hundred_lines_are_the_most, NULL),
    SERVER_TEST(notes_hold_two_thousand_characters, NULL),
    SERVER_TEST(sums_that_overflow_are_errors, NULL),
    SERVER_TEST(all_errors_come_at_once, NULL),
};

API_MAIN("validation", TESTS)
