#include "tui/app/app_state.h"

#include "protocol/wire/clock.h"
#include "tui/terminal/screen.h"

/* Nobody who was at work here before is shown them while the server is away. */
static bool has_first_steps(const struct app *app)
{
    const struct entry *entry = &app->entry;
    enum missing missing = entry_missing(entry);
    bool is_new = entry->journal_open && !entry->last_number && entry->waiting.count == 0;
    return !app->touched && !app->hooks && !entry->options->prefill &&
           (missing == MISSING_KNOWN_TOKEN || (missing == MISSING_SERVER && is_new));
}

enum view app_view_below_help(const struct app *app)
{
    enum view view = entry_view(&app->entry);
    if (view == VIEW_OFFER) return view;
    if (view == VIEW_FORM && app->aside == VIEW_FORM && has_first_steps(app))
        return VIEW_FIRST_STEPS;
    if (app->aside != VIEW_FORM) return app->aside;
    return view == VIEW_CONFLICT && app->original ? VIEW_ORIGINAL : view;
}

enum view app_view(const struct app *app)
{
    return app->help ? VIEW_HELP : app_view_below_help(app);
}

bool app_locks_keys(const struct app *app)
{
    return entry_is_locked(&app->entry) && app->aside == VIEW_FORM;
}

bool app_is_saving(const struct app *app)
{
    return app_view(app) == VIEW_FORM && entry_is_locked(&app->entry);
}

bool app_is_too_small(void)
{
    return screen_rows() < SCREEN_ROWS_MIN || screen_columns() < SCREEN_COLUMNS_MIN;
}

void app_follow(struct app *app)
{
    entry_follow(&app->entry);
    if (app->entry.cleaned) app->keys.garbled = false;
    app->entry.cleaned = false;
    if (app->looked_at == app->entry.seen) return;
    if (app->looked_at == SUBMISSION_CREATED || app->looked_at == SUBMISSION_CONFLICT) {
        app->original = false;
        app->scroll = 0;
    }
    app->looked_at = app->entry.seen;
}

struct text_field *app_focused(struct app *app)
{
    if (app_view(app) == VIEW_RECENT) return &app->recent.search;
    return app_view(app) == VIEW_FORM ? form_focused(&app->entry.form) : NULL;
}

void app_text_changed(struct app *app)
{
    if (app_view(app) == VIEW_RECENT)
        recent_searched(&app->recent, clock_monotonic_ms());
    else
        entry_typed(&app->entry);
}
