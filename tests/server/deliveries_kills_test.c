/* Two servers on one store, both killed again and again while invoices are created, and a receiver
 * that answers 500, closes, hangs and is down for a while: of each record there is one event, and
 * of each event one or more posts. INVONCE_EVENTS and INVONCE_KILLS say how many. */
#include "tests/server/deliveries.h"

#include "tests/support/parallel.h"
#include "tests/support/rows.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#define WORKERS 8

static int setting(const char *name, int otherwise)
{
    const char *text = getenv(name);
    return text ? (int)strtol(text, NULL, 10) : otherwise;
}

/* About one post in five goes wrong. */
static struct webhook_answer fail_often(void *context, const struct webhook *webhook)
{
    (void)context;
    (void)webhook;
    int chance = rand() % 100;
    if (chance < 8) return (struct webhook_answer){WEBHOOK_ANSWERS, 500, NULL};
    if (chance < 14) return (struct webhook_answer){WEBHOOK_CLOSES, 0, NULL};
    if (chance < 16) return (struct webhook_answer){WEBHOOK_HANGS, 0, NULL};
    if (chance < 18) return (struct webhook_answer){WEBHOOK_NEVER_ENDS, 503, NULL};
    return (struct webhook_answer){WEBHOOK_ANSWERS, 200, NULL};
}

struct round {
    struct deliveries *deliveries;
    char *made; /* of each number, whether it is known to be created */
    int count;
    atomic_bool over;
    pid_t pids[2];
};

/* Its share of what isn't made yet, until the servers are gone. */
static void create_share(size_t worker, void *context)
{
    struct round *round = context;
    for (int i = (int)worker; i < round->count && !atomic_load(&round->over); i += WORKERS) {
        if (round->made[i]) continue;
        char *key = support_format("\"key-%d\"", i), *number = support_format("%d", i);
        struct http_reply reply =
            api_create_sample(&round->deliveries->mocks[i % 2], key, number, NULL);
        round->made[i] = reply.error == 0 && reply.status == 201;
        http_reply_clear(&reply);
        free(number);
        free(key);
    }
}

static void *kill_both(void *context)
{
    struct round *round = context;
    nanosleep(&(struct timespec){.tv_nsec = (rand() % 700 + 200) * 1000000L}, NULL);
    for (int i = 0; i < 2; i++)
        kill(round->pids[i], SIGKILL);
    atomic_store(&round->over, true);
    return NULL;
}

static void start_both(struct round *round)
{
    static const char *const options[] = {"--deliver-timeout", "2s", NULL};
    for (size_t i = 0; i < 2; i++) {
        if (round->pids[i]) mock_kill(&round->deliveries->mocks[i]);
        deliveries_start(round->deliveries, i, options);
        round->pids[i] = round->deliveries->mocks[i].process.pid;
    }
}

static void each_record_is_told_whatever_is_killed(void **state)
{
    struct deliveries *deliveries = *state;
    int kills = setting("INVONCE_KILLS", 3);
    struct round round = {.deliveries = deliveries, .count = setting("INVONCE_EVENTS", 300)};
    round.made = calloc((size_t)round.count, 1);
    assert_non_null(round.made);
    srand(support_seed());
    for (int i = 0; i < kills; i++) {
        pthread_t killer;
        start_both(&round);
        atomic_store(&round.over, false);
        if (i == kills / 2) webhooks_go_down(deliveries->webhooks);
        assert_int_equal(pthread_create(&killer, NULL, kill_both, &round), 0);
        parallel_run(WORKERS, create_share, &round);
        pthread_join(killer, NULL);
        if (i == kills / 2) webhooks_come_up(deliveries->webhooks);
    }
    start_both(&round);
    atomic_store(&round.over, false);
    parallel_run(WORKERS, create_share, &round);
    for (int i = 0; i < round.count; i++)
        assert_true(round.made[i]);
    long long start = support_now_ms();
    assert_true(webhooks_wait(deliveries->webhooks, (size_t)round.count));
    deliveries_wait_for_none(&deliveries->mocks[0]);
    size_t repeats = 0, posts = webhooks_count(deliveries->webhooks);
    assert_int_equal(webhooks_taken(deliveries->webhooks, &repeats), round.count);
    print_message("%d records, %zu posts, %zu repeats, the last %lld ms after the last create\n",
                  round.count, posts, repeats, support_now_ms() - start);
    deliveries_check_whole(deliveries, 0);
    free(round.made);
}

static const struct CMUnitTest TESTS[] = {
    DELIVERIES_TEST(each_record_is_told_whatever_is_killed, fail_often),
};

API_MAIN("deliveries_kills", TESTS)
