/* The command line: one table of options, from which --help is made. */
#ifndef INVONCE_MOCK_SERVER_OPTIONS_H
#define INVONCE_MOCK_SERVER_OPTIONS_H

#include "mock_server/base/settings.h"

enum options_result {
    OPTIONS_SERVE,
    OPTIONS_DONE,  /* --help or --version: said */
    OPTIONS_WRONG, /* a sentence was written to standard error */
};

/* Fills `settings` with what argv asks for and the defaults. Tokens are blotted out of argv, where
 * other programs could read them. */
enum options_result options_read(int argc, char **argv);

#endif
