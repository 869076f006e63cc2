/* When to try again: exponential backoff with full jitter, Retry-After, a budget. Pure. */
#ifndef INVONCE_CLIENT_RETRY_H
#define INVONCE_CLIENT_RETRY_H

#include <stdint.h>

#define RETRY_AFTER_MAX_MS 60000 /* a longer Retry-After counts as this */

struct retry_policy {
    int64_t base_ms;   /* 250 */
    int64_t cap_ms;    /* 8,000 */
    int64_t budget_ms; /* 60,000, from the press (or from "try again now") */
};

extern const struct retry_policy retry_policy_default;

/* Milliseconds to wait after the `attempts`-th attempt failed: uniform in [0, min(cap, base x
 * 2^(attempts-1))], but no less than `retry_after_ms` (-1: none). `entropy` is any random number.
 */
int64_t retry_delay_ms(const struct retry_policy *policy, unsigned attempts, int64_t retry_after_ms,
                       uint32_t entropy);

#endif
