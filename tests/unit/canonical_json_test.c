/* RFC 8785: one text for every spelling of a value. */
#include "protocol/wire/canonical_json.h"
#include "protocol/wire/json_number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void assert_canonical(const char *text, const char *except, const char *expected)
{
    struct json *value = json_read(text, strlen(text));
    assert_non_null(value);
    char *canonical = canonical_json(value, except);
    assert_non_null(canonical);
    assert_string_equal(canonical, expected);
    free(canonical);
    json_free(value);
}

/* The double, exactly: no other text of it is needed than one with 17 digits. */
static struct json *number_value(double number)
{
    char text[40];
    int length = snprintf(text, sizeof text, "%.17g", number);
    return json_read(text, (size_t)length);
}

/* RFC 8785 section 3.2.2 to 3.2.4, its example. */
static void the_example_of_the_rfc(void **state)
{
    (void)state;
    assert_canonical("{\n"
                     "  \"numbers\": [333333333.33333329, 1E30, 4.50,\n"
                     "              2e-3, 0.000000000000000000000000001],\n"
                     "  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
                     "  \"literals\": [null, true, false]\n"
                     "}",
                     NULL,
                     "{\"literals\":[null,true,false],"
                     "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                     "\"string\":\"\u20AC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

/* RFC 8785 section 3.2.3: sorted by UTF-16 code units, so the emoji before U+FB33. */
static void sorts_as_the_rfc_does(void **state)
{
    (void)state;
    assert_canonical("{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\","
                     "\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\",\"1\":\"One\","
                     "\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
                     "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
                     NULL,
                     "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
                     "\"\u00F6\":\"Latin Small Letter O With Diaeresis\","
                     "\"\u20AC\":\"Euro Sign\",\"\U0001F600\":\"Emoji: Grinning Face\","
                     "\"\uFB33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

static void sorts_prefixes_and_edges(void **state)
{
    (void)state;
    assert_canonical("{\"aa\":1,\"a\":2,\"\":3,\"B\":4,\"\uFFFF\":5,\"\U0010FFFF\":6,\"\uE000\":7,"
                     "\"\uD7FF\":8,\"\U00010000\":9,\"x\uE000\":10,\"x\U00010000\":11}",
                     NULL,
                     "{\"\":3,\"B\":4,\"a\":2,\"aa\":1,\"x\U00010000\":11,\"x\uE000\":10,"
                     "\"\uD7FF\":8,\"\U00010000\":9,\"\U0010FFFF\":6,\"\uE000\":7,\"\uFFFF\":5}");
    assert_canonical("{\"\\ud83d\\ude01\":1,\"\\ud83d\\ude00\":2,\"\\ud83c\\udfff\":3}", NULL,
                     "{\"\U0001F3FF\":3,\"\U0001F600\":2,\"\U0001F601\":1}");
    assert_canonical("{\"e\\u0301\":1,\"\\u00e9\":2,\"f\":3,\"E\":4}", NULL, /* not normalised */
                     "{\"E\":4,\"e\u0301\":1,\"f\":3,\"\u00E9\":2}");
    assert_canonical("{\"10\":1,\"9\":2,\"1\":3,\"\":4}", NULL, /* as texts */
                     "{\"\":4,\"1\":3,\"10\":1,\"9\":2}");
    assert_canonical("[{\"b\":[3,1,{\"z\":1,\"y\":2}],\"a\":0}]", NULL, /* items stay as they are */
                     "[{\"a\":0,\"b\":[3,1,{\"y\":2,\"z\":1}]}]");
}

static void sorts_more_members_than_fit_the_stack(void **state)
{
    (void)state;
    struct json *object = json_new_object();
    char name[16], expected[2048] = "{", *end = expected + 1;
    for (int i = 99; i >= 0; i--) {
        snprintf(name, sizeof name, "%02d", i);
        assert_true(json_put(object, name, json_new_bool(true)));
    }
    for (int i = 0; i < 100; i++)
        end += snprintf(end, 32, "%s\"%02d\":true", i == 0 ? "" : ",", i);
    snprintf(end, 2, "}");
    char *text = canonical_json(object, NULL);
    assert_string_equal(text, expected);
    free(text);
    json_free(object);
}

/* RFC 8785 appendix B, its numbers as IEEE 754 bits, and more of each form. */
static void writes_numbers_as_ecmascript_does(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits;
        const char *text;
    } ROWS[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4340000000000001, "9007199254740994"},
        {0xc340000000000001, "-9007199254740994"},
        {0x43e0000000000000, "9223372036854776000"}, /* 2^63: past any integer of C */
        {0x43f0000000000000, "18446744073709552000"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
        {0x3d30000000000000, "5.684341886080802e-14"}, /* 2^-44: only the one above reads back */
        {0x3ff0000000000000, "1"},
        {0x405ec00000000000, "123"},
        {0x3fe0000000000000, "0.5"},
        {0x3f50624dd2f1a9fc, "0.001"},
        {0x4059000000000000, "100"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        double number;
        memcpy(&number, &ROWS[i].bits, sizeof number);
        struct json *value = number_value(number);
        char *text = canonical_json(value, NULL);
        assert_non_null(text);
        assert_string_equal(text, ROWS[i].text);
        free(text);
        json_free(value);
        assert_canonical(ROWS[i].text, NULL, ROWS[i].text);
    }
}

static void writes_no_number_that_is_none(void **state)
{
    (void)state;
    static const uint64_t ROWS[] = {0x7fffffffffffffff, 0x7ff0000000000000, 0xfff0000000000000};
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct buffer out = {0};
        double number;
        memcpy(&number, &ROWS[i], sizeof number);
        buffer_json_number(&out, number);
        assert_true(out.failed);
        buffer_clear(&out);
    }
}

static void spells_one_number_one_way(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"1", "1"},
        {"1.0", "1"},
        {"1e0", "1"},
        {"10e-1", "1"},
        {"-0", "0"},
        {"-0.0", "0"},
        {"100", "100"},
        {"1E2", "100"},
        {"0.10", "0.1"},
        {"9007199254740993", "9007199254740992"},
        {"9223372036854775807", "9223372036854776000"},
        {"-9223372036854775808", "-9223372036854776000"},
        {"9223372036854775808", "9223372036854776000"},
        {"295147905179352825856", "295147905179352830000"}, /* 2^68, in full */
        {"1e-400", "0"},
        {"-1e-400", "0"},
        {"2.4703282292062327e-324", "0"}, /* just under half the least: to even */
        {"2.4703282292062329e-324", "5e-324"},
        {"0.1e1", "1"},
        {"1000000000000000000000", "1e+21"},
        {"0.0000001", "1e-7"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_canonical(ROWS[i][0], NULL, ROWS[i][1]);
}

static void escapes_no_more_than_it_must(void **state)
{
    (void)state;
    assert_canonical("\"\\b\\t\\n\\f\\r\\u000b\\u0001\\u001f\\u007f\\u2028\\/ \\u00e9\"", NULL,
                     "\"\\b\\t\\n\\f\\r\\u000b\\u0001\\u001f\x7F\u2028/ \u00E9\"");
}

static void leaves_out_one_member_at_the_top_only(void **state)
{
    (void)state;
    assert_canonical("{\"k\":1,\"b\":{\"k\":2},\"a\":[{\"k\":3}]}", "k",
                     "{\"a\":[{\"k\":3}],\"b\":{\"k\":2}}");
    assert_canonical("{\"k\":1}", "k", "{}");
    assert_canonical("{\"a\":1}", "k", "{\"a\":1}");
    assert_canonical("[]", "k", "[]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_rfc),
        cmocka_unit_test(sorts_as_the_rfc_does),
        cmocka_unit_test(sorts_prefixes_and_edges),
        cmocka_unit_test(sorts_more_members_than_fit_the_stack),
        cmocka_unit_test(writes_numbers_as_ecmascript_does),
        cmocka_unit_test(writes_no_number_that_is_none),
        cmocka_unit_test(spells_one_number_one_way),
        cmocka_unit_test(escapes_no_more_than_it_must),
        cmocka_unit_test(leaves_out_one_member_at_the_top_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
