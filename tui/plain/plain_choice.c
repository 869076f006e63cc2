/* Which field is asked for next: what is wrong, or, once all of them were asked for, one alone:
 * "/5",
 * "/Notes", or "/" for none. */
#include "tui/form/facts.h"
#include "tui/plain/plain_state.h"

#include "protocol/wire/text.h"
#include "tui/words/words.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_SIZE  80
#define CHOICES_MAX (RESOURCE_FIELDS_MAX + RESOURCE_ROWS_MAX)
#define TEXT_SIZE   (LABEL_SIZE * CHOICES_MAX)

/* A field, or a row with all of its own. */
struct choice {
    size_t place;
    size_t row;  /* of the list; the grid's count: a new line */
    size_t line; /* as the record counts, from 1 */
};

struct choices {
    struct choice items[CHOICES_MAX];
    size_t count;
};

static void add(struct choices *choices, size_t place, size_t row, size_t line)
{
    assert(choices->count < CHOICES_MAX);
    choices->items[choices->count++] = (struct choice){place, row, line};
}

static void list_rows(const struct form *form, size_t place, struct choices *choices)
{
    const struct grid *grid = &form->grid;
    size_t line = 0;
    for (size_t row = 0; row < grid->count; row++)
        if (!grid_row_is_blank(grid, row)) add(choices, place, row, ++line);
    if (line < grid->field->max) add(choices, place, grid->count, 0);
}

static void list(const struct form *form, struct choices *choices)
{
    choices->count = 0;
    for (size_t place = 0; place < form_button(form); place++) {
        if (form_is_rows(form, place))
            list_rows(form, place, choices);
        else if (fact_is_typed(form_field(form, place)))
            add(choices, place, 0, 0);
    }
}

static void label_of(const struct form *form, const struct choice *choice, char label[LABEL_SIZE])
{
    if (!form_is_rows(form, choice->place))
        snprintf(label, LABEL_SIZE, "%s", form_label(form, choice->place));
    else if (choice->line == 0)
        snprintf(label, LABEL_SIZE, "%s", _("New line"));
    else
        snprintf(label, LABEL_SIZE, _("Line %zu"), choice->line);
}

void plain_tell_choices(struct plain *plain)
{
    struct choices choices;
    char label[LABEL_SIZE], text[TEXT_SIZE];
    size_t used = 0;
    list(&plain->entry.form, &choices);
    for (size_t i = 0; i < choices.count; i++) {
        label_of(&plain->entry.form, &choices.items[i], label);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s/%zu %s", i > 0 ? ", " : "",
                                 i + 1, label);
        assert(used < sizeof text);
    }
    plain_say("%s", text);
}

static bool is_named(const struct form *form, const struct choice *choice, const char *name)
{
    char label[LABEL_SIZE];
    label_of(form, choice, label);
    char *one = text_fold(label), *other = text_fold(name);
    bool same = one && other && strcmp(one, other) == 0;
    free(one);
    free(other);
    return same;
}

/* By its number or its name; NULL: neither. */
static const struct choice *find(const struct form *form, const struct choices *choices,
                                 const char *name)
{
    char *end = NULL;
    unsigned long number = isdigit((unsigned char)name[0]) ? strtoul(name, &end, 10) : 0;
    if (end && *end == '\0' && number >= 1 && number <= choices->count)
        return &choices->items[number - 1];
    for (size_t i = 0; i < choices->count; i++)
        if (is_named(form, &choices->items[i], name)) return &choices->items[i];
    return NULL;
}

void plain_mend(struct plain *plain)
{
    plain->mending = true;
    plain->whole_line = false;
    if (!form_focus_complaint(&plain->entry.form))
        form_focus(&plain->entry.form, form_button(&plain->entry.form));
}

static void go_to_line(struct plain *plain, size_t place, size_t row)
{
    struct form *form = &plain->entry.form;
    plain->whole_line = true;
    if (row == form->grid.count) {
        form_focus(form, form_button(form)); /* a new line comes behind the last */
        if (!form_new_line(form)) plain->entry.failed = true;
        return;
    }
    form_focus(form, place);
    form->grid.row = row;
    form->grid.column = 0;
}

void plain_choose(struct plain *plain, const char *name)
{
    struct choices choices;
    if (!*name) {
        plain_mend(plain);
        return;
    }
    list(&plain->entry.form, &choices);
    const struct choice *choice = find(&plain->entry.form, &choices, name);
    if (!choice) {
        plain_say("%s",
                  _("There is no such field: answer with / and one of these numbers or names."));
        plain_tell_choices(plain);
        return;
    }
    plain->mending = true;
    if (form_is_rows(&plain->entry.form, choice->place))
        go_to_line(plain, choice->place, choice->row);
    else
        form_focus(&plain->entry.form, choice->place);
}
