#include "mock_server/engine/replays.h"

#include <assert.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MAX  8192
#define BYTES_MAX  (8 * 1024 * 1024)
#define ENTRY_MAX  (BYTES_MAX / 64) /* of one: a long record drives out no more than a few */
#define BUCKETS    4096
#define HASH_PRIME 0x7fffffffu

/* Looks that may find nothing until no more are made. */
#define LOOKS 64

struct entry {
    uint32_t hash;
    size_t size;
    struct entry *next_in_bucket;
    struct entry *newer;
    struct replay replay; /* its texts follow */
};

static atomic_int looks_left;

static struct {
    pthread_mutex_t lock;
    struct entry *buckets[BUCKETS];
    struct entry *oldest, **newest;
    size_t count, bytes;
    uint32_t secret; /* the point of the hash: nobody outside can make keys collide */
} replays = {.lock = PTHREAD_MUTEX_INITIALIZER, .newest = &replays.oldest};

bool replays_start(void)
{
    unsigned char bytes[sizeof replays.secret];
    if (RAND_bytes(bytes, sizeof bytes) != 1) {
        return false;
    }
    memcpy(&replays.secret, bytes, sizeof bytes);
    replays.secret = replays.secret % (HASH_PRIME - 256) + 256;
    return true;
}

/* A polynomial over the bytes, NUL included, modulo a prime. */
static uint32_t hash_text(uint32_t hash, const char *text)
{
    do {
        uint64_t sum = (uint64_t)hash * replays.secret + (unsigned char)*text + 1;
        hash = (uint32_t)(sum % HASH_PRIME);
    } while (*text++ != '\0');
    return hash;
}

static uint32_t hash_key(const struct store_key *key)
{
    return hash_text(hash_text(hash_text(1, key->tenant), key->endpoint), key->key);
}

static bool same_key(const struct store_key *a, const struct store_key *b)
{
    return strcmp(a->key, b->key) == 0 && strcmp(a->endpoint, b->endpoint) == 0 &&
           strcmp(a->tenant, b->tenant) == 0;
}

static struct entry **place_of(uint32_t hash, const struct store_key *key)
{
    struct entry **place = &replays.buckets[hash % BUCKETS];
    while (*place && ((*place)->hash != hash || !same_key(&(*place)->replay.key, key))) {
        place = &(*place)->next_in_bucket;
    }
    return place;
}

static void forget_oldest(void)
{
    struct entry *entry = replays.oldest;
    assert(entry && replays.count > 0 && replays.bytes >= entry->size);
    struct entry **place = &replays.buckets[entry->hash % BUCKETS];
    while (*place != entry) {
        place = &(*place)->next_in_bucket;
    }
    *place = entry->next_in_bucket;
    replays.oldest = entry->newer;
    if (!replays.oldest) {
        replays.newest = &replays.oldest;
    }
    replays.count--;
    replays.bytes -= entry->size;
    free(entry);
}

void replays_stop(void)
{
    while (replays.oldest) {
        forget_oldest();
    }
}

/* --- copies in one piece: the struct, then its texts --- */

static size_t size_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static size_t size_of_answer(const struct replay *replay)
{
    size_t size = replay->body_length + size_of(replay->location) + size_of(replay->record_id);
    for (int i = 0; i < STORE_VALUES_MAX; i++) {
        size += size_of(replay->unique[i].text);
    }
    return size;
}

static size_t size_of_question(const struct replay *replay)
{
    return replay->request_length + size_of(replay->key.tenant) + size_of(replay->key.endpoint) +
           size_of(replay->key.key);
}

static char *copy_bytes(char *at, const void *bytes, size_t size)
{
    if (size > 0) {
        memcpy(at, bytes, size);
    }
    return at + size;
}

static void copy_text(char **at, const char **text)
{
    if (*text) {
        const char *copy = *at;
        *at = copy_bytes(*at, *text, size_of(*text));
        *text = copy;
    }
}

static char *copy_answer(char *at, struct replay *replay)
{
    const char *body = at;
    at = copy_bytes(at, replay->body, replay->body_length);
    replay->body = body;
    copy_text(&at, &replay->location);
    copy_text(&at, &replay->record_id);
    for (int i = 0; i < STORE_VALUES_MAX; i++) {
        copy_text(&at, &replay->unique[i].text);
    }
    return at;
}

static void copy_question(char *at, struct replay *replay)
{
    const char *request = at;
    at = copy_bytes(at, replay->request, replay->request_length);
    replay->request = request;
    copy_text(&at, &replay->key.tenant);
    copy_text(&at, &replay->key.endpoint);
    copy_text(&at, &replay->key.key);
}

static struct entry *entry_new(const struct replay *replay)
{
    size_t size = sizeof(struct entry) + size_of_answer(replay) + size_of_question(replay);
    struct entry *entry = size <= ENTRY_MAX ? malloc(size) : NULL;
    if (entry) {
        *entry = (struct entry){.size = size, .replay = *replay};
        copy_question(copy_answer((char *)(entry + 1), &entry->replay), &entry->replay);
        entry->hash = hash_key(&replay->key);
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
    struct entry **place = place_of(entry->hash, &entry->replay.key);
    bool known = *place != NULL; /* in another spelling, or by another thread just now */
    if (!known) {
        *place = entry;
        *replays.newest = entry;
        replays.newest = &entry->newer;
        replays.count++;
        replays.bytes += entry->size;
        while (replays.count > COUNT_MAX || replays.bytes > BYTES_MAX) {
            forget_oldest();
        }
    }
    pthread_mutex_unlock(&replays.lock);
    if (known) {
        free(entry);
    }
}

static struct replay *copy_of(const struct replay *replay)
{
    struct replay *copy = malloc(sizeof(struct replay) + size_of_answer(replay));
    if (copy) {
        *copy = *replay;
        copy_answer((char *)(copy + 1), copy);
    }
    return copy;
}

struct replay *replays_find(const struct store_key *key, const void *request, size_t length,
                            int64_t now)
{
    uint32_t hash = hash_key(key);
    struct replay *copy = NULL;
    pthread_mutex_lock(&replays.lock);
    const struct entry *entry = *place_of(hash, key);
    if (entry && entry->replay.expires_at > now && entry->replay.request_length == length &&
        (length == 0 || memcmp(entry->replay.request, request, length) == 0)) {
        copy = copy_of(&entry->replay);
    }
    pthread_mutex_unlock(&replays.lock);
    if (copy) {
        copy->key = *key;
        copy->request = request;
    }
    return copy;
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
