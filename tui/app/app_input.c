#include "tui/app/app_state.h"

#include "protocol/wire/clock.h"
#include "protocol/wire/text.h"
#include "tui/form/moment.h"
#include "tui/terminal/screen.h"
#include "tui/words/words.h"

#include <utf8proc.h>

typedef void edit_function(struct text_field *field);

/* What is done to the text that has the focus. */
static edit_function *const edits[ACTIONS] = {
    [ACTION_LEFT] = text_field_left,
    [ACTION_RIGHT] = text_field_right,
    [ACTION_WORD_LEFT] = text_field_word_left,
    [ACTION_WORD_RIGHT] = text_field_word_right,
    [ACTION_HOME] = text_field_home,
    [ACTION_END] = text_field_end,
    [ACTION_DELETE_BACK] = text_field_delete_back,
    [ACTION_DELETE] = text_field_delete,
    [ACTION_KILL_TO_END] = text_field_kill_to_end,
    [ACTION_KILL_TO_START] = text_field_kill_to_start,
    [ACTION_KILL_WORD] = text_field_kill_word,
};

static void edit(struct app *app, edit_function *function)
{
    struct text_field *field = app_focused(app);
    if (!field) return;
    size_t before = field->length;
    function(field);
    if (field == &app->recent.search) app->recent.chosen = false; /* the cursor is there again */
    if (field->length != before) app_text_changed(app);
}

static void insert(struct app *app, const char *bytes, size_t length)
{
    struct text_field *field = app_focused(app);
    if (!field) return;
    size_t before = field->length;
    bool fresh = field->fresh; /* what takes its place may be as long */
    enum text_field_status status = text_field_insert(field, bytes, length);
    app->entry.failed = app->entry.failed || status == TEXT_FIELD_NO_MEMORY;
    if (status == TEXT_FIELD_FULL)
        app->entry.said = _("this field holds no more: shorten it first");
    if (field->length != before || field->fresh != fresh) app_text_changed(app);
}

static void insert_key(struct app *app, uint32_t key)
{
    char bytes[4];
    if (key >= KEYS_ENTER) return;
    if (key >= 0x80) app->keys.garbled = false; /* it has been set right */
    utf8proc_ssize_t length =
        utf8proc_encode_char((utf8proc_int32_t)key, (utf8proc_uint8_t *)bytes);
    if (length > 0) insert(app, bytes, (size_t)length);
    app->change = HISTORY_TYPED;
}

void app_suspend(struct app *app)
{
    screen_leave();
    entry_suspend();
    screen_return();
    app->entry.dirty = true;
}

static size_t page(const struct app *app)
{
    int rows = app_view(app) == VIEW_FORM ? app->layout.lines_rows : screen_rows() / 2;
    return rows > 1 ? (size_t)rows - 1 : 1;
}

/* Up and down by `rows`, in the form or in what is shown. */
static void move(struct app *app, bool down, size_t rows)
{
    if (app_view(app) == VIEW_FORM) {
        (down ? form_down : form_up)(&app->entry.form, rows);
    } else if (app_view(app) == VIEW_OUTBOX) {
        waiting_move(&app->entry.waiting, down, rows);
    } else if (app_view(app) == VIEW_RECENT) {
        recent_move(&app->recent, down, rows, clock_monotonic_ms());
    } else if (down != (app_view(app) == VIEW_AUDIT)) { /* the audit is scrolled from its end */
        app->scroll += rows;
    } else {
        app->scroll -= rows < app->scroll ? rows : app->scroll;
    }
}

/* What an action does that isn't done to a text. */
typedef void act_function(struct app *app, int64_t now_ms);

static void go_up(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    move(app, false, 1);
}

static void go_down(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    move(app, true, 1);
}

static void page_up(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    move(app, false, page(app));
}

static void page_down(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    move(app, true, page(app));
}

/* Wherever the change was. */
static void stepped(struct app *app)
{
    app_text_changed(app);
    if (app_view(app) == VIEW_FORM) entry_judge_number_soon(&app->entry, clock_monotonic_ms());
}

static void undo(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    if (app_step_back(app)) stepped(app);
}

static void redo(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    if (app_step_forward(app)) stepped(app);
}

static void show_original(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    if (app_view(app) == VIEW_REFUSED) {
        app_view_refusing_original(app);
        return;
    }
    app->original = app->entry.has_record;
    app->scroll = 0;
}

static void show_help(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    app->help = true;
    app->scroll = 0;
}

static void go_back(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    app->touched = app->touched || !app->help;
    if (!app->help && !app_close_aside(app)) app->original = false;
    app->help = false;
    app->scroll = 0;
}

static void redraw(struct app *app, int64_t now_ms)
{
    (void)app;
    (void)now_ms;
    screen_redraw();
}

static void suspend(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    app_suspend(app);
}

static act_function *const acts[ACTIONS] = {
    [ACTION_UP] = go_up,
    [ACTION_DOWN] = go_down,
    [ACTION_PAGE_UP] = page_up,
    [ACTION_PAGE_DOWN] = page_down,
    [ACTION_UNDO] = undo,
    [ACTION_REDO] = redo,
    [ACTION_SHOW_ORIGINAL] = show_original,
    [ACTION_AGAIN] = app_start_again,
    [ACTION_CREDIT] = app_start_credit,
    [ACTION_RECENT] = app_show_recent,
    [ACTION_OPEN] = app_open_past,
    [ACTION_SORT] = app_sort_recent,
    [ACTION_PRINT] = app_show_page,
    [ACTION_WRITE] = app_write_page,
    [ACTION_OUTBOX] = app_show_outbox,
    [ACTION_RESUME] = app_resume_now,
    [ACTION_TAKE_BACK] = app_take_back,
    [ACTION_SEEN] = app_leave_refusal,
    [ACTION_BACK] = go_back,
    [ACTION_HELP] = show_help,
    [ACTION_REDRAW] = redraw,
    [ACTION_SUSPEND] = suspend,
    [ACTION_AUDIT] = app_show_audit,
};

/* False: it is no action. */
static bool act(struct app *app, enum action action, int64_t now_ms)
{
    if (acts[action]) acts[action](app, now_ms);
    return acts[action] || entry_act(&app->entry, action, now_ms) ||
           (app->hooks && app->hooks->act(app->hooks->self, action));
}

/* On a screen that is too small to see what one does, only these are allowed. */
static bool works_unseen(enum action action)
{
    return action == ACTION_QUIT || action == ACTION_SUSPEND || action == ACTION_REDRAW;
}

/* What can't be seen behind the letter that asked for it has to be asked for twice, and the second
 * time when the question stood there. */
static bool is_meant(struct app *app, enum action action)
{
    bool again = app->pressed == action;
    const char *question = action_question(action);
    app->pressed = question && !again ? action : ACTION_NONE;
    if (!app->pressed) return true;
    app->entry.said = question;
    app->entry.came_up = true;
    return false;
}

static void take_key(struct app *app, const struct keys_event *event, int64_t now_ms)
{
    uint32_t key = event->key;
    bool locked = app_locks_keys(app);
    enum view view = app_view(app);
    enum action action = action_of_key(key, view, locked);
    /* Counted wherever it is pressed. */
    if (locked && action_of_key(key, VIEW_FORM, true) == ACTION_SUBMIT) action = ACTION_SUBMIT;
    bool seen = !app_is_too_small() || works_unseen(action) || (locked && action == ACTION_SUBMIT);
    if (!seen || app_holds_back(app, event, action) || !is_meant(app, action)) return;
    if (action == ACTION_DELETE_BACK || action == ACTION_DELETE) app->change = HISTORY_ERASED;
    if (edits[action]) {
        edit(app, edits[action]);
    } else if (!act(app, action, now_ms) && !locked && app_focused(app)) {
        insert_key(app, key);
    }
}

static bool is_on_button(const struct app *app, const struct keys_event *event)
{
    const struct form_box *button = &app->layout.fields[form_button(&app->entry.form)];
    return event->y == button->y && event->x >= button->x && event->x < button->x + button->columns;
}

static void take_click(struct app *app, const struct keys_event *event, int64_t now_ms)
{
    if (app_view(app) != VIEW_FORM || app_is_too_small()) return;
    if (is_on_button(app, event)) {
        if (!app_holds_back(app, event, ACTION_SUBMIT)) act(app, ACTION_SUBMIT, now_ms);
    } else if (!entry_is_locked(&app->entry)) {
        form_click(&app->entry.form, &app->layout, event->y, event->x);
    }
}

bool app_is_submit(const struct app *app, const struct keys_event *event)
{
    if (event->type == KEYS_CLICKED) return is_on_button(app, event);
    return event->type == KEYS_PRESSED &&
           action_of_key(event->key, VIEW_FORM, true) == ACTION_SUBMIT;
}

static void take(struct app *app, const struct keys_event *event, int64_t now_ms)
{
    if (event->type != KEYS_PRESSED) app->pressed = ACTION_NONE;
    switch (event->type) {
    case KEYS_PRESSED:
        take_key(app, event, now_ms);
        break;
    case KEYS_PASTE_ENDED:
        app_paste_end(app);
        break;
    case KEYS_GARBLED: /* is told until it is set right */
    case KEYS_PASTED:  /* nothing yet */
        break;
    case KEYS_CLICKED:
        take_click(app, event, now_ms);
        break;
    case KEYS_WHEEL:
        if ((app_locks_keys(app) && !app->help) || app_is_too_small()) break;
        move(app, event->lines > 0, (size_t)(event->lines > 0 ? event->lines : -event->lines));
        break;
    }
}

static bool is_same_spot(struct form_spot a, struct form_spot b)
{
    return a.place == b.place && a.row == b.row && a.column == b.column;
}

void app_take(struct app *app, const struct keys_event *event, int64_t now_ms)
{
    /* What was typed before the first steps were seen is for the form, and they don't come up. */
    if (app->painted != VIEW_FIRST_STEPS && app->painted != VIEW_HELP) app->touched = true;
    if (app->keys.paste == KEYS_IN_PASTE) {
        app_paste_take(app, event);
        return;
    }
    char today[MOMENT_DAY_SIZE];
    moment_today(today);
    form_set_today(&app->entry.form, today);
    if (app->keys.events <= 1) app->entry.said = NULL; /* of what came before */
    app->change = HISTORY_CHANGED;
    app->stepped = false;
    app->entry.dirty = true;
    app_settle(app);
    struct form_spot before = form_spot(&app->entry.form);
    size_t lines = app->entry.form.grid.count;
    take(app, event, now_ms);
    bool same_lines =
        !form_is_rows(&app->entry.form, before.place) || app->entry.form.grid.count >= lines;
    if (same_lines && !app->stepped && !is_same_spot(before, form_spot(&app->entry.form)))
        entry_leave_spot(&app->entry, before, now_ms);
    if (!app->stepped) app_note(app, app->change);
    if (app_view(app) == VIEW_FORM && !entry_is_locked(&app->entry))
        entry_follow_typed(&app->entry, now_ms);
}
