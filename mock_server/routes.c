#include "mock_server/routes.h"

#include "mock_server/base/settings.h"
#include "mock_server/http/metrics.h"
#include "mock_server/resources/resources.h"

#include <stdlib.h>
#include <string.h>

/* Fails to compile where the rule is RULE_NONE. */
#define MUST_HAVE_RULE(rule) ((rule) + 0 * sizeof(char[(rule) != RULE_NONE ? 1 : -1]))

#define READS(pattern, access, handle)                                                             \
    {                                                                                              \
        METHOD_GET, pattern, access, RULE_NONE, handle                                             \
    }
#define CREATES(pattern, rule, creator, label)                                                     \
    {                                                                                              \
        METHOD_POST, pattern, ACCESS_TOKEN, MUST_HAVE_RULE(rule), NULL, creator, label             \
    }
#define STEERS_FAULTS(method, handle)                                                              \
    {                                                                                              \
        method, "/_mock/faults", ACCESS_TOKEN, RULE_NONE, handle, NULL, NULL, true                 \
    }

/* Creating routes come first: their place is their number in the metrics. */
static const struct route ROUTES[] = {
    CREATES("/v1/invoices", RULE_IDEMPOTENCY_KEY, &invoice_creator, "POST /v1/invoices"),
    CREATES("/v1/customers", RULE_NATURAL_KEY, &customer_creator, "POST /v1/customers"),
    CREATES("/v1/webhooks/*", RULE_PROVIDER_EVENT, &payment_creator,
            "POST /v1/webhooks/{provider}"),
    READS("/v1/invoices", ACCESS_TOKEN, invoices_list),
    READS("/v1/invoices/*", ACCESS_TOKEN, invoices_get),
    READS("/v1/customers", ACCESS_TOKEN, customers_list),
    READS("/v1/customers/*", ACCESS_TOKEN, customers_get),
    READS("/v1/intents/*", ACCESS_TOKEN, intents_get),
    READS("/v1/audit", ACCESS_TOKEN, audit_list),
    READS("/v1/audit/stream", ACCESS_TOKEN, audit_stream),
    READS("/v1/whoami", ACCESS_TOKEN, whoami_get),
    READS("/healthz", ACCESS_OPEN, healthz_get),
    READS("/readyz", ACCESS_OPEN, readyz_get),
    READS("/metrics", ACCESS_OPEN, metrics_get),
    READS("/openapi.yaml", ACCESS_OPEN, openapi_get),
    STEERS_FAULTS(METHOD_GET, mock_faults_get),
    STEERS_FAULTS(METHOD_PUT, mock_faults_put),
    STEERS_FAULTS(METHOD_DELETE, mock_faults_delete),
};
#define ROUTE_COUNT (sizeof ROUTES / sizeof ROUTES[0])

static const struct {
    const char *name;
    enum method method;
} METHODS[] = {{"GET", METHOD_GET},
               {"HEAD", METHOD_GET},
               {"POST", METHOD_POST},
               {"PUT", METHOD_PUT},
               {"DELETE", METHOD_DELETE}};

/* What Allow says, by the set of methods that a path has. */
static const char *allow_of(unsigned methods)
{
    static const struct {
        unsigned methods;
        const char *allow;
    } ALLOWS[] = {
        {1u << METHOD_GET, "GET, HEAD"},
        {1u << METHOD_POST, "POST"},
        {1u << METHOD_GET | 1u << METHOD_POST, "GET, HEAD, POST"},
        {1u << METHOD_GET | 1u << METHOD_PUT | 1u << METHOD_DELETE, "GET, HEAD, PUT, DELETE"},
    };
    for (size_t i = 0; i < sizeof ALLOWS / sizeof ALLOWS[0]; i++) {
        if (ALLOWS[i].methods == methods) {
            return ALLOWS[i].allow;
        }
    }
    return "GET, HEAD";
}

/* The variable segment, where the pattern has one; false: the path is another one. */
static bool matches(const char *pattern, const char *path, const char **segment, size_t *length)
{
    const char *star = strchr(pattern, '*');
    *segment = NULL;
    if (!star) {
        return strcmp(pattern, path) == 0;
    }
    size_t before = (size_t)(star - pattern);
    if (strncmp(pattern, path, before) != 0) {
        return false;
    }
    *segment = path + before;
    *length = strcspn(*segment, "/");
    return *length > 0 && strcmp(star + 1, *segment + *length) == 0;
}

/* What names an endpoint (a provider) is a plain name; elsewhere any text may be asked for. */
static bool is_good_parameter(const struct route *route, const char *parameter)
{
    return parameter && (route->rule == RULE_NONE || auth_is_name(parameter));
}

/* A pattern without a variable segment comes first: /v1/audit/stream is no id. */
enum route_match routes_find(struct exchange *exchange, const char *method, const char **allow)
{
    unsigned methods = 0;
    const char *segment = NULL;
    size_t length = 0;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        const struct route *route = &ROUTES[i];
        if ((route->faults_api && !settings.faults_api) ||
            !matches(route->pattern, exchange->path, &segment, &length)) {
            continue;
        }
        methods |= 1u << route->method;
        for (size_t m = 0; m < sizeof METHODS / sizeof METHODS[0]; m++) {
            if (METHODS[m].method != route->method || strcmp(METHODS[m].name, method) != 0) {
                continue;
            }
            exchange->route = route;
            exchange->parameter = segment ? exchange_decode(segment, length, false) : NULL;
            return !segment || is_good_parameter(route, exchange->parameter) ? ROUTE_FOUND
                                                                             : ROUTE_NOT_FOUND;
        }
    }
    *allow = allow_of(methods);
    return methods ? ROUTE_OTHER_METHOD : ROUTE_NOT_FOUND;
}

bool routes_path_creates(const char *path)
{
    const char *segment = NULL;
    size_t length = 0;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (ROUTES[i].rule != RULE_NONE && matches(ROUTES[i].pattern, path, &segment, &length)) {
            return true;
        }
    }
    return false;
}

unsigned routes_metric(const struct route *route)
{
    return (unsigned)(route - ROUTES);
}

void routes_start(void)
{
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (ROUTES[i].rule != RULE_NONE) {
            metrics_name_endpoint(routes_metric(&ROUTES[i]), ROUTES[i].label);
        }
    }
}
