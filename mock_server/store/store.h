/* The store: what the server keeps, and the unique constraints that decide. One program may run on
 * several kinds of store; nothing here says which. */
#ifndef INVONCE_MOCK_SERVER_STORE_H
#define INVONCE_MOCK_SERVER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_MESSAGE_MAX 512

enum store_status {
    STORE_OK,
    STORE_ABSENT,         /* no such row */
    STORE_TAKEN,          /* the row's own unique constraint: the key, the e-mail, the event */
    STORE_NUMBER_TAKEN,   /* (tenant, year, number) */
    STORE_EXTERNAL_TAKEN, /* (tenant, source, external id) */
    STORE_FAILED,         /* the store itself failed; it was logged */
};

/* Which layers a store was made without, for demonstrations. */
enum store_layer {
    STORE_NO_UNIQUE = 1 << 0,        /* no unique constraint on numbers */
    STORE_NO_IDEMPOTENCY = 1 << 1,   /* keys are ignored */
    STORE_CHECK_THEN_STORE = 1 << 2, /* made for --bug check-then-store: as NO_UNIQUE */
};

struct store;

/* A connection, for one thread at a time. A writing one sees its own transaction, a reading one
 * what was last committed; reading never waits for writing. */
struct store_session;

/* Opens `url` ("sqlite:FILE"), making it where it isn't there, and brings its schema up to date.
 * NULL with a sentence in `message`: can't be opened, is of a newer version, or was made with other
 * layers than `without` (a set of enum store_layer). */
struct store *store_open(const char *url, unsigned without, char message[STORE_MESSAGE_MAX]);

/* After every session is closed: leaves all of it in the one file. */
void store_close(struct store *store);

/* NULL: failed, and logged. */
struct store_session *store_session_open_writing(struct store *store);
struct store_session *store_session_open_reading(struct store *store);
void store_session_close(struct store_session *session);

/* One durable transaction; false: failed, and nothing of it was kept, unless in files that were
 * removed or replaced meanwhile. */
bool store_begin(struct store_session *session);
bool store_commit(struct store_session *session);
void store_rollback(struct store_session *session);

/* A part of the transaction that can be undone alone. False when the whole transaction is lost. */
bool store_savepoint(struct store_session *session);
bool store_release(struct store_session *session);
bool store_undo(struct store_session *session);

/* A read of several statements that see one state. */
bool store_read_begin(struct store_session *session);
void store_read_end(struct store_session *session);

/* Moves what was committed to where it is read fastest, when enough has come together. For the
 * writing session, between two transactions. */
void store_maintain(struct store_session *writing);

/* True when a trivial read works. */
bool store_is_ready(struct store_session *session);

/* True when the last transaction found no room for one of the usual size: the disk is as good as
 * full. */
bool store_is_cramped(const struct store_session *writing);

/* True when the files of the store were found to be removed, replaced or changed by a program of
 * another version: what could be read of it may be gone. The writing session looks whenever a
 * transaction has ended. */
bool store_is_lost(struct store *store);

/* Writes something that changes nothing, in a transaction: its commit tells whether commits work.
 */
bool store_probe(struct store_session *session);

/* --- idempotency keys --- */

struct store_key {
    const char *tenant, *endpoint, *key;
};

#define STORE_OWNER_SIZE 16

/* What stands under a key. Text is owned; store_saved_clear frees it. */
struct store_saved {
    char *fingerprint;
    char *request; /* canonical JSON; NULL once expired */
    int64_t lease_until;
    int status;      /* 0: in progress */
    char *problem;   /* the refusal's problem slug; NULL: created */
    char *record_id; /* NULL: none */
    char *location;
    char *body; /* NULL once expired, and where none was saved */
    size_t body_length;
    int64_t expires_at; /* 0: past its lifetime (or in progress) */
};

void store_saved_clear(struct store_saved *saved);

/* A reply that is saved under a key. Borrowed. */
struct store_reply {
    int status;
    const char *problem, *record_id, *location;
    const char *body; /* NULL: to be had elsewhere */
    size_t body_length;
    int64_t expires_at;
};

/* STORE_OK or STORE_ABSENT. A reply past its lifetime at `now` is left out, whether or not
 * store_keys_expire came by. */
enum store_status store_key_find(struct store_session *session, const struct store_key *key,
                                 int64_t now, struct store_saved *saved);

/* Claims a key that nobody has: completed with `reply`, or in progress for `owner` until
 * `lease_until`. STORE_TAKEN when it is known. */
enum store_status store_key_claim(struct store_session *session, const struct store_key *key,
                                  const char *fingerprint, const char *request,
                                  const struct store_reply *reply);
enum store_status store_key_claim_in_progress(struct store_session *session,
                                              const struct store_key *key, const char *fingerprint,
                                              const char *request,
                                              const unsigned char owner[STORE_OWNER_SIZE],
                                              int64_t lease_until);

/* Takes over a claim whose lease is over at `now`. STORE_ABSENT: there is none. */
enum store_status store_key_take_over(struct store_session *session, const struct store_key *key,
                                      const unsigned char owner[STORE_OWNER_SIZE],
                                      int64_t lease_until, int64_t now);

/* Completes a claim in progress. STORE_ABSENT: it isn't `owner`'s any more. */
enum store_status store_key_complete(struct store_session *session, const struct store_key *key,
                                     const unsigned char owner[STORE_OWNER_SIZE],
                                     const struct store_reply *reply);

/* Puts another reply under a key completed in this same savepoint. */
enum store_status store_key_amend(struct store_session *session, const struct store_key *key,
                                  const struct store_reply *reply);

/* Turns up to `limit` completed keys past their lifetime into tombstones; *count tells how many. */
enum store_status store_keys_expire(struct store_session *session, int64_t now, int limit,
                                    int *count);

/* --- invoices --- */

struct store_invoice {
    const char *tenant;
    int64_t id;
    const char *number, *number_key;
    int year;
    int64_t customer_id;
    const char *external_source, *external_id; /* NULL: none */
    const char *record;
    size_t record_length;
};

/* The id that the tenant's next invoice gets: from 1001, never used before. */
enum store_status store_invoice_next_id(struct store_session *session, const char *tenant,
                                        int64_t *id);
enum store_status store_invoice_insert(struct store_session *session,
                                       const struct store_invoice *invoice);

/* The record, owned by the caller. */
enum store_status store_invoice_by_id(struct store_session *session, const char *tenant, int64_t id,
                                      char **record);
enum store_status store_invoice_by_number(struct store_session *session, const char *tenant,
                                          const char *number_key, int year, int64_t *id,
                                          char **record);
enum store_status store_invoice_by_external(struct store_session *session, const char *tenant,
                                            const char *source, const char *external_id,
                                            int64_t *id, char **record);

/* NULL and 0: any. Newest first, those older than `before` (0: from the newest). */
struct store_invoice_filter {
    const char *tenant;
    const char *number_key;
    int year;
    int64_t customer_id;
    const char *customer_email_key;
    int64_t before;
    int limit;
};

/* Calls `each` for every record. */
enum store_status store_invoice_list(struct store_session *session,
                                     const struct store_invoice_filter *filter,
                                     void (*each)(void *context, int64_t id, const char *record),
                                     void *context);

/* --- customers --- */

struct store_customer {
    const char *tenant;
    int64_t id;
    const char *email, *email_key;
    const char *name, *name_key, *phone; /* NULL: none */
    int64_t created_at;
    const char *created_by;
};

enum store_status store_customer_next_id(struct store_session *session, const char *tenant,
                                         int64_t *id);
enum store_status store_customer_insert(struct store_session *session,
                                        const struct store_customer *customer);
enum store_status store_customer_id_by_email(struct store_session *session, const char *tenant,
                                             const char *email_key, int64_t *id);

/* Sets the name and the phone where they aren't NULL. */
enum store_status store_customer_update(struct store_session *session,
                                        const struct store_customer *customer);

/* Calls `each` with a customer whose text lasts for the call: by id, or those whose e-mail or name
 * starts with `prefix` (as compared), by e-mail. */
typedef void store_customer_each(void *context, const struct store_customer *customer);
enum store_status store_customer_by_id(struct store_session *session, const char *tenant,
                                       int64_t id, store_customer_each *each, void *context);
enum store_status store_customer_list(struct store_session *session, const char *tenant,
                                      const char *prefix, int limit, store_customer_each *each,
                                      void *context);

/* --- payments and the events that bring them --- */

struct store_payment {
    const char *tenant;
    int64_t id;
    const char *provider, *event_id;
    int64_t invoice_id;
    const char *amount, *currency, *paid_at;
    int64_t created_at;
};

struct store_event {
    const char *tenant, *provider, *event_id, *type, *fingerprint;
    int64_t payment_id; /* 0: of a type that is ignored */
    int64_t created_at;
};

enum store_status store_payment_next_id(struct store_session *session, const char *tenant,
                                        int64_t *id);

/* STORE_TAKEN: delivered before. */
enum store_status store_event_insert(struct store_session *session,
                                     const struct store_event *event);
enum store_status store_payment_insert(struct store_session *session,
                                       const struct store_payment *payment);

/* What an event left: its fingerprint (owned by the caller) and its payment, 0: none. */
enum store_status store_event_find(struct store_session *session, const char *tenant,
                                   const char *provider, const char *event_id, char **fingerprint,
                                   int64_t *payment_id);

typedef void store_payment_each(void *context, const struct store_payment *payment);
enum store_status store_payment_by_id(struct store_session *session, const char *tenant, int64_t id,
                                      store_payment_each *each, void *context);

/* --- audit --- */

struct store_audit_entry {
    const char *tenant;
    int64_t seq;
    int64_t at;
    const char *request_id, *user, *endpoint;
    const char *key, *number; /* NULL: none, as all below but outcome and status */
    int year;                 /* 0: none */
    const char *external_source, *external_id;
    const char *outcome;
    const char *invoice_id;
    int status;
    const char *fault; /* what was done to it on purpose; NULL: nothing */
};

/* Appends with the tenant's next seq, which it sets. */
enum store_status store_audit_append(struct store_session *session,
                                     struct store_audit_entry *entry);

/* Entries after `after`, oldest first; their text lasts for the call. */
typedef void store_audit_each(void *context, const struct store_audit_entry *entry);
enum store_status store_audit_list(struct store_session *session, const char *tenant, int64_t after,
                                   int limit, store_audit_each *each, void *context);

#endif
