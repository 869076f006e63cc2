/* What the running form is made of, for the files that make it up: the loop, the keys, the picture.
 */
#ifndef INVONCE_TUI_APP_STATE_H
#define INVONCE_TUI_APP_STATE_H

#include "protocol/client/courier/courier.h"
#include "protocol/client/identity.h"
#include "protocol/client/journal/journal.h"
#include "protocol/client/submitter.h"
#include "protocol/wire/resources/invoice.h"
#include "tui/app/app.h"
#include "tui/app/recent.h"
#include "tui/form/actions.h"
#include "tui/form/customers.h"
#include "tui/form/draft.h"
#include "tui/form/form.h"
#include "tui/form/history.h"
#include "tui/form/resume.h"
#include "tui/form/waiting.h"
#include "tui/terminal/keys.h"
#include "tui/views/form_layout.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app_demo;

/* What is pasted, until all of it has come. */
struct paste {
    char *text; /* owned */
    size_t length, capacity;
    bool open;
    bool refused; /* it began where nothing is typed into: it goes nowhere */
    bool cut;     /* it was longer than anything that can be typed into */
};

/* VIEW_REFUSED: what is shown. All zeros is none. */
struct refusal {
    char key[IDEMPOTENCY_KEY_SIZE];
    enum submission_state state; /* CONFLICT or REJECTED */
    struct json *problem;        /* NULL: it can't be read */
    struct document typed;
    struct record original; /* if the problem names one that is readable */
    bool has_original;
    struct violations violations;
};

struct app {
    const struct app_options *options;
    struct form form;
    struct history history;    /* of the form */
    struct history searched;   /* of what is searched for among the recent ones */
    struct form_layout layout; /* of the last picture */
    struct keys keys;
    struct paste paste;
    struct submitter_context context;
    struct submitter *submitter;
    struct identity identity;
    struct resume resume;
    struct waiting waiting;
    struct draft draft;
    struct customers customers;
    struct recent recent;
    struct app_demo *demo; /* NULL: this isn't the demonstration */

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

    enum view aside;    /* RECENT, PAST, OUTBOX or AUDIT over the rest; VIEW_FORM: none */
    struct record past; /* PAST: the one that is shown */
    struct refusal refusal;
    bool help;
    bool original; /* the conflict's original is shown */
    size_t scroll; /* of a view that scrolls */
    char account[160];
    bool came_up;        /* a view has, or the form has opened, by itself: not painted yet */
    enum view painted;   /* the view in the last picture */
    enum action pressed; /* what has to be asked for once more; ACTION_NONE: nothing */
    int64_t painted_second;
    bool drop_next; /* the next event began before the view appeared */

    bool dirty;                 /* the picture isn't right any more */
    const char *said;           /* of the last key; NULL: nothing */
    enum history_change change; /* that the last key made, if it made one */
    bool stepped;               /* back or forward, by the last key */
    bool journal_open, seen_journal_locked;
    int64_t journal_ms;                /* when it is to be tried again; INT64_MAX: no need */
    int64_t locked_ms;                 /* since when it can't be opened, being locked; 0: not so */
    char broken[JOURNAL_SENTENCE_MAX]; /* why it can't go on; "": it can */
    bool quit;
    int signal;  /* that ended it; 0: none */
    bool failed; /* out of memory, or curl */
};

/* app_parts.c: what the form works with, opened, seen to and closed together. */
/* A clean form, or what --prefill says. False with a sentence. */
bool app_fill_form(struct app *app, char sentence[JOURNAL_SENTENCE_MAX]);
/* What the first picture doesn't wait for. False with a sentence. */
bool app_connect_parts(struct app *app, char sentence[JOURNAL_SENTENCE_MAX]);
/* Does what is due, one thing at most, so that what changed is shown before the next. True when
 * there may be more to do at once. */
bool app_advance(struct app *app, int64_t now_ms);
/* When app_advance wants to be called next, or the second of "Saving" changes. */
int64_t app_due_ms(const struct app *app, int64_t now_ms);
/* Waits for the network and the descriptors, as courier_poll does. False: it failed. */
bool app_wait(struct app *app, const int *descriptors, bool *readable, size_t count,
              int timeout_ms);
/* The journal hears of what was pressed and what has ended, the draft is written. */
void app_finish(struct app *app);
/* Says what stays behind, on standard error `sentence` if there is one, and lets go of everything.
 * Returns the exit code. */
int app_leave(struct app *app, const char *sentence);

/* app_outcome.c: what is shown, and may be done. */
/* The submission as it stands; one that is being edited before there is any. */
struct submitter_view app_submission(const struct app *app);
bool app_is_locked(const struct app *app);
/* What is looked into by the way changes nothing of what is locked. */
bool app_locks_keys(const struct app *app);
bool app_is_saving(const struct app *app); /* the form is shown, and locked */
int64_t app_seconds_saving(const struct app *app, int64_t now_ms);
enum view app_view(const struct app *app);
enum view app_view_below_help(const struct app *app);
bool app_is_too_small(void); /* the screen, for any view */

/* app_held.c: a number that an intent without an answer holds, of this window or another. */
/* Marks the number with it, or lifts the mark. True on a change. */
bool app_judge_number(struct app *app, int64_t now_ms);
void app_judge_number_soon(struct app *app, int64_t now_ms); /* once the fingers rest */
bool app_number_is_held(const struct app *app);

/* The submission's state as a person is to hear it: while the number that is in the form waits for
 * confirmation of another intent it is unconfirmed, pressed or not. */
enum submission_state app_told_state(const struct app *app); /* as last judged */

/* app_journal.c: what may be locked by another program. */
/* Opens the journal, where that is due: the form begins where it was left. True when the picture
 * isn't right any more. */
bool app_advance_journal(struct app *app, int64_t now_ms);
/* The journal hears whose the token is, once the server has said it. */
void app_identify(struct app *app);
/* What the picture says of it isn't right any more, when that has changed. */
void app_note_lock(struct app *app, int64_t now_ms);
/* For long enough that it is to be said. */
bool app_journal_is_locked(const struct app *app, int64_t now_ms);

/* app_aside.c: the views that are looked into by the way, and never change the form. */
void app_show_recent(struct app *app, int64_t now_ms);
void app_show_outbox(struct app *app, int64_t now_ms);
void app_open_past(struct app *app, int64_t now_ms);
void app_resume_now(struct app *app, int64_t now_ms);
void app_show_audit(struct app *app, int64_t now_ms); /* or back from it */
/* One step back; false when nothing is shown aside. */
bool app_close_aside(struct app *app);
/* Does what is due there. True when the picture isn't right any more. */
bool app_advance_aside(struct app *app, int64_t now_ms);
int64_t app_aside_due_ms(const struct app *app);
void app_paint_aside(struct app *app);

/* app_history.c: every step of what is typed can be taken back, and forward again. */
void app_settle(struct app *app); /* before a key: what has changed by itself is no step */
void app_note(struct app *app, enum history_change change);
/* False, saying so, when there is nothing. */
bool app_step_back(struct app *app);
bool app_step_forward(struct app *app);

/* app_refused.c: a refusal that nobody was looking at, opened from the outbox. */
void app_open_refusal(struct app *app);
void app_forget_refusal(struct app *app);
void app_view_refusing_original(struct app *app);
/* Into the form, where that is free, to be changed: a new intent. */
void app_take_back(struct app *app, int64_t now_ms);
void app_see_refusal(struct app *app, int64_t now_ms); /* the person is done with it */
void app_paint_refusal(struct app *app);

/* app_input.c: what a key, a paste, a click does. */
void app_take(struct app *app, const struct keys_event *event, int64_t now_ms);
/* Carries out an action that is none of editing a text, where it is allowed. */
void app_act(struct app *app, enum action action, int64_t now_ms);
/* The focus has left `spot`: what is wrong there stands beside it. */
void app_leave_spot(struct app *app, struct form_spot spot, int64_t now_ms);
/* Something was typed: what was said of the form before is past. */
void app_typed(struct app *app);
/* The text that is typed into; NULL: none. */
struct text_field *app_focused(struct app *app);
void app_text_changed(struct app *app); /* that one */
/* True for what would have submitted, had it been allowed to. */
bool app_is_submit(const struct app *app, const struct keys_event *event);

/* app_paste.c: a paste is taken whole, and goes to where it was begun, or nowhere. */
void app_paste_take(struct app *app, const struct keys_event *event);
void app_paste_refuse(struct app *app); /* the one that is open */
void app_paste_end(struct app *app);
/* True, saying so, for what isn't done as it may have been in the paste. While something is being
 * saved a press to submit is only counted, wherever it comes from. */
bool app_holds_back(struct app *app, const struct keys_event *event, enum action action);

/* Gives the terminal to the shell until it is given back. */
void app_suspend(struct app *app);

/* app_demo.c: what only the demonstration has: the audit, the faults, the play. */
bool app_demo_new(struct app *app); /* false: out of memory */
void app_demo_connect(struct app *app);
void app_demo_free(struct app *app);
/* Does what is due there. True when the picture isn't right any more. */
bool app_demo_advance(struct app *app, int64_t now_ms);
int64_t app_demo_due_ms(const struct app *app);
/* Presses the story's next key, if that is due; sets `quit` at its end. True when it did. */
bool app_demo_press(struct app *app, int64_t now_ms);
bool app_demo_is_playing(const struct app *app);
/* Columns that the audit takes beside the form now; 0: none. */
int app_demo_columns(const struct app *app);
void app_demo_paint_beside(struct app *app);
void app_demo_paint_audit(struct app *app);
/* Over the top line's rule: what the story says. */
void app_demo_paint_caption(const struct app *app);
#define APP_DEMO_WORDS_SIZE 600
/* What the top line says at its right edge. */
void app_demo_words(const struct app *app, char words[APP_DEMO_WORDS_SIZE]);
void app_demo_lose_reply(struct app *app, int64_t now_ms);
void app_demo_delay(struct app *app, int64_t now_ms);
void app_demo_fail(struct app *app, int64_t now_ms);
void app_demo_heal(struct app *app, int64_t now_ms);

/* app_mistake.c: the mistake that the demonstration was asked to make; without one, nothing. */
/* The lock is not shown, and stops no key. */
bool app_mistake_opens_lock(const struct app *app);
/* Before a press is given to the submission. */
void app_mistake_on_press(struct app *app);
/* True when another submission has taken the place of the one there was. */
bool app_mistake_advance(struct app *app, int64_t now_ms);
int64_t app_mistake_due_ms(const struct app *app);
void app_mistake_stop(struct app *app);

/* app_paint.c: the picture. */
void app_paint(struct app *app, int64_t now_ms);

/* app_outcome.c: brings the form in line with what became of the submission. True on a change. */
bool app_follow(struct app *app);
/* What was refused has been seen once it was left (or the program is, after it was shown), and what
 * was typed is kept otherwise. */
void app_see_refused(struct app *app, bool leaving);
/* The number and the currency of the invoice that was created last lead on to the first one here.
 */
void app_follow_last(struct app *app);
void app_follow_settled(struct app *app); /* the same, later on, into a form still untouched */
/* A clean form, which can be undone. */
void app_start_clean(struct app *app);
/* The same, which can't: nothing of the one before can be sent again. */
void app_start_anew(struct app *app);
/* Another day has begun: the date that is suggested is another one. True on a change. */
bool app_follow_day(struct app *app);

#endif
