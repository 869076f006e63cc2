#include "mock_server/routes.h"

#include "mock_server/attempts/attempt.h"
#include "mock_server/attempts/audit_reads.h"
#include "mock_server/attempts/reading.h"
#include "mock_server/http/mock_faults.h"
#include "mock_server/http/service.h"
#include "mock_server/resources/customer_records.h"
#include "mock_server/resources/payment_records.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/resources/resources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fails to compile where the rule is RULE_NONE. */
#define MUST_HAVE_RULE(rule) ((rule) + 0 * sizeof(char[(rule) != RULE_NONE ? 1 : -1]))

#define CREATES(pattern, rule, creator, label)                                                     \
    {                                                                                              \
        METHOD_POST, pattern, ACCESS_TOKEN, MUST_HAVE_RULE(rule), attempt_begin, NULL, NULL,       \
            creator, label                                                                         \
    }
#define READS(pattern, read, ...)                                                                  \
    {                                                                                              \
        METHOD_GET, pattern, ACCESS_TOKEN, RULE_NONE, reading_begin, read, __VA_ARGS__             \
    }
#define TELLS(pattern, access, handle)                                                             \
    {                                                                                              \
        METHOD_GET, pattern, access, RULE_NONE, handle                                             \
    }
#define STEERS_FAULTS(method, handle)                                                              \
    {                                                                                              \
        method, "/_mock/faults", ACCESS_TOKEN, RULE_NONE, handle, .faults_api = true               \
    }

/* Creating routes come first: their place is their number in the metrics. */
static const struct route FIXED[] = {
    CREATES("/v1/customers", RULE_NATURAL_KEY, &customer_creator, "POST /v1/customers"),
    CREATES("/v1/webhooks/*", RULE_PROVIDER_EVENT, &payment_creator,
            "POST /v1/webhooks/{provider}"),
    READS("/v1/customers", customers_list, NULL),
    READS("/v1/customers/*", records_get, &CUSTOMER),
    READS("/v1/payments", records_list, &PAYMENT),
    READS("/v1/payments/*", records_get, &PAYMENT),
    READS("/v1/intents/*", intents_get, NULL),
    TELLS("/v1/audit", ACCESS_TOKEN, audit_list),
    TELLS("/v1/audit/stream", ACCESS_TOKEN, audit_stream),
    TELLS("/v1/whoami", ACCESS_TOKEN, whoami_get),
    TELLS("/healthz", ACCESS_OPEN, healthz_get),
    TELLS("/readyz", ACCESS_OPEN, readyz_get),
    TELLS("/metrics", ACCESS_OPEN, metrics_get),
    TELLS("/openapi.yaml", ACCESS_OPEN, openapi_get),
    STEERS_FAULTS(METHOD_GET, mock_faults_get),
    STEERS_FAULTS(METHOD_PUT, mock_faults_put),
    STEERS_FAULTS(METHOD_DELETE, mock_faults_delete),
};
#define FIXED_COUNT (sizeof FIXED / sizeof FIXED[0])

/* The routes of a resource, and what they borrow. */
struct made {
    struct creator creator;
    char *label, *one;
};

static bool make(struct made *made, const struct resource *resource)
{
    made->creator = resource_creator(resource);
    return asprintf(&made->label, "POST %s", resource->path) >= 0 &&
           asprintf(&made->one, "%s/*", resource->path) >= 0;
}

const struct route *routes_make(size_t *count)
{
    *count = 3 * RESOURCE_COUNT + FIXED_COUNT;
    struct route *routes = calloc(*count, sizeof(struct route));
    struct made *made = calloc(RESOURCE_COUNT, sizeof(struct made));
    bool ok = routes && made;
    for (size_t i = 0; ok && i < RESOURCE_COUNT; i++) {
        const struct resource *resource = RESOURCES[i];
        struct route *reads = routes + RESOURCE_COUNT + FIXED_COUNT + 2 * i;
        ok = make(&made[i], resource);
        routes[i] = (struct route)CREATES(resource->path, RULE_IDEMPOTENCY_KEY, &made[i].creator,
                                          made[i].label);
        reads[0] = (struct route)READS(resource->path, records_list, resource);
        reads[1] = (struct route)READS(made[i].one, records_get, resource);
    }
    if (ok) {
        memcpy(routes + RESOURCE_COUNT, FIXED, sizeof FIXED);
    }
    return ok ? routes : NULL;
}
