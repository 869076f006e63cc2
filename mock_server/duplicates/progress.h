/* How far a long command is, on standard error where that is a terminal. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_PROGRESS_H
#define INVONCE_MOCK_SERVER_DUPLICATES_PROGRESS_H

#include <stdint.h>

/* `what` is counted: "records". */
void progress_start(const char *what);

/* So many by now; `part` of `whole` is done (whole 0: not known), in whatever unit. */
void progress_tell(int64_t count, int64_t part, int64_t whole);

/* Takes the line away, so that other words can be written, or at the end. */
void progress_clear(void);

/* Since the start. */
double progress_seconds(void);

#endif
