/* GET /v1/customers and /v1/customers/ID. */
#include "mock_server/base/clock.h"
#include "mock_server/base/duration.h"
#include "mock_server/engine/readers.h"
#include "mock_server/resources/customer_json.h"
#include "mock_server/resources/ids.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/text.h"

#include <stdlib.h>

#define LIMIT_DEFAULT 20
#define LIMIT_MAX     100

struct json *customer_to_json(const struct store_customer *customer)
{
    char id[ID_TEXT_SIZE], created_at[CLOCK_TEXT_SIZE];
    id_format(ID_CUSTOMER, customer->id, id);
    clock_format(customer->created_at, created_at);
    return json_new_texts("id", id, "email", customer->email, "name", customer->name, "phone",
                          customer->phone, "created_at", created_at, "created_by",
                          customer->created_by, NULL);
}

static void append_record(void *context, const struct store_customer *customer)
{
    json_append(context, customer_to_json(customer));
}

static bool read_limit(struct reading *reading, int64_t *limit)
{
    const char *text = reading_parameter(reading, "limit");
    *limit = LIMIT_DEFAULT;
    if (text && !number_parse(text, 1, LIMIT_MAX, limit)) {
        reply_problem(reading->reply, PROBLEM_INVALID_PARAMETER,
                      "The parameter limit must be a whole number from 1 to %d.", LIMIT_MAX);
        return false;
    }
    return true;
}

void customers_list(struct reading *reading)
{
    static const char *const NAMES[] = {"prefix", "limit", NULL};
    int64_t limit = 0;
    if (!reading_check_query(reading, NAMES) || !read_limit(reading, &limit)) {
        return;
    }
    const char *prefix = reading_parameter(reading, "prefix");
    char *folded = text_fold(prefix ? prefix : "");
    struct json *data = json_new_array();
    struct store_session *session = readers_session();
    if (!folded || !data || !session ||
        store_customer_list(session, reading->tenant, folded, (int)limit, append_record, data) !=
            STORE_OK) {
        reply_problem(reading->reply, PROBLEM_INTERNAL_ERROR, "The customers cannot be read.");
    } else {
        reply_json(reading->reply, 200, json_with(json_new_object(), "data", data));
        data = NULL;
    }
    json_free(data);
    free(folded);
}

static void take_record(void *context, const struct store_customer *customer)
{
    reply_json(context, 200, customer_to_json(customer));
}

void customers_get(struct reading *reading)
{
    static const char *const NAMES[] = {NULL};
    if (!reading_check_query(reading, NAMES)) {
        return;
    }
    int64_t id = 0;
    struct store_session *session = readers_session();
    enum store_status status = STORE_ABSENT;
    if (id_parse(ID_CUSTOMER, reading->parameter, &id)) {
        status = session ? store_customer_by_id(session, reading->tenant, id, take_record,
                                                reading->reply)
                         : STORE_FAILED;
    }
    if (status == STORE_ABSENT) {
        reply_problem(reading->reply, PROBLEM_NOT_FOUND, "There is no such customer.");
    } else if (status != STORE_OK) {
        reply_problem(reading->reply, PROBLEM_INTERNAL_ERROR, "The customer cannot be read.");
    }
}
