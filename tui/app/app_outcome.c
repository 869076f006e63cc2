#include "tui/app/app_state.h"

#include "protocol/client/clock.h"
#include "protocol/client/journal/journal_last.h"
#include "protocol/wire/json.h"
#include "tui/form/moment.h"
#include "tui/form/status.h"
#include "tui/terminal/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void forget(struct app *app)
{
    record_clear(&app->record);
    document_clear(&app->typed);
    app->record = (struct record){0};
    app->typed = (struct document){0};
    app->has_record = false;
    app->original = false;
    app->scroll = 0;
}

static void keep_record(struct app *app, const struct json *json)
{
    struct json *own = json ? json_copy(json) : NULL;
    app->has_record = own && record_believe(&app->record, &INVOICE, own);
    app->record.document.own = own;
}

static void keep_typed(struct app *app, const struct intent *intent)
{
    struct violations ignored = {0};
    struct json *own = json_copy(intent->json);
    if (own) document_read_partial(&app->typed, &INVOICE, own, &ignored);
    app->typed.own = own;
    violations_clear(&ignored);
}

void app_start_clean(struct app *app)
{
    char today[MOMENT_DAY_SIZE];
    moment_today(today);
    app->keys.garbled = false;
    if (!form_start(&app->form, today)) app->failed = true;
    if (app->last_number && !form_suggest_number(&app->form, app->last_number)) app->failed = true;
}

void app_start_anew(struct app *app)
{
    app_start_clean(app);
    history_clear(&app->history);
}

bool app_follow_day(struct app *app)
{
    char today[MOMENT_DAY_SIZE];
    moment_today(today);
    return !app_is_locked(app) && form_follow_day(&app->form, today);
}

static void keep_number(struct app *app, const char *number)
{
    free(app->last_number);
    app->last_number = strdup(number);
}

void app_follow_last(struct app *app)
{
    char problem[JSON_PROBLEM_MAX];
    char *body = journal_last_created(app->context.journal, invoice_intent.name);
    struct json *json = body ? json_read_object(body, strlen(body), problem) : NULL;
    const char *number = json ? json_text(json, "number") : NULL;
    const char *currency = json ? json_text(json, "currency") : NULL;
    if (number) keep_number(app, number);
    if (number && !form_suggest_number(&app->form, number)) app->failed = true;
    if (currency && app->form.fields[FORM_CURRENCY].fresh)
        text_field_suggest(&app->form.fields[FORM_CURRENCY], currency);
    json_free(json);
    free(body);
}

void app_follow_settled(struct app *app)
{
    if (app->options->plain || app->options->prefill) return; /* asked for already, or given */
    if (app->seen == SUBMISSION_EDITING && form_is_blank(&app->form)) app_follow_last(app);
}

static void focus_number(struct app *app)
{
    form_focus(&app->form, FORM_NUMBER);
    text_field_end(&app->form.fields[FORM_NUMBER]);
}

static void show_rejection(struct app *app, const struct submitter_view *view)
{
    if (view->violations && view->violations->count > 0) {
        form_complain(&app->form, view->violations);
        return;
    }
    if (view->submission.attempts == 0) {
        /* Its number is held: another one is a way out, to settle what holds it the other. */
        focus_number(app);
        resume_look(&app->resume);
        app_judge_number(app, clock_monotonic_ms());
        if (app_number_is_held(app)) return;
    }
    char *sentence = status_refusal(view);
    form_set_message(&app->form, sentence);
    free(sentence);
}

static void show_conflict(struct app *app, const struct submitter_view *view)
{
    keep_record(app, view->problem ? json_member(view->problem, "existing") : NULL);
    keep_typed(app, view->intent);
    focus_number(app);
}

/* Once the journal has the intent, no draft is needed; what was refused is one again. */
static void keep_draft(struct app *app, enum submission_state now)
{
    int64_t now_ms = clock_monotonic_ms();
    if (now == SUBMISSION_RECORDED || now == SUBMISSION_CREATED) draft_sent(&app->draft, now_ms);
    if (now == SUBMISSION_CONFLICT || now == SUBMISSION_REJECTED)
        draft_changed(&app->draft, now_ms);
}

static bool is_refused(enum submission_state state)
{
    return state == SUBMISSION_CONFLICT || state == SUBMISSION_REJECTED;
}

void app_see_refused(struct app *app, bool leaving)
{
    bool typed =
        is_refused(app->seen) || (app->seen == SUBMISSION_EDITING && !form_is_blank(&app->form));
    if (!*app->refused || (is_refused(app->seen) && !leaving)) return;
    if ((app->draft.kept || !typed) &&
        journal_see(app->context.journal, app->refused) == JOURNAL_OK)
        app->refused[0] = '\0';
}

/* A refusal that came from the server; one of our own is in no journal. */
static void keep_refused(struct app *app, const struct submitter_view *view)
{
    if (!is_refused(view->submission.state) || view->submission.attempts == 0) return;
    snprintf(app->refused, sizeof app->refused, "%s", view->intent->key);
}

bool app_follow(struct app *app)
{
    struct submitter_view view = app_submission(app);
    enum submission_state now = view.submission.state;
    if (now == app->seen) return false;
    bool was_shown = app->seen == SUBMISSION_CREATED || app->seen == SUBMISSION_CONFLICT;
    if (was_shown) forget(app);
    if (now == SUBMISSION_LOCKED) app->late_presses = 0;
    if (now == SUBMISSION_REJECTED) show_rejection(app, &view);
    if (now == SUBMISSION_CONFLICT) show_conflict(app, &view);
    if (now == SUBMISSION_CREATED) {
        keep_record(app, view.record);
        keep_number(app, view.intent->name);
        app_start_anew(app);
    }
    keep_draft(app, now);
    app->seen = now;
    app_see_refused(app, false);
    keep_refused(app, &view);
    app->seen_locked = app_is_locked(app);
    app->dirty = true;
    return true;
}

struct submitter_view app_submission(const struct app *app)
{
    static const struct submitter_view none = {.why = ""};
    return app->submitter ? submitter_view(app->submitter) : none;
}

bool app_is_locked(const struct app *app)
{
    struct submitter_view view = app_submission(app);
    return submission_is_locked(&view.submission) && !app_mistake_opens_lock(app);
}

enum view app_view_below_help(const struct app *app)
{
    if (app->draft.offer.body) return VIEW_OFFER;
    if (app->aside != VIEW_FORM) return app->aside;
    switch (app->seen) {
    case SUBMISSION_CREATED:
        return VIEW_RECORD;
    case SUBMISSION_CONFLICT:
        return app->original ? VIEW_ORIGINAL : VIEW_CONFLICT;
    case SUBMISSION_UNCONFIRMED:
        return VIEW_UNCONFIRMED;
    case SUBMISSION_EDITING:
    case SUBMISSION_LOCKED:
    case SUBMISSION_RECORDING:
    case SUBMISSION_RECORDED:
    case SUBMISSION_SENDING:
    case SUBMISSION_REJECTED:
    case SUBMISSION_STATES:
        break;
    }
    return VIEW_FORM;
}

enum view app_view(const struct app *app)
{
    return app->help ? VIEW_HELP : app_view_below_help(app);
}

bool app_locks_keys(const struct app *app)
{
    return app_is_locked(app) && app->aside == VIEW_FORM;
}

bool app_is_saving(const struct app *app)
{
    return app_view(app) == VIEW_FORM && app_is_locked(app);
}

int64_t app_seconds_saving(const struct app *app, int64_t now_ms)
{
    return (now_ms - app_submission(app).submission.pressed_ms) / 1000;
}

bool app_is_too_small(void)
{
    return screen_rows() < SCREEN_ROWS_MIN || screen_columns() < SCREEN_COLUMNS_MIN;
}
