/* A form that is filled from a record. */
#include "tui/form/form.h"
#include "tui/words/words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define AMOUNT_MAX 32 /* more than any amount that is valid, so that errors can be seen */

static bool prefill_line(struct form *form, const struct values_row *line)
{
    struct grid *grid = &form->grid;
    size_t last = grid->count - 1;
    if (!grid_row_is_blank(grid, last)) {
        if (!grid_insert_row(grid, last)) return false;
        last++;
    }
    for (size_t column = 0; column < grid->columns; column++) {
        const char *text = line->texts[column];
        struct text_field *cell = grid_cell(grid, last, column);
        if (!text && cell->suggested) text = "";
        if (text && text_field_set(cell, text) == TEXT_FIELD_NO_MEMORY) return false;
        cell->exact = true;
    }
    return true;
}

bool form_prefill(struct form *form, const struct values *values)
{
    for (size_t i = 0; i < form_button(form); i++) {
        const char *text = values->texts[i];
        if (!text) continue;
        if (text_field_set(&form->fields[i], text) == TEXT_FIELD_NO_MEMORY) return false;
        form->fields[i].exact = true;
        if (form_field(form, i)->start == START_TODAY) form->dated = true;
    }
    for (size_t row = 0; row < values->row_count; row++)
        if (!prefill_line(form, &values->rows[row])) return false;
    form->grid.row = form->grid.column = 0;
    return true;
}

/* A field like `like` would show it as it stands; capitals are as good. What fingers may type into
 * an amount is no amount in JSON. */
static bool holds(const struct text_field *like, enum field_kind kind, const char *text)
{
    struct text_field field = {.kind = like->kind, .characters_max = like->characters_max};
    if (kind == FIELD_DECIMAL)
        field = (struct text_field){.kind = TEXT_FIELD_CODE, .characters_max = AMOUNT_MAX};
    enum text_field_status status = text_field_set(&field, text);
    const char *held = text_field_text(&field);
    bool same =
        like->kind == TEXT_FIELD_CAPITALS ? strcasecmp(held, text) == 0 : strcmp(held, text) == 0;
    text_field_clear(&field);
    return status == TEXT_FIELD_NO_MEMORY || same;
}

/* In the words of the rule that it breaks, if it breaks one. */
static void refuse_text(const struct text_field *like, enum field_kind kind, const char *text,
                        const char *pointer, const struct violations *rules,
                        struct violations *violations)
{
    if (!text || holds(like, kind, text)) return;
    const struct violation *rule = violations_at(rules, pointer);
    if (rule)
        violations_add(violations, pointer, rule->code, "%s", rule->detail);
    else
        violations_add(violations, pointer, "not-as-typed",
                       N_("The field can't hold this as it stands: tabs, line breaks and other "
                          "control characters, or blanks within a code. Type it anew."));
}

static void refuse_line(const struct form *empty, const struct values_row *line, size_t index,
                        const struct violations *rules, struct violations *violations)
{
    char pointer[FIELD_POINTER_SIZE];
    for (size_t column = 0; column < empty->grid.columns; column++) {
        const struct field *field = &empty->grid.field->columns.items[column];
        field_pointer(empty->resource, field, index + 1, pointer);
        refuse_text(grid_cell(&empty->grid, 0, column), field->kind, line->texts[column], pointer,
                    rules, violations);
    }
}

/* What is carried along isn't typed, so that it couldn't be mended. */
static void refuse_hidden(const char *pointer, const struct violations *rules,
                          struct violations *violations)
{
    const struct violation *rule = violations_at(rules, pointer);
    if (rule) violations_add(violations, pointer, rule->code, "%s", rule->detail);
}

void form_refuse(const struct resource *resource, const struct values *values,
                 struct violations *violations)
{
    struct form empty = {0};
    struct violations rules = {0};
    if (!form_start(&empty, resource, "")) {
        violations->out_of_memory = true;
        return;
    }
    resource_judge(resource, values, NULL, &rules);
    for (size_t i = 0; i < form_button(&empty); i++) {
        char pointer[FIELD_POINTER_SIZE];
        field_pointer(resource, form_field(&empty, i), 0, pointer);
        if (form_field(&empty, i)->hidden)
            refuse_hidden(pointer, &rules, violations);
        else
            refuse_text(&empty.fields[i], form_field(&empty, i)->kind, values->texts[i], pointer,
                        &rules, violations);
    }
    for (size_t i = 0; i < values->row_count; i++)
        refuse_line(&empty, &values->rows[i], i, &rules, violations);
    violations_clear(&rules);
    form_clear(&empty);
}
