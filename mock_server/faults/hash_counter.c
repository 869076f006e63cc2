#include "mock_server/faults/hash_counter.h"

#include <assert.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS (HASH_COUNTER_NAMES_MAX / 4)

/* A name is known by its SHA-256, so that an entry's size is fixed and nobody can make names
 * collide. Entries are also in a list by time, the longest unseen first. */
struct entry {
    unsigned char name[SHA256_DIGEST_LENGTH];
    int64_t count;
    struct entry *next_in_bucket;
    struct entry *older, *newer;
};

struct hash_counter {
    struct entry *buckets[BUCKETS];
    struct entry *oldest, *newest;
    size_t names;
};

struct hash_counter *hash_counter_new(void)
{
    return calloc(1, sizeof(struct hash_counter));
}

void hash_counter_free(struct hash_counter *counter)
{
    struct entry *entry = counter ? counter->oldest : NULL;
    while (entry) {
        struct entry *newer = entry->newer;
        free(entry);
        entry = newer;
    }
    free(counter);
}

static bool digest_of(const char *a, const char *b, const char *c,
                      unsigned char name[SHA256_DIGEST_LENGTH])
{
    /* Each with its NUL: "ab","c" and "a","bc" are two names. */
    size_t la = strlen(a) + 1, lb = strlen(b) + 1, lc = strlen(c) + 1;
    unsigned char *joined = malloc(la + lb + lc);
    if (!joined) {
        return false;
    }
    memcpy(joined, a, la);
    memcpy(joined + la, b, lb);
    memcpy(joined + la + lb, c, lc);
    SHA256(joined, la + lb + lc, name);
    free(joined);
    return true;
}

static struct entry **bucket_of(struct hash_counter *counter, const unsigned char *name)
{
    uint32_t hash = 0;
    memcpy(&hash, name, sizeof hash);
    return &counter->buckets[hash % BUCKETS];
}

static void unlink_by_time(struct hash_counter *counter, struct entry *entry)
{
    assert((entry->older ? entry->older->newer : counter->oldest) == entry);
    assert((entry->newer ? entry->newer->older : counter->newest) == entry);
    *(entry->older ? &entry->older->newer : &counter->oldest) = entry->newer;
    *(entry->newer ? &entry->newer->older : &counter->newest) = entry->older;
}

static void link_newest(struct hash_counter *counter, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = counter->newest;
    *(counter->newest ? &counter->newest->newer : &counter->oldest) = entry;
    counter->newest = entry;
}

static void forget_oldest(struct hash_counter *counter)
{
    struct entry *gone = counter->oldest;
    assert(gone && counter->names > 0);
    struct entry **link = bucket_of(counter, gone->name);
    while (*link != gone) {
        link = &(*link)->next_in_bucket;
    }
    *link = gone->next_in_bucket;
    unlink_by_time(counter, gone);
    counter->names--;
    free(gone);
}

static struct entry *insert(struct hash_counter *counter, const unsigned char *name)
{
    struct entry *entry = calloc(1, sizeof(struct entry));
    if (!entry) {
        return NULL;
    }
    if (counter->names == HASH_COUNTER_NAMES_MAX) {
        forget_oldest(counter);
    }
    struct entry **bucket = bucket_of(counter, name);
    memcpy(entry->name, name, sizeof entry->name);
    entry->next_in_bucket = *bucket;
    *bucket = entry;
    link_newest(counter, entry);
    counter->names++;
    return entry;
}

int64_t hash_counter_add(struct hash_counter *counter, const char *a, const char *b, const char *c)
{
    unsigned char name[SHA256_DIGEST_LENGTH];
    if (!digest_of(a, b, c, name)) {
        return 1;
    }
    struct entry *entry = *bucket_of(counter, name);
    while (entry && memcmp(entry->name, name, sizeof name) != 0) {
        entry = entry->next_in_bucket;
    }
    if (entry) {
        unlink_by_time(counter, entry);
        link_newest(counter, entry);
    } else {
        entry = insert(counter, name);
    }
    return entry ? ++entry->count : 1;
}
