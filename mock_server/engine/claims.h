/* What is unique of a record, as the store has it claimed. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_CLAIMS_H
#define INVONCE_MOCK_SERVER_ENGINE_CLAIMS_H

#include "protocol/wire/buffer.h"
#include "protocol/wire/resource.h"

/* Appends a part of a rule's value, as it is compared. */
void claim_add(struct buffer *value, const struct unique_part *part, const char *text);

/* What a request claims by a rule; owned by the caller. *value is NULL where a part is absent: the
 * rule doesn't apply. False: out of memory. */
bool claim_make(const struct unique_rule *rule, const struct json *request, char **value);

/* The part that makes it one of each year; NULL: none does. */
const struct unique_part *claim_yearly_part(const struct unique_rule *rule);

/* The year of such a one, which its records are listed by; else 0. */
int claim_year(const struct unique_rule *rule, const struct json *request);

#endif
