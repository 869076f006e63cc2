/* Chance, the same for one seed everywhere: what a monkey types, and what a malicious server says.
 */
#ifndef INVONCE_TESTS_TERMINAL_MONKEY_H
#define INVONCE_TESTS_TERMINAL_MONKEY_H

#include "tests/support/support.h"

#include <stddef.h>
#include <stdint.h>

/* Takes INVONCE_MONKEY_SEED, or the time, and says it on standard error. */
void monkey_wake(void);

uint64_t monkey_random(void);

/* How many bytes a run is to take: INVONCE_MONKEY_BYTES, or a million. */
size_t monkey_bytes(void);

/* Fills `bytes`: keys, pieces of keys, anything, but no key that submits, leaves or suspends.
 * Returns how many there are. */
size_t monkey_type(char *bytes, size_t size);

/* About so many bytes of a JSON string's contents: characters of every sort, escapes, control and
 * bidirectional characters, terminal sequences. */
void monkey_say(struct support_buffer *text, size_t length);

#endif
