#include "tui/app/app_state.h"

#include "tui/words/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PASTE_MAX (1024 * 1024) /* more than all fields hold */

static bool can_take(struct app *app)
{
    return app_focused(app) && !app_locks_keys(app) && !app_is_too_small();
}

static bool reserve(struct paste *paste, size_t bytes)
{
    if (bytes <= paste->capacity) return true;
    char *grown = realloc(paste->text, bytes * 2);
    if (!grown) return false;
    paste->text = grown;
    paste->capacity = bytes * 2;
    return true;
}

void app_paste_take(struct app *app, const struct keys_event *event)
{
    struct paste *paste = &app->paste;
    if (!paste->open) paste->refused = !can_take(app);
    paste->open = true;
    if (paste->refused || event->type != KEYS_PASTED) return;
    assert(paste->length <= PASTE_MAX);
    size_t room = PASTE_MAX - paste->length;
    size_t length = event->length < room ? event->length : room;
    if (length < event->length) paste->cut = true;
    if (!reserve(paste, paste->length + length)) {
        app->entry.failed = true;
        return;
    }
    memcpy(paste->text + paste->length, event->text, length);
    paste->length += length;
}

void app_paste_refuse(struct app *app)
{
    app->paste.open = app->paste.refused = true;
}

static enum text_field_status put_in(struct app *app)
{
    const struct paste *paste = &app->paste;
    if (app_view(app) == VIEW_FORM) return form_paste(&app->entry.form, paste->text, paste->length);
    return text_field_insert(app_focused(app), paste->text, paste->length);
}

/* What there is to say of it. */
static const char *word(const struct app *app, enum text_field_status status)
{
    const struct form *form = &app->entry.form;
    bool apart = app_view(app) == VIEW_FORM && (form_in_rows(form) || form_at_email(form));
    bool fits = status == TEXT_FIELD_OK && !app->paste.cut;
    if (!fits && apart) return _("not all of what was pasted found a place: see what is missing");
    if (!fits) return _("this field holds no more: shorten it first");
    return NULL;
}

void app_paste_end(struct app *app)
{
    struct paste *paste = &app->paste;
    if (paste->length > 0 && !paste->refused && can_take(app)) {
        enum text_field_status status = put_in(app);
        app->entry.failed = app->entry.failed || status == TEXT_FIELD_NO_MEMORY;
        app->entry.said = word(app, status);
        app_text_changed(app);
    }
    free(paste->text);
    *paste = (struct paste){0};
}

/* What does no harm though somebody else wrote it and it came with what was pasted: it edits a
 * text, moves about or looks at something. */
static bool may_be_pasted(enum action action)
{
    static const bool harmless[ACTIONS] = {
        [ACTION_NONE] = true, /* a character */
        [ACTION_NEXT] = true,          [ACTION_PREVIOUS] = true,  [ACTION_UP] = true,
        [ACTION_DOWN] = true,          [ACTION_PAGE_UP] = true,   [ACTION_PAGE_DOWN] = true,
        [ACTION_LEFT] = true,          [ACTION_RIGHT] = true,     [ACTION_WORD_LEFT] = true,
        [ACTION_WORD_RIGHT] = true,    [ACTION_HOME] = true,      [ACTION_END] = true,
        [ACTION_DELETE_BACK] = true,   [ACTION_DELETE] = true,    [ACTION_KILL_TO_END] = true,
        [ACTION_KILL_TO_START] = true, [ACTION_KILL_WORD] = true, [ACTION_RECENT] = true,
        [ACTION_OPEN] = true,          [ACTION_OUTBOX] = true,    [ACTION_AUDIT] = true,
        [ACTION_BACK] = true,          [ACTION_HELP] = true,      [ACTION_REDRAW] = true,
        [ACTION_UNDO] = true,          [ACTION_REDO] = true,
    };
    return harmless[action];
}

bool app_holds_back(struct app *app, const struct keys_event *event, enum action action)
{
    bool submits = action == ACTION_SUBMIT;
    if (event->trust == KEYS_TRUSTED || may_be_pasted(action)) return false;
    if (submits ? entry_is_locked(&app->entry) : event->trust == KEYS_LAST_OF_PASTE) return false;
    app->entry.said = _("a key that comes with pasted text does nothing: press it again");
    return true;
}
