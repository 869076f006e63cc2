#include "tui/plain/plain_state.h"

#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"
#include "tui/form/comparison.h"
#include "tui/form/facts.h"
#include "tui/form/moment.h"
#include "tui/form/status.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- what came about --- */

/* What is in a sentence of a row up to a gap, without the gap; "%%" is one. */
static const char *put_to_gap(FILE *out, const char *sentence)
{
    for (; *sentence; sentence++) {
        if (*sentence == '%' && *++sentence == 's') return sentence + 1;
        fputc(*sentence, out);
    }
    return sentence;
}

/* In the sentence of the row, or else one after the other. */
static void tell_line(const struct field *rows, const struct values_row *line, size_t number)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    const char *rest = rows->in_words ? _(rows->in_words) : NULL;
    if (!out) return;
    for (size_t i = 0; i < rows->columns.count; i++) {
        if (rest)
            rest = put_to_gap(out, rest);
        else if (i > 0)
            fputs(", ", out);
        fputs(fact_text(line->texts[i]), out);
    }
    if (rest) put_to_gap(out, rest);
    if (fclose(out) == 0) plain_say(_("Line %zu: %s"), number, text);
    free(text);
}

static void tell_merged(const struct record *record)
{
    char *merged = fact_merged(record->document.json);
    if (merged) plain_say("%s", merged);
    free(merged);
}

static void tell_origin(const struct record *record)
{
    char at[MOMENT_SIZE];
    moment_local(record->created_at, at);
    plain_say(_("Created by %s, %s"), fact_text(record->created_by), at);
}

static void tell_field(const struct resource *resource, const struct values *values, size_t i)
{
    const struct field *field = &resource->fields.items[i];
    if (field->kind == FIELD_ROWS)
        for (size_t row = 0; row < values->row_count; row++)
            tell_line(field, &values->rows[row], row + 1);
    else if (i == fact_of_total(resource))
        plain_say("%s  %s: %s", _(field->label), fact_currency(resource, values),
                  fact_text(values->texts[i]));
    else if (fact_stands_alone(field) || fact_is_sum(field))
        plain_say_fact(_(field->label), values->texts[i]);
}

static void tell_record(const struct entry *entry, const char *heading, const char *sentence)
{
    const struct resource *resource = entry->options->resource;
    plain_say("%s: %s", heading, fact_text(entry->record.id));
    if (sentence) plain_say("%s", sentence);
    tell_merged(&entry->record);
    for (size_t i = 0; i < resource->fields.count; i++)
        tell_field(resource, &entry->record.document.values, i);
    tell_origin(&entry->record);
}

static void tell_created(struct entry *entry, const struct submitter_view *view)
{
    const char *sentence = status_created(view, entry->late_presses);
    tell_record(entry, fact_word(view->intent->kind, WORD_CREATED), sentence);
    plain_say_fact(_("Key"), view->intent->key);
    plain_say(
        words_plural("%u attempt, 1 record", "%u attempts, 1 record", view->submission.attempts),
        view->submission.attempts);
}

/* The original and what was typed, where they differ, and where not, once. */
static void tell_comparison(const struct entry *entry)
{
    struct comparison comparison;
    char at[MOMENT_SIZE];
    comparison_make(entry->options->resource, &entry->record.document.values, &entry->typed.values,
                    &comparison);
    for (size_t i = 0; i < comparison.count; i++) {
        const struct comparison_row *row = &comparison.rows[i];
        if (comparison_differs(row))
            plain_say(_("%s: the original has \"%s\", you typed \"%s\""), row->label, row->original,
                      row->typed);
        else
            plain_say_fact(row->label, row->original);
    }
    comparison_clear(&comparison);
    moment_local(entry->record.created_at, at);
    plain_say(_("The original was created by %s, %s."), fact_text(entry->record.created_by), at);
    tell_merged(&entry->record);
}

static void tell_conflict(const struct entry *entry, const struct submitter_view *view)
{
    plain_say("%s", _("Not created"));
    plain_say("%s", status_conflict(view->intent->kind, view->problem));
    if (entry->has_record) tell_comparison(entry);
    char *same = entry->has_record
                     ? status_same(view->intent->kind, &entry->record, view->intent->json)
                     : NULL;
    plain_say("%s", same ? same : status_conflict_advice(view->intent->kind, view->problem));
    free(same);
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
    {VIEW_CONFLICT, 'e', ACTION_EDIT, N_("Back to the form")},
    {VIEW_CONFLICT, 'v', ACTION_SHOW_ORIGINAL, N_("View the original")},
    {VIEW_CONFLICT, 'n', ACTION_NEW_INVOICE, NULL},
    {VIEW_UNCONFIRMED, 't', ACTION_TRY_NOW, N_("Try again now")},
    {VIEW_UNCONFIRMED, 'k', ACTION_KEEP, N_("Keep in the outbox")},
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
    enum view view = entry_view(&plain->entry);
    char question[QUESTION_SIZE] = "";
    size_t used = 0;
    for (size_t i = 0; i < CHOICES && used < sizeof question; i++) {
        if (choices[i].view != view) continue;
        int length = snprintf(question + used, sizeof question - used, "%s%c %s", used ? ", " : "",
                              choices[i].letter, words_of(plain, i));
        used += length > 0 ? (size_t)length : 0;
    }
    plain_prompt("%s: ", question);
}

static void carry_out(struct plain *plain, enum action action, int64_t now_ms)
{
    struct entry *entry = &plain->entry;
    if (action == ACTION_SHOW_ORIGINAL) {
        plain->warned = false;
        if (entry->has_record)
            tell_record(entry, fact_word(entry->options->resource, WORD_ORIGINAL), NULL);
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

/* An empty answer does nothing, as Enter does in these views. */
void plain_answer_choice(struct plain *plain, const char *answer, int64_t now_ms)
{
    enum view view = entry_view(&plain->entry);
    char letter = *answer && answer[1] == '\0' ? (char)(*answer | 0x20) : '\0';
    for (size_t i = 0; i < CHOICES; i++) {
        if (choices[i].view != view || choices[i].letter != letter) continue;
        carry_out(plain, choices[i].action, now_ms);
        return;
    }
    plain->warned = false;
}
