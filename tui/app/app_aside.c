#include "tui/app/app_state.h"
#include "tui/form/facts.h"

#include "tui/views/outbox.h"
#include "tui/views/recent.h"
#include "tui/views/record.h"
#include "tui/words/words.h"

#include <assert.h>

static void forget_past(struct app *app)
{
    record_clear(&app->past);
    app->past = (struct record){0};
}

void app_show_recent(struct app *app, int64_t now_ms)
{
    app->aside = VIEW_RECENT;
    app->scroll = 0;
    recent_open(&app->recent, now_ms);
    history_clear(&app->searched);
}

void app_show_outbox(struct app *app, int64_t now_ms)
{
    recent_close(&app->recent);
    app->aside = VIEW_OUTBOX;
    app->scroll = 0;
    entry_look(&app->entry, now_ms);
}

void app_show_audit(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    if (!app->hooks) return;
    if (app->aside == VIEW_AUDIT) {
        app_close_aside(app);
        return;
    }
    recent_close(&app->recent);
    app->aside = VIEW_AUDIT;
    app->scroll = 0;
}

void app_open_past(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    if (app->aside == VIEW_OUTBOX) {
        app_open_refusal(app);
        return;
    }
    const struct json *record = recent_selected(&app->recent);
    forget_past(app);
    struct json *own = record ? json_copy(record) : NULL;
    if (!own) return;
    bool believed = record_believe(&app->past, app->entry.options->resource, own);
    app->past.document.own = own;
    if (!believed) return;
    app->aside = VIEW_PAST;
    app->scroll = 0;
}

void app_resume_now(struct app *app, int64_t now_ms)
{
    if (app->entry.seen ==
        SUBMISSION_UNCONFIRMED) { /* the one that stands below is the first to go */
        app_close_aside(app);
        submitter_try_now(app->entry.submitter, now_ms);
    }
    resume_look(&app->entry.resume);
    entry_look(&app->entry, now_ms);
}

bool app_close_aside(struct app *app)
{
    if (app->aside == VIEW_FORM) return false;
    app->scroll = 0;
    if (app->aside == VIEW_PAST) {
        forget_past(app);
        app->aside = VIEW_RECENT;
        return true;
    }
    if (app->aside == VIEW_STANDING || app->aside == VIEW_REFUSED) {
        bool standing = app->aside == VIEW_STANDING;
        if (!standing) refusal_forget(&app->refusal);
        app->aside = standing ? VIEW_REFUSED : VIEW_OUTBOX;
        return true;
    }
    recent_close(&app->recent);
    app->aside = VIEW_FORM;
    return true;
}

void app_leave_refusal(struct app *app, int64_t now_ms)
{
    if (!refusal_see(&app->refusal, &app->entry)) return;
    refusal_forget(&app->refusal);
    app_show_outbox(app, now_ms);
}

void app_sort_recent(struct app *app, int64_t now_ms)
{
    recent_sort(&app->recent, now_ms);
}

static void paint_recent(struct app *app)
{
    recent_paint(&(struct recent_view){
        .resource = app->recent.resource,
        .search = &app->recent.search,
        .records = app->recent.shown,
        .count = app->recent.shown_count,
        .selected = app->recent.selected,
        .more = recent_has_more(&app->recent),
        .chosen = app->recent.chosen,
        .order = recent_order_words(&app->recent),
        .sums = &app->recent.sums,
        .asking = recent_is_asking(&app->recent),
        .trouble = app->recent.trouble,
    });
}

static void paint_outbox(struct app *app)
{
    outbox_paint(&(struct outbox_view){
        .entries = app->entry.waiting.entries,
        .count = app->entry.waiting.count,
        .refused = app->entry.waiting.refused,
        .selected = waiting_selected(&app->entry.waiting),
        .own_key = resume_is_sending(&app->entry.resume) ? resume_key(&app->entry.resume) : "",
        .trouble = app->entry.waiting.trouble,
    });
}

void app_paint_aside(struct app *app)
{
    const struct resource *resource = app->entry.options->resource;
    assert(app->aside != VIEW_AUDIT || app->hooks); /* nobody else opens it */
    const struct record_view past = {resource, .record = &app->past,
                                     .heading = fact_word(resource, WORD_ONE)};
    const struct record_view standing = {app->refusal.resource, .record = &app->refusal.original,
                                         .heading = fact_word(resource, WORD_ORIGINAL)};
    if (app->aside == VIEW_RECENT) paint_recent(app);
    if (app->aside == VIEW_OUTBOX) paint_outbox(app);
    if (app->aside == VIEW_PAST) record_paint(&past, &app->scroll);
    if (app->aside == VIEW_REFUSED) app_paint_refusal(app);
    if (app->aside == VIEW_STANDING) record_paint(&standing, &app->scroll);
    if (app->aside == VIEW_AUDIT) app->hooks->paint_view(app->hooks->self, app);
}
