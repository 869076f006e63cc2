/* Whether a record holds what was sent. */
#ifndef INVONCE_TESTS_LAB_CONTENT_H
#define INVONCE_TESTS_LAB_CONTENT_H

#include "protocol/wire/json.h"
#include <stdbool.h>

/* Every member that was sent stands in the record as it was sent (protocol/RULES.md, section 6):
 * but for the key, letter case in an e-mail, and empty texts, which are as good as absent; and
 * nothing stands there that wasn't sent, but for what the server adds. */
bool content_is_of(const struct json *body, const struct json *record);

#endif
