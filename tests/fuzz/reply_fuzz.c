/* Reads any bytes as a reply to a client that sent an invoice, or as what a journal kept of one:
 * only our own record is believed, only the original that stands in the way is a conflict, and only
 * what surely did nothing is rejected. The first byte says what the head said. */
#include "protocol/client/courier/whoami.h"
#include "protocol/client/outcome.h"
#include "protocol/wire/problem.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/sample.h"

#include <string.h>

#define NUMBER       "2026-0042"
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct intent *intent;

static void free_intent(void)
{
    intent_free(intent);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    struct json *body = sample_invoice(NUMBER);
    intent = intent_freeze(&INVOICE, body, "key");
    json_free(body);
    MUST(intent != NULL && atexit(free_intent) == 0);
    return 0;
}

static bool has_text(const struct json *object, const char *name, const char *text)
{
    const char *member = json_text(object, name);
    return member != NULL && strcmp(member, text) == 0;
}

static void check_outcome(const struct outcome *outcome)
{
    const struct json *problem = outcome->problem;
    char *safe = text_safe(outcome->why, strlen(outcome->why), TEXT_ONE_LINE);
    MUST(safe != NULL && strcmp(safe, outcome->why) == 0);
    free(safe);
    switch (outcome->verdict) {
    case VERDICT_CREATED:
    case VERDICT_REPLAYED:
        MUST(has_text(outcome->record, "number", NUMBER));
        MUST(has_text(outcome->record, "issue_date", "2026-11-22"));
        MUST(has_text(outcome->record, "currency", "EUR"));
        MUST(json_member(outcome->record, "id") != NULL);
        break;
    case VERDICT_CONFLICT:
        MUST(has_text(problem, "effect", "none"));
        MUST(json_member(json_member(problem, "existing"), "number") != NULL);
        break;
    case VERDICT_REJECTED:
        MUST(has_text(problem, "effect", "none") && !has_text(problem, "retry", "same_key"));
        break;
    case VERDICT_REFUSED:
        MUST(problem != NULL && !has_text(problem, "retry", "same_key"));
        break;
    case VERDICT_HOPELESS:
    case VERDICT_TRY_AGAIN:
        MUST(outcome->record == NULL);
        break;
    }
}

static void judge(uint8_t head, const char *body, size_t length)
{
    static const int STATUSES[] = {200, 201, 400, 401, 404, 409, 413, 422, 500, 503, 307, 501};
    static const char *const MEDIA_TYPES[] = {"application/json", PROBLEM_MEDIA_TYPE, "text/html",
                                              ""};
    struct outcome outcome;
    struct whoami whoami;
    const struct reply reply = {.fate = REPLY_WHOLE,
                                .status = STATUSES[(head & 15) % COUNT(STATUSES)],
                                .media_type = MEDIA_TYPES[head >> 4 & 3],
                                .replayed = (head & 64) != 0,
                                .redirected = (head & 128) != 0,
                                .retry_after_ms = -1,
                                .body = body,
                                .length = length};
    outcome_judge(&outcome, intent, &reply);
    check_outcome(&outcome);
    if (outcome.verdict == VERDICT_CREATED) MUST(reply.status == 201 && !reply.replayed);
    if (outcome.verdict == VERDICT_CONFLICT) MUST(reply.status == 409);
    if (outcome.verdict == VERDICT_REJECTED) MUST(reply.status / 100 == 4);
    outcome_clear(&outcome);
    (void)whoami_is_refused(&reply);
    if (!whoami_read(&reply, &whoami)) return;
    MUST(reply.status == 200 && whoami.tenant != NULL && whoami.user != NULL);
    whoami_clear(&whoami);
}

static void recall(const char *result)
{
    static const enum journal_state STATES[] = {JOURNAL_OPEN,     JOURNAL_UNCONFIRMED,
                                                JOURNAL_CREATED,  JOURNAL_REPLAYED,
                                                JOURNAL_CONFLICT, JOURNAL_REJECTED};
    for (size_t i = 0; i < COUNT(STATES); i++) {
        struct outcome outcome;
        if (outcome_recall(&outcome, intent, STATES[i], result) && STATES[i] != JOURNAL_REJECTED &&
            STATES[i] != JOURNAL_CONFLICT)
            check_outcome(&outcome);
        outcome_clear(&outcome);
    }
}

static void read_problem(const char *body, size_t length)
{
    struct problem problem;
    struct violations violations = {0};
    struct json *document = json_read(body, length);
    if (document != NULL && problem_read(document, &problem)) {
        MUST(problem.slug != NULL && problem.detail != NULL && problem.type != PROBLEM_TAKEN);
        (void)unique_rule_of(&INVOICE, problem.slug);
        if (violations_from_json(json_member(document, "errors"), &violations))
            for (size_t i = 0; i < violations.count; i++)
                MUST(violations.items[i].pointer != NULL && violations.items[i].detail != NULL);
    }
    violations_clear(&violations);
    json_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    char *body = malloc(size);
    MUST(body != NULL);
    memcpy(body, data + 1, size - 1);
    body[size - 1] = '\0';
    judge(data[0], body, size - 1);
    recall(body);
    read_problem(body, size - 1);
    free(body);
    return 0;
}
