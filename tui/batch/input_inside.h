/* What the input's own files share: its bytes, and the two ways to find records in them. */
#ifndef INVONCE_TUI_INPUT_INSIDE_H
#define INVONCE_TUI_INPUT_INSIDE_H

#include "tui/batch/input.h"

#include <sys/types.h>

#define INPUT_RECORD_MAX JSON_BODY_MAX
#define INPUT_CAPACITY   (INPUT_RECORD_MAX + 1) /* and a byte to tell a longer one by */

/* Signals aside. -1 with errno. */
ssize_t input_read_some(int file, char *bytes, size_t size);

/* Reads on, as far as there is room: `begin` is 0 then. False with errno. */
bool input_fill(struct input *input);

/* So many bytes are done with. */
void input_pass(struct input *input, size_t count);

enum input_status input_next_json(struct input *input, struct input_record *record);
enum input_status input_next_csv(struct input *input, struct input_record *record);

/* From the beginning again. False: out of memory. */
bool input_begin_csv(struct input *input);
void input_end_csv(struct input *input);

/* Moves on to what isn't blank. False: there is no more; *failed: with errno. */
bool input_skip_blanks(struct input *input, bool *failed);

#endif
