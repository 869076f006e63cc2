/* Asks a store of a few records with any bytes as a query, or as a path's segment, as the first
 * byte says: a page that holds together, one record, where the one is that stands for it, or a
 * refusal that says why. */
#include "mock_server/engine/readers.h"
#include "mock_server/http/exchange.h"
#include "mock_server/resources/customer_records.h"
#include "mock_server/resources/payment_records.h"
#include "mock_server/resources/resources.h"
#include "mock_server/store/store.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/temp_dir.h"

#include <string.h>

#define TENANT       "north"
#define MERGED       1002 /* into the one before */
#define INVOICES     9
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct {
    char directory[TEMP_DIR_SIZE];
    struct store *store;
} place;

static void stop(void)
{
    readers_stop();
    store_close(place.store);
    temp_dir_remove(place.directory);
}

static void insert(struct store_session *session, const struct resource *resource,
                   const struct store_record *record, const char *rule, const char *value)
{
    struct store_collection collection = {TENANT, resource->name};
    struct store_claim claim = {rule, value, false};
    int64_t holder = 0;
    struct store_record row = *record;
    row.length = strlen(record->json);
    MUST(store_claim(session, &collection, &claim, record->id, &holder) == STORE_OK);
    MUST(store_record_insert(session, &collection, &row) == STORE_OK);
}

static void insert_invoice(struct store_session *session, int64_t id)
{
    char json[128], value[64];
    snprintf(json, sizeof json, "{\"number\":\"2026-%d\",\"id\":\"inv_%d\"}", (int)id, (int)id);
    snprintf(value, sizeof value, "2026-%d" STORE_PART_END "2026" STORE_PART_END, (int)id);
    const struct store_record record = {.id = id, .parent = 1, .period = 2026, .json = json};
    insert(session, &INVOICE, &record, "number", value);
}

static void fill(struct store_session *session)
{
    static const struct store_collection INVOICES_OF = {TENANT, "invoice"},
                                         CUSTOMERS_OF = {TENANT, "customer"};
    static const struct store_record CUSTOMER_ROW = {.id = 1, .json = "{\"id\":\"cus_1\"}"},
                                     PAYMENT_ROW = {.id = 1, .parent = 1001, .json = "{}"};
    static const struct store_text NAME = {0, "northwind", "northwind"};
    insert(session, &CUSTOMER, &CUSTOMER_ROW, "email", "ap@northwind.example" STORE_PART_END);
    MUST(store_text_add(session, &CUSTOMERS_OF, &NAME, 1) == STORE_OK);
    for (int64_t id = 1001; id < 1001 + INVOICES; id++)
        insert_invoice(session, id);
    insert(session, &PAYMENT, &PAYMENT_ROW, "event", "bank" STORE_PART_END "e1" STORE_PART_END);
    MUST(store_record_merge(session, &INVOICES_OF, MERGED, MERGED - 1) == STORE_OK);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    char message[STORE_MESSAGE_MAX], url[TEMP_DIR_SIZE + 32];
    temp_dir_make(place.directory);
    snprintf(url, sizeof url, "sqlite:%s/store.db", place.directory);
    place.store = store_open(url, &(struct store_options){0}, message);
    MUST(place.store != NULL);
    struct store_session *session = store_session_open_writing(place.store);
    MUST(session != NULL && store_begin(session));
    fill(session);
    MUST(store_commit(session));
    store_session_close(session);
    readers_start(place.store);
    MUST(atexit(stop) == 0);
    return 0;
}

static size_t count(const struct json *list)
{
    size_t items = 0;
    for (const struct json *at = json_first(list); at != NULL; at = json_next(at))
        items++;
    return items;
}

/* Newest first, and no more than there are; behind a page that isn't the last one goes on another.
 */
static void check_page(const struct json *page)
{
    const struct json *data = json_member(page, "data"), *next = json_member(page, "next_cursor");
    const char *before = NULL;
    MUST(json_kind(data) == JSON_ARRAY && count(data) <= INVOICES);
    for (const struct json *at = json_first(data); at != NULL; at = json_next(at)) {
        const char *id = json_text(at, "id");
        MUST(before == NULL || id == NULL || strcmp(id, before) < 0);
        before = id;
    }
    if (json_string(next) != NULL) MUST(before == NULL || strstr(before, json_string(next)));
}

static void check_refusal(const struct json *problem, int status)
{
    const char *detail = json_text(problem, "detail");
    MUST(status == 400 || status == 404);
    MUST(detail != NULL && text_is_utf8(detail, strlen(detail)));
    MUST(!text_has_control(detail, TEXT_ONE_LINE));
}

static void check(const struct reply *reply, bool is_page)
{
    MUST(reply->status != 0 && reply->body != NULL);
    struct json *json = json_read(reply->body, reply->length);
    MUST(json != NULL);
    if (reply->status != 200)
        check_refusal(json, reply->status);
    else if (is_page)
        check_page(json);
    if (reply->canonical != NULL) MUST(strcmp(reply->canonical, "/v1/invoices/inv_1001") == 0);
    json_free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        void (*read)(struct reading *reading);
        const struct resource *resource;
        bool is_page; /* else the bytes are a segment, and no query */
    } READS[] = {
        {records_list, &INVOICE, true},  {records_list, &PAYMENT, true},
        {customers_list, NULL, true},    {records_get, &INVOICE, false},
        {records_get, &CUSTOMER, false}, {intents_get, NULL, false},
    };
    if (size == 0) return 0;
    size_t which = data[0] % COUNT(READS);
    char *text = strndup((const char *)data + 1, size - 1);
    MUST(text != NULL);
    struct exchange exchange = {.query = READS[which].is_page ? text : NULL};
    if (!READS[which].is_page) exchange.parameter = exchange_decode(text, strlen(text), false);
    if (READS[which].is_page || exchange.parameter != NULL) {
        struct reading reading = {&exchange, READS[which].resource, TENANT, exchange.parameter,
                                  &exchange.reply};
        READS[which].read(&reading);
        check(&exchange.reply, READS[which].is_page);
    }
    reply_clear(&exchange.reply);
    free(exchange.parameter);
    free(text);
    return 0;
}
