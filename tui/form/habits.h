/* What was entered before, by the journal: the customers of it, how many days they had to pay, and
 * the texts of rows with what stood beside them; what was used last comes first. */
#ifndef INVONCE_TUI_HABITS_H
#define INVONCE_TUI_HABITS_H

#include "protocol/client/journal/journal.h"
#include "protocol/wire/resource.h"

#include <stdbool.h>
#include <stddef.h>

#define HABITS_DAYS_SIZE 16 /* of "+30" */

struct habit {
    char *folded;          /* an e-mail, or a row's text, as it is compared */
    const char *currency;  /* of a row's request; "": of a customer */
    const struct json *of; /* the request, or the row in it, that has it */
};

struct habit_list {
    struct habit *items;
    size_t count, capacity;
};

/* Read from the journal when it is first asked for. */
struct habits {
    const struct resource *resource;
    struct journal *journal;
    bool known;
    struct json *requests; /* that the lists borrow from */
    struct habit_list customers, rows;
};

void habits_start(struct habits *habits, const struct resource *resource, struct journal *journal);
/* What is entered from now on is known, too, when it is next asked for. */
void habits_renew(struct habits *habits);
void habits_stop(struct habits *habits); /* frees */

/* The request of the customer that was used `index` customers ago; NULL: there is none. The
 * customer with that e-mail. Borrowed until the next renewal. */
const struct json *habits_customer(struct habits *habits, size_t index);
const struct json *habits_customer_of(struct habits *habits, const char *email);
size_t habits_customers(struct habits *habits);

/* How many days behind the one that it may not be before a request's date is: "+30"; "": it has
 * none. */
void habits_days(const struct habits *habits, const struct json *request,
                 char days[HABITS_DAYS_SIZE]);

/* The row used last whose first text begins with `text` and goes on, in that currency rather than
 * in another; NULL: none. */
const struct habit *habits_row(struct habits *habits, const char *text, const char *currency);

#endif
