/* The list of what is wrong with a request. */
#include "protocol/wire/violations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void keeps_copies_in_order(void **state)
{
    (void)state;
    struct violations list = {0};
    char pointer[] = "/lines/0/quantity", word[] = "zero";
    violations_add(&list, pointer, "out-of-range", "It is %s.", word);
    violations_add(&list, "/number", "required", "It is required.");
    violations_add(&list, "/number", "too-long", "Second.");
    memset(pointer, 'x', sizeof pointer - 1);
    memset(word, 'x', sizeof word - 1);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0].pointer, "/lines/0/quantity");
    assert_string_equal(list.items[0].detail, "It is zero.");
    assert_ptr_equal(violations_at(&list, "/number"), &list.items[1]);
    assert_null(violations_at(&list, "/lines/0"));
    violations_clear(&list);
    assert_int_equal(list.count, 0);
    assert_null(list.items);
    violations_clear(&list);
}

static void is_bounded(void **state)
{
    (void)state;
    struct violations list = {0};
    for (int i = 0; i < VIOLATIONS_MAX + 10; i++)
        violations_add(&list, "/x", "required", "%d", i);
    assert_int_equal(list.count, VIOLATIONS_MAX);
    assert_false(list.out_of_memory);
    assert_string_equal(list.items[VIOLATIONS_MAX - 1].detail, "999");
    violations_clear(&list);
}

static void goes_through_json_and_back(void **state)
{
    (void)state;
    struct violations list = {0}, back = {0};
    violations_add(&list, "/a~1b", "not-a-date", "It is \"%s\".", "caf\u00E9");
    violations_add(&list, "", "wrong-type", "An object.");
    struct json *array = violations_to_json(&list);
    char *text = json_write(array);
    assert_string_equal(text, "[{\"pointer\":\"/a~1b\",\"code\":\"not-a-date\",\"detail\":\"It is "
                              "\\\"caf\u00E9\\\".\"},{\"pointer\":\"\",\"code\":\"wrong-type\","
                              "\"detail\":\"An object.\"}]");
    assert_true(violations_from_json(array, &back));
    json_free(array); /* what was read back stands alone */
    assert_int_equal(back.count, 2);
    assert_string_equal(back.items[0].pointer, "/a~1b");
    assert_string_equal(back.items[0].code, "not-a-date");
    assert_string_equal(back.items[0].detail, "It is \"caf\u00E9\".");
    free(text);
    violations_clear(&list);
    violations_clear(&back);
}

/* Every code that wire gives is one it knows again, as the client must. */
static void knows_the_codes_of_wire(void **state)
{
    (void)state;
    static const char *const CODES[] = {
        "before-issue-date", "control-character", "not-a-currency", "not-a-date",   "not-a-decimal",
        "not-a-rule",        "not-a-time",        "wrong-currency", "not-an-email", "not-a-string",
        "out-of-range",      "overflow",          "required",       "too-long",     "too-many",
        "too-many-decimals", "unknown-member",    "wrong-type"};
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++) {
        struct violations list = {0}, back = {0};
        violations_add(&list, "/x", CODES[i], "x");
        struct json *array = violations_to_json(&list);
        assert_true(violations_from_json(array, &back));
        assert_string_equal(back.items[0].code, CODES[i]);
        json_free(array);
        violations_clear(&list);
        violations_clear(&back);
    }
}

static void an_unknown_code_is_other(void **state)
{
    (void)state;
    struct violations list = {0};
    struct json *array =
        json_read("[{\"pointer\":\"/x\",\"code\":\"future\",\"detail\":\"d\",\"n\":1}]",
                  strlen("[{\"pointer\":\"/x\",\"code\":\"future\",\"detail\":\"d\",\"n\":1}]"));
    assert_true(violations_from_json(array, &list));
    assert_string_equal(list.items[0].code, "other");
    json_free(array);
    violations_clear(&list);
}

static void refuses_another_shape(void **state)
{
    (void)state;
    static const char *const ROWS[] = {
        "{}",
        "[1]",
        "[{}]",
        "[{\"pointer\":\"/x\",\"code\":\"c\"}]",
        "[{\"pointer\":1,\"code\":\"c\",\"detail\":\"d\"}]",
        "[{\"pointer\":\"/x\",\"code\":null,\"detail\":\"d\"}]",
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct violations list = {0};
        struct json *array = json_read(ROWS[i], strlen(ROWS[i]));
        assert_false(violations_from_json(array, &list));
        json_free(array);
        violations_clear(&list);
    }
    struct violations list = {0};
    assert_false(violations_from_json(NULL, &list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_copies_in_order),      cmocka_unit_test(is_bounded),
        cmocka_unit_test(goes_through_json_and_back), cmocka_unit_test(knows_the_codes_of_wire),
        cmocka_unit_test(an_unknown_code_is_other),   cmocka_unit_test(refuses_another_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
