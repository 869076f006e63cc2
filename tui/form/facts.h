/* What a resource's row says to people of its fields: which are typed, which sum up, and what they
 * hold. Texts are borrowed; "" where there is none. */
#ifndef INVONCE_TUI_FACTS_H
#define INVONCE_TUI_FACTS_H

#include "protocol/wire/resource.h"
#include "tui/terminal/text_field.h"

#define FACT_DATE_COLUMNS     10 /* and characters */
#define FACT_CURRENCY_COLUMNS 3

/* Has a place on the form. */
bool fact_is_typed(const struct field *field);
/* Comes of the others, and is shown under them: "Total". */
bool fact_is_sum(const struct field *field);
/* Is shown by itself, with its label: not the list of rows, and no currency, which stands with the
 * sums. */
bool fact_stands_alone(const struct field *field);

/* An empty one, as the field takes. */
struct text_field fact_text_field(const struct field *field);

/* Where the first field of a kind is, the last sum, what a person calls a record by, and what is
 * known of whom an e-mail is of: a name, beside it in one object. fields.count: nowhere. */
size_t fact_of_kind(const struct resource *resource, enum field_kind kind);
size_t fact_of_total(const struct resource *resource);
size_t fact_of_name(const struct resource *resource);
size_t fact_beside(const struct resource *resource, size_t email);

/* What the first rule lets only one record have, with others. */
bool fact_is_of_rule(const struct resource *resource, size_t at);

/* Columns of the screen between a column of the rows and the one before. */
int fact_gap_before(const struct fields *columns, size_t column);

const char *fact_text(const char *text);
const char *fact_currency(const struct resource *resource, const struct values *values);
/* What a record, or a request, says there. */
const char *fact_in(const struct field *field, const struct json *json);
const char *fact_at(const struct resource *resource, size_t at, const struct json *json);
/* The id of the record that a record is merged into; "": it isn't. And that in a sentence, owned by
 * the caller; NULL: it isn't, or out of memory. */
const char *fact_merged_into(const struct json *record);
char *fact_merged(const struct json *record);
/* What is carried along, as one text: "shop 4711". Owned by the caller; NULL: out of memory. */
char *fact_hidden(const struct resource *resource, const struct values *values);

/* In the words of the row, or those for any; translated. The second puts a name in its gap; owned
 * by the caller, NULL: out of memory. */
const char *fact_word(const struct resource *resource, enum word word);
char *fact_sentence(const struct resource *resource, enum word word, const char *name);

#endif
