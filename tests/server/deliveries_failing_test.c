/* What is created is told elsewhere, once at least, whatever the receiver and the servers do. */
#include "tests/server/deliveries.h"

#include "tests/support/test_clock.h"

#include <stdio.h>

/* --- receivers that fail --- */

/* The number of the invoice says how its event is treated at first. */
static struct webhook_answer fail_first(void *context, const struct webhook *webhook)
{
    static const struct webhook_answer FAILURES[] = {
        {WEBHOOK_ANSWERS, 500, NULL},
        {WEBHOOK_ANSWERS, 404, NULL},
        {WEBHOOK_CLOSES, 0, NULL},
        {WEBHOOK_ANSWERS, 302, "Location: /elsewhere\r\n"},
        {WEBHOOK_ANSWERS, 429, "Retry-After: 1\r\n"},
        {WEBHOOK_NEVER_ENDS, 503, NULL},
        {WEBHOOK_HANGS, 0, NULL},
    };
    (void)context;
    long number = strtol(json_pointer_text(webhook->json, "/data/number"), NULL, 10);
    if (webhook->before == 0 && number < (long)COUNT_OF(FAILURES)) return FAILURES[number];
    return (struct webhook_answer){WEBHOOK_ANSWERS, 204, NULL};
}

static void what_is_not_taken_is_sent_again_the_same(void **state)
{
    static const char *const options[] = {"--deliver-timeout", "1s", NULL};
    struct deliveries *deliveries = *state;
    deliveries_start(deliveries, 0, options);
    deliveries_create(deliveries, 0, 0, 8);
    assert_true(webhooks_wait(deliveries->webhooks, 8));
    deliveries_wait_for(&deliveries->mocks[0], MADE, 8);
    size_t count = webhooks_count(deliveries->webhooks), failed = 0;
    for (size_t i = 0; i < count; i++) {
        const struct webhook *first = webhooks_at(deliveries->webhooks, i);
        assert_memory_equal(first->head, "POST /hook ", 11); /* no redirect was followed */
        failed += !first->is_taken;
        for (size_t j = i + 1; j < count; j++) {
            const struct webhook *again = webhooks_at(deliveries->webhooks, j);
            if (strcmp(first->event_id, again->event_id) == 0)
                assert_string_equal(first->body, again->body);
        }
    }
    assert_true(failed >= 7);
    /* What is lost on a connection that was used before may be asked for again at once. */
    assert_true(deliveries_metric(&deliveries->mocks[0], FAILED) >= 6);
    deliveries_check_whole(deliveries, 0);
}

static void a_receiver_that_is_down_is_not_hammered(void **state)
{
    struct deliveries *deliveries = *state;
    struct mock *mock = &deliveries->mocks[0];
    webhooks_go_down(deliveries->webhooks);
    deliveries_start(deliveries, 0, NULL);
    deliveries_create(deliveries, 0, 0, 60);
    deliveries_wait_for(mock, FAILED, 3);
    assert_true(deliveries_metric(mock, FAILED) < 20);
    webhooks_come_up(deliveries->webhooks);
    assert_true(webhooks_wait(deliveries->webhooks, 60));
    deliveries_wait_for(mock, MADE, 60);
    assert_true(deliveries_metric(mock, FAILED) < 30);
    deliveries_check_whole(deliveries, 0);
}

/* All that can be under way hangs: creates go on, and a stop cuts it; it comes again. */
static void a_receiver_that_hangs_holds_nobody_up(void **state)
{
    static const char *const options[] = {"--deliver-timeout", "1h", NULL};
    struct deliveries *deliveries = *state;
    deliveries_start(deliveries, 0, options);
    deliveries_create(deliveries, 0, 0, 30);
    deliveries_wait_for(&deliveries->mocks[0], WAITING, 30);
    deliveries_wait_for_one(deliveries);
    assert_in_range(webhooks_count(deliveries->webhooks), 1, 16);
    long long start = support_now_ms();
    deliveries_create(deliveries, 0, 30, 10);
    assert_int_equal(mock_stop(&deliveries->mocks[0]), 0);
    assert_in_range(support_now_ms() - start, 0, 20000);
}

static struct webhook_answer never_end(void *context, const struct webhook *webhook)
{
    (void)context;
    (void)webhook;
    return (struct webhook_answer){WEBHOOK_NEVER_ENDS, 200, NULL};
}

static void an_endless_yes_is_a_yes(void **state)
{
    static const char *const options[] = {"--deliver-timeout", "1h", NULL};
    struct deliveries *deliveries = *state;
    deliveries_start(deliveries, 0, options);
    deliveries_create(deliveries, 0, 0, 20);
    deliveries_wait_for(&deliveries->mocks[0], MADE, 20);
    assert_int_equal(deliveries_metric(&deliveries->mocks[0], FAILED), 0);
    assert_int_equal(webhooks_count(deliveries->webhooks), 20);
}

/* --- restarts, and several servers --- */

static void what_waits_is_sent_after_a_restart(void **state)
{
    struct deliveries *deliveries = *state;
    webhooks_go_down(deliveries->webhooks);
    deliveries_start(deliveries, 0, NULL);
    deliveries_create(deliveries, 0, 0, 5);
    mock_kill(&deliveries->mocks[0]);
    assert_true(mock_start(&deliveries->mocks[0], NULL)); /* none is delivered now */
    deliveries_create(deliveries, 0, 5, 5);
    assert_int_equal(mock_stop(&deliveries->mocks[0]), 0);
    webhooks_come_up(deliveries->webhooks);
    deliveries_start(deliveries, 0, NULL);
    assert_true(webhooks_wait(deliveries->webhooks, 10));
    deliveries_check_whole(deliveries, 0);
}

static void of_two_servers_one_sends_each(void **state)
{
    struct deliveries *deliveries = *state;
    deliveries_start(deliveries, 0, NULL);
    deliveries_start(deliveries, 1, NULL);
    for (int i = 0; i < 60; i++)
        deliveries_create(deliveries, (size_t)i % 2, i, 1);
    assert_true(webhooks_wait(deliveries->webhooks, 60));
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(mock_stop(&deliveries->mocks[i]), 0);
    assert_int_equal(webhooks_count(deliveries->webhooks), 60);
    assert_true(mock_start(&deliveries->mocks[0], NULL));
    deliveries_check_whole(deliveries, 0);
}

/* A server that doesn't deliver leaves it to one that does. */
static void what_another_server_created_is_sent_too(void **state)
{
    struct deliveries *deliveries = *state;
    deliveries_start(deliveries, 0, NULL);
    assert_true(mock_start_beside(&deliveries->mocks[1], &deliveries->mocks[0], NULL));
    deliveries_create(deliveries, 1, 0, 5);
    assert_true(webhooks_wait(deliveries->webhooks, 5));
    deliveries_check_whole(deliveries, 0);
}

/* --- history --- */

static void what_is_older_than_the_period_is_not_sent_at_first(void **state)
{
    struct deliveries *deliveries = *state;
    struct mock *mock = &deliveries->mocks[0];
    assert_true(mock_start(mock, NULL));
    deliveries_create(deliveries, 0, 0, 3);
    assert_int_equal(mock_stop(mock), 0);
    test_clock_set("2026-11-27T00:00:00Z");
    assert_true(mock_start(mock, NULL));
    deliveries_create(deliveries, 0, 3, 2);
    assert_int_equal(mock_stop(mock), 0);
    deliveries_start(deliveries, 0, NULL);
    assert_true(webhooks_wait(deliveries->webhooks, 2));
    deliveries_create(deliveries, 0, 5, 1);
    assert_true(webhooks_wait(deliveries->webhooks, 3));
    char *log = api_whole_log(mock);
    assert_non_null(strstr(log, "events=3"));
    free(log);
    /* Once it delivers nothing is left out any more, however long it was off. */
    test_clock_set("2026-12-27T00:00:00Z");
    assert_true(mock_start(mock, NULL));
    deliveries_create(deliveries, 0, 6, 1);
    assert_int_equal(mock_stop(mock), 0);
    test_clock_set("2027-01-27T00:00:00Z");
    deliveries_start(deliveries, 0, NULL);
    assert_true(webhooks_wait(deliveries->webhooks, 4));
    assert_int_equal(webhooks_count(deliveries->webhooks), 4);
    test_clock_set(TEST_CLOCK_START);
}

static struct webhook_answer refuse(void *context, const struct webhook *webhook)
{
    (void)context;
    (void)webhook;
    return (struct webhook_answer){WEBHOOK_ANSWERS, 410, NULL};
}

static void after_its_period_an_event_is_parked(void **state)
{
    static const char *const options[] = {"--deliver-for", "1s", NULL};
    struct deliveries *deliveries = *state;
    struct mock *mock = &deliveries->mocks[0];
    deliveries_start(deliveries, 0, options);
    deliveries_create(deliveries, 0, 0, 2);
    deliveries_wait_for(mock, PARKED, 2);
    assert_int_equal(deliveries_metric(mock, WAITING), 0);
    size_t posts = webhooks_count(deliveries->webhooks);
    char *log = api_whole_log(mock);
    assert_non_null(strstr(log, "a delivery is parked"));
    assert_non_null(strstr(log, "it answered 410"));
    free(log);
    assert_true(mock_start(mock, NULL));
    assert_int_equal(webhooks_count(deliveries->webhooks), posts);
}

static void those_behind_a_receiver_that_is_down_are_parked_too(void **state)
{
    static const char *const options[] = {"--deliver-for", "1s", NULL};
    struct deliveries *deliveries = *state;
    webhooks_go_down(deliveries->webhooks);
    deliveries_start(deliveries, 0, options);
    deliveries_create(deliveries, 0, 0, 40);
    deliveries_wait_for(&deliveries->mocks[0], PARKED, 40);
    assert_true(deliveries_metric(&deliveries->mocks[0], FAILED) < 30);
}

/* --- order --- */

/* A create is refused twice; what comes of its record later isn't. */
static struct webhook_answer refuse_creates(void *context, const struct webhook *webhook)
{
    (void)context;
    bool is_create = strcmp(json_pointer_text(webhook->json, "/type"), "invoice.created") == 0;
    return (struct webhook_answer){WEBHOOK_ANSWERS, is_create && webhook->before < 2 ? 500 : 200,
                                   NULL};
}

/* The program with a command and its operand, on the store of server 0. */
static char *run(struct deliveries *deliveries, const char *command, const char *action,
                 const char *operand)
{
    char *url = stores_url(deliveries->mocks[0].store);
    const char *const argv[] = {mock_program(), command, "--tenant", "north", "--store", url,
                                action,         operand, NULL};
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    if (result.code != 0) fail_msg("%s ends with %d: %s", command, result.code, result.errors);
    char *output = support_format("%s", result.output);
    process_result_clear(&result);
    free(url);
    return output;
}

static void what_is_merged_is_told_behind_its_create(void **state)
{
    static const char *const TYPES[] = {"invoice.created", "invoice.merged", "invoice.unmerged"};
    static const char OLDER[] = "{\"created_at\":\"2020-01-02T03:04:05Z\"}";
    struct deliveries *deliveries = *state;
    deliveries_start(deliveries, 0, NULL);
    deliveries_create(deliveries, 0, 1, 1);
    char directory[TEMP_DIR_SIZE], *body = sample_body("1", OLDER);
    temp_dir_make(directory);
    char *file = temp_dir_write(directory, "old.jsonl", body, strlen(body));
    free(run(deliveries, "import", file, NULL));
    free(run(deliveries, "duplicates", "merge", NULL));
    assert_true(webhooks_wait(deliveries->webhooks, 2));
    free(run(deliveries, "duplicates", "undo", "mrg_1"));
    assert_true(webhooks_wait(deliveries->webhooks, 3));
    size_t taken = 0;
    for (size_t i = 0; i < webhooks_count(deliveries->webhooks); i++) {
        const struct webhook *webhook = webhooks_at(deliveries->webhooks, i);
        assert_string_equal(json_pointer_text(webhook->json, "/data/id"), "inv_1001");
        assert_string_equal(json_pointer_text(webhook->json, "/type"), TYPES[taken]);
        assert_string_equal(json_pointer_text(webhook->json, "/data/status"),
                            taken == 1 ? "merged" : "open");
        taken += webhook->is_taken;
    }
    assert_int_equal(taken, 3);
    free(file);
    free(body);
    temp_dir_remove(directory);
}

static const struct CMUnitTest TESTS[] = {
    DELIVERIES_TEST(what_is_not_taken_is_sent_again_the_same, fail_first),
    DELIVERIES_TEST(a_receiver_that_is_down_is_not_hammered, NULL),
    DELIVERIES_TEST(a_receiver_that_hangs_holds_nobody_up, deliveries_hang),
    DELIVERIES_TEST(an_endless_yes_is_a_yes, never_end),
    DELIVERIES_TEST(what_waits_is_sent_after_a_restart, NULL),
    DELIVERIES_TEST(of_two_servers_one_sends_each, NULL),
    DELIVERIES_TEST(what_another_server_created_is_sent_too, NULL),
    DELIVERIES_TEST(what_is_older_than_the_period_is_not_sent_at_first, NULL),
    DELIVERIES_TEST(after_its_period_an_event_is_parked, refuse),
    DELIVERIES_TEST(those_behind_a_receiver_that_is_down_are_parked_too, NULL),
    DELIVERIES_TEST(what_is_merged_is_told_behind_its_create, refuse_creates),
};

API_MAIN("deliveries failing", TESTS)
