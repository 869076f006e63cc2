/* Many requests at one instant: each layer holds (DESIGN.md 3, issue 3's counts). */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

#include "tests/support/parallel.h"
#include "tests/support/rows.h"

#define SHOTS_MAX 200

/* Requests that are sent all at once, and what came back. */
struct volley {
    const struct mock *mock;
    const char *path;
    size_t count;
    char *keys[SHOTS_MAX];
    char *bodies[SHOTS_MAX];
    struct http_reply replies[SHOTS_MAX];
};

static void fire_one(size_t index, void *context)
{
    struct volley *volley = context;
    volley->replies[index] =
        api_post(volley->mock, volley->path, TOKEN_ANA, volley->keys[index], volley->bodies[index]);
}

static struct volley *volley_make(const struct mock *mock, const char *path, size_t count)
{
    struct volley *volley = calloc(1, sizeof *volley);
    assert_non_null(volley);
    volley->mock = mock;
    volley->path = path;
    volley->count = count;
    return volley;
}

static void volley_fire(struct volley *volley)
{
    parallel_run(volley->count, fire_one, volley);
}

static size_t volley_count(const struct volley *volley, int status, bool replay)
{
    size_t count = 0;
    for (size_t i = 0; i < volley->count; i++)
        count +=
            volley->replies[i].status == status && api_is_replay(&volley->replies[i]) == replay;
    return count;
}

static void volley_free(struct volley *volley)
{
    for (size_t i = 0; i < volley->count; i++) {
        free(volley->keys[i]);
        free(volley->bodies[i]);
        http_reply_clear(&volley->replies[i]);
    }
    free(volley);
}

static void a_hundred_pairs_make_a_hundred_records(void **state)
{
    const struct mock *mock = *state;
    struct volley *volley = volley_make(mock, "/v1/invoices", 200);
    for (size_t i = 0; i < 200; i++) {
        char *number = support_format("P-%zu", i / 2);
        volley->keys[i] = support_format("\"pair-%zu\"", i / 2);
        volley->bodies[i] = sample_body(number, NULL);
        free(number);
    }
    volley_fire(volley);
    for (size_t i = 0; i < 200; i += 2) {
        struct http_reply *pair = &volley->replies[i];
        api_assert_status(&pair[0], 201);
        api_assert_same(&pair[0], &pair[1]);
        assert_int_equal(api_is_replay(&pair[0]) + api_is_replay(&pair[1]), 1);
    }
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 100);
    assert_int_equal(rows_number(mock->store, "SELECT count(DISTINCT number) FROM invoices"), 100);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM idempotency_keys"), 100);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM customers"), 1);
    volley_free(volley);
}

static void one_key_many_times_makes_one_record(void **state)
{
    const struct mock *mock = *state;
    struct volley *volley = volley_make(mock, "/v1/invoices", 64);
    for (size_t i = 0; i < 64; i++) {
        volley->keys[i] = support_format("\"one\"");
        volley->bodies[i] = sample_body("1", NULL);
    }
    volley_fire(volley);
    for (size_t i = 0; i < 64; i++)
        api_assert_same(&volley->replies[0], &volley->replies[i]);
    assert_int_equal(volley_count(volley, 201, false), 1);
    assert_int_equal(volley_count(volley, 201, true), 63);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 1);
    volley_free(volley);
}

static void sixty_four_intents_for_one_number_make_one(void **state)
{
    const struct mock *mock = *state;
    struct volley *volley = volley_make(mock, "/v1/invoices", 64);
    for (size_t i = 0; i < 64; i++) {
        char *changes = support_format("{\"notes\":\"intent %zu\"}", i);
        volley->keys[i] = support_format("\"intent-%zu\"", i);
        volley->bodies[i] = sample_body(i % 2 ? "abc-1" : "ABC-1", changes);
        free(changes);
    }
    volley_fire(volley);
    assert_int_equal(volley_count(volley, 201, false), 1);
    const struct http_reply *winner = NULL;
    for (size_t i = 0; i < 64; i++)
        if (volley->replies[i].status == 201) winner = &volley->replies[i];
    for (size_t i = 0; i < 64; i++) {
        if (&volley->replies[i] == winner) continue;
        api_assert_problem(&volley->replies[i], "invoice-number-taken");
        assert_true(json_equal(json_member(volley->replies[i].json, "existing"), winner->json));
    }
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 1);
    volley_free(volley);
}

static void one_key_with_many_bodies_takes_the_first(void **state)
{
    const struct mock *mock = *state;
    struct volley *volley = volley_make(mock, "/v1/invoices", 64);
    for (size_t i = 0; i < 64; i++) {
        char *number = support_format("M-%zu", i);
        volley->keys[i] = support_format("\"one\"");
        volley->bodies[i] = sample_body(number, NULL);
        free(number);
    }
    volley_fire(volley);
    assert_int_equal(volley_count(volley, 201, false), 1);
    for (size_t i = 0; i < 64; i++)
        if (volley->replies[i].status != 201)
            api_assert_problem(&volley->replies[i], "idempotency-key-reused");
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 1);
    volley_free(volley);
}

static void one_email_many_times_makes_one_customer(void **state)
{
    const struct mock *mock = *state;
    struct volley *volley = volley_make(mock, "/v1/customers", 64);
    for (size_t i = 0; i < 64; i++)
        volley->bodies[i] = support_format("{\"email\":\"%s\",\"name\":\"Northwind\"}",
                                           i % 2 ? "ap@northwind.example" : "AP@Northwind.example");
    volley_fire(volley);
    assert_int_equal(volley_count(volley, 201, false), 1);
    for (size_t i = 0; i < 64; i++) {
        if (volley->replies[i].status != 201) api_assert_status(&volley->replies[i], 200);
        assert_string_equal(api_text(&volley->replies[i], "/id"),
                            api_text(&volley->replies[0], "/id"));
    }
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM customers"), 1);
    volley_free(volley);
}

static void one_event_many_times_makes_one_payment(void **state)
{
    const struct mock *mock = *state;
    struct http_reply invoice = api_create_sample(mock, "\"k\"", "1", NULL);
    api_assert_status(&invoice, 201);
    struct volley *volley = volley_make(mock, "/v1/webhooks/bank", 64);
    for (size_t i = 0; i < 64; i++)
        volley->bodies[i] = support_format(
            "{\"event_id\":\"evt-1\",\"type\":\"payment.received\",\"invoice_id\":\"%s\","
            "\"amount\":\"217.80\",\"currency\":\"EUR\",\"paid_at\":\"2026-11-25T08:00:00Z\"}",
            api_text(&invoice, "/id"));
    volley_fire(volley);
    size_t first = 0;
    for (size_t i = 0; i < 64; i++) {
        api_assert_status(&volley->replies[i], 200);
        first += json_kind(json_member(volley->replies[i].json, "duplicate")) == JSON_FALSE;
        assert_true(json_equal(json_member(volley->replies[i].json, "payment"),
                               json_member(volley->replies[0].json, "payment")));
    }
    assert_int_equal(first, 1);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM payments"), 1);
    volley_free(volley);
    http_reply_clear(&invoice);
}

/* What shot `i` of the mixed volley is: five kinds that land in the same few transactions. */
enum kind { NEW, REPEATED_KEY, OTHER_BODY, TAKEN_NUMBER, TAKEN_REFERENCE, KINDS };

#define FAMILIES 40

static void load_mixed(struct volley *volley)
{
    for (size_t i = 0; i < volley->count; i++) {
        size_t family = i / KINDS;
        enum kind kind = (enum kind)(i % KINDS);
        bool own_key = kind == TAKEN_NUMBER || kind == TAKEN_REFERENCE;
        char *number = support_format("%s-%zu", kind == TAKEN_REFERENCE ? "R" : "N", family);
        char *changes = support_format(
            "{\"customer\":{\"email\":\"%s%zu@x.example\"},\"notes\":\"%s\","
            "\"external_ref\":{\"source\":\"%s\",\"id\":\"%zu\"}}",
            own_key ? "refused" : "c", own_key ? i : family, kind == OTHER_BODY ? "other" : "",
            kind == TAKEN_NUMBER ? "till" : "shop", family);
        volley->keys[i] =
            own_key ? support_format("\"own-%zu\"", i) : support_format("\"family-%zu\"", family);
        volley->bodies[i] = sample_body(number, changes);
        free(changes);
        free(number);
    }
}

/* In each family of five exactly one invoice may come to be under each rule, whoever comes first; a
 * refused one leaves nothing behind, not even its customer. */
static void what_is_refused_leaves_nothing_among_what_is_made(void **state)
{
    const struct mock *mock = *state;
    struct volley *volley = volley_make(mock, "/v1/invoices", (size_t)FAMILIES * KINDS);
    load_mixed(volley);
    volley_fire(volley);
    size_t made = volley_count(volley, 201, false), unexpected = 0;
    for (size_t i = 0; i < volley->count; i++) {
        int status = volley->replies[i].status;
        unexpected += status != 201 && status != 409 && status != 422;
    }
    assert_int_equal(unexpected, 0);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), made);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM customers"),
                     rows_number(mock->store, "SELECT count(DISTINCT customer_id) FROM invoices"));
    assert_int_equal(
        rows_number(mock->store, "SELECT count(*) FROM audit WHERE outcome = 'created'"), made);
    assert_int_equal(
        rows_number(mock->store, "SELECT count(*) FROM idempotency_keys WHERE status = 201"), made);
    assert_int_equal(rows_number(mock->store,
                                 "SELECT count(*) FROM idempotency_keys WHERE status = 201"
                                 " AND record_id NOT IN (SELECT 'inv_' || id FROM invoices)"),
                     0);
    for (size_t i = 0; i < volley->count; i++) {
        struct http_reply again = api_create(mock, volley->keys[i], volley->bodies[i]);
        if (volley->replies[i].status != 422) api_assert_same(&volley->replies[i], &again);
        http_reply_clear(&again);
    }
    volley_free(volley);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(a_hundred_pairs_make_a_hundred_records, NULL),
    SERVER_TEST(one_key_many_times_makes_one_record, NULL),
    SERVER_TEST(sixty_four_intents_for_one_number_make_one, NULL),
    SERVER_TEST(one_key_with_many_bodies_takes_the_first, NULL),
    SERVER_TEST(what_is_refused_leaves_nothing_among_what_is_made, NULL),
    SERVER_TEST(one_email_many_times_makes_one_customer, NULL),
    SERVER_TEST(one_event_many_times_makes_one_payment, NULL),
};

API_MAIN("concurrency", TESTS)
