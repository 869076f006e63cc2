#include "tests/lab/told.h"

#include "tests/support/json_pointer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBJECT_SIZE 128

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

static const struct json *record_shown(const struct json *line)
{
    const struct json *record = json_member(line, "invoice");
    return json_kind(record) == JSON_OBJECT ? record : NULL;
}

/* A line that the input doesn't have is nobody's, and so a finding. */
static void name_subject(char name[SUBJECT_SIZE], const struct json *line,
                         const char *const *subjects)
{
    const struct json *said = json_member(line, "line");
    int64_t place = said ? json_integer(said, 0) : 1, count = 0;
    while (subjects && subjects[count])
        count++;
    const char *number = json_text(line, "number");
    if (subjects && (place < 1 || place > count))
        snprintf(name, SUBJECT_SIZE, "line %lld of %lld", (long long)place, (long long)count);
    else
        snprintf(name, SUBJECT_SIZE, "%s", subjects ? subjects[place - 1] : number ? number : "");
}

const char *told_by_line(struct evidence *evidence, const char *client, const char *text,
                         size_t length, const char *const *subjects)
{
    struct json *line = json_read(text, length);
    const char *outcome = json_text(line, "outcome");
    if (!outcome || rank_of(outcome) == OUTCOMES)
        support_die("%s: this is no result: %.*s", client, (int)length, text);
    char subject[SUBJECT_SIZE];
    name_subject(subject, line, subjects);
    evidence_told(evidence, &(struct evidence_telling){.client = client,
                                                       .subject = subject,
                                                       .said = outcome,
                                                       .record = record_in(line),
                                                       .shown = record_shown(line)});
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

void told_reply(struct evidence *evidence, const struct http_reply *reply,
                const struct evidence_reply *to)
{
    const char *said = told_by_reply(reply);
    if (reply->error != 0 || (strcmp(said, "created") != 0 && strcmp(said, "replayed") != 0))
        return;
    struct evidence_reply whole = *to;
    whole.body = reply->body;
    evidence_replied(evidence, &whole);
}

void told_payment(struct evidence *evidence, const struct http_reply *reply,
                  const struct evidence_reply *to)
{
    const struct json *payment = json_member(reply->json, "payment");
    if (reply->error != 0 || reply->status != 200 || !payment) return;
    struct evidence_reply whole = *to;
    char *body = json_write(payment);
    if (!body) support_die("out of memory");
    whole.body = body;
    evidence_replied(evidence, &whole);
    free(body);
}
