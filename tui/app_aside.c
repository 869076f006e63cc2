#include "tui/app_state.h"

#include "tui/views/outbox.h"
#include "tui/views/recent.h"
#include "tui/views/record.h"
#include "tui/words.h"

static void forget_past(struct app *app)
{
    invoice_record_clear(&app->past);
    app->past = (struct invoice_record){0};
}

static void look(struct app *app, int64_t now_ms)
{
    struct submitter_view own = app_submission(app);
    bool at_it = own.intent && app_is_locked(app);
    waiting_look(&app->waiting, at_it ? own.intent->key : "", resume_key(&app->resume), now_ms);
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
    look(app, now_ms);
}

void app_show_audit(struct app *app, int64_t now_ms)
{
    (void)now_ms;
    if (!app->demo) return;
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
    json_t *record = recent_selected(&app->recent);
    forget_past(app);
    if (!record || !invoice_record_read(&app->past, record)) return;
    app->aside = VIEW_PAST;
    app->scroll = 0;
}

void app_resume_now(struct app *app, int64_t now_ms)
{
    if (app->seen == SUBMISSION_UNCONFIRMED) { /* the one that stands below is the first to go */
        app_close_aside(app);
        submitter_try_now(app->submitter, now_ms);
    }
    resume_look(&app->resume);
    look(app, now_ms);
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
    recent_close(&app->recent);
    app->aside = VIEW_FORM;
    return true;
}

bool app_advance_aside(struct app *app, int64_t now_ms)
{
    recent_advance(&app->recent, now_ms);
    bool changed = app->recent.news;
    app->recent.news = false;
    if (now_ms < app->waiting.due_ms) return changed;
    look(app, now_ms);
    if (!app->waiting.news) return changed || app->aside == VIEW_OUTBOX;
    resume_tell(&app->resume, app->waiting.news, now_ms);
    app->waiting.news = NULL;
    app_follow_settled(app);
    return true;
}

int64_t app_aside_due_ms(const struct app *app)
{
    int64_t recent = app->recent.news ? 0 : recent_due_ms(&app->recent);
    return recent < app->waiting.due_ms ? recent : app->waiting.due_ms;
}

static void paint_recent(struct app *app)
{
    recent_paint(&(struct recent_view){
        .search = &app->recent.search,
        .records = app->recent.shown,
        .selected = app->recent.selected,
        .more = app->recent.newest.next,
        .asking = recent_is_asking(&app->recent),
        .trouble = app->recent.trouble,
    });
}

static void paint_outbox(struct app *app)
{
    const struct outbox_view shown = {
        .entries = app->waiting.entries,
        .count = app->waiting.count,
        .own_key = resume_key(&app->resume),
        .trouble = app->waiting.trouble,
    };
    outbox_paint(&shown, &app->scroll);
}

void app_paint_aside(struct app *app)
{
    const struct record_view past = {.record = &app->past, .heading = _("Invoice")};
    if (app->aside == VIEW_RECENT) paint_recent(app);
    if (app->aside == VIEW_OUTBOX) paint_outbox(app);
    if (app->aside == VIEW_PAST) record_paint(&past, &app->scroll);
    if (app->aside == VIEW_AUDIT) app_demo_paint_audit(app);
}
