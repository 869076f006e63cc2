/* Fingerprints: which requests are the same. */
#include "protocol/wire/fingerprint.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define THREADS      4

static void hashes_as_published(void **state)
{
    (void)state;
    char hex[FINGERPRINT_TEXT_SIZE];
    /* FIPS 180-4's examples. */
    assert_true(fingerprint_of_bytes("", 0, hex));
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_true(fingerprint_of_bytes("abc", 3, hex));
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void fingerprint(const char *text, char hex[FINGERPRINT_TEXT_SIZE])
{
    struct json *body = json_read(text, strlen(text));
    assert_non_null(body);
    assert_true(fingerprint_of(body, hex));
    json_free(body);
}

static void is_the_hash_of_the_canonical_text(void **state)
{
    (void)state;
    char of_body[FINGERPRINT_TEXT_SIZE], of_text[FINGERPRINT_TEXT_SIZE];
    static const char TEXT[] = "{\"a\":[1,true],\"b\":\"x\"}";
    fingerprint("{ \"b\": \"x\", \"idempotency_key\": \"k\", \"a\": [1.0, true] }", of_body);
    assert_true(fingerprint_of_bytes(TEXT, sizeof TEXT - 1, of_text));
    assert_string_equal(of_body, of_text);
}

static void spelling_does_not_matter(void **state)
{
    (void)state;
    static const char *const SAME[] = {
        "{\"a\":\"x\",\"b\":{\"c\":\"1\",\"d\":\"2\"}}",
        " {\n\"b\" : {\"d\":\"2\", \"c\":\"1\"}, \"a\" : \"x\"}",
        "{\"\\u0061\":\"\\u0078\",\"b\":{\"c\":\"1\",\"d\":\"2\"}}",
        "{\"a\":\"x\",\"b\":{\"c\":\"1\",\"d\":\"2\"},\"idempotency_key\":\"one\"}",
        "{\"idempotency_key\":\"two\",\"a\":\"x\",\"b\":{\"c\":\"1\",\"d\":\"2\"}}",
    };
    char first[FINGERPRINT_TEXT_SIZE], other[FINGERPRINT_TEXT_SIZE];
    fingerprint(SAME[0], first);
    for (size_t i = 1; i < COUNT(SAME); i++) {
        fingerprint(SAME[i], other);
        assert_string_equal(other, first);
    }
}

static void values_matter(void **state)
{
    (void)state;
    static const char *const OTHERS[] = {
        "{\"a\":\"1.5\"}",
        "{\"a\":\"1.50\"}",
        "{\"a\":1.5}",
        "{\"a\":\"1.5 \"}",
        "{\"A\":\"1.5\"}",
        "{\"a\":[\"1.5\"]}",
        "{\"a\":\"1.5\",\"b\":\"\"}",
        "{\"a\":null}",
        "{\"a\":[1,2]}",
        "{\"a\":[2,1]}",
        "{}",
        "{\"b\":{\"idempotency_key\":\"k\"}}",
        "{\"b\":{}}",
    };
    char hex[COUNT(OTHERS)][FINGERPRINT_TEXT_SIZE];
    for (size_t i = 0; i < COUNT(OTHERS); i++) {
        fingerprint(OTHERS[i], hex[i]);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(hex[i], hex[j]);
    }
}

static void *hash_often(void *hex)
{
    for (int i = 0; i < 1000; i++)
        if (!fingerprint_of_bytes("abc", 3, hex)) return NULL;
    return hex;
}

static void is_safe_among_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    char hex[THREADS][FINGERPRINT_TEXT_SIZE];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hash_often, hex[i]), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, hex[i]);
        assert_string_equal(hex[i], hex[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_safe_among_threads), /* first: they race to look SHA-256 up */
        cmocka_unit_test(hashes_as_published),
        cmocka_unit_test(is_the_hash_of_the_canonical_text),
        cmocka_unit_test(spelling_does_not_matter),
        cmocka_unit_test(values_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
