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
    STORE_ABSENT, /* no such row */
    STORE_TAKEN,  /* a unique constraint: the key, the claim, the event */
    STORE_FAILED, /* the store itself failed; it was logged */
};

/* Which layers a store was made without, for demonstrations. */
enum store_layer {
    STORE_NO_UNIQUE = 1 << 0,      /* claims nothing, but firmly */
    STORE_NO_IDEMPOTENCY = 1 << 1, /* keys are ignored */
};

/* What a store is made with. */
struct store_options {
    unsigned without; /* a set of enum store_layer */
    int partitions;   /* by tenant; 0: none, or as many as it has */
    bool exists;      /* in a database that has none none is made */
};

struct store;

/* A connection, for one thread at a time. A writing one sees its own transaction, a reading one
 * what was last committed; reading never waits for writing. */
struct store_session;

/* Opens `url` (its scheme says which kind: sqlite:FILE, or postgresql://... as libpq reads it),
 * making the store where it isn't there, and brings its schema up to date. NULL with a sentence in
 * `message`: no such kind, can't be opened, is of a newer version, or was made with other options.
 */
struct store *store_open(const char *url, const struct store_options *options,
                         char message[STORE_MESSAGE_MAX]);

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

/* Runs part 0 to count-1 of the transaction; it comes out as if they had run one after the other,
 * but a store that is far away may let others go on while one waits for its answer. A part returns
 * false to have all of it undone. False: one did, or the store failed. */
typedef bool store_part(void *context, size_t part);
bool store_run_parts(struct store_session *session, size_t count, store_part *run, void *context);

/* Why the last transaction, or the last reading outside of one, failed. */
enum store_trouble {
    STORE_NO_TROUBLE, /* it didn't, or not for the store's sake */
    STORE_BROKEN,     /* logged */
    STORE_AGAIN,      /* it was undone to let others by: the same again may go well */
    STORE_AWAY,       /* it can't be reached, or another program keeps it: nothing was kept */
    STORE_UNSURE,     /* nor whether the transaction was committed */
};
enum store_trouble store_trouble(const struct store_session *session);

/* A part of the transaction that can be undone alone. False when the whole transaction is lost. */
bool store_savepoint(struct store_session *session);
bool store_release(struct store_session *session);
bool store_undo(struct store_session *session);

/* Moves what was committed to where it is read fastest, when enough has come together. For the
 * writing session, between two transactions. */
void store_maintain(struct store_session *writing);

/* True when a trivial read works. */
bool store_is_ready(struct store_session *session);

/* True when the last transaction found no room for one of the usual size: the disk is as good as
 * full. */
bool store_is_cramped(const struct store_session *writing);

/* True when a transaction costs about as much as all that is done in it: better few great ones. */
bool store_costs_a_batch(const struct store_session *writing);

/* True when the files of the store were found to be removed, replaced or changed by a program of
 * another version: what could be read of it may be gone. The writing session looks whenever a
 * transaction has ended. */
bool store_is_lost(struct store *store);

/* For a reading session: a number that stays as long as nobody else writes to the store, and none
 * of its own sessions merges records. What was read after one was given holds as long as it is
 * given again. 0: it can't be told without a reading. */
uint64_t store_generation(struct store_session *reading);

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

/* --- records --- */

/* A tenant's records of one resource. */
struct store_collection {
    const char *tenant, *resource;
};

/* What is unique in a collection: no two records hold one value of a rule. A value made of parts
 * has STORE_PART_END behind each, so that it can be looked up by those it begins with. A firm claim
 * is made in a store without unique constraints, too: what is to be reused is found by it. */
#define STORE_PART_END "\x1f"

struct store_claim {
    const char *rule, *value;
    bool firm;
};

/* An id for a record that is to be inserted in the same transaction: from `first`, after all that
 * the collection has. One that isn't used may be given again. */
enum store_status store_next_id(struct store_session *session,
                                const struct store_collection *collection, int64_t first,
                                int64_t *id);

/* Claims for a record that is to be inserted in the same transaction. STORE_TAKEN: *holder has it,
 * or one that stands in its way (0: it was given up meanwhile). */
enum store_status store_claim(struct store_session *session,
                              const struct store_collection *collection,
                              const struct store_claim *claim, int64_t id, int64_t *holder);

/* Lets the record have the value beside the one that claimed it: it stands in the rule's way. */
enum store_status store_stand(struct store_session *session,
                              const struct store_collection *collection,
                              const struct store_claim *claim, int64_t id);

/* Gives up what the record claimed, or where it stood. */
enum store_status store_unclaim(struct store_session *session,
                                const struct store_collection *collection,
                                const struct store_claim *claim, int64_t id);

/* Who claimed it, or else the oldest record that stands in its way; and the id of the record that
 * this is merged into (0: none), NULL: not asked for. */
enum store_status store_holder(struct store_session *session,
                               const struct store_collection *collection,
                               const struct store_claim *claim, int64_t *id, int64_t *merged_into);

struct store_record {
    int64_t id;
    int64_t parent; /* id of the record of another collection that it is listed under; 0: none */
    int period;     /* that it is listed by, such as a year; 0: none */
    const char *json;
    size_t length;
};

enum store_status store_record_insert(struct store_session *session,
                                      const struct store_collection *collection,
                                      const struct store_record *record);

/* Changes to a record; STORE_ABSENT: there is none. Another JSON than it was created with, NULL:
 * that one; another parent; and the record of its collection that it is merged into, which stands
 * for it from now on (0: none). */
enum store_status store_record_change(struct store_session *session,
                                      const struct store_collection *collection, int64_t id,
                                      const char *json);
enum store_status store_record_move(struct store_session *session,
                                    const struct store_collection *collection, int64_t id,
                                    int64_t parent);
enum store_status store_record_merge(struct store_session *session,
                                     const struct store_collection *collection, int64_t id,
                                     int64_t into);

/* Its JSON, owned by the caller: as it is now, or as it was created; and the id of the record that
 * it is merged into (0: none). Either may be NULL: not asked for. */
enum store_age { STORE_NOW, STORE_CREATED };
enum store_status store_record_find(struct store_session *session,
                                    const struct store_collection *collection, int64_t id,
                                    enum store_age age, char **json, int64_t *merged_into);

/* Records as they are now. */
typedef void store_record_each(void *context, int64_t id, const char *json);

enum store_merged { STORE_UNMERGED, STORE_MERGED, STORE_EITHER };

/* NULL and 0: any. Newest first, those older than `before` (0: from the newest). */
struct store_filter {
    struct store_collection collection;
    const char *rule, *beginning; /* holds a value of the rule that begins so; where merged ones are
                                     wanted, those merged into one that does, too */
    enum store_merged merged;
    int64_t merged_into; /* of STORE_MERGED: into that one */
    int64_t parent;
    int period;
    int64_t before;
    int limit;
};

enum store_status store_record_list(struct store_session *session,
                                    const struct store_filter *filter, store_record_each *each,
                                    void *context);

/* A text that a record can be completed from, of which it has STORE_TEXTS at most; it is listed by
 * `order`. */
#define STORE_TEXTS 2
struct store_text {
    int which;
    const char *text, *order;
};

enum store_status store_text_add(struct store_session *session,
                                 const struct store_collection *collection,
                                 const struct store_text *text, int64_t id);
enum store_status store_text_remove(struct store_session *session,
                                    const struct store_collection *collection,
                                    const struct store_text *text, int64_t id);

/* The records one of whose texts begins with `prefix`, in their order. */
enum store_status store_complete(struct store_session *session,
                                 const struct store_collection *collection, const char *prefix,
                                 enum store_merged merged, int limit, store_record_each *each,
                                 void *context);

/* What stands in a rule's way. */
struct store_standing {
    struct store_collection collection;
    const char *rule, *value;
    int64_t holder; /* who claimed it; 0: nobody */
    int64_t record;
};

/* Each record that does so, by collection, rule, value and record, up to `limit`: of a tenant, of
 * one resource (NULL: of all), from the one after `after` (NULL: from the first). */
typedef void store_standing_each(void *context, const struct store_standing *standing);
enum store_status store_standing_list(struct store_session *session,
                                      const struct store_standing *after, const char *tenant,
                                      const char *resource, int limit, store_standing_each *each,
                                      void *context);

/* How many values have such records. */
enum store_status store_standing_count(struct store_session *session, const char *tenant,
                                       int64_t *groups);

/* --- events from elsewhere, and what came of them --- */

struct store_event {
    const char *tenant, *source, *event_id, *type, *fingerprint;
    int64_t record_id; /* 0: none */
    int64_t created_at;
};

/* STORE_TAKEN: delivered before. */
enum store_status store_event_insert(struct store_session *session,
                                     const struct store_event *event);

/* What an event left: its fingerprint (owned by the caller) and its record, 0: none. */
enum store_status store_event_find(struct store_session *session, const struct store_event *event,
                                   char **fingerprint, int64_t *record_id);

/* --- audit --- */

/* What was sent of what is unique by a rule, for people to read: "number", "external_ref.id". */
#define STORE_VALUES_MAX 4
struct store_value {
    const char *name; /* NULL: no more values */
    const char *text; /* NULL: it is the number */
    int64_t number;
};

struct store_audit_entry {
    const char *tenant;
    int64_t seq;
    int64_t at;
    const char *request_id, *user, *endpoint;
    const char *key;      /* NULL: none, as all below but outcome and status */
    const char *resource; /* that it is about */
    const char *record_id;
    const char *parent_id; /* of the record that its record is listed under */
    struct store_value unique[STORE_VALUES_MAX];
    const char *outcome;
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

/* --- deliveries: audit entries on their way to somebody else --- */

/* The tenants that have entries after their mark, up to which the audit was looked through;
 * STORE_NO_MARK: it never was. */
#define STORE_NO_MARK (-1)
typedef void store_behind_each(void *context, const char *tenant, int64_t mark);
enum store_status store_behind_list(struct store_session *session, int limit,
                                    store_behind_each *each, void *context);

/* STORE_ABSENT: the mark isn't at `from` any more. */
enum store_status store_mark_move(struct store_session *session, const char *tenant, int64_t from,
                                  int64_t to);

struct store_delivery {
    const char *tenant;
    int64_t seq; /* of the audit entry */
    const char *event_id, *type, *resource, *record_id;
    const char *data;    /* NULL: the record's JSON as it was created */
    int64_t at;          /* the entry's */
    int64_t since;       /* tried since then */
    int64_t attempts;    /* that failed */
    int64_t next_at;     /* when it is due; while it is leased, when the lease ends; 0: parked */
    bool is_leased;      /* or was, when its lease ended */
    const char *trouble; /* what came of the last attempt; NULL: nothing */
};

/* In the transaction that moves the mark over its entry. */
enum store_status store_delivery_add(struct store_session *session,
                                     const struct store_delivery *delivery);

/* When the next one is due, parked ones aside; 0: there is none. */
enum store_status store_deliveries_next(struct store_session *session, int64_t *next_at);

typedef void store_delivery_each(void *context, const struct store_delivery *delivery);

/* Leases those that are due at `now`, longest due first. One is due only when no earlier one of its
 * record is left. */
struct store_lease {
    unsigned char owner[STORE_OWNER_SIZE];
    int64_t now, until;
};
enum store_status store_deliveries_lease(struct store_session *session,
                                         const struct store_lease *lease, int limit,
                                         store_delivery_each *each, void *context);

/* Gives a lease up: the delivery is done and goes, or goes on with these attempts, next_at and
 * trouble. Nothing changes where it is another's lease by now. */
enum store_status store_delivery_done(struct store_session *session,
                                      const struct store_delivery *delivery,
                                      const unsigned char owner[STORE_OWNER_SIZE]);
enum store_status store_delivery_put_off(struct store_session *session,
                                         const struct store_delivery *delivery,
                                         const unsigned char owner[STORE_OWNER_SIZE]);

/* Parks those that are due at `now` and were tried since `since` or longer. */
enum store_status store_deliveries_park(struct store_session *session, int64_t now, int64_t since,
                                        const char *trouble, int64_t *count);

/* A tenant's, after `seq`: the one of an event, or all. */
struct store_delivery_filter {
    const char *tenant, *event_id; /* event_id NULL: any */
    bool only_parked;
    int64_t after; /* this seq */
    int limit;
};
enum store_status store_delivery_list(struct store_session *session,
                                      const struct store_delivery_filter *filter,
                                      store_delivery_each *each, void *context);

/* Makes it due at `now`, tried since then; or removes it. STORE_ABSENT: there is none, or it is
 * leased at `now`. */
enum store_status store_delivery_retry(struct store_session *session, const char *tenant,
                                       int64_t seq, int64_t now);
enum store_status store_delivery_discard(struct store_session *session, const char *tenant,
                                         int64_t seq, int64_t now);

/* Of all tenants. */
struct store_delivery_counts {
    int64_t waiting, parked;
    int64_t oldest; /* the earliest `at` of those that wait; 0: none does */
};
enum store_status store_deliveries_count(struct store_session *session,
                                         struct store_delivery_counts *counts);

#endif
