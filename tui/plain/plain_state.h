/* What the line-by-line form is made of, for the files that make it up: the same as the form on a
 * screen, but asked and told instead of painted. */
#ifndef INVONCE_TUI_PLAIN_STATE_H
#define INVONCE_TUI_PLAIN_STATE_H

#include "tui/form/entry.h"
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
};

/* plain_say.c: words on standard output. */
/* Made safe to show, with a line's end. */
__attribute__((format(printf, 1, 2))) void plain_say(const char *format, ...);
/* "Label: value"; nothing for a value that is NULL or empty. */
void plain_say_fact(const char *label, const char *value);
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

/* plain_choice.c: which field is asked for next. */
/* From here on only what is wrong is asked for, beginning there if anything is. */
void plain_mend(struct plain *plain);
/* One field alone, by its number or name; none: back to the question at the end. */
void plain_tell_choices(struct plain *plain);
void plain_choose(struct plain *plain, const char *name);

/* plain_views.c: the views that come up by themselves, and what can be done there. */
void plain_tell_view(struct plain *plain);
void plain_ask_choice(const struct plain *plain);
void plain_answer_choice(struct plain *plain, const char *answer, int64_t now_ms);

#endif
