/* A form that is filled from a record. */
#include "tui/form/form.h"
#include "tui/form/form_places.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define POINTER_SIZE 64
#define REFERENCE    "/external_ref"

static bool prefill_line(struct form *form, const struct values_row *line)
{
    struct grid *grid = &form->grid;
    size_t last = grid->count - 1;
    if (!grid_row_is_blank(grid, last)) {
        if (!grid_insert_row(grid, last)) return false;
        last++;
    }
    for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
        const char *text = form_column_member(column, line);
        if (text && text_field_set(grid_cell(grid, last, column), text) == TEXT_FIELD_NO_MEMORY)
            return false;
    }
    return true;
}

bool form_prefill(struct form *form, const struct values *invoice)
{
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        const char *text = form_member(place, invoice);
        if (text && text_field_set(&form->fields[place], text) == TEXT_FIELD_NO_MEMORY)
            return false;
    }
    form->dated = form->dated || invoice->texts[INVOICE_ISSUE_DATE];
    for (size_t i = 0; i < invoice->row_count; i++) {
        if (!prefill_line(form, &invoice->rows[i])) return false;
    }
    form->grid.row = 0;
    form->grid.column = GRID_DESCRIPTION;
    if (!invoice->texts[INVOICE_EXTERNAL_SOURCE] || !invoice->texts[INVOICE_EXTERNAL_ID])
        return true;
    form->external_source = strdup(invoice->texts[INVOICE_EXTERNAL_SOURCE]);
    form->external_id = strdup(invoice->texts[INVOICE_EXTERNAL_ID]);
    return form->external_source && form->external_id;
}

/* A field like `like` would show it as it stands; capitals are as good. */
static bool holds(const struct text_field *like, const char *text)
{
    struct text_field field = {.kind = like->kind, .characters_max = like->characters_max};
    enum text_field_status status = text_field_set(&field, text);
    const char *held = text_field_text(&field);
    bool same =
        like->kind == TEXT_FIELD_CAPITALS ? strcasecmp(held, text) == 0 : strcmp(held, text) == 0;
    text_field_clear(&field);
    return status == TEXT_FIELD_NO_MEMORY || same;
}

/* In the words of the rule that it breaks, if it breaks one. */
static void refuse_text(const struct text_field *like, const char *text, const char *pointer,
                        const struct violations *rules, struct violations *violations)
{
    if (!text || holds(like, text)) return;
    const struct violation *rule = violations_at(rules, pointer);
    if (rule)
        violations_add(violations, pointer, rule->code, "%s", rule->detail);
    else
        violations_add(violations, pointer, "not-as-typed",
                       N_("The field can't hold this as it stands: tabs, line breaks and other "
                          "control characters, or blanks within a code."));
}

static void refuse_line(const struct form *empty, const struct values_row *line, size_t index,
                        const struct violations *rules, struct violations *violations)
{
    char pointer[POINTER_SIZE];
    for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
        snprintf(pointer, sizeof pointer, "/lines/%zu%s", index, form_column_pointer(column));
        refuse_text(grid_cell(&empty->grid, 0, column), form_column_member(column, line), pointer,
                    rules, violations);
    }
}

/* The reference isn't typed, so that it couldn't be mended. */
static void refuse_reference(const struct violations *rules, struct violations *violations)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct violation *rule = &rules->items[i];
        if (strncmp(rule->pointer, REFERENCE, strlen(REFERENCE)) == 0)
            violations_add(violations, rule->pointer, rule->code, "%s", rule->detail);
    }
}

void form_refuse(const struct values *invoice, struct violations *violations)
{
    struct form empty = {0};
    struct violations rules = {0};
    if (!form_start(&empty, "")) {
        violations->out_of_memory = true;
        return;
    }
    resource_judge(&INVOICE, invoice, NULL, &rules);
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        const char *text = form_member(place, invoice);
        if (text) refuse_text(&empty.fields[place], text, form_pointer(place), &rules, violations);
    }
    for (size_t i = 0; i < invoice->row_count; i++)
        refuse_line(&empty, &invoice->rows[i], i, &rules, violations);
    refuse_reference(&rules, violations);
    violations_clear(&rules);
    form_clear(&empty);
}
