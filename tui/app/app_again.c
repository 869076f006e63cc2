/* A new form from the record that is shown, or chosen among the recent ones. */
#include "tui/app/app_state.h"

#include "protocol/wire/json.h"

/* What stands aside; NULL: nothing that it could be started from. */
static const struct json *record_aside(const struct app *app)
{
    if (app->aside == VIEW_PAST) return app->past.document.json;
    return app->aside == VIEW_RECENT ? recent_selected(&app->recent) : NULL;
}

static void start(struct app *app, bool credit, int64_t now_ms)
{
    const struct json *record = record_aside(app);
    if (app->aside == VIEW_FORM) {
        entry_start_from_shown(&app->entry, credit, now_ms);
    } else if (record && entry_start_from(&app->entry, record, credit, now_ms)) {
        while (app_close_aside(app)) {
        }
    }
    app_follow(app);
}

void app_start_again(struct app *app, int64_t now_ms)
{
    start(app, false, now_ms);
}

void app_start_credit(struct app *app, int64_t now_ms)
{
    start(app, true, now_ms);
}
