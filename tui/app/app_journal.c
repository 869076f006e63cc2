/* The journal under the running form: it may be locked by another program when the form starts, and
 * is opened as soon as it can be. */
#include "tui/app/app_state.h"

#include "protocol/client/clock.h"

#include <stdio.h>

#define AGAIN_MS 100
#define SHOW_MS  1000 /* what is locked for less is nobody's concern */

/* The numbers go on; a draft that an earlier run left behind is offered, or taken up. Not over what
 * is filled in already. */
static void begin_where_left(struct app *app)
{
    if (app->options->prefill || !form_is_blank(&app->form)) return;
    if (app_is_locked(app) || app->seen != SUBMISSION_EDITING) return;
    app_follow_last(app);
    app->dirty = true;
    draft_look(&app->draft);
    if (!app->draft.offer.body) return;
    if (app->options->recover) {
        app_settle(app);
        app->failed = draft_recover(&app->draft, &app->form) == DRAFT_NO_MEMORY;
        app_note(app, HISTORY_CHANGED);
    }
    app->came_up = app->dirty = true;
}

void app_identify(struct app *app)
{
    if (!app->identity.tenant || !app->journal_open) return;
    bool locked = journal_identify(app->context.journal, app->identity.tenant) == JOURNAL_LOCKED;
    app->journal_ms = locked ? clock_monotonic_ms() + AGAIN_MS : INT64_MAX;
}

static void take_in(struct app *app)
{
    app->journal_open = true;
    app->journal_ms = INT64_MAX;
    app->locked_ms = 0;
    if (app->options->history_ms > 0) journal_prune(app->context.journal, app->options->history_ms);
    app_identify(app);
    begin_where_left(app);
}

void app_note_lock(struct app *app, int64_t now_ms)
{
    bool locked = app_journal_is_locked(app, now_ms);
    if (locked != app->seen_journal_locked) app->dirty = true;
    app->seen_journal_locked = locked;
}

bool app_advance_journal(struct app *app, int64_t now_ms)
{
    if (now_ms < app->journal_ms) return false;
    if (app->journal_open) {
        app_identify(app);
        return true;
    }
    switch (journal_ready(app->context.journal)) {
    case JOURNAL_OK:
        take_in(app);
        return true;
    case JOURNAL_LOCKED:
    case JOURNAL_HELD:
    case JOURNAL_USED:
    case JOURNAL_REUSED:
    case JOURNAL_SETTLED:
    case JOURNAL_ABSENT:
        break;
    case JOURNAL_FAILED:
        snprintf(app->broken, sizeof app->broken, "%s", journal_sentence(app->context.journal));
        app->quit = true;
        return true;
    }
    if (app->locked_ms == 0) app->locked_ms = now_ms;
    app->journal_ms = now_ms + AGAIN_MS;
    return false;
}

bool app_journal_is_locked(const struct app *app, int64_t now_ms)
{
    int64_t submitting_ms = app_submission(app).locked_ms;
    bool not_open = app->locked_ms != 0 && now_ms >= app->locked_ms + SHOW_MS;
    return not_open || (submitting_ms != 0 && now_ms >= submitting_ms + SHOW_MS) ||
           (app->draft.locked_ms != 0 && now_ms >= app->draft.locked_ms + SHOW_MS);
}
