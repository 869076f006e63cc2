#include "tui/form/entry.h"

#include "protocol/client/journal/journal_last.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"
#include "tui/form/facts.h"
#include "tui/form/moment.h"
#include "tui/form/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void forget(struct entry *entry)
{
    record_clear(&entry->record);
    document_clear(&entry->typed);
    entry->record = (struct record){0};
    entry->typed = (struct document){0};
    entry->has_record = false;
}

static void keep_record(struct entry *entry, const struct json *json)
{
    struct json *own = json ? json_copy(json) : NULL;
    entry->has_record = own && record_believe(&entry->record, entry->options->resource, own);
    entry->record.document.own = own;
}

static void keep_typed(struct entry *entry, const struct intent *intent)
{
    struct violations ignored = {0};
    struct json *own = json_copy(intent->json);
    if (own) document_read_partial(&entry->typed, entry->options->resource, own, &ignored);
    entry->typed.own = own;
    violations_clear(&ignored);
}

void entry_start_clean(struct entry *entry)
{
    char today[MOMENT_DAY_SIZE];
    moment_today(today);
    entry->cleaned = true;
    entry->form.proposes = !entry->options->plain;
    habits_renew(&entry->habits);
    if (!form_start(&entry->form, entry->options->resource, today)) entry->failed = true;
    if (entry->last_number && !form_suggest_number(&entry->form, entry->last_number))
        entry->failed = true;
}

void entry_start_anew(struct entry *entry)
{
    entry_start_clean(entry);
    history_clear(&entry->history);
}

bool entry_follow_day(struct entry *entry)
{
    char today[MOMENT_DAY_SIZE];
    moment_today(today);
    if (entry_is_locked(entry) || !form_follow_day(&entry->form, today)) return false;
    form_follow_first_day(&entry->form);
    return true;
}

static void keep_number(struct entry *entry, const char *number)
{
    free(entry->last_number);
    entry->last_number = strdup(number);
}

/* What the last record has leads on to what a clean form suggests. */
static void follow(struct entry *entry, enum field_start start, const char *last,
                   struct text_field *field)
{
    if (start == START_NEXT && *last) {
        keep_number(entry, last);
        if (!form_suggest_number(&entry->form, last)) entry->failed = true;
    }
    if (start == START_SAME && *last && field->fresh) text_field_suggest(field, last);
}

void entry_follow_last(struct entry *entry)
{
    char problem[JSON_PROBLEM_MAX];
    char *body = journal_last_created(entry->context.journal, entry->options->resource->name);
    struct json *json = body ? json_read_object(body, strlen(body), problem) : NULL;
    for (size_t i = 0; json && i < form_button(&entry->form); i++) {
        const struct field *field = form_field(&entry->form, i);
        follow(entry, field->start, fact_in(field, json), &entry->form.fields[i]);
    }
    json_free(json);
    free(body);
}

void entry_follow_settled(struct entry *entry)
{
    if (entry->options->plain || entry->options->prefill) return; /* asked for already, or given */
    if (entry->seen == SUBMISSION_EDITING && form_is_blank(&entry->form)) entry_follow_last(entry);
}

static void show_rejection(struct entry *entry, const struct submitter_view *view)
{
    if (view->violations && view->violations->count > 0) {
        form_complain(&entry->form, view->violations);
        return;
    }
    if (view->submission.attempts == 0) {
        /* Its number is held: another one is a way out, to settle what holds it the other. */
        form_focus_name(&entry->form);
        resume_look(&entry->resume);
        entry_judge_number(entry, clock_monotonic_ms());
        if (entry_number_is_held(entry)) return;
    }
    char *sentence = status_refusal(entry->options->resource, view);
    form_set_message(&entry->form, sentence);
    free(sentence);
}

static void show_conflict(struct entry *entry, const struct submitter_view *view)
{
    keep_record(entry, view->problem ? json_member(view->problem, "existing") : NULL);
    keep_typed(entry, view->intent);
    form_focus_name(&entry->form);
}

/* Once the journal has the intent, no draft is needed; what was refused is one again. */
static void keep_draft(struct entry *entry, enum submission_state now)
{
    int64_t now_ms = clock_monotonic_ms();
    if (now == SUBMISSION_RECORDED || now == SUBMISSION_CREATED) draft_sent(&entry->draft, now_ms);
    if (now == SUBMISSION_CONFLICT || now == SUBMISSION_REJECTED)
        draft_changed(&entry->draft, now_ms);
}

static bool is_refused(enum submission_state state)
{
    return state == SUBMISSION_CONFLICT || state == SUBMISSION_REJECTED;
}

void entry_see_refused(struct entry *entry, bool leaving)
{
    bool typed = is_refused(entry->seen) ||
                 (entry->seen == SUBMISSION_EDITING && !form_is_blank(&entry->form));
    if (!*entry->refused || (is_refused(entry->seen) && !leaving)) return;
    if ((entry->draft.kept || !typed) &&
        journal_see(entry->context.journal, entry->refused) == JOURNAL_OK)
        entry->refused[0] = '\0';
}

/* A refusal that came from the server; one of our own is in no journal. */
static void keep_refused(struct entry *entry, const struct submitter_view *view)
{
    if (!is_refused(view->submission.state) || view->submission.attempts == 0) return;
    snprintf(entry->refused, sizeof entry->refused, "%s", view->intent->key);
}

bool entry_follow(struct entry *entry)
{
    struct submitter_view view = entry_submission(entry);
    enum submission_state now = view.submission.state;
    if (now == entry->seen) return false;
    bool was_shown = entry->seen == SUBMISSION_CREATED || entry->seen == SUBMISSION_CONFLICT;
    if (was_shown) forget(entry);
    if (now == SUBMISSION_LOCKED) entry->late_presses = 0;
    if (now == SUBMISSION_REJECTED) show_rejection(entry, &view);
    if (now == SUBMISSION_CONFLICT) show_conflict(entry, &view);
    if (now == SUBMISSION_CREATED) {
        keep_record(entry, view.record);
        keep_number(entry, view.intent->name);
        entry_start_anew(entry);
    }
    keep_draft(entry, now);
    entry->seen = now;
    entry_see_refused(entry, false);
    keep_refused(entry, &view);
    entry->seen_locked = entry_is_locked(entry);
    entry->dirty = true;
    return true;
}
