#include "tui/waiting.h"

#include "tui/words.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_EVERY_MS 1000

void waiting_start(struct waiting *waiting, struct journal *journal)
{
    *waiting = (struct waiting){.journal = journal};
}

void waiting_stop(struct waiting *waiting)
{
    journal_entries_free(waiting->entries, waiting->count);
    free(waiting->news);
    *waiting = (struct waiting){.due_ms = INT64_MAX};
}

static bool is_among(const struct journal_entry *entries, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(entries[i].key, key) == 0) return true;
    }
    return false;
}

/* Owned by the caller; NULL when there is nothing to tell. */
static char *sentence_of(const struct journal_entry *entry)
{
    char *sentence = NULL;
    int written = 0;
    switch (entry->state) {
    case JOURNAL_CREATED:
    case JOURNAL_REPLAYED:
        written = asprintf(&sentence, _("%s was created in another window"), entry->name);
        break;
    case JOURNAL_CONFLICT:
        written =
            asprintf(&sentence, _("%s was not created in another window: its number was taken"),
                     entry->name);
        break;
    case JOURNAL_REJECTED:
        written = asprintf(&sentence, _("%s was refused in another window: nothing was created"),
                           entry->name);
        break;
    case JOURNAL_OPEN:
    case JOURNAL_UNCONFIRMED:
        break;
    }
    return written < 0 ? NULL : sentence;
}

static void tell(struct waiting *waiting, const char *key)
{
    struct journal_entry *entry = NULL;
    if (journal_find(waiting->journal, key, &entry) != JOURNAL_OK || !entry) return;
    char *sentence = sentence_of(entry);
    journal_entries_free(entry, 1);
    if (!sentence) return;
    free(waiting->news);
    waiting->news = sentence;
}

void waiting_look(struct waiting *waiting, const char *own, const char *resumed, int64_t now_ms)
{
    struct journal_entry *entries = NULL;
    size_t count = 0;
    waiting->due_ms = now_ms + LOOK_EVERY_MS;
    bool told = journal_list_open(waiting->journal, &entries, &count) == JOURNAL_OK;
    waiting->trouble = told ? NULL : journal_sentence(waiting->journal);
    if (!told) return;
    for (size_t i = 0; i < waiting->count; i++) {
        const struct journal_entry *before = &waiting->entries[i];
        if (before->busy && !is_among(entries, count, before->key)) tell(waiting, before->key);
    }
    for (size_t i = 0; i < count; i++) {
        bool ours = strcmp(entries[i].key, own) == 0 || strcmp(entries[i].key, resumed) == 0;
        if (ours) entries[i].busy = false;
    }
    journal_entries_free(waiting->entries, waiting->count);
    waiting->entries = entries;
    waiting->count = count;
}
