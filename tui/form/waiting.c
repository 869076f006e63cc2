#include "tui/form/waiting.h"

#include "tui/words/words.h"

#include <assert.h>
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

static void tell(struct waiting *waiting, const struct journal_entry *before)
{
    struct journal_entry *entry = NULL;
    if (journal_find(waiting->journal, before->key, before->fingerprint, &entry) != JOURNAL_OK ||
        !entry)
        return;
    char *sentence = sentence_of(entry);
    journal_entries_free(entry, 1);
    if (!sentence) return;
    free(waiting->news);
    waiting->news = sentence;
}

/* Puts `more` behind the list (owned from here on either way). False: out of memory. */
static bool append(struct waiting *list, struct journal_entry *more, size_t count)
{
    struct journal_entry *all = realloc(list->entries, (list->count + count + 1) * sizeof *all);
    if (!all) {
        journal_entries_free(more, count);
        return false;
    }
    list->entries = all;
    for (size_t i = 0; i < count; i++)
        all[list->count++] = more[i];
    free(more);
    return true;
}

static void drop(struct waiting *list, size_t at)
{
    struct journal_entry *one = &list->entries[at];
    assert(at < list->count);
    free(one->name);
    free(one->server);
    free(one->tenant);
    free(one->result);
    list->count--;
    memmove(one, one + 1, (list->count - at) * sizeof *one);
}

static bool read_all(struct waiting *list, const char *shown)
{
    struct journal_entry *open = NULL;
    size_t count = 0;
    if (journal_list_unseen(list->journal, &list->entries, &list->count) != JOURNAL_OK)
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->entries[i].key, shown) == 0) drop(list, i--);
    list->refused = list->count;
    return journal_list_open(list->journal, &open, &count) == JOURNAL_OK &&
           append(list, open, count);
}

void waiting_look(struct waiting *waiting, const char *shown, int64_t now_ms)
{
    struct waiting now = {.journal = waiting->journal};
    waiting->due_ms = now_ms + LOOK_EVERY_MS;
    bool told = read_all(&now, shown);
    waiting->trouble = told ? NULL : journal_sentence(waiting->journal);
    if (!told) {
        journal_entries_free(now.entries, now.count);
        return;
    }
    for (size_t i = 0; i < waiting->count; i++) {
        const struct journal_entry *before = &waiting->entries[i];
        if (before->busy &&
            !is_among(now.entries + now.refused, now.count - now.refused, before->key))
            tell(waiting, before);
    }
    journal_entries_free(waiting->entries, waiting->count);
    assert(now.refused <= now.count); /* they come first */
    waiting->entries = now.entries;
    waiting->count = now.count;
    waiting->refused = now.refused;
}

size_t waiting_selected(const struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->count; i++)
        if (strcmp(waiting->entries[i].key, waiting->selected) == 0) return i;
    return 0;
}

void waiting_move(struct waiting *waiting, bool down, size_t places)
{
    size_t at = waiting_selected(waiting);
    if (waiting->count == 0) return;
    if (down)
        at = places < waiting->count - at ? at + places : waiting->count - 1;
    else
        at -= places < at ? places : at;
    snprintf(waiting->selected, sizeof waiting->selected, "%s", waiting->entries[at].key);
}

const char *waiting_state(const struct journal_entry *entry, const char *own_key)
{
    if (entry->state == JOURNAL_CONFLICT) return _("not created: conflict");
    if (entry->state == JOURNAL_REJECTED) return _("not created: refused");
    if (strcmp(entry->key, own_key) == 0) return _("being sent");
    if (entry->ours) return _("answered, to be noted");
    if (entry->busy) return _("in another window");
    return entry->state == JOURNAL_UNCONFIRMED ? _("waiting for confirmation") : _("to be sent");
}

const char *waiting_introduction(size_t refused, size_t count)
{
    if (refused == 0)
        return _("These are sent again by themselves, each with its own key, until the server has "
                 "answered.");
    if (refused == count)
        return _("These were not created. Each stays here until you have opened it, and taken it "
                 "back or acknowledged it.");
    return _("What was not created stays here until you have opened it, and taken it back or "
             "acknowledged it. The others are sent again by themselves.");
}
