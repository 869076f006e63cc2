/* What the running form is made of, for the files that make it up: the loop, the keys, the picture.
 */
#ifndef INVONCE_TUI_APP_STATE_H
#define INVONCE_TUI_APP_STATE_H

#include "tui/app/app.h"
#include "tui/form/entry.h"
#include "tui/form/recent.h"
#include "tui/form/refusal.h"
#include "tui/form/status.h"
#include "tui/terminal/keys.h"
#include "tui/views/form_layout.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is pasted, until all of it has come. */
struct paste {
    char *text; /* owned */
    size_t length, capacity;
    bool open;
    bool refused; /* it began where nothing is typed into: it goes nowhere */
    bool cut;     /* it was longer than anything that can be typed into */
};

struct app {
    struct entry entry;
    const struct app_hooks *hooks; /* NULL: nothing is added */
    struct history searched;       /* of what is searched for among the recent ones */
    struct form_layout layout;     /* of the last picture */
    struct keys keys;
    struct paste paste;
    struct recent recent;

    enum submission_state looked_at; /* what the view of the submission was last about */
    enum view aside;    /* RECENT, PAST, OUTBOX or AUDIT over the rest; VIEW_FORM: none */
    struct record past; /* PAST: the one that is shown */
    struct refusal refusal;
    bool touched; /* something was typed into the form: the first steps come up no more */
    bool help;
    bool original; /* the conflict's original is shown */
    size_t scroll; /* of a view that scrolls */
    char account[160];
    char said[STATUS_SIZE]; /* by the last key, where that names something */
    enum view painted;      /* the view in the last picture */
    enum action pressed;    /* what has to be asked for once more; ACTION_NONE: nothing */
    int64_t painted_second;
    bool drop_next; /* the next event began before the view appeared */

    enum history_change change; /* that the last key made, if it made one */
    bool stepped;               /* back or forward, by the last key */
};

/* app_shown.c: what is shown, and may be done. */
enum view app_view(const struct app *app);
enum view app_view_below_help(const struct app *app);
/* What is looked into by the way changes nothing of what is locked. */
bool app_locks_keys(const struct app *app);
bool app_is_saving(const struct app *app); /* the form is shown, and locked */
bool app_is_too_small(void);               /* the screen, for any view */
/* Brings what is shown in line with what became of the submission. */
void app_follow(struct app *app);
/* The text that is typed into; NULL: none. */
struct text_field *app_focused(struct app *app);
void app_text_changed(struct app *app); /* that one */

/* app_aside.c: the views that are looked into by the way, and never change the form. */
void app_show_recent(struct app *app, int64_t now_ms);
void app_show_outbox(struct app *app, int64_t now_ms);
void app_sort_recent(struct app *app, int64_t now_ms);
void app_open_past(struct app *app, int64_t now_ms);
void app_resume_now(struct app *app, int64_t now_ms);
void app_show_audit(struct app *app, int64_t now_ms);    /* or back from it */
void app_leave_refusal(struct app *app, int64_t now_ms); /* the person is done with it */
/* One step back; false when nothing is shown aside. */
bool app_close_aside(struct app *app);
void app_paint_aside(struct app *app);

/* app_again.c: a new form from the record that is shown or chosen, where the form is free. */
void app_start_again(struct app *app, int64_t now_ms);
void app_start_credit(struct app *app, int64_t now_ms);

/* app_history.c: every step of what is typed can be taken back, and forward again: in the form, and
 * in the search. */
void app_settle(struct app *app); /* before a key: what has changed by itself is no step */
void app_note(struct app *app, enum history_change change);
/* False, saying so, when there is nothing. */
bool app_step_back(struct app *app);
bool app_step_forward(struct app *app);

/* app_page.c: the page that one prints, of the record that is shown: in the pager, or in a file
 * beside those that are there. */
void app_show_page(struct app *app, int64_t now_ms);
void app_write_page(struct app *app, int64_t now_ms);

/* app_refused.c: a refusal that nobody was looking at, opened from the outbox. */
void app_open_refusal(struct app *app);
void app_view_refusing_original(struct app *app);
/* Into the form, where that is free, to be changed: a new intent. */
void app_take_back(struct app *app, int64_t now_ms);
void app_paint_refusal(struct app *app);

/* app_input.c: what a key, a paste, a click does. */
void app_take(struct app *app, const struct keys_event *event, int64_t now_ms);
/* True for what would have submitted, had it been allowed to. */
bool app_is_submit(const struct app *app, const struct keys_event *event);
/* Gives the terminal to the shell until it is given back. */
void app_suspend(struct app *app);

/* app_paste.c: a paste is taken whole, and goes to where it was begun, or nowhere. */
void app_paste_take(struct app *app, const struct keys_event *event);
void app_paste_refuse(struct app *app); /* the one that is open */
void app_paste_end(struct app *app);
/* True, saying so, for what isn't done as it may have been in the paste. While something is being
 * saved a press to submit is only counted, wherever it comes from. */
bool app_holds_back(struct app *app, const struct keys_event *event, enum action action);

/* app_paint.c: the picture. */
void app_paint(struct app *app, int64_t now_ms);

#endif
