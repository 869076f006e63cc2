/* A record to import for which memory runs out, at each allocation in turn: it is told so, and
 * never that something is wrong with it. */
#include "mock_server/duplicates/kinds.h"
#include "mock_server/duplicates/legacy.h"
#include "mock_server/resources/resources.h"
#include "tests/support/sample.h"
#include "tests/unit/starved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char OLD[] =
    "{\"id\":2,\"status\":\"open\",\"created_at\":\"2020-03-01\",\"created_by\":\"bea\","
    "\"totals\":{\"net\":\"180.00\",\"tax\":\"37.80\",\"gross\":\"217.80\"},"
    "\"payments\":["
    "{\"amount\":\"1.00\",\"provider\":\"bank\",\"event_id\":\"e1\",\"paid_at\":\"2020-04-01\"},"
    "{\"amount\":\"2.00\",\"paid_at\":\"2020-04-02T10:00:00Z\"}]}";

/* True: it was read. */
static bool read_starved(const struct kept *kept, struct json *json, long after, bool *refused)
{
    static const struct legacy_defaults DEFAULTS = {"old", "ana", 1763805731000};
    struct buffer reason = {0};
    starved_begin(after);
    struct legacy *legacy = legacy_read(kept, json, &DEFAULTS, &reason);
    *refused = starved_end();
    bool is_read = legacy != NULL;
    if (reason.length > 0 && !reason.failed)
        fail_msg("allocation %ld: %.*s", after, (int)reason.length, reason.bytes);
    legacy_free(legacy);
    buffer_clear(&reason);
    return is_read;
}

static void what_memory_is_missing_for_is_not_refused(void **state)
{
    struct kept kept;
    bool refused = true;
    long after = 0;
    (void)state;
    kinds_set(resources_kept_at, &payment_creator);
    assert_true(kinds_find("invoice", &kept));
    char *text = sample_body("2026-1", OLD);
    for (; refused; after++) {
        struct json *json = json_read(text, strlen(text));
        assert_non_null(json);
        bool is_read = read_starved(&kept, json, after, &refused);
        if (!refused) assert_true(is_read);
    }
    assert_true(after > 50);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_memory_is_missing_for_is_not_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
