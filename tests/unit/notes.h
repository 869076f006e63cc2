/* A resource for the engine's tests: notes, unique by their text; and a store for them. */
#ifndef INVONCE_TESTS_UNIT_NOTES_H
#define INVONCE_TESTS_UNIT_NOTES_H

#include "mock_server/engine/create_once.h"
#include "tests/support/temp_dir.h"

struct notes {
    char directory[TEMP_DIR_SIZE];
    struct store *store; /* its writing sessions may fail: failing_store.h */
    struct store_session *reading;
};

void notes_open(struct notes *notes);
void notes_close(struct notes *notes);

/* One to be created, of tenant north; its text is its subject. What is borrowed lasts. */
struct creation notes_creation(const char *key, const char *text);

/* How many there are. */
long long notes_count(struct notes *notes);

#endif
