#include "protocol/client/retry.h"

#include <assert.h>

const struct retry_policy retry_policy_default = {
    .base_ms = 250,
    .cap_ms = 8000,
    .budget_ms = 60000,
};

/* base x 2^(attempts-1), stopping at the cap before anything can overflow. */
static int64_t ceiling_ms(const struct retry_policy *policy, unsigned attempts)
{
    int64_t ceiling = policy->base_ms < policy->cap_ms ? policy->base_ms : policy->cap_ms;
    for (unsigned i = 1; i < attempts && ceiling > 0 && ceiling < policy->cap_ms; i++)
        ceiling = ceiling > policy->cap_ms / 2 ? policy->cap_ms : ceiling * 2;
    return ceiling > 0 ? ceiling : 0;
}

/* [0, ceiling], even for a ceiling of many days: the high and the low half apart. */
static int64_t share_of(int64_t ceiling, uint32_t entropy)
{
    uint64_t range = (uint64_t)ceiling + 1;
    uint64_t high = (range >> 32) * entropy;
    uint64_t low = ((range & UINT32_MAX) * entropy) >> 32;
    return (int64_t)(high + low);
}

int64_t retry_delay_ms(const struct retry_policy *policy, unsigned attempts, int64_t retry_after_ms,
                       uint32_t entropy)
{
    int64_t ceiling = ceiling_ms(policy, attempts);
    int64_t delay = share_of(ceiling, entropy);
    assert(delay >= 0 && delay <= ceiling);
    int64_t asked = retry_after_ms < RETRY_AFTER_MAX_MS ? retry_after_ms : RETRY_AFTER_MAX_MS;
    return delay > asked ? delay : asked;
}
