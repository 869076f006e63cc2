#include "tui/app/app_state.h"

#include "tui/views/outbox.h"
#include "tui/views/recent.h"
#include "tui/views/record.h"
#include "tui/words/words.h"

#include <string.h>

static void forget_past(struct app *app)
{
    record_clear(&app->past);
    app->past = (struct record){0};
}

/* What is ours and in nobody's hands was left where the journal couldn't be told of its end: it is
 * free to be asked about again. A planted mistake has more than one in its hands. */
static void release_left(struct app *app)
{
    struct submitter_view own = app_submission(app);
    const char *at_hand = own.intent ? own.intent->key : "";
    for (size_t i = app->waiting.refused; !app->demo && i < app->waiting.count; i++) {
        const struct journal_entry *entry = &app->waiting.entries[i];
        bool left = entry->ours && strcmp(entry->key, at_hand) != 0 &&
                    strcmp(entry->key, resume_key(&app->resume)) != 0;
        if (left &&
            journal_release(app->context.journal, entry->key, entry->fingerprint) == JOURNAL_OK)
            resume_look(&app->resume);
    }
}

static void look(struct app *app, int64_t now_ms)
{
    waiting_look(&app->waiting, app->refused, now_ms);
    release_left(app);
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
    if (app->aside == VIEW_OUTBOX) {
        app_open_refusal(app);
        return;
    }
    const struct json *record = recent_selected(&app->recent);
    forget_past(app);
    struct json *own = record ? json_copy(record) : NULL;
    if (!own) return;
    bool believed = record_believe(&app->past, &INVOICE, own);
    app->past.document.own = own;
    if (!believed) return;
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
    if (app->aside == VIEW_STANDING || app->aside == VIEW_REFUSED) {
        bool standing = app->aside == VIEW_STANDING;
        if (!standing) app_forget_refusal(app);
        app->aside = standing ? VIEW_REFUSED : VIEW_OUTBOX;
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
    size_t refused = app->waiting.refused;
    look(app, now_ms);
    changed = changed || app->waiting.refused != refused;
    if (!app->waiting.news) return changed || app->aside == VIEW_OUTBOX;
    resume_tell(&app->resume, app->waiting.news);
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
        .count = app->recent.shown_count,
        .selected = app->recent.selected,
        .more = app->recent.newest.next,
        .asking = recent_is_asking(&app->recent),
        .trouble = app->recent.trouble,
    });
}

static void paint_outbox(struct app *app)
{
    outbox_paint(&(struct outbox_view){
        .entries = app->waiting.entries,
        .count = app->waiting.count,
        .refused = app->waiting.refused,
        .selected = waiting_selected(&app->waiting),
        .own_key = resume_is_sending(&app->resume) ? resume_key(&app->resume) : "",
        .trouble = app->waiting.trouble,
    });
}

void app_paint_aside(struct app *app)
{
    const struct record_view past = {.record = &app->past, .heading = _("Invoice")};
    const struct record_view standing = {.record = &app->refusal.original,
                                         .heading = _("The original invoice")};
    if (app->aside == VIEW_RECENT) paint_recent(app);
    if (app->aside == VIEW_OUTBOX) paint_outbox(app);
    if (app->aside == VIEW_PAST) record_paint(&past, &app->scroll);
    if (app->aside == VIEW_REFUSED) app_paint_refusal(app);
    if (app->aside == VIEW_STANDING) record_paint(&standing, &app->scroll);
    if (app->aside == VIEW_AUDIT) app_demo_paint_audit(app);
}
