/* The course of an attempt once it is known what it asks: delays, the writer, waiting for another,
 * the audit, and back to the exchange with a reply. */
#ifndef INVONCE_MOCK_SERVER_ATTEMPTS_ATTEMPT_COURSE_H
#define INVONCE_MOCK_SERVER_ATTEMPTS_ATTEMPT_COURSE_H

#include "mock_server/attempts/attempt_request.h"
#include "mock_server/engine/create_once.h"
#include "mock_server/engine/waiters.h"
#include "mock_server/engine/writer.h"
#include "mock_server/http/exchange.h"

#include <stdatomic.h>

/* What the writer is asked to do for an attempt. */
enum step { STEP_CLAIM, STEP_CREATE, STEP_SAVE, STEP_AUDIT };

struct attempt {
    struct writer_job job; /* first: a job is its attempt */
    atomic_int holders;    /* the exchange, and an audit entry that is written after the answer */
    struct exchange *exchange;
    struct attempt_request request;
    struct creation creation;
    struct store_audit_entry entry;
    void *entry_text;             /* what the entry borrows, when not from the body; owned */
    char fault[FAULT_NAMES_SIZE]; /* the entry's: it may outlive the exchange */
    struct timer timer;
    struct waiter waiter;
    void (*next)(struct attempt *attempt); /* when the timer is due */
    int64_t wait_until_ms;
    enum step step;
    enum creation_state state;
    bool claimed;  /* the key is ours, and that is on disk */
    bool settled;  /* the outcome and the reply are known */
    bool answered; /* the exchange has its reply; only the audit entry is left */
};

/* A new attempt, held by the exchange as its task; NULL: out of memory. */
struct attempt *attempt_new(struct exchange *exchange);

/* The outcome is known; the reply is in creation.proposal. */
void attempt_settle(struct attempt *attempt, enum outcome outcome);

/* Looks what its key stands for, by what is committed. True: known, and the attempt is settled;
 * false: the writer will find out. */
bool attempt_look_up_key(struct attempt *attempt);

/* Takes it to its end, from an HTTP thread: what is settled is audited and answered, what isn't is
 * created, with the faults of its exchange around the commit. */
void attempt_go_on(struct attempt *attempt);

/* The same for what is settled before anything was done. With `save` the reply is saved under the
 * key. */
void attempt_answer_at_once(struct attempt *attempt, bool save);

#endif
