#include "tui/form/habits.h"

#include "protocol/client/journal/journal_last.h"
#include "protocol/wire/date.h"
#include "protocol/wire/json.h"
#include "protocol/wire/text.h"
#include "tui/form/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUESTS_MAX 300 /* nobody remembers more, and it takes no time that is felt */

void habits_start(struct habits *habits, const struct resource *resource, struct journal *journal)
{
    *habits = (struct habits){.resource = resource, .journal = journal};
}

static void clear(struct habit_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].folded);
    free(list->items);
    *list = (struct habit_list){0};
}

void habits_renew(struct habits *habits)
{
    clear(&habits->customers);
    clear(&habits->rows);
    json_free(habits->requests);
    habits->requests = NULL;
    habits->known = false;
}

void habits_stop(struct habits *habits)
{
    habits_renew(habits);
}

static const struct habit *find(const struct habit_list *list, const char *folded,
                                const char *currency)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].folded, folded) == 0 &&
            strcmp(list->items[i].currency, currency) == 0)
            return &list->items[i];
    return NULL;
}

static bool reserve(struct habit_list *list)
{
    size_t capacity = list->capacity > 0 ? list->capacity * 2 : 64;
    if (list->count < list->capacity) return true;
    struct habit *items = reallocarray(list->items, capacity, sizeof *items);
    if (!items) return false;
    list->items = items;
    list->capacity = capacity;
    return true;
}

/* Takes `folded` over. What is known already was used later. */
static void add(struct habit_list *list, char *folded, const char *currency, const struct json *of)
{
    if (!folded || !*folded || find(list, folded, currency) || !reserve(list)) {
        free(folded);
        return;
    }
    list->items[list->count++] = (struct habit){folded, currency, of};
}

static void add_rows(struct habits *habits, const struct json *request)
{
    const struct field *rows = resource_rows(habits->resource);
    const char *currency =
        fact_at(habits->resource, fact_of_kind(habits->resource, FIELD_CURRENCY), request);
    const struct json *list = rows ? json_member(request, rows->name) : NULL;
    if (!list) return;
    for (const struct json *row = json_first(list); row; row = json_next(row)) {
        const char *text = json_text(row, rows->columns.items[0].name);
        if (text) add(&habits->rows, text_fold(text), currency, row);
    }
}

static void take(void *context, const char *body, size_t length)
{
    struct habits *habits = context;
    char problem[JSON_PROBLEM_MAX];
    struct json *request = json_read_object(body, length, problem);
    if (!request) return;
    json_append(habits->requests, request);
}

static void learn(struct habits *habits)
{
    size_t email = fact_of_kind(habits->resource, FIELD_EMAIL);
    if (habits->known || !habits->journal) return;
    habits->known = true;
    habits->requests = json_new_array();
    if (!habits->requests) return;
    journal_each_created(habits->journal, habits->resource->name, REQUESTS_MAX, take, habits);
    for (const struct json *request = json_first(habits->requests); request;
         request = json_next(request)) {
        if (email < habits->resource->fields.count)
            add(&habits->customers,
                text_fold_email(fact_in(&habits->resource->fields.items[email], request)), "",
                request);
        add_rows(habits, request);
    }
}

const struct json *habits_customer(struct habits *habits, size_t index)
{
    learn(habits);
    return index < habits->customers.count ? habits->customers.items[index].of : NULL;
}

size_t habits_customers(struct habits *habits)
{
    learn(habits);
    return habits->customers.count;
}

const struct json *habits_customer_of(struct habits *habits, const char *email)
{
    learn(habits);
    char *folded = *email ? text_fold_email(email) : NULL;
    const struct habit *habit = folded ? find(&habits->customers, folded, "") : NULL;
    free(folded);
    return habit ? habit->of : NULL;
}

/* The field with that name; NULL: none. */
static const struct field *field_named(const struct habits *habits, const char *name)
{
    const struct fields *fields = &habits->resource->fields;
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].name, name) == 0) return &fields->items[i];
    return NULL;
}

void habits_days(const struct habits *habits, const struct json *request,
                 char days[HABITS_DAYS_SIZE])
{
    const struct fields *fields = &habits->resource->fields;
    days[0] = '\0';
    for (size_t i = 0; i < fields->count; i++) {
        const char *first = fields->items[i].not_before;
        const struct field *from = first ? field_named(habits, first) : NULL;
        struct date one, other;
        if (!from || !date_parse(fact_in(from, request), &one) ||
            !date_parse(fact_in(&fields->items[i], request), &other))
            continue;
        snprintf(days, HABITS_DAYS_SIZE, "%+d", date_days_between(one, other));
    }
}

const struct habit *habits_row(struct habits *habits, const char *text, const char *currency)
{
    learn(habits);
    char *folded = text_fold(text);
    const struct habit *found = NULL;
    size_t length = folded ? strlen(folded) : 0;
    for (size_t i = 0; length > 0 && i < habits->rows.count; i++) {
        const struct habit *row = &habits->rows.items[i];
        if (strncmp(row->folded, folded, length) != 0 || !row->folded[length]) continue;
        bool is_like_it = strcmp(row->currency, currency) == 0;
        if (!found || is_like_it) found = row;
        if (is_like_it) break;
    }
    free(folded);
    return found;
}
