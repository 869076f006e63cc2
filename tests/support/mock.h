/* A real invonce-mock-server on a free port, with a store of its own. */
#ifndef INVONCE_TESTS_SUPPORT_MOCK_H
#define INVONCE_TESTS_SUPPORT_MOCK_H

#include "tests/support/process.h"
#include "tests/support/stores.h"
#include "tests/support/temp_dir.h"

#include <stdbool.h>

/* Every mock knows these: two users of tenant north, one of south. */
#define TOKEN_ANA "north-ana-0123456789abcdef"
#define TOKEN_BOB "north-bob-0123456789abcdef"
#define TOKEN_EVE "south-eve-0123456789abcdef"

/* Whose one of these is, within the tenant; NULL: nobody's. */
const char *mock_user(const char *token);

/* All zeros is none. */
struct mock {
    struct process process;
    char directory[TEMP_DIR_SIZE]; /* holds the SQLite file and nothing else */
    char store[STORES_PLACE_SIZE]; /* that file, or the PostgreSQL database: see stores.h */
    bool is_beside;                /* the store is another's */
    char url[64];                  /* http://127.0.0.1:PORT */
    unsigned short port;
};

/* The path of the program under test. */
const char *mock_program(void);

/* From now on that is another one; NULL: invonce-mock-server as it was built. */
void mock_use(const char *path);

/* From now on that is the one that has orders, too (order.h): build/with-orders/. */
void mock_use_orders(void);

/* Starts it with `options` (NULL-ended; NULL: none) added to --listen, --store and --token, and
 * waits for its "listening on" line; false when that doesn't come. The directory is made when the
 * mock has none: a second start finds the store of the first. */
bool mock_start(struct mock *mock, const char *const *options);

/* Starts another one on the store of that one. */
bool mock_start_beside(struct mock *other, const struct mock *mock, const char *const *options);

/* What MOCK_HOLDS makes of a delay: it lasts until it is let go. */
#define MOCK_HOLDS "=1h"

/* Ends all delays that are under way, and all faults. The server was started with --faults-api. */
void mock_let_go(const struct mock *mock);

/* SIGTERM, and its exit code; PROCESS_RUNNING when it didn't end and was killed. */
int mock_stop(struct mock *mock);

/* SIGKILL: as a crash would. The store stays as it is. */
void mock_kill(struct mock *mock);

/* Lets go of everything, the store too, if it is its own; kills it if it still runs. */
void mock_clear(struct mock *mock);

#endif
