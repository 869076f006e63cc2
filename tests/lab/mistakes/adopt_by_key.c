/* A mistake, linked into a client of the tests alone: what was recorded under a key is taken for
 * the same record, whatever is in it. */
#include "protocol/client/journal/journal_inside.h"
#include "protocol/wire/resources/invoice.h"

enum journal_status __real_journal_record_all(struct journal *journal,
                                              struct journal_recording *items, size_t count);
enum journal_status __wrap_journal_record_all(struct journal *journal,
                                              struct journal_recording *items, size_t count);
enum journal_status __real_journal_adopt_same(struct journal *journal, const struct intent *wanted,
                                              struct intent **intent, unsigned *attempts);
enum journal_status __wrap_journal_adopt_same(struct journal *journal, const struct intent *wanted,
                                              struct intent **intent, unsigned *attempts);

enum journal_status __wrap_journal_record_all(struct journal *journal,
                                              struct journal_recording *items, size_t count)
{
    enum journal_status status = __real_journal_record_all(journal, items, count);
    for (size_t i = 0; i < count; i++)
        if (items[i].status == JOURNAL_REUSED) items[i].status = JOURNAL_USED;
    return status;
}

/* NULL: there is none. */
static struct intent *of_key(const struct journal *journal, const char *key)
{
    struct intent *intent = NULL;
    sqlite3_stmt *find;
    if (sqlite3_prepare_v2(journal->database, "SELECT body FROM intents WHERE key = ? ORDER BY id",
                           -1, &find, NULL) != SQLITE_OK)
        return NULL;
    sqlite3_bind_text(find, 1, key, -1, SQLITE_STATIC);
    if (sqlite3_step(find) == SQLITE_ROW)
        intent = intent_thaw(&INVOICE, key, sqlite3_column_blob(find, 0),
                             (size_t)sqlite3_column_bytes(find, 0));
    sqlite3_finalize(find);
    return intent;
}

enum journal_status __wrap_journal_adopt_same(struct journal *journal, const struct intent *wanted,
                                              struct intent **intent, unsigned *attempts)
{
    struct intent *first = of_key(journal, wanted->key);
    if (!first) return __real_journal_adopt_same(journal, wanted, intent, attempts);
    enum journal_status status = __real_journal_adopt_same(journal, first, intent, attempts);
    intent_free(first);
    return status;
}
