/* What the tests of deliveries have in common: a receiver, servers that deliver to it, and creates
 * of theirs. */
#ifndef INVONCE_TESTS_SERVER_DELIVERIES_H
#define INVONCE_TESTS_SERVER_DELIVERIES_H

#include "tests/server/api.h"
#include "tests/support/webhooks.h"

/* The state of such a test. It starts its servers itself, the second beside the first. */
struct deliveries {
    struct webhooks *webhooks;
    struct mock mocks[2];
    webhook_choose *choose; /* what the test wants; NULL: 200 */
    void *context;
};

/* A test whose receiver answers as that says. */
#define DELIVERIES_TEST(test, choose)                                                              \
    {                                                                                              \
        .name = #test, .test_func = (test), .setup_func = deliveries_setup,                        \
        .teardown_func = deliveries_teardown, .initial_state = (void *)(uintptr_t)(choose)         \
    }
/* Never answers. */
webhook_choose deliveries_hang;

/* Waits until the receiver has heard one, answered or not. */
void deliveries_wait_for_one(struct deliveries *deliveries);

int deliveries_setup(void **state);
int deliveries_teardown(void **state);

/* Starts server 0 or 1 with --deliver to the receiver, and with those options (NULL: none). */
void deliveries_start(struct deliveries *deliveries, size_t which, const char *const *options);

/* Creates invoices number first to first + count - 1 of that server; each must be created. */
void deliveries_create(struct deliveries *deliveries, size_t which, int first, int count);

/* The value of a line of the metrics; 0 when it isn't there. */
long deliveries_metric(const struct mock *mock, const char *line);

/* Waits until that is at least so much. */
void deliveries_wait_for(const struct mock *mock, const char *line, long value);

/* Waits until none waits. */
void deliveries_wait_for_none(const struct mock *mock);

/* Each event that was taken is of another record, and each invoice of tenant north has one. */
void deliveries_check_whole(struct deliveries *deliveries, size_t which);

#define FAILED  "invonce_deliveries_total{outcome=\"failed\"}"
#define MADE    "invonce_deliveries_total{outcome=\"delivered\"}"
#define PARKED  "invonce_deliveries_parked"
#define WAITING "invonce_deliveries_waiting"

#endif
