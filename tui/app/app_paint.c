#include "tui/app/app_state.h"
#include "tui/form/facts.h"

#include "tui/form/moment.h"
#include "tui/form/status.h"
#include "tui/terminal/screen.h"
#include "tui/views/conflict.h"
#include "tui/views/first_steps.h"
#include "tui/views/form_paint.h"
#include "tui/views/frame.h"
#include "tui/views/help.h"
#include "tui/views/offer.h"
#include "tui/views/record.h"
#include "tui/views/unconfirmed.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BORDER_COLUMNS 2 /* a blank one, that no figure touches it */

static void paint_too_small(void)
{
    char sentence[200];
    snprintf(sentence, sizeof sentence,
             _("The window is %d x %d, and the form needs %d x %d: please make it larger. What you "
               "typed is kept."),
             screen_columns(), screen_rows(), SCREEN_COLUMNS_MIN, SCREEN_ROWS_MIN);
    frame_wrap(0, 0, screen_columns(), screen_rows(), STYLE_TEXT, sentence);
}

static void paint_record(struct app *app, const struct submitter_view *view)
{
    struct record_view shown = {
        .resource = app->entry.options->resource,
        .record = &app->entry.record,
        .heading = fact_word(app->entry.options->resource, WORD_CREATED),
        .sentence = status_created(view, app->entry.late_presses),
        .key = view->intent->key,
        .attempts = view->submission.attempts,
    };
    record_paint(&shown, &app->scroll);
}

static void paint_original(struct app *app)
{
    struct record_view shown = {app->entry.options->resource, .record = &app->entry.record,
                                .heading = fact_word(app->entry.options->resource, WORD_ORIGINAL)};
    record_paint(&shown, &app->scroll);
}

static void paint_conflict(struct app *app, const struct submitter_view *view)
{
    const struct record *original = app->entry.has_record ? &app->entry.record : NULL;
    char *same = status_same(view->intent->kind, original, app->entry.typed.json);
    struct conflict_view shown = {
        .resource = app->entry.options->resource,
        .original = original,
        .typed = &app->entry.typed.values,
        .sentence = status_conflict(view->intent->kind, view->problem),
        .advice = same ? same : status_conflict_advice(view->intent->kind, view->problem),
    };
    conflict_paint(&shown);
    free(same);
}

static void paint_unconfirmed(const struct submitter_view *view)
{
    char *sentence = status_unconfirmed(view);
    const struct unconfirmed_view shown = {
        .sentence = sentence ? sentence : "",
        .key = view->intent->key,
        .attempts = view->submission.attempts,
        .why = view->why,
        .away = !view->submission.may_exist,
    };
    unconfirmed_paint(&shown);
    free(sentence);
}

static void paint_view(struct app *app, const struct submitter_view *view)
{
    switch (app_view(app)) {
    case VIEW_FORM:
        form_paint(&app->entry.form, entry_is_locked(&app->entry), &app->layout);
        break;
    case VIEW_RECORD:
        paint_record(app, view);
        break;
    case VIEW_CONFLICT:
        paint_conflict(app, view);
        break;
    case VIEW_ORIGINAL:
        paint_original(app);
        break;
    case VIEW_UNCONFIRMED:
        paint_unconfirmed(view);
        break;
    case VIEW_RECENT:
    case VIEW_PAST:
    case VIEW_OUTBOX:
    case VIEW_REFUSED:
    case VIEW_STANDING:
    case VIEW_AUDIT:
        app_paint_aside(app);
        break;
    case VIEW_OFFER:
        offer_paint(&(struct offer_view){app->entry.options->resource, app->entry.draft.offer.body,
                                         app->entry.draft.offer.saved_ms});
        break;
    case VIEW_FIRST_STEPS:
        first_steps_paint(entry_missing(&app->entry));
        break;
    case VIEW_HELP:
        help_paint(app_view_below_help(app), app->hooks != NULL, &app->scroll);
        break;
    case VIEWS:
        break;
    }
}

static const char *editing_text(const struct app *app, int64_t now_ms)
{
    if (app->entry.said) return app->entry.said;
    if (entry_journal_is_locked(&app->entry, now_ms)) return status_locked();
    if (entry_number_is_held(&app->entry))
        return _("the number is waiting for confirmation: F4 shows the outbox");
    if (app->entry.resume.notice) return app->entry.resume.notice;
    if (app->keys.garbled) return _("the terminal sent bytes that are no UTF-8: set it to UTF-8");
    if (app->entry.draft.trouble) return _("the draft is not kept: the journal can't be written");
    if (app->entry.identity.refused) return _("the server doesn't know your token: see --token");
    bool away = entry_missing(&app->entry) == MISSING_SERVER;
    if (app->entry.draft.kept)
        return away ? _("draft kept; no answer from the server: what you create is sent later")
                    : _("draft kept");
    return away ? _("no answer from the server: what you create is kept, and sent later") : "";
}

/* What has to be put right, if it has a place. */
static void rejected_text(const struct app *app, const struct submitter_view *view,
                          char text[STATUS_SIZE])
{
    form_name_complaints(&app->entry.form, text, STATUS_SIZE);
    if (*text) return;
    snprintf(text, STATUS_SIZE, "%s",
             view->submission.attempts > 0 ? _("nothing was created") : _("nothing was sent"));
}

static void saved_text(const struct record *record, char text[STATUS_SIZE])
{
    char at[MOMENT_SIZE];
    moment_local(record->created_at, at);
    snprintf(text, STATUS_SIZE, _("saved by the server at %s"), at);
}

/* The submission's own line. */
static void submission_text(const struct app *app, const struct submitter_view *view,
                            const struct frame_note *note, int64_t now_ms, char text[STATUS_SIZE])
{
    const char *said = "";
    enum submission_state told = entry_told_state(&app->entry);
    switch (told) {
    case SUBMISSION_EDITING:
        said = editing_text(app, now_ms);
        break;
    case SUBMISSION_LOCKED:
    case SUBMISSION_RECORDING:
    case SUBMISSION_RECORDED:
    case SUBMISSION_SENDING:
        status_saving(view, now_ms, frame_status_room(status_word(view->submission.state), note),
                      text);
        return;
    case SUBMISSION_CREATED:
        saved_text(&app->entry.record, text);
        return;
    case SUBMISSION_REJECTED:
        rejected_text(app, view, text);
        return;
    case SUBMISSION_CONFLICT:
        said = _("the original was kept, and nothing else was made");
        break;
    case SUBMISSION_UNCONFIRMED:
        said = view->submission.state != told
                   ? editing_text(app, now_ms)
                   : _("safe in the journal, to be sent with the same key");
        break;
    case SUBMISSION_STATES:
        break;
    }
    snprintf(text, STATUS_SIZE, "%s", said);
}

/* A list is about no invoice in particular: what has become of the one in the form isn't said
 * behind its back, unless that still locks it. */
static enum submission_state state_beside(const struct app *app, const struct submitter_view *view,
                                          int64_t now_ms, char text[STATUS_SIZE])
{
    bool editing = view->submission.state == SUBMISSION_EDITING;
    const char *news = app->entry.resume.notice ? app->entry.resume.notice : "";
    snprintf(text, STATUS_SIZE, "%s", editing ? editing_text(app, now_ms) : news);
    return SUBMISSION_EDITING;
}

/* What the status line is about: what is shown. */
static enum submission_state status_of(const struct app *app, const struct submitter_view *view,
                                       const struct frame_note *note, int64_t now_ms,
                                       char text[STATUS_SIZE])
{
    enum view shown = app_view_below_help(app);
    bool conflict = app->refusal.state == SUBMISSION_CONFLICT;
    if (shown == VIEW_PAST) {
        saved_text(&app->past, text);
        return SUBMISSION_CREATED;
    }
    if (shown == VIEW_REFUSED || shown == VIEW_STANDING) {
        snprintf(text, STATUS_SIZE, "%s",
                 conflict ? _("the original was kept, and nothing else was made")
                          : _("nothing was created"));
        return app->refusal.state;
    }
    bool listed = shown == VIEW_RECENT || shown == VIEW_OUTBOX;
    if (listed && !submission_is_locked(&view->submission))
        return state_beside(app, view, now_ms, text);
    submission_text(app, view, note, now_ms, text);
    return entry_told_state(&app->entry);
}

/* How many refusals nobody has seen yet, unless they are being looked at. */
static void note_refused(const struct app *app, struct frame_note *note)
{
    size_t count = app->entry.waiting.refused;
    bool looked_at = app->aside == VIEW_OUTBOX || app->aside == VIEW_REFUSED;
    *note = (struct frame_note){0};
    if (count == 0 || looked_at) return;
    snprintf(note->full, sizeof note->full,
             words_plural("%zu refused, to be seen: F4", "%zu refused, to be seen: F4", count),
             count);
    snprintf(note->brief, sizeof note->brief, "F4: %zu", count);
}

static void paint_status(struct app *app, const struct submitter_view *view, int64_t now_ms)
{
    char text[STATUS_SIZE] = "";
    struct frame_note note;
    note_refused(app, &note);
    enum submission_state state = status_of(app, view, &note, now_ms, text);
    if (app->entry.said) snprintf(text, sizeof text, "%s", app->entry.said);
    if (app->entry.resume.notice && strcmp(text, app->entry.resume.notice) == 0)
        resume_shown(&app->entry.resume, now_ms);
    frame_status(status_word(state), text, &note);
}

/* The view with its frame, in the columns that what is added beside it leaves. */
static void paint_framed(struct app *app, const struct submitter_view *view, bool dimmed,
                         int64_t now_ms)
{
    const struct app_hooks *hooks = app->hooks;
    char words[APP_WORDS_SIZE] = "";
    int beside = hooks ? hooks->columns(hooks->self, app) : 0;
    int border = screen_columns() - beside - 1;
    int columns = beside > 0 ? screen_columns() - beside - BORDER_COLUMNS : screen_columns();
    if (hooks) hooks->words(hooks->self, app, words);
    if (beside > 0) {
        screen_area(0, border, dimmed);
        screen_rule(1); /* nothing else touches it */
    }
    screen_area(0, columns, dimmed);
    frame_top(app->account, *words ? words : app->entry.options->courier.server);
    if (app_view(app) != VIEW_FORM) screen_cursor(FRAME_TOP, 1); /* a view may know better */
    paint_view(app, view);
    screen_area(0, columns, false); /* what moves is to be seen */
    paint_status(app, view, now_ms);
    screen_area(0, columns, dimmed);
    bool takes = app_view(app) == VIEW_FORM && !dimmed && app->entry.form.completion;
    help_paint_keys(app->entry.options->resource, app_view(app), takes);
    if (hooks) hooks->paint_over(hooks->self);
    if (beside == 0) return;
    screen_area(border, 1, false);
    screen_column_rule(0);
    screen_area(border + 1, beside, false);
    hooks->paint_beside(hooks->self, app);
}

void app_paint(struct app *app, int64_t now_ms)
{
    struct submitter_view view = entry_submission(&app->entry);
    bool locked = entry_is_locked(&app->entry);
    bool dimmed = locked && app_view(app) == VIEW_FORM;
    /* The frame holds still while something is being saved. */
    if (!locked && app->entry.identity.account)
        snprintf(app->account, sizeof app->account, "%s", app->entry.identity.account);
    screen_begin(dimmed);
    if (app_is_too_small())
        paint_too_small();
    else
        paint_framed(app, &view, dimmed, now_ms);
    screen_show();
    app->painted = app_view(app);
    app->entry.dirty = false;
}
