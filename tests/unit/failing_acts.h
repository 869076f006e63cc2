/* Acts on a journal whose calls to SQLite fail, each in turn: nothing was done then, it says so,
 * and the same once more does it. Linked with failing_sqlite.c. */
#ifndef INVONCE_TESTS_UNIT_FAILING_ACTS_H
#define INVONCE_TESTS_UNIT_FAILING_ACTS_H

#include "protocol/client/journal/journal_draft.h"
#include "tests/unit/client_place.h"

#include <stddef.h>

/* What an act is about. */
struct scene {
    struct place *place;
    struct journal *journal, *other; /* NULL: none */
    const struct intent *intent;
    int64_t run;
    struct journal_draft draft;
};

struct act {
    const char *name;
    void (*prepare)(struct scene *scene);
    enum journal_status (*perform)(struct scene *scene);
    enum journal_status expected;
    bool copies; /* texts, or arrays that grow: failing_memory() has each of these fail */
    bool opens;  /* the journal: it isn't there before */
};

/* Ways to begin: with a journal and an intent, with that recorded, and with the tenant known. */
void act_open(struct scene *scene);
void act_recorded(struct scene *scene);
void act_told_and_recorded(struct scene *scene);

/* Each call of each act fails with `code` (SQLITE_IOERR …); or, of those that copy, each piece of
 * memory. Fails the test where that did something, or wasn't told. */
void acts_fail(const struct act *acts, size_t count, int code);
void acts_fail_without_memory(const struct act *acts, size_t count);

/* What the tests keep their journals on: not a disk, which would have to sync hundreds. */
int acts_in_memory(void **unused);

#endif
