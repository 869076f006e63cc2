/* A record as it is typed: its fields, its rows, and where the focus is. No screen in it. */
#ifndef INVONCE_TUI_FORM_H
#define INVONCE_TUI_FORM_H

#include "protocol/wire/date.h"
#include "protocol/wire/resource.h"
#include "protocol/wire/violations.h"
#include "tui/form/amount_entry.h"
#include "tui/form/grid.h"
#include "tui/terminal/text_field.h"

#include <stdbool.h>
#include <stddef.h>

#define FORM_DAYS_SIZE 20        /* of "+30", in full-width characters too */
#define FORM_TWOFOLD   "twofold" /* a complaint's code: it can be read in two ways */

/* The places that the focus can be at, in the order of Tab, are the fields of the resource that are
 * typed, by their index, and behind them the button. At the list of rows grid.row and grid.column
 * say where. */
struct form {
    const struct resource *resource;
    size_t focus;
    struct text_field fields[RESOURCE_FIELDS_MAX]; /* that of the rows stays empty: the grid is it;
                                                      what is carried along has one too */
    struct grid grid;
    char today[DATE_TEXT_SIZE];   /* what "t" and "+30" in a date's field count from */
    bool dated;                   /* the day that is suggested is no suggestion any more */
    bool proposes;                /* what was entered before, in new rows and of customers */
    char counted[FORM_DAYS_SIZE]; /* "+30": what was typed of the days from one date to another … */
    char counted_day[DATE_TEXT_SIZE]; /* … and what they came to; they hold as long as it stands */
    char *completion;                 /* what would complete the text that has the focus; NULL */
    char *message; /* what is wrong that belongs to no field; until something is changed */
};

/* A place, and where in the rows it is. */
struct form_spot {
    size_t place, row, column;
};

/* What a record has in a request as typed, and which row of the grid each of its rows is. */
struct form_values {
    struct values values;
    struct values_row lines[RESOURCE_ROWS_MAX];
    size_t rows[RESOURCE_ROWS_MAX];
    char typed[AMOUNT_ENTRY_SIZE]; /* what is read of an amount that is still being typed */
};

/* A clean form, with what it suggests: the day `today`, the currency of the form before (the
 * language's at first); one empty row. False: out of memory. */
bool form_start(struct form *form, const struct resource *resource, const char *today);
void form_clear(struct form *form); /* frees */
/* What "t" means from now on. */
void form_set_today(struct form *form, const char *today);
/* The day that is suggested, too. True when that has changed. */
bool form_follow_day(struct form *form, const char *today);

/* Suggests the number that follows `last`, if one does. False: out of memory. */
bool form_suggest_number(struct form *form, const char *last);

/* Fills in what is there, as it stands, and leaves the rest. False: out of memory. */
bool form_prefill(struct form *form, const struct values *values);
/* The same from a record, for another one: its own name and days are left to the form, the days
 * from one date to another are as many; or its credit note. False: out of memory. */
bool form_fill_again(struct form *form, const struct values *record, bool credit);
bool form_has_credit(const struct form *form); /* there are credit notes of such */
/* What of it the form can't hold as it stands, but would cut or change. */
void form_refuse(const struct resource *resource, const struct values *values,
                 struct violations *violations);

size_t form_button(const struct form *form);
bool form_is_rows(const struct form *form, size_t place);
bool form_in_rows(const struct form *form);  /* the focus is */
bool form_at_email(const struct form *form); /* the same */
const struct field *form_field(const struct form *form, size_t place);
const char *form_label(const struct form *form, size_t place); /* translated; "" for the button */
const char *form_column_label(const struct form *form, size_t column);
const char *form_currency(const struct form *form); /* as it is typed; "": none */
/* The focus is where a row begins, its text that tells it from others. */
bool form_at_row_text(const struct form *form);
void form_set_completion(struct form *form, char *completion); /* owned from here on */
/* The last column that can't be left empty. */
size_t form_last_required(const struct form *form);

/* The field that has the focus; NULL on the button. */
struct text_field *form_focused(struct form *form);

/* Borrows the record as it stands: wholly blank rows left out, empty texts as absent. */
void form_read(const struct form *form, struct form_values *values);

/* The same as it is meant: an amount that has the focus as it reads so far, and one that can be
 * read in two ways as none. */
void form_read_meaning(const struct form *form, struct form_values *values);

/* The date in the field at `place`, read as fingers type dates (date_entry.h). False: none. */
bool form_date(const struct form *form, size_t place, struct date *date);
/* Dates in full, amounts in the strict spelling, in place of what was typed; all, or all but one
 * field's amount. */
void form_write_out(struct form *form);
void form_write_out_but(struct form *form, const struct text_field *but);
/* The date that is counted from another is so many days behind it: "+30"; "": it isn't. */
void form_count_days(struct form *form, const char *days);
/* Suggests it so, where nothing was typed; "": nothing any more. False: out of memory. */
bool form_suggest_days(struct form *form, const char *days);
void form_follow_first_day(struct form *form); /* that other one has changed by itself */
/* Its amounts are as somebody typed them: there may be something to be read into each. */
void form_doubt(struct form *form);
/* Why what is typed into `text` can't be read (date_entry.h, amount_entry.h), which the rules can't
 * say, and the code for it. Owned by the caller; NULL: nothing to say, or out of memory. */
char *form_explain(const struct form *form, const struct field *field,
                   const struct text_field *text, const char **code);

/* The request as it stands, dates as typed. New reference; NULL: out of memory. */
struct json *form_to_json(const struct form *form);
/* Nothing but what the form itself suggests is in it. */
bool form_is_blank(const struct form *form);

/* A submitter_compose: the request body. */
struct json *form_compose(void *form);

/* Moves of the focus. */
void form_next(struct form *form);
void form_previous(struct form *form);
void form_up(struct form *form, size_t rows); /* in the lines by rows, else by fields */
void form_down(struct form *form, size_t rows);
void form_focus(struct form *form, size_t place);
void form_focus_first(struct form *form);
void form_focus_name(struct form *form);             /* behind what a person calls it by */
struct form_spot form_spot(const struct form *form); /* where the focus is */

/* The focus has left `spot`: dates and amounts are written out, and what is wrong there stands
 * beside it. */
void form_leave(struct form *form, struct form_spot spot);
/* The same for all that was filled in of the lines in these rows, but where the focus is. */
void form_leave_rows(struct form *form, size_t first, size_t last);

/* A new line behind the one that has the focus, or behind the last. False: there is no room. */
bool form_new_line(struct form *form);
void form_leave_lines(struct form *form); /* for what is behind them */

/* An empty line before the one that has the focus; the same line once more behind it; without it.
 * False: the focus is in no line, or there is no room. */
bool form_insert_line(struct form *form);
bool form_duplicate_line(struct form *form);
bool form_delete_line(struct form *form);

/* Puts what was pasted in where the focus is. Of "Ana Silva <ana@example.com>" the e-mail takes the
 * address, and an empty name the name. In the lines tabs lead to the next cell and line ends to the
 * next line, and the focus goes along. TEXT_FIELD_FULL: not all of it found a place. */
enum text_field_status form_paste(struct form *form, const char *text, size_t length);

/* What the field that has the focus holds, and the same as one line that is safe to show (owned by
 * the caller; NULL: out of memory). */
const char *form_text(struct form *form);
char *form_text_shown(struct form *form);
/* Puts an answer in the place of that; "" empties it. TEXT_FIELD_FULL: not all of it fits. */
enum text_field_status form_answer(struct form *form, const char *answer);
/* What stood there before, typed or only suggested. */
enum text_field_status form_put_back(struct form *form, const char *text, bool suggested);

/* Puts each violation at its field, what has none into the message, and the focus on the first. */
void form_complain(struct form *form, const struct violations *violations);
bool form_focus_complaint(struct form *form); /* the same; false: nothing is wrong */
/* "Number, Customer e-mail, line 2 Quantity": what has to be put right, cut to `size`. */
void form_name_complaints(const struct form *form, char *text, size_t size);
void form_set_message(struct form *form, const char *message); /* NULL or "": none */
void form_changed(struct form *form);                          /* something was typed */

#endif
