/* A disk under SQLite that is full when the test says so, and that counts what it was asked to
 * sync.
 */
#ifndef INVONCE_TESTS_UNIT_CLIENT_DISK_H
#define INVONCE_TESTS_UNIT_CLIENT_DISK_H

#include <stdbool.h>

/* For every SQLite file that is opened from here on. */
void disk_install(void);
void disk_remove(void); /* when those files are closed */

void disk_fill(bool full);
unsigned disk_syncs(void); /* of write-ahead logs */

#endif
