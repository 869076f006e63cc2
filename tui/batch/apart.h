/* Which numbers of CSV have rows in more than one place: what is made of some of an invoice's rows
 * is another invoice, so none is made of them. */
#ifndef INVONCE_TUI_APART_H
#define INVONCE_TUI_APART_H

#include "protocol/wire/resource.h"

#include <stdbool.h>
#include <stddef.h>

/* All zeros are none. */
struct apart {
    struct apart_record *items; /* owned: each that was noted, then one of each that clash */
    size_t count, capacity;
    bool settled;
};

/* Of a first reading, each record (it is known by two hashes, 16 bytes); and its end. False: out of
 * memory. */
bool apart_note(struct apart *apart, const struct resource *resource, const struct json *record);
void apart_settle(struct apart *apart);

/* Of a second one: its number has others that a unique rule takes for the same. */
bool apart_has(const struct apart *apart, const struct resource *resource,
               const struct json *record);

void apart_clear(struct apart *apart);

#endif
