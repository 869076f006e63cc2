/* The invoice as it is typed: its fields, its lines, and where the focus is. No screen in it. */
#ifndef INVONCE_TUI_FORM_H
#define INVONCE_TUI_FORM_H

#include "protocol/wire/date.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/violations.h"
#include "tui/form/grid.h"
#include "tui/terminal/text_field.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stddef.h>

/* Where the focus can be, in the order of Tab. */
enum form_place {
    FORM_NUMBER,
    FORM_ISSUE_DATE,
    FORM_DUE_DATE,
    FORM_CURRENCY,
    FORM_EMAIL,
    FORM_NAME,
    FORM_LINES, /* then grid.row and grid.column say where */
    FORM_NOTES,
    FORM_BUTTON,
    FORM_PLACES
};

struct form {
    enum form_place focus;
    struct text_field fields[FORM_NOTES + 1]; /* that of FORM_LINES stays empty: the grid is it */
    struct grid grid;
    char today[DATE_TEXT_SIZE]; /* what "t" and "+30" in a date's field count from */
    bool dated;                 /* the issue date is no suggestion any more */
    char *external_source;      /* not to be typed: from --prefill; both or neither */
    char *external_id;
    char *completion; /* what would complete the e-mail; NULL: nothing. Owned */
    char *message;    /* what is wrong that belongs to no field; until something is changed */
};

/* A place, and where in the lines it is. */
struct form_spot {
    enum form_place place;
    size_t row;
    enum grid_column column;
};

/* A clean form: issue date `today`, the currency of the form before (the language's at first), one
 * empty line. False: out of memory. */
bool form_start(struct form *form, const char *today);
void form_clear(struct form *form); /* frees */
/* What "t" means from now on. */
void form_set_today(struct form *form, const char *today);
/* The issue date that is suggested, too. True when that has changed. */
bool form_follow_day(struct form *form, const char *today);

/* Suggests the number that follows `last`, if one does. False: out of memory. */
bool form_suggest_number(struct form *form, const char *last);

/* Fills in what the invoice has and leaves the rest. False: out of memory. */
bool form_prefill(struct form *form, const struct values *invoice);
/* What of it the form can't hold as it stands, but would cut or change. */
void form_refuse(const struct values *invoice, struct violations *violations);

const char *form_label(enum form_place place); /* translated; "" for the button and the lines */
const char *form_column_label(enum grid_column column);

/* The field that has the focus; NULL on the button. */
struct text_field *form_focused(struct form *form);

/* Borrows the invoice as it stands: wholly blank lines left out, empty texts as absent. `rows[i]`
 * is the grid's row of line i. */
void form_invoice(const struct form *form, struct values *invoice,
                  struct values_row lines[INVOICE_LINES_MAX], size_t rows[INVOICE_LINES_MAX]);

/* The date in the field at `place`, read as fingers type dates (date_entry.h). False: none. */
bool form_date(const struct form *form, enum form_place place, struct date *date);
void form_write_dates(struct form *form); /* in full, in place of what was typed */

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
void form_focus(struct form *form, enum form_place place);
struct form_spot form_spot(const struct form *form); /* where the focus is */

/* The focus has left `spot`: dates are written out, and what is wrong there stands beside it. */
void form_leave(struct form *form, struct form_spot spot);
/* The same for all that was filled in of the lines in these rows, but where the focus is. */
void form_leave_rows(struct form *form, size_t first, size_t last);

/* A new line behind the one that has the focus, or behind the last. False: there is no room. */
bool form_new_line(struct form *form);

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
