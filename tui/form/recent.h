/* The invoices that the server has, newest first or in another order, a search among them, and what
 * those that are listed come to. No screen in it. */
#ifndef INVONCE_TUI_RECENT_H
#define INVONCE_TUI_RECENT_H

#include "tui/form/amount_entry.h"
#include "tui/form/list_sums.h"
#include "tui/form/query.h"
#include "tui/terminal/text_field.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Records as far as they were asked for. */
struct recent_list {
    struct json *records; /* NULL: not there yet */
    char *next;           /* where the next page begins; NULL: there is none */
};

enum recent_order { RECENT_NEWEST, RECENT_BY_DATE, RECENT_BY_NUMBER, RECENT_ORDERS };

struct recent {
    const struct resource *resource;
    struct query newest_query, search_query, more_query;
    struct text_field search; /* part of what a record says: record_says */
    struct recent_list newest;
    struct recent_list found;    /* those that the server found for `search` */
    struct recent_list *growing; /* what `more_query` asks for more of */
    const struct json **shown;   /* of both, those that match; NULL: none, or out of memory */
    size_t shown_count;
    size_t selected; /* in `shown` */
    bool chosen;     /* by a key, and nothing was done in the search since */
    enum recent_order order;
    bool stuck; /* the last page that was asked for didn't come: the next key asks again */
    struct list_sums sums; /* of those that are shown */
    const char *trouble;   /* why there are none, in plain words; NULL */
    bool news;             /* an answer has changed what is shown */
};

void recent_start(struct recent *recent, const struct resource *resource, struct courier *courier);
void recent_stop(struct recent *recent);

/* Asks anew, with an empty search. */
void recent_open(struct recent *recent, int64_t now_ms);
void recent_close(struct recent *recent); /* what is on its way isn't waited for */
void recent_searched(struct recent *recent, int64_t now_ms); /* `search` has changed */
/* Searches for that. False: out of memory. */
bool recent_search(struct recent *recent, const char *text, int64_t now_ms);
bool recent_is_searching(const struct recent *recent);
/* At the end of what is there the server is asked for more. */
void recent_move(struct recent *recent, bool down, size_t rows, int64_t now_ms);

/* In the next order. What is to be in order is all of it: the rest is asked for. */
void recent_sort(struct recent *recent, int64_t now_ms);
const char *recent_order_words(const struct recent *recent); /* translated */
/* There are older ones, which aren't there yet. */
bool recent_has_more(const struct recent *recent);

void recent_advance(struct recent *recent, int64_t now_ms);
int64_t recent_due_ms(const struct recent *recent);
bool recent_is_asking(const struct recent *recent);

/* The record that is selected; NULL: none. Borrowed. */
const struct json *recent_selected(const struct recent *recent);

#endif
