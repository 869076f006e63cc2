#include "tui/app_state.h"

#include "tui/status.h"
#include "tui/terminal/screen.h"
#include "tui/views/conflict.h"
#include "tui/views/form_paint.h"
#include "tui/views/frame.h"
#include "tui/views/help.h"
#include "tui/views/moment.h"
#include "tui/views/offer.h"
#include "tui/views/record.h"
#include "tui/views/unconfirmed.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        .record = &app->record,
        .heading = _("Invoice created"),
        .sentence = status_created(view, app->late_presses),
        .key = view->intent->key,
        .attempts = view->submission.attempts,
    };
    record_paint(&shown, &app->scroll);
}

static void paint_original(struct app *app)
{
    struct record_view shown = {.record = &app->record, .heading = _("The original invoice")};
    record_paint(&shown, &app->scroll);
}

static void paint_conflict(struct app *app, const struct submitter_view *view)
{
    struct conflict_view shown = {
        .original = app->has_record ? &app->record : NULL,
        .typed = &app->typed.invoice,
        .sentence = status_conflict(view),
        .advice = status_conflict_advice(view),
    };
    conflict_paint(&shown);
}

static void paint_unconfirmed(const struct submitter_view *view)
{
    char *sentence = status_unconfirmed(view);
    const struct unconfirmed_view shown = {
        .sentence = sentence ? sentence : "",
        .key = view->intent->key,
        .attempts = view->submission.attempts,
        .why = view->why,
    };
    unconfirmed_paint(&shown);
    free(sentence);
}

static void paint_view(struct app *app, const struct submitter_view *view)
{
    switch (app_view(app)) {
    case VIEW_FORM:
        form_paint(&app->form, app_is_locked(app), &app->layout);
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
    case VIEW_AUDIT:
        app_paint_aside(app);
        break;
    case VIEW_OFFER:
        offer_paint(&(struct offer_view){app->draft.offer.body, app->draft.offer.saved_ms});
        break;
    case VIEW_HELP:
        help_paint(app_view_below_help(app), app->demo != NULL, &app->scroll);
        break;
    case VIEWS:
        break;
    }
}

static void editing_text(const struct app *app, int64_t now_ms, char text[STATUS_SIZE])
{
    const char *said = "";
    if (app->said) {
        said = app->said;
    } else if (app_journal_is_locked(app, now_ms)) {
        said = status_locked();
    } else if (app_number_is_held(app)) {
        said = _("the number is waiting for confirmation: F4 shows the outbox");
    } else if (app->resume.notice) {
        said = app->resume.notice;
    } else if (app->keys.garbled) {
        said = _("the terminal sent bytes that are no UTF-8: set it to UTF-8");
    } else if (app->identity.refused) {
        said = _("the server doesn't know your token: see --token");
    } else if (app->draft.kept) {
        said = _("draft kept");
    }
    snprintf(text, STATUS_SIZE, "%s", said);
}

/* What has to be put right, if it has a place. */
static void rejected_text(const struct app *app, const struct submitter_view *view,
                          char text[STATUS_SIZE])
{
    form_name_complaints(&app->form, text, STATUS_SIZE);
    if (*text) return;
    const char *said =
        view->submission.attempts > 0 ? _("nothing was created") : _("nothing was sent");
    snprintf(text, STATUS_SIZE, "%s", app->resume.notice ? app->resume.notice : said);
}

static void paint_status(const struct app *app, const struct submitter_view *view, int64_t now_ms)
{
    char text[STATUS_SIZE] = "";
    char at[MOMENT_SIZE];
    switch (view->submission.state) {
    case SUBMISSION_EDITING:
        editing_text(app, now_ms, text);
        break;
    case SUBMISSION_LOCKED:
    case SUBMISSION_RECORDING:
    case SUBMISSION_RECORDED:
    case SUBMISSION_SENDING:
        status_saving(view, now_ms, frame_status_room(status_word(view->submission.state)), text);
        break;
    case SUBMISSION_CREATED:
        moment_local(app->record.created_at, at);
        snprintf(text, sizeof text, _("saved by the server at %s"), at);
        break;
    case SUBMISSION_CONFLICT:
        snprintf(text, sizeof text, "%s", _("the original was kept, and nothing else was made"));
        break;
    case SUBMISSION_REJECTED:
        rejected_text(app, view, text);
        break;
    case SUBMISSION_UNCONFIRMED:
        snprintf(text, sizeof text, "%s", _("safe in the journal, to be sent with the same key"));
        break;
    case SUBMISSION_STATES:
        break;
    }
    if (app->aside != VIEW_FORM && app->resume.notice)
        snprintf(text, sizeof text, "%s", app->resume.notice);
    frame_status(status_word(view->submission.state), text);
}

/* The view with its frame, in the columns that the demonstration's audit leaves. */
static void paint_framed(struct app *app, const struct submitter_view *view, bool dimmed,
                         int64_t now_ms)
{
    char words[APP_DEMO_WORDS_SIZE];
    int beside = app_demo_columns(app);
    int columns = screen_columns() - beside;
    app_demo_words(app, words);
    screen_area(0, columns - (beside > 0), dimmed);
    frame_top(app->account, *words ? words : app->options->server);
    paint_view(app, view);
    screen_area(0, columns - (beside > 0), false); /* what moves is to be seen */
    paint_status(app, view, now_ms);
    screen_area(0, columns - (beside > 0), dimmed);
    help_paint_keys(app_view(app));
    app_demo_paint_caption(app);
    if (beside == 0) return;
    screen_area(columns - 1, 1, false);
    screen_column_rule(0);
    screen_area(columns, beside, false);
    app_demo_paint_beside(app);
}

void app_paint(struct app *app, int64_t now_ms)
{
    struct submitter_view view = app_submission(app);
    bool locked = app_is_locked(app);
    bool dimmed = locked && app_view(app) == VIEW_FORM;
    /* The frame holds still while something is being saved. */
    if (!locked && app->identity.account)
        snprintf(app->account, sizeof app->account, "%s", app->identity.account);
    screen_begin(dimmed);
    if (app_is_too_small())
        paint_too_small();
    else
        paint_framed(app, &view, dimmed, now_ms);
    screen_show();
    app->painted = app_view(app);
    app->dirty = false;
}
