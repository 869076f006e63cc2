/* The invoices that the server has, newest first, and a search among them. No screen in it. */
#ifndef INVONCE_TUI_RECENT_H
#define INVONCE_TUI_RECENT_H

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

struct recent {
    const struct resource *resource;
    struct query newest_query, search_query, more_query;
    struct text_field search; /* part of a number, a name, an address; or all of one */
    struct recent_list newest;
    struct recent_list found;    /* those that the server found for the whole of `search` */
    struct recent_list *growing; /* what `more_query` asks for more of */
    const struct json **shown;   /* of both, those that match; NULL: none, or out of memory */
    size_t shown_count;
    size_t selected;     /* in `shown` */
    const char *trouble; /* why there are none, in plain words; NULL */
    bool news;           /* an answer has changed what is shown */
};

void recent_start(struct recent *recent, const struct resource *resource, struct courier *courier);
void recent_stop(struct recent *recent);

/* Asks anew, with an empty search. */
void recent_open(struct recent *recent, int64_t now_ms);
void recent_close(struct recent *recent); /* what is on its way isn't waited for */
void recent_searched(struct recent *recent, int64_t now_ms); /* `search` has changed */
/* At the end of what is there the server is asked for more. */
void recent_move(struct recent *recent, bool down, size_t rows, int64_t now_ms);

void recent_advance(struct recent *recent, int64_t now_ms);
int64_t recent_due_ms(const struct recent *recent);
bool recent_is_asking(const struct recent *recent);

/* The record that is selected; NULL: none. Borrowed. */
const struct json *recent_selected(const struct recent *recent);

#endif
