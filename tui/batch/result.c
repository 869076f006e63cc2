#include "tui/batch/result.h"

#include "protocol/wire/json.h"
#include "protocol/wire/text.h"
#include "tui/words/day.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ERRORS_TOLD 3

static const struct {
    const char *word;
    int exit_code;
} OUTCOMES[RESULT_OUTCOMES] = {
    [RESULT_CREATED] = {N_("created"), 0},         [RESULT_REPLAYED] = {N_("replayed"), 0},
    [RESULT_CONFLICT] = {N_("conflict"), 3},       [RESULT_REJECTED] = {N_("rejected"), 4},
    [RESULT_UNCONFIRMED] = {N_("unconfirmed"), 5},
};

enum result_outcome result_outcome_of(enum journal_state state)
{
    switch (state) {
    case JOURNAL_CREATED:
        return RESULT_CREATED;
    case JOURNAL_REPLAYED:
        return RESULT_REPLAYED;
    case JOURNAL_CONFLICT:
        return RESULT_CONFLICT;
    case JOURNAL_REJECTED:
        return RESULT_REJECTED;
    case JOURNAL_OPEN:
    case JOURNAL_UNCONFIRMED:
        break;
    }
    return RESULT_UNCONFIRMED;
}

const char *result_word(enum result_outcome outcome)
{
    return OUTCOMES[outcome].word;
}

int result_exit_code(enum result_outcome outcome)
{
    return OUTCOMES[outcome].exit_code;
}

static struct json *copy_or_null(const struct json *value)
{
    return value != NULL ? json_copy(value) : json_new_string(NULL);
}

struct json *result_json(const struct result *result)
{
    struct json *object = json_new_object();
    if (object != NULL &&
        json_put(object, "outcome", json_new_string(result_word(result->outcome))) &&
        json_put(object, "key", json_new_string(result->key)) &&
        json_put(object, "attempts", json_new_integer((int64_t)result->attempts)) &&
        json_put(object, "invoice", copy_or_null(result->invoice)) &&
        json_put(object, "problem", copy_or_null(result->problem)) &&
        (result->line == 0 || json_put(object, result->is_numbered ? "record" : "line",
                                       json_new_integer(result->line))) &&
        (!result->is_same || json_put(object, "same", json_new_bool(true))))
        return object;
    json_free(object);
    return NULL;
}

/* Text from elsewhere, in the language that is spoken. */
static void put_told(FILE *out, const char *sentence)
{
    char *told = words_retold(sentence);
    fputs(told != NULL ? told : sentence, out);
    free(told);
}

/* Where in a table of rows and columns it is. False: it is of none. */
static bool put_cell(FILE *out, const struct json *error)
{
    int64_t row = json_integer(json_member(error, "row"), 0);
    const char *column = json_text(error, "column");
    if (row == 0) return false;
    if (column != NULL)
        fprintf(out, _("row %lld, column %s: "), (long long)row, column);
    else
        fprintf(out, _("row %lld: "), (long long)row);
    return true;
}

/* The first few of a problem's errors, or its detail. */
static void put_problem(FILE *out, const struct json *problem)
{
    const struct json *errors = json_member(problem, "errors");
    size_t count = json_count(errors);
    for (size_t i = 0; i < count && i < ERRORS_TOLD; i++) {
        const struct json *error = json_item(errors, i);
        const char *pointer = json_text(error, "pointer"), *detail = json_text(error, "detail");
        if (i > 0) fputc(' ', out);
        if (!put_cell(out, error)) fprintf(out, "%s: ", pointer != NULL ? pointer : "");
        put_told(out, detail != NULL ? detail : "");
    }
    if (count > ERRORS_TOLD) fprintf(out, _(" (and %zu more)"), count - ERRORS_TOLD);
    const char *detail = json_text(problem, "detail");
    if (count == 0 && detail != NULL) put_told(out, detail);
}

/* Why there is no answer; a sentence goes on behind it. */
static void put_why(FILE *out, const char *why)
{
    char *told = words_retold(why != NULL && *why != '\0' ? why : N_("no answer"));
    size_t length = told != NULL ? strlen(told) : 0;
    if (length > 0 && told[length - 1] == '.') length--;
    fprintf(out, "%.*s", (int)length, told != NULL ? told : "");
    free(told);
}

/* Nobody needs to do anything about it. */
static void put_same(FILE *out, const struct json *original)
{
    char day[WORDS_DAY_SIZE];
    const char *by = json_text(original, "created_by");
    words_day(json_text(original, "created_at"), day);
    fprintf(out, _("the same invoice, created %s by %s: nothing is missing"), day,
            by != NULL ? by : "?");
}

/* What it is called, and where it stands; of what was refused both. */
static void put_name(FILE *out, const struct result *result)
{
    bool has_name = result->name != NULL && *result->name != '\0';
    if (has_name) fprintf(out, " %s", result->name);
    if (result->line == 0 || (has_name && result->outcome != RESULT_REJECTED)) return;
    if (json_member(json_first(json_member(result->problem, "errors")), "row") != NULL) return;
    fprintf(out, result->is_numbered ? _(" record %lld") : _(" line %lld"), result->line);
}

static void put_line(FILE *out, const struct result *result)
{
    const char *id = json_text(result->invoice, "id");
    fputs(_(result_word(result->outcome)), out);
    put_name(out, result);
    if (id != NULL) fprintf(out, " %s", id);
    if (result->is_same) {
        fputs(": ", out);
        put_same(out, json_member(result->problem, "existing"));
    } else if (result->problem != NULL) {
        fputs(": ", out);
        put_problem(out, result->problem);
    } else if (result->outcome == RESULT_UNCONFIRMED) {
        fputs(": ", out);
        put_why(out, result->why);
        fprintf(out,
                result->unsent
                    ? _("; it hasn't reached the server, and is kept in the outbox (key %s)")
                    : _("; it may or may not exist, and is kept in the outbox (key %s)"),
                result->key);
    }
}

char *result_line(const struct result *result)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL) return NULL;
    put_line(out, result);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    char *safe = text_safe(text, length, TEXT_ONE_LINE);
    free(text);
    return safe;
}

static void put_count(FILE *out, enum result_outcome outcome, size_t count)
{
    switch (outcome) {
    case RESULT_CREATED:
        fprintf(out, words_plural("%zu created", "%zu created", count), count);
        break;
    case RESULT_REPLAYED:
        fprintf(out, words_plural("%zu replayed", "%zu replayed", count), count);
        break;
    case RESULT_CONFLICT:
        fprintf(out, words_plural("%zu conflict", "%zu conflicts", count), count);
        break;
    case RESULT_REJECTED:
        fprintf(out, words_plural("%zu rejected", "%zu rejected", count), count);
        break;
    case RESULT_UNCONFIRMED:
        fprintf(out, words_plural("%zu unconfirmed", "%zu unconfirmed", count), count);
        break;
    case RESULT_OUTCOMES:
        break;
    }
}

void result_count_up(FILE *out, const size_t counts[RESULT_OUTCOMES])
{
    const char *before = "";
    size_t total = 0;
    for (size_t i = 0; i < RESULT_OUTCOMES; i++)
        total += counts[i];
    if (total < 2 || !isatty(fileno(out))) return;
    for (size_t i = 0; i < RESULT_OUTCOMES; i++) {
        if (counts[i] == 0) continue;
        fputs(before, out);
        put_count(out, (enum result_outcome)i, counts[i]);
        before = ", ";
    }
    fputc('\n', out);
}
