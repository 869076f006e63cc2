/* A disk that is full when the test says so, under every SQLite file opened after it is installed.
 */
#ifndef INVONCE_TESTS_UNIT_CLIENT_FULL_DISK_H
#define INVONCE_TESTS_UNIT_CLIENT_FULL_DISK_H

#include <stdbool.h>

void full_disk_install(void);
void full_disk_set(bool full);
void full_disk_remove(void); /* when those files are closed */

#endif
