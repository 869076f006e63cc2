/* What each reply means for an intent: only an answer that the protocol defines counts. */
#include "protocol/client/outcome.h"
#include "protocol/wire/resources/invoice.h"
#include "tests/support/json_pointer.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/unit/client_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NUMBER  "2026-0042"
#define JSON    "application/json"
#define PROBLEM "application/problem+json"

/* --- success: 200 and 201 --- */

/* What the body is: our record, or one changed at a JSON pointer. */
struct success_row {
    const char *name;
    int status;
    const char *media_type;
    bool replayed;
    const char *pointer; /* NULL: as it should be */
    const char *value;   /* JSON put there; NULL: removed */
    enum verdict verdict;
};

static const struct success_row successes[] = {
    {"created", 201, JSON, false, NULL, NULL, VERDICT_CREATED},
    {"replayed", 201, JSON, true, NULL, NULL, VERDICT_REPLAYED},
    {"replayed past the key's lifetime", 200, JSON, true, NULL, NULL, VERDICT_REPLAYED},
    {"a member of a later version", 201, JSON, false, "/paid", "true", VERDICT_CREATED},
    {"our number typed otherwise", 201, JSON, true, "/number", "\" 2026-0042 \"",
     VERDICT_TRY_AGAIN},
    {"merged since", 200, JSON, true, "/status", "\"merged\"", VERDICT_TRY_AGAIN},
    {"200 to a create", 200, JSON, false, NULL, NULL, VERDICT_TRY_AGAIN},
    {"no media type", 201, "", false, NULL, NULL, VERDICT_TRY_AGAIN},
    {"HTML by its type", 201, "text/html", false, NULL, NULL, VERDICT_TRY_AGAIN},
    {"a problem's type", 201, PROBLEM, false, NULL, NULL, VERDICT_TRY_AGAIN},
    {"somebody else's number", 201, JSON, false, "/number", "\"2026-0043\"", VERDICT_TRY_AGAIN},
    {"another date", 201, JSON, false, "/issue_date", "\"2026-11-23\"", VERDICT_TRY_AGAIN},
    {"another amount", 201, JSON, false, "/lines/0/unit_price", "\"120.01\"", VERDICT_TRY_AGAIN},
    {"another customer", 201, JSON, false, "/customer/email", "\"a@b.example\"", VERDICT_TRY_AGAIN},
    {"another currency", 201, JSON, false, "/currency", "\"USD\"", VERDICT_TRY_AGAIN},
    {"other notes", 201, JSON, false, "/notes", "\"\"", VERDICT_TRY_AGAIN},
    {"without id", 201, JSON, false, "/id", NULL, VERDICT_TRY_AGAIN},
    {"without totals", 201, JSON, false, "/totals", NULL, VERDICT_TRY_AGAIN},
    {"a number for an amount", 201, JSON, false, "/totals/gross", "217.8", VERDICT_TRY_AGAIN},
    {"without lines", 201, JSON, false, "/lines", "[]", VERDICT_TRY_AGAIN},
};

static struct outcome judge(const struct intent *intent, int status, const char *media_type,
                            bool replayed, const char *body)
{
    struct outcome outcome;
    const struct reply reply = {.fate = REPLY_WHOLE,
                                .status = status,
                                .media_type = media_type,
                                .replayed = replayed,
                                .retry_after_ms = 7000,
                                .body = body,
                                .length = strlen(body)};
    outcome_judge(&outcome, intent, &reply);
    bool has_record = outcome.verdict == VERDICT_CREATED || outcome.verdict == VERDICT_REPLAYED;
    assert_int_equal(outcome.record != NULL, has_record);
    return outcome;
}

static void only_our_record_is_a_success(void **unused)
{
    (void)unused;
    struct intent *intent = client_sample_intent(NUMBER);
    for (size_t i = 0; i < sizeof successes / sizeof *successes; i++) {
        const struct success_row *row = &successes[i];
        struct json *record = client_sample_record(intent->json);
        if (row->pointer != NULL)
            json_pointer_put(record, row->pointer,
                             row->value != NULL ? json_read(row->value, strlen(row->value)) : NULL);
        char *body = json_to(record);
        struct outcome outcome = judge(intent, row->status, row->media_type, row->replayed, body);
        if (outcome.verdict != row->verdict) fail_msg("%s: %d", row->name, (int)outcome.verdict);
        if (row->verdict == VERDICT_TRY_AGAIN) {
            assert_string_equal(outcome.why, "the answer was not the record");
            assert_int_equal(outcome.retry_after_ms, 7000);
        }
        outcome_clear(&outcome);
        json_free(record);
        free(body);
    }
    intent_free(intent);
}

static void every_half_of_a_record_is_no_answer(void **unused)
{
    (void)unused;
    struct intent *intent = client_sample_intent(NUMBER);
    char *body = client_sample_record_text(NUMBER);
    for (size_t length = strlen(body) - 1; length > 0; length--) {
        body[length] = '\0';
        struct outcome outcome = judge(intent, 201, JSON, false, body);
        assert_int_equal(outcome.verdict, VERDICT_TRY_AGAIN);
        outcome_clear(&outcome);
    }
    free(body);
    intent_free(intent);
}

static const char *const strangers[] = {
    "",
    "{}",
    "[]",
    "null",
    "\"created\"",
    "<html><body>Please log in</body></html>",
    "{\"id\":\"inv_1\"}",
    "{\"number\":\"2026-0042\"}",
    "\xEF\xBB\xBF{}",
    "{\"number\":\"\xFF\"}",
    "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{"
    "\"a\":"
    "{\"a\":{\"a\":{\"a\":{}}}}}}}}}}}}}}}}}}}",
};

static void strangers_are_no_answer(void **unused)
{
    (void)unused;
    struct intent *intent = client_sample_intent(NUMBER);
    static const int statuses[] = {200, 201, 202, 204, 206, 301, 307, 400, 402, 405, 409,
                                   410, 413, 415, 422, 423, 451, 500, 501, 599, 999, 0};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        for (size_t j = 0; j < sizeof statuses / sizeof *statuses; j++)
            for (int replayed = 0; replayed < 2; replayed++) {
                const char *media_type = statuses[j] < 400 ? JSON : PROBLEM;
                struct outcome outcome =
                    judge(intent, statuses[j], media_type, replayed, strangers[i]);
                if (outcome.verdict != VERDICT_TRY_AGAIN)
                    fail_msg("%d %s: %d", statuses[j], strangers[i], (int)outcome.verdict);
                assert_true(outcome.why[0] != '\0');
                outcome_clear(&outcome);
            }
    intent_free(intent);
}

/* --- problems --- */

static const struct problem_row {
    enum problem_type type;
    int status;
    const char *media_type;
    const char *changes;
    enum verdict verdict;
} problems[] = {
    {PROBLEM_VALIDATION_FAILED, 422, PROBLEM, NULL, VERDICT_REJECTED},
    {PROBLEM_IDEMPOTENCY_KEY_REUSED, 422, PROBLEM, NULL, VERDICT_REJECTED},
    {PROBLEM_IDEMPOTENCY_KEY_MISSING, 400, PROBLEM, NULL, VERDICT_REJECTED},
    {PROBLEM_IDEMPOTENCY_KEY_MALFORMED, 400, PROBLEM, NULL, VERDICT_REJECTED},
    {PROBLEM_IDEMPOTENCY_KEY_DISAGREES, 400, PROBLEM, NULL, VERDICT_REJECTED},
    {PROBLEM_INVALID_PARAMETER, 400, PROBLEM, NULL, VERDICT_REJECTED},
    {PROBLEM_BAD_REQUEST, 400, PROBLEM, NULL, VERDICT_REFUSED},
    {PROBLEM_BAD_REQUEST, 501, PROBLEM, "{\"status\":501}", VERDICT_REFUSED},
    {PROBLEM_BAD_REQUEST, 502, PROBLEM, "{\"status\":502}", VERDICT_TRY_AGAIN},
    {PROBLEM_MALFORMED_JSON, 400, PROBLEM, NULL, VERDICT_REFUSED},
    {PROBLEM_UNAUTHORIZED, 401, PROBLEM, NULL, VERDICT_REFUSED},
    {PROBLEM_NOT_FOUND, 404, PROBLEM, NULL, VERDICT_REFUSED},
    {PROBLEM_METHOD_NOT_ALLOWED, 405, PROBLEM, NULL, VERDICT_REFUSED},
    {PROBLEM_PAYLOAD_TOO_LARGE, 413, PROBLEM, NULL, VERDICT_REFUSED},
    {PROBLEM_UNSUPPORTED_MEDIA_TYPE, 415, PROBLEM, NULL, VERDICT_REFUSED},
    {PROBLEM_IDEMPOTENCY_KEY_IN_PROGRESS, 409, PROBLEM, NULL, VERDICT_TRY_AGAIN},
    {PROBLEM_TOO_BUSY, 503, PROBLEM, NULL, VERDICT_TRY_AGAIN},
    {PROBLEM_INTERNAL_ERROR, 500, PROBLEM, NULL, VERDICT_TRY_AGAIN},
    /* a later version's problem, which says that nothing came of the key */
    {PROBLEM_OTHER, 422, PROBLEM,
     "{\"type\":\"urn:invonce:problem:later\",\"status\":422,\"effect\":\"none\",\"retry\":\"new_"
     "key\"}",
     VERDICT_REJECTED},
    {PROBLEM_OTHER, 422, PROBLEM, "{\"type\":\"https://x.example\",\"status\":422}",
     VERDICT_TRY_AGAIN},
    {PROBLEM_OTHER, 503, PROBLEM, "{\"status\":503,\"effect\":\"none\",\"retry\":\"new_key\"}",
     VERDICT_TRY_AGAIN},
    /* not ours, or at odds with itself */
    {PROBLEM_VALIDATION_FAILED, 422, JSON, NULL, VERDICT_TRY_AGAIN},
    {PROBLEM_VALIDATION_FAILED, 422, "text/html", NULL, VERDICT_TRY_AGAIN},
    {PROBLEM_VALIDATION_FAILED, 400, PROBLEM, NULL, VERDICT_TRY_AGAIN},
    {PROBLEM_VALIDATION_FAILED, 400, PROBLEM, "{\"status\":400}", VERDICT_TRY_AGAIN},
    {PROBLEM_VALIDATION_FAILED, 422, PROBLEM, "{\"status\":null}", VERDICT_TRY_AGAIN},
    {PROBLEM_VALIDATION_FAILED, 422, PROBLEM, "{\"status\":\"422\"}", VERDICT_TRY_AGAIN},
    {PROBLEM_VALIDATION_FAILED, 422, PROBLEM, "{\"effect\":null}", VERDICT_TRY_AGAIN},
    {PROBLEM_VALIDATION_FAILED, 422, PROBLEM, "{\"effect\":\"applied\"}", VERDICT_TRY_AGAIN},
    {PROBLEM_VALIDATION_FAILED, 422, PROBLEM, "{\"retry\":\"same_key\"}", VERDICT_TRY_AGAIN},
    {PROBLEM_VALIDATION_FAILED, 422, PROBLEM, "{\"detail\":7}", VERDICT_TRY_AGAIN},
    {PROBLEM_UNAUTHORIZED, 401, PROBLEM, "{\"effect\":\"none\"}", VERDICT_REFUSED},
    {PROBLEM_UNAUTHORIZED, 503, PROBLEM, "{\"status\":503}", VERDICT_TRY_AGAIN},
    {PROBLEM_TAKEN, 409, PROBLEM, NULL, VERDICT_TRY_AGAIN}, /* no `existing` */
    /* a rule that is not of this resource: as a later version's */
    {PROBLEM_TAKEN, 409, PROBLEM,
     "{\"type\":\"urn:invonce:problem:order-reference-taken\",\"detail\":\"As the server puts "
     "it.\"}",
     VERDICT_REJECTED},
};

static void problems_are_weighed(void **unused)
{
    (void)unused;
    struct intent *intent = client_sample_intent(NUMBER);
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        const struct problem_row *row = &problems[i];
        char *body = client_sample_problem(row->type, row->changes);
        struct outcome outcome = judge(intent, row->status, row->media_type, false, body);
        if (outcome.verdict != row->verdict) fail_msg("row %zu: %d", i, (int)outcome.verdict);
        assert_true(outcome.why[0] != '\0');
        if (outcome.verdict == VERDICT_REJECTED || outcome.verdict == VERDICT_REFUSED) {
            assert_non_null(outcome.problem);
            assert_string_equal(outcome.why, "As the server puts it.");
        } else {
            assert_int_equal(outcome.retry_after_ms, 7000);
        }
        bool in_progress = row->type == PROBLEM_IDEMPOTENCY_KEY_IN_PROGRESS;
        assert_int_equal(strcmp(outcome.why, "an earlier attempt is in progress (409)") == 0,
                         in_progress);
        outcome_clear(&outcome);
        free(body);
    }
    intent_free(intent);
}

static const struct {
    int status;
    enum verdict verdict;
    const char *why;
} bare[] = {
    {401, VERDICT_HOPELESS, "the token was not accepted (401)"},
    {403, VERDICT_HOPELESS, "not allowed (403)"},
    {404, VERDICT_HOPELESS, "not found on this server (404)"},
    {409, VERDICT_TRY_AGAIN, "the answer was not the record (409)"},
    {413, VERDICT_TRY_AGAIN, "the answer was not the record (413)"},
    {415, VERDICT_TRY_AGAIN, "the answer was not the record (415)"},
    {307, VERDICT_TRY_AGAIN, "redirected elsewhere (307)"},
    {408, VERDICT_TRY_AGAIN, "the server gave up waiting (408)"},
    {429, VERDICT_TRY_AGAIN, "too many requests (429)"},
    {500, VERDICT_TRY_AGAIN, "the server failed (500)"},
    {502, VERDICT_TRY_AGAIN, "the server is not there (502)"},
    {503, VERDICT_TRY_AGAIN, "the server is busy (503)"},
    {504, VERDICT_TRY_AGAIN, "the server took too long (504)"},
    {418, VERDICT_TRY_AGAIN, "the answer was not the record (418)"},
};

static void a_proxy_may_have_said_it(void **unused)
{
    (void)unused;
    struct intent *intent = client_sample_intent(NUMBER);
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
        struct outcome outcome = judge(intent, bare[i].status, "text/html", false, "<html></html>");
        assert_int_equal(outcome.verdict, bare[i].verdict);
        assert_string_equal(outcome.why, bare[i].why);
        assert_null(outcome.problem);
        outcome_clear(&outcome);
    }
    intent_free(intent);
}

static void a_circle_of_redirects(void **unused)
{
    (void)unused;
    struct intent *intent = client_sample_intent(NUMBER);
    const struct reply reply = {.fate = REPLY_WHOLE,
                                .status = 308,
                                .media_type = "",
                                .redirected = true,
                                .retry_after_ms = -1,
                                .body = ""};
    struct outcome outcome;
    outcome_judge(&outcome, intent, &reply);
    assert_int_equal(outcome.verdict, VERDICT_TRY_AGAIN);
    assert_string_equal(outcome.why, "redirected again and again (308)");
    outcome_clear(&outcome);
    intent_free(intent);
}

/* --- conflicts: `existing` must be what stands in the way --- */

static const struct {
    const char *name;
    const char *slug;
    const char *pointer; /* of the existing record, changed: */
    const char *value;
    enum verdict verdict;
} conflicts[] = {
    {"our number", "invoice-number-taken", "/notes", "\"older\"", VERDICT_CONFLICT},
    {"our number, as typed elsewhere", "invoice-number-taken", "/number",
     "\"  \xEF\xBC\x92\x30\x32\x36-0042\"", VERDICT_CONFLICT}, /* a fullwidth 2 */
    {"another number", "invoice-number-taken", "/number", "\"2026-0043\"", VERDICT_TRY_AGAIN},
    {"another year", "invoice-number-taken", "/issue_date", "\"2025-11-22\"", VERDICT_TRY_AGAIN},
    {"no record", "invoice-number-taken", "/id", NULL, VERDICT_TRY_AGAIN},
    {"our reference", "external-ref-taken", "/number", "\"1\"", VERDICT_CONFLICT},
    {"another reference", "external-ref-taken", "/external_ref/id", "\"A-18\"", VERDICT_TRY_AGAIN},
    {"no reference", "external-ref-taken", "/external_ref", NULL, VERDICT_TRY_AGAIN},
};

static void a_conflict_names_what_stands_in_the_way(void **unused)
{
    (void)unused;
    struct json *body = sample_invoice(NUMBER);
    json_put(body, "external_ref", json_new_texts("source", "shop", "id", "A-17", NULL));
    struct intent *intent = intent_freeze(&INVOICE, body, "k");
    assert_non_null(intent);
    for (size_t i = 0; i < sizeof conflicts / sizeof *conflicts; i++) {
        struct json *problem = unique_problem(unique_rule_of(&INVOICE, conflicts[i].slug));
        struct json *existing = client_sample_record(body);
        const char *value = conflicts[i].value;
        json_pointer_put(existing, conflicts[i].pointer,
                         value != NULL ? json_read(value, strlen(value)) : NULL);
        json_put(problem, "existing", existing);
        char *text = json_to(problem);
        struct outcome outcome = judge(intent, 409, PROBLEM, i % 2 == 0, text);
        if (outcome.verdict != conflicts[i].verdict)
            fail_msg("%s: %d", conflicts[i].name, (int)outcome.verdict);
        assert_non_null(outcome.problem);
        outcome_clear(&outcome);
        outcome = judge(intent, 409, JSON, false, text);
        assert_int_equal(outcome.verdict, VERDICT_TRY_AGAIN);
        outcome_clear(&outcome);
        free(text);
        json_put(problem, "status", json_new_integer(422)); /* not what the contract gives it */
        text = json_to(problem);
        outcome = judge(intent, 422, PROBLEM, false, text);
        assert_int_equal(outcome.verdict, VERDICT_TRY_AGAIN);
        outcome_clear(&outcome);
        free(text);
        json_put(problem, "status", json_new_integer(409));
        json_put(problem, "effect", json_new_string("applied")); /* then it's no refusal */
        text = json_to(problem);
        outcome = judge(intent, 409, PROBLEM, false, text);
        assert_int_equal(outcome.verdict, VERDICT_TRY_AGAIN);
        outcome_clear(&outcome);
        json_free(problem);
        free(text);
    }
    intent_free(intent);
    json_free(body);
}

static void without_a_reply_there_is_no_answer(void **unused)
{
    (void)unused;
    struct intent *intent = client_sample_intent(NUMBER);
    struct outcome outcome;
    const struct reply reply = {.fate = REPLY_UNKNOWN,
                                .error = "no answer",
                                .status = 201,
                                .media_type = "",
                                .retry_after_ms = -1,
                                .body = ""};
    outcome_judge(&outcome, intent, &reply);
    assert_int_equal(outcome.verdict, VERDICT_TRY_AGAIN);
    assert_string_equal(outcome.why, "no answer");
    assert_int_equal(outcome.retry_after_ms, -1);
    outcome_clear(&outcome);
    intent_free(intent);
}

/* What the server says goes to a status line: cut between characters, no escape sequences. */
static void the_servers_words_are_made_safe(void **unused)
{
    (void)unused;
    struct intent *intent = client_sample_intent(NUMBER);
    char *long_detail = support_format(
        "{\"detail\":\"\\u001b[2J%s%s\"}",
        "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9",
        "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD"
        "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD"
        "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD"
        "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD"
        "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD");
    char *body = client_sample_problem(PROBLEM_VALIDATION_FAILED, long_detail);
    struct outcome outcome = judge(intent, 422, PROBLEM, false, body);
    assert_int_equal(outcome.verdict, VERDICT_REJECTED);
    assert_null(strchr(outcome.why, 0x1B));
    size_t length = strlen(outcome.why);
    assert_true(length > sizeof outcome.why - 5);
    assert_string_equal(outcome.why + length - 3, "\xE4\xB8\xAD");
    outcome_clear(&outcome);
    free(body);
    free(long_detail);
    intent_free(intent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_our_record_is_a_success),
        cmocka_unit_test(every_half_of_a_record_is_no_answer),
        cmocka_unit_test(strangers_are_no_answer),
        cmocka_unit_test(problems_are_weighed),
        cmocka_unit_test(a_proxy_may_have_said_it),
        cmocka_unit_test(a_circle_of_redirects),
        cmocka_unit_test(a_conflict_names_what_stands_in_the_way),
        cmocka_unit_test(without_a_reply_there_is_no_answer),
        cmocka_unit_test(the_servers_words_are_made_safe),
    };
    return cmocka_run_group_tests_name("client/outcome", tests, NULL, NULL);
}
