/* What the server counts, in Prometheus' text format. */
#ifndef INVONCE_MOCK_SERVER_HTTP_METRICS_H
#define INVONCE_MOCK_SERVER_HTTP_METRICS_H

#include "mock_server/engine/outcome.h"
#include "protocol/wire/buffer.h"

#include <stddef.h>
#include <stdint.h>

#define METRICS_ENDPOINTS_MAX 8

/* A creating endpoint's name, as in "POST /v1/invoices"; `endpoint` is its place among them, below
 * METRICS_ENDPOINTS_MAX. */
void metrics_name_endpoint(unsigned endpoint, const char *name);

void metrics_create(unsigned endpoint, enum outcome outcome);
void metrics_reply(int status);
void metrics_batch(size_t jobs, int64_t ms);
void metrics_connection(int change);

/* What somebody else counts goes behind it. Before any is asked for. */
typedef void metrics_more(struct buffer *text);
void metrics_also(metrics_more *more);

/* Appends all of it. */
void metrics_write(struct buffer *text);

#endif
