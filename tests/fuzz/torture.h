/* Torture: each call of a program that may fail does so once, in turn, and what it left is looked
 * at. What one scenario is, and what the scenarios share. */
#ifndef INVONCE_TESTS_FUZZ_TORTURE_H
#define INVONCE_TESTS_FUZZ_TORTURE_H

#include "tests/support/http.h"
#include "tests/support/mock.h"
#include "tests/support/sample.h"

#include <stdbool.h>

struct scenario {
    const char *name;
    void (*begin)(void);   /* once, before the first; NULL: nothing is to be done */
    void (*attempt)(void); /* in which one call fails */
    void (*end)(void);     /* once; NULL: nothing */
};

extern const struct scenario TORTURE_CLIENT, TORTURE_LIFE, TORTURE_WORK, TORTURE_DELIVER,
    TORTURE_IMPORT, TORTURE_MERGE, TORTURE_UNDO;

#define ANSWER_MS      30000 /* a create is answered within, on a busy machine */
#define CURL_TIMED_OUT 28    /* CURLE_OPERATION_TIMEDOUT */

/* Which attempt of the scenario this is: for names that none before had. */
long torture_number(void);

/* Programs that are started between these two have a call that can fail. */
void torture_put_under(void);
void torture_take_away(void);

/* From here on the calls count, until it is taken back. */
void torture_arm(void);
void torture_disarm(void);

/* What must not be; the scenario goes on. */
__attribute__((format(printf, 1, 2))) void torture_complain(const char *format, ...);

/* A program's end: by no signal, within the time, with one of its codes (-1 ends the list), and,
 * unless that is 0, with words of why. */
bool torture_check_end(int code, const char *errors, const int *codes);
#define CODES(...) ((const int[]){__VA_ARGS__, -1})

/* The same of a server that was told to stop; NULL: none was started. */
void torture_check_stop(struct mock *mock, const int *codes);

/* Ana's create of that number under a key that is the same for it, and its status; 0: no reply, or
 * not one in time. The body, the caller's to free, NULL: not asked for. */
int torture_create(const struct mock *mock, const char *number, char **body);

/* Once all is well: the create of that number gives one record, the same bytes as `told` (NULL: it
 * wasn't told). */
void torture_check_created(const struct mock *mock, const char *number, const char *told);

#endif
