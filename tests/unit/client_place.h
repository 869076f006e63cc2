/* A place for a journal, and things to put in it. */
#ifndef INVONCE_TESTS_UNIT_CLIENT_PLACE_H
#define INVONCE_TESTS_UNIT_CLIENT_PLACE_H

#include "protocol/client/journal/journal.h"
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

/* Records an intent for that number, which stays until the place is torn down; dies when it can't.
 */
const struct intent *place_record(struct journal *journal, const char *number);

/* Begins an attempt; dies when it is another one than `number`. */
enum journal_status place_attempt(struct journal *journal, const struct intent *intent,
                                  unsigned number);

/* Records an intent that is there already (owned from here on), whatever comes of it. */
enum journal_status place_record_this(struct journal *journal, struct intent *intent);

/* An intent that isn't recorded; it stays as long. */
const struct intent *place_intent(const char *number);
enum journal_status place_try_record(struct journal *journal, const char *number);

#endif
