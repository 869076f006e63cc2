/* Which field is asked for next: what is wrong, or, once all of them were asked for, one alone:
 * "/5",
 * "/Notes", or "/" for none. */
#include "tui/plain/plain_state.h"

#include "protocol/wire/text.h"
#include "tui/words/words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_SIZE 80
#define TEXT_SIZE  (LABEL_SIZE * (INVOICE_LINES_MAX + FORM_PLACES))

/* A field, or a line with its four. */
struct choice {
    enum form_place place;
    size_t row;  /* of FORM_LINES; the grid's count: a new line */
    size_t line; /* as the invoice counts, from 1 */
};

struct choices {
    struct choice items[INVOICE_LINES_MAX + FORM_PLACES];
    size_t count;
};

static void add(struct choices *choices, enum form_place place, size_t row, size_t line)
{
    choices->items[choices->count++] = (struct choice){place, row, line};
}

static void list(const struct form *form, struct choices *choices)
{
    choices->count = 0;
    for (enum form_place place = FORM_NUMBER; place < FORM_LINES; place++)
        add(choices, place, 0, 0);
    size_t line = 0;
    for (size_t row = 0; row < form->grid.count; row++)
        if (!grid_row_is_blank(&form->grid, row)) add(choices, FORM_LINES, row, ++line);
    if (line < INVOICE_LINES_MAX) add(choices, FORM_LINES, form->grid.count, 0);
    add(choices, FORM_NOTES, 0, 0);
}

static void label_of(const struct choice *choice, char label[LABEL_SIZE])
{
    if (choice->place != FORM_LINES)
        snprintf(label, LABEL_SIZE, "%s", form_label(choice->place));
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
        label_of(&choices.items[i], label);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s/%zu %s", i > 0 ? ", " : "",
                                 i + 1, label);
    }
    plain_say("%s", text);
}

static bool is_named(const struct choice *choice, const char *name)
{
    char label[LABEL_SIZE];
    label_of(choice, label);
    char *one = text_fold(label), *other = text_fold(name);
    bool same = one && other && strcmp(one, other) == 0;
    free(one);
    free(other);
    return same;
}

/* By its number or its name; NULL: neither. */
static const struct choice *find(const struct choices *choices, const char *name)
{
    char *end = NULL;
    unsigned long number = isdigit((unsigned char)name[0]) ? strtoul(name, &end, 10) : 0;
    if (end && *end == '\0' && number >= 1 && number <= choices->count)
        return &choices->items[number - 1];
    for (size_t i = 0; i < choices->count; i++)
        if (is_named(&choices->items[i], name)) return &choices->items[i];
    return NULL;
}

void plain_mend(struct plain *plain)
{
    plain->mending = true;
    plain->whole_line = false;
    if (!form_focus_complaint(&plain->entry.form)) form_focus(&plain->entry.form, FORM_BUTTON);
}

static void go_to_line(struct plain *plain, size_t row)
{
    struct form *form = &plain->entry.form;
    plain->whole_line = true;
    if (row == form->grid.count) {
        form_focus(form, FORM_BUTTON); /* a new line comes behind the last */
        if (!form_new_line(form)) plain->entry.failed = true;
        return;
    }
    form_focus(form, FORM_LINES);
    form->grid.row = row;
    form->grid.column = GRID_DESCRIPTION;
}

void plain_choose(struct plain *plain, const char *name)
{
    struct choices choices;
    if (!*name) {
        plain_mend(plain);
        return;
    }
    list(&plain->entry.form, &choices);
    const struct choice *choice = find(&choices, name);
    if (!choice) {
        plain_say("%s", _("There is no such field."));
        plain_tell_choices(plain);
        return;
    }
    plain->mending = true;
    if (choice->place == FORM_LINES)
        go_to_line(plain, choice->row);
    else
        form_focus(&plain->entry.form, choice->place);
}
