#include "tui/form/recent.h"

#include "protocol/wire/canonical_json.h"
#include "protocol/wire/json.h"
#include "protocol/wire/text.h"
#include "tui/form/facts.h"
#include "tui/words/words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_PAGE            100
#define LARGE_PAGE            500 /* where all is wanted */
#define ENOUGH                100 /* found ones; what is searched for is asked for so far */
#define PAUSE_MS              150 /* of the fingers, before the server is asked */
#define SEARCH_CHARACTERS_MAX 64
#define RECORDS_MAX           50000 /* nobody reads further than that */

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

/* --- what is searched for --- */

/* "2026-0042" and "0042" are parts of a number: no 1984, and no 42. */
static bool is_one_amount(const char *typed)
{
    const char *digits = typed + (typed[0] == '-');
    bool padded = digits[0] == '0' && strspn(digits + 1, "0123456789") > 0;
    return !padded && !strpbrk(digits, "+-*xX");
}

/* As the server has them: "1.234,56" is looked for as "1234.56". NULL: it is no amount, or written
 * like one already. Owned by the caller. */
static char *amount_searched(const char *typed)
{
    char readings[2][AMOUNT_ENTRY_SIZE];
    if (!is_one_amount(typed)) return NULL;
    const struct amount_habits habits = {.currency = "", .point_parts = words_point_parts()};
    if (amount_entry_read(typed, &habits, readings) != AMOUNT_ENTRY_READ) return NULL;
    return strcmp(readings[0], typed) == 0 ? NULL : strdup(readings[0]);
}

bool recent_is_searching(const struct recent *recent)
{
    return !text_is_blank(text_field_text(&recent->search));
}

static void show_matching(struct recent *recent, const struct json *records, const char *part,
                          const char *amount)
{
    const struct json *record;
    for (record = json_first(records); record; record = json_next(record)) {
        if (record_says(recent->resource, record, part) ||
            (amount && record_says(recent->resource, record, amount)))
            recent->shown[recent->shown_count++] = record;
    }
}

/* --- in which order --- */

struct ordered {
    const struct json *record;
    const char *key;
    size_t at;
};

/* The latest, or the highest, first; what is alike stays as it was. */
static int compare(const void *a, const void *b)
{
    const struct ordered *one = a, *other = b;
    int order = strverscmp(other->key, one->key);
    return order ? order : (one->at > other->at) - (one->at < other->at);
}

static void put_in_order(struct recent *recent)
{
    const struct resource *resource = recent->resource;
    size_t by = recent->order == RECENT_BY_DATE ? fact_of_kind(resource, FIELD_DATE)
                                                : fact_of_name(resource);
    size_t count = recent->shown_count;
    struct ordered *all =
        recent->order != RECENT_NEWEST && count > 0 ? calloc(count, sizeof *all) : NULL;
    for (size_t i = 0; all && i < count; i++)
        all[i] = (struct ordered){recent->shown[i], fact_at(resource, by, recent->shown[i]), i};
    if (all) qsort(all, count, sizeof *all, compare);
    for (size_t i = 0; all && i < count; i++)
        recent->shown[i] = all[i].record;
    free(all);
}

/* Until the server has said what it found, those that are there are looked through. */
static const struct recent_list *listed(const struct recent *recent)
{
    bool found = recent_is_searching(recent) && recent->found.records;
    return found ? &recent->found : &recent->newest;
}

/* Brings `shown` in line with what is listed and what is searched for. */
static void sift(struct recent *recent)
{
    const struct json *records = listed(recent)->records;
    char *part = text_fold(text_field_text(&recent->search));
    char *amount = amount_searched(text_field_text(&recent->search));
    size_t all = json_count(records);
    free(recent->shown);
    recent->shown = part && all > 0 ? calloc(all, sizeof *recent->shown) : NULL;
    recent->shown_count = 0;
    if (recent->shown) show_matching(recent, records, part, amount);
    free(amount);
    free(part);
    put_in_order(recent);
    size_t count = recent->shown_count;
    recent->sums = (struct list_sums){0};
    for (size_t i = 0; i < count; i++)
        list_sums_add(&recent->sums, recent->resource, recent->shown[i]);
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
    recent->stuck = !data;
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

static char *newest_path(const struct recent *recent, int limit)
{
    char *path = NULL;
    return asprintf(&path, "%s?status=any&limit=%d", recent->resource->path, limit) < 0 ? NULL
                                                                                        : path;
}

void recent_open(struct recent *recent, int64_t now_ms)
{
    text_field_clear(&recent->search);
    forget(&recent->found);
    recent->selected = 0;
    recent->chosen = true;
    recent->order = RECENT_NEWEST;
    recent->stuck = false;
    recent->trouble = NULL;
    query_ask(&recent->newest_query, newest_path(recent, FIRST_PAGE), now_ms);
    sift(recent);
}

void recent_close(struct recent *recent)
{
    query_stop(&recent->newest_query);
    query_stop(&recent->search_query);
    query_stop(&recent->more_query);
}

static char *search_path(const struct recent *recent, int limit)
{
    const char *typed = text_field_text(&recent->search);
    char *amount = amount_searched(typed);
    char *encoded = query_encode(amount ? amount : typed);
    char *path = NULL;
    if (encoded && asprintf(&path, "%s?text=%s&status=any&limit=%d", recent->resource->path,
                            encoded, limit) < 0)
        path = NULL;
    free(encoded);
    free(amount);
    return path;
}

void recent_searched(struct recent *recent, int64_t now_ms)
{
    forget(&recent->found);
    query_stop(&recent->more_query);
    recent->selected = 0;
    recent->chosen = false;
    recent->stuck = false;
    query_ask(&recent->search_query,
              recent_is_searching(recent) ? search_path(recent, FIRST_PAGE) : NULL,
              now_ms + PAUSE_MS);
    sift(recent);
}

bool recent_search(struct recent *recent, const char *text, int64_t now_ms)
{
    bool set = text_field_set(&recent->search, text) != TEXT_FIELD_NO_MEMORY;
    recent_searched(recent, now_ms);
    return set;
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

const char *recent_order_words(const struct recent *recent)
{
    static const char *const words[RECENT_ORDERS] = {
        [RECENT_NEWEST] = N_("newest first"),
        [RECENT_BY_DATE] = N_("by date"),
        [RECENT_BY_NUMBER] = N_("by number"),
    };
    return _(words[recent->order]);
}

bool recent_has_more(const struct recent *recent)
{
    return listed(recent)->next != NULL;
}

static void want_more(struct recent *recent, int64_t now_ms)
{
    bool asking = recent->more_query.call || query_due_ms(&recent->more_query) != INT64_MAX;
    struct recent_list *list = recent_is_searching(recent) ? &recent->found : &recent->newest;
    if (asking || !list->next || recent->shown_count >= RECORDS_MAX) return;
    int limit = recent->order == RECENT_NEWEST ? FIRST_PAGE : LARGE_PAGE;
    ask_more(recent, list,
             list == &recent->found ? search_path(recent, limit) : newest_path(recent, limit),
             now_ms);
}

/* Without a key: pages that held little of what is searched for are followed by the next, and what
 * is put in order is all there is. */
static bool wants_more_by_itself(const struct recent *recent)
{
    bool few = recent_is_searching(recent) && recent->shown_count < ENOUGH;
    return !recent->stuck && (few || recent->order != RECENT_NEWEST);
}

void recent_sort(struct recent *recent, int64_t now_ms)
{
    recent->order = (recent->order + 1) % RECENT_ORDERS;
    recent->selected = 0;
    recent->chosen = true;
    recent->stuck = false;
    if (wants_more_by_itself(recent)) want_more(recent, now_ms);
    sift(recent);
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
    recent->chosen = true;
    recent->stuck = false;
    if (down && rows >= below) want_more(recent, now_ms);
}

void recent_advance(struct recent *recent, int64_t now_ms)
{
    if (wants_more_by_itself(recent)) want_more(recent, now_ms);
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
