#include "tui/list/filter.h"

#include "protocol/wire/text.h"
#include "tui/form/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define YEAR_DIGITS 4

static bool fold(const char *typed, char **folded)
{
    *folded = typed ? text_fold(typed) : NULL;
    return !typed || *folded;
}

bool filter_prepare(struct filter *filter)
{
    return fold(filter->number, &filter->number_folded) &&
           fold(filter->customer, &filter->customer_folded);
}

void filter_clear(struct filter *filter)
{
    free(filter->number_folded);
    free(filter->customer_folded);
    *filter = (struct filter){0};
}

static bool is_of_one_year(const struct filter *filter)
{
    return filter->since && filter->until &&
           strncmp(filter->since, filter->until, YEAR_DIGITS) == 0;
}

char *filter_path(const struct filter *filter, const struct resource *resource, int limit)
{
    char *path = NULL, year[sizeof "&year=9999"] = "";
    if (is_of_one_year(filter))
        snprintf(year, sizeof year, "&year=%d", (int)strtol(filter->since, NULL, 10));
    return asprintf(&path, "%s?limit=%d%s", resource->path, limit, year) < 0 ? NULL : path;
}

/* Letter case, width and the like aside, in accented letters too. */
static bool holds(const char *text, const char *part)
{
    if (!part) return true;
    char *folded = text_fold(text);
    bool does = folded && strstr(folded, part);
    free(folded);
    return does;
}

/* The customer is all that is said in the object of the e-mail. */
static bool customer_holds(const struct resource *resource, const struct json *record,
                           const char *part)
{
    size_t email = fact_of_kind(resource, FIELD_EMAIL);
    size_t name = fact_beside(resource, email);
    const struct field *fields = resource->fields.items;
    if (!part) return true;
    return (email < resource->fields.count && holds(fact_in(&fields[email], record), part)) ||
           (name < resource->fields.count && holds(fact_in(&fields[name], record), part));
}

static bool is_in_time(const struct filter *filter, const struct resource *resource,
                       const struct json *record)
{
    size_t date = fact_of_kind(resource, FIELD_DATE);
    if (date == resource->fields.count) return true;
    const char *day = fact_in(&resource->fields.items[date], record);
    return (!filter->since || strcmp(day, filter->since) >= 0) &&
           (!filter->until || strcmp(day, filter->until) <= 0);
}

bool filter_wants(const struct filter *filter, const struct resource *resource,
                  const struct json *record)
{
    const struct field *name = &resource->fields.items[fact_of_name(resource)];
    return is_in_time(filter, resource, record) &&
           holds(fact_in(name, record), filter->number_folded) &&
           customer_holds(resource, record, filter->customer_folded);
}
