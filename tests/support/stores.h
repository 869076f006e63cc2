/* The stores that servers and tests are given. INVONCE_TEST_STORE=postgresql in the environment:
 * each is a database of its own, on the server that with-postgres started;
 * INVONCE_TEST_PARTITIONS=N: in so many partitions. Else an SQLite file. */
#ifndef INVONCE_TESTS_SUPPORT_STORES_H
#define INVONCE_TESTS_SUPPORT_STORES_H

#include "tests/support/temp_dir.h"

#include <stdbool.h>

#define STORES_KIND_VARIABLE       "INVONCE_TEST_STORE"
#define STORES_PARTITIONS_VARIABLE "INVONCE_TEST_PARTITIONS"
#define STORES_SERVER_VARIABLE     "INVONCE_TEST_POSTGRES" /* its directory */

bool stores_are_postgres(void);

/* From now on they are databases, of the server in that directory (NULL: that of the environment),
 * or files. */
void stores_use(bool postgres, const char *server);

/* Of each table; NULL: none. */
const char *stores_partitions(void);

/* Where a new one is, as rows.h takes it: the path of a file in that directory, which isn't there
 * yet, or the URL of an empty database. */
#define STORES_PLACE_SIZE (TEMP_DIR_SIZE + 16)
void stores_make(char place[STORES_PLACE_SIZE], const char *directory);

/* How many files it leaves in its directory when nobody uses it. */
size_t stores_files(const char *place);

/* As --store takes it; the caller's to free. */
char *stores_url(const char *place);

/* Removes a database, whoever uses it still; files go with their directory. */
void stores_remove(const char *place);

#endif
