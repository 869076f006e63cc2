/* The program's commands: each has a table of options, from which its --help is made. */
#ifndef INVONCE_MOCK_SERVER_BASE_COMMAND_LINE_H
#define INVONCE_MOCK_SERVER_BASE_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRAM "invonce-mock-server"

#define EXIT_FAILED  1
#define EXIT_REFUSED 2 /* the command line, or what it names */

struct option_row;

/* Takes an option's argument. NULL when it was read, else what was expected; "" when a sentence was
 * written already. */
typedef const char *take(const struct option_row *row, char *argument);

struct option_row {
    const char *name, *argument; /* argument NULL: none */
    take *take;
    const char *help; /* lines of 66 characters at most */
    void *place;      /* of a text, flag, duration or number */
    int64_t min, max; /* of a number; a duration's min, ms */
};

take take_text, take_flag, take_duration, take_number, take_store;

struct command {
    const char *name;
    const struct option_row *options; /* beside --help and --version */
    size_t option_count;
    const char *introduction, *conclusion; /* of its --help, around the options */
    const char **operands;                 /* where they go, as many as there may be … */
    size_t operands_max;                   /* … NULL each that isn't given */
    bool (*check)(void); /* what no option can say; false: a sentence was written. NULL: nothing */
    int (*run)(void);    /* the exit code */
};

/* Runs the command that argv[1] names, or else the first of them; gives its exit code. Secrets are
 * blotted out of argv, where other programs could read them. */
int command_line_run(const struct command *const *commands, size_t count, int argc, char **argv);

/* A sentence of the program's on standard error; gives EXIT_REFUSED. */
__attribute__((format(printf, 1, 2))) int refuse(const char *format, ...);

/* The store that was named, else the default one; owned by the caller. NULL, and a sentence was
 * written: there is no place for a default one. */
char *command_line_store(void);

/* False where it is a file that would be made. */
bool command_line_store_is_there(const char *url);

#endif
