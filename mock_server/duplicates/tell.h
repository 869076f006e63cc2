/* Groups as they are told: in words, or as JSON, an object a line. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_TELL_H
#define INVONCE_MOCK_SERVER_DUPLICATES_TELL_H

#include "mock_server/duplicates/group.h"
#include "protocol/wire/buffer.h"

/* "number 2026-0042, year 2026", and {"number":"2026-0042","year":"2026"}: as it is compared. */
void tell_value(struct buffer *text, const struct unique_rule *rule, const char *value);
struct json *tell_value_json(const struct unique_rule *rule, const char *value);

/* What one is known by, in a line; `payments` are what is listed under it. */
void tell_record(struct buffer *text, const struct resource *resource,
                 const struct record_found *record, size_t payments);
struct json *tell_record_json(const struct resource *resource, const struct record_found *record,
                              size_t payments);

/* "1 group", "2 groups" */
void tell_count(struct buffer *text, int64_t count, const char *what);

/* "2 payments": so many that are listed under records of a resource. */
void tell_children(struct buffer *text, const struct resource *resource, size_t count);

/* "inv_1002, inv_1003": all but the first. */
void tell_losers(struct buffer *text, const struct group *group);
struct json *tell_losers_json(const struct group *group);

/* Writes it to standard output, whole, as text that a terminal may show, and empties it. False: it
 * can't be written. */
bool tell_out(struct buffer *text);
bool tell_out_json(struct json *json); /* takes it over */

#endif
