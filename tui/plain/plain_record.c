/* A record, told line by line, and one beside what was typed. */
#include "tui/plain/plain_state.h"

#include "tui/form/comparison.h"
#include "tui/form/facts.h"
#include "tui/form/grouped.h"
#include "tui/form/moment.h"
#include "tui/form/status.h"
#include "tui/form/sums.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>

/* What is in a sentence of a row up to a gap, without the gap; "%%" is one. */
static const char *put_to_gap(FILE *out, const char *sentence)
{
    for (; *sentence; sentence++) {
        if (*sentence == '%' && *++sentence == 's') return sentence + 1;
        fputc(*sentence, out);
    }
    return sentence;
}

/* Long amounts in parts. */
static const char *shown(const struct field *column, const char *text, char room[GROUPED_SIZE])
{
    return column->kind == FIELD_DECIMAL ? grouped(text, room) : text;
}

/* In the sentence of the row, or else one after the other. */
static void tell_line(const struct field *rows, const struct values_row *line, size_t number)
{
    char *text = NULL;
    char room[GROUPED_SIZE];
    size_t size;
    FILE *out = open_memstream(&text, &size);
    const char *rest = rows->in_words ? _(rows->in_words) : NULL;
    if (!out) return;
    for (size_t i = 0; i < rows->columns.count; i++) {
        if (rest)
            rest = put_to_gap(out, rest);
        else if (i > 0)
            fputs(", ", out);
        fputs(shown(&rows->columns.items[i], fact_text(line->texts[i]), room), out);
    }
    if (rest) put_to_gap(out, rest);
    if (fclose(out) == 0) plain_say(_("Line %zu: %s"), number, text);
    free(text);
}

void plain_tell_merged(const struct record *record)
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
    else if (fact_stands_alone(field))
        plain_say_fact(_(field->label), values->texts[i]);
}

void plain_tell_record(const struct resource *resource, const struct record *record,
                       const char *heading, const char *sentence)
{
    struct sum_rows sums;
    plain_say("%s: %s", heading, fact_text(record->id));
    if (sentence) plain_say("%s", sentence);
    plain_tell_merged(record);
    for (size_t i = 0; i < resource->fields.count; i++)
        tell_field(resource, &record->document.values, i);
    sums_of_record(resource, record, SUMS_SHARES_MAX, &sums);
    plain_say_sums(&sums);
    tell_origin(record);
}

/* The original and what was typed, where they differ, and where not, once. */
static void tell_comparison(const struct resource *resource, const struct record *original,
                            const struct values *typed)
{
    struct comparison comparison;
    char at[MOMENT_SIZE];
    comparison_make(resource, &original->document.values, typed, &comparison);
    for (size_t i = 0; i < comparison.count; i++) {
        const struct comparison_row *row = &comparison.rows[i];
        if (comparison_differs(row))
            plain_say(_("%s: the original has \"%s\", you typed \"%s\""), row->label, row->original,
                      row->typed);
        else
            plain_say_fact(row->label, row->original);
    }
    comparison_clear(&comparison);
    moment_local(original->created_at, at);
    plain_say(_("The original was created by %s, %s."), fact_text(original->created_by), at);
    plain_tell_merged(original);
}

void plain_tell_conflict(const struct plain_conflict *conflict)
{
    const struct resource *kind = conflict->kind;
    plain_say("%s", _("Not created"));
    plain_say("%s", status_conflict(kind, conflict->problem));
    if (conflict->original) tell_comparison(kind, conflict->original, &conflict->typed->values);
    char *same = status_same(kind, conflict->original, conflict->typed->json);
    plain_say("%s", same ? same : conflict->advice);
    free(same);
}
