/* Each allocation of a request's way refused in turn: the answer is then a refusal, never a wrong
 * one, and nothing leaks (the sanitizers look). */
#include "protocol/wire/fingerprint.h"
#include "protocol/wire/json.h"
#include "protocol/wire/problem.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"
#include "tests/unit/starved.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char REQUEST[] =
    "{\"number\":\"2026-0042\",\"issue_date\":\"2026-11-22\",\"currency\":\"EUR\","
    "\"customer\":{\"email\":\"ap@northwind.example\",\"name\":\"Northwind Ltd\"},\"lines\":["
    "{\"description\":\"Consulting\",\"quantity\":\"1.5\",\"unit_price\":\"120.00\"}],"
    "\"external_ref\":{\"source\":\"shop\",\"id\":\"A-17\"}}";

static const char WRONG[] = "{\"number\":5,\"lines\":[{\"quantity\":1}],\"colour\":\"red\"}";

/* Steps on the way to an answer: each true when it made the whole of its part. */

static bool parses(struct json *request)
{
    char problem[JSON_PROBLEM_MAX];
    (void)request;
    struct json *json = json_read_object(REQUEST, sizeof REQUEST - 1, problem);
    bool read = json != NULL;
    if (!read) {
        assert_int_equal(errno, ENOMEM); /* and it isn't the text that is at fault */
        assert_memory_equal(problem, "There is not enough memory", 26);
    }
    json_free(json);
    return read;
}

static bool reads(struct json *request)
{
    struct violations list = {0};
    struct document document;
    bool valid = document_read(&document, &INVOICE, request, &list);
    assert_int_equal(list.count, 0);
    document_clear(&document);
    violations_clear(&list);
    return valid;
}

static bool fingerprints(struct json *request)
{
    char hex[FINGERPRINT_TEXT_SIZE];
    return fingerprint_of(request, hex);
}

static bool answers(struct json *request)
{
    struct violations list = {0};
    struct document document;
    bool valid = document_read(&document, &INVOICE, request, &list);
    document.values.texts[INVOICE_CUSTOMER_ID] = "cus_1";
    char *text =
        valid ? resource_write(&INVOICE, &document.values, "inv_1", "2026-01-01T00:00:00Z", "ana")
              : NULL;
    bool made = text != NULL;
    free(text);
    document_clear(&document);
    violations_clear(&list);
    return made;
}

static bool believes(struct json *request)
{
    struct record record;
    struct json *lines = json_new_array();
    if (!json_append(lines, json_new_texts("description", "Consulting", "quantity", "1.5",
                                           "unit_price", "120.00", "net", "180.00", NULL))) {
        json_free(lines);
        return false;
    }
    struct json *json =
        json_new_texts("id", "i", "status", "open", "issue_date", "2026-11-22", "currency", "EUR",
                       "created_at", "t", "created_by", "u", NULL);
    json = json_with(json, "number", json_copy(json_member(request, "number")));
    json = json_with(json, "customer",
                     json_new_texts("id", "c", "email", "AP@northwind.example", NULL));
    json = json_with(json, "lines", lines);
    json = json_with(json, "totals", json_new_texts("net", "1", "tax", "1", "gross", "1", NULL));
    json = json_with(json, "external_ref", json_copy(json_member(request, "external_ref")));
    if (json == NULL) return false;
    json_remove(json_member(request, "customer"), "name");
    bool believed =
        record_believe(&record, &INVOICE, json) && resource_is_of(&INVOICE, json, request);
    record_clear(&record);
    json_free(json);
    return believed;
}

static bool refuses(struct json *request)
{
    struct violations list = {0}, back = {0};
    struct document document;
    char problem[JSON_PROBLEM_MAX];
    (void)request;
    struct json *wrong = json_read_object(WRONG, sizeof WRONG - 1, problem);
    if (wrong == NULL) return false;
    bool valid = document_read(&document, &INVOICE, wrong, &list);
    assert_false(valid);
    struct json *errors = violations_to_json(&list);
    struct json *answer = problem_new(PROBLEM_VALIDATION_FAILED, "%zu", list.count);
    bool made = errors != NULL && answer != NULL && !list.out_of_memory &&
                violations_from_json(errors, &back) && !back.out_of_memory;
    document_clear(&document);
    violations_clear(&list);
    violations_clear(&back);
    json_free(errors);
    json_free(answer);
    json_free(wrong);
    return made;
}

static bool shows(struct json *request)
{
    (void)request;
    char *safe = text_safe("a\n", 2, TEXT_ONE_LINE);
    char *folded = text_fold("ABC");
    bool made = safe != NULL && folded != NULL;
    free(safe);
    free(folded);
    return made;
}

/* Runs the step with its first allocation refused, then its second, until none is. Folding and
 * making safe have another way, so that a step with those may succeed all the same. */
static void starve(bool (*step)(struct json *request), bool may_do_without)
{
    char problem[JSON_PROBLEM_MAX];
    for (long at = 0;; at++) {
        struct json *request = json_read_object(REQUEST, sizeof REQUEST - 1, problem);
        assert_non_null(request);
        starved_begin(at);
        bool made = step(request);
        bool refused = starved_end();
        json_free(request);
        if (!refused) {
            assert_true(made);
            assert_true(at > 0);
            return;
        }
        if (made && !may_do_without) fail_msg("allocation %ld was not missed", at);
    }
}

static void every_answer_needs_its_memory(void **state)
{
    (void)state;
    starve(parses, true);
    starve(reads, false);
    starve(fingerprints, false);
    starve(answers, false);
    starve(believes, true);
    starve(refuses, true);
    starve(shows, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_answer_needs_its_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
