/* Of the outbox: what isn't settled, or was refused and not seen yet, as rows or as JSON. */
#include "tui/batch/outbox_inside.h"

#include "protocol/client/outcome.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/text.h"
#include "tui/batch/result.h"
#include "tui/command/command_line.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_COLUMNS   20
#define STATE_COLUMNS    14
#define ATTEMPTS_COLUMNS 10

bool outbox_describe(struct json *object, const struct journal_entry *entry)
{
    char created_at[CLOCK_TEXT_SIZE];
    clock_format(entry->created_ms, created_at);
    return object != NULL && json_put(object, "key", json_new_string(entry->key)) &&
           json_put(object, "number", json_new_string(entry->name)) &&
           json_put(object, "server", json_new_string(entry->server)) &&
           json_put(object, "tenant", json_new_string(entry->tenant)) &&
           json_put(object, "state", json_new_string(journal_state_name(entry->state))) &&
           json_put(object, "attempts", json_new_integer((int64_t)entry->attempts)) &&
           json_put(object, "created_at", json_new_string(created_at));
}

static bool is_same(const struct outbox *outbox, const struct journal_entry *entry,
                    const struct json *problem)
{
    struct intent *intent = NULL;
    bool same = entry->state == JOURNAL_CONFLICT &&
                journal_read_intent(outbox->journal, entry->key, entry->fingerprint, &intent) ==
                    JOURNAL_OK &&
                intent != NULL && outcome_is_same(intent, problem);
    intent_free(intent);
    return same;
}

/* How it was refused; an object without members for what isn't settled. */
static struct json *refusal(const struct outbox *outbox, const struct journal_entry *entry)
{
    char unreadable[JSON_PROBLEM_MAX];
    enum result_outcome outcome = result_outcome_of(entry->state);
    if (outcome == RESULT_UNCONFIRMED) return json_new_object();
    struct json *problem = entry->result != NULL
                               ? json_read_object(entry->result, strlen(entry->result), unreadable)
                               : NULL;
    const struct result result = {.outcome = outcome,
                                  .key = entry->key,
                                  .attempts = entry->attempts,
                                  .problem = problem,
                                  .is_same = is_same(outbox, entry, problem)};
    struct json *object = result_json(&result);
    json_free(problem);
    return object;
}

static bool list_as_json(const struct outbox *outbox, const struct journal_entry *entry)
{
    struct json *object = refusal(outbox, entry);
    char *text = outbox_describe(object, entry) ? json_write(object) : NULL;
    bool listed = text != NULL && puts(text) != EOF;
    free(text);
    json_free(object);
    return listed;
}

/* The text, and blanks up to that many columns and two. */
static void put_column(const char *text, int columns)
{
    int width = (int)text_width(text);
    printf("%s%*s", text, (columns > width ? columns - width : 0) + 2, "");
}

/* Over figures: to the right. */
static void put_column_right(const char *text, int columns)
{
    int width = (int)text_width(text);
    printf("%*s%s  ", columns > width ? columns - width : 0, "", text);
}

static bool put_header(void)
{
    put_column(_("NUMBER"), NUMBER_COLUMNS);
    put_column(_("STATE"), STATE_COLUMNS);
    put_column_right(_("ATTEMPTS"), ATTEMPTS_COLUMNS);
    put_column(_("SINCE"), CLOCK_TEXT_SIZE - 1);
    return puts(_("SERVER, TENANT, KEY")) != EOF;
}

static bool list_as_row(const struct journal_entry *entry)
{
    char created_at[CLOCK_TEXT_SIZE];
    char *name = text_safe(entry->name, strlen(entry->name), TEXT_ONE_LINE);
    char *key = text_safe(entry->key, strlen(entry->key), TEXT_ONE_LINE);
    char *server = text_safe(entry->server, strlen(entry->server), TEXT_ONE_LINE);
    char *tenant = entry->tenant != NULL
                       ? text_safe(entry->tenant, strlen(entry->tenant), TEXT_ONE_LINE)
                       : strdup("?");
    bool good = name != NULL && key != NULL && server != NULL && tenant != NULL;
    clock_format(entry->created_ms, created_at);
    if (good) {
        put_column(name, NUMBER_COLUMNS);
        put_column(entry->busy ? _("sending") : _(journal_state_name(entry->state)), STATE_COLUMNS);
        good = printf("%*u  %s  %s %s  %s\n", ATTEMPTS_COLUMNS, entry->attempts, created_at, server,
                      tenant, key) > 0;
    }
    free(name);
    free(key);
    free(server);
    free(tenant);
    return good;
}

struct entries {
    struct journal_entry *list;
    size_t count;
};

static bool list_all(const struct outbox *outbox, const struct entries *entries)
{
    bool good = true;
    for (size_t i = 0; good && i < entries->count; i++)
        good =
            outbox->json ? list_as_json(outbox, &entries->list[i]) : list_as_row(&entries->list[i]);
    return good;
}

static bool has_unnamed(const struct entries *open)
{
    for (size_t i = 0; i < open->count; i++)
        if (open->list[i].tenant == NULL) return true;
    return false;
}

/* For the person who looks: what is written is the list alone. */
static void explain(const struct entries *unseen, const struct entries *open)
{
    if (unseen->count + open->count == 0)
        fprintf(stderr, "%s\n", _("Everything is settled: nothing waits to be sent."));
    if (has_unnamed(open))
        fprintf(stderr, "%s\n",
                _("Of what has no tenant (?) the server never said whose the token is that it was "
                  "submitted with: it was never sent. That token sends it, or any other with: "
                  "invonce outbox resume --take-over"));
    if (unseen->count > 0)
        fprintf(stderr, "%s\n",
                _("What was refused stays listed until it has been seen: open it in the form (F4), "
                  "or say: invonce outbox seen KEY"));
}

/* What is sent again by itself needs nobody. */
static int code_of(const struct entries *unseen)
{
    int code = 0;
    for (size_t i = 0; i < unseen->count; i++) {
        int its = result_exit_code(result_outcome_of(unseen->list[i].state));
        if (its > code) code = its;
    }
    return code;
}

static int write_list(const struct outbox *outbox, const struct entries *unseen,
                      const struct entries *open)
{
    bool headed = !outbox->json && unseen->count + open->count > 0;
    bool good = (!headed || put_header()) && list_all(outbox, unseen) && list_all(outbox, open);
    if (!good || fflush(stdout) != 0) return command_line_failed(_("The list can't be written."));
    if (!outbox->json) explain(unseen, open);
    return code_of(unseen);
}

int outbox_list(struct outbox *outbox)
{
    struct entries unseen = {0}, open = {0};
    int code;
    if (journal_list_all_unseen(outbox->journal, &unseen.list, &unseen.count) == JOURNAL_OK &&
        journal_list_all_open(outbox->journal, &open.list, &open.count) == JOURNAL_OK)
        code = write_list(outbox, &unseen, &open);
    else
        code = command_line_failed(journal_sentence(outbox->journal));
    journal_entries_free(unseen.list, unseen.count);
    journal_entries_free(open.list, open.count);
    return code;
}
