/* Writes one record of another system, once however often it is read. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_IMPORT_WRITE_H
#define INVONCE_MOCK_SERVER_DUPLICATES_IMPORT_WRITE_H

#include "mock_server/duplicates/legacy.h"
#include "mock_server/duplicates/pipeline.h"
#include "protocol/wire/idempotency_key.h"

struct import_job {
    struct errand errand; /* first; its `run` is set here */
    struct legacy *legacy;
    const char *tenant, *user, *endpoint;
    int64_t expires_at; /* of what is saved under its key */
    int64_t times;      /* how many-eth of equal ones it is, from 0 */
    size_t line;        /* where it was read */

    /* What came of it: */
    bool known;     /* it is there already */
    int stands;     /* in the way of so many rules */
    int payments;   /* that were added … */
    int known_paid; /* … and that were there by their event already … */
    size_t unlike;  /* … the first of these, from 1, whose amount isn't that one's; 0: none */
};

/* NULL: out of memory. The legacy and all texts are to last until import_job_free. */
struct import_job *import_job_new(struct legacy *legacy);
void import_job_free(struct import_job *job);

#endif
