/* What the commands that read from the server work with: courier and signals, opened and closed
 * together, and what they say at the end. */
#ifndef INVONCE_TUI_READER_H
#define INVONCE_TUI_READER_H

#include "tui/command/settings.h"
#include "tui/list/ask.h"

#define EXIT_UNREACHABLE 4

struct reader {
    struct asker asker;
    struct progress progress;
};

/* 0, or the exit code, and what is wrong is on standard error. `counts`: how far it is is shown on
 * a terminal. */
int reader_open(struct reader *reader, const struct settings *settings, bool counts);
void reader_close(struct reader *reader);

/* Says on standard error how it ended, where that was not well, and gives the exit code. */
int reader_end(struct reader *reader, enum ask_end end, const struct answer *answer);

/* Finishes the settings of a command that reads. 0, or the exit code, told of. */
int reader_settings(struct settings *settings);

/* What `stdout` couldn't take: said, unless nobody listens any more. */
int reader_unwritten(void);

#endif
