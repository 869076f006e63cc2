/* The server's log on standard error: one line an event, logfmt or JSON, written by a thread of its
 * own so that a slow reader of the log holds no request. */
#ifndef INVONCE_MOCK_SERVER_BASE_LOG_H
#define INVONCE_MOCK_SERVER_BASE_LOG_H

#include "protocol/wire/buffer.h"

#include <stdbool.h>
#include <stdint.h>

enum log_format { LOG_LOGFMT, LOG_JSON };

/* A line being made: log_begin, any number of members, log_end. */
struct log_line {
    struct buffer text;
};

bool log_start(enum log_format format);

/* Writes what is left, in two seconds if it can be, and ends the thread. The program is about to
 * end: where nobody reads the log, the thread and its lines are left to that. */
void log_stop(void);

/* `level` is "info", "warn" or "error". */
void log_begin(struct log_line *line, const char *level, const char *message);

/* A member; NULL is left out in logfmt and null in JSON. */
void log_text(struct log_line *line, const char *name, const char *value);
void log_number(struct log_line *line, const char *name, int64_t value);
void log_end(struct log_line *line);

/* A line with a message and one member, NULL: none. */
void log_event(const char *level, const char *message, const char *name, const char *value);

#endif
