/* What a person's fingers do, written down: "2026-0042<Tab><S-Tab><C-s><M-f><F10><Enter>". */
#ifndef INVONCE_TESTS_TERMINAL_KEYS_H
#define INVONCE_TESTS_TERMINAL_KEYS_H

#include "tests/terminal/pty.h"

/* Characters as they are, other keys by name in angle brackets, <lt> for "<". A name that isn't
 * known aborts. All of it is sent at once, as fast typing is. */
void keys_press(struct pty *pty, const char *keys);

#endif
