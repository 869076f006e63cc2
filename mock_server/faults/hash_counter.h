/* How often each of many names was seen, in bounded memory. */
#ifndef INVONCE_MOCK_SERVER_FAULTS_HASH_COUNTER_H
#define INVONCE_MOCK_SERVER_FAULTS_HASH_COUNTER_H

#include <stdint.h>

#define HASH_COUNTER_NAMES_MAX 65536 /* past that the longest unseen is forgotten */

struct hash_counter;

struct hash_counter *hash_counter_new(void);
void hash_counter_free(struct hash_counter *counter);

/* Counts one more of (a, b, c) and returns how many there are now; 1 when out of memory. */
int64_t hash_counter_add(struct hash_counter *counter, const char *a, const char *b, const char *c);

#endif
