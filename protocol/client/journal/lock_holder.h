/* Which process has an SQLite file locked, as far as the kernel tells. */
#ifndef INVONCE_CLIENT_LOCK_HOLDER_H
#define INVONCE_CLIENT_LOCK_HOLDER_H

#include <stdbool.h>

struct lock_holder {
    long process;
    char name[16]; /* of its program, printable; may be cut */
};

/* Who keeps others from writing, or from everything. False: nobody does, or it can't be told. */
bool lock_holder_find(const char *path, struct lock_holder *holder);

#endif
