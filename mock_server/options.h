/* What the command line says of serving. */
#ifndef INVONCE_MOCK_SERVER_OPTIONS_H
#define INVONCE_MOCK_SERVER_OPTIONS_H

#include "mock_server/base/command_line.h"

/* The command serve, but for what runs it: fills `settings`. */
extern const struct command serve_options;

#endif
