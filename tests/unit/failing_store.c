#include "tests/unit/failing_store.h"

#include "mock_server/store/driver.h"

#include <stdatomic.h>

static struct {
    struct store_driver driver;
    atomic_int calls, commits; /* still to come before one fails; far below 0: none will */
    int more;
    atomic_bool struck;
} failing;

static bool strikes(atomic_int *left)
{
    int now = atomic_fetch_sub(left, 1) - 1;
    bool does = now <= 0 && now >= -failing.more;
    if (does) atomic_store(&failing.struck, true);
    return does;
}

static void arm(atomic_int *counted, int nth, int more)
{
    failing.more = more;
    atomic_store(&failing.calls, -1000000);
    atomic_store(&failing.commits, -1000000);
    atomic_store(&failing.struck, false);
    if (nth > 0) atomic_store(counted, nth);
}

void failing_store_arm(int nth, int more)
{
    arm(&failing.calls, nth, more);
}

void failing_store_arm_commits(int nth, int more)
{
    arm(&failing.commits, nth, more);
}

bool failing_store_struck(void)
{
    return atomic_load(&failing.struck);
}

/* A call of the table that fails, or is what SQLite's is. */
#define FAILING(type, failure, name, parameters, arguments)                                        \
    static type name parameters                                                                    \
    {                                                                                              \
        return strikes(&failing.calls) ? (failure) : sqlite_driver.name arguments;                 \
    }
#define FAILING_STATUS(name, parameters, arguments)                                                \
    FAILING(enum store_status, STORE_FAILED, name, parameters, arguments)

FAILING(bool, false, begin, (struct store_session * session), (session))
FAILING(bool, false, savepoint, (struct store_session * session), (session))
FAILING(bool, false, release, (struct store_session * session), (session))
FAILING(bool, false, undo, (struct store_session * session), (session))
FAILING_STATUS(key_find,
               (struct store_session * session, const struct store_key *key, int64_t now,
                struct store_saved *saved),
               (session, key, now, saved))
FAILING_STATUS(key_claim,
               (struct store_session * session, const struct store_key *key,
                const char *fingerprint, const char *request, const struct store_reply *reply),
               (session, key, fingerprint, request, reply))
FAILING_STATUS(key_claim_in_progress,
               (struct store_session * session, const struct store_key *key,
                const char *fingerprint, const char *request,
                const unsigned char owner[STORE_OWNER_SIZE], int64_t lease_until),
               (session, key, fingerprint, request, owner, lease_until))
FAILING_STATUS(key_take_over,
               (struct store_session * session, const struct store_key *key,
                const unsigned char owner[STORE_OWNER_SIZE], int64_t lease_until, int64_t now),
               (session, key, owner, lease_until, now))
FAILING_STATUS(key_complete,
               (struct store_session * session, const struct store_key *key,
                const unsigned char owner[STORE_OWNER_SIZE], const struct store_reply *reply),
               (session, key, owner, reply))
FAILING_STATUS(key_amend,
               (struct store_session * session, const struct store_key *key,
                const struct store_reply *reply),
               (session, key, reply))
FAILING_STATUS(next_id,
               (struct store_session * session, const struct store_collection *collection,
                int64_t first, int64_t *id),
               (session, collection, first, id))
FAILING_STATUS(claim,
               (struct store_session * session, const struct store_collection *collection,
                const struct store_claim *claimed, int64_t id, int64_t *holder),
               (session, collection, claimed, id, holder))
FAILING_STATUS(record_insert,
               (struct store_session * session, const struct store_collection *collection,
                const struct store_record *record),
               (session, collection, record))
FAILING_STATUS(record_find,
               (struct store_session * session, const struct store_collection *collection,
                int64_t id, enum store_age age, char **json, int64_t *merged_into),
               (session, collection, id, age, json, merged_into))
FAILING_STATUS(audit_append, (struct store_session * session, struct store_audit_entry *entry),
               (session, entry))

/* What fails to commit is not committed. */
static bool commit(struct store_session *session)
{
    bool fails = strikes(&failing.calls), fails_here = strikes(&failing.commits);
    return !fails && !fails_here && sqlite_driver.commit(session);
}

static struct store_session *open_writing(struct store *store)
{
    struct store_session *session = sqlite_driver.session_open_writing(store);
    if (session) session->driver = &failing.driver;
    return session;
}

void failing_store_costs_a_batch(bool costs)
{
    failing.driver.costs_a_batch = costs;
}

void failing_store_install(struct store *store)
{
    failing.driver = sqlite_driver;
    failing.driver.session_open_writing = open_writing;
    failing.driver.begin = begin;
    failing.driver.commit = commit;
    failing.driver.savepoint = savepoint;
    failing.driver.release = release;
    failing.driver.undo = undo;
    failing.driver.key_find = key_find;
    failing.driver.key_claim = key_claim;
    failing.driver.key_claim_in_progress = key_claim_in_progress;
    failing.driver.key_take_over = key_take_over;
    failing.driver.key_complete = key_complete;
    failing.driver.key_amend = key_amend;
    failing.driver.next_id = next_id;
    failing.driver.claim = claim;
    failing.driver.record_insert = record_insert;
    failing.driver.record_find = record_find;
    failing.driver.audit_append = audit_append;
    store->driver = &failing.driver;
    failing_store_arm(0, 0);
}
