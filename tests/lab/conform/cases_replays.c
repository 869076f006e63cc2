/* One request, again, and what is the same one. */
#include "tests/lab/conform/cases.h"
#include "tests/lab/conform/verdict.h"

#include "protocol/wire/canonical_json.h"
#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

void case_create(struct run *run)
{
    struct intent intent = run_intent(run), other = run_intent(run);
    const char *where = run->endpoint->id;
    const struct exchange *first = run_send(run, &intent);
    if (!expect_created(run, first, "a request to create")) return;
    const struct json *id = record_id(run, first);
    if (!expect(run, first, !where || id, "what was created has no %s", where ? where : "")) return;
    const struct exchange *second = run_send(run, &other);
    if (expect_created(run, second, "another request to create"))
        expect(run, second, !where || !json_equal(id, record_id(run, second)),
               "another request to create: it gets the first one's record");
}

void case_replay(struct run *run)
{
    struct intent intent = run_intent(run);
    const struct exchange *first = run_send(run, &intent);
    if (!expect_created(run, first, "the first request")) return;
    for (int i = 0; i < 2; i++)
        expect_replay(run, run_send(run, &intent), first, "the same again");
}

/* The same value with its members in the other order and white space all over. */
static void respell(struct support_buffer *out, const struct json *value)
{
    bool is_object = json_kind(value) == JSON_OBJECT;
    size_t count = json_count(value);
    if (!is_object && json_kind(value) != JSON_ARRAY) {
        char *text = json_to(value);
        support_append(out, text, strlen(text));
        free(text);
        return;
    }
    support_append(out, is_object ? " {\t" : "[\n ", 3);
    for (size_t i = 0; i < count; i++) {
        const struct json *item = json_first(value);
        for (size_t at = is_object ? count - 1 - i : i; at > 0; at--)
            item = json_next(item);
        struct json *name = is_object ? json_new_string(json_name(item)) : NULL;
        if (i > 0) support_append(out, " , ", 3);
        if (is_object) respell(out, name);
        if (is_object) support_append(out, " :\r\n", 4);
        respell(out, item);
        json_free(name);
    }
    support_append(out, is_object ? "\n} " : " ]", is_object ? 3 : 2);
}

void case_spelling(struct run *run)
{
    struct intent intent = run_intent(run);
    struct json *body = json_from(intent.body);
    struct support_buffer spelt = {0};
    respell(&spelt, body);
    json_free(body);
    struct intent again = intent;
    again.body = run_keep(run, spelt.bytes);
    const struct exchange *first = run_send(run, &intent);
    if (expect_created(run, first, "the first request"))
        expect_replay(run, run_send(run, &again), first, "the same, spelt otherwise");
}

static void at_full_length(struct run *run)
{
    struct intent intent = run_intent(run);
    intent.header =
        run_header(run, run->endpoint->value, run_long_key(run, (size_t)run->endpoint->key_max));
    const struct exchange *first = run_send(run, &intent);
    if (expect_created(run, first, "a request with a key of full length"))
        expect_replay(run, run_send(run, &intent), first, "the same again");
}

void case_key_forms(struct run *run)
{
    const struct json *also = endpoint_part(run->endpoint, "/key/also");
    struct intent intent = run_intent(run);
    if (!also && run->endpoint->key_max == 0) {
        run->lack = "the case file says neither other forms of a key nor how long one may be";
        return;
    }
    const struct exchange *first = run_send(run, &intent);
    if (!expect_created(run, first, "the first request")) return;
    for (const struct json *form = json_first(also); form; form = json_next(form)) {
        struct intent again = intent;
        again.header = run_header(run, json_string(form), intent.key);
        expect_replay(run, run_send(run, &again), first, "the same, its key written otherwise");
    }
    if (run->endpoint->key_max > 0) at_full_length(run);
}

/* The same key but for its first and last characters. */
static const char *with_ends(struct run *run, const char *key, char first, char last)
{
    char *other = support_format("%s", key);
    other[0] = first;
    other[strlen(other) - 1] = last;
    return run_header(run, run->endpoint->value, run_keep(run, other));
}

static void expect_another_key(struct run *run, const char *header, const char *what)
{
    struct intent intent = run_intent(run);
    intent.header = header;
    expect_created(run, run_send(run, &intent), what);
}

/* A blank at its end is the key's where something stands behind it. */
void case_near_keys(struct run *run)
{
    const char *value = run->endpoint->value;
    if (run->endpoint->key_max < 2) {
        run->lack = "the case file doesn't say how long a key may be";
        return;
    }
    const char *key = run_long_key(run, (size_t)run->endpoint->key_max);
    struct intent intent = run_intent(run);
    intent.header = with_ends(run, key, 'k', 'k');
    if (!expect_created(run, run_send(run, &intent), "a request with a key of full length")) return;
    expect_another_key(run, with_ends(run, key, 'K', 'k'),
                       "a key that differs in the case of a letter");
    expect_another_key(run, with_ends(run, key, 'k', 'l'),
                       "a key that differs in its last character");
    intent = run_intent(run);
    if (value[strlen(value) - 1] == '}') return;
    if (!expect_created(run, run_send(run, &intent), "a request under a second key")) return;
    const char *blank = run_keep(run, support_format("%s ", intent.key));
    expect_another_key(run, run_header(run, value, blank), "a key that differs by a blank");
}

/* Other requests under its key, in each place that the key may be in. */
static void refuse_others(struct run *run, const struct intent *intent)
{
    const struct json *change = endpoint_part(run->endpoint, "/change");
    const char *bodies[] = {run_intent(run).body,
                            change ? run_body(run, intent->unique, change) : NULL};
    static const char *const WORDS[] = {"another request under its key",
                                        "a changed one under its key"};
    for (size_t i = 0; i < 2 && bodies[i]; i++) {
        const char *keyed = run_keyed_body(run, bodies[i], intent->key);
        const struct question questions[] = {{.body = keyed},
                                             {.key = intent->header, .body = bodies[i]},
                                             {.key = intent->header, .body = keyed}};
        static const char *const PLACES[] = {"the body", "the header", "both"};
        for (size_t j = 0; j < 3; j++) {
            const char *what =
                run_keep(run, support_format("%s, which is in %s", WORDS[i], PLACES[j]));
            expect_refused(run, run_ask(run, &questions[j]), "key-reused", what);
        }
    }
}

void case_key_in_body(struct run *run)
{
    if (!run->endpoint->member) {
        run->lack = "the case file names no member of the body that a key may be in";
        return;
    }
    struct intent intent = run_intent(run);
    const char *keyed = run_keyed_body(run, intent.body, intent.key);
    const struct exchange *first = run_ask(run, &(struct question){.body = keyed});
    if (!expect_created(run, first, "a request with its key in the body")) return;
    expect_replay(run, run_send(run, &intent), first, "the same, its key in the header");
    struct question both = {.key = intent.header, .body = keyed};
    expect_replay(run, run_ask(run, &both), first, "the same, its key in both");
    struct intent elsewhere = run_intent(run);
    const struct exchange *sent = run_send(run, &elsewhere);
    struct question moved = {.body = run_keyed_body(run, elsewhere.body, elsewhere.key)};
    if (expect_created(run, sent, "a request with its key in the header"))
        expect_replay(run, run_ask(run, &moved), sent, "the same, its key in the body");
    if (!endpoint_refusal(run->endpoint, "key-reused")) return;
    refuse_others(run, &intent);
    expect_replay(run, run_ask(run, &(struct question){.body = keyed}), first,
                  "the first one again, its key in the body");
}

void case_location(struct run *run)
{
    if (!run->endpoint->names_location) {
        run->lack = "the case file says no \"location\": true";
        return;
    }
    struct intent intent = run_intent(run);
    const struct exchange *first = run_send(run, &intent);
    if (!expect_created(run, first, "the first request")) return;
    const char *location = http_header(&first->reply, "location");
    if (!expect(run, first, *location != '\0', "what was created has no Location")) return;
    const char *url = run_resolve(run, first, location);
    if (!url) {
        run->lack = "the Location is on another server, which isn't told the token";
        return;
    }
    const struct exchange *record = run_ask(run, &(struct question){.url = url});
    const struct json *id = record_id(run, first);
    if (expect_answer(run, record, "what Location names") &&
        expect(run, record, record->reply.status == 200, "what Location names: status %d, not 200",
               record->reply.status))
        expect(run, record, !id || json_equal(id, record_id(run, record)),
               "what Location names is another record");
}

/* --- the scope of a key --- */

void case_endpoint(struct run *run)
{
    const char *path = json_string(endpoint_part(run->endpoint, "/elsewhere/path"));
    struct intent intent = run_intent(run);
    if (!path) {
        run->lack = "the case file names no other endpoint (\"elsewhere\")";
        return;
    }
    char *text = json_to(endpoint_part(run->endpoint, "/elsewhere/body"));
    const char *body = run_keep(run, endpoint_fill(text, MARK_UNIQUE, intent.unique));
    free(text);
    const struct exchange *first = run_send(run, &intent);
    if (!expect_created(run, first, "the first request")) return;
    struct question question = {.path = path, .key = intent.header, .body = body};
    const struct exchange *other = run_ask(run, &question);
    if (expect_answer(run, other, "the same key at another endpoint"))
        expect(run, other,
               other->reply.status / 100 == 2 && !says_replayed(run, other) &&
                   !is_same_body(other, first),
               "the same key at another endpoint: it isn't carried out there");
    expect_replay(run, run_send(run, &intent), first, "the first request again");
}

/* It may be taken, where what is unique is so for all tenants. */
void case_tenant(struct run *run)
{
    const char *token = run->settings->other_token;
    if (!token) {
        run->lack = "it takes --other-token, another tenant's";
        return;
    }
    struct intent intent = run_intent(run);
    const struct exchange *first = run_send(run, &intent);
    if (!expect_created(run, first, "the first request")) return;
    struct question question = {.token = token, .key = intent.header, .body = intent.body};
    const struct exchange *same = run_ask(run, &question);
    if (!is_refused(run, same, "taken") &&
        expect_created(run, same, "another tenant's request, of the same key and body"))
        expect(run, same, !is_same_body(same, first), "another tenant gets the first one's result");
    struct intent mine = run_intent(run), theirs = run_intent(run);
    expect_created(run, run_send(run, &mine), "a request under a second key");
    question = (struct question){.token = token, .key = mine.header, .body = theirs.body};
    expect_created(run, run_ask(run, &question),
                   "another tenant's request, of the second key and another body");
}

/* --- past its lifetime --- */

#define MARGIN_MS 200

static void expect_kept(struct run *run, const struct intent *intent, const struct exchange *first)
{
    const struct exchange *late = run_send(run, intent);
    const struct json *id = record_id(run, first);
    if (!expect_answer(run, late, "the same past the key's lifetime")) return;
    expect(run, late, late->reply.status == run->endpoint->expired,
           "the same past the key's lifetime: status %d, not %d", late->reply.status,
           run->endpoint->expired);
    expect(run, late, !run->endpoint->replayed || says_replayed(run, late),
           "the same past the key's lifetime: nothing tells that it is a replay");
    expect(run, late, !id || json_equal(id, record_id(run, late)),
           "the same past the key's lifetime is another record");
    struct intent other = run_intent(run);
    other.header = intent->header;
    expect_refused(run, run_send(run, &other), "key-reused",
                   "another request past the key's lifetime");
}

/* Half of it later, where the answer came in time. */
static bool expect_kept_until(struct run *run, const struct intent *intent,
                              const struct exchange *first, long long begun)
{
    run_sleep(run->settings->key_ttl_ms / 2);
    const struct exchange *early = run_send(run, intent);
    return support_now_ms() >= begun + run->settings->key_ttl_ms ||
           expect_replay(run, early, first, "the same within the key's lifetime");
}

void case_expiry(struct run *run)
{
    if (run->settings->key_ttl_ms == 0) {
        run->lack = "it takes --key-ttl, as the server has it";
        return;
    }
    struct intent intent = run_intent(run);
    long long begun = support_now_ms();
    const struct exchange *first = run_send(run, &intent);
    if (!expect_created(run, first, "the first request") ||
        !expect_kept_until(run, &intent, first, begun))
        return;
    run_sleep(run->settings->key_ttl_ms + MARGIN_MS);
    if (run->endpoint->expired != 0)
        expect_kept(run, &intent, first);
    else if (run->endpoint->is_unique)
        expect_taken(run, run_send(run, &intent), first, "the same past the key's lifetime");
    else
        expect_created(run, run_send(run, &intent), "the same past the key's lifetime");
}
