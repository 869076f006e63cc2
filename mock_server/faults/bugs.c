#include "mock_server/faults/bugs.h"

#include "mock_server/base/key_policy.h"

#include <stddef.h>
#include <string.h>

/* Looks, then inserts, in two steps: what came between them is overruled. */
static bool always(void)
{
    return true;
}

static void check_then_store(void)
{
    key_policy.relies_on_look = always;
}

/* Replies of failures are saved under the key. */
static bool of_the_server(int status)
{
    return status >= 500;
}

static void cache_5xx(void)
{
    key_policy.saves_refusal = of_the_server;
}

/* Keys are shared between tenants. To show that, there must be a reply that is anybody's: a record
 * would be looked for among those of the tenant that asks. */
static const char *everybody(const char *tenant)
{
    (void)tenant;
    return "";
}

static bool any_body(bool is_record)
{
    (void)is_record;
    return true;
}

static void no_tenant(void)
{
    key_policy.tenant_of = everybody;
    key_policy.saves_body = any_body;
}

/* No fingerprint is compared. */
static bool any_request(const char *known, const char *fingerprint)
{
    (void)known, (void)fingerprint;
    return true;
}

static void first_body_wins(void)
{
    key_policy.is_same_request = any_request;
}

/* A crash leaves the key in progress for good. */
static int64_t at_no_time(int64_t now_ms)
{
    (void)now_ms;
    return INT64_MAX;
}

static void no_lease(void)
{
    key_policy.lease_end = at_no_time;
}

static bool planted;

bool bugs_plant(const char *name)
{
    static const struct {
        const char *name;
        void (*plant)(void);
    } BUGS[] = {{"check-then-store", check_then_store},
                {"cache-5xx", cache_5xx},
                {"no-tenant", no_tenant},
                {"first-body-wins", first_body_wins},
                {"no-lease", no_lease}};
    for (size_t i = 0; i < sizeof BUGS / sizeof BUGS[0]; i++) {
        if (strcmp(name, BUGS[i].name) == 0) {
            key_policy = KEY_POLICY_HONEST;
            BUGS[i].plant();
            planted = true;
            return true;
        }
    }
    return false;
}

bool bugs_are_planted(void)
{
    return planted;
}
