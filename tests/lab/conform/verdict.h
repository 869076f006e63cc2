/* What an answer must be. What isn't so becomes a failure of the case under way: a sentence that
 * begins with `what`, the request and the answer. False: it became one, or we had given it
 * up, which is a lack of the case. */
#ifndef INVONCE_TESTS_LAB_CONFORM_VERDICT_H
#define INVONCE_TESTS_LAB_CONFORM_VERDICT_H

#include "tests/lab/conform/run.h"

/* The general case. `exchange` NULL: there is none to show. */
__attribute__((format(printf, 4, 5))) bool expect(struct run *run, const struct exchange *exchange,
                                                  bool is_so, const char *format, ...);

bool expect_answer(struct run *run, const struct exchange *exchange, const char *what);

/* Created by this very request. */
bool expect_created(struct run *run, const struct exchange *exchange, const char *what);

/* The first one's answer once more: its status (or that of replays), its bytes, and it says so. */
bool expect_replay(struct run *run, const struct exchange *exchange, const struct exchange *first,
                   const char *what);

/* Refused by that name (endpoint_refusal); any answer will do where the case file has no such. */
bool expect_refused(struct run *run, const struct exchange *exchange, const char *refusal,
                    const char *what);

/* The same refusal, and it names the record of `first` as the original. */
bool expect_taken(struct run *run, const struct exchange *exchange, const struct exchange *first,
                  const char *what);

/* The questions behind these. */
bool says_replayed(const struct run *run, const struct exchange *exchange);
bool is_created(const struct run *run, const struct exchange *exchange);
bool is_replay(const struct run *run, const struct exchange *exchange);
bool is_refused(const struct run *run, const struct exchange *exchange, const char *refusal);
bool is_same_body(const struct exchange *left, const struct exchange *right);

/* The record's id in an answer, as JSON; NULL: none, or the case file doesn't say where. */
const struct json *record_id(const struct run *run, const struct exchange *exchange);

#endif
