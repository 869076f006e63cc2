/* A mistake, linked into a client of the tests alone: what an earlier run left behind is sent again
 * under a new key. */
#include "protocol/client/journal/journal_inside.h"

enum journal_status __real_journal_adopt(struct journal *journal, struct intent **intent,
                                         unsigned *attempts);
enum journal_status __wrap_journal_adopt(struct journal *journal, struct intent **intent,
                                         unsigned *attempts);

static bool rename_key(const struct journal *journal, const char *key, const char *new_key)
{
    sqlite3_stmt *change;
    if (sqlite3_prepare_v2(journal->database, "UPDATE intents SET key = ? WHERE key = ?", -1,
                           &change, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_text(change, 1, new_key, -1, SQLITE_STATIC);
    sqlite3_bind_text(change, 2, key, -1, SQLITE_STATIC);
    bool done = sqlite3_step(change) == SQLITE_DONE;
    sqlite3_finalize(change);
    return done;
}

enum journal_status __wrap_journal_adopt(struct journal *journal, struct intent **intent,
                                         unsigned *attempts)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    enum journal_status status = __real_journal_adopt(journal, intent, attempts);
    if (status != JOURNAL_OK || !*intent) return status;
    idempotency_key_make(key);
    struct intent *again =
        intent_thaw((*intent)->kind, key, (*intent)->body, (*intent)->body_length);
    if (!again || !rename_key(journal, (*intent)->key, key)) return JOURNAL_FAILED;
    intent_free(*intent);
    *intent = again;
    return status;
}
