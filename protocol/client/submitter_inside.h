/* What a submitter's own files share. */
#ifndef INVONCE_CLIENT_SUBMITTER_INSIDE_H
#define INVONCE_CLIENT_SUBMITTER_INSIDE_H

#include "protocol/client/outcome.h"
#include "protocol/client/submitter.h"

struct submitter {
    struct submitter_context context;
    const struct resource *kind;
    submitter_compose *compose;
    void *form;
    struct submission submission;
    enum submission_command next; /* what the last step asked for and isn't done yet */
    int64_t again_ms;             /* not before: the journal failed, or was locked … */
    int64_t locked_ms;            /* … since then; 0: not so */
    struct intent *intent;
    bool begun;                /* the journal has the next attempt's beginning already */
    struct courier_call *call; /* SENDING: the attempt under way */
    bool answered;             /* SENDING: it ended; how, is in what follows */
    int64_t answered_ms;       /* … since when the journal is asked to take it; 0: not yet */
    bool unnoted;              /* … and the journal hasn't noted it */
    bool surely_not_sent;
    enum reply_fate fate;
    int http_status;
    struct outcome outcome;
    struct violations violations;
    char why[JOURNAL_SENTENCE_MAX];
};

void submitter_say(struct submitter *submitter, const char *why);
void submitter_clear_answer(struct submitter *submitter);

/* A step of its submission; what that asks for is done next. */
void submitter_step(struct submitter *submitter, const struct submission_event *event);
void submitter_simple_step(struct submitter *submitter, enum submission_event_type type,
                           int64_t now_ms);

/* For a pause of random length. */
uint32_t submitter_entropy(int64_t now_ms);

/* There is time for another attempt. */
bool submitter_is_in_time(const struct submitter *submitter, int64_t now_ms);

/* The journal is locked: what is to be done is done a little later. False: nothing has changed. */
bool submitter_wait_for_journal(struct submitter *submitter, int64_t now_ms);

/* Commands, and what an attempt's end asks for. As submitter_advance, true when something changed.
 */
bool submitter_record(struct submitter *submitter, int64_t now_ms);
bool submitter_send(struct submitter *submitter, int64_t now_ms);
bool submitter_take_answer(struct submitter *submitter, int64_t now_ms);
void submitter_settle(struct submitter *submitter, int64_t now_ms);

#endif
