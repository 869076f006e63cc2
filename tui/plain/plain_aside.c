#include "tui/plain/plain_state.h"

#include "protocol/wire/text.h"
#include "tui/form/facts.h"
#include "tui/words/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define GO_TO   '/'
#define WAIT_MS 5000 /* for what a list has to tell */

void plain_start_asides(struct plain *plain)
{
    recent_start(&plain->recent, plain->entry.options->resource, plain->entry.context.courier);
}

void plain_stop_asides(struct plain *plain)
{
    if (plain->recent.resource) recent_stop(&plain->recent);
    record_clear(&plain->past);
    refusal_forget(&plain->refusal);
}

enum view plain_view(const struct plain *plain)
{
    return plain->aside != VIEW_FORM ? plain->aside : entry_view(&plain->entry);
}

static void show(struct plain *plain, enum view view, int64_t now_ms)
{
    plain->aside = view;
    plain->told_aside = false;
    plain->aside_until_ms = now_ms + WAIT_MS;
}

void plain_leave_aside(struct plain *plain)
{
    recent_close(&plain->recent);
    plain->aside = VIEW_FORM;
}

static void open_recent(struct plain *plain, int64_t now_ms)
{
    plain_open_recent(plain, now_ms);
    show(plain, VIEW_RECENT, now_ms);
}

/* What is there already is told at once. */
static void open_outbox(struct plain *plain, int64_t now_ms)
{
    entry_look(&plain->entry, now_ms);
    show(plain, VIEW_OUTBOX, now_ms);
    plain->aside_until_ms = now_ms;
}

static bool says(const char *answer, const char *word)
{
    char *one = text_fold(answer), *other = text_fold(word);
    bool same = one && other && strcmp(one, other) == 0;
    free(one);
    free(other);
    return same;
}

bool plain_opens_aside(struct plain *plain, const char *answer, int64_t now_ms)
{
    if (*answer != GO_TO) return false;
    bool recent = says(answer + 1, "recent") || says(answer + 1, _("Recent"));
    bool outbox = says(answer + 1, "outbox") || says(answer + 1, C_("key", "Outbox"));
    if (recent) open_recent(plain, now_ms);
    if (outbox) open_outbox(plain, now_ms);
    return recent || outbox;
}

/* --- what can be done there --- */

static void go_back(struct plain *plain, int64_t now_ms)
{
    if (plain->aside == VIEW_PAST)
        show(plain, VIEW_RECENT, now_ms);
    else if (plain->aside == VIEW_REFUSED)
        open_outbox(plain, now_ms);
    else
        plain_leave_aside(plain);
}

static void start_from_past(struct plain *plain, bool credit, int64_t now_ms)
{
    if (entry_start_from(&plain->entry, plain->past.document.json, credit, now_ms))
        plain_leave_aside(plain);
}

/* What was refused of it is asked for, or else its number. */
static void take_back(struct plain *plain, int64_t now_ms)
{
    bool complains = plain->refusal.violations.count > 0;
    if (!refusal_take_back(&plain->refusal, &plain->entry, now_ms)) return;
    plain_leave_aside(plain);
    plain->mending = true;
    if (complains) plain_mend(plain);
}

static void be_done_with_it(struct plain *plain, int64_t now_ms)
{
    if (refusal_see(&plain->refusal, &plain->entry)) open_outbox(plain, now_ms);
}

/* The one that stands below is the first to go. */
static void resume(struct plain *plain, int64_t now_ms)
{
    resume_look(&plain->entry.resume);
    if (plain->entry.seen != SUBMISSION_UNCONFIRMED) {
        show(plain, VIEW_OUTBOX, now_ms);
        return;
    }
    plain_leave_aside(plain);
    entry_act(&plain->entry, ACTION_TRY_NOW, now_ms);
    plain_begin_saving(plain);
}

static bool act_on_list(struct plain *plain, enum action action, int64_t now_ms)
{
    if (action == ACTION_RECENT)
        open_recent(plain, now_ms);
    else if (action == ACTION_OUTBOX)
        open_outbox(plain, now_ms);
    else if (action == ACTION_PAGE_DOWN)
        plain_go_on_recent(plain, now_ms);
    else if (action == ACTION_SORT)
        recent_sort(&plain->recent, now_ms);
    else if (action == ACTION_RESUME)
        resume(plain, now_ms);
    else
        return false;
    plain->told_aside = false;
    return true;
}

bool plain_act_aside(struct plain *plain, enum action action, int64_t now_ms)
{
    if (action == ACTION_SORT) plain->first = 0;
    if (action == ACTION_SORT || action == ACTION_PAGE_DOWN)
        plain->aside_until_ms = now_ms + WAIT_MS;
    if (act_on_list(plain, action, now_ms)) return true;
    if (plain->aside == VIEW_FORM) return false;
    if (action == ACTION_BACK)
        go_back(plain, now_ms);
    else if (action == ACTION_AGAIN || action == ACTION_CREDIT)
        start_from_past(plain, action == ACTION_CREDIT, now_ms);
    else if (action == ACTION_TAKE_BACK)
        take_back(plain, now_ms);
    else if (action == ACTION_SEEN)
        be_done_with_it(plain, now_ms);
    else if (action == ACTION_SHOW_ORIGINAL && plain->refusal.has_original)
        plain_tell_record(plain->refusal.resource, &plain->refusal.original,
                          fact_word(plain->refusal.resource, WORD_ORIGINAL), NULL);
    return true;
}

/* --- what is told, and picked --- */

static bool is_sending(const struct plain *plain)
{
    const struct waiting *waiting = &plain->entry.waiting;
    return waiting->count > waiting->refused;
}

bool plain_waits_aside(const struct plain *plain, int64_t now_ms)
{
    if (plain->told_aside || now_ms >= plain->aside_until_ms) return false;
    return (plain->aside == VIEW_RECENT && recent_is_asking(&plain->recent)) ||
           (plain->aside == VIEW_OUTBOX && is_sending(plain));
}

void plain_tell_aside(struct plain *plain)
{
    if (plain->told_aside) return;
    plain->told_aside = true;
    if (plain->aside == VIEW_RECENT) plain_tell_recent(plain);
    if (plain->aside == VIEW_PAST)
        plain_tell_record(plain->recent.resource, &plain->past,
                          fact_word(plain->recent.resource, WORD_ONE), NULL);
    if (plain->aside == VIEW_OUTBOX) plain_tell_outbox(plain);
    if (plain->aside == VIEW_REFUSED) plain_tell_refusal(plain);
}

const char *plain_aside_choices(const struct plain *plain)
{
    bool has_list = plain->aside == VIEW_RECENT && plain->recent.shown_count > 0;
    if (has_list) return _("a number Open, /text Search, ");
    if (plain->aside == VIEW_RECENT) return _("/text Search, ");
    return plain->aside == VIEW_OUTBOX && plain->entry.waiting.refused > 0 ? _("a number Open, ")
                                                                           : NULL;
}

void plain_answer_aside(struct plain *plain, const char *answer, int64_t now_ms)
{
    char *end = NULL;
    unsigned long number = isdigit((unsigned char)*answer) ? strtoul(answer, &end, 10) : 0;
    bool is_number = end && *end == '\0' && number > 0;
    if (plain->aside == VIEW_RECENT && *answer == GO_TO) {
        if (!plain_is_readable(answer)) return;
        plain_search_recent(plain, answer + 1, now_ms);
        show(plain, VIEW_RECENT, now_ms);
    } else if (plain->aside == VIEW_RECENT && is_number) {
        plain_pick_recent(plain, number - 1);
    } else if (plain->aside == VIEW_OUTBOX && is_number) {
        plain_pick_outbox(plain, number - 1);
    }
}
