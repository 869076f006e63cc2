/* JSON in: what is refused, with a sentence that says what and where and repeats nothing. */
#include "protocol/wire/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct json *read_text(const char *text, char problem[JSON_PROBLEM_MAX])
{
    problem[0] = '\0';
    return json_read_object(text, strlen(text), problem);
}

static void reads_an_object(void **state)
{
    (void)state;
    char problem[JSON_PROBLEM_MAX];
    struct json *object = read_text(
        " {\"a\":\"x\\n\\u00e9\\ud83d\\ude00\", \"b\":[1,-2.5e3,true,null,{}]}\n ", problem);
    assert_non_null(object);
    assert_string_equal(json_text(object, "a"), "x\n\u00E9\U0001F600");
    assert_null(json_text(object, "b"));
    assert_null(json_text(object, "c"));
    char *text = json_write(object);
    assert_string_equal(text, "{\"a\":\"x\\n\u00E9\U0001F600\",\"b\":[1,-2500,true,null,{}]}");
    free(text);
    json_free(object);
}

static void keeps_member_order_and_case(void **state)
{
    (void)state;
    char problem[JSON_PROBLEM_MAX];
    struct json *object = read_text("{\"z\":\"1\",\"Z\":\"2\",\"a\":\"3\"}", problem);
    assert_non_null(object);
    assert_string_equal(json_text(object, "Z"), "2");
    char *text = json_write(object);
    assert_string_equal(text, "{\"z\":\"1\",\"Z\":\"2\",\"a\":\"3\"}");
    free(text);
    json_free(object);
}

struct refusal {
    const char *text;
    const char *beginning; /* of the sentence */
};

static const struct refusal REFUSALS[] = {
    {"", "It ends too early"},
    {"   ", "It ends too early"},
    {"{", "It ends too early"},
    {"{\"a\":\"b", "It ends too early"},
    {"{\"a\":1", "It "},
    {"[1,2]", "It is not a JSON object"},
    {"\"text\"", "It is not"},
    {"5", "It is not"},
    {"null", "It is not"},
    {"{\"a\":\"\xFF\"}", "It holds bytes that are not UTF-8"},
    {"{\"\xC3(\":1}", "It holds bytes that are not UTF-8"},
    {"{\"a\":\"\xED\xA0\x80\"}", "It holds bytes that are not UTF-8"},
    {"{\"a\":\"\xC0\xAF\"}", "It holds bytes that are not UTF-8"},
    {"{\"a\":1}\xFF", "It holds bytes that are not UTF-8"},
    {"\xEF\xBB\xBF{}", "It begins with a byte order mark"},
    {"{\"a\":\"b\\u0000c\"}", "The character U+0000"},
    {"{\"b\\u0000c\":1}", "The character U+0000"},
    {"{\"a\":\"\\ud800\"}", "A surrogate"},
    {"{\"a\":\"\\udc00\"}", "A surrogate"},
    {"{\"a\":\"\\ud800\\u0041\"}", "A surrogate"},
    {"{\"\\udead\":1}", "A surrogate"},
    {"{\"a\":1,\"a\":2}", "A member is there twice"},
    {"{\"a\":{\"b\":1,\"b\":1}}", "A member is there twice"},
    {"{\"a\":1,\"\\u0061\":2}", "A member is there twice"},
    {"{\"a\":01}", "It is not JSON"},
    {"{\"a\":1.}", "It is not JSON"},
    {"{\"a\":.5}", "It is not JSON"},
    {"{\"a\":+1}", "It is not JSON"},
    {"{\"a\":1e}", "It is not JSON"},
    {"{\"a\":0x10}", "It is not JSON"},
    {"{\"a\":NaN}", "It is not JSON"},
    {"{\"a\":Infinity}", "It is not JSON"},
    {"{\"a\":-}", "It is not JSON"},
    {"{\"a\":1e999}", "A number is too large"},
    {"{\"a\":-1e999}", "A number is too large"},
    {"{\"a\":1,}", "It is not JSON"},
    {"{,}", "It is not JSON"},
    {"{a:1}", "It is not JSON"},
    {"{'a':1}", "It is not JSON"},
    {"{\"a\" 1}", "It is not JSON"},
    {"{\"a\":[1,]}", "It is not JSON"},
    {"{\"a\":[1 2]}", "It is not JSON"},
    {"{\"a\":tru}", "It is not JSON"},
    {"{\"a\":True}", "It is not JSON"},
    {"{\"a\":\"\n\"}", "It is not JSON"},
    {"{\"a\":\"\x01\"}", "It is not JSON"},
    {"{\"a\":\"\\x\"}", "It is not JSON"},
    {"{\"a\":\"\\u12\"}", "It is not JSON"},
    {"{} {}", "Something follows"},
    {"{}x", "Something follows"},
    {"{}]", "Something follows"},
    {"{/* no */}", "It is not JSON"},
    {"<html>", "It is not JSON"},
};

static void refuses_with_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REFUSALS); i++) {
        char problem[JSON_PROBLEM_MAX];
        struct json *value = read_text(REFUSALS[i].text, problem);
        if (value != NULL) fail_msg("%s was read", REFUSALS[i].text);
        if (strncmp(problem, REFUSALS[i].beginning, strlen(REFUSALS[i].beginning)) != 0)
            fail_msg("%s: \"%s\"", REFUSALS[i].text, problem);
        assert_non_null(strstr(problem, "(line "));
        assert_int_equal(problem[strlen(problem) - 1], '.');
    }
}

static void refuses_a_nul_byte(void **state)
{
    (void)state;
    static const char *const ROWS[] = {"{\"a\":0}", "{\"a\":\"b0\"}", "{}0", "0{}", "{0}"};
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        char problem[JSON_PROBLEM_MAX], bytes[32];
        size_t length = strlen(ROWS[i]);
        memcpy(bytes, ROWS[i], length);
        *(char *)memchr(bytes, '0', length) = '\0';
        assert_null(json_read_object(bytes, length, problem));
    }
}

static void says_where(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } ROWS[] = {
        {"{\"a\":01}", "(line 1, column 6)"},
        {"{\n \"a\":1,\n \"a\":2}", "(line 3, column 2)"},
        {"{\n\"\u00E9\u00E9\":01}", "(line 2, column 6)"},
        {"{  \n\"\u00E9\":[[[[[[[[[[[[[[[[[[", "(line 2, column 20)"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        char problem[JSON_PROBLEM_MAX];
        assert_null(read_text(ROWS[i].text, problem));
        if (strstr(problem, ROWS[i].where) == NULL) fail_msg("%s: \"%s\"", ROWS[i].text, problem);
    }
}

static void nothing_at_all_ends_too_early(void **state)
{
    (void)state;
    char problem[JSON_PROBLEM_MAX];
    assert_null(json_read_object(NULL, 0, problem));
    assert_string_equal(problem, "It ends too early (line 1, column 1).");
}

static void repeats_nothing_of_the_input(void **state)
{
    (void)state;
    char problem[JSON_PROBLEM_MAX];
    assert_null(read_text("{\"a\": Z\x1B[2JZQX}", problem));
    assert_null(strchr(problem, '\x1B'));
    assert_null(strstr(problem, "ZQX"));
    assert_null(read_text("{\"ZQX\":1,\"ZQX\":2}", problem));
    assert_null(strstr(problem, "ZQX"));
}

/* An object that holds `depth` levels in all. */
static char *nested(int depth, const char *open, const char *close)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    fputs("{\"a\":", stream);
    for (int i = 1; i < depth; i++)
        fputs(open, stream);
    fputs("1", stream);
    for (int i = 1; i < depth; i++)
        fputs(close, stream);
    fputs("}", stream);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void limits_the_depth(void **state)
{
    (void)state;
    static const char *const SHAPES[][2] = {{"[", "]"}, {"{\"b\":", "}"}};
    for (size_t i = 0; i < COUNT(SHAPES); i++) {
        char problem[JSON_PROBLEM_MAX];
        char *fits = nested(JSON_DEPTH_MAX, SHAPES[i][0], SHAPES[i][1]);
        struct json *value = read_text(fits, problem);
        assert_non_null(value);
        json_free(value);
        free(fits);
        static const int TOO_DEEP[] = {JSON_DEPTH_MAX + 1, 100000};
        for (size_t j = 0; j < COUNT(TOO_DEEP); j++) {
            char *deep = nested(TOO_DEEP[j], SHAPES[i][0], SHAPES[i][1]);
            assert_null(read_text(deep, problem));
            assert_memory_equal(problem, "It is nested too deeply", 23);
            free(deep);
        }
    }
}

#define TWENTY(s) s s s s s s s s s s s s s s s s s s s s

static void only_what_is_open_counts_as_depth(void **state)
{
    (void)state;
    static const char *const ROWS[] = {
        "{\"a\":\"" TWENTY("[") "\"}",
        "{\"a\":\"\\\"" TWENTY("{") "\\\\\",\"b\":\"" TWENTY("[") "\"}",
        "{\"a\":[" TWENTY("[{}],[[]],") "1]}",
    };
    char problem[JSON_PROBLEM_MAX];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct json *value = read_text(ROWS[i], problem);
        if (value == NULL) fail_msg("%s: %s", ROWS[i], problem);
        json_free(value);
    }
    assert_null(read_text("{\"a\":\"\\", problem)); /* an escape at the very end */
    assert_null(read_text("{\"a\":\"\\\"", problem));
}

/* Of a number, cJSON read 63 bytes once, and stopped in its middle. */
static void a_number_may_be_long(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"{\"a\":1" TWENTY("0000") "}", "{\"a\":1e+80}"},
        {"{\"a\":[0." TWENTY("0000") "1,\"e\"],\"1" TWENTY("0000") "\":2}",
         "{\"a\":[1e-81,\"e\"],\"1" TWENTY("0000") "\":2}"},
        {"{\"a\":9223372036854775808}", "{\"a\":9223372036854776000}"},
        {"{\"a\":9007199254740993,\"b\":-9007199254740991}",
         "{\"a\":9007199254740992,\"b\":-9007199254740991}"},
    };
    char problem[JSON_PROBLEM_MAX];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct json *value = read_text(ROWS[i][0], problem);
        if (value == NULL) fail_msg("%s: %s", ROWS[i][0], problem);
        char *text = json_write(value);
        assert_string_equal(text, ROWS[i][1]);
        free(text);
        json_free(value);
    }
    assert_null(read_text("{\"a\":1" TWENTY("00000000000000000000") "}", problem));
    assert_memory_equal(problem, "A number is too large", 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_an_object),
        cmocka_unit_test(keeps_member_order_and_case),
        cmocka_unit_test(refuses_with_a_sentence),
        cmocka_unit_test(refuses_a_nul_byte),
        cmocka_unit_test(says_where),
        cmocka_unit_test(nothing_at_all_ends_too_early),
        cmocka_unit_test(repeats_nothing_of_the_input),
        cmocka_unit_test(limits_the_depth),
        cmocka_unit_test(only_what_is_open_counts_as_depth),
        cmocka_unit_test(a_number_may_be_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
