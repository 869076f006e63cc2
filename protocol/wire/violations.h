/* What is wrong with a request, all of it at once: the `errors` of a validation problem. */
#ifndef INVONCE_WIRE_VIOLATIONS_H
#define INVONCE_WIRE_VIOLATIONS_H

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stddef.h>

#define VIOLATIONS_MAX 1000 /* further ones are dropped: 200 lines of 5 members fit */

/* `code` is one of the words that RULES.md section 4 has for programs ("required", "too-long");
 * `detail` is one English sentence for people; `pointer` is RFC 6901 into the request
 * ("/lines/0/quantity"). */
struct violation {
    char *pointer;
    const char *code; /* static */
    char *detail;
};

struct violations {
    struct violation *items;
    size_t count;
    bool out_of_memory; /* sticky: one was lost for want of memory */
};

/* An empty list is all zeros. `pointer` is copied, the sentence formatted. */
__attribute__((format(printf, 4, 5))) void violations_add(struct violations *list,
                                                          const char *pointer, const char *code,
                                                          const char *format, ...);

/* The first one at `pointer`, or NULL. */
const struct violation *violations_at(const struct violations *list, const char *pointer);

/* Writes "/" and a member's name with RFC 6901's escapes, at most twice as long, and a NUL; gives
 * the NUL's place. */
char *violations_put_member(char *pointer, const char *name);

void violations_clear(struct violations *list);

/* The `errors` array (new reference; NULL when out of memory), and back (false: not of that shape;
 * codes that this version doesn't know become "other"). */
struct json *violations_to_json(const struct violations *list);
bool violations_from_json(const struct json *array, struct violations *list);

#endif
