#include "tui/app/app_state.h"

#include "tui/words/words.h"

#include <assert.h>
#include <string.h>

static struct history_state search_state(const struct text_field *search)
{
    return (struct history_state){.bytes = strdup(text_field_text(search)),
                                  .length = search->length + 1,
                                  .spot = {.cursor = search->cursor}};
}

void app_settle(struct app *app)
{
    entry_settle(&app->entry);
    if (app_view(app) == VIEW_RECENT)
        history_settle(&app->searched, search_state(&app->recent.search));
}

void app_note(struct app *app, enum history_change change)
{
    entry_note(&app->entry, change);
    if (app_view(app) == VIEW_RECENT)
        history_note(&app->searched, search_state(&app->recent.search), change);
}

static bool search_again(struct app *app, const struct history_step *step, bool back)
{
    struct text_field *search = &app->recent.search;
    if (!step) return false;
    if (text_field_set(search, step->bytes) == TEXT_FIELD_NO_MEMORY) app->entry.failed = true;
    search->cursor = (back ? &step->left : &step->came)->cursor;
    assert(search->cursor <= search->length || app->entry.failed); /* a spot is of its own text */
    return true;
}

bool app_step_back(struct app *app)
{
    enum view view = app_view(app);
    app->stepped = view == VIEW_RECENT ? search_again(app, history_back(&app->searched), true)
                                       : view == VIEW_FORM && entry_step_back(&app->entry);
    if (!app->stepped) app->entry.said = _("there is nothing to undo");
    return app->stepped;
}

bool app_step_forward(struct app *app)
{
    enum view view = app_view(app);
    app->stepped = view == VIEW_RECENT ? search_again(app, history_forward(&app->searched), false)
                                       : view == VIEW_FORM && entry_step_forward(&app->entry);
    if (!app->stepped) app->entry.said = _("there is nothing to redo");
    return app->stepped;
}
