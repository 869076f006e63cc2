#include "tui/batch/apart.h"

#include <stdint.h>
#include <stdlib.h>

#define CAPACITY_FIRST 64
#define FNV_BASIS      0xcbf29ce484222325U
#define FNV_PRIME      0x100000001b3U

/* A record's number, and the rest of what makes it unique (its year); 0: it doesn't say that. */
struct apart_record {
    uint64_t name, rest;
};

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * FNV_PRIME;
    return (hash ^ UINT8_MAX) * FNV_PRIME; /* in no text: where one ends */
}

/* False: out of memory. A record without a name has 0. */
static bool hash_record(const struct resource *resource, const struct json *record,
                        struct apart_record *hashed)
{
    const struct unique_part *parts = resource->unique[0].parts;
    *hashed = (struct apart_record){.rest = FNV_BASIS};
    for (size_t i = 0; i < RESOURCE_PARTS_MAX && parts[i].name != NULL; i++) {
        char *value = unique_part_value(&parts[i], record);
        if (value == NULL) return false;
        if (i == 0)
            hashed->name = value[0] != '\0' ? hash_text(FNV_BASIS, value) : 0;
        else
            hashed->rest =
                value[0] != '\0' && hashed->rest != 0 ? hash_text(hashed->rest, value) : 0;
        free(value);
    }
    return true;
}

static bool make_room(struct apart *apart)
{
    if (apart->count < apart->capacity) return true;
    size_t capacity = apart->capacity > 0 ? 2 * apart->capacity : CAPACITY_FIRST;
    struct apart_record *items = realloc(apart->items, capacity * sizeof *items);
    if (items == NULL) return false;
    apart->items = items;
    apart->capacity = capacity;
    return true;
}

bool apart_note(struct apart *apart, const struct resource *resource, const struct json *record)
{
    struct apart_record hashed;
    if (!hash_record(resource, record, &hashed)) return false;
    if (hashed.name == 0) return true;
    if (!make_room(apart)) return false;
    apart->items[apart->count++] = hashed;
    return true;
}

static int by_name_and_rest(const void *left, const void *right)
{
    const struct apart_record *one = left, *other = right;
    if (one->name != other->name) return one->name < other->name ? -1 : 1;
    return one->rest < other->rest ? -1 : one->rest > other->rest;
}

/* Sorted, those that clash stand side by side, and one that doesn't say the rest stands first. */
void apart_settle(struct apart *apart)
{
    const struct apart_record *items = apart->items;
    size_t kept = 0;
    if (apart->count > 0) qsort(apart->items, apart->count, sizeof *items, by_name_and_rest);
    for (size_t i = 1; i < apart->count; i++) {
        const struct apart_record here = items[i], before = items[i - 1];
        bool clashes = here.name == before.name && (here.rest == before.rest || before.rest == 0);
        bool is_kept = kept > 0 && items[kept - 1].name == here.name;
        if (clashes && !is_kept) apart->items[kept++] = here;
    }
    apart->count = kept;
    apart->settled = true;
}

static int by_name(const void *left, const void *right)
{
    const struct apart_record *one = left, *other = right;
    return one->name < other->name ? -1 : one->name > other->name;
}

bool apart_has(const struct apart *apart, const struct resource *resource,
               const struct json *record)
{
    struct apart_record hashed;
    return apart->count > 0 && hash_record(resource, record, &hashed) &&
           bsearch(&hashed, apart->items, apart->count, sizeof hashed, by_name) != NULL;
}

void apart_clear(struct apart *apart)
{
    free(apart->items);
    *apart = (struct apart){0};
}
