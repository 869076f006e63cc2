/* The transactional outbox's way out: what the audit tells of is posted to a receiver, at least
 * once and in order per record, by a thread that holds nobody up. */
#ifndef INVONCE_MOCK_SERVER_DELIVERIES_DELIVERIES_H
#define INVONCE_MOCK_SERVER_DELIVERIES_DELIVERIES_H

#include "protocol/wire/buffer.h"

#include <stdbool.h>
#include <stdint.h>

struct receiver;

/* Once the writer and the readers are there. The receiver is the deliveries' from then on; without
 * this none of the others does anything. False: the thread can't be started. */
bool deliveries_start(struct receiver *receiver);

/* Something was committed. From any thread. */
void deliveries_wake(void);

/* Nothing new is posted, and what is under way is cut after so long. */
void deliveries_quiesce(int64_t finish_ms);

/* Waits for that, and gives back what was leased: while the writer is there still. */
void deliveries_finish(void);

/* Once it isn't any more. */
void deliveries_stop(void);

/* For the metrics; on a thread that reads the store. */
void deliveries_write_metrics(struct buffer *text);

#endif
