#include "tui/recent.h"

#include "protocol/wire/invoice_json.h"
#include "protocol/wire/json.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEWEST_PATH           "/v1/invoices?limit=100"
#define PAUSE_MS              150 /* of the fingers, before the server is asked */
#define SEARCH_CHARACTERS_MAX 64
#define RECORDS_MAX           5000 /* nobody reads further than that */

/* Records that can be believed to be some; NULL: out of memory. */
static json_t *readable(json_t *data)
{
    json_t *records = json_array();
    for (size_t i = 0; records && i < json_array_size(data); i++) {
        struct invoice_record record;
        json_t *json = json_array_get(data, i);
        if (invoice_record_read(&record, json)) json_array_append(records, json);
        invoice_record_clear(&record);
    }
    return records;
}

static bool holds(const char *text, const char *part)
{
    char *folded = text ? text_fold(text) : NULL;
    bool does = folded && strstr(folded, part);
    free(folded);
    return does;
}

static bool matches(const json_t *record, const char *part)
{
    const json_t *customer = json_object_get(record, "customer");
    return holds(json_text(record, "number"), part) || holds(json_text(customer, "name"), part) ||
           holds(json_text(customer, "email"), part);
}

static bool is_among(const json_t *records, const json_t *record)
{
    for (size_t i = 0; i < json_array_size(records); i++) {
        if (json_equal(json_array_get(records, i), record)) return true;
    }
    return false;
}

/* Brings `shown` in line with what was found and what is searched for. */
static void sift(struct recent *recent)
{
    char *part = text_fold(text_field_text(&recent->search));
    json_decref(recent->shown);
    recent->shown = part ? json_array() : NULL;
    for (size_t i = 0; recent->shown && i < json_array_size(recent->newest.records); i++) {
        json_t *record = json_array_get(recent->newest.records, i);
        if (matches(record, part)) json_array_append(recent->shown, record);
    }
    for (size_t i = 0; recent->shown && i < json_array_size(recent->found.records); i++) {
        json_t *record = json_array_get(recent->found.records, i);
        if (!is_among(recent->shown, record)) json_array_append(recent->shown, record);
    }
    free(part);
    size_t count = json_array_size(recent->shown);
    if (recent->selected >= count) recent->selected = count > 0 ? count - 1 : 0;
}

static void forget(struct recent_list *list)
{
    json_decref(list->records);
    free(list->next);
    *list = (struct recent_list){0};
}

/* A page of `query`'s answer, behind what `list` has. */
static void take_page(struct recent *recent, struct recent_list *list, const struct query *query,
                      json_t *data)
{
    json_t *page = readable(data);
    free(list->next);
    list->next = query->next ? strdup(query->next) : NULL;
    if (!list->records)
        list->records = page;
    else if (page) {
        json_array_extend(list->records, page);
        json_decref(page);
    }
    recent->news = true;
    sift(recent);
}

static void take(struct recent *recent, struct recent_list *list, const struct query *query,
                 json_t *data, const char *trouble)
{
    forget(list);
    recent->trouble = trouble;
    recent->news = true;
    if (data)
        take_page(recent, list, query, data);
    else
        sift(recent);
}

static void take_newest(void *context, json_t *data, const char *trouble)
{
    struct recent *recent = context;
    take(recent, &recent->newest, &recent->newest_query, data, trouble);
}

static void take_found(void *context, json_t *data, const char *trouble)
{
    struct recent *recent = context;
    take(recent, &recent->found, &recent->search_query, data, trouble);
}

/* Without an answer what is there stays, and the next move asks again. */
static void take_more(void *context, json_t *data, const char *trouble)
{
    struct recent *recent = context;
    (void)trouble;
    if (data) take_page(recent, recent->growing, &recent->more_query, data);
}

void recent_start(struct recent *recent, struct courier *courier)
{
    *recent = (struct recent){
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
    json_decref(recent->shown);
    recent->shown = NULL;
}

void recent_open(struct recent *recent, int64_t now_ms)
{
    text_field_clear(&recent->search);
    forget(&recent->found);
    recent->selected = 0;
    recent->trouble = NULL;
    query_ask(&recent->newest_query, strdup(NEWEST_PATH), now_ms);
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
static char *search_path(const char *text)
{
    char *encoded = query_encode(text);
    char *path = NULL;
    bool customer = strchr(text, '@') || strncmp(text, "cus_", strlen("cus_")) == 0;
    if (encoded && asprintf(&path, "/v1/invoices?%s=%s&limit=100", customer ? "customer" : "number",
                            encoded) < 0)
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
    query_ask(&recent->search_query, is_searching(recent) ? search_path(text) : NULL,
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
    if (asking || json_array_size(recent->shown) >= RECORDS_MAX) return;
    const char *search = text_field_text(&recent->search);
    if (recent->found.next && is_searching(recent))
        ask_more(recent, &recent->found, search_path(search), now_ms);
    else if (recent->newest.next)
        ask_more(recent, &recent->newest, strdup(NEWEST_PATH), now_ms);
}

void recent_move(struct recent *recent, bool down, size_t rows, int64_t now_ms)
{
    size_t below = json_array_size(recent->shown);
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

json_t *recent_selected(const struct recent *recent)
{
    return json_array_get(recent->shown, recent->selected);
}
