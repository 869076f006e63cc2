/* The command that shows and mends what is on its way. */
#ifndef INVONCE_MOCK_SERVER_DELIVERIES_COMMAND_H
#define INVONCE_MOCK_SERVER_DELIVERIES_COMMAND_H

#include "mock_server/base/command_line.h"

extern const struct command deliveries_command;

#endif
