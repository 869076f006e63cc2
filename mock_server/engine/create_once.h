/* The engine: what a key stands for happens once. It knows tenants, endpoints, keys, fingerprints
 * and functions that create; it knows no invoice. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_CREATE_ONCE_H
#define INVONCE_MOCK_SERVER_ENGINE_CREATE_ONCE_H

#include "mock_server/engine/outcome.h"
#include "mock_server/engine/reply.h"
#include "mock_server/store/store.h"
#include "protocol/wire/fingerprint.h"
#include "protocol/wire/resource.h"
#include "protocol/wire/violations.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stdint.h>

#define RECORD_ID_SIZE 32

/* A request to create, as a creator reads it. All of it lasts as long as what is made of it. */
struct creator_request {
    struct json *body;
    const char *tenant, *user;
    const char *parameter;   /* the path's variable segment, NULL: none */
    const char *fingerprint; /* of the body */
};

/* What a create answers. */
struct proposal {
    struct reply reply;
    char record_id[RECORD_ID_SIZE]; /* created, or what stood in the way; "": none */
    const char *problem;            /* the slug of a refusal to be saved, static; NULL: created */
    bool reply_is_record;           /* the body is kept with the record: see recall */
    char parent_id[RECORD_ID_SIZE]; /* what that is listed under, for the audit; "": untold */
};

/* What an endpoint brings to have its records created once. */
struct creator {
    const struct resource *resource; /* what it makes */
    const char
        *parameter; /* what the audit calls the path's variable segment; NULL: there is none */

    /* Reads and checks a body, on an HTTP thread: everything wrong is in `violations`. The subject
     * is what the rest works on; NULL when there are violations or no memory. */
    void *(*read)(const struct creator *creator, const struct creator_request *request,
                  struct violations *violations);
    void (*release)(void *subject);

    /* Inside the transaction, before the key is claimed: what the reply will be if nothing stands
     * in the way. Changes nothing. NULL where no key is claimed. False: failed. */
    bool (*propose)(void *subject, struct store_session *session, int64_t now,
                    struct proposal *proposal);

    /* Then creates. The unique constraints decide: OUTCOME_REJECTED_CONFLICT with the refusal in
     * the proposal's place when they stand in the way. OUTCOME_FAILED undoes all of it. */
    enum outcome (*carry_out)(void *subject, struct store_session *session, int64_t now,
                              struct proposal *proposal);

    /* The body of a reply that was the record, as it was created (NULL: not asked for), and where
     * the record is that stands for it now (NULL: it does itself); both the caller's. False:
     * failed. Needed where a proposal's reply_is_record is set, so that it isn't kept twice. */
    bool (*recall)(const struct creator *creator, struct store_session *session, const char *tenant,
                   const char *record_id, char **body, char **canonical);

    /* Makes the reply for a key past its lifetime from what its tombstone knows: the record in its
     * first form, or the refusal again. NULL where no key is claimed. */
    bool (*revive)(const struct creator *creator, struct store_session *session, const char *tenant,
                   const char *problem, const char *record_id, struct reply *reply);

    /* Whether a unique constraint stands in the way by now, with the refusal in the proposal: for a
     * key policy that relies on a look. NULL: none ever does. */
    bool (*look)(void *subject, struct store_session *session, struct proposal *proposal);
};

/* One create on its way. */
struct creation {
    const char *tenant;   /* of the caller */
    const char *endpoint; /* "POST /v1/invoices" */
    const char *key;      /* NULL: this route claims none, or keys are off */
    char fingerprint[FINGERPRINT_TEXT_SIZE];
    const char *request; /* canonical JSON of the body */
    struct json *body;
    const struct creator *creator;
    void *subject;

    bool claimed; /* the key is in progress, and ours as long as `owner` is in its row */
    unsigned char owner[STORE_OWNER_SIZE];

    /* Once settled: */
    enum outcome outcome;
    struct proposal proposal;
    int64_t expires_at; /* of a saved reply that was given again; 0: of none */
};

enum creation_state {
    CREATION_SETTLED, /* outcome and proposal.reply tell */
    CREATION_UNKNOWN, /* create_once_look: nobody has this key */
    CREATION_CLAIMED, /* create_once_claim: now ours, in progress */
    CREATION_BUSY,    /* in progress elsewhere */
    CREATION_FAILED,  /* the store or the memory; nothing is to be kept */
};

/* Reads what is known of the key, from any session. */
enum creation_state create_once_look(struct creation *creation, struct store_session *session,
                                     int64_t now);

/* Claims the key as in progress, for a create that takes time. In the writer's transaction, as are
 * the rest. */
enum creation_state create_once_claim(struct creation *creation, struct store_session *session,
                                      int64_t now);

/* Creates, once: claims the key (or completes the claim that is still ours), carries out, saves the
 * reply; or finds what was saved. */
enum creation_state create_once(struct creation *creation, struct store_session *session,
                                int64_t now);

/* Saves the reply that is in the proposal, whatever it is, though nothing was carried out. */
enum creation_state create_once_save(struct creation *creation, struct store_session *session,
                                     int64_t now);

/* Clears what was settled, so that it can be tried again. */
void creation_reset(struct creation *creation);

#endif
