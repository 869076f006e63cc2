/* A new form from a record that is there: the same once more, or its credit note. Nothing of it is
 * locked or sent until it is pressed, as an intent of its own. */
#include "tui/form/entry.h"

#include "protocol/client/journal/journal_last.h"
#include "protocol/wire/json.h"
#include "tui/form/facts.h"
#include "tui/words/words.h"

#include <stdlib.h>
#include <string.h>

bool entry_form_is_free(const struct entry *entry)
{
    if (entry->seen == SUBMISSION_CREATED) return true;
    return entry->seen == SUBMISSION_EDITING && form_is_blank(&entry->form);
}

/* Takes `json` over. */
static void start_from(struct entry *entry, struct json *json, bool credit, int64_t now_ms)
{
    struct violations ignored = {0};
    struct document document = {0};
    bool merged = *fact_merged_into(json) != '\0';
    submitter_renew(entry->submitter);
    entry_follow(entry);
    entry_start_clean(entry);
    document_read_partial(&document, entry->options->resource, json, &ignored);
    if (!form_fill_again(&entry->form, &document.values, credit)) entry->failed = true;
    draft_changed(&entry->draft, now_ms);
    document_clear(&document);
    violations_clear(&ignored);
    json_free(json);
    if (merged) entry->said = _("taken from a record that was merged into another one");
}

static bool gives_way(struct entry *entry)
{
    bool free = entry_form_is_free(entry);
    if (!free) entry->said = _("the form holds another invoice: finish that one first");
    return free;
}

bool entry_start_from(struct entry *entry, const struct json *record, bool credit, int64_t now_ms)
{
    if (!gives_way(entry)) return false;
    if (credit && !form_has_credit(&entry->form)) {
        entry->said = _("there are no credit notes of this");
        return false;
    }
    struct json *own = record ? json_copy(record) : NULL;
    if (!own) return false;
    start_from(entry, own, credit, now_ms);
    return true;
}

/* What was created last, from any window. New reference; NULL: nothing was. */
static struct json *last_created(const struct entry *entry)
{
    char problem[JSON_PROBLEM_MAX];
    char *body = journal_last_created(entry->context.journal, entry->options->resource->name);
    struct json *json = body ? json_read_object(body, strlen(body), problem) : NULL;
    free(body);
    return json;
}

void entry_start_from_shown(struct entry *entry, bool credit, int64_t now_ms)
{
    if (entry->seen == SUBMISSION_CREATED && entry->has_record) {
        entry_start_from(entry, entry->record.document.json, credit, now_ms);
        return;
    }
    if (!gives_way(entry)) return;
    struct json *last = last_created(entry);
    if (!last) entry->said = _("there is none yet to start from: type the first one");
    if (last) entry_start_from(entry, last, credit, now_ms);
    json_free(last);
}
