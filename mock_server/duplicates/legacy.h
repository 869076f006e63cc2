/* A record as another system has it: read, judged, and made ready to be written. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_LEGACY_H
#define INVONCE_MOCK_SERVER_DUPLICATES_LEGACY_H

#include "mock_server/engine/kept.h"
#include "protocol/wire/buffer.h"
#include "protocol/wire/fingerprint.h"

/* What stands where it says nothing. */
struct legacy_defaults {
    const char *source; /* of its external reference */
    const char *user;
    int64_t now;
};

/* What pays it, as an event tells. */
struct legacy_payment {
    const char *provider; /* borrowed */
    struct json *event;   /* but for its record's id, and, where it had none, its own id */
};

struct legacy {
    struct kept kept;
    struct document document;                /* the request that would have made it */
    struct json *aside;                      /* what no request has */
    char fingerprint[FINGERPRINT_TEXT_SIZE]; /* of all that was read */
    int64_t created_at;
    const char *created_by;
    char *parent_key; /* NULL: it has no parent */
    int year;         /* that it is listed by; 0: by none */
    struct legacy_payment *payments;
    size_t payment_count;
    char *claimed[]; /* by each rule; NULL: it doesn't apply */
};

/* Takes the JSON over. NULL: it is refused for the reason that was appended, or, where that is
 * empty or failed, memory is out. */
struct legacy *legacy_read(const struct kept *kept, struct json *json,
                           const struct legacy_defaults *defaults, struct buffer *reason);
void legacy_free(struct legacy *legacy);

#endif
