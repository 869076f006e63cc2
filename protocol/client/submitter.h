/* The submitter: carries one submission through check, journal and courier. One for a form, one for
 * each record of a batch or intent of the outbox; they share a journal and a courier. */
#ifndef INVONCE_CLIENT_SUBMITTER_H
#define INVONCE_CLIENT_SUBMITTER_H

#include "protocol/client/courier/courier.h"
#include "protocol/client/intent.h"
#include "protocol/client/journal/journal.h"
#include "protocol/client/submission.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stdint.h>

/* Both outlive the submitters that use them. */
struct submitter_context {
    struct journal *journal;
    struct courier *courier;
    struct retry_policy retry;
    bool asks_whose;        /* before a byte is sent the server is asked whose the token is, unless
                               journal_identify was told: it may have become another tenant's */
    bool keeps_connections; /* a first attempt may go over one that stands; a retry never does */
};

struct submitter;

/* Gives the request body at the moment of the check (new reference; NULL: out of memory). Never
 * called for an intent out of the journal. */
typedef struct json *submitter_compose(void *form);

struct submitter *submitter_new(const struct submitter_context *context,
                                const struct resource *kind, submitter_compose *compose,
                                void *form);

/* An attempt under way is cut; the journal keeps the intent for whoever takes it up. */
void submitter_free(struct submitter *submitter);

/* Locks, or counts while locked. Does no I/O: what follows is done by submitter_advance. */
void submitter_press(struct submitter *submitter, int64_t now_ms);

/* Takes up an intent from the journal (owned from here on). From EDITING only. */
void submitter_adopt(struct submitter *submitter, struct intent *intent, unsigned attempts,
                     int64_t now_ms);

/* Submits an intent that was checked and frozen elsewhere (owned from here on), as if it were
 * pressed now. From EDITING only. */
void submitter_take(struct submitter *submitter, struct intent *intent, int64_t now_ms);

/* The intent that is to be recorded next, NULL: none. submitter_advance does so by itself, unless
 * somebody has recorded it with others and says here how that went: JOURNAL_HELD and JOURNAL_FAILED
 * reject it. */
const struct intent *submitter_to_record(const struct submitter *submitter);
void submitter_recorded(struct submitter *submitter, enum journal_status status, int64_t now_ms);

void submitter_try_now(struct submitter *submitter, int64_t now_ms);
void submitter_edit(struct submitter *submitter);  /* back to the fields */
void submitter_renew(struct submitter *submitter); /* a clean start */

/* Carries out at most one thing that is due: the check, the journal, the next attempt, the
 * settlement. True when something changed that a screen should show. To be called after each paint.
 */
bool submitter_advance(struct submitter *submitter, int64_t now_ms);

/* An attempt has ended, and submitter_advance would only write down how. */
bool submitter_is_answered(const struct submitter *submitter);

/* When submitter_advance wants to be called next: a monotonic time, 0 (at once) or
 * INT64_MAX (when the courier or the operator has done something). */
int64_t submitter_due_ms(const struct submitter *submitter);

/* Everything there is to show. Borrowed, until the next call that changes it. */
struct submitter_view {
    struct submission submission;
    const struct intent *intent;         /* NULL before the check passed */
    const struct violations *violations; /* REJECTED: by our check or by the server; may be empty */
    const struct json *record;           /* CREATED */
    const struct json *problem;          /* CONFLICT, REJECTED: the server's; else NULL */
    const char *why;   /* of the last attempt, or the journal's sentence where that failed; "" */
    int64_t locked_ms; /* since when it waits for a journal that is locked; 0: it doesn't */
};
struct submitter_view submitter_view(const struct submitter *submitter);

#endif
