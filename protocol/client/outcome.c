#include "protocol/client/outcome.h"

#include "protocol/wire/json.h"
#include "protocol/wire/message.h"
#include "protocol/wire/problem.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOT_THE_RECORD N_("the answer was not the record")

/* What a status means by itself, where no problem document of ours says more: no answer, as a proxy
 * may have said it, after a server that did the work. A few won't change by waiting. */
static const struct {
    int status;
    enum verdict verdict;
    const char *why;
} STATUSES[] = {
    {401, VERDICT_HOPELESS, N_("the token was not accepted (401)")},
    {403, VERDICT_HOPELESS, N_("not allowed (403)")},
    {404, VERDICT_HOPELESS, N_("not found on this server (404)")},
    {301, VERDICT_TRY_AGAIN, N_("redirected elsewhere (301)")},
    {302, VERDICT_TRY_AGAIN, N_("redirected elsewhere (302)")},
    {303, VERDICT_TRY_AGAIN, N_("redirected elsewhere (303)")},
    {307, VERDICT_TRY_AGAIN, N_("redirected elsewhere (307)")},
    {308, VERDICT_TRY_AGAIN, N_("redirected elsewhere (308)")},
    {408, VERDICT_TRY_AGAIN, N_("the server gave up waiting (408)")},
    {425, VERDICT_TRY_AGAIN, N_("too early (425)")},
    {429, VERDICT_TRY_AGAIN, N_("too many requests (429)")},
    {500, VERDICT_TRY_AGAIN, N_("the server failed (500)")},
    {502, VERDICT_TRY_AGAIN, N_("the server is not there (502)")},
    {503, VERDICT_TRY_AGAIN, N_("the server is busy (503)")},
    {504, VERDICT_TRY_AGAIN, N_("the server took too long (504)")},
};

/* As much of it as fits, safe to show, whole characters only. */
static void say(struct outcome *outcome, const char *text)
{
    char *safe = text_safe(text, strlen(text), TEXT_ONE_LINE);
    size_t length = safe != NULL ? strlen(safe) : 0;
    if (length >= sizeof outcome->why) length = sizeof outcome->why - 1;
    while (length > 0 && !text_is_utf8(safe, length))
        length--;
    if (length > 0) memcpy(outcome->why, safe, length);
    outcome->why[length] = '\0';
    free(safe);
}

static void try_again(struct outcome *outcome, const struct reply *reply, const char *why)
{
    outcome->verdict = VERDICT_TRY_AGAIN;
    outcome->retry_after_ms = reply->retry_after_ms;
    say(outcome, why);
}

static void judge_status(struct outcome *outcome, const struct reply *reply)
{
    char why[60];
    if (reply->redirected && reply->status / 100 == 3) {
        snprintf(why, sizeof why, N_("redirected again and again (%d)"), reply->status);
        try_again(outcome, reply, why);
        return;
    }
    for (size_t i = 0; i < sizeof STATUSES / sizeof STATUSES[0]; i++) {
        if (STATUSES[i].status != reply->status) continue;
        try_again(outcome, reply, STATUSES[i].why);
        outcome->verdict = STATUSES[i].verdict;
        return;
    }
    snprintf(why, sizeof why, N_("the answer was not the record (%d)"), reply->status);
    try_again(outcome, reply, reply->status / 100 == 2 ? NOT_THE_RECORD : why);
}

/* 201 made it now; with Idempotent-Replayed an earlier attempt did (200 past the key's lifetime).
 * Anything else than our own record is no answer. */
static void judge_success(struct outcome *outcome, const struct intent *intent,
                          const struct reply *reply, struct json *document)
{
    bool is_answer = reply->status == 201 || reply->replayed;
    if (!is_answer || document == NULL || strcmp(reply->media_type, "application/json") != 0 ||
        !intent_is_of(intent->kind, document, intent->json)) {
        try_again(outcome, reply, NOT_THE_RECORD);
        return;
    }
    outcome->verdict = reply->replayed ? VERDICT_REPLAYED : VERDICT_CREATED;
    outcome->record = document;
}

/* The document's word for it, which must not be more than the contract gives that type. */
static bool has_no_effect(const struct problem *problem)
{
    return problem->effect == EFFECT_NONE && problem->retry != RETRY_SAME_KEY &&
           problem->status / 100 == 4 &&
           (problem->type == PROBLEM_OTHER || problem_info(problem->type)->effect == EFFECT_NONE);
}

/* A problem document whose status is the reply's, and one that the contract gives its type. */
static bool is_believable(const struct intent *intent, const struct problem *problem,
                          const struct reply *reply)
{
    bool is_taken = unique_rule_of(intent->kind, problem->slug) != NULL;
    enum problem_type type = is_taken ? PROBLEM_TAKEN : problem->type;
    const struct problem_info *info = problem_info(type);
    return problem->status == reply->status &&
           (type == PROBLEM_OTHER || problem->status == info->status ||
            problem->status == info->other_status);
}

/* False when the document says no more than its status does. */
static bool judge_problem(struct outcome *outcome, const struct intent *intent,
                          const struct problem *problem, const struct json *document)
{
    const struct unique_rule *rule = unique_rule_of(intent->kind, problem->slug);
    if (rule != NULL) {
        struct json *existing = json_member(document, "existing");
        if (!has_no_effect(problem) ||
            !intent_is_original(intent->kind, rule, existing, intent->json))
            return false;
        outcome->verdict = VERDICT_CONFLICT;
    } else if (has_no_effect(problem)) {
        outcome->verdict = VERDICT_REJECTED;
    } else if (problem->type != PROBLEM_OTHER && problem->retry == RETRY_NEVER) {
        outcome->verdict = VERDICT_REFUSED;
    } else {
        return false;
    }
    say(outcome, problem->detail);
    return true;
}

/* A whole answer that is no success. */
static void judge_failure(struct outcome *outcome, const struct intent *intent,
                          const struct reply *reply, struct json *document)
{
    struct problem problem;
    bool is_problem = document != NULL && strcmp(reply->media_type, PROBLEM_MEDIA_TYPE) == 0 &&
                      problem_read(document, &problem) && is_believable(intent, &problem, reply);
    if (!is_problem || !judge_problem(outcome, intent, &problem, document)) {
        if (is_problem && problem.type == PROBLEM_IDEMPOTENCY_KEY_IN_PROGRESS)
            try_again(outcome, reply, N_("an earlier attempt is in progress (409)"));
        else
            judge_status(outcome, reply);
    }
    if (is_problem) outcome->problem = document;
}

void outcome_judge(struct outcome *outcome, const struct intent *intent, const struct reply *reply)
{
    char sentence[JSON_PROBLEM_MAX];
    *outcome = (struct outcome){.verdict = VERDICT_TRY_AGAIN, .retry_after_ms = -1};
    if (reply->fate != REPLY_WHOLE) {
        say(outcome, reply->error);
        return;
    }
    struct json *document = json_read_object(reply->body, reply->length, sentence);
    if (reply->status == 200 || reply->status == 201)
        judge_success(outcome, intent, reply, document);
    else
        judge_failure(outcome, intent, reply, document);
    if (outcome->record == NULL && outcome->problem == NULL) json_free(document);
}

void outcome_clear(struct outcome *outcome)
{
    json_free(outcome->record);
    json_free(outcome->problem);
    *outcome = (struct outcome){.verdict = VERDICT_TRY_AGAIN, .retry_after_ms = -1};
}

static bool recall_created(struct outcome *outcome, const struct intent *intent,
                           struct json *document)
{
    outcome->record = document;
    return document != NULL && intent_is_of(intent->kind, document, intent->json);
}

static bool recall_conflict(struct outcome *outcome, const struct intent *intent,
                            struct json *document)
{
    struct problem problem;
    outcome->problem = document;
    if (document == NULL || !problem_read(document, &problem)) return false;
    say(outcome, problem.detail);
    return intent_is_original(intent->kind, unique_rule_of(intent->kind, problem.slug),
                              json_member(document, "existing"), intent->json);
}

/* Believed without more: what somebody was told is not there must not be sent again. */
static bool recall_rejected(struct outcome *outcome, struct json *document)
{
    struct problem problem;
    outcome->problem = document;
    if (document != NULL && problem_read(document, &problem)) say(outcome, problem.detail);
    return true;
}

bool outcome_recall(struct outcome *outcome, const struct intent *intent, enum journal_state state,
                    const char *result)
{
    static const enum verdict verdicts[] = {
        [JOURNAL_OPEN] = VERDICT_TRY_AGAIN,    [JOURNAL_UNCONFIRMED] = VERDICT_TRY_AGAIN,
        [JOURNAL_CREATED] = VERDICT_CREATED,   [JOURNAL_REPLAYED] = VERDICT_REPLAYED,
        [JOURNAL_CONFLICT] = VERDICT_CONFLICT, [JOURNAL_REJECTED] = VERDICT_REJECTED,
    };
    char unreadable[JSON_PROBLEM_MAX];
    struct json *document =
        result != NULL ? json_read_object(result, strlen(result), unreadable) : NULL;
    bool believed = false;
    *outcome = (struct outcome){.verdict = verdicts[state], .retry_after_ms = -1};
    if (outcome->verdict == VERDICT_CREATED || outcome->verdict == VERDICT_REPLAYED)
        believed = recall_created(outcome, intent, document);
    else if (outcome->verdict == VERDICT_CONFLICT)
        believed = recall_conflict(outcome, intent, document);
    else if (outcome->verdict == VERDICT_REJECTED)
        believed = recall_rejected(outcome, document);
    if (outcome->record == NULL && outcome->problem == NULL) json_free(document);
    return believed;
}

bool outcome_is_same(const struct intent *intent, const struct json *problem)
{
    const struct json *original = json_member(problem, "existing");
    return original != NULL && resource_is_of(intent->kind, original, intent->json);
}
