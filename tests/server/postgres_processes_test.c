/* Several server processes on one PostgreSQL: whatever two of them are asked at one instant happens
 * once, and one that dies or stands still holds nobody up for good. */
#include "tests/server/api.h"

#include "tests/support/parallel.h"
#include "tests/support/rows.h"

#include <signal.h>
#include <stdatomic.h>

#define PROCESSES 3
#define PAIRS     500
#define AT_ONCE   50 /* pairs */
#define INTENTS   64

struct processes {
    struct mock *servers[PROCESSES];
    struct mock beside[PROCESSES - 1];
    size_t round;
    struct http_reply replies[2 * AT_ONCE];
};

static struct processes *start(struct mock *mock, const char *const *options)
{
    struct processes *processes = calloc(1, sizeof *processes);
    assert_non_null(processes);
    processes->servers[0] = mock;
    for (size_t i = 1; i < PROCESSES; i++) {
        processes->servers[i] = &processes->beside[i - 1];
        assert_true(mock_start_beside(processes->servers[i], mock, options));
    }
    return processes;
}

static void end(struct processes *processes)
{
    for (size_t i = 1; i < PROCESSES; i++) {
        assert_int_equal(mock_stop(processes->servers[i]), 0);
        mock_clear(processes->servers[i]);
    }
    free(processes);
}

static const struct mock *one_of(const struct processes *processes, size_t index)
{
    return processes->servers[index % PROCESSES];
}

static void send_one_of_a_pair(size_t index, void *context)
{
    struct processes *processes = context;
    size_t pair = processes->round * AT_ONCE + index / 2;
    char *key = support_format("\"pair-%zu\"", pair), *number = support_format("P-%zu", pair);
    processes->replies[index] =
        api_create_sample(one_of(processes, pair + index % 2), key, number, NULL);
    free(number);
    free(key);
}

static void two_requests_to_two_processes_are_one(void **state)
{
    struct mock *mock = *state;
    struct processes *processes = start(mock, NULL);
    for (processes->round = 0; processes->round < PAIRS / AT_ONCE; processes->round++) {
        struct http_reply *replies = processes->replies;
        parallel_run(2 * (size_t)AT_ONCE, send_one_of_a_pair, processes);
        for (size_t i = 0; i < 2 * (size_t)AT_ONCE; i += 2) {
            api_assert_status(&replies[i], 201);
            api_assert_same(&replies[i], &replies[i + 1]);
            assert_int_not_equal(api_is_replay(&replies[i]), api_is_replay(&replies[i + 1]));
            http_reply_clear(&replies[i]);
            http_reply_clear(&replies[i + 1]);
        }
    }
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), PAIRS);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM audit"), 2 * PAIRS);
    end(processes);
}

static void send_one_number(size_t index, void *context)
{
    struct processes *processes = context;
    char *key = support_format("\"intent-%zu\"", index);
    processes->replies[index] = api_create_sample(one_of(processes, index), key, "one", NULL);
    free(key);
}

static void many_intents_for_one_number_are_one_invoice(void **state)
{
    struct mock *mock = *state;
    struct processes *processes = start(mock, NULL);
    size_t created = 0;
    parallel_run(INTENTS, send_one_number, processes);
    for (size_t i = 0; i < INTENTS; i++) {
        struct http_reply *reply = &processes->replies[i];
        created += reply->status == 201;
        if (reply->status != 201) {
            api_assert_problem(reply, "invoice-number-taken");
            assert_string_equal(api_text(reply, "/existing/id"), "inv_1001");
        }
        http_reply_clear(reply);
    }
    assert_int_equal(created, 1);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 1);
    end(processes);
}

static void send_one_customer(size_t index, void *context)
{
    struct processes *processes = context;
    processes->replies[index] = api_post(one_of(processes, index), "/v1/customers", TOKEN_ANA, NULL,
                                         "{\"email\":\"one@north.example\"}");
}

static void many_requests_for_one_customer_are_one(void **state)
{
    struct mock *mock = *state;
    struct processes *processes = start(mock, NULL);
    size_t created = 0;
    parallel_run(INTENTS, send_one_customer, processes);
    for (size_t i = 0; i < INTENTS; i++) {
        struct http_reply *reply = &processes->replies[i];
        created += reply->status == 201;
        assert_true(reply->status == 201 || reply->status == 200);
        assert_string_equal(api_text(reply, "/id"), "cus_1");
        http_reply_clear(reply);
    }
    assert_int_equal(created, 1);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM customers"), 1);
    end(processes);
}

static void send_one_event(size_t index, void *context)
{
    struct processes *processes = context;
    processes->replies[index] = api_post(
        one_of(processes, index), "/v1/webhooks/bank", TOKEN_ANA, NULL,
        "{\"event_id\":\"e1\",\"type\":\"payment.received\",\"invoice_id\":\"inv_1001\","
        "\"amount\":\"217.80\",\"currency\":\"EUR\",\"paid_at\":\"2026-11-22T10:00:00Z\"}");
}

static void one_event_delivered_to_all_is_one_payment(void **state)
{
    struct mock *mock = *state;
    struct processes *processes = start(mock, NULL);
    struct http_reply invoice = api_create_sample(mock, "\"k\"", "1", NULL);
    api_assert_status(&invoice, 201);
    size_t first = 0;
    parallel_run(INTENTS, send_one_event, processes);
    for (size_t i = 0; i < INTENTS; i++) {
        struct http_reply *reply = &processes->replies[i];
        api_assert_status(reply, 200);
        first += strstr(reply->body, "\"duplicate\":false") != NULL;
        http_reply_clear(reply);
    }
    assert_int_equal(first, 1);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM payments"), 1);
    http_reply_clear(&invoice);
    end(processes);
}

/* --- leases --- */

#define SHORT_LEASE "--lease", "300ms", "--in-progress-wait", "20s"

static const char *const CRASHES[] = {"--fault", "crash-before-commit@first=1", SHORT_LEASE, NULL};
static const char *const PLAIN[] = {SHORT_LEASE, NULL};

static void what_a_killed_process_had_begun_is_taken_over(void **state)
{
    struct mock *mock = *state, other = {0};
    assert_true(mock_start_beside(&other, mock, PLAIN));
    struct http_reply lost = api_create_sample(mock, "\"k\"", "1", NULL);
    assert_int_not_equal(lost.error, 0);
    struct http_reply made = api_create_sample(&other, "\"k\"", "1", NULL);
    api_assert_status(&made, 201);
    assert_false(api_is_replay(&made));
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 1);
    http_reply_clear(&made);
    http_reply_clear(&lost);
    mock_kill(mock);
    assert_int_equal(mock_stop(&other), 0);
    mock_clear(&other);
}

static const char *const HOLDS[] = {"--fault", "delay-before-commit" MOCK_HOLDS "@first=1",
                                    "--faults-api", SHORT_LEASE, NULL};

/* The first request goes to a process that is stopped once `is_so`; the second, meanwhile, to
 * another. */
struct stopped {
    struct mock *servers[2];
    bool (*is_so)(void *store);
    void (*meanwhile)(struct stopped *stopped);
    struct http_reply replies[2];
    struct rows_hold *hold;
};

static void send_to_the_stopped(size_t index, void *context)
{
    struct stopped *stopped = context;
    if (index == 0) {
        stopped->replies[0] = api_create_sample(stopped->servers[0], "\"k\"", "1", NULL);
        return;
    }
    if (!support_wait_until(stopped->is_so, stopped->servers[0]->store, PATIENCE_MS))
        support_die("the first request isn't under way");
    process_hold(stopped->servers[0]->process.pid);
    stopped->meanwhile(stopped);
    process_signal(&stopped->servers[0]->process, SIGCONT);
    if (!stopped->hold) mock_let_go(stopped->servers[0]);
}

static bool is_claimed(void *store)
{
    return rows_number(store, "SELECT count(*) FROM idempotency_keys WHERE status IS NULL") == 1;
}

static void send_the_same(struct stopped *stopped)
{
    stopped->replies[1] = api_create_sample(stopped->servers[1], "\"k\"", "1", NULL);
}

static void who_comes_back_past_its_lease_commits_nothing_twice(void **state)
{
    struct mock *mock = *state, other = {0};
    assert_true(mock_start_beside(&other, mock, PLAIN));
    struct stopped stopped = {
        .servers = {mock, &other}, .is_so = is_claimed, .meanwhile = send_the_same};
    parallel_run(2, send_to_the_stopped, &stopped);
    api_assert_status(&stopped.replies[1], 201);
    assert_false(api_is_replay(&stopped.replies[1]));
    api_assert_same(&stopped.replies[0], &stopped.replies[1]);
    assert_true(api_is_replay(&stopped.replies[0]));
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 1);
    assert_int_equal(
        rows_number(mock->store, "SELECT count(*) FROM audit WHERE outcome = 'created'"), 1);
    http_reply_clear(&stopped.replies[0]);
    http_reply_clear(&stopped.replies[1]);
    assert_int_equal(mock_stop(&other), 0);
    mock_clear(&other);
}

/* --- locks --- */

static bool waits_for_a_lock(void *store)
{
    return rows_number(store, "SELECT count(*) FROM pg_catalog.pg_locks WHERE NOT granted") > 0;
}

/* The stopped one has the tenant's lock now, and does nothing with it. */
static void send_another(struct stopped *stopped)
{
    rows_let_go(stopped->hold);
    stopped->replies[1] = api_create_sample(stopped->servers[1], "\"k2\"", "2", NULL);
}

static void who_stops_in_a_transaction_holds_nobody_up_for_good(void **state)
{
    struct mock *mock = *state, other = {0};
    struct http_reply first = api_create_sample(mock, "\"k0\"", "0", NULL);
    api_assert_status(&first, 201);
    assert_true(mock_start_beside(&other, mock, NULL));
    struct stopped stopped = {.servers = {mock, &other},
                              .is_so = waits_for_a_lock,
                              .meanwhile = send_another,
                              .hold = rows_hold(mock->store)};
    parallel_run(2, send_to_the_stopped, &stopped);
    api_assert_status(&stopped.replies[0], 201);
    api_assert_status(&stopped.replies[1], 201);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 3);
    assert_int_equal(rows_number(mock->store, "SELECT max(seq) FROM audit"), 3);
    http_reply_clear(&stopped.replies[0]);
    http_reply_clear(&stopped.replies[1]);
    http_reply_clear(&first);
    assert_int_equal(mock_stop(&other), 0);
    mock_clear(&other);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(two_requests_to_two_processes_are_one, NULL),
    SERVER_TEST(many_intents_for_one_number_are_one_invoice, NULL),
    SERVER_TEST(many_requests_for_one_customer_are_one, NULL),
    SERVER_TEST(one_event_delivered_to_all_is_one_payment, NULL),
    SERVER_TEST(what_a_killed_process_had_begun_is_taken_over, CRASHES),
    SERVER_TEST(who_comes_back_past_its_lease_commits_nothing_twice, HOLDS),
    SERVER_TEST(who_stops_in_a_transaction_holds_nobody_up_for_good, NULL),
};

API_MAIN("postgres_processes", TESTS)
