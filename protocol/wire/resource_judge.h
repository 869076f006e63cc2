/* How what a rule finds is told: inside wire, for the rules that a row names and for its hooks. */
#ifndef INVONCE_WIRE_RESOURCE_JUDGE_H
#define INVONCE_WIRE_RESOURCE_JUDGE_H

#include "protocol/wire/resource.h"

/* Where something is wrong, in words and as a JSON pointer. */
struct place {
    const char *subject;       /* "The quantity" */
    const struct field *field; /* NULL: the row as a whole */
    size_t row;                /* from 1; 0: it is in none */
};

/* What a sentence about that place begins with: "The quantity of line 2". Lasts until the next. */
const char *judge_subject(struct judge *judge, const struct place *place);

/* Adds a violation, unless the shape of that place, or of what it is in, was refused before. */
__attribute__((format(printf, 4, 5))) void judge_report(struct judge *judge,
                                                        const struct place *place, const char *code,
                                                        const char *format, ...);

#endif
