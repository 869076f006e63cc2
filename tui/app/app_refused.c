/* A refusal of an intent that nobody was looking at, opened from the outbox: shown, taken back into
 * the form, or done with. */
#include "tui/app/app_state.h"

#include "protocol/wire/json.h"
#include "tui/form/status.h"
#include "tui/views/conflict.h"
#include "tui/views/refused.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void app_forget_refusal(struct app *app)
{
    struct refusal *refusal = &app->refusal;
    record_clear(&refusal->original);
    document_clear(&refusal->typed);
    violations_clear(&refusal->violations);
    json_free(refusal->problem);
    *refusal = (struct refusal){0};
}

static bool read_typed(struct app *app, const struct journal_entry *entry, struct document *typed)
{
    struct violations ignored = {0};
    struct intent *intent = NULL;
    struct json *own = NULL;
    if (journal_read_intent(app->entry.context.journal, entry->key, entry->fingerprint, &intent) ==
            JOURNAL_OK &&
        intent)
        own = json_copy(intent->json);
    if (own) app->refusal.resource = intent->kind;
    bool read = own && document_read_partial(typed, intent->kind, own, &ignored);
    typed->own = own;
    violations_clear(&ignored);
    intent_free(intent);
    return read;
}

static void read_problem(struct app *app, const char *result)
{
    struct refusal *refusal = &app->refusal;
    char unreadable[JSON_PROBLEM_MAX];
    refusal->problem = result ? json_read_object(result, strlen(result), unreadable) : NULL;
    if (!refusal->problem) return;
    refusal->has_original = record_believe(&refusal->original, refusal->resource,
                                           json_member(refusal->problem, "existing"));
    violations_from_json(json_member(refusal->problem, "errors"), &refusal->violations);
}

void app_open_refusal(struct app *app)
{
    const struct waiting *waiting = &app->entry.waiting;
    size_t at = waiting_selected(waiting);
    if (at >= waiting->refused) return; /* what is sent again by itself shows all there is */
    const struct journal_entry *entry = &waiting->entries[at];
    struct refusal *refusal = &app->refusal;
    app_forget_refusal(app);
    if (!read_typed(app, entry, &refusal->typed)) {
        app->entry.said = _("it can't be read: it was made by a newer invonce");
        return;
    }
    snprintf(refusal->key, sizeof refusal->key, "%s", entry->key);
    refusal->state = entry->state == JOURNAL_CONFLICT ? SUBMISSION_CONFLICT : SUBMISSION_REJECTED;
    read_problem(app, entry->result);
    app->aside = VIEW_REFUSED;
    app->scroll = 0;
}

/* As if it had just come about in the form. */
static struct submitter_view view_of(const struct refusal *refusal)
{
    return (struct submitter_view){.submission.state = refusal->state,
                                   .submission.attempts = 1,
                                   .problem = refusal->problem,
                                   .why = ""};
}

bool app_see_refusal(struct app *app)
{
    bool seen = journal_see(app->entry.context.journal, app->refusal.key) == JOURNAL_OK;
    if (!seen) app->entry.said = _("the journal can't be written");
    return seen;
}

void app_take_back(struct app *app, int64_t now_ms)
{
    struct refusal *refusal = &app->refusal;
    if (refusal->resource != app->entry.options->resource) {
        app->entry.said = _("it has a form of its own: see --resource");
        return;
    }
    if (!entry_form_is_free(&app->entry)) {
        app->entry.said = _("the form holds another invoice: finish that one first");
        return;
    }
    submitter_renew(app->entry.submitter);
    app_follow(app);
    entry_start_clean(&app->entry);
    if (!form_prefill(&app->entry.form, &refusal->typed.values)) app->entry.failed = true;
    form_focus_name(&app->entry.form);
    if (refusal->violations.count > 0) form_complain(&app->entry.form, &refusal->violations);
    snprintf(app->entry.refused, sizeof app->entry.refused, "%s",
             refusal->key); /* seen, once it is a draft */
    draft_changed(&app->entry.draft, now_ms);
    app_forget_refusal(app);
    app->aside = VIEW_FORM;
    app->scroll = 0;
    app->entry.waiting.due_ms = now_ms;
}

void app_view_refusing_original(struct app *app)
{
    struct refusal *refusal = &app->refusal;
    if (!refusal->has_original) return;
    app->aside = VIEW_STANDING;
    app->scroll = 0;
}

void app_paint_refusal(struct app *app)
{
    const struct refusal *refusal = &app->refusal;
    if (refusal->state == SUBMISSION_CONFLICT) {
        const struct record *original = refusal->has_original ? &refusal->original : NULL;
        char *same = status_same(refusal->resource, original, refusal->typed.json);
        conflict_paint(&(struct conflict_view){
            .resource = refusal->resource,
            .original = original,
            .typed = &refusal->typed.values,
            .sentence = status_conflict(refusal->resource, refusal->problem),
            .advice = same ? same : status_conflict_taken_back(refusal->resource, refusal->problem),
        });
        free(same);
        return;
    }
    struct submitter_view view = view_of(refusal);
    char *sentence = status_refusal(refusal->resource, &view);
    refused_paint(&(struct refused_view){
        .resource = refusal->resource,
        .typed = &refusal->typed.values,
        .sentence = sentence ? sentence : "",
        .violations = &refusal->violations,
    });
    free(sentence);
}
