/* What files would hold if the power went now: the model behind failing_disk.c. It is told of each
 * operation, and can make the files what would have been left. Names are absolute paths. */
#ifndef INVONCE_TESTS_CLIENT_LOST_POWER_H
#define INVONCE_TESTS_CLIENT_LOST_POWER_H

#include <stddef.h>
#include <sys/types.h>

void lost_power_seed(unsigned long seed);

/* Before the first change of a file that was there before: what it holds is taken as durable. */
void lost_power_know(const char *path);

void lost_power_made(const char *path); /* a file or a directory */
void lost_power_removed(const char *path);
void lost_power_wrote(const char *path, const void *bytes, size_t length, off_t offset);
void lost_power_truncated(const char *path, off_t length);
void lost_power_synced(const char *path); /* a file's bytes, or the names in a directory */

/* Makes of the files what might have been on the disk. */
void lost_power_strike(void);

#endif
