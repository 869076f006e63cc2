/* Readers of the audit while several processes write for the same tenant: each entry is seen once,
 * in order, and none comes later with a number that was passed already. */
#include "tests/server/postgres_load.h"

#include "tests/support/raw.h"
#include "tests/support/rows.h"
#include "tests/support/stores.h"

#include <unistd.h>

#define ENTRIES 600
#define PAGE    "/v1/audit?limit=50&after=%lld"

/* Reads what there is now; each entry's number is the next one. */
static long long read_page(const struct mock *mock, long long after)
{
    char *path = support_format(PAGE, after);
    struct http_reply page = api_get(mock, TOKEN_ANA, path);
    api_assert_status(&page, 200);
    for (const struct json *entry = json_first(json_pointer_get(page.json, "/data")); entry;
         entry = json_next(entry))
        assert_int_equal(json_integer(json_pointer_get(entry, "/seq"), 0), ++after);
    http_reply_clear(&page);
    free(path);
    return after;
}

static void check_stream(int stream, long long last)
{
    struct raw_reply all = {0};
    char *end = support_format("\nid: %lld\n", last);
    assert_true(raw_read_until(stream, &all, end, PATIENCE_MS));
    long long seen = 0;
    for (const char *at = all.all.bytes; (at = strstr(at, "\nid: ")); at++)
        assert_int_equal(strtoll(at + strlen("\nid: "), NULL, 10), ++seen);
    assert_true(seen >= last);
    raw_reply_clear(&all);
    free(end);
}

static void readers_see_every_entry_once(void **state)
{
    struct mock *mock = *state;
    struct load *load = load_start(mock->store, 3, 9, NULL);
    const struct mock *third = &load->servers[2];
    int stream = raw_connect(third->port);
    assert_true(raw_send_text(stream, "GET /v1/audit/stream HTTP/1.0\r\nHost: x\r\n"
                                      "Authorization: Bearer " TOKEN_ANA "\r\n\r\n"));
    long long seen = 0;
    while (seen < ENTRIES) {
        seen = read_page(third, seen);
        assert_int_equal(atomic_load(&load->wrong), 0);
    }
    load_go_on(load, 1);
    long long last = seen;
    check_stream(stream, last);
    close(stream);
    load_stop(load);
    load_check(load, mock->store);
    load_free(load);
}

static const struct CMUnitTest TESTS[] = {SERVER_TEST(readers_see_every_entry_once, NULL)};

API_MAIN("postgres_audit", TESTS)
