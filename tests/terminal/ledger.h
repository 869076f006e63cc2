/* What the server wrote down, held against what a story should leave. */
#ifndef INVONCE_TESTS_TERMINAL_LEDGER_H
#define INVONCE_TESTS_TERMINAL_LEDGER_H

#include "protocol/wire/idempotency_key.h"
#include "tests/terminal/desk.h"

/* Before long the audit holds these outcomes ("created replayed", oldest first) and no others, all
 * of one key, which is copied to `key` unless that is NULL. */
void ledger_expect(const struct desk *desk, const char *outcomes, char key[IDEMPOTENCY_KEY_SIZE]);

/* So many invoices exist. */
void ledger_expect_invoices(const struct desk *desk, long long count);

/* One invoice, one key, one attempt: created. The record view on the screen shows the key. */
void ledger_expect_one(const struct desk *desk, const char *number);

#endif
