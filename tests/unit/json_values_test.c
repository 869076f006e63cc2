/* JSON values: asked, made, changed, and what becomes of them where memory ends. */
#include "protocol/wire/canonical_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static long left = -1; /* allocations until one is refused; below zero: none is */
static long alive;     /* those that were not given back */

static void *allocate(size_t size)
{
    if (left == 0) return NULL;
    if (left > 0) left--;
    void *memory = malloc(size);
    if (memory != NULL) alive++;
    return memory;
}

static void release(void *memory)
{
    if (memory != NULL) alive--;
    free(memory);
}

static struct json *read_value(const char *text)
{
    struct json *value = json_read(text, strlen(text));
    if (value == NULL) fail_msg("%s was not read", text);
    return value;
}

static void assert_written(const struct json *value, const char *expected)
{
    char *text = json_write(value);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

/* --- asking --- */

static void each_kind_is_told(void **state)
{
    (void)state;
    struct json *value = read_value("[null,false,true,0,\"\",[],{}]");
    enum json_kind kind = JSON_NULL;
    for (const struct json *at = json_first(value); at != NULL; at = json_next(at), kind++)
        assert_int_equal(json_kind(at), kind);
    assert_int_equal(kind, JSON_OBJECT + 1);
    assert_int_equal(json_kind(NULL), JSON_ABSENT);
    json_free(value);
    json_free(NULL);
}

static void what_is_of_another_kind_says_nothing(void **state)
{
    (void)state;
    struct json *value = read_value("[null,false,true,0,\"a\",[1],{\"a\":1}]");
    for (const struct json *at = json_first(value); at != NULL; at = json_next(at)) {
        enum json_kind kind = json_kind(at);
        assert_int_equal(json_string(at) != NULL, kind == JSON_STRING);
        assert_int_equal(json_member(at, "a") != NULL, kind == JSON_OBJECT);
        assert_int_equal(json_count(at), kind == JSON_ARRAY || kind == JSON_OBJECT);
        assert_int_equal(json_integer(at, 7), kind == JSON_NUMBER ? 0 : 7);
        assert_null(json_text(at, "a"));
    }
    assert_null(json_member(NULL, "a"));
    assert_null(json_text(NULL, "a"));
    assert_null(json_string(NULL));
    assert_null(json_first(NULL));
    assert_null(json_item(NULL, 0));
    assert_null(json_item(value, 7));
    assert_int_equal(json_count(NULL), 0);
    assert_int_equal(json_integer(NULL, -1), -1);
    assert_true(json_number(NULL) == 0);
    json_free(value);
}

static void letter_case_counts(void **state)
{
    (void)state;
    struct json *value = read_value("{\"Number\":\"1\",\"number\":\"2\",\"NUMBER\":\"3\"}");
    assert_string_equal(json_text(value, "number"), "2");
    assert_string_equal(json_text(value, "NUMBER"), "3");
    assert_null(json_member(value, "nUmber"));
    assert_true(json_put(value, "nUmber", json_new_bool(false)));
    assert_true(json_remove(value, "Number"));
    assert_false(json_remove(value, "Number"));
    assert_written(value, "{\"number\":\"2\",\"NUMBER\":\"3\",\"nUmber\":false}");
    json_free(value);
}

static void members_and_items_come_in_their_order(void **state)
{
    (void)state;
    struct json *value = read_value("{\"b\":[10,11,12],\"a\":0,\"\":1}");
    const struct json *at = json_first(value);
    assert_string_equal(json_name(at), "b");
    for (size_t i = 0; i < json_count(at); i++)
        assert_int_equal(json_integer(json_item(at, i), 0), 10 + (int)i);
    at = json_next(at);
    assert_string_equal(json_name(at), "a");
    at = json_next(at);
    assert_string_equal(json_name(at), "");
    assert_null(json_next(at));
    json_free(value);
}

static void integers_are_those_a_double_holds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t integer; /* -7: it is none */
    } ROWS[] = {
        {"0", 0},
        {"-0", 0},
        {"42", 42},
        {"42.0", 42},
        {"4.2e1", 42},
        {"-1", -1},
        {"1.5", -7},
        {"1e-400", 0},
        {"9007199254740991", 9007199254740991},
        {"9007199254740992", 9007199254740992},
        {"-9007199254740992", -9007199254740992},
        {"9007199254740993", 9007199254740992}, /* its nearest double */
        {"9007199254740994", -7},
        {"9223372036854775807", -7},
        {"9223372036854775808", -7},
        {"-9223372036854775809", -7},
        {"1e300", -7},
        {"\"42\"", -7},
        {"true", -7},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct json *value = read_value(ROWS[i].text);
        if (json_integer(value, -7) != ROWS[i].integer) fail_msg("%s", ROWS[i].text);
        json_free(value);
    }
}

/* --- making and changing --- */

static void values_are_made(void **state)
{
    (void)state;
    struct json *value = json_new_texts("a", "\"\\\n\u00E9", "b", NULL, NULL);
    value = json_with(value, "c", json_new_integer(-9007199254740991));
    value = json_with(value, "d", json_new_bool(true));
    value = json_with(value, "e", json_new_array());
    value = json_with(value, "f", json_new_object());
    assert_true(json_append(json_member(value, "e"), json_new_string("x")));
    assert_true(json_append(json_member(value, "e"), json_new_string(NULL)));
    assert_written(value,
                   "{\"a\":\"\\\"\\\\\\n\u00E9\",\"b\":null,\"c\":-9007199254740991,\"d\":true,"
                   "\"e\":[\"x\",null],\"f\":{}}");
    json_free(value);
}

static void a_copy_is_its_own(void **state)
{
    (void)state;
    struct json *value = read_value("{\"a\":{\"b\":[1,\"x\"]}}");
    struct json *copy = json_copy(value);
    assert_true(json_equal(value, copy));
    assert_true(json_remove(json_member(copy, "a"), "b"));
    assert_written(value, "{\"a\":{\"b\":[1,\"x\"]}}");
    json_free(value);
    assert_written(copy, "{\"a\":{}}");
    json_free(copy);
    assert_null(json_copy(NULL));
}

/* A part's copy stands alone: it isn't the member that it was. */
static void a_part_can_be_copied(void **state)
{
    (void)state;
    struct json *value = read_value("{\"a\":[{\"b\":1},{\"b\":2}],\"c\":3}");
    struct json *copy = json_copy(json_first(json_member(value, "a")));
    json_free(value);
    assert_null(json_next(copy));
    assert_written(copy, "{\"b\":1}");
    json_free(copy);
}

static void a_member_put_again_is_the_last(void **state)
{
    (void)state;
    struct json *value = read_value("{\"a\":1,\"b\":2}");
    assert_true(json_put(value, "a", json_new_integer(3)));
    assert_written(value, "{\"b\":2,\"a\":3}");
    assert_true(json_put(value, "a", json_new_integer(4)));
    assert_written(value, "{\"b\":2,\"a\":4}");
    json_free(value);
}

static void a_part_is_taken_out(void **state)
{
    (void)state;
    static const char *const LEFT[] = {"[2,3]", "[1,3]", "[1,2]"};
    for (size_t i = 0; i < COUNT(LEFT); i++) {
        struct json *array = read_value("[1,2,3]");
        struct json *part = json_take(array, json_item(array, i));
        assert_int_equal(json_integer(part, 0), (int)i + 1);
        assert_null(json_next(part));
        assert_written(array, LEFT[i]);
        assert_true(json_append(array, part)); /* its end is still known */
        assert_int_equal(json_integer(json_item(array, 2), 0), (int)i + 1);
        json_free(array);
    }
    struct json *object = read_value("{\"a\":{\"x\":1},\"b\":2}");
    struct json *part = json_take(object, json_member(object, "a"));
    assert_true(json_put(object, "c", part));
    assert_written(object, "{\"b\":2,\"c\":{\"x\":1}}");
    assert_null(json_take(object, json_member(object, "a")));
    json_free(object);
}

static void an_item_is_replaced(void **state)
{
    (void)state;
    static const char *const CHANGED[] = {"[\"x\",2,3]", "[1,\"x\",3]", "[1,2,\"x\"]"};
    for (size_t i = 0; i < COUNT(CHANGED); i++) {
        struct json *array = read_value("[1,2,3]");
        assert_true(json_replace(array, json_item(array, i), json_new_string("x")));
        assert_written(array, CHANGED[i]);
        assert_true(json_append(array, json_new_bool(true)));
        assert_int_equal(json_kind(json_item(array, 3)), JSON_TRUE);
        json_free(array);
    }
}

/* What is given in is freed where it can't be put: nothing is alive at the end. */
static void what_cannot_be_put_is_freed(void **state)
{
    (void)state;
    struct json *array = json_new_array(), *object = json_new_object();
    assert_false(json_put(NULL, "a", json_new_bool(true)));
    assert_false(json_put(array, "a", json_new_bool(true)));
    assert_false(json_put(object, "a", NULL));
    assert_false(json_append(NULL, json_new_bool(true)));
    assert_false(json_append(object, json_new_bool(true)));
    assert_false(json_append(array, NULL));
    assert_false(json_replace(array, NULL, json_new_bool(true)));
    assert_false(json_replace(NULL, NULL, json_new_bool(true)));
    assert_false(json_remove(NULL, "a"));
    assert_false(json_remove(array, "a"));
    assert_written(array, "[]");
    assert_written(object, "{}");
    assert_null(json_with(object, "a", NULL));
    assert_null(json_with(array, "a", json_new_bool(true)));
    assert_null(json_with(NULL, "a", json_new_string("x")));
    assert_null(json_with(NULL, "a", NULL));
    assert_null(json_write(NULL));
}

/* --- without memory --- */

static bool makes_texts(void)
{
    struct json *value = json_new_texts("a", "1", "b", NULL, "c", "3", NULL);
    bool made = value != NULL;
    json_free(value);
    return made;
}

static bool makes_one_of_another(void)
{
    struct json *value = json_with(json_with(json_new_object(), "list", json_new_array()), "inner",
                                   json_with(json_new_object(), "n", json_new_integer(1)));
    bool made = value != NULL;
    json_free(value);
    return made;
}

static bool reads_all(void)
{
    static const char TEXT[] = "{\"a\":[1,\"b\",{\"c\":null}],\"d\":\"\\u00e9\"}";
    char problem[JSON_PROBLEM_MAX];
    struct json *value = json_read_object(TEXT, sizeof TEXT - 1, problem);
    if (value == NULL) assert_memory_equal(problem, "There is not enough memory to read it", 37);
    bool read = value != NULL;
    json_free(value);
    return read;
}

static bool copies_all(void)
{
    long budget = left;
    left = -1;
    struct json *value = read_value("{\"a\":[1,\"b\",{\"c\":null}]}");
    left = budget;
    struct json *copy = json_copy(value);
    bool copied = json_equal(value, copy);
    assert_true(copied || copy == NULL);
    json_free(copy);
    json_free(value);
    return copied;
}

static bool puts_again(void)
{
    long budget = left;
    left = -1;
    struct json *value = read_value("{\"a\":1,\"b\":[1]}");
    left = budget;
    bool put = json_put(value, "a", json_new_string("x"));
    bool appended = json_append(json_member(value, "b"), json_new_string("y"));
    bool replaced = json_replace(json_member(value, "b"), json_first(json_member(value, "b")),
                                 json_new_string("z"));
    left = -1;
    assert_string_equal(put ? json_text(value, "a") : "", put ? "x" : "");
    if (!put) assert_int_equal(json_integer(json_member(value, "a"), 0), 1);
    assert_int_equal(json_count(json_member(value, "b")), appended ? 2 : 1);
    assert_int_equal(json_kind(json_first(json_member(value, "b"))),
                     replaced ? JSON_STRING : JSON_NUMBER);
    json_free(value);
    return put && appended && replaced;
}

static void without_memory_all_or_nothing(void **state)
{
    (void)state;
    static bool (*const STEPS[])(void) = {makes_texts, makes_one_of_another, reads_all, copies_all,
                                          puts_again};
    for (size_t i = 0; i < COUNT(STEPS); i++) {
        long at = 0;
        bool made = false;
        for (; !made; at++) {
            assert_true(at < 100);
            left = at;
            made = STEPS[i]();
            left = -1;
            assert_int_equal(alive, 0);
        }
        assert_true(at > 4); /* each was refused a few times first */
    }
}

static int nothing_is_alive(void **state)
{
    (void)state;
    return alive == 0 ? 0 : -1;
}

#define VALUES_TEST(test) cmocka_unit_test_teardown(test, nothing_is_alive)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VALUES_TEST(each_kind_is_told),
        VALUES_TEST(what_is_of_another_kind_says_nothing),
        VALUES_TEST(letter_case_counts),
        VALUES_TEST(members_and_items_come_in_their_order),
        VALUES_TEST(integers_are_those_a_double_holds),
        VALUES_TEST(values_are_made),
        VALUES_TEST(a_copy_is_its_own),
        VALUES_TEST(a_part_can_be_copied),
        VALUES_TEST(a_member_put_again_is_the_last),
        VALUES_TEST(a_part_is_taken_out),
        VALUES_TEST(an_item_is_replaced),
        VALUES_TEST(what_cannot_be_put_is_freed),
        VALUES_TEST(without_memory_all_or_nothing),
    };
    json_use_memory(allocate, release);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
