/* What the server answers to: one table. Every creating route names the rule that keeps it from
 * creating twice; a POST without one can't be written down. */
#ifndef INVONCE_MOCK_SERVER_ROUTES_H
#define INVONCE_MOCK_SERVER_ROUTES_H

#include "mock_server/engine/create_once.h"
#include "mock_server/http/exchange.h"

#include <stdbool.h>

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
    void (*handle)(struct exchange *exchange); /* of a route that creates nothing */
    const struct creator *creator;             /* of one that creates */
    const char *label;                         /* of one that creates: its name in the metrics */
    bool faults_api;                           /* only there with --faults-api */
};

enum route_match { ROUTE_FOUND, ROUTE_NOT_FOUND, ROUTE_OTHER_METHOD };

/* Finds the route of a request and decodes its variable segment into exchange->parameter. *allow
 * (static) tells the methods there are. HEAD is answered as GET is. */
enum route_match routes_find(struct exchange *exchange, const char *method, const char **allow);

/* True when a POST to this path creates. */
bool routes_path_creates(const char *path);

/* A creating route's number in the metrics. */
unsigned routes_metric(const struct route *route);

/* Names the creating routes to the metrics. */
void routes_start(void);

#endif
