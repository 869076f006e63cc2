#include "tui/form/entry.h"
#include "tui/form/facts.h"

#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAUSE_MS       200  /* of the fingers, before the journal is asked */
#define LOOK_EVERY_MS  1000 /* whether it has been settled meanwhile */
#define COMPLAINT_HELD "held"

static bool is_held(const struct entry *entry)
{
    struct json *json = form_to_json(&entry->form);
    char *scope = json ? intent_scope(entry->options->resource, json) : NULL;
    bool held = scope && journal_holds_scope(entry->context.journal, scope);
    free(scope);
    json_free(json);
    return held;
}

static void complain(struct entry *entry, struct text_field *number)
{
    char *sentence = NULL;
    const char *way_out = entry->options->plain
                              ? _("It is sent again by itself; invonce outbox lists what waits.")
                              : _("See the outbox (F4).");
    int length = asprintf(&sentence,
                          _("%s is waiting for confirmation: an earlier attempt to create it has "
                            "had no answer yet. %s"),
                          text_field_text(number), way_out);
    if (length < 0) return;
    text_field_complain(number, COMPLAINT_HELD, sentence);
    free(sentence);
}

bool entry_number_is_held(const struct entry *entry)
{
    size_t place = fact_of_name(entry->options->resource);
    const char *code = entry->form.fields[place].complaint_code;
    return code && strcmp(code, COMPLAINT_HELD) == 0;
}

enum submission_state entry_told_state(const struct entry *entry)
{
    struct submission submission = entry_submission(entry).submission;
    bool refused = submission.state == SUBMISSION_REJECTED && submission.held;
    if (!refused && submission.state != SUBMISSION_EDITING) return submission.state;
    return entry_number_is_held(entry) ? SUBMISSION_UNCONFIRMED : SUBMISSION_EDITING;
}

bool entry_judge_number(struct entry *entry, int64_t now_ms)
{
    struct text_field *number = &entry->form.fields[fact_of_name(entry->options->resource)];
    bool before = entry_number_is_held(entry);
    bool held = !text_field_is_blank(number) && is_held(entry);
    if (held)
        complain(entry, number);
    else if (before)
        text_field_forgive(number);
    entry->judge_ms = held ? now_ms + LOOK_EVERY_MS : INT64_MAX;
    return held != before;
}

void entry_judge_number_soon(struct entry *entry, int64_t now_ms)
{
    entry->judge_ms = now_ms + PAUSE_MS;
}
