/* What a run left behind, gathered as rows of one SQLite database of its own, to be judged by
 * queries (checker.h): what people meant, what they were told, what clients wrote down, what
 * servers wrote down, and what there is. Any number of stores, journals and raw clients; dies where
 * something can't be read. Not for several threads at once. */
#ifndef INVONCE_TESTS_LAB_EVIDENCE_H
#define INVONCE_TESTS_LAB_EVIDENCE_H

#include "protocol/wire/json.h"

#include <sqlite3.h>

struct evidence;

struct evidence *evidence_new(void);
void evidence_free(struct evidence *evidence);

/* Somebody meant this once: `client` is whoever has a journal of their own, `subject` what a person
 * calls it by (an invoice's number; of a payment the paid one's), `body` what they meant, as JSON:
 * its members stand in the record. */
void evidence_meant(struct evidence *evidence, const char *client, const char *tenant,
                    const char *subject, const char *body);

/* A provider, whose path is /v1/webhooks/bank, means what its event tells of. */
void evidence_meant_payment(struct evidence *evidence, const char *client, const char *tenant,
                            const char *subject, const char *event);

/* It is that user of the tenant; one client may be several. */
void evidence_acts(struct evidence *evidence, const char *client, const char *actor);

/* They were told so: by a screen, a line of JSON, or a reply. */
struct evidence_telling {
    const char *client, *subject;
    const char *said;   /* created, replayed, conflict, rejected, unconfirmed */
    const char *record; /* the id that was named: of what was created, or is in the way; or NULL */
    const struct json *shown; /* that record, where it is told of whole; or NULL */
};
void evidence_told(struct evidence *evidence, const struct evidence_telling *telling);

/* A program ended with that code, having told `worst` at worst; NULL: nothing. */
void evidence_exit(struct evidence *evidence, const char *client, int code, const char *worst);

/* What a client without a journal keeps: requests under one key, so many sent, so many of them
 * answered whole, and what it takes for their outcome (a journal's word: created, conflict,
 * rejected, unconfirmed), with the record that the answer named. */
struct evidence_sending {
    const char *client, *tenant, *key, *subject, *body;
    int sent, answered;
    const char *state, *record;
};
void evidence_sent(struct evidence *evidence, const struct evidence_sending *sending);

/* A whole reply that made something, or found it made, and that came from the server itself. */
struct evidence_reply {
    const char *tenant, *key;
    int status; /* 0: it may differ, as keys expire there */
    const char *body;
};
void evidence_replied(struct evidence *evidence, const struct evidence_reply *reply);

/* What stood between a client and its server saw a request, and sent it so many times more; or kept
 * it, and answered in the server's place. */
struct evidence_passage {
    const char *tenant, *key, *body;
    int copies;
    bool is_kept;
};
void evidence_seen(struct evidence *evidence, const struct evidence_passage *passage);

/* A server was killed: of what it had answered last, other than by creating, the audit may know
 * nothing, as such an answer doesn't wait for its entry. */
void evidence_killed(struct evidence *evidence, const char *server);

/* A receiver took an event, which has that record in it. */
struct evidence_event {
    const char *tenant, *event_id;
    const struct json *data;
};
void evidence_event(struct evidence *evidence, const struct evidence_event *event);

/* A journal's intents and attempts. `tenant` is whose they are where the journal doesn't know. */
void evidence_take_journal(struct evidence *evidence, const char *client, const char *tenant,
                           const char *path);

/* The whole audit that a token sees. */
void evidence_take_audit(struct evidence *evidence, const char *url, const char *token,
                         const char *tenant);

/* A store's records, keys in progress, and what is still to be delivered; `place` is as in
 * support/rows.h. */
void evidence_take_store(struct evidence *evidence, const char *place);

/* The rows themselves. Tables: inputs, actors, told, exits, intents, audit, records, replies,
 * in_progress, deliveries, seen, events, kills; see evidence.c. */
sqlite3 *evidence_database(const struct evidence *evidence);

/* The integer in the first column of the only row. */
long long evidence_number(const struct evidence *evidence, const char *query);

#endif
