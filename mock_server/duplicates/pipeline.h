/* Errands to the writer, a bounded number on their way at once; what became of each is told to the
 * thread that sends them, in their order, once it is on disk. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_PIPELINE_H
#define INVONCE_MOCK_SERVER_DUPLICATES_PIPELINE_H

#include "mock_server/engine/writer.h"

/* Part of whatever is sent. */
struct errand {
    struct writer_job job; /* first; its `run` is the sender's */
    struct errand *next;
    enum writer_end end;
    bool ended;
};

/* The errand is the sender's again. */
typedef void pipeline_tell(void *context, struct errand *errand);

/* Starts the writer on a store. False: it can't be. */
bool pipeline_start(struct store *store, pipeline_tell *tell, void *context);

void pipeline_send(struct errand *errand);

/* Until all that were sent have been told of. */
void pipeline_drain(void);

void pipeline_stop(void);

#endif
