/* What a journal and a server say of one invoice number, and whether they agree. All return NULL
 * when all is well, else a sentence that says what isn't, the caller's to free; so that they can be
 * used on any thread. */
#ifndef INVONCE_TESTS_CLIENT_ACCOUNT_H
#define INVONCE_TESTS_CLIENT_ACCOUNT_H

#include "tests/client/room.h"

/* Exactly one record of that number exists, made under the only key that was ever sent for it, and
 * the journal says the same: created, with that key, and with that record's id. */
char *account_of_one(const struct mock *mock, const struct room *room, const char *number);

/* As above, but for a run that was over: the same input was a new one then, found the number taken
 * and says so; the journal has the first one as created. */
char *account_of_taken(const struct mock *mock, const struct room *room, const char *number);

/* Nothing was sent for that number that isn't in the journal, and at most one record exists. True
 * at any instant. */
char *account_of_sent(const struct mock *mock, const struct room *room, const char *number);

/* How many records of that number the server has. */
long long account_records(const struct mock *mock, const char *number);

/* A rest that a check left: fails the running test with the sentence, frees it. Main thread only.
 */
void account_expect(char *sentence);

/* The sentence, if there is one, else the next check's; for chains of checks. */
char *account_first(char *sentence, char *next);

#endif
