#include "mock_server/deliveries/outbox.h"

#include "protocol/wire/resources/resources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES    OUTBOX_EVENTS /* that are read at once, each of which may be one */
#define ROUNDS_MAX 64

static const struct {
    const char *outcome;
    bool is_creation;
} TELLING[] = {{"created", true}, {"merged", false}, {"unmerged", false}};

static const struct resource *resource_of(const struct store_audit_entry *entry)
{
    for (size_t i = 0; entry->resource && entry->record_id && i < RESOURCE_COUNT; i++) {
        if (strcmp(RESOURCES[i]->name, entry->resource) == 0) {
            return RESOURCES[i];
        }
    }
    return NULL;
}

/* -1: it tells of nothing. */
static int telling(const struct store_audit_entry *entry)
{
    for (int i = 0; i < (int)(sizeof TELLING / sizeof TELLING[0]); i++) {
        if (strcmp(TELLING[i].outcome, entry->outcome) == 0) {
            return i;
        }
    }
    return -1;
}

struct reading_page {
    struct page *page;
    int64_t since; /* 0: all are told */
    int read;
    bool failed, has_begun; /* an entry was found that isn't too old */
};

static void add_event(struct reading_page *reading, const struct store_audit_entry *entry,
                      const struct resource *resource, int which)
{
    struct page *page = reading->page;
    struct event *event = &page->events[page->count];
    *event = (struct event){.seq = entry->seq,
                            .at = entry->at,
                            .resource = resource,
                            .record_id = strdup(entry->record_id),
                            .is_creation = TELLING[which].is_creation};
    if (asprintf(&event->type, "%s.%s", resource->name, entry->outcome) < 0) {
        event->type = NULL;
    }
    page->count++;
    reading->failed = reading->failed || !event->type || !event->record_id;
}

static void take_entry(void *context, const struct store_audit_entry *entry)
{
    struct reading_page *reading = context;
    struct page *page = reading->page;
    const struct resource *resource = resource_of(entry);
    int which = resource ? telling(entry) : -1;
    reading->read++;
    page->to = entry->seq;
    page->discards += strcmp(entry->outcome, "discarded") == 0;
    if (which < 0) {
        return;
    }
    reading->has_begun = reading->has_begun || entry->at >= reading->since;
    if (reading->has_begun) {
        add_event(reading, entry, resource, which);
    } else {
        page->passed++;
    }
}

static void empty_page(struct page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        free(page->events[i].type);
        free(page->events[i].record_id);
    }
    free(page->tenant);
    page->tenant = NULL;
    page->count = 0;
}

/* Over entries that tell of nothing it goes on: they are looked at once, and no mark is moved for a
 * few of them. The first mark is moved once, or not at all. */
static bool read_page(struct page *page, struct store_session *session, int64_t since,
                      bool *is_full)
{
    struct reading_page reading = {.page = page, .since = page->from < 0 ? since : 0};
    page->to = page->from < 0 ? 0 : page->from;
    page->count = 0;
    page->discards = page->passed = 0;
    bool ok = true, goes_on = true;
    for (int round = 1; ok && goes_on; round++) {
        reading.read = 0;
        ok = store_audit_list(session, page->tenant, page->to, ENTRIES, take_entry, &reading) ==
                 STORE_OK &&
             !reading.failed;
        goes_on =
            reading.read == ENTRIES && page->count == 0 && (round < ROUNDS_MAX || page->from < 0);
    }
    *is_full = *is_full || reading.read == ENTRIES;
    return ok;
}

struct finding {
    struct outbox *outbox;
    bool failed;
};

static void take_tenant(void *context, const char *tenant, int64_t mark)
{
    struct finding *finding = context;
    struct outbox *outbox = finding->outbox;
    struct page **page = &outbox->pages[outbox->count];
    if (!*page) {
        *page = calloc(1, sizeof(struct page));
    }
    if (!*page || !((*page)->tenant = strdup(tenant))) {
        finding->failed = true;
        return;
    }
    (*page)->from = mark;
    (*page)->count = 0;
    outbox->count++;
}

bool outbox_read(struct outbox *outbox, struct store_session *session, int64_t since)
{
    struct finding finding = {.outbox = outbox};
    outbox_empty(outbox);
    bool ok = store_behind_list(session, OUTBOX_PAGES, take_tenant, &finding) == STORE_OK &&
              !finding.failed;
    outbox->is_full = outbox->count == OUTBOX_PAGES;
    for (size_t i = 0; ok && i < outbox->count; i++) {
        ok = read_page(outbox->pages[i], session, since, &outbox->is_full);
    }
    if (!ok) {
        outbox_empty(outbox);
    }
    return ok;
}

void outbox_empty(struct outbox *outbox)
{
    for (size_t i = 0; i < outbox->count; i++) {
        empty_page(outbox->pages[i]);
    }
    outbox->count = 0;
    outbox->is_full = false;
}

void outbox_clear(struct outbox *outbox)
{
    outbox_empty(outbox);
    for (size_t i = 0; i < OUTBOX_PAGES; i++) {
        free(outbox->pages[i]);
        outbox->pages[i] = NULL;
    }
}
