/* GET of a resource's path, and of a record's below it. */
#include "mock_server/engine/claims.h"
#include "mock_server/engine/ids.h"
#include "mock_server/engine/merged.h"
#include "mock_server/engine/readers.h"
#include "mock_server/resources/hooks.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/buffer.h"
#include "protocol/wire/duration.h"
#include "protocol/wire/json.h"
#include "protocol/wire/text.h"

#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT 50
#define LIMIT_MAX     1000
#define YEAR_MAX      9999
#define LOOKED_AT_MAX LIMIT_MAX /* records for one page, where a text is searched for */
/* A page of long records ends early: with the one that goes past this, of which none is longer than
 * 1 MiB, it is no longer than a client reads. */
#define PAGE_BYTES (3 * 1024 * 1024)

void records_get(struct reading *reading)
{
    static const char *const NAMES[] = {NULL};
    if (!reading_check_query(reading, NAMES)) {
        return;
    }
    int64_t id = 0, into = 0;
    char *record = NULL;
    const char *name = reading->resource->name;
    struct store_session *session = readers_session();
    enum store_status status = STORE_ABSENT;
    if (id_parse(reading->resource->id_prefix, reading->parameter, &id)) {
        struct store_collection collection = {reading->tenant, name};
        status = session ? store_record_find(session, &collection, id, STORE_NOW, &record, &into)
                         : STORE_FAILED;
    }
    if (status == STORE_OK) {
        reply_take(reading->reply, 200, MEDIA_JSON, record, strlen(record));
        reading->reply->canonical = into ? merged_path(reading->resource, into) : NULL;
    } else if (status == STORE_ABSENT) {
        reply_problem(reading->reply, PROBLEM_NOT_FOUND, "There is no such %s.", name);
    } else {
        readers_refuse(reading->reply, "The record cannot be read.");
    }
}

/* The page as it is written: one record more than wanted tells that there is a next page. Where a
 * text is searched for, many may be looked at for few that have it: the page ends early then. */
struct page {
    struct buffer text;
    const struct resource *resource;
    const char *part; /* folded, that a record is to say; NULL: any will do */
    int64_t last_id;
    int count, limit;
    int looked_at;
    bool full, more;
};

static bool is_wanted(struct page *page, const char *record)
{
    if (!page->part) return true;
    struct json *json = json_read(record, strlen(record));
    bool says = json && record_says(page->resource, json, page->part);
    page->text.failed = page->text.failed || !json; /* a record may not be left out unseen */
    json_free(json);
    return says;
}

static void append_record(void *context, int64_t id, const char *record)
{
    struct page *page = context;
    if (page->full) {
        page->more = true;
        return;
    }
    page->last_id = id;
    page->looked_at++;
    if (is_wanted(page, record)) {
        buffer_text(&page->text, page->count++ > 0 ? "," : "");
        buffer_text(&page->text, record);
    }
    page->full = page->count == page->limit || page->text.length > PAGE_BYTES ||
                 page->looked_at == LOOKED_AT_MAX;
}

/* A cursor is the id after which the next page goes on. */
static void finish_page(struct page *page)
{
    if (page->more) {
        buffer_printf(&page->text, "],\"next_cursor\":\"%lld\"}", (long long)page->last_id);
    } else {
        buffer_text(&page->text, "],\"next_cursor\":null}");
    }
}

static bool read_cursor(struct reading *reading, int64_t *before)
{
    const char *text = reading_parameter(reading, "cursor");
    if (text && !number_parse(text, 1, INT64_MAX, before)) {
        reply_problem(reading->reply, PROBLEM_INVALID_PARAMETER,
                      "The parameter cursor must be a next_cursor of an earlier page.");
        return false;
    }
    return true;
}

/* What people call a record by: how a claim of it begins. */
static bool read_beginning(struct reading *reading, const struct unique_part *part,
                           struct buffer *beginning)
{
    const char *text = reading_parameter(reading, unique_part_called(part));
    if (text) {
        claim_add(beginning, part, text);
        buffer_append(beginning, "", 1);
    }
    if (beginning->failed) {
        reply_problem(reading->reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
    }
    return !beginning->failed;
}

static bool read_parent(struct reading *reading, const struct parent *parent, int64_t *id)
{
    const char *text = parent ? reading_parameter(reading, parent->resource->name) : NULL;
    return !text || parent_find(reading, parent, text, id);
}

static void send_page(struct reading *reading, struct store_filter *filter, const char *part)
{
    struct page page = {.limit = filter->limit, .resource = reading->resource, .part = part};
    struct store_session *session = readers_session();
    filter->limit = (part ? LOOKED_AT_MAX : filter->limit) + 1;
    buffer_text(&page.text, "{\"data\":[");
    if (!session || store_record_list(session, filter, append_record, &page) != STORE_OK) {
        readers_refuse(reading->reply, "The list cannot be read.");
        buffer_clear(&page.text);
        return;
    }
    finish_page(&page);
    if (page.text.failed) {
        buffer_clear(&page.text);
    }
    reply_take(reading->reply, 200, MEDIA_JSON, page.text.bytes, page.text.length);
}

/* A text that records are to say; a blank one is said by any. False: replied. */
static bool read_part(struct reading *reading, char **part)
{
    const char *text = reading_parameter(reading, "text");
    if (!text || text_is_blank(text)) return true;
    *part = text_fold(text);
    if (!*part) reply_problem(reading->reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
    return *part;
}

/* Its query: what a record is called by, where that is claimed; the year where that is one of a
 * year; its parent; and what any list has. */
void records_list(struct reading *reading)
{
    const struct unique_rule *rule = &reading->resource->unique[0];
    const struct unique_part *called = rule->slug ? &rule->parts[0] : NULL;
    const struct unique_part *yearly = claim_yearly_part(rule);
    const struct parent *parent = kept_of(reading->resource).parent;
    const char *names[] = {"limit", "cursor", "status", "text", NULL, NULL, NULL, NULL};
    int count = 4;
    if (called) {
        names[count++] = unique_part_called(called);
    }
    if (yearly) {
        names[count++] = unique_part_called(yearly);
    }
    if (parent) {
        names[count++] = parent->resource->name;
    }
    int64_t year = 0, limit = LIMIT_DEFAULT;
    struct store_filter filter = {.collection = {reading->tenant, reading->resource->name}};
    struct buffer beginning = {0};
    char *part = NULL;
    if (reading_check_query(reading, names) &&
        (!yearly || reading_number(reading, unique_part_called(yearly), 1, YEAR_MAX, &year)) &&
        reading_number(reading, "limit", 1, LIMIT_MAX, &limit) &&
        read_cursor(reading, &filter.before) && status_read(reading, &filter.merged) &&
        read_parent(reading, parent, &filter.parent) &&
        (!called || read_beginning(reading, called, &beginning)) && read_part(reading, &part)) {
        filter.rule = beginning.bytes ? rule->name : NULL;
        filter.beginning = beginning.bytes;
        filter.period = (int)year;
        filter.limit = (int)limit;
        send_page(reading, &filter, part);
    }
    free(part);
    buffer_clear(&beginning);
}
