/* How often a request came, in bounded memory. */
#include "mock_server/faults/arrivals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void each_name_has_its_count(void **state)
{
    (void)state;
    struct arrivals arrivals = {0};
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(arrivals_add(&arrivals, "north", "POST /v1/notes", "k"), i);
        assert_int_equal(arrivals_add(&arrivals, "south", "POST /v1/notes", "k"), i);
        assert_int_equal(arrivals_add(&arrivals, "north", "POST /v1/pages", "k"), i);
        assert_int_equal(arrivals_add(&arrivals, "north", "POST /v1/notes", ""), i);
    }
    assert_int_equal(arrivals.names, 4);
    arrivals_clear(&arrivals);
}

static void past_the_bound_it_begins_anew(void **state)
{
    (void)state;
    struct arrivals arrivals = {0};
    char key[16];
    assert_int_equal(arrivals_add(&arrivals, "north", "/", "first"), 1);
    for (int i = 1; i < ARRIVALS_MAX; i++) {
        snprintf(key, sizeof key, "%d", i);
        assert_int_equal(arrivals_add(&arrivals, "north", "/", key), 1);
    }
    assert_int_equal(arrivals.names, ARRIVALS_MAX);
    assert_int_equal(arrivals_add(&arrivals, "north", "/", "first"), 2);
    assert_int_equal(arrivals_add(&arrivals, "north", "/", "one more"), 1);
    assert_int_equal(arrivals.names, 1);
    assert_int_equal(arrivals_add(&arrivals, "north", "/", "first"), 1);
    arrivals_clear(&arrivals);
    assert_int_equal(arrivals.names, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_name_has_its_count),
        cmocka_unit_test(past_the_bound_it_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
