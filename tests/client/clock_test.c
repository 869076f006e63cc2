/* A clock that was set: between two runs, and back while an invoice is saved. One record, one key.
 */
#include "tests/client/account.h"
#include "tests/client/stage.h"
#include "tests/client/trials.h"
#include "tests/support/http.h"
#include "tests/support/test_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define AT_ONCE 4
#define DAY_S   86400

static void set_clock(struct room *room, long long seconds, long looks)
{
    char *other = test_clock_other(seconds, looks);
    room_set(room, other);
    free(other);
}

/* `before` and `after`: seconds added to the clock in each run. */
static void expect_one_across(const struct mock *mock, long long before, long long after)
{
    struct room room;
    room_open(&room, mock->url, (const char *const[]){"INVONCE_RETRY_BUDGET=1ms", NULL});
    char *number = support_format("%lld, %lld", before, after);
    char *file = room_write_invoice(&room, number);
    set_clock(&room, before, 0);
    struct process_result result = room_create(&room, file);
    assert_int_equal(result.code, 5);
    process_result_clear(&result);
    set_clock(&room, after, 0);
    room_unset(&room, "INVONCE_RETRY_BUDGET");
    result = room_create(&room, file);
    if (result.code != 0)
        fail_msg("%s: exit %d; %s%s", number, result.code, result.output, result.errors);
    process_result_clear(&result);
    account_expect(account_of_one(mock, &room, number));
    room_clear(&room);
    free(number);
    free(file);
}

static void the_clock_is_set_between_two_runs(void **state)
{
    (void)state;
    struct mock mock = {0};
    assert_true(mock_start(&mock, (const char *const[]){"--fault", "drop-before@attempt=1", NULL}));
    expect_one_across(&mock, 0, -DAY_S);
    expect_one_across(&mock, DAY_S, 0);
    expect_one_across(&mock, 0, -2000000000); /* before 1970 */
    expect_one_across(&mock, 0, 5000000);     /* history is over */
    mock_clear(&mock);
}

/* The n-th look at the clock is a day before the one before it. */
static char *clock_set_back(size_t index, void *context)
{
    struct stage *stage = context;
    struct room room;
    room_open(&room, stage->mock.url, NULL);
    char *number = support_format("back-%zu", index), *file = room_write_invoice(&room, number);
    set_clock(&room, -DAY_S, (long)index);
    struct process_result result = room_create(&room, file);
    char *sentence = result.code == 0 ? account_of_one(&stage->mock, &room, number)
                                      : support_format("exit %d; %s", result.code, result.errors);
    process_result_clear(&result);
    room_clear(&room);
    free(number);
    free(file);
    return sentence;
}

static void the_clock_is_set_back_during_a_save(void **state)
{
    assert_int_equal(trials_run("clock", 16, AT_ONCE, clock_set_back, *state), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(the_clock_is_set_between_two_runs),
        TEST(the_clock_is_set_back_during_a_save),
    };
    return cmocka_run_group_tests_name("client/clock", tests, NULL, NULL);
}
