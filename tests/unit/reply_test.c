/* A reply before it is sent: a bare 500 where it can't be written, and what it says of a body that
 * isn't right. */
#include "mock_server/engine/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void what_there_was_no_memory_for_is_a_bare_500(void **unused)
{
    (void)unused;
    struct reply reply = {0};
    reply_json(&reply, 200, json_new_object());
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.content_type, MEDIA_JSON);
    assert_int_equal(reply.length, 2);
    reply.location = strdup("/v1/notes/not_1");
    reply_json(&reply, 200, NULL); /* in place of what was there */
    assert_int_equal(reply.status, 500);
    assert_int_equal(reply.length, 0);
    assert_null(reply.body);
    assert_null(reply.location);
    reply_problem_json(&reply, NULL);
    assert_int_equal(reply.status, 500);
    assert_null(reply.body);
    reply_clear(&reply);
}

static bool says(const struct reply *reply, const char *words)
{
    return memmem(reply->body, reply->length, words, strlen(words)) != NULL;
}

static void violations_are_counted_in_words(void **unused)
{
    (void)unused;
    static const char *const DETAILS[] = {"1 member of this request needs", "2 members of this"};
    struct violations violations = {0};
    for (int i = 0; i < 2; i++) {
        struct reply reply = {0};
        violations_add(&violations, i == 0 ? "/a" : "/b", "missing", "It is missing.");
        reply_violations(&reply, &violations);
        assert_int_equal(reply.status, 422);
        assert_string_equal(reply.content_type, PROBLEM_MEDIA_TYPE);
        assert_true(says(&reply, DETAILS[i]));
        assert_int_equal(says(&reply, "\"/b\""), i == 1);
        reply_clear(&reply);
    }
    violations_clear(&violations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_there_was_no_memory_for_is_a_bare_500),
        cmocka_unit_test(violations_are_counted_in_words),
    };
    return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
