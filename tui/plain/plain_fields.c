#include "tui/plain/plain_state.h"

#include "protocol/wire/decimal.h"
#include "protocol/wire/text.h"
#include "tui/form/facts.h"
#include "tui/form/moment.h"
#include "tui/form/sums.h"
#include "tui/form/weekday.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTHING "-" /* in place of what stands there */
#define GO_TO   '/' /* before a field's number or name */

#define NAME_WAIT_MS 1500 /* for what the server knows of a customer */

/* All of ASCII's but the tab. */
#define CONTROLS                                                                                   \
    "\001\002\003\004\005\006\007\010\012\013\014\015\016\017\020\021\022\023\024\025\026"         \
    "\027\030\031\032\033\034\035\036\037\177"

/* --- asking --- */

/* What may be left empty, the lines' end aside. */
static bool is_optional(const struct form *form)
{
    return form_field(form, form->focus)->presence == FIELD_OPTIONAL;
}

/* The line that has the focus, as the invoice counts: without blank ones, from 1. */
static size_t line_number(const struct form *form)
{
    size_t number = 1;
    for (size_t row = 0; row < form->grid.row; row++)
        number += !grid_row_is_blank(&form->grid, row);
    return number;
}

static void prompt_with(const char *label, const char *hint)
{
    if (hint && *hint)
        plain_prompt("%s [%s]: ", label, hint);
    else
        plain_prompt("%s: ", label);
}

static void ask_cell(struct form *form)
{
    char *label = NULL;
    size_t number = line_number(form);
    bool blank = grid_row_is_blank(&form->grid, form->grid.row);
    bool may_end = form->grid.column == 0 && blank && number > 1;
    const char *absent = form->grid.field->columns.items[form->grid.column].if_absent;
    char *value = form_text_shown(form);
    if (asprintf(&label, _("Line %zu, %s"), number, form_column_label(form, form->grid.column)) < 0)
        label = NULL;
    if (label && may_end)
        plain_prompt(_("%s (empty ends the lines): "), label);
    else if (label)
        prompt_with(label, absent && value && !*value ? absent : value);
    free(label);
    free(value);
}

static void ask_text(struct form *form)
{
    const char *label = form_label(form, form->focus);
    char *value = form_text_shown(form);
    if (value && !*value && is_optional(form))
        plain_prompt(_("%s (may stay empty): "), label);
    else
        prompt_with(label, value);
    free(value);
}

static void read_out_totals(struct form *form)
{
    const struct resource *resource = form->resource;
    struct form_values read;
    struct amounts amounts;
    struct sum_rows sums;
    form_read(form, &read);
    if (!resource->derive) return;
    if (!resource->derive(&read.values, &amounts)) {
        plain_say("%s", _("The sum is too large: lower a quantity or a price."));
        return;
    }
    sums_make(resource, &amounts, fact_currency(resource, &read.values), SUMS_SHARES_MAX, &sums);
    plain_say_sums(&sums);
}

void plain_ask_field(struct plain *plain)
{
    struct form *form = &plain->entry.form;
    if (form->focus == form_button(form)) {
        read_out_totals(form);
        plain_prompt("%s", fact_word(form->resource, WORD_CREATE_IT));
    } else if (form_in_rows(form)) {
        ask_cell(form);
    } else {
        if (form_field(form, form->focus)->start == START_TODAY) entry_follow_day(&plain->entry);
        ask_text(form);
    }
}

/* --- going on --- */

/* A line that is begun is asked for to its price. */
static bool is_in_a_begun_line(const struct form *form)
{
    const struct grid *grid = &form->grid;
    return form_in_rows(form) && grid->column < form_last_required(form) &&
           grid_cell(grid, grid->row, grid->column + 1)->length == 0;
}

static bool stays_in_line(const struct plain *plain)
{
    const struct form *form = &plain->entry.form;
    return is_in_a_begun_line(form) ||
           (plain->whole_line && form_in_rows(form) && form->grid.column + 1 < form->grid.columns);
}

static void go_on(struct plain *plain)
{
    if (plain->mending && !stays_in_line(plain))
        plain_mend(plain);
    else
        form_next(&plain->entry.form);
}

static void say_date(const struct form *form, size_t place)
{
    struct date date;
    char day[DATE_TEXT_SIZE];
    if (!form_date(form, place, &date)) return;
    date_format(date, day);
    plain_say("%s: %s, %s", form_label(form, place), day, weekday_name(date));
}

/* What an amount was read as, where that isn't what was typed. */
static void say_amount(struct form *form, const char *typed)
{
    const char *read = form_text(form);
    if (strcmp(read, typed) == 0) return;
    if (form_in_rows(form))
        plain_say(_("Line %zu, %s: %s"), line_number(form),
                  form_column_label(form, form->grid.column), read);
    else
        plain_say_fact(form_label(form, form->focus), read);
}

/* What the server knows of a customer is asked for as soon as there is an e-mail. */
static void ask_for_name(struct plain *plain, int64_t now_ms)
{
    struct entry *entry = &plain->entry;
    if (!customers_follow(&entry->customers, &entry->form, now_ms)) entry->failed = true;
    plain->name_until_ms = now_ms + NAME_WAIT_MS;
}

static bool is_amount(const struct form *form)
{
    const struct field *field = form_field(form, form->focus);
    if (form_in_rows(form)) field = &form->grid.field->columns.items[form->grid.column];
    return field->kind == FIELD_DECIMAL;
}

/* The field has its answer (NULL: what stands there is kept). False: that can't be, and it is to be
 * asked for again. */
static bool leave_field(struct plain *plain, const char *answer, int64_t now_ms)
{
    struct entry *entry = &plain->entry;
    struct form_spot spot = form_spot(&entry->form);
    const struct text_field *field = form_focused(&entry->form);
    entry_leave_spot(entry, spot, now_ms);
    if (field->complaint_code) {
        plain_say("%s", field->complaint ? field->complaint : field->complaint_code);
        return false;
    }
    if (answer) say_date(&entry->form, spot.place);
    if (answer && is_amount(&entry->form)) say_amount(&entry->form, answer);
    go_on(plain);
    if (spot.place == customers_email(&entry->form)) ask_for_name(plain, now_ms);
    return true;
}

/* --- answers --- */

/* An answer that can't be never takes the place of what stood there. */
static void put_back(struct plain *plain, const char *before, bool suggested)
{
    if (form_put_back(&plain->entry.form, before, suggested) == TEXT_FIELD_NO_MEMORY)
        plain->entry.failed = true;
    entry_typed(&plain->entry);
}

static void say_too_much(const struct text_field *field)
{
    if (field->length < field->characters_max)
        plain_say("%s", _("There is more than an e-mail address in that; give the address alone."));
    else
        plain_say(_("That is too long: %zu characters at most."), field->characters_max);
}

static void put_answer(struct plain *plain, const char *answer, const char *before, int64_t now_ms)
{
    const struct text_field *field = form_focused(&plain->entry.form);
    bool suggested = field->fresh;
    bool empties = strcmp(answer, NOTHING) == 0 && field->length > 0;
    enum text_field_status status = form_answer(&plain->entry.form, empties ? "" : answer);
    entry_typed(&plain->entry);
    if (status == TEXT_FIELD_NO_MEMORY) plain->entry.failed = true;
    bool fits = status != TEXT_FIELD_FULL;
    if (!fits) say_too_much(field);
    if (!fits || !leave_field(plain, empties ? "" : answer, now_ms))
        put_back(plain, before, suggested);
}

static void put_text(struct plain *plain, const char *answer, int64_t now_ms)
{
    char *before = strdup(form_text(&plain->entry.form));
    if (before)
        put_answer(plain, answer, before, now_ms);
    else
        plain->entry.failed = true;
    free(before);
}

/* An empty description. */
static void end_lines(struct plain *plain)
{
    struct form *form = &plain->entry.form;
    if (line_number(form) == 1 && form->grid.row + 1 == form->grid.count) {
        plain_say("%s", fact_word(form->resource, WORD_NO_ROW));
        return;
    }
    form_leave_lines(form);
    if (plain->mending) plain_mend(plain);
}

static void take_out_line(struct plain *plain)
{
    entry_typed(&plain->entry);
    if (!form_delete_line(&plain->entry.form)) plain->entry.failed = true;
    plain->entry.form.grid.column = 0;
}

static bool is_yes(const char *answer)
{
    const char *yes = _("yes");
    char *folded = text_fold(answer);
    bool is = folded && *folded &&
              (strcmp(folded, "y") == 0 || strcmp(folded, "yes") == 0 || strcmp(folded, yes) == 0 ||
               (folded[0] == yes[0] && folded[1] == '\0'));
    free(folded);
    return is;
}

static void answer_button(struct plain *plain, const char *answer, int64_t now_ms)
{
    if (!is_yes(answer)) {
        plain_say("%s", _("Nothing was created. Here are the fields again; Enter keeps what is "
                          "there. One alone can be changed: answer with / and its number "
                          "or name; / goes back to the question."));
        plain_tell_choices(plain);
        plain->reviewing = true;
        plain->mending = false;
        form_focus_first(&plain->entry.form);
        return;
    }
    plain->reviewing = false;
    plain_begin_saving(plain);
    entry_act(&plain->entry, ACTION_SUBMIT, now_ms);
}

/* Nothing of it is left out without a word. */
bool plain_is_readable(const char *answer)
{
    const char *wrong = NULL;
    if (!text_is_utf8(answer, strlen(answer)))
        wrong = _("That has bytes that are no UTF-8: set the terminal to UTF-8.");
    else if (strpbrk(answer, CONTROLS))
        wrong = _("That has control characters in it, such as the cursor keys send: type it again "
                  "without them.");
    if (wrong) plain_say("%s", wrong);
    return !wrong;
}

void plain_answer_field(struct plain *plain, char *answer, int64_t now_ms)
{
    if (!plain_is_readable(answer)) return;
    struct form *form = &plain->entry.form;
    char today[MOMENT_DAY_SIZE];
    moment_today(today);
    form_set_today(form, today);
    bool blank = form_in_rows(form) && grid_row_is_blank(&form->grid, form->grid.row);
    bool at_description = form_in_rows(form) && form->grid.column == 0;
    if (plain->reviewing && *answer == GO_TO)
        plain_choose(plain, answer + 1);
    else if (form->focus == form_button(form))
        answer_button(plain, answer, now_ms);
    else if (at_description && blank && !*answer)
        end_lines(plain);
    else if (at_description && !blank && strcmp(answer, NOTHING) == 0)
        take_out_line(plain);
    else if (*answer)
        put_text(plain, answer, now_ms);
    else
        leave_field(plain, NULL, now_ms);
}
