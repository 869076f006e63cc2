/* A place for a journal, and things to put in it. */
#ifndef INVONCE_TESTS_UNIT_CLIENT_PLACE_H
#define INVONCE_TESTS_UNIT_CLIENT_PLACE_H

#include "protocol/client/journal.h"
#include "tests/support/temp_dir.h"

#define PLACE_SERVER "http://127.0.0.1:8420"
#define PLACE_TOKEN  "north-ana-0123456789abcdef"

extern const struct journal_account PLACE_ANA;

struct place {
    char directory[TEMP_DIR_SIZE];
    char *path; /* of the journal, in a directory that isn't there yet */
};

/* As cmocka wants them; the state is a struct place. */
int place_set_up(void **state);
int place_tear_down(void **state);

struct journal *place_open(const char *path, const struct journal_account *account);

/* Records an intent for that number and gives its key (NULL: not wanted); dies when it can't. */
void place_record(struct journal *journal, const char *number, char key[IDEMPOTENCY_KEY_SIZE]);
enum journal_status place_try_record(struct journal *journal, const char *number);

#endif
