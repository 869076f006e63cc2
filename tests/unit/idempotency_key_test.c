/* The idempotency key: made, read from a header, written to one. */
#include "protocol/wire/idempotency_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define MADE         1000

static uint64_t milliseconds_now(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* RFC 9562 figure 11: the first 48 bits are Unix milliseconds, then version 7, then variant 10. */
static void makes_uuids_of_version_7(void **state)
{
    (void)state;
    static char keys[MADE][IDEMPOTENCY_KEY_SIZE];
    uint64_t before = milliseconds_now();
    for (size_t i = 0; i < MADE; i++)
        idempotency_key_make(keys[i]);
    uint64_t after = milliseconds_now();
    for (size_t i = 0; i < MADE; i++) {
        const char *key = keys[i];
        char time[13];
        assert_int_equal(strlen(key), 36);
        assert_int_equal(strspn(key, "0123456789abcdef-"), 36);
        assert_true(key[8] == '-' && key[13] == '-' && key[18] == '-' && key[23] == '-');
        assert_int_equal(key[14], '7');
        assert_non_null(memchr("89ab", key[19], 4));
        memcpy(time, key, 8);
        memcpy(time + 8, key + 9, 4);
        time[12] = '\0';
        assert_in_range(strtoull(time, NULL, 16), before, after);
        assert_true(idempotency_key_is_valid(key));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(keys[j], key);
    }
}

#define TEN(s) s s s s s s s s s s
#define K255   TEN("0123456789") TEN("0123456789") TEN("abcde") "01234" /* 100 + 100 + 50 + 5 */

static void reads_both_forms(void **state)
{
    (void)state;
    static const struct {
        const char *value, *key;
    } ROWS[] = {
        {"\"abc\"", "abc"},
        {"abc", "abc"},
        {"  abc \t", "abc"},
        {" \"abc\" ", "abc"},
        {"\"a b,c;d\"", "a b,c;d"},
        {"\"a\\\"b\\\\c\"", "a\"b\\c"},
        {"\" \"", " "},
        {"\"abc\";a=1;b=\"x;\\\"y\"; c;d=?1;e=:aGk=:", "abc"},
        {"\"abc\"; q=0.5 ", "abc"},
        {"a=b:c/d?e@[]{}()<>!#$%&'*+-.^_`|~\\", "a=b:c/d?e@[]{}()<>!#$%&'*+-.^_`|~\\"},
        {"019a8f1e-7c3b-7d2a-9b1f-0123456789ab", "019a8f1e-7c3b-7d2a-9b1f-0123456789ab"},
        {K255, K255},
        {"\"" K255 "\"", K255},
        {"ABC", "ABC"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        char key[IDEMPOTENCY_KEY_SIZE];
        if (!idempotency_key_from_header(ROWS[i].value, key)) fail_msg("%s", ROWS[i].value);
        assert_string_equal(key, ROWS[i].key);
    }
}

static void refuses_anything_else(void **state)
{
    (void)state;
    static const char *const ROWS[] = {
        "",
        " ",
        "\"\"",
        "\"",
        "\"abc",
        "abc\"",
        "a\"b",
        "a,b",
        "a;b",
        "a b",
        "\"a\" \"b\"",
        "\"a\",\"b\"",
        "\"a\"b",
        "\"a\\\"",
        "\"a\\",
        "\"a\\n\"",
        "\"caf\u00E9\"",
        "caf\u00E9",
        "\"a\tb\"",
        "a\x7F",
        "\"a\x7F\"",
        "\x01",
        "\"a\";",
        "\"a\";=1",
        "\"a\";b=",
        "\"a\";b=\"",
        "\"a\";b=\"x\"y",
        "\"a\";B",
        "\"a\";b=1,c",
        "\"a\" ;b",
        ",",
        ";a=1",
        K255 "x",
        "\"" K255 "x\"",
        "\"\";a=1",
        "abc;a=1",
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        char key[IDEMPOTENCY_KEY_SIZE];
        if (idempotency_key_from_header(ROWS[i], key)) fail_msg("%s was read", ROWS[i]);
    }
}

/* RFC 8941, section 3.3.3 (strings) and 3.1.2 (parameters). What is read beyond it is read as it
 * always was: nobody's key changes. */
static void goes_by_structured_fields(void **state)
{
    (void)state;
    static const struct {
        const char *value, *key; /* NULL: refused */
        const char *reason;
    } ROWS[] = {
        {"\"a\"", "a", "a string"},
        {"\" a \"", " a ", "blanks inside are its own"},
        {"\"a;b=1\"", "a;b=1", "what looks like a parameter inside is none"},
        {"\"\\\\\"", "\\", "a backslash, escaped"},
        {"\"\\\"\"", "\"", "a quote, escaped"},
        {"\"\\\\\\\"\"", "\\\"", "both"},
        {"\"~ !\"", "~ !", "the last and the first printable ones"},
        {"\"a\\a\"", NULL, "no other escape"},
        {"\"a\\\0041\"", NULL, "an octal one neither"},
        {"\"\\\"", NULL, "the closing quote is escaped"},
        {"\"a\x1F\"", NULL, "a control character"},
        {"\"a\x7F\"", NULL, "delete"},
        {"\"a\x80\"", NULL, "past ASCII"},
        {"\"a\n\"", NULL, "a line end"},
        {"'a b'", NULL, "quotes of another kind: a blank ends it"},
        {"\"a\"\"b\"", NULL, "two strings"},
        {"\"a\", \"b\"", NULL, "a list"},
        {"\"a\",", NULL, "a list of one"},
        {"\"a\";p", "a", "a parameter without a value is true"},
        {"\"a\";p;q", "a", "two"},
        {"\"a\";p=1;p=2", "a", "the same one twice"},
        {"\"a\";*p-._9=1", "a", "all that a name may hold"},
        {"\"a\";  p=1", "a", "blanks before a name"},
        {"\"a\";p=-1.5", "a", "a decimal"},
        {"\"a\";p=?0", "a", "a boolean"},
        {"\"a\";p=token/x", "a", "a token"},
        {"\"a\";p=:YQ==:", "a", "bytes"},
        {"\"a\";p=\"\"", "a", "an empty string"},
        {"\"a\";p=\"b\\\\\"", "a", "a string that ends in a backslash"},
        {"\"a\";p=\"b;c\";q=1", "a", "a semicolon in a string ends nothing"},
        {"\"a\";9=1", "a", "a name that begins with a digit: more than the RFC reads"},
        {"\"a\";p=?2", "a", "no boolean: a value that is not looked at"},
        {"\"a\";\tp", "a", "a tab before a name: so"},
        {"\"a\";", NULL, "no name"},
        {"\"a\"; ", NULL, "no name"},
        {"\"a\";;p", NULL, "no name"},
        {"\"a\";P=1", NULL, "a capital in a name"},
        {"\"a\";p q", NULL, "something behind a name"},
        {"\"a\";p=", NULL, "no value"},
        {"\"a\";p= 1", NULL, "a blank before a value"},
        {"\"a\";p =1", NULL, "a blank behind a name"},
        {"\"a\" ;p=1", NULL, "a blank before the semicolon"},
        {"\"a\";p=\"b", NULL, "an open string"},
        {"\"a\";p=\"b\\\"", NULL, "an open string"},
        {"\"a\";p=\"\xC3\xA9\"", NULL, "past ASCII"},
        {"\"a\";p=1, \"b\"", NULL, "a list"},
        {"\"a\"p=1", NULL, "no semicolon"},
        {"a;p=1", NULL, "a bare key has no parameters"},
        {"(\"a\")", NULL, "an inner list"},
        {"a=b", "a=b", "a bare key, no dictionary"},
        {"?1", "?1", "a bare key, no boolean"},
        {":YQ==:", ":YQ==:", "a bare key, no bytes"},
        {"1.50", "1.50", "a bare key, no decimal"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        char key[IDEMPOTENCY_KEY_SIZE] = "";
        bool read = idempotency_key_from_header(ROWS[i].value, key);
        if (read != (ROWS[i].key != NULL)) fail_msg("%s: %s", ROWS[i].value, ROWS[i].reason);
        if (read) assert_string_equal(key, ROWS[i].key);
    }
}

static void judges_a_key_outside_a_header(void **state)
{
    (void)state;
    static const char *const GOOD[] = {"a", " ", "a b", "\"", "\\", "a,b;c", K255, "~"};
    static const char *const BAD[] = {"", "a\n", "\x7F", "caf\u00E9", K255 "x", "\t"};
    for (size_t i = 0; i < COUNT(GOOD); i++)
        assert_true(idempotency_key_is_valid(GOOD[i]));
    for (size_t i = 0; i < COUNT(BAD); i++)
        assert_false(idempotency_key_is_valid(BAD[i]));
}

/* Every byte that a key may hold, and the longest key that needs an escape throughout. */
static void a_header_gives_the_key_back(void **state)
{
    (void)state;
    char key[IDEMPOTENCY_KEY_SIZE], value[IDEMPOTENCY_KEY_HEADER_SIZE], back[IDEMPOTENCY_KEY_SIZE];
    size_t size = 0;
    for (char c = 0x20; c <= 0x7E; c++)
        key[size++] = c;
    key[size] = '\0';
    idempotency_key_to_header(key, value);
    assert_true(idempotency_key_from_header(value, back));
    assert_string_equal(back, key);

    memset(key, '"', IDEMPOTENCY_KEY_MAX);
    key[IDEMPOTENCY_KEY_MAX] = '\0';
    idempotency_key_to_header(key, value);
    assert_int_equal(strlen(value), IDEMPOTENCY_KEY_HEADER_SIZE - 1);
    assert_true(idempotency_key_from_header(value, back));
    assert_string_equal(back, key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_uuids_of_version_7),
        cmocka_unit_test(reads_both_forms),
        cmocka_unit_test(refuses_anything_else),
        cmocka_unit_test(goes_by_structured_fields),
        cmocka_unit_test(judges_a_key_outside_a_header),
        cmocka_unit_test(a_header_gives_the_key_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
