#include "tests/unit/notes.h"

#include "protocol/wire/message.h"
#include "tests/support/support.h"
#include "tests/unit/failing_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct store_collection NOTES = {"north", "note"};

struct note {
    const char *text;
    int64_t id;
};

static bool propose(void *subject, struct store_session *session, int64_t now,
                    struct proposal *proposal)
{
    struct note *note = subject;
    (void)now;
    if (store_next_id(session, &NOTES, 1, &note->id) != STORE_OK) return false;
    snprintf(proposal->record_id, sizeof proposal->record_id, "not_%d", (int)note->id);
    char *json = support_format("{\"id\":\"%s\",\"text\":\"%s\"}", proposal->record_id, note->text);
    reply_take(&proposal->reply, 201, MEDIA_JSON, json, strlen(json));
    proposal->reply_is_record = true;
    return true;
}

static enum outcome carry_out(void *subject, struct store_session *session, int64_t now,
                              struct proposal *proposal)
{
    struct note *note = subject;
    struct store_claim claim = {.rule = "text", .value = note->text};
    struct store_record record = {
        .id = note->id, .json = proposal->reply.body, .length = proposal->reply.length};
    int64_t holder = 0;
    (void)now;
    enum store_status status = store_claim(session, &NOTES, &claim, note->id, &holder);
    if (status == STORE_TAKEN) {
        *proposal = (struct proposal){.reply = proposal->reply, .problem = "taken"};
        reply_problem_json(&proposal->reply, problem_new_taken("taken", "Taken", "Taken."));
        return OUTCOME_REJECTED_CONFLICT;
    }
    return status == STORE_OK && store_record_insert(session, &NOTES, &record) == STORE_OK
               ? OUTCOME_CREATED
               : OUTCOME_FAILED;
}

static bool recall(const struct creator *creator, struct store_session *session, const char *tenant,
                   const char *record_id, char **body, char **canonical)
{
    int64_t into = 0;
    (void)creator, (void)tenant;
    if (store_record_find(session, &NOTES, strtol(record_id + 4, NULL, 10), STORE_CREATED, body,
                          &into) != STORE_OK)
        return false;
    *canonical = into ? support_format("/notes/not_%d", (int)into) : NULL;
    return true;
}

static bool revive(const struct creator *creator, struct store_session *session, const char *tenant,
                   const char *problem, const char *record_id, struct reply *reply)
{
    (void)problem;
    char *json = NULL, *canonical = NULL;
    if (!recall(creator, session, tenant, record_id, &json, &canonical)) return false;
    reply_take(reply, 200, MEDIA_JSON, json, strlen(json));
    reply->canonical = canonical;
    return true;
}

static const struct creator NOTE = {
    .propose = propose, .carry_out = carry_out, .recall = recall, .revive = revive};

struct creation notes_creation(const char *key, const char *text)
{
    static struct note notes[64];
    static size_t count;
    struct note *note = &notes[count++ % 64];
    *note = (struct note){.text = text};
    struct creation creation = {.tenant = "north",
                                .endpoint = "POST /v1/notes",
                                .key = key,
                                .request = "{}",
                                .creator = &NOTE,
                                .subject = note};
    snprintf(creation.fingerprint, sizeof creation.fingerprint, "%s", text);
    return creation;
}

void notes_open(struct notes *notes)
{
    char message[STORE_MESSAGE_MAX];
    temp_dir_make(notes->directory);
    char *url = support_format("sqlite:%s/store.db", notes->directory);
    notes->store = store_open(url, &(struct store_options){0}, message);
    free(url);
    if (!notes->store) support_die("%s", message);
    failing_store_install(notes->store);
    notes->reading = store_session_open_reading(notes->store);
    if (!notes->reading) support_die("no session");
}

void notes_close(struct notes *notes)
{
    store_session_close(notes->reading);
    store_close(notes->store);
    temp_dir_remove(notes->directory);
}

static void count_one(void *context, int64_t id, const char *json)
{
    long long *count = context;
    (void)id, (void)json;
    ++*count;
}

long long notes_count(struct notes *notes)
{
    long long count = 0;
    struct store_filter all = {.collection = NOTES, .limit = 10000};
    if (store_record_list(notes->reading, &all, count_one, &count) != STORE_OK)
        support_die("no list");
    return count;
}
