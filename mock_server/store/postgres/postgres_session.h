/* PostgreSQL sessions: a connection, what waits to be sent on it, and what is known of the
 * transaction that is open. Only for store/postgres/. */
#ifndef INVONCE_MOCK_SERVER_STORE_POSTGRES_POSTGRES_SESSION_H
#define INVONCE_MOCK_SERVER_STORE_POSTGRES_POSTGRES_SESSION_H

#include "mock_server/store/driver.h"
#include "mock_server/store/postgres/postgres_arrays.h"
#include "mock_server/store/postgres/postgres_statements.h"

#include <libpq-fe.h>
#include <stdatomic.h>

struct postgres_store {
    struct store base;
    char *url;
    char *facts;             /* that the store has of itself; NULL until it is open */
    char *refusal;           /* while it is opened: where to say what is wrong, not in the log */
    unsigned without;        /* a set of enum store_layer */
    atomic_llong not_before; /* no connection is tried until then: monotonic ms */
    atomic_bool told_away;   /* that it can't be reached stands in the log */
    atomic_ullong refused;   /* the hash of why the last connection wasn't made; 0: it was */
    atomic_bool pooled;      /* a pooler lends another connection for each transaction */
};

#define PREPARED_MAX        48
#define SENT_MAX            64
#define STATEMENT_NAME_SIZE 40

/* Where a statement's answer says what became of one request; it lasts until the next one. */
struct answer {
    const PGresult *result;
    int row; /* -1: there is none */
};

struct ask {
    const struct value *values;
    struct answer *answer;
    struct ask *next;
};

/* What one statement is to do when it is sent next. */
struct group {
    struct buffer columns[STATEMENT_VALUES_MAX];
    int count;
    int trusted;               /* of them: taken for done, and nobody waits for the answer */
    struct ask *first, **last; /* of whoever wants to know */
};

/* A tenant that the transaction writes for. */
#define COUNTERS_MAX  32
#define KNOWN_TENANTS 1024
struct counter {
    char *resource; /* "": the audit */
    int64_t last;
    int64_t at_savepoint;
};
struct tenant {
    char *name;
    bool locked;          /* its row is ours until the transaction ends */
    bool since_savepoint; /* only as long as that isn't undone */
    bool changed;
    struct counter counters[COUNTERS_MAX];
    int count;
};

struct batch; /* the parts of a transaction that take turns: postgres_batch.c */

struct postgres_session {
    struct store_session base;
    struct postgres_store *store;
    PGconn *connection; /* NULL: none */
    bool writing;

    bool in_transaction;
    bool begun;     /* and the server knows */
    bool savepoint; /* within a part that can be undone alone */
    bool failed;    /* nothing more is sent until the transaction ends */
    bool careful;   /* nothing is trusted to go well */
    bool warned;    /* the server said something since this was cleared */
    enum store_trouble trouble;

    struct group groups[STATEMENT_COUNT];
    size_t queued; /* bytes in them */
    PGresult *answers[STATEMENT_COUNT];

    struct tenant **tenants; /* of the transaction, in order of their names */
    size_t tenant_count, tenant_room;
    uint64_t known_tenants[KNOWN_TENANTS]; /* hashes of names; 0: none */
    bool relies_on_locks; /* something is queued that goes behind a lock that isn't had yet */

    struct batch *batch;
    struct buffer scratch;

    uint64_t prepared[PREPARED_MAX]; /* hashes of statements that the connection knows; 0: none */
    bool sent_prepares[SENT_MAX];    /* whether each goes behind its preparation */
    size_t sent, received;           /* statements, ever */
    unsigned generation;             /* of their names */
    bool prepares_now;

    char writer[33]; /* in the table of writers */
    int64_t transaction;
};

static inline struct postgres_session *postgres_session_of(struct store_session *session)
{
    return (struct postgres_session *)(void *)session;
}

static inline struct postgres_store *postgres_store_of(struct store *store)
{
    return (struct postgres_store *)(void *)store;
}

/* --- postgres_failures.c --- */

/* Keeps in mind why it failed, and logs it where that says something is wrong. */
void postgres_note_failure(struct postgres_session *session, const PGresult *result);

/* That the server can't be reached: said once until it is back. */
void postgres_note_away(struct postgres_session *session, const char *why);

void postgres_disconnect(struct postgres_session *session);

/* --- postgres_connection.c --- */

/* Connected, or connects. False: it can't be, and `trouble` is STORE_AWAY. */
bool postgres_connect(struct postgres_session *session);
/* The same when the store is opened, with a sentence about what is wrong. */
bool postgres_connect_first(struct postgres_session *session, char message[STORE_MESSAGE_MAX]);

/* --- postgres_wire.c: commands in a row, answers in a row --- */

/* Sends a statement without waiting. `values` NULL: it has none. */
bool postgres_send(struct postgres_session *session, const char *sql, int count, const Oid *types,
                   const char *const *values, const int *lengths);

/* After all that belong together. */
bool postgres_send_end(struct postgres_session *session);

/* The answer to the next one sent; NULL: it failed, and that is noted. Owned by the caller. */
PGresult *postgres_receive(struct postgres_session *session);

/* After the last of those. */
bool postgres_receive_end(struct postgres_session *session);

/* One statement alone, with scalar values by letters as in a statement's types, and texts. NULL:
 * failed. */
PGresult *postgres_query(struct postgres_session *session, const char *sql, const char *types,
                         const struct value *values);

/* The same where no rows are wanted. */
bool postgres_run(struct postgres_session *session, const char *sql);

/* --- postgres_requests.c: requests, gathered by statement --- */

bool postgres_add_request(struct postgres_session *session, enum statement which,
                          const struct value *values);
void postgres_add_ask(struct postgres_session *session, enum statement which, struct ask *ask);

/* What is queued, as a part of something greater. */
bool postgres_send_requests(struct postgres_session *session);
void postgres_receive_requests(struct postgres_session *session);

/* Sends all that is queued, and what locks the tenants that are wanted first, and gives the
 * answers. False: failed. */
bool postgres_flush(struct postgres_session *session);

/* What is queued is not to be sent. */
void postgres_drop_requests(struct postgres_session *session);
void postgres_free_requests(struct postgres_session *session);

/* Columns of an answer; the first are the names. */
const char *answer_text(const struct answer *answer, int column); /* NULL: null */
int64_t answer_number(const struct answer *answer, int column);   /* null: 0 */
char *answer_copy(const struct answer *answer, int column, size_t *length, bool *failed);

/* --- postgres_batch.c: parts that take turns --- */

bool postgres_run_parts(struct store_session *session, size_t count, store_part *run,
                        void *context);

/* Within a part: until what is queued has been answered. False: it failed. */
bool postgres_wait(struct postgres_session *session);

/* Within a part: until no other part that goes on has what these first values of a statement name;
 * then this one has it, until it ends or lets others share it. */
bool postgres_hold(struct postgres_session *session, enum statement which,
                   const struct value *values, int names);
void postgres_share(struct postgres_session *session, enum statement which,
                    const struct value *values, int names);

/* Within a part: no part of this batch has, or had, what they name. */
bool postgres_is_unheld(struct postgres_session *session, enum statement which,
                        const struct value *values, int names);

void postgres_free_batch(struct postgres_session *session);

/* --- postgres_begin.c --- */

/* Sends what begins the transaction, where the server doesn't know yet; *statements to receive. */
bool postgres_send_begin(struct postgres_session *session, int *statements);
void postgres_receive_begin(struct postgres_session *session, int statements);

/* Does so where nothing else is to be sent with it. */
bool postgres_start(struct postgres_session *session);

/* One that the session knows nothing of. */
bool postgres_begin_alone(struct postgres_session *session);

/* --- postgres_tenants.c --- */

/* To be locked with the next that is sent. NULL: out of memory. */
struct tenant *postgres_want_tenant(struct postgres_session *session, const char *name);

/* The counter of a resource of it, "": of the audit. NULL: out of memory, or of places. */
struct counter *postgres_counter(struct tenant *tenant, const char *resource);

/* True when it has a row, as far as is remembered: what is asked for it may go with its lock. */
bool postgres_is_known(struct postgres_session *session, const char *name);
void postgres_forget_known(struct postgres_session *session);

/* Sends what locks those that are wanted and aren't yet; *statements to receive. */
bool postgres_send_locks(struct postgres_session *session, int *statements);
void postgres_receive_locks(struct postgres_session *session, int statements);
bool postgres_all_are_locked(const struct postgres_session *session);

/* Makes rows for those that nothing was written for so far, and locks them. */
bool postgres_add_tenants(struct postgres_session *session);

/* Sends what the counters are now; *statements to receive. */
bool postgres_send_counters(struct postgres_session *session, int *statements);

void postgres_tenants_mark(struct postgres_session *session);   /* a savepoint */
void postgres_tenants_undo(struct postgres_session *session);   /* back to it */
void postgres_tenants_forget(struct postgres_session *session); /* the transaction ended */

/* --- postgres_numbers.c --- */

/* What is asked next for the tenant goes behind its lock. False: failed. */
bool postgres_go_with_lock(struct postgres_session *session, const char *name);

/* Locked, in the transaction that is open. NULL: failed. */
struct tenant *postgres_tenant(struct postgres_session *session, const char *name);

/* What comes after the last number that it gave: from `first`. */
enum store_status postgres_next(struct postgres_session *session, const char *tenant_name,
                                const char *resource, int64_t first, int64_t *number);

/* No record of the collection gets the id, or one before it, any more. */
bool postgres_pass_over(struct postgres_session *session, const struct store_collection *collection,
                        int64_t id);

/* --- postgres_ask.c --- */

/* Has the statement done; false: failed. */
bool postgres_ask(struct postgres_session *session, enum statement which,
                  const struct value *values, struct answer *answer);

/* The same where nothing is to be known of it: before whatever is asked next. */
bool postgres_tell(struct postgres_session *session, enum statement which,
                   const struct value *values);

/* The same for one whose answer has a row, unless another process was quicker, which is rare: then
 * the transaction fails, and trusts nothing when it runs again. */
bool postgres_trust(struct postgres_session *session, enum statement which,
                    const struct value *values);

/* STORE_OK where the answer has a row, else `otherwise`. */
enum store_status postgres_change(struct postgres_session *session, enum statement which,
                                  const struct value *values, enum store_status otherwise);

/* Rows for scalar values, after what is queued; see postgres_query. */
PGresult *postgres_select(struct postgres_session *session, const char *sql, const char *types,
                          const struct value *values);

/* --- postgres_transactions.c --- */

__typeof__(store_begin) postgres_begin;
__typeof__(store_commit) postgres_commit;
__typeof__(store_rollback) postgres_rollback;
__typeof__(store_savepoint) postgres_savepoint;
__typeof__(store_release) postgres_release;
__typeof__(store_undo) postgres_undo;
__typeof__(store_probe) postgres_probe;

/* --- postgres_schema.c --- */

/* Makes the tables where there are none; false with a sentence: they are of another version, or of
 * other layers or partitions, or none may be made. */
bool postgres_make_schema(struct postgres_session *session, const struct store_options *options,
                          char message[STORE_MESSAGE_MAX]);

/* All that the store says of itself, which no other store says; to be freed. NULL: failed. */
char *postgres_facts(struct postgres_session *session);

/* --- the rest of the driver's functions --- */

__typeof__(store_key_find) postgres_key_find;
__typeof__(store_key_claim) postgres_key_claim;
__typeof__(store_key_claim_in_progress) postgres_key_claim_in_progress;
__typeof__(store_key_take_over) postgres_key_take_over;
__typeof__(store_key_complete) postgres_key_complete;
__typeof__(store_key_amend) postgres_key_amend;
__typeof__(store_keys_expire) postgres_keys_expire;
__typeof__(store_next_id) postgres_next_id;
__typeof__(store_claim) postgres_claim;
__typeof__(store_stand) postgres_stand;
__typeof__(store_unclaim) postgres_unclaim;
__typeof__(store_holder) postgres_holder;
__typeof__(store_record_insert) postgres_record_insert;
__typeof__(store_record_change) postgres_record_change;
__typeof__(store_record_move) postgres_record_move;
__typeof__(store_record_merge) postgres_record_merge;
__typeof__(store_record_find) postgres_record_find;
__typeof__(store_record_list) postgres_record_list;
__typeof__(store_text_add) postgres_text_add;
__typeof__(store_text_remove) postgres_text_remove;
__typeof__(store_complete) postgres_complete;
__typeof__(store_standing_list) postgres_standing_list;
__typeof__(store_standing_count) postgres_standing_count;
__typeof__(store_event_insert) postgres_event_insert;
__typeof__(store_event_find) postgres_event_find;
__typeof__(store_audit_append) postgres_audit_append;
__typeof__(store_audit_list) postgres_audit_list;
__typeof__(store_behind_list) postgres_behind_list;
__typeof__(store_mark_move) postgres_mark_move;
__typeof__(store_delivery_add) postgres_delivery_add;
__typeof__(store_deliveries_next) postgres_deliveries_next;
__typeof__(store_deliveries_lease) postgres_deliveries_lease;
__typeof__(store_delivery_done) postgres_delivery_done;
__typeof__(store_delivery_put_off) postgres_delivery_put_off;
__typeof__(store_deliveries_park) postgres_deliveries_park;
__typeof__(store_delivery_list) postgres_delivery_list;
__typeof__(store_delivery_retry) postgres_delivery_retry;
__typeof__(store_delivery_discard) postgres_delivery_discard;
__typeof__(store_deliveries_count) postgres_deliveries_count;

#endif
