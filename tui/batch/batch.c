#include "tui/batch/batch.h"
#include "protocol/wire/resources/invoice.h"

#include "protocol/client/outcome.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"
#include "tui/batch/batch_help.h"
#include "tui/batch/flow.h"
#include "tui/batch/input.h"
#include "tui/batch/interrupt.h"
#include "tui/batch/record_reader.h"
#include "tui/batch/session.h"
#include "tui/command/command_line.h"
#include "tui/command/csv_options.h"
#include "tui/words/words.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_UNCONFIRMED 5
#define MEMORY_KEPT      (1024 * 1024) /* bytes */

struct batch {
    struct settings settings;
    const char *path;
    const char *key; /* NULL: none was asked for */
    bool json;
    bool csv;
    struct csv_options csv_options;
    struct input input;
    struct session session;
    struct journal_run run; /* id 0: none; a key that was asked for tells what was cut short */
};

/* --- results --- */

static char *write_json(const struct result *result)
{
    struct json *object = result_json(result);
    char *text = object != NULL ? json_write(object) : NULL;
    json_free(object);
    return text;
}

static char *write_result(void *self, const struct result *result)
{
    const struct batch *batch = self;
    struct result placed = *result;
    placed.is_numbered = batch->input.form == INPUT_LIST;
    return batch->json ? write_json(&placed) : result_line(&placed);
}

static enum flow_step told(struct batch *batch, const struct result *result, struct flow_item *item,
                           char sentence[JOURNAL_SENTENCE_MAX])
{
    item->outcome = result->outcome;
    item->text = write_result(batch, result);
    if (item->text != NULL) return FLOW_ITEM;
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", _("There is not enough memory."));
    return FLOW_FAILED;
}

/* --- records --- */

static enum result_outcome outcome_of(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_CREATED:
        return RESULT_CREATED;
    case VERDICT_REPLAYED:
        return RESULT_REPLAYED;
    case VERDICT_CONFLICT:
        return RESULT_CONFLICT;
    case VERDICT_REJECTED:
        return RESULT_REJECTED;
    case VERDICT_REFUSED:
    case VERDICT_HOPELESS:
    case VERDICT_TRY_AGAIN:
        break;
    }
    return RESULT_UNCONFIRMED;
}

/* It isn't known, or not to be known from here. */
static enum flow_step tell_unconfirmed(struct batch *batch, const struct journal_entry *entry,
                                       int64_t position, const char *why, struct flow_item *item,
                                       char sentence[JOURNAL_SENTENCE_MAX])
{
    const struct result result = {.outcome = RESULT_UNCONFIRMED,
                                  .line = position,
                                  .name = entry->name,
                                  .key = entry->key,
                                  .attempts = entry->attempts,
                                  .why = why};
    return told(batch, &result, item, sentence);
}

/* An earlier run recorded it and had no answer that is one for this record: sent again, with its
 * own key. */
static enum flow_step take_up(struct batch *batch, const struct journal_entry *entry,
                              const struct intent *intent, int64_t position, struct flow_item *item,
                              char sentence[JOURNAL_SENTENCE_MAX])
{
    struct journal *journal = batch->session.context.journal;
    char why[JOURNAL_SENTENCE_MAX];
    enum journal_status status =
        journal_adopt_same(journal, intent, &item->adopted, &item->attempts);
    item->position = position;
    if (status == JOURNAL_OK) return FLOW_ITEM;
    snprintf(why, sizeof why, "%s", journal_sentence(journal));
    if (status == JOURNAL_HELD || status == JOURNAL_ABSENT)
        return tell_unconfirmed(batch, entry, position, why, item, sentence);
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", why);
    return FLOW_FAILED;
}

/* What an earlier run was answered, if that is an answer to this record. */
static enum flow_step tell_settled(struct batch *batch, const struct journal_entry *entry,
                                   const struct intent *intent, int64_t position,
                                   struct flow_item *item, char sentence[JOURNAL_SENTENCE_MAX])
{
    struct outcome outcome;
    bool believed = outcome_recall(&outcome, intent, entry->state, entry->result);
    const struct result result = {
        .outcome = outcome_of(outcome.verdict),
        .line = position,
        .name = entry->name,
        .key = entry->key,
        .attempts = entry->attempts,
        .invoice = outcome.record,
        .problem = outcome.problem,
        .is_same = outcome.verdict == VERDICT_CONFLICT && outcome_is_same(intent, outcome.problem),
    };
    enum flow_step step = believed ? told(batch, &result, item, sentence)
                                   : take_up(batch, entry, intent, position, item, sentence);
    if (believed) snprintf(item->key, sizeof item->key, "%s", entry->key);
    outcome_clear(&outcome);
    return step;
}

static enum flow_step take_placed(struct batch *batch, const struct journal_entry *entry,
                                  struct record_reading *reading, int64_t position,
                                  struct flow_item *item, char sentence[JOURNAL_SENTENCE_MAX])
{
    struct intent *intent = reading->intent;
    if (intent == NULL || strcmp(intent->fingerprint, entry->fingerprint) != 0) {
        snprintf(sentence, JOURNAL_SENTENCE_MAX,
                 _("Record %lld isn't what an earlier run of this input recorded for it: the file "
                   "changed while it was read."),
                 (long long)position);
        return FLOW_FAILED;
    }
    memcpy(intent->key, entry->key, sizeof intent->key); /* it has one from then */
    bool open = entry->state == JOURNAL_OPEN || entry->state == JOURNAL_UNCONFIRMED;
    return open ? take_up(batch, entry, intent, position, item, sentence)
                : tell_settled(batch, entry, intent, position, item, sentence);
}

/* A record that the journal doesn't have from an earlier run. */
static enum flow_step take_new(struct batch *batch, struct record_reading *reading,
                               int64_t position, struct flow_item *item,
                               char sentence[JOURNAL_SENTENCE_MAX])
{
    struct journal *journal = batch->session.context.journal;
    if (reading->intent != NULL && reading->keyed &&
        journal_take_over_one(journal, reading->intent) != JOURNAL_OK) {
        snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", journal_sentence(journal));
        return FLOW_FAILED;
    }
    if (reading->intent != NULL) {
        item->intent = reading->intent;
        item->run = batch->run.id;
        item->position = position;
        reading->intent = NULL;
        return FLOW_ITEM;
    }
    const struct result result = {.outcome = RESULT_REJECTED,
                                  .line = position,
                                  .name = reading->name,
                                  .problem = reading->problem};
    if (reading->problem != NULL) return told(batch, &result, item, sentence);
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", _("There is not enough memory."));
    return FLOW_FAILED;
}

static enum flow_step take_record(struct batch *batch, const struct input_record *record,
                                  struct flow_item *item, char sentence[JOURNAL_SENTENCE_MAX])
{
    struct journal *journal = batch->session.context.journal;
    struct journal_entry *entry = NULL;
    if (batch->run.continued &&
        journal_find_placed(journal, batch->run.id, record->position, &entry) != JOURNAL_OK) {
        snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", journal_sentence(journal));
        return FLOW_FAILED;
    }
    struct record_reading reading = record_read(record, &INVOICE, batch->key);
    enum flow_step step =
        entry != NULL ? take_placed(batch, entry, &reading, record->position, item, sentence)
                      : take_new(batch, &reading, record->position, item, sentence);
    record_reading_clear(&reading);
    if (entry != NULL) journal_entries_free(entry, 1);
    return step;
}

static enum flow_step next(void *self, struct flow_item *item, char sentence[JOURNAL_SENTENCE_MAX])
{
    struct batch *batch = self;
    struct input_record record;
    switch (input_next(&batch->input, &record)) {
    case INPUT_RECORD:
        return take_record(batch, &record, item, sentence);
    case INPUT_END:
        return FLOW_END;
    case INPUT_FAILED:
        break;
    }
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%.200s: %s", batch->path, _(strerror(errno)));
    return FLOW_FAILED;
}

/* --- the command --- */

static enum flow_end flow(struct batch *batch, int *exit_code, char sentence[JOURNAL_SENTENCE_MAX])
{
    struct progress progress;
    size_t counts[RESULT_OUTCOMES] = {0};
    progress_start(&progress, stderr, batch->input.count, clock_monotonic_ms());
    const struct flow_options options = {
        .context = &batch->session.context,
        .in_flight = (size_t)batch->settings.in_flight,
        .out = stdout,
        .progress = &progress,
        .interrupt = interrupt_descriptor(),
        .counts = counts,
    };
    const struct flow_source source = {.next = next, .write = write_result, .self = batch};
    enum flow_end end = flow_run(&options, &source, exit_code, sentence);
    progress_hide(&progress);
    result_count_up(stderr, counts);
    return end;
}

/* The run's end is the last thing that is done: killed before, the same input goes on, with what
 * was told already. Whoever got no exit status of ours must not be told of a conflict with himself.
 */
static int leave(struct batch *batch, enum flow_end end, int exit_code, const char *sentence)
{
    if (end != FLOW_FINISHED) return session_failed(sentence);
    bool settled = exit_code < EXIT_UNCONFIRMED;
    if (settled) batch->session.told_run = batch->run.id;
    return exit_code;
}

/* The same input says whose they are. */
static void tell_of_taken(const struct batch *batch)
{
    size_t count = batch->run.taken_over;
    if (count > 0)
        fprintf(stderr,
                words_plural("invonce: %zu of these was recorded before, with another token of "
                             "which the server never said whose it is, and was never sent: it goes "
                             "on as this token's\n",
                             "invonce: %zu of these were recorded before, with another token of "
                             "which the server never said whose it is, and were never sent: they "
                             "go on as this token's\n",
                             count),
                count);
}

static int create(struct batch *batch)
{
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    struct journal *journal = batch->session.context.journal;
    int exit_code = 0;
    if (batch->key == NULL &&
        journal_run_begin(journal, batch->input.hash, &batch->run) != JOURNAL_OK)
        return session_failed(journal_sentence(journal));
    tell_of_taken(batch);
    enum flow_end end = flow(batch, &exit_code, sentence);
    return leave(batch, end, exit_code, sentence);
}

/* Nothing is wrong with that, but who gave it should know. */
static void tell_empty(const struct batch *batch)
{
    char sentence[INPUT_SENTENCE_MAX];
    snprintf(sentence, sizeof sentence,
             _("%.200s: it holds no record, which is an object in braces, or a row below a header "
               "of CSV"),
             strcmp(batch->path, "-") == 0 ? _("standard input") : batch->path);
    command_line_failed(sentence);
}

static int open_and_create(struct batch *batch)
{
    char sentence[JOURNAL_SENTENCE_MAX];
    const struct input_options options = {
        .kind = &INVOICE, .csv = batch->csv, .csv_form = csv_options_form(&batch->csv_options)};
    if (!input_open(&batch->input, batch->path, &options, sentence))
        return command_line_failed(sentence);
    if (batch->input.count == 0) tell_empty(batch);
    if (batch->key != NULL && batch->input.count > 1)
        return command_line_wrong(_("--key is for one record, and this input has several"), "");
    int code = session_open(&batch->session, &batch->settings);
    if (code != 0) return code;
    code = create(batch);
    input_close(&batch->input);
    session_close(&batch->session);
    return code;
}

static int take_argument(struct batch *batch, char ***arguments)
{
    char *argument = **arguments;
    char *key = command_line_value(arguments, "--key");
    if (key != NULL) {
        batch->key = key;
        return idempotency_key_is_valid(key)
                   ? 0
                   : command_line_wrong(_("--key: not a key (1 to 255 printable characters): "),
                                        key);
    }
    int taken = csv_options_take(&batch->csv_options, arguments);
    if (taken >= 0) return taken;
    if (strcmp(argument, "--json") == 0) {
        batch->json = true;
    } else if (strcmp(argument, "--csv") == 0) {
        batch->csv = true;
    } else if (batch->path == NULL && (argument[0] != '-' || argument[1] == '\0')) {
        batch->path = argument;
    } else {
        return command_line_setting(&batch->settings, arguments);
    }
    ++*arguments;
    return 0;
}

static int read_and_create(struct batch *batch, char **arguments)
{
    char sentence[SETTINGS_SENTENCE_MAX];
    while (*arguments != NULL) {
        int code = take_argument(batch, &arguments);
        if (code != 0) return code;
    }
    if (batch->path == NULL)
        return command_line_wrong(_("create what? Give FILE.json, FILE.jsonl, FILE.csv or -"), "");
    batch->csv = batch->csv || input_is_named_csv(batch->path);
    int code = csv_options_check(&batch->csv_options, batch->csv);
    if (code != 0) return code;
    enum settings_status status = settings_finish(&batch->settings, SETTINGS_TO_SEND, sentence);
    if (status != SETTINGS_OK) return command_line_settings(status, sentence);
    if (batch->settings.token == NULL) return command_line_no_token();
    return open_and_create(batch);
}

int batch_main(char **arguments)
{
    struct batch batch = {.input.file = -1};
    mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT); /* not given back and asked for with each record */
    if (command_line_has(arguments, "--help")) {
        batch_print_help();
        return fflush(stdout) == 0 ? 0 : EXIT_OTHER;
    }
    int code = read_and_create(&batch, arguments);
    input_close(&batch.input);
    settings_clear(&batch.settings);
    return code;
}
