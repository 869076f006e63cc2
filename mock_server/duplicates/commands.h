/* The commands on records that exist. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_COMMANDS_H
#define INVONCE_MOCK_SERVER_DUPLICATES_COMMANDS_H

#include "mock_server/base/command_line.h"

extern const struct command import_command, duplicates_command;

#endif
