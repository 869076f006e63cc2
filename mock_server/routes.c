#include "mock_server/routes.h"

#include "mock_server/attempts/attempt.h"
#include "mock_server/attempts/audit_reads.h"
#include "mock_server/attempts/reading.h"
#include "mock_server/http/mock_faults.h"
#include "mock_server/http/service.h"
#include "mock_server/resources/resources.h"

/* Fails to compile where the rule is RULE_NONE. */
#define MUST_HAVE_RULE(rule) ((rule) + 0 * sizeof(char[(rule) != RULE_NONE ? 1 : -1]))

#define CREATES(pattern, rule, creator, label)                                                     \
    {                                                                                              \
        METHOD_POST, pattern, ACCESS_TOKEN, MUST_HAVE_RULE(rule), attempt_begin, NULL, creator,    \
            label                                                                                  \
    }
#define READS(pattern, read)                                                                       \
    {                                                                                              \
        METHOD_GET, pattern, ACCESS_TOKEN, RULE_NONE, reading_begin, read                          \
    }
#define TELLS(pattern, access, handle)                                                             \
    {                                                                                              \
        METHOD_GET, pattern, access, RULE_NONE, handle                                             \
    }
#define STEERS_FAULTS(method, handle)                                                              \
    {                                                                                              \
        method, "/_mock/faults", ACCESS_TOKEN, RULE_NONE, handle, NULL, NULL, NULL, true           \
    }

/* Creating routes come first: their place is their number in the metrics. */
const struct route ROUTES[] = {
    CREATES("/v1/invoices", RULE_IDEMPOTENCY_KEY, &invoice_creator, "POST /v1/invoices"),
    CREATES("/v1/customers", RULE_NATURAL_KEY, &customer_creator, "POST /v1/customers"),
    CREATES("/v1/webhooks/*", RULE_PROVIDER_EVENT, &payment_creator,
            "POST /v1/webhooks/{provider}"),
    READS("/v1/invoices", invoices_list),
    READS("/v1/invoices/*", invoices_get),
    READS("/v1/customers", customers_list),
    READS("/v1/customers/*", customers_get),
    READS("/v1/intents/*", intents_get),
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
const size_t ROUTE_COUNT = sizeof ROUTES / sizeof ROUTES[0];
