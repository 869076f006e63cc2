/* GET /v1/invoices and /v1/invoices/ID. */
#include "mock_server/base/duration.h"
#include "mock_server/engine/readers.h"
#include "mock_server/resources/customer_records.h"
#include "mock_server/resources/ids.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/buffer.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT 50
#define LIMIT_MAX     1000
#define NOBODY        INT64_MAX         /* no customer's id */
#define PAGE_BYTES    (4 * 1024 * 1024) /* a page of long records ends early */

void invoices_get(struct reading *reading)
{
    static const char *const NAMES[] = {NULL};
    if (!reading_check_query(reading, NAMES)) {
        return;
    }
    int64_t id = 0;
    char *record = NULL;
    struct store_session *session = readers_session();
    enum store_status status = STORE_ABSENT;
    if (id_parse(ID_INVOICE, reading->parameter, &id)) {
        struct store_collection invoices = {reading->tenant, INVOICE_RESOURCE};
        status =
            session ? store_record_find(session, &invoices, id, STORE_NOW, &record) : STORE_FAILED;
    }
    if (status == STORE_OK) {
        reply_take(reading->reply, 200, MEDIA_JSON, record, strlen(record));
    } else if (status == STORE_ABSENT) {
        reply_problem(reading->reply, PROBLEM_NOT_FOUND, "There is no such invoice.");
    } else {
        reply_problem(reading->reply, PROBLEM_INTERNAL_ERROR, "The invoice cannot be read.");
    }
}

/* The page as it is written: one record more than asked for tells that there is a next page. */
struct page {
    struct buffer text;
    int64_t last_id;
    int count, limit;
};

static void append_record(void *context, int64_t id, const char *record)
{
    struct page *page = context;
    if (page->count++ < page->limit) {
        buffer_text(&page->text, page->count > 1 ? "," : "");
        buffer_text(&page->text, record);
        page->last_id = id;
        if (page->text.length > PAGE_BYTES) {
            page->limit = page->count;
        }
    }
}

/* A cursor is the id after which the next page goes on. */
static void finish_page(struct page *page)
{
    if (page->count > page->limit) {
        buffer_printf(&page->text, "],\"next_cursor\":\"%lld\"}", (long long)page->last_id);
    } else {
        buffer_text(&page->text, "],\"next_cursor\":null}");
    }
}

static bool read_number(struct reading *reading, const char *name, int64_t max, int64_t *number)
{
    const char *text = reading_parameter(reading, name);
    if (text && !number_parse(text, 1, max, number)) {
        reply_problem(reading->reply, PROBLEM_INVALID_PARAMETER,
                      "The parameter %s must be a whole number from 1 to %lld.", name,
                      (long long)max);
        return false;
    }
    return true;
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

/* An id, or an e-mail, whose customer's id is found; 0: it has none. */
static bool find_customer(struct reading *reading, int64_t *id)
{
    const char *text = reading_parameter(reading, "customer");
    if (!text || id_parse(ID_CUSTOMER, text, id)) {
        return true;
    }
    if (!strchr(text, '@')) {
        reply_problem(reading->reply, PROBLEM_INVALID_PARAMETER,
                      "The parameter customer must be a customer's id or an e-mail address.");
        return false;
    }
    struct store_session *session = readers_session();
    char *key = text_fold_email(text);
    enum store_status status =
        key && session ? customer_holder(session, reading->tenant, key, id) : STORE_FAILED;
    free(key);
    if (status == STORE_ABSENT) {
        *id = NOBODY;
    } else if (status != STORE_OK) {
        reply_problem(reading->reply, PROBLEM_INTERNAL_ERROR, "The invoices cannot be read.");
    }
    return status != STORE_FAILED;
}

/* As a claim of it begins. */
static bool read_number_key(struct reading *reading, char **key)
{
    const char *number = reading_parameter(reading, "number");
    char *folded = number ? text_fold(number) : NULL;
    bool ok = !number || (folded && asprintf(key, "%s" STORE_PART_END, folded) >= 0);
    free(folded);
    if (!ok) {
        *key = NULL;
        reply_problem(reading->reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
    }
    return ok;
}

static void send_page(struct reading *reading, struct store_filter *filter)
{
    struct page page = {.limit = filter->limit};
    struct store_session *session = readers_session();
    filter->limit++;
    buffer_text(&page.text, "{\"data\":[");
    if (!session || store_record_list(session, filter, append_record, &page) != STORE_OK) {
        reply_problem(reading->reply, PROBLEM_INTERNAL_ERROR, "The invoices cannot be read.");
        buffer_clear(&page.text);
        return;
    }
    finish_page(&page);
    if (page.text.failed) {
        buffer_clear(&page.text);
    }
    reply_take(reading->reply, 200, MEDIA_JSON, page.text.bytes, page.text.length);
}

void invoices_list(struct reading *reading)
{
    static const char *const NAMES[] = {"number", "year", "customer", "limit", "cursor", NULL};
    int64_t year = 0, limit = LIMIT_DEFAULT;
    struct store_filter filter = {.collection = {reading->tenant, INVOICE_RESOURCE}};
    char *number_key = NULL;
    if (reading_check_query(reading, NAMES) && read_number(reading, "year", 9999, &year) &&
        read_number(reading, "limit", LIMIT_MAX, &limit) && read_cursor(reading, &filter.before) &&
        find_customer(reading, &filter.parent) && read_number_key(reading, &number_key)) {
        filter.rule = number_key ? INVOICE_RULE_NUMBER : NULL;
        filter.beginning = number_key;
        filter.period = (int)year;
        filter.limit = (int)limit;
        send_page(reading, &filter);
    }
    free(number_key);
}
