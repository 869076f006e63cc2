/* Customers known to the server, and to the journal, completed while their e-mail or their name is
 * typed into the e-mail's place. Never waited for. */
#ifndef INVONCE_TUI_CUSTOMERS_H
#define INVONCE_TUI_CUSTOMERS_H

#include "tui/form/form.h"
#include "tui/form/habits.h"
#include "tui/form/query.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stdint.h>

struct customers {
    struct query query;
    struct habits *habits; /* of those that were used before */
    char *text;         /* the e-mail, as far as it was typed when last looked at; NULL: not yet */
    struct json *known; /* the last answer, … */
    char *asked;        /* … and to what; NULL: none */
    char *days_for;     /* the e-mail that days to pay were looked up for last; NULL: none */
    size_t recalled;    /* which of those used before was taken into the empty place, from 1; 0 */
    bool news;
};

/* Where on the form their e-mail is typed, and their name. */
#define CUSTOMERS_NOWHERE SIZE_MAX
size_t customers_email(const struct form *form);
size_t customers_name(const struct form *form);

void customers_start(struct customers *customers, struct courier *courier, struct habits *habits);
void customers_stop(struct customers *customers);

/* The form may have changed, or its focus: asks about another e-mail, shows what completes it, and
 * suggests the name of a whole one once it is left; and the days that it had to pay, on a form that
 * proposes. False: out of memory. */
bool customers_follow(struct customers *customers, struct form *form, int64_t now_ms);

/* Takes what completes the e-mail, if something does; into an empty one the customer that was used
 * last, then the one before. True when the form has changed. */
bool customers_complete(struct customers *customers, struct form *form);

#endif
