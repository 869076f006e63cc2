#include "mock_server/http/mock_faults.h"

#include "mock_server/faults/faults.h"
#include "protocol/wire/json.h"
#include "protocol/wire/violations.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define RULES_MAX 100

void mock_faults_get(struct exchange *exchange)
{
    reply_json(&exchange->reply, 200, faults_list());
}

static void refuse(struct exchange *exchange, struct violations *violations)
{
    struct json *problem =
        problem_new(PROBLEM_VALIDATION_FAILED, "The rules cannot be read; those in force stay.");
    json_put(problem, "errors", violations_to_json(violations));
    reply_problem_json(&exchange->reply, problem);
}

/* The rules as texts, borrowed from the array; false: not all of them are. */
static bool take_texts(const struct json *rules, const char *texts[RULES_MAX],
                       struct violations *violations)
{
    size_t count = json_count(rules);
    if (json_kind(rules) != JSON_ARRAY || count > RULES_MAX) {
        violations_add(violations, "/rules", "wrong-type",
                       "The rules must be a list of strings, %d at most.", RULES_MAX);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        texts[i] = json_string(json_item(rules, i));
        if (!texts[i]) {
            char pointer[32];
            snprintf(pointer, sizeof pointer, "/rules/%zu", i);
            violations_add(violations, pointer, "wrong-type", "A rule must be a string.");
        }
    }
    return violations->count == 0;
}

static bool put(const struct json *rules, struct violations *violations)
{
    const char *texts[RULES_MAX];
    char *message = NULL, pointer[32];
    size_t wrong = 0;
    if (!take_texts(rules, texts, violations)) {
        return false;
    }
    if (faults_set(texts, json_count(rules), &message, &wrong)) {
        return true;
    }
    snprintf(pointer, sizeof pointer, "/rules/%zu", wrong);
    violations_add(violations, pointer, "not-a-rule", "%s.", message ? message : "Out of memory");
    free(message);
    return false;
}

void mock_faults_put(struct exchange *exchange)
{
    if (!exchange_check_encoding(exchange, &exchange->reply)) {
        return;
    }
    char wrong[JSON_PROBLEM_MAX] = "Out of memory.";
    struct json *body = json_read_object(exchange->body.bytes ? exchange->body.bytes : "",
                                         exchange->body.length, wrong);
    if (!body) {
        reply_problem(&exchange->reply,
                      errno == ENOMEM ? PROBLEM_INTERNAL_ERROR : PROBLEM_MALFORMED_JSON, "%s",
                      wrong);
        return;
    }
    struct violations violations = {0};
    if (put(json_member(body, "rules"), &violations)) {
        mock_faults_get(exchange);
    } else {
        refuse(exchange, &violations);
    }
    violations_clear(&violations);
    json_free(body);
}

void mock_faults_delete(struct exchange *exchange)
{
    char *message = NULL;
    size_t wrong = 0;
    if (faults_set(NULL, 0, &message, &wrong)) {
        mock_faults_get(exchange);
    } else {
        reply_problem(&exchange->reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
    }
}
