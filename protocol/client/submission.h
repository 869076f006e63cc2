/* The submission: a pure reducer, (state, event) -> (state, command). No I/O, no clock, no memory.
 * The lock is a state of it. Form, batch and outbox share it. */
#ifndef INVONCE_CLIENT_SUBMISSION_H
#define INVONCE_CLIENT_SUBMISSION_H

#include "protocol/client/outcome.h"
#include "protocol/client/retry.h"

#include <stdbool.h>
#include <stdint.h>

enum submission_state {
    SUBMISSION_EDITING,
    SUBMISSION_LOCKED,    /* pressed; to be checked. Nothing is known of it outside this program */
    SUBMISSION_RECORDING, /* valid, frozen, has its key; not yet in the journal */
    SUBMISSION_RECORDED,  /* durable; the next attempt is due at due_ms */
    SUBMISSION_SENDING,   /* one attempt is on its way */
    SUBMISSION_CREATED,
    SUBMISSION_CONFLICT,
    SUBMISSION_REJECTED,    /* unlocked, with what was wrong */
    SUBMISSION_UNCONFIRMED, /* locked: it may or may not exist */
    SUBMISSION_STATES
};

enum submission_event_type {
    SUBMISSION_PRESSED,      /* Enter, the button, Ctrl-S, a click; in REJECTED a new intent */
    SUBMISSION_INVALID,      /* the check found something */
    SUBMISSION_VALID,        /* the check passed: frozen, and given its key */
    SUBMISSION_UNRECORDABLE, /* the journal refused or failed, so nothing was sent: not the intent
                                (RECORDING) or not this attempt (SENDING) */
    SUBMISSION_JOURNALED,    /* the journal has it on disk */
    SUBMISSION_ADOPTED,      /* an intent out of the journal; from EDITING only */
    SUBMISSION_DUE,          /* due_ms has come */
    SUBMISSION_BEGUN,        /* the journal has the attempt, and says which one it is */
    SUBMISSION_ANSWERED,     /* an attempt ended; `verdict` says how */
    SUBMISSION_TRY_NOW,      /* unconfirmed: the operator asks for another round */
    SUBMISSION_EDITED,       /* rejected or conflict: back to the fields */
    SUBMISSION_RENEWED,      /* created, conflict, rejected or unconfirmed (kept in the outbox): a
                                clean form, a new intent to come */
    SUBMISSION_EVENTS
};

struct submission_event {
    enum submission_event_type type;
    int64_t now_ms;         /* monotonic; in every event but INVALID, VALID, DUE, EDITED, RENEWED */
    enum verdict verdict;   /* ANSWERED */
    bool surely_not_sent;   /* ANSWERED: the request did not leave */
    int64_t retry_after_ms; /* ANSWERED; -1: none */
    uint32_t entropy;       /* ANSWERED, UNRECORDABLE: for the jitter */
    unsigned attempts;      /* ADOPTED, BEGUN: how many the journal counts */
    bool may_exist;         /* BEGUN: an earlier one of them may have reached the server */
    bool held;              /* UNRECORDABLE: its number is another open intent's */
};

/* What the caller is to carry out next, after painting. At most one. Each but DO_SETTLE ends in an
 * event. */
enum submission_command {
    SUBMISSION_DO_NOTHING,
    SUBMISSION_DO_CHECK,  /* -> INVALID or VALID */
    SUBMISSION_DO_RECORD, /* -> UNRECORDABLE or JOURNALED */
    SUBMISSION_DO_WAIT,   /* until due_ms -> DUE */
    SUBMISSION_DO_SEND,   /* one attempt with the intent's key -> ANSWERED */
    SUBMISSION_DO_SETTLE, /* tell the journal how it ended (created, conflict, rejected,
                             unconfirmed) */
};

struct submission {
    enum submission_state state;
    unsigned ignored_presses; /* while locked, for this intent */
    unsigned attempts;        /* with this intent's key, earlier processes' included */
    unsigned tries; /* those of this round (press, adoption, try now): the backoff grows by it */
    bool may_exist; /* an attempt may have reached the server and no answer has come */
    bool replayed;  /* CREATED: by an earlier attempt than the one that was answered */
    bool held;      /* REJECTED: not for itself, but as its number waits for confirmation */
    int64_t pressed_ms;
    int64_t deadline_ms; /* when the retry budget is spent */
    int64_t due_ms;      /* RECORDED: when the next attempt is due */
};

/* One step. An event that means nothing in a state leaves it as it is (a press while locked is
 * counted) and asks for nothing. */
enum submission_command submission_step(struct submission *submission,
                                        const struct retry_policy *policy,
                                        const struct submission_event *event);

/* Whether it has come to one of the four ends. From UNCONFIRMED it may go on all the same. */
bool submission_has_ended(enum submission_state state);

/* True from the press to a real answer, UNCONFIRMED included. */
bool submission_is_locked(const struct submission *submission);

#endif
