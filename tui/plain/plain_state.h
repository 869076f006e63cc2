/* What the line-by-line form is made of, for the files that make it up: the same as the form on a
 * screen, but asked and told instead of painted. */
#ifndef INVONCE_TUI_PLAIN_STATE_H
#define INVONCE_TUI_PLAIN_STATE_H

#include "tui/form/entry.h"
#include "tui/form/recent.h"
#include "tui/form/refusal.h"
#include "tui/form/sums.h"
#include "tui/plain/plain_input.h"

struct plain {
    struct entry entry;
    struct plain_input input;
    bool asked;            /* the question that stands was put */
    bool warned;           /* that the next answer may throw away what was typed */
    bool mending;          /* only what is wrong is asked for: the rest is as it should be */
    bool reviewing;        /* all was asked for once: one field alone can be gone to */
    bool whole_line;       /* that one is a line: all of its fields are asked for */
    int64_t name_until_ms; /* so long the customer's name is waited for, to be suggested */
    enum missing told;     /* of what stands in the way */
    bool told_locked;      /* that the journal is locked */
    size_t told_refusals;  /* that these wait to be seen */
    unsigned told_attempt;
    int64_t told_second; /* of the save */

    enum view aside; /* RECENT, PAST, OUTBOX or REFUSED, looked into by the way; VIEW_FORM: none */
    bool told_aside;
    int64_t aside_until_ms; /* so long what it has to tell is waited for */
    struct recent recent;
    size_t first;           /* of the recent ones, that is told */
    struct record past;     /* PAST */
    struct refusal refusal; /* REFUSED */
};

/* plain_say.c: words on standard output. */
/* Made safe to show, with a line's end. */
__attribute__((format(printf, 1, 2))) void plain_say(const char *format, ...);
/* "Label: value"; nothing for a value that is NULL or empty. */
void plain_say_fact(const char *label, const char *value);
/* The amounts under one another. */
void plain_say_sums(const struct sum_rows *sums);
/* A question: no line's end, and at once. */
__attribute__((format(printf, 1, 2))) void plain_prompt(const char *format, ...);

/* plain_saving.c: while it is being saved. */
/* The form is locked from here on, and says so before anything is done. */
void plain_begin_saving(struct plain *plain);
/* What is typed meanwhile counts, and acts on nothing. */
void plain_drop_typed(struct plain *plain, int64_t now_ms);
void plain_tell_progress(struct plain *plain, int64_t now_ms);

/* plain_fields.c: the form, field by field. */
void plain_ask_field(struct plain *plain);
void plain_answer_field(struct plain *plain, char *answer, int64_t now_ms);
bool plain_is_readable(const char *answer); /* false, saying why: it isn't UTF-8, or has controls */

/* plain_choice.c: which field is asked for next. */
/* From here on only what is wrong is asked for, beginning there if anything is. */
void plain_mend(struct plain *plain);
/* One field alone, by its number or name; none: back to the question at the end. */
void plain_tell_choices(struct plain *plain);
void plain_choose(struct plain *plain, const char *name);

/* plain_record.c: what a record says. */
void plain_tell_record(const struct resource *resource, const struct record *record,
                       const char *heading, const char *sentence); /* NULL: none */
void plain_tell_merged(const struct record *record);               /* into which, if it is */
struct plain_conflict {
    const struct resource *kind;
    const struct json *problem;
    const struct record *original; /* NULL: it isn't readable */
    const struct document *typed;
    const char *advice;
};
void plain_tell_conflict(const struct plain_conflict *conflict);

/* plain_views.c: what has come up, and what can be done there. */
void plain_tell_view(struct plain *plain);
void plain_ask_choice(const struct plain *plain);
void plain_answer_choice(struct plain *plain, const char *answer, int64_t now_ms);

/* plain_aside.c: what is looked into by the way, and changes nothing of the form. */
void plain_start_asides(struct plain *plain);
void plain_stop_asides(struct plain *plain);
/* The one that is shown, else what stands below. */
enum view plain_view(const struct plain *plain);
void plain_leave_aside(struct plain *plain);
/* "/recent" and "/outbox", wherever a field is asked for. False: it is an answer. */
bool plain_opens_aside(struct plain *plain, const char *answer, int64_t now_ms);
/* False: it is no action of theirs. */
bool plain_act_aside(struct plain *plain, enum action action, int64_t now_ms);
/* What is told of it isn't there yet, but may be soon. */
bool plain_waits_aside(const struct plain *plain, int64_t now_ms);
void plain_tell_aside(struct plain *plain);
/* What can be typed there beside the letters; NULL: nothing. And that. */
const char *plain_aside_choices(const struct plain *plain);
void plain_answer_aside(struct plain *plain, const char *answer, int64_t now_ms);

/* plain_recent.c and plain_outbox.c: theirs. */
void plain_open_recent(struct plain *plain, int64_t now_ms);
void plain_tell_recent(struct plain *plain);
void plain_go_on_recent(struct plain *plain, int64_t now_ms);
void plain_search_recent(struct plain *plain, const char *text, int64_t now_ms);
void plain_pick_recent(struct plain *plain, size_t at);
void plain_open_outbox(struct plain *plain, int64_t now_ms);
void plain_tell_outbox(const struct plain *plain);
void plain_pick_outbox(struct plain *plain, size_t at);
void plain_tell_refusal(const struct plain *plain);

#endif
