/* GET /v1/customers: completion. */
#include "mock_server/engine/readers.h"
#include "mock_server/resources/customer_records.h"
#include "mock_server/resources/hooks.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/buffer.h"
#include "protocol/wire/text.h"

#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT 20
#define LIMIT_MAX     100
#define PAGE          "{\"data\":["
#define PAGE_START    (sizeof PAGE - 1)

static void append_record(void *context, int64_t id, const char *record)
{
    struct buffer *page = context;
    (void)id;
    buffer_text(page, page->length == PAGE_START ? "" : ",");
    buffer_text(page, record);
}

void customers_list(struct reading *reading)
{
    static const char *const NAMES[] = {"prefix", "limit", "status", NULL};
    enum store_merged merged = STORE_UNMERGED;
    int64_t limit = LIMIT_DEFAULT;
    if (!reading_check_query(reading, NAMES) ||
        !reading_number(reading, "limit", 1, LIMIT_MAX, &limit) || !status_read(reading, &merged)) {
        return;
    }
    const char *prefix = reading_parameter(reading, "prefix");
    char *folded = text_fold(prefix ? prefix : "");
    struct store_collection customers = {reading->tenant, CUSTOMER.name};
    struct store_session *session = readers_session();
    struct buffer page = {0};
    buffer_text(&page, PAGE);
    if (!folded || !session ||
        store_complete(session, &customers, folded, merged, (int)limit, append_record, &page) !=
            STORE_OK) {
        readers_refuse(reading->reply, "The customers cannot be read.");
        buffer_clear(&page);
    } else {
        buffer_text(&page, "]}");
        if (page.failed) {
            buffer_clear(&page);
        }
        reply_take(reading->reply, 200, MEDIA_JSON, page.bytes, page.length);
    }
    free(folded);
}
