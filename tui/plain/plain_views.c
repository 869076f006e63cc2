#include "tui/plain/plain_state.h"

#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"
#include "tui/form/facts.h"
#include "tui/form/moment.h"
#include "tui/form/status.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- what came about --- */

static void tell_created(struct entry *entry, const struct submitter_view *view)
{
    const char *sentence = status_created(view, entry->late_presses);
    plain_tell_record(view->intent->kind, &entry->record,
                      fact_word(view->intent->kind, WORD_CREATED), sentence);
    plain_say_fact(_("Key"), view->intent->key);
    plain_say(
        words_plural("%u attempt, 1 record", "%u attempts, 1 record", view->submission.attempts),
        view->submission.attempts);
}

static void tell_conflict(const struct entry *entry, const struct submitter_view *view)
{
    const struct document typed = {.values = entry->typed.values, .json = view->intent->json};
    plain_tell_conflict(&(struct plain_conflict){
        .kind = view->intent->kind,
        .problem = view->problem,
        .original = entry->has_record ? &entry->record : NULL,
        .typed = &typed,
        .advice = status_conflict_advice(view->intent->kind, view->problem),
    });
}

static void tell_unconfirmed(const struct submitter_view *view)
{
    char *sentence = status_unconfirmed(view);
    plain_say("%s", _("Not confirmed"));
    if (sentence) plain_say("%s", sentence);
    free(sentence);
    for (size_t i = 0; status_unconfirmed_advice(i); i++)
        plain_say("%s", status_unconfirmed_advice(i));
    if (!view->submission.may_exist) plain_say("%s", status_away());
    plain_say_fact(_("Key"), view->intent->key);
    char *why = words_retold(view->why);
    plain_say_fact(_("The last"), why);
    free(why);
}

/* Each that is wrong is said with its question. */
static void tell_rejected(struct plain *plain)
{
    struct form *form = &plain->entry.form;
    char names[STATUS_SIZE];
    form_name_complaints(form, names, sizeof names);
    plain_say("%s%s%s", status_word(entry_told_state(&plain->entry)), *names ? ": " : "", names);
    if (form->message) plain_say("%s", form->message);
    plain_mend(plain);
    const struct text_field *field = form_focused(form);
    if (field && field->complaint) plain_say("%s", field->complaint);
}

static void tell_offer(const struct entry *entry)
{
    char problem[JSON_PROBLEM_MAX];
    char utc[CLOCK_TEXT_SIZE];
    char at[MOMENT_SIZE];
    const struct fields *fields = &entry->options->resource->fields;
    const char *body = entry->draft.offer.body;
    struct json *draft = json_read_object(body, strlen(body), problem);
    clock_format(entry->draft.offer.saved_ms, utc);
    moment_local(utc, at);
    plain_say(_("A draft was kept, %s. It was not sent, and you can go on with it."), at);
    for (size_t i = 0; i < fields->count; i++)
        if (fact_stands_alone(&fields->items[i]))
            plain_say_fact(_(fields->items[i].label), fact_in(&fields->items[i], draft));
    json_free(draft);
}

void plain_tell_view(struct plain *plain)
{
    struct entry *entry = &plain->entry;
    struct submitter_view view = entry_submission(entry);
    switch (entry_view(entry)) {
    case VIEW_FORM:
        if (view.submission.state == SUBMISSION_REJECTED) tell_rejected(plain);
        break;
    case VIEW_RECORD:
        tell_created(entry, &view);
        break;
    case VIEW_CONFLICT:
        tell_conflict(entry, &view);
        break;
    case VIEW_UNCONFIRMED:
        tell_unconfirmed(&view);
        break;
    case VIEW_OFFER:
        tell_offer(entry);
        break;
    case VIEW_ORIGINAL:
    case VIEW_RECENT:
    case VIEW_PAST:
    case VIEW_OUTBOX:
    case VIEW_REFUSED:
    case VIEW_STANDING:
    case VIEW_AUDIT:
    case VIEW_FIRST_STEPS:
    case VIEW_HELP:
    case VIEWS:
        break;
    }
}

/* --- what can be done there --- */

/* The letters are those of the screen's keys, where it has some. */
static const struct {
    enum view view;
    char letter;
    enum action action;
    const char *words; /* NULL: WORD_NEW */
} choices[] = {
    {VIEW_RECORD, 'n', ACTION_NEW_INVOICE, NULL},
    {VIEW_RECORD, 'd', ACTION_AGAIN, N_("Again")},
    {VIEW_RECORD, 'c', ACTION_CREDIT, N_("Credit")},
    {VIEW_RECORD, 's', ACTION_RECENT, N_("Recent")},
    {VIEW_RECORD, 'o', ACTION_OUTBOX, NC_("key", "Outbox")},
    {VIEW_RECENT, 'm', ACTION_PAGE_DOWN, N_("More")},
    {VIEW_RECENT, 'g', ACTION_SORT, N_("Order")},
    {VIEW_RECENT, 'b', ACTION_BACK, N_("Back")},
    {VIEW_PAST, 'd', ACTION_AGAIN, N_("Again")},
    {VIEW_PAST, 'c', ACTION_CREDIT, N_("Credit")},
    {VIEW_PAST, 'b', ACTION_BACK, N_("Back")},
    {VIEW_OUTBOX, 'r', ACTION_RESUME, N_("Resume now")},
    {VIEW_OUTBOX, 'b', ACTION_BACK, N_("Back")},
    {VIEW_REFUSED, 't', ACTION_TAKE_BACK, N_("Take back")},
    {VIEW_REFUSED, 'a', ACTION_SEEN, N_("Acknowledge")},
    {VIEW_REFUSED, 'v', ACTION_SHOW_ORIGINAL, N_("View the original")},
    {VIEW_REFUSED, 'b', ACTION_BACK, N_("Back")},
    {VIEW_CONFLICT, 'e', ACTION_EDIT, N_("Back to the form")},
    {VIEW_CONFLICT, 'v', ACTION_SHOW_ORIGINAL, N_("View the original")},
    {VIEW_CONFLICT, 'n', ACTION_NEW_INVOICE, NULL},
    {VIEW_CONFLICT, 's', ACTION_RECENT, N_("Recent")},
    {VIEW_CONFLICT, 'o', ACTION_OUTBOX, NC_("key", "Outbox")},
    {VIEW_UNCONFIRMED, 't', ACTION_TRY_NOW, N_("Try again now")},
    {VIEW_UNCONFIRMED, 'k', ACTION_KEEP, N_("Keep in the outbox")},
    {VIEW_UNCONFIRMED, 's', ACTION_RECENT, N_("Recent")},
    {VIEW_UNCONFIRMED, 'o', ACTION_OUTBOX, NC_("key", "Outbox")},
    {VIEW_OFFER, 'r', ACTION_RECOVER, N_("Recover")},
    {VIEW_OFFER, 'd', ACTION_DISCARD, N_("Discard")},
    {VIEW_OFFER, 'l', ACTION_LATER, N_("Later")},
    {VIEW_RECORD, 'q', ACTION_QUIT, N_("Quit")},
    {VIEW_CONFLICT, 'q', ACTION_QUIT, N_("Quit")},
    {VIEW_UNCONFIRMED, 'q', ACTION_QUIT, N_("Quit")},
    {VIEW_OFFER, 'q', ACTION_QUIT, N_("Quit")},
};

#define QUESTION_SIZE 400
#define CHOICES       (sizeof choices / sizeof choices[0])

static const char *words_of(const struct plain *plain, size_t choice)
{
    const char *words = choices[choice].words;
    return words ? _(words) : fact_word(plain->entry.options->resource, WORD_NEW);
}

/* One write: a screen reader reads what comes at once as one. */
void plain_ask_choice(const struct plain *plain)
{
    enum view view = plain_view(plain);
    const char *others = plain_aside_choices(plain);
    char question[QUESTION_SIZE] = "";
    size_t used = 0;
    for (size_t i = 0; i < CHOICES && used < sizeof question; i++) {
        if (choices[i].view != view) continue;
        int length = snprintf(question + used, sizeof question - used, "%s%c %s", used ? ", " : "",
                              choices[i].letter, words_of(plain, i));
        used += length > 0 ? (size_t)length : 0;
    }
    plain_prompt("%s%s: ", others ? others : "", question);
}

static void carry_out(struct plain *plain, enum action action, int64_t now_ms)
{
    struct entry *entry = &plain->entry;
    if (plain_act_aside(plain, action, now_ms)) return;
    if (action == ACTION_SHOW_ORIGINAL) {
        plain->warned = false;
        if (entry->has_record)
            plain_tell_record(entry->options->resource, &entry->record,
                              fact_word(entry->options->resource, WORD_ORIGINAL), NULL);
        return;
    }
    bool throws = action == ACTION_DISCARD ||
                  (action == ACTION_NEW_INVOICE && entry_view(entry) == VIEW_CONFLICT);
    plain->warned = throws && !plain->warned && isatty(STDIN_FILENO);
    if (plain->warned) {
        plain_say("%s", _("That throws away what was typed: the same answer again does it."));
        return;
    }
    entry_act(entry, action, now_ms);
    if (action == ACTION_TRY_NOW) plain_begin_saving(plain);
    plain->mending = action == ACTION_EDIT;
}

/* What the answer could not do. */
static void tell_said(struct plain *plain)
{
    if (plain->entry.said) plain_say("%s", plain->entry.said);
    plain->entry.said = NULL;
}

/* An empty answer does nothing, as Enter does in these views. */
void plain_answer_choice(struct plain *plain, const char *answer, int64_t now_ms)
{
    enum view view = plain_view(plain);
    char letter = *answer && answer[1] == '\0' ? (char)(*answer | 0x20) : '\0';
    plain->entry.said = NULL;
    for (size_t i = 0; i < CHOICES; i++) {
        if (choices[i].view != view || choices[i].letter != letter) continue;
        carry_out(plain, choices[i].action, now_ms);
        tell_said(plain);
        return;
    }
    plain->warned = false;
    plain_answer_aside(plain, answer, now_ms);
    tell_said(plain);
}
