#include "tests/lab/told.h"

#include "tests/support/json_pointer.h"

#include <string.h>

/* In the order of their exit codes. */
static const char *const outcomes[] = {"created", "replayed", "conflict", "rejected",
                                       "unconfirmed"};

#define OUTCOMES (sizeof outcomes / sizeof *outcomes)

static size_t rank_of(const char *outcome)
{
    size_t rank = 0;
    while (rank < OUTCOMES && strcmp(outcomes[rank], outcome) != 0)
        rank++;
    return rank;
}

static const char *record_in(const struct json *line)
{
    const char *id = json_pointer_text(line, "/invoice/id");
    if (!*id) id = json_pointer_text(line, "/problem/existing/id");
    return *id ? id : NULL;
}

static const char *subject_of(const struct json *line, const char *const *subjects)
{
    int64_t place = json_integer(json_member(line, "line"), 1);
    return subjects ? subjects[place - 1] : json_text(line, "number");
}

const char *told_by_line(struct evidence *evidence, const char *client, const char *text,
                         size_t length, const char *const *subjects)
{
    struct json *line = json_read(text, length);
    const char *outcome = json_text(line, "outcome");
    if (!outcome || rank_of(outcome) == OUTCOMES)
        support_die("%s: this is no result: %.*s", client, (int)length, text);
    evidence_told(evidence, &(struct evidence_telling){.client = client,
                                                       .subject = subject_of(line, subjects),
                                                       .said = outcome,
                                                       .record = record_in(line)});
    outcome = outcomes[rank_of(outcome)];
    json_free(line);
    return outcome;
}

const char *told_worse(const char *one, const char *other)
{
    if (!one || !other) return one ? one : other;
    return rank_of(one) > rank_of(other) ? one : other;
}

void told_by_run(struct evidence *evidence, const char *client, const struct process_result *result,
                 const char *const *subjects)
{
    const char *worst = NULL, *at = result->output;
    for (const char *end; (end = strchr(at, '\n')); at = end + 1)
        worst = told_worse(worst, told_by_line(evidence, client, at, (size_t)(end - at), subjects));
    bool ended = result->code >= 0 && result->code < PROCESS_SIGNAL_BASE;
    if (ended) evidence_exit(evidence, client, result->code, worst);
}

const char *told_by_reply(const struct http_reply *reply)
{
    const char *type = json_pointer_text(reply->json, "/type");
    bool has_record = *json_pointer_text(reply->json, "/id");
    if ((reply->status == 200 || reply->status == 201) && has_record)
        return *http_header(reply, "idempotent-replayed") ? "replayed" : "created";
    if (strstr(type, "-taken")) return "conflict";
    return strstr(type, "key-reused") || strstr(type, "validation") ? "rejected" : "unconfirmed";
}
