#include "tui/form/facts.h"

#include "tui/form/amount_entry.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_same(const char *one, const char *other)
{
    return one == other || (one && other && strcmp(one, other) == 0);
}

bool fact_is_typed(const struct field *field)
{
    return field->label && !field->hidden && field->presence != FIELD_DERIVED;
}

bool fact_is_sum(const struct field *field)
{
    return field->label && field->presence == FIELD_DERIVED;
}

bool fact_stands_alone(const struct field *field)
{
    return fact_is_typed(field) && field->kind != FIELD_ROWS && field->kind != FIELD_CURRENCY;
}

struct text_field fact_text_field(const struct field *field)
{
    switch (field->kind) {
    case FIELD_TEXT:
        return (struct text_field){.kind = TEXT_FIELD_WORDS, .characters_max = field->max};
    case FIELD_NOTES:
        return (struct text_field){.kind = TEXT_FIELD_NOTES, .characters_max = field->max};
    case FIELD_EMAIL:
        return (struct text_field){.kind = TEXT_FIELD_CODE, .characters_max = field->max};
    case FIELD_DATE:
        return (struct text_field){.kind = TEXT_FIELD_CODE, .characters_max = FACT_DATE_COLUMNS};
    case FIELD_CURRENCY:
        return (struct text_field){.kind = TEXT_FIELD_CAPITALS,
                                   .characters_max = FACT_CURRENCY_COLUMNS};
    case FIELD_DECIMAL:
        return (struct text_field){.kind = TEXT_FIELD_WORDS, .characters_max = AMOUNT_ENTRY_MAX};
    case FIELD_ROWS:
        break;
    }
    return (struct text_field){0};
}

size_t fact_of_kind(const struct resource *resource, enum field_kind kind)
{
    size_t at = 0;
    while (at < resource->fields.count && resource->fields.items[at].kind != kind)
        at++;
    return at;
}

size_t fact_of_total(const struct resource *resource)
{
    size_t total = resource->fields.count;
    for (size_t i = 0; i < resource->fields.count; i++)
        if (fact_is_sum(&resource->fields.items[i])) total = i;
    return total;
}

static bool is_part(const struct field *field, const struct unique_part *part)
{
    return is_same(field->name, part->name) && is_same(field->object, part->object);
}

size_t fact_of_name(const struct resource *resource)
{
    size_t at = 0;
    while (at < resource->fields.count &&
           !is_part(&resource->fields.items[at], &resource->unique[0].parts[0]))
        at++;
    return at;
}

bool fact_is_of_rule(const struct resource *resource, size_t at)
{
    bool is = false;
    for (size_t i = 0; at < resource->fields.count && i < RESOURCE_PARTS_MAX; i++)
        is = is || is_part(&resource->fields.items[at], &resource->unique[0].parts[i]);
    return is;
}

size_t fact_beside(const struct resource *resource, size_t email)
{
    const struct fields *fields = &resource->fields;
    const char *object = email < fields->count ? fields->items[email].object : NULL;
    size_t at = 0;
    while (at < fields->count &&
           (!object || !fields->items[at].reused || !is_same(fields->items[at].object, object)))
        at++;
    return at;
}

int fact_gap_before(const struct fields *columns, size_t column)
{
    return column == 1 || columns->items[column].presence == FIELD_DERIVED ? 1 : 2;
}

const char *fact_text(const char *text)
{
    return text ? text : "";
}

const char *fact_currency(const struct resource *resource, const struct values *values)
{
    size_t at = fact_of_kind(resource, FIELD_CURRENCY);
    return at < resource->fields.count ? fact_text(values->texts[at]) : "";
}

const char *fact_in(const struct field *field, const struct json *json)
{
    return fact_text(
        json_text(field->object ? json_member(json, field->object) : json, field->name));
}

const char *fact_at(const struct resource *resource, size_t at, const struct json *json)
{
    return at < resource->fields.count ? fact_in(&resource->fields.items[at], json) : "";
}

const char *fact_merged_into(const struct json *record)
{
    const char *status = json_text(record, "status");
    bool is_merged = status && strcmp(status, "merged") == 0;
    return is_merged ? fact_text(json_text(record, "merged_into")) : "";
}

char *fact_merged(const struct json *record)
{
    const char *into = fact_merged_into(record);
    char *sentence = NULL;
    if (*into &&
        asprintf(&sentence, _("It was merged into %s, which stands for it now."), into) < 0)
        sentence = NULL;
    return sentence;
}

char *fact_hidden(const struct resource *resource, const struct values *values)
{
    char *text = strdup("");
    for (size_t i = 0; text && i < resource->fields.count; i++) {
        const char *one = fact_text(values->texts[i]);
        char *longer = NULL;
        if (!resource->fields.items[i].hidden || !*one) continue;
        if (asprintf(&longer, "%s%s%s", text, *text ? " " : "", one) < 0) longer = NULL;
        free(text);
        text = longer;
    }
    return text;
}

static const char *const words_for_any[WORDS] = {
    [WORD_ONE] = N_("The record"),
    [WORD_NEW] = N_("New"),
    [WORD_CREATE] = N_("Create"),
    [WORD_CREATE_IT] = N_("Create this? [y/N] "),
    [WORD_CREATED] = N_("Created"),
    [WORD_IGNORED] = N_("Created - we ignored the duplicate submission and kept your first "
                        "request."),
    [WORD_ORIGINAL] = N_("The original"),
    [WORD_SAME] = N_("It is the same, created %s by %s: nothing is missing."),
    [WORD_MAY_EXIST] =
        N_("%s may or may not exist: it was sent, and no answer came back that could "
           "be believed."),
    [WORD_NOT_SENT] = N_("%s could not be sent: the server was not reached."),
    [WORD_NO_PLACE] = N_("The server has no place for this: is the address in --server the right "
                         "one? Nothing was created."),
    [WORD_TOO_LARGE] = N_("It is too large for the server. Nothing was created."),
    [WORD_NO_ROW] = N_("One line at least is needed."),
    [WORD_RECENT] = N_("Recent"),
    [WORD_NONE_YET] = N_("There is none yet."),
    [WORD_NOT_FOUND] = N_("Nothing like that among the newest, nor among the others."),
};

const char *fact_word(const struct resource *resource, enum word word)
{
    const char *own = resource->words ? resource->words[word] : NULL;
    return _(own ? own : words_for_any[word]);
}

char *fact_sentence(const struct resource *resource, enum word word, const char *name)
{
    const char *sentence = fact_word(resource, word), *gap = strstr(sentence, "%s");
    char *text = NULL;
    int length =
        asprintf(&text, "%.*s%s%s", (int)(gap - sentence), sentence, name, gap + strlen("%s"));
    return length < 0 ? NULL : text;
}
