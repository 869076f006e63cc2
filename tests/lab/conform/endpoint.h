/* What is tried: an endpoint that creates, as a case file describes it (tests/lab/README.md). */
#ifndef INVONCE_TESTS_LAB_CONFORM_ENDPOINT_H
#define INVONCE_TESTS_LAB_CONFORM_ENDPOINT_H

#include "protocol/wire/json.h"

#include <stdbool.h>

/* The texts are borrowed from the document; one that isn't there is NULL. */
struct endpoint {
    struct json *document;
    const char *path;
    const char *header;      /* that the key comes in */
    const char *value;       /* of it, {{key}} in the key's place */
    const char *member;      /* of the body, that it may come in, too */
    const char *replayed;    /* the header that tells a replay */
    const char *id;          /* of a record: where in it … */
    const char *original;    /* … and where in a refusal for its sake */
    bool is_unique;          /* no two records are of one {{unique}} */
    bool names_location;     /* of what it created */
    int created, replays_as; /* statuses */
    int expired;             /* of a replay after the key's lifetime; 0: that is a new request */
    long body_max;           /* bytes; 0: not told */
    long key_max;            /* characters; 0: not told */
};

/* False: a sentence says on standard error why not. To be cleared in any case. */
bool endpoint_read(struct endpoint *endpoint, const char *file);
void endpoint_clear(struct endpoint *endpoint);

/* What else a case file may say, by its pointer; NULL: it doesn't. */
const struct json *endpoint_part(const struct endpoint *endpoint, const char *pointer);

/* What a refusal of that name must be: a status, or an object of a status and of members of its
 * document; NULL: there is no such refusal. */
const struct json *endpoint_refusal(const struct endpoint *endpoint, const char *name);
int endpoint_refusal_status(const struct endpoint *endpoint, const char *name); /* 0: no such */

/* The text with each `mark` in it replaced. The caller's to free. */
char *endpoint_fill(const char *text, const char *mark, const char *value);

#define MARK_UNIQUE "{{unique}}"
#define MARK_KEY    "{{key}}"

#endif
