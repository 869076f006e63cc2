#include "tui/batch/told.h"

#include <stdio.h>
#include <stdlib.h>

#define CAPACITY_FIRST 16

struct told_one {
    int64_t number;
    char key[IDEMPOTENCY_KEY_SIZE];
};

bool told_note(struct told *told, int64_t number, const char *key)
{
    if (told->count == told->capacity) {
        size_t capacity = told->capacity > 0 ? 2 * told->capacity : CAPACITY_FIRST;
        struct told_one *list = realloc(told->list, capacity * sizeof *list);
        if (list == NULL) return false;
        told->list = list;
        told->capacity = capacity;
    }
    struct told_one *one = &told->list[told->count++];
    one->number = number;
    snprintf(one->key, sizeof one->key, "%s", key);
    return true;
}

enum journal_status told_see(struct told *told, struct journal *journal, int64_t end)
{
    size_t kept = 0;
    for (size_t i = 0; i < told->count; i++)
        if (told->list[i].number < end && journal_see(journal, told->list[i].key) != JOURNAL_OK)
            return JOURNAL_FAILED;
    for (size_t i = 0; i < told->count; i++)
        if (told->list[i].number >= end) told->list[kept++] = told->list[i];
    told->count = kept;
    return JOURNAL_OK;
}

void told_clear(struct told *told)
{
    free(told->list);
    *told = (struct told){0};
}
