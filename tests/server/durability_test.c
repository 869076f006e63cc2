/* kill -9 at any instant leaves no 201 without its row, no row twice, no key stuck (DESIGN.md 3).
 */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

#include "tests/support/parallel.h"
#include "tests/support/rows.h"

#include <signal.h>
#include <stdatomic.h>

static void the_record_and_the_reply_outlive_a_kill(void **state)
{
    struct mock *mock = *state;
    struct http_reply made = api_create_sample(mock, "\"k1\"", "1", NULL);
    struct http_reply taken = api_create_sample(mock, "\"k2\"", "1", NULL);
    api_assert_status(&made, 201);
    api_assert_problem(&taken, "invoice-number-taken");
    mock_kill(mock);
    assert_true(mock_start(mock, NULL));
    struct http_reply made_again = api_create_sample(mock, "\"k1\"", "1", NULL);
    struct http_reply taken_again = api_create_sample(mock, "\"k2\"", "1", NULL);
    api_assert_same(&made, &made_again);
    assert_true(api_is_replay(&made_again));
    api_assert_same(&taken, &taken_again);
    assert_true(api_is_replay(&taken_again));
    char *path = support_format("/v1/invoices/%s", api_text(&made, "/id"));
    struct http_reply page = api_get(mock, TOKEN_ANA, path);
    api_assert_status(&page, 200);
    assert_true(json_equal(page.json, made.json));
    struct http_reply next = api_create_sample(mock, "\"k3\"", "2", NULL);
    api_assert_status(&next, 201);
    assert_string_not_equal(api_text(&next, "/id"), api_text(&made, "/id"));
    http_reply_clear(&next);
    http_reply_clear(&page);
    free(path);
    http_reply_clear(&taken_again);
    http_reply_clear(&made_again);
    http_reply_clear(&taken);
    http_reply_clear(&made);
}

#define ROUNDS       20
#define WORKERS      8
#define INTENTS_MAX  20000
#define ACKS_A_ROUND 40 /* the kill comes after 1 to this many */

/* Claims are made before the delay, so that a kill leaves keys in progress too. */
static const char *const UNDER_LOAD[] = {
    "--fault", "delay-before-commit=20ms@every=7", "--lease", "300ms", "--in-progress-wait", "50ms",
    NULL};

enum state { UNSENT, SENT, ACKNOWLEDGED };

struct load {
    struct mock *mock;
    atomic_size_t next; /* the first intent that nobody took yet */
    atomic_size_t acks; /* in this round */
    atomic_bool killed;
    size_t kill_after;
    enum state states[INTENTS_MAX];
    char *ids[INTENTS_MAX]; /* of the acknowledged */
    atomic_size_t wrong;    /* replies that were neither a 201 nor none at all */
};

static struct http_reply send_intent(const struct mock *mock, size_t intent)
{
    char *key = support_format("\"load-%zu\"", intent), *number = support_format("L-%zu", intent);
    struct http_reply reply = api_create_sample(mock, key, number, NULL);
    free(number);
    free(key);
    return reply;
}

static bool was_killed(void *context)
{
    struct load *load = context;
    return atomic_load(&load->acks) >= load->kill_after;
}

static void run_worker(size_t index, void *context)
{
    struct load *load = context;
    if (index == WORKERS) {
        if (!support_wait_until(was_killed, load, PATIENCE_MS)) atomic_fetch_add(&load->wrong, 1);
        atomic_store(&load->killed, true);
        process_signal(&load->mock->process, SIGKILL);
        return;
    }
    for (bool alive = true; alive;) {
        size_t intent = atomic_fetch_add(&load->next, 1);
        if (intent >= INTENTS_MAX) return;
        load->states[intent] = SENT;
        struct http_reply reply = send_intent(load->mock, intent);
        alive = reply.error == 0;
        if (alive && reply.status == 201) {
            load->states[intent] = ACKNOWLEDGED;
            load->ids[intent] = support_format("%s", api_text(&reply, "/id"));
            atomic_fetch_add(&load->acks, 1);
        } else if (alive || !atomic_load(&load->killed)) {
            atomic_fetch_add(&load->wrong, 1);
        }
        http_reply_clear(&reply);
    }
}

struct settling {
    const struct mock *mock;
    size_t intent;
    struct http_reply reply;
};

static bool is_settled(void *context)
{
    struct settling *settling = context;
    http_reply_clear(&settling->reply);
    settling->reply = send_intent(settling->mock, settling->intent);
    return settling->reply.status != 409;
}

/* After the restart every intent has one record: what was told, or what a retry finds. */
static void settle_round(struct load *load, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        struct settling settling = {.mock = load->mock, .intent = i};
        assert_true(support_wait_until(is_settled, &settling, PATIENCE_MS));
        api_assert_status(&settling.reply, 201);
        if (load->states[i] == ACKNOWLEDGED) {
            assert_true(api_is_replay(&settling.reply));
            assert_string_equal(api_text(&settling.reply, "/id"), load->ids[i]);
        }
        http_reply_clear(&settling.reply);
    }
}

static void no_kill_under_load_loses_or_doubles(void **state)
{
    struct mock *mock = *state;
    struct load *load = calloc(1, sizeof *load);
    assert_non_null(load);
    load->mock = mock;
    unsigned seed = support_seed();
    for (int round = 0; round < ROUNDS; round++) {
        size_t from = atomic_load(&load->next);
        atomic_store(&load->acks, 0);
        atomic_store(&load->killed, false);
        load->kill_after = 1 + (size_t)rand_r(&seed) % ACKS_A_ROUND;
        parallel_run(WORKERS + 1, run_worker, load);
        assert_int_equal(atomic_load(&load->wrong), 0);
        mock_kill(mock);
        assert_true(mock_start(mock, UNDER_LOAD));
        settle_round(load, from, atomic_load(&load->next));
    }
    size_t intents = atomic_load(&load->next);
    assert_in_range(intents, ROUNDS, INTENTS_MAX);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), intents);
    assert_int_equal(rows_number(mock->store, "SELECT count(DISTINCT number) FROM invoices"),
                     intents);
    assert_int_equal(
        rows_number(mock->store, "SELECT count(*) FROM idempotency_keys WHERE status = 201"),
        intents);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM idempotency_keys"), intents);
    if (!stores_are_postgres()) {
        struct json *check = rows_read(mock->store, "PRAGMA integrity_check", NULL);
        assert_string_equal(json_pointer_text(check, "/0/integrity_check"), "ok");
        json_free(check);
    }
    for (size_t i = 0; i < intents; i++)
        free(load->ids[i]);
    free(load);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(the_record_and_the_reply_outlive_a_kill, NULL),
    SERVER_TEST(no_kill_under_load_loses_or_doubles, UNDER_LOAD),
};

API_MAIN("durability", TESTS)
