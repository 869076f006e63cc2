/* Customers known to the server, completed while their e-mail is typed. Never waited for. */
#ifndef INVONCE_TUI_CUSTOMERS_H
#define INVONCE_TUI_CUSTOMERS_H

#include "tui/form/form.h"
#include "tui/form/query.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stdint.h>

struct customers {
    struct query query;
    char *text;         /* the e-mail, as far as it was typed when last looked at; NULL: not yet */
    struct json *known; /* the last answer; NULL: none */
    bool news;
};

/* Where on the form their e-mail is typed, and their name. */
#define CUSTOMERS_NOWHERE SIZE_MAX
size_t customers_email(const struct form *form);
size_t customers_name(const struct form *form);

void customers_start(struct customers *customers, struct courier *courier);
void customers_stop(struct customers *customers);

/* The form may have changed, or its focus: asks about another e-mail, shows what completes it, and
 * suggests the name of a whole one once it is left. False: out of memory. */
bool customers_follow(struct customers *customers, struct form *form, int64_t now_ms);

/* Takes what completes the e-mail, if something does. True when the form has changed. */
bool customers_complete(struct customers *customers, struct form *form);

#endif
