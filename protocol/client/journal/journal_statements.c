/* All SQL that the journal carries out once it is open, prepared, bound and run. */
#include "protocol/client/journal/journal_file.h"
#include "protocol/client/journal/journal_inside.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#define IS_OPEN        "state IN ('open', 'unconfirmed')"
#define IS_UNSEEN      "unseen <> 0"
#define OF_KEY         "account = ?1 AND key = ?2"
#define THIS           OF_KEY " AND fingerprint = ?3"
#define COUNT_ATTEMPTS "(SELECT coalesce(max(attempt), 0) FROM attempts WHERE intent = intents.id)"
/* As journal_outbox.c reads it. */
#define ENTRY                                                                                      \
    "key, name, server, state, replayed, " COUNT_ATTEMPTS ", created_ms, coalesce(owner, 0),"      \
    " fingerprint, result, account"
#define INTENT "id, key, kind, body, fingerprint, coalesce(owner, 0), " COUNT_ATTEMPTS ", state"
/* Goes before ?5: it is older, or a living process has just begun an attempt of it. */
#define IS_BEFORE                                                                                  \
    IS_OPEN " AND id <> ?5 AND (id < ?5 OR (lives(owner) AND (SELECT ended_ms IS NULL"             \
            " FROM attempts WHERE intent = intents.id ORDER BY attempt DESC LIMIT 1)))"
#define IS_LEFT_BEFORE IS_OPEN " AND id < ?5 AND NOT lives(owner)"
/* Of server ?1, under a token that isn't ours (?2) and that the server never said a word of. No
 * tenant's account looks like a token's: it has a blank in it. */
#define IS_UNNAMED                                                                                 \
    IS_OPEN " AND server = ?1 AND account <> ?2 AND instr(account, ' ') = 0"                       \
            " AND account NOT IN (SELECT credential FROM accounts) AND NOT lives(owner)"

/* ?1 is the account, ?2 the key and ?3 the fingerprint wherever these three are there. */
static const char *const SQL[JOURNAL_STATEMENTS] = {
    [JOURNAL_DO_READ_SECRET] = "SELECT value FROM meta WHERE name = 'secret'",
    [JOURNAL_DO_BEGIN] = "BEGIN IMMEDIATE",
    [JOURNAL_DO_COMMIT] = "COMMIT",
    [JOURNAL_DO_ROLLBACK] = "ROLLBACK",
    [JOURNAL_DO_INSERT_INTENT] =
        "INSERT INTO intents (account, key, fingerprint, kind, server, name, scope, body,"
        " state, owner, created_ms, run, position)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'open', ?9, ?10, nullif(?11, 0), ?12"
        " WHERE NOT EXISTS (SELECT 1 FROM intents WHERE account = ?1 AND key = ?2)"
        " AND NOT EXISTS (SELECT 1 FROM intents WHERE account = ?1 AND scope = ?7 AND " IS_OPEN ")",
    [JOURNAL_DO_INSERT_ATTEMPT] =
        "INSERT INTO attempts (intent, attempt, begun_ms) VALUES (?1, ?2, ?3)",
    [JOURNAL_DO_FIND_SCOPE] =
        "SELECT coalesce(owner, 0), key FROM intents WHERE account = ?1 AND scope = ?2"
        " AND " IS_OPEN " ORDER BY id LIMIT 1",
    [JOURNAL_DO_FIND_KEY] = "SELECT coalesce(owner, 0), fingerprint = ?3 FROM intents"
                            " WHERE account = ?1 AND key = ?2 ORDER BY 2 DESC LIMIT 1",
    [JOURNAL_DO_FIND_THIS] =
        "SELECT id, coalesce(owner, 0), state, " COUNT_ATTEMPTS ", EXISTS (SELECT 1 FROM attempts"
        " WHERE intent = intents.id AND fate IS NOT 'not sent') FROM intents WHERE " THIS,
    [JOURNAL_DO_FIND_BEFORE] =
        "SELECT 1 FROM intents WHERE account = ?1 AND scope = ?4 AND " IS_BEFORE
        " UNION ALL SELECT 1 FROM intents WHERE account = ?1 AND key = ?2 AND fingerprint <> ?3"
        " AND " IS_BEFORE,
    [JOURNAL_DO_FIND_LEFT_BEFORE] =
        "SELECT 1 FROM intents WHERE account = ?1 AND scope = ?4 AND " IS_LEFT_BEFORE
        " UNION ALL SELECT 1 FROM intents WHERE account = ?1 AND key = ?2 AND fingerprint <> ?3"
        " AND " IS_LEFT_BEFORE,
    [JOURNAL_DO_CLAIM] = "UPDATE intents SET owner = ?2, state = 'open' WHERE id = ?1"
                         " AND (owner IS NOT ?2 OR state <> 'open')",
    /* Another's attempts may have been joined to ours meanwhile: what isn't ours isn't touched. */
    [JOURNAL_DO_END_ATTEMPT] =
        "UPDATE attempts SET ended_ms = ?5, fate = ?6, http_status = nullif(?7, 0)"
        " WHERE intent = (SELECT id FROM intents WHERE " THIS " AND owner = ?8) AND attempt = ?4"
        " AND ended_ms IS NULL",
    [JOURNAL_DO_SETTLE] =
        "UPDATE intents SET state = ?4, owner = NULL, settled_ms = ?5, result = ?6,"
        " replayed = ?7, unseen = (?4 = 'conflict' OR ?4 = 'rejected') WHERE " THIS " AND " IS_OPEN
        " AND (?4 <> 'unconfirmed' OR owner IS NULL OR owner = ?8)",
    [JOURNAL_DO_RELEASE] =
        "UPDATE intents SET owner = NULL WHERE " THIS " AND " IS_OPEN " AND owner = ?4",
    [JOURNAL_DO_LIST] =
        "SELECT " ENTRY " FROM intents WHERE account = ?1 AND " IS_OPEN " ORDER BY id",
    [JOURNAL_DO_LIST_ALL] = "SELECT " ENTRY " FROM intents WHERE " IS_OPEN " ORDER BY id",
    [JOURNAL_DO_LIST_UNSEEN] =
        "SELECT " ENTRY " FROM intents WHERE account = ?1 AND " IS_UNSEEN " ORDER BY id",
    [JOURNAL_DO_LIST_ALL_UNSEEN] = "SELECT " ENTRY " FROM intents WHERE " IS_UNSEEN " ORDER BY id",
    [JOURNAL_DO_SEE] = "UPDATE intents SET unseen = 0 WHERE " OF_KEY " AND " IS_UNSEEN,
    [JOURNAL_DO_SEE_ANYWHERE] = "UPDATE intents SET unseen = 0 WHERE key = ?1 AND " IS_UNSEEN,
    [JOURNAL_DO_GET_THIS] = "SELECT " ENTRY " FROM intents WHERE " THIS,
    [JOURNAL_DO_GET_PLACE] = "SELECT " ENTRY " FROM intents WHERE run = ?1 AND position = ?2",
    /* The next one by the index of open ones alone, then on by id: none of the others is sorted. */
    [JOURNAL_DO_WALK] =
        "SELECT " INTENT " FROM intents NOT INDEXED WHERE id >= (SELECT min(id) FROM intents"
        " WHERE account = ?1 AND id > ?2 AND " IS_OPEN ") AND account = ?1 AND " IS_OPEN
        " ORDER BY id",
    [JOURNAL_DO_GET_INTENT] = "SELECT " INTENT " FROM intents WHERE " THIS,
    [JOURNAL_DO_REOPEN] = "UPDATE intents SET state = 'open', owner = ?2, settled_ms = NULL,"
                          " unseen = 0 WHERE id = ?1",
    [JOURNAL_DO_FIND_TENANT] = "SELECT tenant FROM accounts WHERE credential = ?1",
    [JOURNAL_DO_SET_TENANT] = "INSERT INTO accounts (credential, server, tenant)"
                              " VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET tenant = ?3",
    [JOURNAL_DO_FIND_NAMED] =
        "SELECT id FROM intents WHERE account IN"
        " (SELECT credential FROM accounts WHERE server = ?1 AND tenant = ?2)",
    [JOURNAL_DO_COUNT_UNNAMED] = "SELECT count(*) FROM intents WHERE " IS_UNNAMED,
    [JOURNAL_DO_FIND_UNNAMED] = "SELECT id FROM intents WHERE " IS_UNNAMED,
    [JOURNAL_DO_FIND_UNNAMED_SAME] =
        "SELECT id FROM intents WHERE " IS_UNNAMED " AND key = ?3 AND fingerprint = ?4",
    [JOURNAL_DO_FIND_TWIN] = "SELECT it.id FROM intents AS one JOIN intents AS it"
                             " ON it.account = ?2 AND it.key = one.key"
                             " AND it.fingerprint = one.fingerprint WHERE one.id = ?1",
    [JOURNAL_DO_MOVE_INTENT] = "UPDATE intents SET account = ?2 WHERE id = ?1",
    [JOURNAL_DO_CLOSE_ATTEMPTS] = "UPDATE attempts SET ended_ms = ?2, fate = ?3 WHERE intent = ?1"
                                  " AND ended_ms IS NULL"
                                  " AND (?4 OR NOT lives((SELECT owner FROM intents"
                                  " WHERE id = ?1)))",
    [JOURNAL_DO_MOVE_ATTEMPTS] =
        "UPDATE attempts SET intent = ?2, attempt = attempt +"
        " (SELECT coalesce(max(attempt), 0) FROM attempts WHERE intent = ?2) WHERE intent = ?1",
    [JOURNAL_DO_TAKE_OUTCOME] =
        "UPDATE intents SET (state, result, replayed, settled_ms, unseen, owner) ="
        " (SELECT state, result, replayed, settled_ms, unseen, NULL FROM intents WHERE id = ?1)"
        " WHERE id = ?2 AND " IS_OPEN " AND EXISTS (SELECT 1 FROM intents WHERE id = ?1"
        " AND state IN ('created', 'conflict'))",
    [JOURNAL_DO_TAKE_OWNER] =
        "UPDATE intents SET state = 'open', owner = (SELECT owner FROM intents WHERE id = ?1)"
        " WHERE id = ?2 AND " IS_OPEN " AND NOT lives(owner)"
        " AND lives((SELECT owner FROM intents WHERE id = ?1))",
    [JOURNAL_DO_DELETE_INTENT] =
        "DELETE FROM intents WHERE id = ?1 RETURNING coalesce(run, 0), position",
    [JOURNAL_DO_PLACE] = "UPDATE OR IGNORE intents SET run = ?2, position = ?3 WHERE id = ?1"
                         " AND NOT EXISTS (SELECT 1 FROM runs WHERE id = intents.run)",
    [JOURNAL_DO_LEAVE_PLACE] = "UPDATE intents SET run = NULL, position = NULL"
                               " WHERE id = ?1 AND run = ?2",
    /* What stays behind is of an input of which the tenant has a run: the next run of that input
     * joins them. */
    [JOURNAL_DO_MOVE_RUNS] = "UPDATE OR IGNORE runs SET account = ?1 WHERE account IN"
                             " (SELECT credential FROM accounts WHERE server = ?2 AND tenant = ?3)",
    [JOURNAL_DO_FIND_RUN] =
        "SELECT id, coalesce(owner, 0) FROM runs WHERE account = ?1 AND input = ?2",
    [JOURNAL_DO_FIND_LEFT_RUNS] =
        "SELECT id FROM runs WHERE input = ?1 AND NOT lives(owner) AND (account IN"
        " (SELECT credential FROM accounts WHERE server = ?2 AND tenant = ?3) OR (?4"
        " AND instr(account, ' ') = 0 AND account NOT IN (SELECT credential FROM accounts)"
        " AND EXISTS (SELECT 1 FROM intents WHERE run = runs.id AND server = ?2)))",
    [JOURNAL_DO_FIND_OF_RUN] = "SELECT id FROM intents WHERE run = ?1",
    [JOURNAL_DO_FIND_ACCOUNT] = "SELECT account = ?2, " IS_OPEN " AND NOT lives(owner)"
                                " FROM intents WHERE id = ?1",
    [JOURNAL_DO_CHANGE_RUN] = "UPDATE OR IGNORE intents SET run = ?3 WHERE id = ?1 AND run = ?2",
    [JOURNAL_DO_FIND_REDUNDANT] =
        "SELECT it.id FROM intents AS one JOIN intents AS it ON it.run = ?2"
        " AND it.position = one.position AND it.fingerprint = one.fingerprint"
        " WHERE one.id = ?1 AND one.run = ?3 AND one." IS_OPEN " AND NOT lives(one.owner)"
        " AND NOT EXISTS (SELECT 1 FROM attempts WHERE intent = one.id"
        " AND fate IS NOT 'not sent')",
    [JOURNAL_DO_INSERT_RUN] =
        "INSERT INTO runs (account, input, owner, begun_ms) VALUES (?1, ?2, ?3, ?4)",
    [JOURNAL_DO_OWN_RUN] = "UPDATE runs SET owner = ?2, begun_ms = ?3 WHERE id = ?1",
    [JOURNAL_DO_END_RUN] = "DELETE FROM runs WHERE id = ?1",
    [JOURNAL_DO_PRUNE_RUNS] =
        "DELETE FROM runs WHERE begun_ms < ?1"
        " AND NOT EXISTS (SELECT 1 FROM intents WHERE run = runs.id AND " IS_OPEN ")",
    [JOURNAL_DO_PRUNE_INTENTS] =
        "DELETE FROM intents WHERE id IN (SELECT id FROM intents ORDER BY id LIMIT ?2)"
        " AND settled_ms < ?1 AND NOT " IS_OPEN " AND NOT " IS_UNSEEN
        " AND NOT EXISTS (SELECT 1 FROM runs WHERE id = intents.run)",
    [JOURNAL_DO_SAVE_DRAFT] = "INSERT INTO drafts (owner, account, kind, body, saved_ms)"
                              " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (owner)"
                              " DO UPDATE SET kind = ?3, body = ?4, saved_ms = ?5",
    [JOURNAL_DO_DROP_DRAFT] = "DELETE FROM drafts WHERE owner = ?1",
    [JOURNAL_DO_THROW_DRAFT] = "UPDATE drafts SET kind = ?2 || ?3 WHERE owner = ?1 AND kind = ?2",
    [JOURNAL_DO_DROP_THROWN] =
        "DELETE FROM drafts WHERE owner <> ?1 AND account = ?2 AND kind = ?3 || ?4",
    [JOURNAL_DO_FIND_DRAFTS] =
        "SELECT owner, body, saved_ms FROM drafts WHERE account = ?1 AND kind = ?2 || ?3"
        " AND NOT EXISTS (SELECT 1 FROM intents WHERE body = CAST(drafts.body AS BLOB)"
        " AND id > (SELECT max(id) FROM intents) - 1000" /* not so long ago */
        " AND state NOT IN ('conflict', 'rejected'))"
        " ORDER BY saved_ms DESC, owner",
    [JOURNAL_DO_TAKE_DRAFT] = "UPDATE OR REPLACE drafts SET owner = ?1, kind = ?2 WHERE owner = ?3",
};

enum journal_status journal_failed(struct journal *journal)
{
    if (journal->database == NULL) return JOURNAL_LOCKED; /* journal_ready has said why */
    journal_file_explain(journal->database, journal->path, journal->sentence);
    return journal_file_is_locked(journal->database) ? JOURNAL_LOCKED : JOURNAL_FAILED;
}

static sqlite3_stmt *prepared(struct journal *journal, enum journal_statement which)
{
    assert(which < JOURNAL_STATEMENTS);
    sqlite3_stmt **statement = &journal->statements[which];
    if (*statement == NULL && journal->database != NULL)
        sqlite3_prepare_v3(journal->database, SQL[which], -1, SQLITE_PREPARE_PERSISTENT, statement,
                           NULL);
    return *statement;
}

sqlite3_stmt *journal_bound(struct journal *journal, enum journal_statement which,
                            const char *types, ...)
{
    sqlite3_stmt *statement = prepared(journal, which);
    int result = statement != NULL ? SQLITE_OK : SQLITE_ERROR;
    va_list values;
    va_start(values, types);
    for (int i = 1; result == SQLITE_OK && types[i - 1] != '\0'; i++) {
        if (types[i - 1] == 't') {
            result =
                sqlite3_bind_text(statement, i, va_arg(values, const char *), -1, SQLITE_STATIC);
        } else if (types[i - 1] == 'i') {
            result = sqlite3_bind_int64(statement, i, va_arg(values, int64_t));
        } else {
            const void *bytes = va_arg(values, const void *);
            result =
                sqlite3_bind_blob64(statement, i, bytes, va_arg(values, size_t), SQLITE_STATIC);
        }
    }
    va_end(values);
    assert(result != SQLITE_OK || (size_t)sqlite3_bind_parameter_count(statement) == strlen(types));
    return result == SQLITE_OK ? statement : NULL;
}

void journal_done_with(sqlite3_stmt *statement)
{
    if (statement == NULL) return;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

bool journal_carried_out(sqlite3_stmt *statement)
{
    if (statement == NULL) return false;
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    journal_done_with(statement);
    return done;
}

enum journal_status journal_carry_out(struct journal *journal, sqlite3_stmt *statement)
{
    return journal_carried_out(statement) ? JOURNAL_OK : journal_failed(journal);
}

const char *journal_column_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text != NULL ? (const char *)text : "";
}
