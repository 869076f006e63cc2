/* Problem documents: the contract's table, made and read. */
#include "protocol/wire/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct row {
    enum problem_type type;
    const char *name;
    int status;
    const char *effect, *retry;
} ROWS[] = {
    {PROBLEM_IDEMPOTENCY_KEY_MISSING, "idempotency-key-missing", 400, "none", "new_key"},
    {PROBLEM_IDEMPOTENCY_KEY_MALFORMED, "idempotency-key-malformed", 400, "none", "new_key"},
    {PROBLEM_IDEMPOTENCY_KEY_DISAGREES, "idempotency-key-disagrees", 400, "none", "new_key"},
    {PROBLEM_IDEMPOTENCY_KEY_IN_PROGRESS, "idempotency-key-in-progress", 409, "unknown",
     "same_key"},
    {PROBLEM_IDEMPOTENCY_KEY_REUSED, "idempotency-key-reused", 422, "none", "new_key"},
    {PROBLEM_VALIDATION_FAILED, "validation-failed", 422, "none", "new_key"},
    {PROBLEM_BAD_REQUEST, "bad-request", 400, "unknown", "never"},
    {PROBLEM_MALFORMED_JSON, "malformed-json", 400, "unknown", "never"},
    {PROBLEM_UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", 415, "unknown", "never"},
    {PROBLEM_PAYLOAD_TOO_LARGE, "payload-too-large", 413, "unknown", "never"},
    {PROBLEM_INVALID_PARAMETER, "invalid-parameter", 400, "none", "never"},
    {PROBLEM_EVENT_ID_REUSED, "event-id-reused", 422, "none", "never"},
    {PROBLEM_UNAUTHORIZED, "unauthorized", 401, "unknown", "never"},
    {PROBLEM_NOT_FOUND, "not-found", 404, "unknown", "never"},
    {PROBLEM_METHOD_NOT_ALLOWED, "method-not-allowed", 405, "unknown", "never"},
    {PROBLEM_TOO_BUSY, "too-busy", 503, "unknown", "same_key"},
    {PROBLEM_INTERNAL_ERROR, "internal-error", 500, "unknown", "same_key"},
};

static const char *text_of(const struct json *document, const char *name)
{
    return json_text(document, name);
}

static void the_table_is_the_contract(void **state)
{
    (void)state;
    assert_int_equal(COUNT(ROWS), PROBLEM_TAKEN);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        char type[64];
        snprintf(type, sizeof type, "urn:invonce:problem:%s", ROWS[i].name);
        struct json *document = problem_new(ROWS[i].type, "It is \"%s\".", "caf\u00E9");
        assert_non_null(document);
        assert_string_equal(text_of(document, "type"), type);
        assert_true(*text_of(document, "title") != '\0');
        assert_int_equal(json_integer(json_member(document, "status"), 0), ROWS[i].status);
        assert_string_equal(text_of(document, "detail"), "It is \"caf\u00E9\".");
        assert_string_equal(text_of(document, "effect"), ROWS[i].effect);
        assert_string_equal(text_of(document, "retry"), ROWS[i].retry);
        json_free(document);
    }
}

static void reads_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct json *document = problem_new(ROWS[i].type, "d");
        struct problem problem;
        assert_true(problem_read(document, &problem));
        const struct problem_info *info = problem_info(ROWS[i].type);
        assert_int_equal(problem.type, ROWS[i].type);
        assert_string_equal(problem.slug, info->slug);
        assert_int_equal(problem.status, info->status);
        assert_string_equal(problem.detail, "d");
        assert_int_equal(problem.effect, info->effect);
        assert_int_equal(problem.retry, info->retry);
        json_free(document);
    }
}

/* Each unique rule has a slug and a title of its own, and all else in common. */
static void what_is_taken_is_told_by_its_rule(void **state)
{
    (void)state;
    struct json *document = problem_new_taken("note-text-taken", "Text taken", "It is 100 % taken");
    struct problem problem;
    assert_true(problem_read(document, &problem));
    assert_string_equal(text_of(document, "type"), "urn:invonce:problem:note-text-taken");
    assert_string_equal(text_of(document, "title"), "Text taken");
    assert_int_equal(problem.type, PROBLEM_OTHER);
    assert_string_equal(problem.slug, "note-text-taken");
    assert_string_equal(problem.detail, "It is 100 % taken");
    assert_int_equal(problem.status, 409);
    assert_int_equal(problem.effect, EFFECT_NONE);
    assert_int_equal(problem.retry, RETRY_NEW_KEY);
    json_free(document);
}

static void a_status_without_a_type_is_blank(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *title;
        enum problem_retry retry;
    } STATUSES[] = {
        {403, "Forbidden", RETRY_NEVER},       {408, "Request Timeout", RETRY_SAME_KEY},
        {425, "Too Early", RETRY_SAME_KEY},    {429, "Too Many Requests", RETRY_SAME_KEY},
        {418, "Client Error", RETRY_NEVER},    {500, "Internal Server Error", RETRY_SAME_KEY},
        {599, "Server Error", RETRY_SAME_KEY},
    };
    for (size_t i = 0; i < COUNT(STATUSES); i++) {
        struct json *document = problem_of_status(STATUSES[i].status, i == 0 ? NULL : "d");
        struct problem problem;
        assert_non_null(document);
        assert_string_equal(text_of(document, "type"), "about:blank");
        assert_string_equal(text_of(document, "title"), STATUSES[i].title);
        assert_true(problem_read(document, &problem));
        assert_int_equal(problem.type, PROBLEM_OTHER);
        assert_string_equal(problem.slug, "");
        assert_int_equal(problem.status, STATUSES[i].status);
        assert_int_equal(problem.effect, EFFECT_UNKNOWN);
        assert_int_equal(problem.retry, STATUSES[i].retry);
        assert_string_equal(problem.detail, i == 0 ? "" : "d");
        json_free(document);
    }
}

static bool read_text(const char *text, struct problem *problem)
{
    struct json *document = json_read(text, strlen(text));
    assert_non_null(document);
    bool read = problem_read(document, problem);
    problem->slug = problem->detail = NULL; /* borrowed from the document, which goes */
    json_free(document);
    return read;
}

static void reads_the_problems_of_others(void **state)
{
    (void)state;
    struct problem problem;
    assert_true(read_text("{}", &problem));
    assert_int_equal(problem.type, PROBLEM_OTHER);
    assert_int_equal(problem.status, 0);
    assert_int_equal(problem.effect, EFFECT_UNKNOWN);
    assert_int_equal(problem.retry, RETRY_NEVER);
    assert_true(read_text("{\"type\":\"https://example.com/x\",\"status\":503,\"effect\":\"later\","
                          "\"retry\":\"sometimes\",\"more\":[1]}",
                          &problem));
    assert_int_equal(problem.type, PROBLEM_OTHER);
    assert_int_equal(problem.effect, EFFECT_UNKNOWN);
    assert_int_equal(problem.retry, RETRY_SAME_KEY);
    assert_true(
        read_text("{\"type\":\"urn:invonce:problem:new-one\",\"effect\":\"applied\"}", &problem));
    assert_int_equal(problem.type, PROBLEM_OTHER);
    assert_int_equal(problem.effect, EFFECT_APPLIED);
    assert_true(read_text("{\"type\":\"urn:invonce:problem:about:blank\"}", &problem));
    assert_int_equal(problem.type, PROBLEM_OTHER);
    assert_true(read_text("{\"status\":99999999999}", &problem));
    assert_int_equal(problem.status, 0);
}

static void refuses_what_is_no_problem(void **state)
{
    (void)state;
    static const char *const NONE[] = {"[]",
                                       "\"x\"",
                                       "5",
                                       "null",
                                       "{\"type\":5}",
                                       "{\"status\":\"409\"}",
                                       "{\"status\":409.5}",
                                       "{\"detail\":{}}",
                                       "{\"title\":null}",
                                       "{\"effect\":true}",
                                       "{\"retry\":[]}"};
    struct problem problem;
    for (size_t i = 0; i < COUNT(NONE); i++)
        assert_false(read_text(NONE[i], &problem));
    assert_false(problem_read(NULL, &problem));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_the_contract),
        cmocka_unit_test(reads_its_own),
        cmocka_unit_test(what_is_taken_is_told_by_its_rule),
        cmocka_unit_test(a_status_without_a_type_is_blank),
        cmocka_unit_test(reads_the_problems_of_others),
        cmocka_unit_test(refuses_what_is_no_problem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
