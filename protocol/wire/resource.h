/* What a resource is, declared once: its fields, its unique rules, and hooks for what no table can
 * say. From its row come reading and checking a request, writing and believing a record, and
 * telling whether a record is of a request. */
#ifndef INVONCE_WIRE_RESOURCE_H
#define INVONCE_WIRE_RESOURCE_H

#include "protocol/wire/json.h"
#include "protocol/wire/problem.h"
#include "protocol/wire/violations.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESOURCE_FIELDS_MAX  20
#define RESOURCE_COLUMNS_MAX 6
#define RESOURCE_ROWS_MAX    200
#define RESOURCE_PARTS_MAX   3 /* of a unique rule */
#define RESOURCE_ALIKE_MAX   4

/* A request's fields are judged in this order: violations are told kind by kind. */
enum field_kind {
    FIELD_TEXT,     /* one line */
    FIELD_NOTES,    /* line breaks too */
    FIELD_DATE,     /* YYYY-MM-DD */
    FIELD_CURRENCY, /* ISO 4217 */
    FIELD_EMAIL,    /* its domain is compared in its ASCII form */
    FIELD_DECIMAL,  /* exact, as typed */
    FIELD_ROWS,     /* a list of objects; one field at most, of the record itself */
};

enum field_presence {
    FIELD_OPTIONAL,
    FIELD_REQUIRED,
    FIELD_TOGETHER, /* required where any field of its object, or the object, is there */
    FIELD_DERIVED,  /* the server's: in each record, in no request */
};

enum decimal_range { RANGE_ANY, RANGE_NOT_ZERO, RANGE_NOT_NEGATIVE, RANGE_POSITIVE, RANGE_PERCENT };

struct fields {
    const struct field *items;
    size_t count;
};

/* What a clean form suggests: the day; what follows the last record's ("7" behind "6"); the same.
 * A new row: the same as the row before. */
enum field_start { START_EMPTY, START_TODAY, START_NEXT, START_SAME };

/* In sentences of a row, "%s" stands for the subject: "The unit price of line 2". */
struct field {
    const char *name;    /* of its member in JSON */
    const char *object;  /* the member that it is in, fields of one side by side; NULL: none */
    const char *subject; /* what a sentence about it begins with: "The unit price" */
    enum field_kind kind;
    enum field_presence presence;
    size_t max;            /* characters of a text, rows of a list */
    const char *if_absent; /* what a record says where none was sent; NULL: nothing */
    bool reused;           /* where none was sent, a record may show one of before */

    unsigned decimals; /* of a decimal: how many at most … */
    enum decimal_range range;
    const char *out_of_range; /* … a sentence … */
    const char *form;         /* … the end of one: "write it as 120.00." … */
    const char *example;      /* … and "120.00" */

    const char *not_before; /* of a date: the field whose day is the first one, … */
    const char *too_early;  /* … the code … */
    const char *is_before;  /* … and the sentence when it is earlier */

    struct fields columns; /* of rows; what is derived comes last */
    const char *in_words;  /* one of them, a "%s" for each column; NULL: one after the other */

    /* On a form, line by line and in views. */
    const char *label; /* "Issue date"; NULL: it isn't shown */
    const char *brief; /* in one line with others of a record: "issued", "" for none; NULL: it has a
                          line of its own */
    int width;         /* columns of the screen, at 80; 0: as many as its kind takes */
    bool beside;       /* stands in one row with the field before */
    bool hidden;       /* is carried along, and not typed */
    enum field_start start;
    bool negated;       /* of a row: has the other sign in a credit note */
    bool recalled;      /* of a row: comes along when the row's first text is typed again */
    bool shared;        /* of a sum: is shown by its shares */
    const char *lookup; /* of an e-mail: where those that are known are found; NULL: nowhere */
};

/* How values of a unique rule are compared. */
enum likeness { AS_TYPED, AS_FOLDED, AS_EMAIL, BY_YEAR };

/* No two records of a tenant have the same values in these fields; where one is absent the rule
 * doesn't apply. The first part of a resource's first rule is what a person calls a record by. */
struct unique_rule {
    const char *name;
    struct unique_part {
        const char *name, *object; /* of the field, as in its row */
        enum likeness likeness;
        const char *as; /* what the audit calls it, and a list's query; NULL: its name */
    } parts[RESOURCE_PARTS_MAX];
    const char *slug, *title; /* of the problem when it is taken (409) … */
    const char *taken;  /* … its sentence; NULL for all: the record that has it is used … */
    const char *advice; /* … and what to do about it in the form, … */
    const char *advice_later; /* … and once it is out of it; NULL: the same */
};

/* What is in the fields: texts as typed, borrowed; NULL means absent, "" as well. */
struct values_row {
    const char *texts[RESOURCE_COLUMNS_MAX];
};

struct values {
    const char *texts[RESOURCE_FIELDS_MAX];
    const struct values_row *rows;
    size_t row_count;
};

/* What makes up a sum, by a rate in percent: EN 16931 BG-23. */
struct share {
    const char *rate; /* borrowed, as first typed */
    int64_t base, amount;
};

/* Amounts that a hook derives, in units of 10^-digits: by field, and by row of the one derived
 * column. A row whose decimals don't read (yet) has none. */
struct amounts {
    unsigned digits;
    int64_t fields[RESOURCE_FIELDS_MAX];
    bool has_row[RESOURCE_ROWS_MAX];
    int64_t rows[RESOURCE_ROWS_MAX];
    struct share shares[RESOURCE_ROWS_MAX]; /* of the field that has them */
    size_t share_count;
};

/* What is said of a record, in words of its own. */
enum word {
    WORD_ONE,       /* "Invoice" */
    WORD_NEW,       /* "New invoice" */
    WORD_CREATE,    /* on the button */
    WORD_CREATE_IT, /* the question, line by line */
    WORD_CREATED,
    WORD_IGNORED, /* created, and more presses than one */
    WORD_ORIGINAL,
    WORD_SAME,      /* as the original: "%s" stands for the day and "%s" for who made that */
    WORD_MAY_EXIST, /* "%s" stands for its name … */
    WORD_NOT_SENT,  /* … here, too */
    WORD_NO_PLACE,  /* on that server */
    WORD_TOO_LARGE,
    WORD_NO_ROW, /* in its list */
    WORD_RECENT, /* the list of the newest … */
    WORD_NONE_YET,
    WORD_NOT_FOUND, /* … and what is searched for in it */
    WORDS
};

struct judge;

struct resource {
    const char *name;          /* "invoice" */
    const char *path;          /* "/v1/invoices" */
    const char *id_prefix;     /* "inv_" */
    const char *not_an_object; /* "An invoice must be an object, not %s." */
    struct fields fields;
    bool is_open; /* members that it doesn't know are passed over */
    const struct unique_rule *unique;
    size_t unique_count;
    /* What two that are one by mistake share, though no rule says so; none: nothing is known. */
    struct unique_part alike[RESOURCE_ALIKE_MAX];
    const char *const *words; /* WORDS of them; NULL, all or one: as for any */

    /* Adds what no table can say, once the rows are judged (resource_judge.h). NULL: nothing. */
    void (*check)(const struct values *values, struct judge *judge);
    /* Fills in the decimals that are derived, of what is there so far; false: one doesn't fit.
     * NULL: there are none. */
    bool (*derive)(const struct values *values, struct amounts *amounts);
};

/* The one way to write a row down; with no unique rule it doesn't compile. */
#define RESOURCE(FIELD_LIST, RULES, ...)                                                           \
    {                                                                                              \
        .fields = FIELDS(FIELD_LIST), .unique = RULES, .unique_count = UNIQUE_COUNT(RULES),        \
        __VA_ARGS__                                                                                \
    }
#define FIELDS(array)                                                                              \
    {                                                                                              \
        array, sizeof(array) / sizeof(const struct field[1])                                       \
    }
#define UNIQUE_COUNT(array)                                                                        \
    (sizeof(array) / sizeof(const struct unique_rule[1]) +                                         \
     0 * sizeof(char[sizeof(array) < sizeof(const struct unique_rule[1]) ? -1 : 1]))

/* The list of rows among the fields; NULL: it has none. */
const struct field *resource_rows(const struct resource *resource);

/* Where in a request a field is (RFC 6901): "/customer/email"; `row` of the list, from 1, a column
 * of it: "/lines/2/quantity", NULL the row as a whole. 0: it is in none. */
#define FIELD_POINTER_SIZE 80
void field_pointer(const struct resource *resource, const struct field *field, size_t row,
                   char pointer[FIELD_POINTER_SIZE]);

/* --- a request --- */

/* Values read from JSON, and the storage of their rows. */
struct document {
    const struct json *json; /* outlives the document … */
    struct json *own;        /* … or is given to it here by who read it, and freed with it */
    struct values values;
    struct values_row *rows;
};

/* Reads the shape of a request (member names and types), then judges it: everything wrong is in
 * `violations` at once. The member "idempotency_key" is passed over. True when valid; the document
 * is to be cleared either way. */
bool document_read(struct document *document, const struct resource *resource,
                   const struct json *json, struct violations *violations);

/* A partial request: absent members are no violations and rules are not checked, only names and
 * types are (what --prefill and drafts take). */
bool document_read_partial(struct document *document, const struct resource *resource,
                           const struct json *json, struct violations *violations);

void document_clear(struct document *document);

/* Adds a violation for each rule of RULES.md section 4 that is broken, every one at once. True when
 * none was. Pointers are those of the JSON request. A member that has a violation in the list
 * already (of its shape, say) isn't judged again. `json`: what the values were read from, if they
 * were. */
bool resource_judge(const struct resource *resource, const struct values *values,
                    const struct json *json, struct violations *violations);

/* The request for these values; absent members are left out. The caller frees it; NULL: out of
 * memory. */
struct json *resource_request(const struct resource *resource, const struct values *values);

/* --- a record --- */

/* The record of valid values, as JSON text: the request's members, defaults filled in, with what is
 * derived and what every record has. Owned by the caller; NULL: out of memory. */
char *resource_write(const struct resource *resource, const struct values *values, const char *id,
                     const char *created_at, const char *created_by);

/* What every record has. All text is borrowed; NULL means absent. */
struct record {
    struct document document; /* its values have those that are derived */
    const char *id;           /* "inv_1007" */
    const char *status;       /* "open" or "merged" */
    const char *merged_into;  /* an id, when merged */
    const char *created_at;   /* RFC 3339, UTC */
    const char *created_by;
};

/* Whether a record says `part` (as text_fold has it) where people look for one: in what is typed of
 * it, but for its rows, and in its sums. "" is said by any; of a resource without such a field no
 * record says another one. */
bool record_says(const struct resource *resource, const struct json *record, const char *part);

/* Reads a record as a client believes it: every member that the contract promises is there and of
 * its type; members unknown to this version are passed over. Borrows from `json`. To be cleared
 * either way. */
bool record_believe(struct record *record, const struct resource *resource,
                    const struct json *json);
void record_clear(struct record *record);

/* True when the record is of this very request (RULES.md section 6): each member sent stands in it,
 * as sent. */
bool resource_is_of(const struct resource *resource, const struct json *record,
                    const struct json *request);

/* Takes out of a record what no request has (what is derived, and what every record has), in place:
 * what is left is the request that makes the like of it. A request stays as it is. */
void record_to_request(const struct resource *resource, struct json *record);

/* --- unique rules, of requests and records alike --- */

/* The rule that a problem with that slug is of; NULL: none of this resource is. */
const struct unique_rule *unique_rule_of(const struct resource *resource, const char *slug);

/* The problem of a rule whose values are taken. New reference, NULL: out of memory. */
struct json *unique_problem(const struct unique_rule *rule);

/* What the audit and a list's query call it; and the field that it is of. */
const char *unique_part_called(const struct unique_part *part);
const struct field *unique_part_field(const struct resource *resource,
                                      const struct unique_part *part);

/* A part as it was typed, "" where it is absent (borrowed); and as it is compared, that or another
 * text (the caller frees it; NULL: out of memory). */
const char *unique_part_text(const struct unique_part *part, const struct json *json);
char *unique_part_value(const struct unique_part *part, const struct json *json);
char *unique_text_value(const struct unique_part *part, const char *text);

/* True when the rule lets only one of the two be. False when out of memory, too. */
bool unique_is_same(const struct unique_rule *rule, const struct json *one,
                    const struct json *other);

#endif
