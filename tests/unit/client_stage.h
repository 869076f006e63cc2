/* What a story of one intent needs: a place for its journal, and what a server answers to it. */
#ifndef INVONCE_TESTS_UNIT_CLIENT_STAGE_H
#define INVONCE_TESTS_UNIT_CLIENT_STAGE_H

#include "tests/support/temp_dir.h"
#include "tests/unit/client_peer.h"
#include "tests/unit/client_terminal.h"

#include <stdbool.h>

#define STAGE_NUMBER "2026-0042"

struct stage {
    char directory[TEMP_DIR_SIZE];
    char *journal;
    char *record; /* what a server answers to STAGE_NUMBER */
};

/* As cmocka wants them; the state is a struct stage. */
int stage_set_up(void **state);
int stage_tear_down(void **state);

struct terminal stage_terminal(const struct stage *stage, const char *server);

/* Turns until the peer has had so many requests. */
void stage_run_until_requested(struct terminal *terminal, struct peer *peer, size_t requests);

/* The one number that a query of the journal gives. */
long long stage_rows(const struct stage *stage, const char *query);

/* Whether two requests carried one key; and whether key and bytes are the same. */
bool stage_same_key(struct peer *peer, size_t one, size_t other);
bool stage_same_intent(struct peer *peer, size_t one, size_t other);

#endif
