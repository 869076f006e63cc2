/* A route, and which one a request takes. Every creating route names the rule that keeps it from
 * creating twice. */
#ifndef INVONCE_MOCK_SERVER_HTTP_ROUTE_H
#define INVONCE_MOCK_SERVER_HTTP_ROUTE_H

#include "mock_server/http/exchange.h"

#include <stdbool.h>
#include <stddef.h>

struct creator;
struct reading;
struct resource;

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE };
enum access { ACCESS_OPEN, ACCESS_TOKEN };

/* What makes a creating route's effect happen once. */
enum rule {
    RULE_NONE,            /* it creates nothing */
    RULE_IDEMPOTENCY_KEY, /* the request's key */
    RULE_NATURAL_KEY,     /* the record's own unique field: creating what exists reuses it */
    RULE_PROVIDER_EVENT,  /* the sender's id of the event */
};

struct route {
    enum method method;
    const char *pattern; /* '*' stands for one segment, not empty */
    enum access access;
    enum rule rule;
    void (*handle)(struct exchange *exchange); /* on an HTTP thread: replies, or suspends */
    void (*read)(struct reading *reading); /* of one that reads records: what its handler asks, … */
    const struct resource *resource;       /* … of this resource; NULL: it knows */
    const struct creator *creator;         /* of one that creates */
    const char *label;                     /* of one that creates: its name in the metrics */
    bool faults_api;                       /* only there with --faults-api */
};

enum route_match { ROUTE_FOUND, ROUTE_NOT_FOUND, ROUTE_OTHER_METHOD, ROUTE_NO_MEMORY };

/* The routes that there are, borrowed; names the creating ones to the metrics. */
void routes_start(const struct route *first, size_t count);

/* Finds the route of a request and decodes its variable segment into exchange->parameter. *allow
 * (static) tells the methods there are. HEAD is answered as GET is. */
enum route_match route_find(struct exchange *exchange, const char *method, const char **allow);

/* True when a POST to this path creates. */
bool route_creates_at(const char *path);

/* A route's place among them; a creating one's number in the metrics. */
unsigned route_number(const struct route *route);

#endif
