/* What the program's table of actions says of a key on a stage, and pressing it there. */
#ifndef INVONCE_TESTS_TERMINAL_STAGE_KEYS_H
#define INVONCE_TESTS_TERMINAL_STAGE_KEYS_H

#include "tests/terminal/pty.h"
#include "tests/terminal/stages.h"

#include <stdbool.h>
#include <stdint.h>

/* The key's row; NULL: it has none. */
const struct action_info *stage_keys_row(uint32_t key, const struct stage *stage);

/* Whether the row's action may be done there (info: NULL: never). */
bool stage_keys_allows(const struct action_info *info, const struct stage *stage);

/* A press is counted wherever the form is locked. */
bool stage_keys_counts(uint32_t key, const struct stage *stage);

/* With a sequence behind it that is no key, or without: what is said lasts to the next key. */
void stage_keys_press(struct pty *pty, uint32_t key);
void stage_keys_press_alone(struct pty *pty, uint32_t key);

#endif
