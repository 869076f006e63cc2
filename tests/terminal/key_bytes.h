/* The bytes by which an xterm tells of a key of the actions table. */
#ifndef INVONCE_TESTS_TERMINAL_KEY_BYTES_H
#define INVONCE_TESTS_TERMINAL_KEY_BYTES_H

#include <stddef.h>
#include <stdint.h>

#define KEY_BYTES_MAX 16

/* Returns how many; 0: no terminal can send that key. Escape is ESC alone: what follows it has to
 * begin with ESC too. */
size_t key_bytes(uint32_t key, char bytes[KEY_BYTES_MAX]);

#endif
