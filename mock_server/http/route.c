#include "mock_server/http/route.h"

#include "mock_server/base/names.h"
#include "mock_server/base/settings.h"
#include "mock_server/http/metrics.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct {
    const struct route *first;
    size_t count;
} routes;

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
    return parameter && (route->rule == RULE_NONE || names_valid(parameter));
}

/* A pattern without a variable segment comes first: /v1/audit/stream is no id. */
enum route_match route_find(struct exchange *exchange, const char *method, const char **allow)
{
    unsigned methods = 0;
    const char *segment = NULL;
    size_t length = 0;
    for (size_t i = 0; i < routes.count; i++) {
        const struct route *route = &routes.first[i];
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
            if (segment && !exchange->parameter && errno == ENOMEM) {
                return ROUTE_NO_MEMORY;
            }
            return !segment || is_good_parameter(route, exchange->parameter) ? ROUTE_FOUND
                                                                             : ROUTE_NOT_FOUND;
        }
    }
    *allow = allow_of(methods);
    return methods ? ROUTE_OTHER_METHOD : ROUTE_NOT_FOUND;
}

bool route_creates_at(const char *path)
{
    const char *segment = NULL;
    size_t length = 0;
    for (size_t i = 0; i < routes.count; i++) {
        if (routes.first[i].rule != RULE_NONE &&
            matches(routes.first[i].pattern, path, &segment, &length)) {
            return true;
        }
    }
    return false;
}

unsigned route_number(const struct route *route)
{
    assert(route >= routes.first && route < routes.first + routes.count);
    return (unsigned)(route - routes.first);
}

void routes_start(const struct route *first, size_t count)
{
    routes.first = first;
    routes.count = count;
    for (size_t i = 0; i < count; i++) {
        if (first[i].rule != RULE_NONE) {
            metrics_name_endpoint(route_number(&first[i]), first[i].label);
        }
    }
}
