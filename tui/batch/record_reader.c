#include "tui/batch/record_reader.h"

#include "protocol/wire/json.h"
#include "protocol/wire/message.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The key of a record that carries one. False, with the problem, when it can't be one. */
static bool choose_key(const struct json *body, const char *asked, char key[IDEMPOTENCY_KEY_SIZE],
                       struct json **problem)
{
    const struct json *member = json_member(body, "idempotency_key");
    const char *own = json_string(member);
    if (member != NULL && (own == NULL || !idempotency_key_is_valid(own))) {
        *problem = problem_new(
            PROBLEM_IDEMPOTENCY_KEY_MALFORMED,
            N_("The record's idempotency_key is not a key: 1 to 255 printable characters."));
        return false;
    }
    if (own != NULL && asked != NULL && strcmp(own, asked) != 0) {
        *problem = problem_new(PROBLEM_IDEMPOTENCY_KEY_DISAGREES,
                               N_("The record's idempotency_key is another one than --key gives."));
        return false;
    }
    const char *given = asked != NULL ? asked : own;
    assert(given == NULL || strlen(given) < IDEMPOTENCY_KEY_SIZE); /* valid, whoever gave it */
    if (given != NULL)
        memcpy(key, given, strlen(given) + 1);
    else
        idempotency_key_make(key);
    return true;
}

/* A decimal that does is none. */
static bool has_comma(const struct input_record *record, const char *rows_name, size_t row,
                      const char *column)
{
    const struct json *item = json_item(json_member(record->csv.json, rows_name), row);
    const char *value = json_text(item, column);
    return value != NULL && strchr(value, ',') != NULL;
}

/* Where in CSV the place is that a pointer into the record names: its row, and the column as a
 * header names it, "customer.email". */
static bool put_cell(struct json *error, const struct input_record *record, const char *pointer,
                     const char *rows_name)
{
    size_t length = strlen(rows_name), row = 0;
    int64_t line = record->line;
    const char *code = json_text(error, "code");
    bool is_decimal = code != NULL && strcmp(code, "not-a-decimal") == 0;
    bool is_of_row = length > 0 && pointer[0] == '/' &&
                     strncmp(pointer + 1, rows_name, length) == 0 && pointer[length + 1] == '/';
    if (is_of_row) {
        char *end;
        row = (size_t)strtoull(pointer + length + 2, &end, 10);
        if (row < record->csv.row_count) line = (int64_t)record->csv.row_lines[row];
        pointer = end;
    }
    char *column = strdup(pointer[0] == '/' ? pointer + 1 : "");
    for (char *slash = column; slash != NULL && (slash = strchr(slash, '/')) != NULL;)
        *slash = '.';
    bool put = column != NULL && json_put(error, "row", json_new_integer(line)) &&
               (column[0] == '\0' || json_put(error, "column", json_new_string(column)));
    if (put && is_decimal && is_of_row && has_comma(record, rows_name, row, column))
        put = json_put(error, "detail",
                       json_new_string(N_("The number has a comma: write 1234.50, or give "
                                          "--decimal-comma if it is the decimal one.")));
    free(column);
    return put;
}

/* The errors of a record in CSV say where they are in it. */
static bool put_cells(struct json *errors, const struct input_record *record,
                      const struct resource *kind)
{
    const struct field *rows = resource_rows(kind);
    for (struct json *error = json_first(errors); error != NULL; error = json_next(error)) {
        const char *pointer = json_text(error, "pointer");
        if (!put_cell(error, record, pointer != NULL ? pointer : "",
                      rows != NULL ? rows->name : ""))
            return false;
    }
    return true;
}

static struct json *validation_problem(const struct violations *violations,
                                       const struct input_record *record,
                                       const struct resource *kind)
{
    struct json *problem = problem_new(PROBLEM_VALIDATION_FAILED,
                                       violations->count == 1 ? N_("The record breaks %zu rule.")
                                                              : N_("The record breaks %zu rules."),
                                       violations->count);
    struct json *errors = violations_to_json(violations);
    bool placed = errors != NULL && (!record->is_csv || put_cells(errors, record, kind));
    if (problem != NULL && placed && json_put(problem, "errors", errors)) return problem;
    if (problem == NULL || !placed) json_free(errors);
    json_free(problem);
    return NULL;
}

static void freeze(struct record_reading *reading, const struct input_record *record,
                   struct json *body, const struct resource *kind, const char *asked)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    struct violations violations = {0};
    bool valid = intent_check(kind, body, &violations) && !violations.out_of_memory;
    if (!valid && !violations.out_of_memory)
        reading->problem = validation_problem(&violations, record, kind);
    violations_clear(&violations);
    if (valid && choose_key(body, asked, key, &reading->problem))
        reading->intent = intent_freeze(kind, body, key);
    reading->keyed = asked != NULL || json_member(body, "idempotency_key") != NULL;
}

/* What the record of an input can't be, in place of what it says: of CSV with its row. */
static struct json *input_problem(const struct input_record *record)
{
    const struct csv_record *csv = &record->csv;
    char *column = NULL;
    bool is_named = csv->problem_name != NULL;
    if (!record->is_csv) return problem_new(PROBLEM_MALFORMED_JSON, "%s", record->problem);
    if (is_named && asprintf(&column, "%s%s%s", csv->problem_object ? csv->problem_object : "",
                             csv->problem_object ? "." : "", csv->problem_name) < 0)
        return NULL;
    int64_t line = csv->problem_line > 0 ? (int64_t)csv->problem_line : record->line;
    struct json *error = json_new_texts("pointer", "", "code", "malformed", "detail",
                                        record->problem, column ? "column" : NULL, column, NULL);
    struct json *errors = json_new_array();
    struct json *problem = problem_new(PROBLEM_VALIDATION_FAILED, "%s", record->problem);
    free(column);
    error = json_with(error, "row", json_new_integer(line));
    if (error == NULL || !json_append(errors, error)) {
        json_free(problem);
        problem = NULL;
    }
    return json_with(problem, "errors", errors);
}

/* "… (line 1, column 7)" of the record's bytes is told of the input's. */
static struct json *malformed_problem(const struct input_record *record, const char *why)
{
    static const char PLACE[] = "(line %lld, column %lld)";
    long long line, column;
    const char *place = strstr(why, "(line ");
    if (place == NULL || sscanf(place, PLACE, &line, &column) != 2)
        return problem_new(PROBLEM_MALFORMED_JSON, "%s", why);
    if (line == 1) column += (long long)record->column;
    line += record->line - 1;
    return problem_new(PROBLEM_MALFORMED_JSON, "%.*s(line %lld, column %lld)%s", (int)(place - why),
                       why, line, column, strchr(place, ')') + 1);
}

/* Owned by the caller, but of CSV; NULL, with the problem (NULL: out of memory). */
static struct json *read_json(const struct input_record *record, struct json **problem)
{
    char why[JSON_PROBLEM_MAX];
    if (record->problem != NULL) {
        *problem = input_problem(record);
        return NULL;
    }
    if (record->csv.json != NULL) return record->csv.json;
    if (record->length > JSON_BODY_MAX) {
        *problem = problem_new(PROBLEM_PAYLOAD_TOO_LARGE,
                               N_("The record is over 256 KiB; no invoice is that long."));
        return NULL;
    }
    struct json *json = json_read_object(record->bytes, record->length, why);
    if (json == NULL && errno != ENOMEM) *problem = malformed_problem(record, why);
    return json;
}

struct record_reading record_read(const struct input_record *record, const struct resource *kind,
                                  const char *key)
{
    struct record_reading reading = {0};
    struct json *body = read_json(record, &reading.problem);
    if (body == NULL && record->csv.json != NULL)
        reading.name = intent_name(kind, record->csv.json);
    if (body == NULL) return reading;
    record_to_request(kind, body);
    reading.name = intent_name(kind, body);
    freeze(&reading, record, body, kind, key);
    if (body != record->csv.json) json_free(body);
    return reading;
}

void record_reading_clear(struct record_reading *reading)
{
    intent_free(reading->intent);
    json_free(reading->problem);
    free(reading->name);
    *reading = (struct record_reading){0};
}
