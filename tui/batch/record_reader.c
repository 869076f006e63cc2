#include "tui/batch/record_reader.h"

#include "protocol/wire/json.h"
#include "protocol/wire/message.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The key of a record that carries one. False, with the problem, when it can't be one. */
static bool choose_key(const struct json *body, const char *asked, char key[IDEMPOTENCY_KEY_SIZE],
                       struct json **problem)
{
    const struct json *member = json_member(body, "idempotency_key");
    const char *own = json_string(member);
    if (member != NULL && (own == NULL || !idempotency_key_is_valid(own))) {
        *problem = problem_new(
            PROBLEM_IDEMPOTENCY_KEY_MALFORMED,
            N_("The record's idempotency_key is not a key: 1 to 255 printable characters."));
        return false;
    }
    if (own != NULL && asked != NULL && strcmp(own, asked) != 0) {
        *problem = problem_new(PROBLEM_IDEMPOTENCY_KEY_DISAGREES,
                               N_("The record's idempotency_key is another one than --key gives."));
        return false;
    }
    const char *given = asked != NULL ? asked : own;
    assert(given == NULL || strlen(given) < IDEMPOTENCY_KEY_SIZE); /* valid, whoever gave it */
    if (given != NULL)
        memcpy(key, given, strlen(given) + 1);
    else
        idempotency_key_make(key);
    return true;
}

static struct json *validation_problem(const struct violations *violations)
{
    struct json *problem = problem_new(PROBLEM_VALIDATION_FAILED,
                                       violations->count == 1 ? N_("The record breaks %zu rule.")
                                                              : N_("The record breaks %zu rules."),
                                       violations->count);
    if (problem != NULL && json_put(problem, "errors", violations_to_json(violations)))
        return problem;
    json_free(problem);
    return NULL;
}

static void freeze(struct record_reading *reading, struct json *body, const struct resource *kind,
                   const char *asked)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    struct violations violations = {0};
    bool valid = intent_check(kind, body, &violations) && !violations.out_of_memory;
    if (!valid && !violations.out_of_memory) reading->problem = validation_problem(&violations);
    violations_clear(&violations);
    if (valid && choose_key(body, asked, key, &reading->problem))
        reading->intent = intent_freeze(kind, body, key);
    reading->keyed = asked != NULL || json_member(body, "idempotency_key") != NULL;
}

struct record_reading record_read(const struct input_record *record, const struct resource *kind,
                                  const char *key)
{
    struct record_reading reading = {0};
    char problem[JSON_PROBLEM_MAX];
    if (record->length > JSON_BODY_MAX) {
        reading.problem = problem_new(PROBLEM_PAYLOAD_TOO_LARGE,
                                      N_("The record is over 256 KiB; no invoice is that long."));
        return reading;
    }
    struct json *body = json_read_object(record->bytes, record->length, problem);
    if (body == NULL) {
        if (errno != ENOMEM) reading.problem = problem_new(PROBLEM_MALFORMED_JSON, "%s", problem);
        return reading;
    }
    reading.name = intent_name(kind, body);
    freeze(&reading, body, kind, key);
    json_free(body);
    return reading;
}

void record_reading_clear(struct record_reading *reading)
{
    intent_free(reading->intent);
    json_free(reading->problem);
    free(reading->name);
    *reading = (struct record_reading){0};
}
