#include "tui/app/recent.h"

#include "protocol/wire/canonical_json.h"
#include "protocol/wire/json.h"
#include "protocol/wire/text.h"
#include "tui/form/facts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEWEST                "status=any&limit=100"
#define PAUSE_MS              150 /* of the fingers, before the server is asked */
#define SEARCH_CHARACTERS_MAX 64
#define RECORDS_MAX           5000 /* nobody reads further than that */

/* Moves those behind `records` that can be believed to be some, as far as memory goes. */
static void take_readable(const struct recent *recent, struct json *records, struct json *data)
{
    while (json_first(data)) {
        struct record record;
        struct json *json = json_take(data, json_first(data));
        bool readable = record_believe(&record, recent->resource, json);
        record_clear(&record);
        if (readable)
            json_append(records, json);
        else
            json_free(json);
    }
}

static bool holds(const char *text, const char *part)
{
    char *folded = text_fold(text);
    bool does = folded && strstr(folded, part);
    free(folded);
    return does;
}

static bool matches(const struct recent *recent, const struct json *record, const char *part)
{
    const struct fields *fields = &recent->resource->fields;
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        bool is_text = field->kind == FIELD_TEXT || field->kind == FIELD_EMAIL;
        if (is_text && fact_is_typed(field) && holds(fact_in(field, record), part)) return true;
    }
    return false;
}

static bool is_among(const struct recent *recent, const struct json *record)
{
    for (size_t i = 0; i < recent->shown_count; i++) {
        if (json_equal(recent->shown[i], record)) return true;
    }
    return false;
}

static void sift_into(struct recent *recent, const char *part)
{
    const struct json *record;
    for (record = json_first(recent->newest.records); record; record = json_next(record)) {
        if (matches(recent, record, part)) recent->shown[recent->shown_count++] = record;
    }
    for (record = json_first(recent->found.records); record; record = json_next(record)) {
        if (!is_among(recent, record)) recent->shown[recent->shown_count++] = record;
    }
}

/* Brings `shown` in line with what was found and what is searched for. */
static void sift(struct recent *recent)
{
    char *part = text_fold(text_field_text(&recent->search));
    size_t all = json_count(recent->newest.records) + json_count(recent->found.records);
    free(recent->shown);
    recent->shown = part && all > 0 ? calloc(all, sizeof *recent->shown) : NULL;
    recent->shown_count = 0;
    if (recent->shown) sift_into(recent, part);
    free(part);
    size_t count = recent->shown_count;
    assert(count <= all); /* none is shown twice: there was room for all */
    if (recent->selected >= count) recent->selected = count > 0 ? count - 1 : 0;
}

static void forget(struct recent_list *list)
{
    json_free(list->records);
    free(list->next);
    *list = (struct recent_list){0};
}

/* A page of `query`'s answer, behind what `list` has. */
static void take_page(struct recent *recent, struct recent_list *list, const struct query *query,
                      struct json *data)
{
    free(list->next);
    list->next = query->next ? strdup(query->next) : NULL;
    if (!list->records) list->records = json_new_array();
    take_readable(recent, list->records, data);
    recent->news = true;
    sift(recent);
}

static void take(struct recent *recent, struct recent_list *list, const struct query *query,
                 struct json *data, const char *trouble)
{
    forget(list);
    recent->trouble = trouble;
    recent->news = true;
    if (data)
        take_page(recent, list, query, data);
    else
        sift(recent);
}

static void take_newest(void *context, struct json *data, const char *trouble)
{
    struct recent *recent = context;
    take(recent, &recent->newest, &recent->newest_query, data, trouble);
}

static void take_found(void *context, struct json *data, const char *trouble)
{
    struct recent *recent = context;
    take(recent, &recent->found, &recent->search_query, data, trouble);
}

/* Without an answer what is there stays, and the next move asks again. */
static void take_more(void *context, struct json *data, const char *trouble)
{
    struct recent *recent = context;
    (void)trouble;
    if (data) take_page(recent, recent->growing, &recent->more_query, data);
}

void recent_start(struct recent *recent, const struct resource *resource, struct courier *courier)
{
    *recent = (struct recent){
        .resource = resource,
        .newest_query = {.courier = courier, .done = take_newest, .context = recent},
        .search_query = {.courier = courier, .done = take_found, .context = recent},
        .more_query = {.courier = courier, .done = take_more, .context = recent},
        .search = {.kind = TEXT_FIELD_WORDS, .characters_max = SEARCH_CHARACTERS_MAX},
    };
}

void recent_stop(struct recent *recent)
{
    recent_close(recent);
    text_field_clear(&recent->search);
    forget(&recent->newest);
    forget(&recent->found);
    free(recent->shown);
    recent->shown = NULL;
    recent->shown_count = 0;
}

static char *newest_path(const struct recent *recent)
{
    char *path = NULL;
    return asprintf(&path, "%s?" NEWEST, recent->resource->path) < 0 ? NULL : path;
}

void recent_open(struct recent *recent, int64_t now_ms)
{
    text_field_clear(&recent->search);
    forget(&recent->found);
    recent->selected = 0;
    recent->trouble = NULL;
    query_ask(&recent->newest_query, newest_path(recent), now_ms);
    sift(recent);
}

void recent_close(struct recent *recent)
{
    query_stop(&recent->newest_query);
    query_stop(&recent->search_query);
    query_stop(&recent->more_query);
}

static bool is_searching(const struct recent *recent)
{
    return !text_is_blank(text_field_text(&recent->search));
}

/* The server knows whole numbers and whole customers only. */
static char *search_path(const struct recent *recent, const char *text)
{
    char *encoded = query_encode(text);
    char *path = NULL;
    bool customer = strchr(text, '@') || strncmp(text, "cus_", strlen("cus_")) == 0;
    const char *name = recent->resource->unique[0].parts[0].name;
    if (encoded && asprintf(&path, "%s?%s=%s&" NEWEST, recent->resource->path,
                            customer ? "customer" : name, encoded) < 0)
        path = NULL;
    free(encoded);
    return path;
}

void recent_searched(struct recent *recent, int64_t now_ms)
{
    const char *text = text_field_text(&recent->search);
    forget(&recent->found);
    query_stop(&recent->more_query);
    recent->selected = 0;
    query_ask(&recent->search_query, is_searching(recent) ? search_path(recent, text) : NULL,
              now_ms + PAUSE_MS);
    sift(recent);
}

/* The page of `list` behind what it has. */
static void ask_more(struct recent *recent, struct recent_list *list, char *path, int64_t now_ms)
{
    char *cursor = query_encode(list->next);
    char *whole = NULL;
    if (cursor && path && asprintf(&whole, "%s&cursor=%s", path, cursor) < 0) whole = NULL;
    free(cursor);
    free(path);
    recent->growing = list;
    query_ask(&recent->more_query, whole, now_ms);
}

static void want_more(struct recent *recent, int64_t now_ms)
{
    bool asking = recent->more_query.call || query_due_ms(&recent->more_query) != INT64_MAX;
    if (asking || recent->shown_count >= RECORDS_MAX) return;
    const char *search = text_field_text(&recent->search);
    if (recent->found.next && is_searching(recent))
        ask_more(recent, &recent->found, search_path(recent, search), now_ms);
    else if (recent->newest.next)
        ask_more(recent, &recent->newest, newest_path(recent), now_ms);
}

void recent_move(struct recent *recent, bool down, size_t rows, int64_t now_ms)
{
    size_t below = recent->shown_count;
    assert(recent->selected == 0 || recent->selected < below);
    below = below > 0 ? below - 1 - recent->selected : 0;
    if (down)
        recent->selected += rows < below ? rows : below;
    else
        recent->selected -= rows < recent->selected ? rows : recent->selected;
    if (down && rows >= below) want_more(recent, now_ms);
}

void recent_advance(struct recent *recent, int64_t now_ms)
{
    query_advance(&recent->newest_query, now_ms);
    query_advance(&recent->search_query, now_ms);
    query_advance(&recent->more_query, now_ms);
}

int64_t recent_due_ms(const struct recent *recent)
{
    int64_t newest = query_due_ms(&recent->newest_query);
    int64_t search = query_due_ms(&recent->search_query);
    int64_t more = query_due_ms(&recent->more_query);
    int64_t first = newest < search ? newest : search;
    return first < more ? first : more;
}

bool recent_is_asking(const struct recent *recent)
{
    return recent->newest_query.call || recent->search_query.call ||
           recent_due_ms(recent) != INT64_MAX;
}

const struct json *recent_selected(const struct recent *recent)
{
    return recent->selected < recent->shown_count ? recent->shown[recent->selected] : NULL;
}
