#include "tests/server/postgres_load.h"

#include "tests/support/parallel.h"
#include "tests/support/rows.h"

#include <stdio.h>
#include <time.h>

#define PAUSE_MS 5 /* before an intent is sent again */

/* --- clients --- */

static char *url_of_server(struct load *load, size_t index)
{
    pthread_mutex_lock(&load->lock);
    char *url = support_format("%s/v1/invoices", load->servers[index % load->server_count].url);
    pthread_mutex_unlock(&load->lock);
    return url;
}

static struct http_reply send_intent(struct load *load, size_t intent, size_t to)
{
    char *key = support_format("\"load-%zu\"", intent), *number = support_format("L-%zu", intent);
    char *url = url_of_server(load, to), *body = sample_body(number, NULL);
    struct http_reply reply = http_send(&(struct http_request){
        .method = "POST", .url = url, .token = TOKEN_ANA, .key = key, .body = body});
    free(body);
    free(url);
    free(number);
    free(key);
    return reply;
}

static bool may_be_sent_again(const struct http_reply *reply)
{
    bool in_progress = reply->status == 409 &&
                       strstr(api_text(reply, "/type"), "idempotency-key-in-progress") != NULL;
    return reply->error != 0 || reply->status == 503 || in_progress;
}

static void complain(struct load *load, size_t intent, const struct http_reply *reply)
{
    if (atomic_fetch_add(&load->wrong, 1) == 0)
        fprintf(stderr, "intent %zu: %d %s\n", intent, reply->status, reply->body);
}

static void take_id(struct load *load, size_t intent, const struct http_reply *reply)
{
    load->ids[intent] = support_format("%s", api_text(reply, "/id"));
    atomic_fetch_add(&load->settled, 1);
}

static void settle(struct load *load, size_t intent)
{
    long long deadline = support_now_ms() + PATIENCE_MS;
    for (size_t tries = 1; load->ids[intent] == NULL; tries++) {
        struct http_reply reply = send_intent(load, intent, intent + tries);
        if (reply.error == 0 && reply.status == 201) take_id(load, intent, &reply);
        bool goes_on =
            load->ids[intent] || (may_be_sent_again(&reply) && support_now_ms() < deadline);
        if (!goes_on) complain(load, intent, &reply);
        http_reply_clear(&reply);
        if (!goes_on) return;
        if (tries > atomic_load(&load->tries_most)) atomic_store(&load->tries_most, tries);
        if (!load->ids[intent]) nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
    }
}

/* What was told once is told again, wherever it is asked. */
static void ask_again(struct load *load, size_t intent)
{
    struct http_reply reply = send_intent(load, intent, intent);
    if (reply.status == 201 && strcmp(api_text(&reply, "/id"), load->ids[intent]) != 0)
        complain(load, intent, &reply);
    else if (reply.status != 201 && !may_be_sent_again(&reply))
        complain(load, intent, &reply);
    http_reply_clear(&reply);
}

static void work(size_t index, void *context)
{
    struct load *load = context;
    (void)index;
    while (!atomic_load(&load->stop) && atomic_load(&load->wrong) == 0) {
        size_t intent = atomic_fetch_add(&load->next, 1);
        if (intent >= LOAD_INTENTS_MAX) support_die("more intents than were thought of");
        settle(load, intent);
        if (intent % 8 == 0 && load->ids[intent]) ask_again(load, intent);
    }
}

static void *run_workers(void *context)
{
    struct load *load = context;
    parallel_run(load->workers, work, load);
    return NULL;
}

/* --- servers --- */

void load_start_server(struct mock *mock, const char *store, const char *const *options)
{
    struct mock of = {0};
    snprintf(of.store, sizeof of.store, "%s", store);
    assert_true(mock_start_beside(mock, &of, options));
}

void load_kill_server(struct load *load, size_t index, const char *const *options)
{
    struct mock *mock = &load->servers[index];
    mock_kill(mock);
    pthread_mutex_lock(&load->lock);
    bool ok = mock_start(mock, options);
    pthread_mutex_unlock(&load->lock);
    assert_true(ok);
}

/* --- all of it --- */

struct load *load_start(const char *store, size_t servers, size_t workers,
                        const char *const *options)
{
    struct load *load = calloc(1, sizeof *load);
    assert_non_null(load);
    assert_in_range(servers, 1, LOAD_SERVERS_MAX);
    load->server_count = servers;
    load->workers = workers;
    pthread_mutex_init(&load->lock, NULL);
    for (size_t i = 0; i < servers; i++)
        load_start_server(&load->servers[i], store, options);
    assert_int_equal(pthread_create(&load->thread, NULL, run_workers, load), 0);
    return load;
}

struct goal {
    struct load *load;
    size_t settled;
};

static bool is_reached(void *context)
{
    struct goal *goal = context;
    return atomic_load(&goal->load->settled) >= goal->settled ||
           atomic_load(&goal->load->wrong) > 0;
}

void load_go_on(struct load *load, size_t more)
{
    struct goal goal = {load, atomic_load(&load->settled) + more};
    assert_true(support_wait_until(is_reached, &goal, PATIENCE_MS));
    assert_int_equal(atomic_load(&load->wrong), 0);
}

void load_stop(struct load *load)
{
    atomic_store(&load->stop, true);
    assert_int_equal(pthread_join(load->thread, NULL), 0);
    assert_int_equal(atomic_load(&load->wrong), 0);
    for (size_t i = 0; i < load->server_count; i++)
        assert_int_equal(mock_stop(&load->servers[i]), 0);
}

static void check_ids(const struct load *load, const char *store, size_t intents)
{
    struct json *rows = rows_read(store, "SELECT 'inv_' || id AS id, number FROM invoices", NULL);
    size_t found = 0;
    for (const struct json *row = json_first(rows); row; row = json_next(row), found++) {
        const char *number = json_pointer_text(row, "/number");
        size_t intent = strtoul(number + strlen("L-"), NULL, 10);
        assert_in_range(intent, 0, intents - 1);
        assert_non_null(load->ids[intent]);
        assert_string_equal(json_pointer_text(row, "/id"), load->ids[intent]);
    }
    assert_int_equal(found, intents);
    json_free(rows);
}

void load_check(const struct load *load, const char *store)
{
    size_t intents = atomic_load(&load->next);
    assert_int_equal(atomic_load(&load->settled), intents);
    check_ids(load, store, intents);
    static const char *const as_many[] = {
        "SELECT count(DISTINCT number) FROM invoices",
        "SELECT count(*) FROM idempotency_keys",
        "SELECT count(*) FROM idempotency_keys WHERE status = 201",
        "SELECT count(*) FROM audit WHERE outcome = 'created'",
        "SELECT count(DISTINCT key) FROM audit WHERE outcome = 'created'",
    };
    for (size_t i = 0; i < COUNT_OF(as_many); i++) {
        if (rows_number(store, as_many[i]) != (long long)intents) print_message("%s\n", as_many[i]);
        assert_int_equal(rows_number(store, as_many[i]), intents);
    }
    assert_int_equal(rows_number(store, "SELECT count(*) FROM customers"), 1);
    assert_int_equal(rows_number(store, "SELECT max(seq) - count(*) FROM audit"), 0);
    assert_int_equal(
        rows_number(store, "SELECT count(*) FROM (SELECT request_id FROM audit GROUP BY request_id"
                           " HAVING count(*) > 1) AS twice"),
        0);
    print_message("%zu intents, %zu tries for one at most\n", intents,
                  atomic_load(&load->tries_most));
}

void load_free(struct load *load)
{
    for (size_t i = 0; i < load->server_count; i++)
        mock_clear(&load->servers[i]);
    for (size_t i = 0; i < LOAD_INTENTS_MAX; i++)
        free(load->ids[i]);
    pthread_mutex_destroy(&load->lock);
    free(load);
}
