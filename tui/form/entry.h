/* Entering invoices, one after the other: the form, what becomes of what was pressed, and what goes
 * on beside it. No screen in it: app paints it, plain asks and tells it line by line. */
#ifndef INVONCE_TUI_ENTRY_H
#define INVONCE_TUI_ENTRY_H

#include "protocol/client/courier/courier.h"
#include "protocol/client/identity.h"
#include "protocol/client/journal/journal.h"
#include "protocol/client/retry.h"
#include "protocol/client/submitter.h"
#include "protocol/wire/resource.h"
#include "tui/form/actions.h"
#include "tui/form/customers.h"
#include "tui/form/draft.h"
#include "tui/form/form.h"
#include "tui/form/habits.h"
#include "tui/form/history.h"
#include "tui/form/resume.h"
#include "tui/form/waiting.h"
#include "tui/words/first_steps.h"

#include <stdbool.h>
#include <stdint.h>

struct entry;

/* What goes otherwise than it should, planted by a demonstration. */
struct entry_mistake {
    void *self;
    /* The lock is not shown, and stops no key. */
    bool (*opens_lock)(void *self, const struct entry *entry);
    /* Before a press is given to the submission. */
    void (*on_press)(void *self, struct entry *entry);
    /* True when another submission has taken the place of the one there was. */
    bool (*advance)(void *self, struct entry *entry, int64_t now_ms);
    int64_t (*due_ms)(void *self, const struct entry *entry);
    void (*stop)(void *self);
};

/* All borrowed until entry_leave returns. */
struct entry_options {
    const struct resource *resource; /* what is entered */
    struct courier_options courier;  /* the server, and the token for it */
    const char *journal_server;      /* the origin that the journal knows it by; NULL: that one */
    const char *journal_path;
    int64_t history_ms; /* how long the journal keeps what is settled; 0: for good */
    struct retry_policy retry;
    const struct values *prefill; /* NULL: a clean form */
    bool recover;                 /* a draft that was left behind is taken up, not offered */
    bool plain;                   /* asked line by line: nothing changes behind a question */
    bool forgets;                 /* the journal goes with the program: nothing is promised of it */
    const struct entry_mistake *mistake; /* NULL: none */
};

struct entry {
    const struct entry_options *options;
    struct form form;
    struct history history; /* of the form */
    struct submitter_context context;
    struct submitter *submitter;
    struct identity identity;
    struct resume resume;
    struct waiting waiting;
    struct draft draft;
    struct habits habits;
    struct customers customers;

    bool seen_locked;
    enum submission_state seen; /* what the form was last brought in line with */
    struct record record;       /* CREATED: ours; CONFLICT: the original; if readable */
    bool has_record;
    struct document typed;              /* CONFLICT: what was refused */
    char *last_number;                  /* of the invoice created last; NULL: none yet */
    char refused[IDEMPOTENCY_KEY_SIZE]; /* of what was refused in the form, or taken back into it,
                                           until the journal knows that it was seen; "": none */
    unsigned late_presses;              /* of Enter, read when the lock was open again */
    int64_t judge_ms; /* when the number is to be judged; INT64_MAX: it is as last judged */

    bool came_up;     /* a view has, or the form has opened, by itself: not shown yet */
    bool cleaned;     /* the form was, and that hasn't been taken note of yet */
    bool dirty;       /* what is shown isn't right any more */
    const char *said; /* of the last key; NULL: nothing */
    bool journal_open, seen_journal_locked;
    int64_t journal_ms;                /* when it is to be tried again; INT64_MAX: no need */
    int64_t locked_ms;                 /* since when it can't be opened, being locked; 0: not so */
    char broken[JOURNAL_SENTENCE_MAX]; /* why it can't go on; "": it can */
    bool quit;
    int signal;  /* that ended it; 0: none */
    bool failed; /* out of memory, or curl */
};

/* entry_parts.c: what the form works with, opened, seen to and closed together. */
/* A clean form, or what --prefill says; signals are caught from here on, and `restore`
 * (async-signal-safe) puts the terminal right before a crash. False with a sentence. */
bool entry_open(struct entry *entry, void (*restore)(void), char sentence[JOURNAL_SENTENCE_MAX]);
/* What the first picture doesn't wait for. False with a sentence. */
bool entry_connect(struct entry *entry, char sentence[JOURNAL_SENTENCE_MAX]);
/* Does what is due, one thing at most, so that what changed is shown before the next. True when
 * there may be more to do at once. */
bool entry_advance(struct entry *entry, int64_t now_ms);
/* When entry_advance wants to be called next. */
int64_t entry_due_ms(const struct entry *entry);
/* Waits for the network, for signals and, unless `typed` is NULL, for standard input; what came is
 * set. False: it failed. */
bool entry_wait(struct entry *entry, bool *signalled, bool *typed, int timeout_ms);
int entry_signal(void);   /* the next one that came; 0: none */
void entry_suspend(void); /* stops as the terminal's driver would, and returns when it goes on */
/* The journal hears of what was pressed and what has ended; the draft is written. */
void entry_finish_sent(struct entry *entry);
void entry_finish_typed(struct entry *entry);
/* Says what stays behind, on standard error `sentence` if there is one, and lets go of everything.
 * Returns the exit code: 0; 5 when an intent was left unconfirmed (it is in the journal); 128 and
 * the signal's number when SIGTERM, SIGHUP or SIGINT ended it; 1 when it could not start or go on.
 */
int entry_leave(struct entry *entry, const char *sentence);

/* entry_waiting.c: what the journal has waiting, looked at anew. */
void entry_look(struct entry *entry, int64_t now_ms);

/* entry_view.c: what is shown, and may be done. */
/* The submission as it stands; one that is being edited before there is any. */
struct submitter_view entry_submission(const struct entry *entry);
bool entry_is_locked(const struct entry *entry);
enum view entry_view(const struct entry *entry);
/* What stands in the way of creating anything, as far as the server was asked. */
enum missing entry_missing(const struct entry *entry);
bool entry_is_saving(const struct entry *entry); /* the form is shown, and locked */
int64_t entry_seconds_saving(const struct entry *entry, int64_t now_ms);
int64_t entry_next_second_ms(const struct entry *entry, int64_t now_ms); /* of that */

/* entry_act.c: what can be done without a screen. False: it is none of these. */
bool entry_act(struct entry *entry, enum action action, int64_t now_ms);
/* Something was typed: what was said of the form before is past. */
void entry_typed(struct entry *entry);
/* The form may have changed, or its focus: what is known of before is shown, and suggested. */
void entry_follow_typed(struct entry *entry, int64_t now_ms);
/* The focus has left `spot`: what is wrong there stands beside it. */
void entry_leave_spot(struct entry *entry, struct form_spot spot, int64_t now_ms);

/* entry_again.c: a new form from a record, or a request, or else its credit note. */
/* Nothing that is typed gives way to it. */
bool entry_form_is_free(const struct entry *entry);
/* False, saying so: the form isn't free, or there is no such thing. */
bool entry_start_from(struct entry *entry, const struct json *record, bool credit, int64_t now_ms);
/* From the one that was created just now, else from the last one that was. */
void entry_start_from_shown(struct entry *entry, bool credit, int64_t now_ms);

/* entry_held.c: a number that an intent without an answer holds, of this window or another. */
/* Marks the number with it, or lifts the mark. True on a change. */
bool entry_judge_number(struct entry *entry, int64_t now_ms);
void entry_judge_number_soon(struct entry *entry, int64_t now_ms); /* once the fingers rest */
bool entry_number_is_held(const struct entry *entry);
/* The submission's state as a person is to hear it: while the number that is in the form waits for
 * confirmation of another intent it is unconfirmed, pressed or not. As last judged. */
enum submission_state entry_told_state(const struct entry *entry);

/* entry_history.c: every step of what is typed can be taken back, and forward again. */
void entry_settle(struct entry *entry); /* before a key: what has changed by itself is no step */
void entry_note(struct entry *entry, enum history_change change);
/* False when there is nothing. */
bool entry_step_back(struct entry *entry);
bool entry_step_forward(struct entry *entry);

/* entry_outcome.c: brings the form in line with what became of the submission. True on a change. */
bool entry_follow(struct entry *entry);
/* What was refused has been seen once it was left (or the program is, after it was shown), and what
 * was typed is kept otherwise. */
void entry_see_refused(struct entry *entry, bool leaving);
/* The number and the currency of the invoice that was created last lead on to the first one here.
 */
void entry_follow_last(struct entry *entry);
void entry_follow_settled(
    struct entry *entry); /* the same, later on, into a form still untouched */
/* A clean form, which can be undone. */
void entry_start_clean(struct entry *entry);
/* The same, which can't: nothing of the one before can be sent again. */
void entry_start_anew(struct entry *entry);
/* Another day has begun: the date that is suggested is another one. True on a change. */
bool entry_follow_day(struct entry *entry);

/* entry_journal.c: what may be locked by another program. */
/* Opens the journal, where that is due: the form begins where it was left. True when the picture
 * isn't right any more. */
bool entry_advance_journal(struct entry *entry, int64_t now_ms);
/* The journal hears whose the token is, once the server has said it. */
void entry_identify(struct entry *entry);
/* What the picture says of it isn't right any more, when that has changed. */
void entry_note_lock(struct entry *entry, int64_t now_ms);
/* For long enough that it is to be said. */
bool entry_journal_is_locked(const struct entry *entry, int64_t now_ms);

#endif
