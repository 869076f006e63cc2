/* A store's schema: brought up to date, and seen to suit this program and its options. */
#include "mock_server/base/embedded.h"
#include "mock_server/base/log.h"
#include "mock_server/store/sqlite/sqlite_session.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* A new store begins as one of this version; older ones get there step by step, and all go on from
 * there so. */
#define VERSION_WHOLE 5
#define VERSION       SQLITE_VERSION_NOW
static const unsigned char *const STEPS[] = {
    embedded_schema_0001, embedded_schema_0002, embedded_schema_0003, embedded_schema_0004, NULL,
    embedded_schema_0006};
static_assert(sizeof STEPS / sizeof STEPS[0] == VERSION, "a step to each version");

/* What earlier programs noted for some of the stores that claim nothing. */
#define CLAIMED_NOTHING (1 << 2)

static bool read_number(struct sqlite_session *session, const char *sql, int64_t *number)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(session->db, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    if (ok) {
        *number = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return ok;
}

static bool note_layers(struct sqlite_session *session, unsigned without)
{
    char fact[96];
    snprintf(fact, sizeof fact, "INSERT INTO facts VALUES ('without', '%u')", without);
    return sqlite_script(session, fact);
}

static void fold_with(sqlite3_context *context, sqlite3_value *value, char *(*fold)(const char *))
{
    const char *text = (const char *)sqlite3_value_text(value);
    char *folded = text ? fold(text) : NULL;
    if (folded) {
        sqlite3_result_text(context, folded, -1, free);
    } else {
        sqlite3_result_error_nomem(context);
    }
}

static void fold(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    fold_with(context, values[0], text_fold);
}

static void fold_email(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    fold_with(context, values[0], text_fold_email);
}

static void instant(sqlite3_context *context, int count, sqlite3_value **values)
{
    char text[CLOCK_TEXT_SIZE];
    (void)count;
    clock_format(sqlite3_value_int64(values[0]), text);
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

/* What a step needs that SQL doesn't have. */
static bool add_functions(struct sqlite_session *session)
{
    static const struct {
        const char *name;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } FUNCTIONS[] = {{"fold", fold}, {"fold_email", fold_email}, {"instant", instant}};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof FUNCTIONS / sizeof FUNCTIONS[0]; i++) {
        ok = sqlite3_create_function_v2(session->db, FUNCTIONS[i].name, 1,
                                        SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                        FUNCTIONS[i].function, NULL, NULL, NULL) == SQLITE_OK;
    }
    return ok;
}

static bool run_script(struct sqlite_session *session, const unsigned char *script)
{
    return sqlite_script(session, (const char *)script);
}

static bool make_whole(struct sqlite_session *session, unsigned without)
{
    return run_script(session, embedded_schema_0005_tables) && note_layers(session, without) &&
           sqlite_script(session, "INSERT INTO facts VALUES ('keys_expired_to', '0')");
}

static bool become_whole(struct sqlite_session *session)
{
    return sqlite_script(session, "ALTER TABLE audit RENAME TO audit_4") &&
           run_script(session, embedded_schema_0005_tables) &&
           run_script(session, embedded_schema_0005_records);
}

static bool take_steps(struct sqlite_session *session, int64_t version)
{
    assert(version >= 1 && version < VERSION);
    bool ok = add_functions(session);
    for (; ok && version < VERSION; version++) {
        ok = STEPS[version] ? run_script(session, STEPS[version]) : become_whole(session);
    }
    return ok;
}

/* From an older version, 0 for a store that isn't one yet. */
static bool bring_up_to_date(struct sqlite_session *session, int64_t version, unsigned without)
{
    if (version > 0) {
        log_event("info", "the store is of an older version: bringing it up to date", "store",
                  session->store->path);
    }
    char set_version[64];
    snprintf(set_version, sizeof set_version, "PRAGMA user_version=%d", VERSION);
    sqlite_show_work(session, true);
    bool ok = sqlite_script(session, set_version) &&
              (version > 0 || make_whole(session, without)) &&
              take_steps(session, version > 0 ? version : VERSION_WHOLE);
    sqlite_show_work(session, false);
    return ok;
}

static bool refuse_foreign(struct sqlite_session *session, char message[STORE_MESSAGE_MAX])
{
    snprintf(message, STORE_MESSAGE_MAX, "%s is not a store of this program", session->store->path);
    return false;
}

static bool check_layers(struct sqlite_session *session, unsigned without,
                         char message[STORE_MESSAGE_MAX])
{
    int64_t made = 0;
    if (!read_number(session, "SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'without'",
                     &made)) {
        return refuse_foreign(session, message);
    }
    if (made & CLAIMED_NOTHING) {
        made ^= CLAIMED_NOTHING | STORE_NO_UNIQUE;
    }
    if ((unsigned)made != without) {
        char name[STORE_MESSAGE_MAX / 2];
        snprintf(name, sizeof name, "the store %s", session->store->path);
        store_refuse_layers(name, (unsigned)made, without, message);
    }
    return (unsigned)made == without;
}

/* Nothing is changed in a store that isn't for this program, or not with these options. */
static bool suits(struct sqlite_session *session, int64_t version, unsigned without,
                  char message[STORE_MESSAGE_MAX])
{
    if (version < 0) {
        return refuse_foreign(session, message);
    }
    if (version > VERSION) {
        snprintf(message, STORE_MESSAGE_MAX,
                 "the store %s was made by a newer version of this program (schema %d, this one "
                 "knows %d)",
                 session->store->path, (int)version, VERSION);
        return false;
    }
    return version == 0 || check_layers(session, without, message);
}

bool sqlite_migrate(struct sqlite_session *session, unsigned without,
                    char message[STORE_MESSAGE_MAX])
{
    int64_t version = 0;
    bool ok =
        sqlite_begin_patiently(session) && read_number(session, "PRAGMA user_version", &version);
    if (ok && !suits(session, version, without, message)) {
        sqlite_script(session, "ROLLBACK");
        return false;
    }
    ok = ok && (version == VERSION || bring_up_to_date(session, version, without)) &&
         sqlite_script(session, "COMMIT");
    if (!ok) {
        snprintf(message, STORE_MESSAGE_MAX, "the store %s cannot be used: %s",
                 session->store->path, sqlite3_errmsg(session->db));
        sqlite3_exec(session->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return ok;
}
