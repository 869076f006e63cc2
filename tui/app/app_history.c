#include "tui/app/app_state.h"

#include "tui/form/form_state.h"
#include "tui/words/words.h"

#include <string.h>

/* What is typed into: the form, or the search. */
static struct history *history_of(struct app *app)
{
    enum view view = app_view(app);
    if (view == VIEW_RECENT) return &app->searched;
    return view == VIEW_FORM ? &app->history : NULL;
}

static struct history_state search_state(const struct text_field *search)
{
    return (struct history_state){.bytes = strdup(text_field_text(search)),
                                  .length = search->length + 1,
                                  .spot = {.cursor = search->cursor}};
}

void app_settle(struct app *app)
{
    history_settle(&app->history, form_state(&app->form));
    if (app_view(app) == VIEW_RECENT)
        history_settle(&app->searched, search_state(&app->recent.search));
}

void app_note(struct app *app, enum history_change change)
{
    history_note(&app->history, form_state(&app->form), change);
    if (app_view(app) == VIEW_RECENT)
        history_note(&app->searched, search_state(&app->recent.search), change);
}

static void search_again(struct app *app, const struct history_step *step,
                         const struct history_spot *spot)
{
    struct text_field *search = &app->recent.search;
    if (text_field_set(search, step->bytes) == TEXT_FIELD_NO_MEMORY) app->failed = true;
    search->cursor = spot->cursor;
}

static void return_to(struct app *app, const struct history_step *step,
                      const struct history_spot *spot)
{
    if (app_view(app) == VIEW_RECENT)
        search_again(app, step, spot);
    else if (!form_return_to(&app->form, step, spot))
        app->failed = true;
    app->stepped = true;
}

/* What was thrown away last, and by an earlier run maybe: that was before all that can be gone
 * forward to from here. */
static bool bring_back_draft(struct app *app)
{
    if (app_view(app) != VIEW_FORM || !form_is_blank(&app->form)) return false;
    enum draft_recovery recovery = draft_bring_back(&app->draft, &app->form);
    app->failed = app->failed || recovery == DRAFT_NO_MEMORY;
    if (recovery != DRAFT_RECOVERED) return false;
    history_precede(&app->history, form_state(&app->form));
    app->stepped = true;
    app->said = _("what was thrown away last is back");
    return true;
}

bool app_step_back(struct app *app)
{
    struct history *history = history_of(app);
    const struct history_step *step = history ? history_back(history) : NULL;
    if (step) return_to(app, step, &step->left);
    if (step || bring_back_draft(app)) return true;
    app->said = _("there is nothing to undo");
    return false;
}

bool app_step_forward(struct app *app)
{
    struct history *history = history_of(app);
    const struct history_step *step = history ? history_forward(history) : NULL;
    if (step) return_to(app, step, &step->came);
    if (!step) app->said = _("there is nothing to redo");
    return step;
}
