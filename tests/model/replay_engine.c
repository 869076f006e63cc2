#include "tests/model/replay_engine.h"

#include "mock_server/base/settings.h"
#include "mock_server/engine/create_once.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/resources/invoice.h"
#include "tests/support/support.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEASE_MS    INT64_C(1000)
#define LIFETIME_MS INT64_C(1000000000) /* longer than all leases of a run together */
#define BEGINNING   INT64_C(1795000000000)
#define ENDPOINT    "POST /v1/invoices"

/* One request, as a server has it in hand. */
struct work {
    struct json *body;
    char *text;
    struct creation creation; /* no creator: nothing is in hand */
};

struct server {
    struct store *store;
    struct store_session *session;
    struct work work;                          /* claimed, and not yet completed */
    unsigned char owners[2][STORE_OWNER_SIZE]; /* its last claim of each key */
};

struct engine {
    char *url, *path;
    bool unique;
    sqlite3 *beside; /* reads what no function of the store tells */
    struct creator creator;
    struct server servers[2];
    enum scenario scenario;
    char fingerprints[2][FINGERPRINT_TEXT_SIZE]; /* by body */
    int64_t now;
    int runs, lifetimes;
    char tenant[24]; /* one a run */
};

/* --- servers --- */

static void open_server(struct engine *engine, struct server *server)
{
    char message[STORE_MESSAGE_MAX];
    struct store_options options = {.without = engine->unique ? 0 : STORE_NO_UNIQUE};
    server->store = store_open(engine->url, &options, message);
    if (!server->store) support_die("%s", message);
    server->session = store_session_open_writing(server->store);
    if (!server->session) support_die("no session");
}

static void let_go(struct work *work)
{
    struct creation *creation = &work->creation;
    if (!creation->creator) return;
    creation_reset(creation);
    creation->creator->release(creation->subject);
    json_free(work->body);
    free(work->text);
    *work = (struct work){0};
}

/* All that it hasn't committed is gone. */
static void close_server(struct server *server)
{
    let_go(&server->work);
    store_session_close(server->session);
    store_close(server->store);
}

static struct work take(struct engine *engine, int request)
{
    struct violations violations = {0};
    struct work work = {
        .text = replay_body_text(engine->scenario, replay_body(engine->scenario, request))};
    work.body = json_read(work.text, strlen(work.text));
    struct creation *creation = &work.creation;
    *creation = (struct creation){.tenant = engine->tenant,
                                  .endpoint = ENDPOINT,
                                  .key = replay_key_text(replay_key(engine->scenario, request)),
                                  .request = work.text,
                                  .body = work.body,
                                  .creator = &engine->creator};
    struct creator_request asked = {.body = work.body, .tenant = engine->tenant, .user = "ana"};
    if (!fingerprint_of(work.body, creation->fingerprint)) support_die("no fingerprint");
    creation->subject = engine->creator.read(&engine->creator, &asked, &violations);
    if (!creation->subject) support_die("the body is not valid");
    return work;
}

/* --- what comes of a request --- */

static const char *word_for(enum creation_state state, const struct creation *creation)
{
    int status = creation->proposal.reply.status;
    switch (state) {
    case CREATION_CLAIMED:
        return "claimed";
    case CREATION_BUSY:
        return "busy";
    case CREATION_SETTLED:
        if (status == 409) return "conflict";
        if (status == 422) return "mismatch";
        return creation->outcome == OUTCOME_CREATED ? "created" : "replayed";
    case CREATION_UNKNOWN:
    case CREATION_FAILED:
        break;
    }
    return "failed";
}

static void answer_problem(struct answer *answer, enum problem_type type)
{
    struct json *problem = problem_new(type, "As the server puts it.");
    char *text = json_write(problem);
    if (!text) support_die("out of memory");
    *answer =
        (struct answer){problem_info(type)->status, PROBLEM_MEDIA_TYPE, false, text, strlen(text)};
    json_free(problem);
}

static void answer_with(struct answer *answer, enum creation_state state, struct creation *creation)
{
    struct reply *reply = &creation->proposal.reply;
    if (state == CREATION_BUSY) {
        answer_problem(answer, PROBLEM_IDEMPOTENCY_KEY_IN_PROGRESS);
    } else if (state == CREATION_SETTLED) {
        *answer = (struct answer){reply->status, reply->content_type, reply->replayed, reply->body,
                                  reply->length};
        reply->body = NULL;
    }
}

typedef enum creation_state way(struct creation *creation, struct store_session *session,
                                int64_t now);

static enum creation_state run(struct engine *engine, struct server *server, way *by,
                               struct creation *creation)
{
    if (!store_begin(server->session)) support_die("no transaction");
    return by(creation, server->session, engine->now);
}

/* As the writer does it: kept unless it failed. */
static const char *carry_out(struct engine *engine, struct server *server, way *by,
                             struct work *work, int request, struct answer *answer)
{
    struct creation *creation = &work->creation;
    enum creation_state state = run(engine, server, by, creation);
    if (state == CREATION_FAILED)
        store_rollback(server->session);
    else if (!store_commit(server->session))
        support_die("the commit failed");
    const char *word = word_for(state, creation);
    answer_with(answer, state, creation);
    if (state == CREATION_CLAIMED) {
        memcpy(server->owners[replay_key(engine->scenario, request)], creation->owner,
               STORE_OWNER_SIZE);
        server->work = *work;
    } else {
        let_go(work);
    }
    return word;
}

static void crash(struct engine *engine, struct server *server)
{
    close_server(server);
    open_server(engine, server);
}

/* Within the transaction. */
static const char *crash_in(struct engine *engine, struct server *server, way *by,
                            struct work *work)
{
    run(engine, server, by, &work->creation);
    let_go(work);
    crash(engine, server);
    return "nothing";
}

const char *engine_do(struct engine *engine, const char *doing, int which, int request,
                      struct answer *answer)
{
    struct server *server = &engine->servers[which];
    struct work work = server->work;
    bool has_work = work.creation.creator != NULL;
    bool goes_on = strcmp(doing, "complete") == 0 || strcmp(doing, "crash_server") == 0;
    if (has_work != goes_on) return NULL;
    server->work = (struct work){0};
    if (strcmp(doing, "refuse") == 0) {
        answer_problem(answer, PROBLEM_UNAUTHORIZED);
        return "refused";
    }
    if (!has_work) work = take(engine, request);
    if (strcmp(doing, "claim") == 0)
        return carry_out(engine, server, create_once_claim, &work, request, answer);
    if (strcmp(doing, "create") == 0 || strcmp(doing, "complete") == 0)
        return carry_out(engine, server, create_once, &work, request, answer);
    if (strcmp(doing, "crash_in_claim") == 0)
        return crash_in(engine, server, create_once_claim, &work);
    if (strcmp(doing, "crash_in_create") == 0 || strcmp(doing, "crash_server") == 0)
        return crash_in(engine, server, create_once, &work);
    let_go(&work);
    return NULL;
}

/* --- time --- */

void engine_pass_lease(struct engine *engine)
{
    engine->now += LEASE_MS;
}

void engine_pass_lifetime(struct engine *engine)
{
    struct server *server = &engine->servers[0];
    int count = 0;
    engine->now += LIFETIME_MS;
    if (++engine->lifetimes % 2 == 0) return; /* nothing depends on when the reaper comes */
    if (!store_begin(server->session) ||
        store_keys_expire(server->session, engine->now, 1000, &count) != STORE_OK ||
        !store_commit(server->session))
        support_die("the reaper failed");
}

/* --- what is there --- */

static sqlite3_stmt *ask(struct engine *engine, const char *query, const char *text)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(engine->beside, query, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_bind_text(statement, 1, engine->tenant, -1, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_bind_text(statement, 2, text, -1, SQLITE_STATIC) != SQLITE_OK)
        support_die("%s", sqlite3_errmsg(engine->beside));
    return statement;
}

/* Bodies are told apart by their notes. */
static int count_rows(struct engine *engine, int body)
{
    char *notes = support_format("body %d", body);
    sqlite3_stmt *statement =
        ask(engine,
            "SELECT count(*) FROM collections JOIN records ON place >> 40 = number"
            " AND place BETWEEN number << 40 AND (number + 1) << 40"
            " WHERE tenant = ?1 AND resource = 'invoice' AND json_extract(created, '$.notes') = ?2",
            notes);
    if (sqlite3_step(statement) != SQLITE_ROW) support_die("no count");
    int count = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    free(notes);
    return count;
}

/* The server + 1 that has the key in progress; 9: neither. */
static int owner_of(struct engine *engine, int key)
{
    sqlite3_stmt *statement =
        ask(engine, "SELECT owner FROM idempotency_keys WHERE tenant = ?1 AND key = ?2",
            replay_key_text(key));
    if (sqlite3_step(statement) != SQLITE_ROW) support_die("no key");
    const void *owner = sqlite3_column_blob(statement, 0);
    int owns = owner ? 9 : 0;
    for (int i = 0; owner && i < 2; i++)
        if (sqlite3_column_bytes(statement, 0) == STORE_OWNER_SIZE &&
            memcmp(owner, engine->servers[i].owners[key], STORE_OWNER_SIZE) == 0)
            owns = i + 1;
    sqlite3_finalize(statement);
    return owns;
}

static char *describe_key(struct engine *engine, int which)
{
    struct store_saved saved;
    struct store_key key = {engine->tenant, ENDPOINT, replay_key_text(which)};
    enum store_status status =
        store_key_find(engine->servers[0].session, &key, engine->now, &saved);
    if (status == STORE_ABSENT) return support_format("absent 0 0 0 nothing");
    if (status != STORE_OK) support_die("the key can't be read");
    bool runs = saved.status == 0;
    bool over = runs ? saved.lease_until <= engine->now : saved.expires_at == 0;
    const char *holds = runs ? "nothing" : saved.status < 300 ? "created" : "conflict";
    int body = strcmp(saved.fingerprint, engine->fingerprints[1]) == 0;
    char *text = support_format("%s %d %d %d %s", runs ? "in_progress" : "completed", body,
                                owner_of(engine, which), over, holds);
    store_saved_clear(&saved);
    return text;
}

void engine_describe(struct engine *engine, char text[ENGINE_TEXT_SIZE])
{
    char *keys[2] = {describe_key(engine, 0), describe_key(engine, 1)};
    snprintf(text, ENGINE_TEXT_SIZE, "%d %d | %s | %s", count_rows(engine, 0),
             count_rows(engine, 1), keys[0], keys[1]);
    free(keys[0]);
    free(keys[1]);
}

/* --- beginning and end --- */

struct engine *engine_open(const char *directory, bool unique)
{
    struct engine *engine = calloc(1, sizeof *engine);
    if (!engine) support_die("out of memory");
    settings.lease_ms = LEASE_MS;
    settings.key_ttl_ms = LIFETIME_MS;
    engine->unique = unique;
    engine->path = support_format("%s/%s.db", directory, unique ? "unique" : "without");
    engine->url = support_format("sqlite:%s", engine->path);
    engine->creator = resource_creator(&INVOICE);
    engine->now = BEGINNING;
    for (int i = 0; i < 2; i++)
        open_server(engine, &engine->servers[i]);
    if (sqlite3_open_v2(engine->path, &engine->beside, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        support_die("%s", sqlite3_errmsg(engine->beside));
    return engine;
}

void engine_begin(struct engine *engine, enum scenario scenario)
{
    engine->scenario = scenario;
    snprintf(engine->tenant, sizeof engine->tenant, "tenant-%d", engine->runs++);
    for (int i = 0; i < 2; i++) {
        char *text = replay_body_text(scenario, i);
        struct json *body = json_read(text, strlen(text));
        if (!fingerprint_of(body, engine->fingerprints[i])) support_die("no fingerprint");
        json_free(body);
        free(text);
        let_go(&engine->servers[i].work);
    }
}

void engine_close(struct engine *engine)
{
    sqlite3_close(engine->beside);
    for (int i = 0; i < 2; i++)
        close_server(&engine->servers[i]);
    free(engine->url);
    free(engine->path);
    free(engine);
}
