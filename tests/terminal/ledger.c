#include "tests/terminal/ledger.h"

#include "tests/support/support.h"
#include "tests/terminal/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *member(const struct json *entry, const char *name)
{
    const char *text = json_text(entry, name);
    return text != NULL ? text : "";
}

/* The outcomes of the audit, oldest first, and the one key of them ("?" when there are several). */
struct summary {
    char outcomes[400];
    char key[IDEMPOTENCY_KEY_SIZE];
};

static void summarise(const struct desk *desk, struct summary *summary)
{
    *summary = (struct summary){0};
    struct json *audit = desk_audit(desk);
    size_t i;
    struct json *entry;
    for (i = 0, entry = json_first(audit); entry != NULL; entry = json_next(entry), i++) {
        size_t used = strlen(summary->outcomes);
        snprintf(summary->outcomes + used, sizeof summary->outcomes - used, "%s%s",
                 i > 0 ? " " : "", member(entry, "outcome"));
        bool other = i > 0 && strcmp(summary->key, member(entry, "key")) != 0;
        snprintf(summary->key, sizeof summary->key, "%s", other ? "?" : member(entry, "key"));
    }
    json_free(audit);
}

struct expectation {
    const struct desk *desk;
    const char *outcomes;
    struct summary found;
};

static bool is_met(void *context)
{
    struct expectation *expectation = context;
    summarise(expectation->desk, &expectation->found);
    return strcmp(expectation->found.outcomes, expectation->outcomes) == 0;
}

void ledger_expect(const struct desk *desk, const char *outcomes, char key[IDEMPOTENCY_KEY_SIZE])
{
    struct expectation expectation = {.desk = desk, .outcomes = outcomes};
    support_wait_until(is_met, &expectation, PATIENCE_MS);
    assert_string_equal(expectation.found.outcomes, outcomes);
    assert_string_not_equal(expectation.found.key, "?");
    if (key != NULL) snprintf(key, IDEMPOTENCY_KEY_SIZE, "%s", expectation.found.key);
}

void ledger_expect_invoices(const struct desk *desk, long long count)
{
    assert_int_equal(desk_invoices(desk), count);
}

void ledger_expect_one(const struct desk *desk, const char *number)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    ledger_expect(desk, "created", key);
    look_for(desk->pty, key);
    look_for(desk->pty, number);
    assert_int_equal(desk_invoices(desk), 1);
    assert_int_equal(desk_keys(desk), 1);
}
