/* Where two requests under one key differ. */
#include "mock_server/engine/differs.h"

#include "tests/support/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *first, *second, *differs;
} ROWS[] = {
    {"{}", "{}", "[]"},
    {"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", "[]"},
    {"{\"a\":1}", "{\"a\":2}", "[\"/a\"]"},
    {"{\"a\":1}", "{}", "[\"/a\"]"},
    {"{}", "{\"a\":1}", "[\"/a\"]"},
    {"{\"a\":1}", "{\"b\":1}", "[\"/a\",\"/b\"]"},
    {"{\"a\":null}", "{}", "[\"/a\"]"},
    {"{\"a\":{\"b\":{\"c\":1,\"d\":2}}}", "{\"a\":{\"b\":{\"c\":1,\"d\":3}}}", "[\"/a/b/d\"]"},
    {"{\"a\":[1,2,3]}", "{\"a\":[1,5,3]}", "[\"/a/1\"]"},
    {"{\"a\":[1]}", "{\"a\":[1,2,3]}", "[\"/a/1\",\"/a/2\"]"},
    {"{\"a\":[1,2,3]}", "{\"a\":[]}", "[\"/a/0\",\"/a/1\",\"/a/2\"]"},
    {"{\"a\":[1]}", "{\"a\":{\"0\":1}}", "[\"/a\"]"},
    {"{\"a\":{}}", "{\"a\":[]}", "[\"/a\"]"},
    {"{\"a/b\":1,\"c~d\":2}", "{\"a/b\":2,\"c~d\":1}", "[\"/a~1b\",\"/c~0d\"]"},
    {"{\"idempotency_key\":\"k\",\"a\":1}", "{\"a\":1}", "[]"},
    {"{\"a\":1}", "{\"idempotency_key\":\"k\",\"a\":1}", "[]"},
    {"{\"a\":{\"idempotency_key\":\"k\"}}", "{\"a\":{\"idempotency_key\":\"l\"}}",
     "[\"/a/idempotency_key\"]"},
};

static struct json *read(const char *text)
{
    char problem[JSON_PROBLEM_MAX];
    struct json *json = json_read_object(text, strlen(text), problem);
    assert_non_null(json);
    return json;
}

static void each_member_that_differs_is_pointed_at(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct json *second = read(ROWS[i].second), *found = differs_between(ROWS[i].first, second);
        char *text = json_write(found);
        assert_string_equal(text, ROWS[i].differs);
        free(text);
        json_free(found);
        json_free(second);
    }
}

/* `count` members and their list as long; none is the same as with another `value`. */
static char *long_text(char shape, int count, int value)
{
    char *text = support_format("%s", shape == '[' ? "{\"a\":[" : "{");
    for (int i = 0; i < count; i++) {
        const char *comma = i > 0 ? "," : "";
        char *longer = shape == '[' ? support_format("%s%s%d", text, comma, value)
                                    : support_format("%s%s\"m%d\":%d", text, comma, i, value);
        free(text);
        text = longer;
    }
    char *whole = support_format("%s%s", text, shape == '[' ? "]}" : "}");
    free(text);
    return whole;
}

static void so_many_are_told_and_no_more(void **unused)
{
    (void)unused;
    static const char SHAPES[] = "[{";
    for (int i = 0; SHAPES[i] != '\0'; i++) {
        for (int added = 0; added < 2; added++) {
            char *first = long_text(SHAPES[i], 2 * DIFFERS_MAX, 1);
            char *other = long_text(SHAPES[i], 2 * DIFFERS_MAX, 2);
            struct json *second = read(added ? first : other);
            struct json *found = differs_between(added ? "{\"a\":[]}" : first, second);
            assert_int_equal(json_count(found), DIFFERS_MAX);
            json_free(found);
            json_free(second);
            free(first);
            free(other);
        }
    }
}

static void what_cant_be_read_is_not_compared(void **unused)
{
    (void)unused;
    struct json *second = read("{}");
    assert_null(differs_between("", second));
    assert_null(differs_between("{\"a\":", second));
    json_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_member_that_differs_is_pointed_at),
        cmocka_unit_test(so_many_are_told_and_no_more),
        cmocka_unit_test(what_cant_be_read_is_not_compared),
    };
    return cmocka_run_group_tests_name("differs", tests, NULL, NULL);
}
