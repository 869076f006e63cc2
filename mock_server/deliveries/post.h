/* Posts of events, and what came of them: by libcurl, in a module, as that takes longer to load
 * than the rest of the program, and only --deliver needs it. */
#ifndef INVONCE_MOCK_SERVER_DELIVERIES_POST_H
#define INVONCE_MOCK_SERVER_DELIVERIES_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict {
    VERDICT_DELIVERED, /* it answered 2xx */
    VERDICT_REFUSED,   /* it answered that this one is wrong */
    VERDICT_FAILED,    /* it answered that it can't now, or not in time, or not to the end */
    VERDICT_UNREACHED, /* nothing was sent: no connection came about */
};

#define TROUBLE_SIZE 160
struct result {
    enum verdict verdict;
    int64_t asked_ms;           /* by Retry-After; 0: not */
    char trouble[TROUBLE_SIZE]; /* a sentence; "" when delivered */
};

/* The parts of an address; each may be NULL. */
struct address {
    char *scheme, *host, *port, *user, *password;
};

struct post_request {
    const char *url;
    const char *ca_file;        /* whom it has to be certified by; NULL: the system's */
    bool is_plain;              /* on loopback: by no proxy */
    const char *const *headers; /* lines; NULL-ended */
    char *body;                 /* malloc'ed; is the post's from now on */
    size_t length;
    int64_t timeout_ms;
    void *owner;
};

struct posts;

/* A table of functions, INVONCE_POSTER in the module. */
struct poster {
    /* The parts are the caller's, to be freed. False: it is no address. */
    bool (*read_address)(const char *url, struct address *address);

    /* All that is under way, over so many connections at most. NULL: it can't be had. */
    struct posts *(*open)(long connections);
    void (*close)(struct posts *posts);

    /* Until something happened, it was woken (by any thread), or the time is over. */
    void (*wait)(struct posts *posts, int milliseconds);
    void (*wake)(struct posts *posts);

    /* Drives them all. True: one has ended, with that result; it is to be ended with `end`. */
    bool (*next)(struct posts *posts, struct result *result, void **owner);

    /* NULL: out of memory, and the body is gone. */
    struct post *(*begin)(struct posts *posts, const struct post_request *request);

    /* Cuts it off, if it is under way. */
    void (*end)(struct posts *posts, struct post *post);
};

/* Loaded by poster_load. */
extern const struct poster *poster;

/* False, and why (static): the module isn't there. */
bool poster_load(const char **why);

#endif
