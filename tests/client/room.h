/* An operator's room: a home with a journal of its own, and `invonce` run in it. */
#ifndef INVONCE_TESTS_CLIENT_ROOM_H
#define INVONCE_TESTS_CLIENT_ROOM_H

#include "tests/support/mock.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stddef.h>

#define ROOM_VARIABLES_MAX 24

/* How quick a client gives up in a test where it must: long for a busy machine, short for a test.
 */
#define ROOM_QUICK "INVONCE_ATTEMPT_TIMEOUT=600ms", "INVONCE_RETRY_BUDGET=2s"

struct room {
    char home[TEMP_DIR_SIZE];
    char *journal;                           /* the file that invonce makes */
    char *variables[ROOM_VARIABLES_MAX + 1]; /* NAME=VALUE, NULL-ended */
    size_t variable_count;
};

/* The path of the program under test. */
const char *room_program(void);

/* Makes the home; in it the server is `url` and the operator is ana. `settings` (NULL-ended; NULL:
 * none) are more variables NAME=VALUE. */
void room_open(struct room *room, const char *url, const char *const *settings);

/* Sets another variable from here on, or the same one anew. */
void room_set(struct room *room, const char *variable);

/* Takes a variable away again; nothing happens where it isn't set. */
void room_unset(struct room *room, const char *name);

/* Removes the home with all that is in it. */
void room_clear(struct room *room);

/* Writes a file into the home; its path, the caller's to free. */
char *room_write(const struct room *room, const char *name, const char *text);

/* The same with a good invoice of that number. */
char *room_write_invoice(const struct room *room, const char *number);

/* Starts a server that ended again, with the same store at the same address. False when it doesn't
 * start. */
bool room_server_again(struct mock *mock, const char *const *options);

/* Starts `invonce` with these arguments (NULL-ended), and runs it to its end. */
void room_start(const struct room *room, struct process *process, const char *const *arguments);
struct process_result room_run(const struct room *room, const char *const *arguments);

/* Runs `invonce create FILE --json`. */
struct process_result room_create(const struct room *room, const char *file);

/* The lines of an output as JSON values; NULL when one is none. New reference. */
struct json *room_lines(const char *output);

#endif
