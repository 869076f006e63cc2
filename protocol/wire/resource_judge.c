#include "protocol/wire/resource_judge.h"

#include "protocol/wire/currency.h"
#include "protocol/wire/date.h"
#include "protocol/wire/decimal.h"
#include "protocol/wire/message.h"
#include "protocol/wire/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SUBJECT_SIZE  80
#define SENTENCE_SIZE 400

/* Rules are asked of what was read. A member whose shape was refused before them, and all within
 * it, is passed over: its one violation says enough. */
struct judge {
    const struct resource *resource;
    const struct values *values;
    struct violations *violations;
    size_t shape_count;
    char subject[SUBJECT_SIZE];
};

static bool is_absent(const char *text)
{
    return text == NULL || text[0] == '\0';
}

/* --- telling --- */

static bool shape_was_refused(const struct judge *judge, const char *pointer)
{
    for (size_t i = 0; i < judge->shape_count; i++) {
        const struct violation *refused = &judge->violations->items[i];
        size_t length = strlen(refused->pointer);
        if (strcmp(refused->code, "unknown-member") != 0 &&
            strncmp(pointer, refused->pointer, length) == 0 &&
            (pointer[length] == '\0' || pointer[length] == '/'))
            return true;
    }
    return false;
}

const char *judge_subject(struct judge *judge, const struct place *place)
{
    if (place->row == 0) return place->subject;
    snprintf(judge->subject, sizeof judge->subject, N_("%s of line %zu"), place->subject,
             place->row);
    return judge->subject;
}

void field_pointer(const struct resource *resource, const struct field *field, size_t row,
                   char pointer[FIELD_POINTER_SIZE])
{
    int used = 0;
    if (row > 0)
        used = snprintf(pointer, FIELD_POINTER_SIZE, "/%s/%zu", resource_rows(resource)->name,
                        row - 1);
    else if (field->object != NULL)
        used = snprintf(pointer, FIELD_POINTER_SIZE, "/%s", field->object);
    if (field != NULL)
        snprintf(pointer + used, FIELD_POINTER_SIZE - (size_t)used, "/%s", field->name);
}

void judge_report(struct judge *judge, const struct place *place, const char *code,
                  const char *format, ...)
{
    char pointer[FIELD_POINTER_SIZE], sentence[SENTENCE_SIZE];
    field_pointer(judge->resource, place->field, place->row, pointer);
    if (shape_was_refused(judge, pointer)) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    violations_add(judge->violations, pointer, code, "%s", sentence);
}

/* A sentence of the row, in which "%s" stands for the subject. */
static void report_sentence(struct judge *judge, const struct place *place, const char *code,
                            const char *sentence)
{
    const char *gap = strstr(sentence, "%s");
    assert(gap != NULL); /* in every sentence of a row */
    judge_report(judge, place, code, "%.*s%s%s", (int)(gap - sentence), sentence,
                 judge_subject(judge, place), gap + strlen("%s"));
}

/* --- one value --- */

static bool check_required(struct judge *judge, const struct place *place, const char *text)
{
    if (!is_absent(text) && !text_is_blank(text)) return true;
    judge_report(judge, place, "required", N_("%s is required."), judge_subject(judge, place));
    return false;
}

static void check_text(struct judge *judge, const struct place *place, const char *text)
{
    bool notes = place->field->kind == FIELD_NOTES;
    if (text_has_control(text, notes ? TEXT_MANY_LINES : TEXT_ONE_LINE)) {
        if (notes)
            judge_report(judge, place, "control-character",
                         N_("%s holds a control character other than a line break; leave it out."),
                         judge_subject(judge, place));
        else
            judge_report(judge, place, "control-character",
                         N_("%s holds a control character; leave it out."),
                         judge_subject(judge, place));
    }
    size_t length = text_length(text);
    if (length > place->field->max)
        judge_report(judge, place, "too-long", N_("%s has %zu characters; %zu are the most."),
                     judge_subject(judge, place), length, place->field->max);
}

/* The day that a date may not be before; NULL: none is said, or it is no day itself. */
static const char *first_day(const struct judge *judge, const struct field *field)
{
    const struct fields *fields = &judge->resource->fields;
    struct date date;
    for (size_t i = 0; field->not_before != NULL && i < fields->count; i++) {
        const char *day = judge->values->texts[i];
        if (strcmp(fields->items[i].name, field->not_before) != 0) continue;
        return !is_absent(day) && date_parse(day, &date) ? day : NULL;
    }
    return NULL;
}

static void check_date(struct judge *judge, const struct place *place, const char *text)
{
    struct date date;
    if (date_parse(text, &date)) {
        const char *first = first_day(judge, place->field);
        if (first != NULL && strcmp(text, first) < 0)
            report_sentence(judge, place, place->field->too_early, place->field->is_before);
        return;
    }
    char excerpt[TEXT_EXCERPT_SIZE];
    text_excerpt(text, excerpt);
    judge_report(judge, place, "not-a-date",
                 N_("%s is not a day of the calendar (\"%s\"); write it as YYYY-MM-DD."),
                 judge_subject(judge, place), excerpt);
}

static void check_currency(struct judge *judge, const struct place *place, const char *code)
{
    if (currency_minor_digits(code) >= 0) return;
    char excerpt[TEXT_EXCERPT_SIZE];
    text_excerpt(code, excerpt);
    judge_report(
        judge, place, "not-a-currency",
        N_("%s is not a code of ISO 4217 (\"%s\"); write three capital letters, such as EUR."),
        judge_subject(judge, place), excerpt);
}

/* What stands around addresses in what is copied: <ana@example.com>; mailto:ana@example.com. An
 * address with one of these in it would have to quote it (RFC 5321 section 4.1.2, which advises
 * against such addresses). */
#define NOT_IN_EMAILS "<>;,:\""

/* One @, something before it, and after it labels with dots between them. */
static bool has_email_form(const char *email)
{
    const char *at = strchr(email, '@');
    if (at == NULL || at == email || strchr(at + 1, '@') != NULL) return false;
    if (strpbrk(email, NOT_IN_EMAILS) != NULL) return false;
    const char *domain = at + 1;
    size_t length = strlen(domain);
    return length > 0 && domain[0] != '.' && domain[length - 1] != '.' &&
           strchr(domain, '.') != NULL && strstr(domain, "..") == NULL;
}

static void check_email(struct judge *judge, const struct place *place, const char *email)
{
    check_text(judge, place, email);
    if (has_email_form(email) && !text_has_white_space(email)) return;
    char excerpt[TEXT_EXCERPT_SIZE];
    text_excerpt(email, excerpt);
    judge_report(judge, place, "not-an-email",
                 N_("%s is not an e-mail address (\"%s\"); write it as name@example.com."),
                 judge_subject(judge, place), excerpt);
}

static bool is_in_range(enum decimal_range range, struct decimal value)
{
    switch (range) {
    case RANGE_ANY:
        return true;
    case RANGE_NOT_ZERO:
        return value.coefficient != 0;
    case RANGE_NOT_NEGATIVE:
        return value.coefficient >= 0;
    case RANGE_POSITIVE:
        return value.coefficient > 0;
    case RANGE_PERCENT:
        return value.coefficient >= 0 && decimal_compare(value, (struct decimal){100, 0}) <= 0;
    }
    return false;
}

static void check_decimal(struct judge *judge, const struct place *place, const char *text)
{
    const struct field *field = place->field;
    char excerpt[TEXT_EXCERPT_SIZE];
    struct decimal value;
    switch (decimal_parse(text, &value)) {
    case DECIMAL_MALFORMED:
        text_excerpt(text, excerpt);
        judge_report(judge, place, "not-a-decimal", N_("%s is not a decimal number (\"%s\"); %s"),
                     judge_subject(judge, place), excerpt, field->form);
        return;
    case DECIMAL_TOO_LONG:
        judge_report(judge, place, "too-long", N_("%s has too many digits; %d are the most."),
                     judge_subject(judge, place), DECIMAL_DIGITS_MAX);
        return;
    case DECIMAL_OK:
        break;
    }
    if (value.scale > field->decimals)
        judge_report(judge, place, "too-many-decimals", N_("%s has %u decimals; %u are the most."),
                     judge_subject(judge, place), value.scale, field->decimals);
    if (!is_in_range(field->range, value))
        report_sentence(judge, place, "out-of-range", field->out_of_range);
}

static void check_rows(struct judge *judge, const struct place *place);

/* `row` is that of the field, from 1; 0: it is in none. */
static void check_field(struct judge *judge, const struct field *field, size_t row,
                        const char *text)
{
    const struct place place = {field->subject, field, row};
    if (field->kind == FIELD_ROWS) {
        check_rows(judge, &place);
        return;
    }
    bool may_be_absent = field->presence == FIELD_OPTIONAL;
    if (may_be_absent && is_absent(text)) return;
    /* Blanks may be a name; they are no number. */
    if ((!may_be_absent || field->kind == FIELD_DECIMAL) && !check_required(judge, &place, text))
        return;
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_NOTES:
        check_text(judge, &place, text);
        break;
    case FIELD_DATE:
        check_date(judge, &place, text);
        break;
    case FIELD_CURRENCY:
        check_currency(judge, &place, text);
        break;
    case FIELD_EMAIL:
        check_email(judge, &place, text);
        break;
    case FIELD_DECIMAL:
        check_decimal(judge, &place, text);
        break;
    case FIELD_ROWS:
        break;
    }
}

/* --- all of them --- */

static void check_rows(struct judge *judge, const struct place *place)
{
    const struct values *values = judge->values;
    const struct fields *columns = &place->field->columns;
    int max = (int)place->field->max;
    if (values->row_count == 0) {
        if (place->field->presence == FIELD_REQUIRED)
            judge_report(judge, place, "required", N_("%s is empty; write 1 to %d lines."),
                         place->subject, max);
        return;
    }
    if (values->row_count > place->field->max) {
        judge_report(judge, place, "too-many", N_("%s has %zu lines; %d are the most."),
                     place->subject, values->row_count, max);
        return;
    }
    for (size_t row = 0; row < values->row_count; row++)
        for (size_t i = 0; i < columns->count; i++)
            if (columns->items[i].presence != FIELD_DERIVED)
                check_field(judge, &columns->items[i], row + 1, values->rows[row].texts[i]);
    if (judge->resource->check != NULL) judge->resource->check(values, judge);
}

static bool is_of_object(const struct field *field, const struct field *other)
{
    return field->presence == FIELD_TOGETHER && other->presence == FIELD_TOGETHER &&
           strcmp(field->object, other->object) == 0;
}

/* An absent object has no member, or empty ones where a form had nothing to say; one that is there
 * has braces. */
static bool object_is_there(const struct judge *judge, const struct field *field,
                            const struct json *json)
{
    const struct fields *fields = &judge->resource->fields;
    for (size_t i = 0; i < fields->count; i++)
        if (is_of_object(field, &fields->items[i]) && !is_absent(judge->values->texts[i]))
            return true;
    return json_kind(json_member(json, field->object)) == JSON_OBJECT;
}

bool resource_judge(const struct resource *resource, const struct values *values,
                    const struct json *json, struct violations *violations)
{
    struct judge judge = {resource, values, violations, violations->count, ""};
    const struct fields *fields = &resource->fields;
    assert(fields->count <= RESOURCE_FIELDS_MAX); /* each has its place in the values */
    for (enum field_kind kind = FIELD_TEXT; kind <= FIELD_ROWS; kind++) {
        for (size_t i = 0; i < fields->count; i++) {
            const struct field *field = &fields->items[i];
            if (field->kind == kind && field->presence < FIELD_TOGETHER)
                check_field(&judge, field, 0, values->texts[i]);
        }
    }
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        if (field->presence == FIELD_TOGETHER && object_is_there(&judge, field, json))
            check_field(&judge, field, 0, values->texts[i]);
    }
    return violations->count == judge.shape_count && !violations->out_of_memory;
}
