#include "mock_server/engine/replays.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS   2048
#define PLACES    4
#define BYTES_MAX (8 * 1024 * 1024)
#define ENTRY_MAX (BYTES_MAX / 64)

/* Looks that may find nothing until no more are made. */
#define LOOKS 64

static atomic_int looks_left;

/* In one piece with its texts. */
struct entry {
    struct replay replay; /* first: who gives it back knows of no more */
    size_t size;
};

/* The newest in a bucket is first, and the last one makes room: keys that somebody makes to meet in
 * one bucket drive out no others. */
static struct {
    pthread_mutex_t lock;
    struct entry *buckets[BUCKETS][PLACES];
    size_t bytes;
} replays = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* By FNV-1a. */
static struct entry **bucket_of(const struct store_key *key)
{
    uint32_t hash = 0x811c9dc5;
    for (const char *at = key->key; *at; at++) {
        hash = (hash ^ (unsigned char)*at) * 0x01000193;
    }
    return replays.buckets[hash % BUCKETS];
}

static bool is_of(const struct replay *replay, const struct store_key *key, const void *request,
                  size_t length)
{
    return strcmp(replay->key.key, key->key) == 0 &&
           strcmp(replay->key.endpoint, key->endpoint) == 0 &&
           strcmp(replay->key.tenant, key->tenant) == 0 && replay->request_length == length &&
           (length == 0 || memcmp(replay->request, request, length) == 0);
}

static struct entry *find(const struct store_key *key, const void *request, size_t length)
{
    struct entry *const *bucket = bucket_of(key);
    for (int i = 0; i < PLACES && bucket[i]; i++) {
        if (is_of(&bucket[i]->replay, key, request, length)) {
            return bucket[i];
        }
    }
    return NULL;
}

static void forget(struct entry **place)
{
    if (*place) {
        assert(replays.bytes >= (*place)->size);
        replays.bytes -= (*place)->size;
        free(*place);
        *place = NULL;
    }
}

void replays_forget(void)
{
    for (int i = 0; i < BUCKETS; i++) {
        for (int at = 0; at < PLACES; at++) {
            forget(&replays.buckets[i][at]);
        }
    }
}

static void insert(struct entry *entry)
{
    struct entry **bucket = bucket_of(&entry->replay.key);
    if (replays.bytes + entry->size > BYTES_MAX) {
        replays_forget();
    }
    forget(&bucket[PLACES - 1]);
    memmove(bucket + 1, bucket, (PLACES - 1) * sizeof(struct entry *));
    bucket[0] = entry;
    replays.bytes += entry->size;
}

/* --- copies --- */

static size_t size_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static size_t size_of_entry(const struct replay *replay)
{
    size_t size = sizeof(struct entry) + replay->request_length + replay->body_length +
                  size_of(replay->key.tenant) + size_of(replay->key.endpoint) +
                  size_of(replay->key.key) + size_of(replay->location) + size_of(replay->record_id);
    for (int i = 0; i < STORE_VALUES_MAX; i++) {
        size += size_of(replay->unique[i].text);
    }
    return size;
}

static const void *copy_bytes(char **at, const void *bytes, size_t size)
{
    void *copy = size > 0 ? memcpy(*at, bytes, size) : NULL;
    *at += size;
    return copy;
}

static void copy_text(char **at, const char **text)
{
    *text = copy_bytes(at, *text, size_of(*text));
}

static struct entry *entry_new(const struct replay *replay)
{
    size_t size = size_of_entry(replay);
    struct entry *entry = size <= ENTRY_MAX ? malloc(size) : NULL;
    if (!entry) {
        return NULL;
    }
    *entry = (struct entry){.size = size, .replay = *replay};
    struct replay *copy = &entry->replay;
    char *at = (char *)(entry + 1);
    copy->request = copy_bytes(&at, replay->request, replay->request_length);
    copy->body = copy_bytes(&at, replay->body, replay->body_length);
    copy_text(&at, &copy->key.tenant);
    copy_text(&at, &copy->key.endpoint);
    copy_text(&at, &copy->key.key);
    copy_text(&at, &copy->location);
    copy_text(&at, &copy->record_id);
    for (int i = 0; i < STORE_VALUES_MAX; i++) {
        copy_text(&at, &copy->unique[i].text);
    }
    return entry;
}

void replays_remember(const struct replay *replay)
{
    struct entry *entry = entry_new(replay);
    if (!entry) {
        return;
    }
    pthread_mutex_lock(&replays.lock);
    bool known = find(&replay->key, replay->request, replay->request_length);
    if (!known) {
        insert(entry);
    }
    pthread_mutex_unlock(&replays.lock);
    if (known) {
        free(entry);
    }
}

struct replay *replays_find(const struct store_key *key, const void *request, size_t length,
                            int64_t now)
{
    pthread_mutex_lock(&replays.lock);
    const struct entry *entry = find(key, request, length);
    struct entry *copy = entry && entry->replay.expires_at > now ? entry_new(&entry->replay) : NULL;
    pthread_mutex_unlock(&replays.lock);
    return (struct replay *)copy;
}

void replays_note_unmerged(const struct replay *replay, uint64_t generation)
{
    pthread_mutex_lock(&replays.lock);
    struct entry *entry = find(&replay->key, replay->request, replay->request_length);
    if (entry) {
        entry->replay.unmerged_in = generation;
    }
    pthread_mutex_unlock(&replays.lock);
}

bool replays_are_expected(void)
{
    return atomic_load_explicit(&looks_left, memory_order_relaxed) > 0;
}

void replays_expect(bool known)
{
    if (known) {
        atomic_store_explicit(&looks_left, LOOKS, memory_order_relaxed);
    } else if (replays_are_expected()) {
        atomic_fetch_sub_explicit(&looks_left, 1, memory_order_relaxed);
    }
}
