/* In place of the server's log, which would drown what a fuzzer says. */
#include "mock_server/base/log.h"

bool log_start(enum log_format format)
{
    (void)format;
    return true;
}

void log_stop(void)
{
}

void log_begin(struct log_line *line, const char *level, const char *message)
{
    (void)line, (void)level, (void)message;
}

void log_text(struct log_line *line, const char *name, const char *value)
{
    (void)line, (void)name, (void)value;
}

void log_number(struct log_line *line, const char *name, int64_t value)
{
    (void)line, (void)name, (void)value;
}

void log_end(struct log_line *line)
{
    (void)line;
}

void log_event(const char *level, const char *message, const char *name, const char *value)
{
    (void)level, (void)message, (void)name, (void)value;
}
