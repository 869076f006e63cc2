/* Merges that are killed, and while servers serve. */
#include "tests/server/cleaning.h"
#include "tests/support/parallel.h"
#include "tests/support/rows.h"

#include <signal.h>

/* --- many, and killed --- */

#define GROUPS 40

static void plant_many(const struct mock *mock)
{
    struct support_buffer file = {0};
    for (int i = 0; i < 3 * GROUPS; i++) {
        char *number = support_format("%d", i % GROUPS);
        char *changes = support_format(
            "{\"id\":%d,\"created_at\":\"2020-01-%02d\"," PAID("1.00") "}", i, 1 + i / GROUPS);
        cleaning_add(&file, number, changes);
        free(changes);
        free(number);
    }
    cleaning_take_over(mock, &file);
}

struct wish {
    const struct mock *mock;
    const char *table;
    long long least;
};

static bool is_fulfilled(void *context)
{
    struct wish *wish = context;
    return cleaning_count(wish->mock, wish->table) >= wish->least;
}

static void killed_when(const struct mock *mock, const char *const *words, const char *table,
                        long long least)
{
    struct process process = {0};
    struct wish wish = {mock, table, least};
    cleaning_start(&process, mock, words);
    support_wait_until(is_fulfilled, &wish, PATIENCE_MS);
    process_signal(&process, SIGKILL);
    process_wait(&process, PATIENCE_MS);
    process_clear(&process);
}

static void killed_anywhere_it_goes_on(void **state)
{
    struct mock *mock = *state;
    plant_many(mock);
    char *before = cleaning_whole_store(mock);
    for (int i = 0; i < 3; i++) {
        killed_when(mock, WORDS("duplicates", "merge"), "audit WHERE outcome = 'merged'",
                    1 + i * GROUPS / 2);
        /* Each group is merged whole or not at all. */
        assert_int_equal(cleaning_count(mock, "audit WHERE outcome = 'merged'") % 2, 0);
        assert_int_equal(cleaning_count(mock, "invoices WHERE record LIKE '%\"merged_into\"%'"),
                         cleaning_count(mock, "audit WHERE outcome = 'merged'"));
    }
    free(cleaning_output(mock, 0, WORDS("duplicates", "merge")));
    assert_int_equal(cleaning_count(mock, "invoices WHERE record LIKE '%\"merged_into\"%'"),
                     2 * GROUPS);
    assert_int_equal(cleaning_count(mock, "payments p JOIN invoices i ON i.id = p.invoice_id"
                                          " WHERE i.record LIKE '%\"merged_into\"%'"),
                     0);
    assert_int_equal(cleaning_count(mock, "payments"), 3 * GROUPS);
    for (int i = 1; i <= GROUPS; i++) {
        char *id = support_format("mrg_%d", i);
        free(cleaning_output(mock, 0, WORDS("duplicates", "undo", id)));
        free(id);
    }
    cleaning_assert_same_store(mock, before);
}

/* --- while servers serve --- */

#define CLIENTS 64
#define EACH    4

struct crowd {
    const struct mock *mock;
    bool wrong[CLIENTS];
};

/* Creates, and sends the same again: one answer, and the right one. */
static void create_and_replay(size_t index, void *context)
{
    struct crowd *crowd = context;
    for (int i = 0; i < EACH; i++) {
        char *number = support_format("new-%zu-%d", index, i);
        char *key = support_format("\"key-%zu-%d\"", index, i);
        struct http_reply first = api_create_sample(crowd->mock, key, number, NULL);
        struct http_reply again = api_create_sample(crowd->mock, key, number, NULL);
        crowd->wrong[index] = crowd->wrong[index] || first.status != 201 || again.status != 201 ||
                              first.length != again.length ||
                              memcmp(first.body, again.body, first.length) != 0;
        http_reply_clear(&first);
        http_reply_clear(&again);
        free(number);
        free(key);
    }
}

static void no_create_is_lost_while_groups_are_merged(void **state)
{
    struct mock *mock = *state;
    struct crowd crowd = {.mock = mock};
    struct process process = {0};
    plant_many(mock);
    cleaning_start(&process, mock, WORDS("duplicates", "merge"));
    parallel_run(CLIENTS, create_and_replay, &crowd);
    for (size_t i = 0; i < CLIENTS; i++)
        assert_false(crowd.wrong[i]);
    assert_int_equal(process_wait(&process, PATIENCE_MS), 0);
    process_clear(&process);
    assert_int_equal(cleaning_count(mock, "invoices WHERE number LIKE 'new-%'"), CLIENTS * EACH);
    assert_int_equal(cleaning_count(mock, "invoices WHERE record LIKE '%\"merged_into\"%'"),
                     2 * GROUPS);
    cleaning_expect_said(mock, 0, WORDS("duplicates", "enforce"), "number: holds");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(killed_anywhere_it_goes_on, NULL),
        SERVER_TEST(no_create_is_lost_while_groups_are_merged, NULL),
    };
    http_setup();
    return cmocka_run_group_tests_name("duplicates trouble", tests, NULL, NULL);
}
