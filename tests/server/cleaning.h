/* Records of before, and the commands on them, as a person would run them beside a server. */
#ifndef INVONCE_TESTS_SERVER_CLEANING_H
#define INVONCE_TESTS_SERVER_CLEANING_H

#include "tests/server/api.h"
#include "tests/support/process.h"

/* Starts the program with words (NULL-ended), on the mock's store and for tenant north. */
void cleaning_start(struct process *process, const struct mock *mock, const char *const *words);

/* The same to its end, which must be that code; what it wrote, to be cleared. */
struct process_result cleaning_run(const struct mock *mock, int code, const char *const *words);
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Imports a text as a file of that name; the code must be that one. Its standard error, the
 * caller's to free. */
char *cleaning_import(const struct mock *mock, int code, const char *name, const char *text);

/* A record as JSON, a line of a file; `changes` as in sample_body. Appends it. */
void cleaning_add(struct support_buffer *file, const char *number, const char *changes);

/* Imports such a file, and clears it. */
void cleaning_take_over(const struct mock *mock, struct support_buffer *file);

#define PAID(amount) "\"payments\":[{\"amount\":\"" amount "\",\"paid_at\":\"2026-11-22\"}]"
#define LINE(text, price)                                                                          \
    "{\"description\":\"" text "\",\"quantity\":\"1\",\"unit_price\":\"" price                     \
    "\",\"tax_rate\":\"0\"}"
#define LINES(one)           "\"lines\":[" one "]"
#define TWO_LINES(one, more) "\"lines\":[" one "," more "]"

/* inv_1001 to 1003 are one, the second the oldest; inv_1004 and 1005 aren't sure to be; inv_1006 is
 * alone. */
void cleaning_plant(const struct mock *mock);

/* --- what came of it --- */

/* As cleaning_run; its standard output, the caller's to free. */
char *cleaning_output(const struct mock *mock, int code, const char *const *words);

/* As cleaning_run; its standard output has that text in it. */
void cleaning_expect_said(const struct mock *mock, int code, const char *const *words,
                          const char *said);

/* Rows of a table of rows.h, or of what follows FROM. */
long long cleaning_count(const struct mock *mock, const char *table);

/* A text of the record at a path. */
void cleaning_assert_text(const struct mock *mock, const char *path, const char *pointer,
                          const char *expected);

/* What is in the store, but for the merges themselves and the audit; the caller's to free. */
char *cleaning_whole_store(const struct mock *mock);

/* It is as it was; frees that. */
void cleaning_assert_same_store(const struct mock *mock, char *before);

#endif
