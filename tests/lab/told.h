/* What `invonce create` and `invonce outbox` told, line by line, and by their exit code; and what a
 * reply tells. */
#ifndef INVONCE_TESTS_LAB_TOLD_H
#define INVONCE_TESTS_LAB_TOLD_H

#include "tests/lab/evidence.h"
#include "tests/support/http.h"
#include "tests/support/process.h"

/* What a reply to a create says, of a client that looks no closer. */
const char *told_by_reply(const struct http_reply *reply);

/* Takes it into the evidence, if it is whole and of something that was made. */
void told_reply(struct evidence *evidence, const struct http_reply *reply,
                const struct evidence_reply *to);

/* The same of a webhook's: the payment in it. */
void told_payment(struct evidence *evidence, const struct http_reply *reply,
                  const struct evidence_reply *to);

/* Takes one line into the evidence; what it told: of static storage. */
const char *told_by_line(struct evidence *evidence, const char *client, const char *text,
                         size_t length, const char *const *subjects);

/* The one that makes for the higher exit code; NULL is nothing told. */
const char *told_worse(const char *one, const char *other);

/* Takes the whole lines of a run with --json into the evidence, and its exit code unless it was
 * ended by a signal. `subjects` are those of the input's lines, in their order, NULL-ended; NULL:
 * each line names its own. */
void told_by_run(struct evidence *evidence, const char *client, const struct process_result *result,
                 const char *const *subjects);

#endif
