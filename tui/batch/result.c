#include "tui/batch/result.h"

#include "protocol/wire/json.h"
#include "protocol/wire/text.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        (result->line == 0 || json_put(object, "line", json_new_integer(result->line))))
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

/* The first few of a problem's errors, or its detail. */
static void put_problem(FILE *out, const struct json *problem)
{
    const struct json *errors = json_member(problem, "errors");
    size_t count = json_count(errors);
    for (size_t i = 0; i < count && i < ERRORS_TOLD; i++) {
        const struct json *error = json_item(errors, i);
        const char *pointer = json_text(error, "pointer"), *detail = json_text(error, "detail");
        fprintf(out, "%s%s: ", i > 0 ? " " : "", pointer != NULL ? pointer : "");
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

static void put_line(FILE *out, const struct result *result)
{
    const char *id = json_text(result->invoice, "id");
    fputs(_(result_word(result->outcome)), out);
    if (result->name != NULL && *result->name != '\0')
        fprintf(out, " %s", result->name);
    else if (result->line > 0)
        fprintf(out, _(" line %lld"), result->line);
    if (id != NULL) fprintf(out, " %s", id);
    if (result->problem != NULL) {
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
