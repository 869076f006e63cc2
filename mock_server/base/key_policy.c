#include "mock_server/base/key_policy.h"

#include "mock_server/base/settings.h"

#include <string.h>

static const char *its_own(const char *tenant)
{
    return tenant;
}

static int64_t after_the_lease(int64_t now_ms)
{
    return now_ms + settings.lease_ms;
}

static bool have_one_fingerprint(const char *known, const char *fingerprint)
{
    return strcmp(known, fingerprint) == 0;
}

static bool never(void)
{
    return false;
}

static bool unless_a_record(bool is_record)
{
    return !is_record;
}

static bool no_refusal(int status)
{
    (void)status;
    return false;
}

#define HONEST                                                                                     \
    {                                                                                              \
        .tenant_of = its_own, .lease_end = after_the_lease,                                        \
        .is_same_request = have_one_fingerprint, .relies_on_look = never,                          \
        .saves_body = unless_a_record, .saves_refusal = no_refusal                                 \
    }

const struct key_policy KEY_POLICY_HONEST = HONEST;
struct key_policy key_policy = HONEST;
