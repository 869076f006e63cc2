/* What is refused, what is told first of several mistakes, and what a refusal leaves behind. */
#include "tests/lab/conform/cases.h"
#include "tests/lab/conform/verdict.h"

#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

static bool lacks_refusal(struct run *run, const char *name)
{
    if (endpoint_refusal(run->endpoint, name)) return false;
    run->lack = run_keep(run, support_format("the case file has no refusal \"%s\"", name));
    return true;
}

static bool lacks_part(struct run *run, const char *name)
{
    char *pointer = support_format("/%s", name);
    bool lacks = !endpoint_part(run->endpoint, pointer);
    if (lacks) run->lack = run_keep(run, support_format("the case file says no \"%s\"", name));
    free(pointer);
    return lacks;
}

/* Each member of the change makes another request by itself. */
static void refuse_each_change(struct run *run, const struct intent *intent)
{
    const struct json *change = json_first(endpoint_part(run->endpoint, "/change"));
    for (; change; change = json_next(change)) {
        struct json *alone = json_with(json_new_object(), json_name(change), json_copy(change));
        struct question question = {.key = intent->header,
                                    .body = run_body(run, intent->unique, alone)};
        const char *what =
            run_keep(run, support_format("one with another %s under its key", json_name(change)));
        json_free(alone);
        expect_refused(run, run_ask(run, &question), "key-reused", what);
    }
}

void case_other_body(struct run *run)
{
    struct intent intent = run_intent(run), other = run_intent(run);
    const struct exchange *first = run_send(run, &intent);
    if (lacks_refusal(run, "key-reused") || !expect_created(run, first, "the first request"))
        return;
    struct question question = {.key = intent.header, .body = other.body};
    if (expect_refused(run, run_ask(run, &question), "key-reused", "another request under its key"))
        refuse_each_change(run, &intent);
    expect_replay(run, run_send(run, &intent), first, "the first one again");
    expect_created(run, run_send(run, &other), "the refused one, under a key of its own");
}

void case_missing_key(struct run *run)
{
    struct intent intent = run_intent(run);
    if (lacks_refusal(run, "key-missing")) return;
    expect_refused(run, run_ask(run, &(struct question){.body = intent.body}), "key-missing",
                   "a request without a key");
    expect_created(run, run_send(run, &intent), "the same with one");
}

static void try_too_long(struct run *run, const struct intent *intent)
{
    const char *key = run_long_key(run, (size_t)run->endpoint->key_max + 1);
    struct question question = {.key = run_header(run, run->endpoint->value, key),
                                .body = intent->body};
    expect_refused(run, run_ask(run, &question), "key-malformed", "a key that is too long");
    if (!run->endpoint->member) return;
    question = (struct question){.body = run_keyed_body(run, intent->body, key)};
    expect_refused(run, run_ask(run, &question), "key-malformed",
                   "a key in the body that is too long");
}

void case_malformed_key(struct run *run)
{
    struct intent intent = run_intent(run);
    if (lacks_refusal(run, "key-malformed")) return;
    const struct json *value = json_first(endpoint_part(run->endpoint, "/key/malformed"));
    for (; value; value = json_next(value)) {
        struct question question = {.key = json_string(value), .body = intent.body};
        bool is_empty = question.key[strspn(question.key, " \t")] == '\0';
        const char *what =
            is_empty ? "an empty key" : run_keep(run, support_format("the key %s", question.key));
        expect_refused(run, run_ask(run, &question), "key-malformed", what);
    }
    if (run->endpoint->key_max > 0) try_too_long(run, &intent);
    struct question twice = {.key = intent.header, .other_key = intent.header, .body = intent.body};
    expect_refused(run, run_ask(run, &twice), "key-malformed", "a key's header that comes twice");
    expect_created(run, run_send(run, &intent), "the same with a proper key");
}

void case_disagreeing_key(struct run *run)
{
    struct intent intent = run_intent(run), other = run_intent(run);
    if (!run->endpoint->member) {
        run->lack = "the case file names no member of the body that a key may be in";
        return;
    }
    if (lacks_refusal(run, "key-disagrees")) return;
    struct question question = {.key = intent.header,
                                .body = run_keyed_body(run, intent.body, other.key)};
    expect_refused(run, run_ask(run, &question), "key-disagrees", "two different keys");
    expect_created(run, run_send(run, &intent), "the same with one of them");
}

/* The text with blanks at its end, so that it has that many bytes at least. */
static const char *padded(struct run *run, const char *text, size_t length)
{
    return run_keep(run, support_format("%-*s", (int)length, text));
}

void case_size(struct run *run)
{
    struct intent intent = run_intent(run), padded_intent = intent;
    size_t most = (size_t)run->endpoint->body_max;
    if (lacks_part(run, "body_max") || lacks_refusal(run, "size")) return;
    if (strlen(intent.body) > most) {
        run->lack = "the case file's body is larger than its \"body_max\"";
        return;
    }
    padded_intent.body = padded(run, intent.body, most + 1);
    expect_refused(run, run_send(run, &padded_intent), "size", "a body of one byte too many");
    padded_intent.body = padded(run, intent.body, most);
    expect_created(run, run_send(run, &padded_intent), "the same in a body of full size");
}

void case_invalid(struct run *run)
{
    if (lacks_part(run, "invalid") || lacks_refusal(run, "invalid")) return;
    struct intent intent = run_intent(run), invalid = intent;
    invalid.body = run_body(run, intent.unique, endpoint_part(run->endpoint, "/invalid"));
    for (int i = 0; i < 2; i++)
        expect_refused(run, run_send(run, &invalid), "invalid", "an invalid request");
    const struct exchange *mended = run_send(run, &intent);
    if (expect_created(run, mended, "the same, mended, under its key"))
        expect_replay(run, run_send(run, &intent), mended, "the mended one again");
}

void case_conflict(struct run *run)
{
    if (lacks_part(run, "unique") || lacks_refusal(run, "taken")) return;
    struct intent intent = run_intent(run);
    struct intent second = run_other_intent(run, &intent, endpoint_part(run->endpoint, "/change"));
    const struct exchange *first = run_send(run, &intent);
    if (!expect_created(run, first, "the first intent")) return;
    const struct exchange *refused = run_send(run, &second);
    if (expect_taken(run, refused, first, "a second intent for the same"))
        expect_replay(run, run_send(run, &second), refused, "the refused one again");
    expect_replay(run, run_send(run, &intent), first, "the first one again");
}

/* --- the order of checks --- */

enum mistake {
    ROUTE = 1 << 0,
    METHOD = 1 << 1,
    TOKEN = 1 << 2,
    SIZE = 1 << 3,
    MEDIA_TYPE = 1 << 4,
    NO_JSON = 1 << 5,
    NO_KEY = 1 << 6,
    MALFORMED_KEY = 1 << 7,
    KNOWN_KEY = 1 << 8,
    INVALID = 1 << 9,
    TAKEN = 1 << 10,
};

/* In the order in which they are looked for. */
static const struct {
    enum mistake mistake;
    const char *refusal;
    const char *words;
} MISTAKES[] = {
    {ROUTE, "route", "no such path"},
    {METHOD, "method", "a wrong method"},
    {TOKEN, "token", "no token"},
    {SIZE, "size", "too large a body"},
    {MEDIA_TYPE, "media-type", "a wrong media type"},
    {NO_JSON, "json", "a body that is no JSON"},
    {NO_KEY, "key-missing", "no key"},
    {MALFORMED_KEY, "key-malformed", "a malformed key"},
    {KNOWN_KEY, "key-reused", "a key of another request"},
    {INVALID, "invalid", "an invalid body"},
    {TAKEN, "taken", "what is taken"},
};

static const unsigned PAIRS[] = {
    ROUTE | TOKEN,           METHOD | TOKEN,       TOKEN | SIZE,
    SIZE | MEDIA_TYPE,       MEDIA_TYPE | NO_JSON, NO_JSON | NO_KEY,
    NO_JSON | MALFORMED_KEY, NO_KEY | INVALID,     MALFORMED_KEY | INVALID,
    KNOWN_KEY | INVALID,     INVALID | TAKEN,      KNOWN_KEY | TAKEN,
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool can_be_made(const struct run *run, unsigned mistakes)
{
    bool can = true;
    for (size_t i = 0; i < COUNT(MISTAKES) && can; i++)
        can = !(mistakes & MISTAKES[i].mistake) ||
              endpoint_refusal(run->endpoint, MISTAKES[i].refusal);
    return can && (!(mistakes & SIZE) || run->endpoint->body_max > 0) &&
           (!(mistakes & INVALID) || endpoint_part(run->endpoint, "/invalid")) &&
           (!(mistakes & TAKEN) || run->endpoint->is_unique) &&
           (!(mistakes & MALFORMED_KEY) || endpoint_part(run->endpoint, "/key/malformed"));
}

/* What follows a ? is no part of the route. */
static const char *nowhere(struct run *run)
{
    const char *path = run->endpoint->path;
    size_t length = strcspn(path, "?");
    return run_keep(run, support_format("%.*s-nowhere%s", (int)length, path, path + length));
}

/* A request with these mistakes, where `known` was carried out before. */
static struct question mistaken(struct run *run, unsigned mistakes, const struct intent *known)
{
    const struct endpoint *endpoint = run->endpoint;
    struct intent intent = run_intent(run);
    const char *unique = mistakes & TAKEN ? known->unique : intent.unique;
    struct question question = {.key = intent.header};
    question.body =
        run_body(run, unique, endpoint_part(endpoint, mistakes & INVALID ? "/invalid" : "/change"));
    if (mistakes & ROUTE) question.path = nowhere(run);
    if (mistakes & METHOD) question.method = "PUT";
    if (mistakes & TOKEN) question.token = "";
    if (mistakes & SIZE) question.body = padded(run, "{}", (size_t)endpoint->body_max + 1);
    if (mistakes & MEDIA_TYPE) question.type = "text/plain";
    if (mistakes & NO_JSON) question.body = "{\"no\": json";
    if (mistakes & NO_KEY) question.key = NULL;
    if (mistakes & MALFORMED_KEY)
        question.key = json_string(json_first(endpoint_part(endpoint, "/key/malformed")));
    if (mistakes & KNOWN_KEY) question.key = known->header;
    return question;
}

static void try_pair(struct run *run, unsigned mistakes, const struct intent *known)
{
    size_t first = 0, second;
    while (!(mistakes & MISTAKES[first].mistake))
        first++;
    for (second = first + 1; !(mistakes & MISTAKES[second].mistake);)
        second++;
    const char *what =
        run_keep(run, support_format("%s and %s", MISTAKES[first].words, MISTAKES[second].words));
    struct question question = mistaken(run, mistakes, known);
    expect_refused(run, run_ask(run, &question), MISTAKES[first].refusal, what);
}

void case_order(struct run *run)
{
    struct intent known = run_intent(run);
    const struct exchange *first = run_send(run, &known);
    size_t tried = 0;
    if (!expect_created(run, first, "the first request")) return;
    for (size_t i = 0; i < COUNT(PAIRS); i++) {
        if (!can_be_made(run, PAIRS[i])) continue;
        try_pair(run, PAIRS[i], &known);
        tried++;
    }
    if (tried == 0) run->lack = "the case file has no two refusals that one request could get";
    expect_replay(run, run_send(run, &known), first, "the first request again");
}
