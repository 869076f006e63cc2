/* What a reader sees of a record that was merged into another one, from every server process and at
 * once. */
#include "mock_server/store/store.h"
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

#include "tests/support/parallel.h"
#include "tests/support/rows.h"

#include <stdatomic.h>

#define CANONICAL(path) "<" path ">; rel=\"canonical\""

/* --- merging, as the store has it --- */

/* In threads, too. */
#define must(condition) ((condition) ? (void)0 : support_die("not so: %s", #condition))

struct place {
    struct store *store;
    struct store_session *session;
    struct store_collection collection;
};

static struct place begin(const struct mock *mock, const char *resource)
{
    char message[STORE_MESSAGE_MAX], *url = stores_url(mock->store);
    struct place place = {.store = store_open(url, &(struct store_options){0}, message),
                          .collection = {"north", resource}};
    free(url);
    if (!place.store) support_die("%s", message);
    place.session = store_session_open_writing(place.store);
    must(place.session && store_begin(place.session));
    return place;
}

static void commit(struct place *place)
{
    must(store_commit(place->session));
    store_session_close(place->session);
    store_close(place->store);
}

/* The text with `from`, where it is, replaced. */
static char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    must(at);
    return support_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void change(struct place *place, int64_t id, const char *from, const char *to)
{
    char *json = NULL;
    must(store_record_find(place->session, &place->collection, id, STORE_NOW, &json, NULL) ==
         STORE_OK);
    char *changed = replaced(json, from, to);
    must(store_record_change(place->session, &place->collection, id, changed) == STORE_OK);
    free(changed);
    free(json);
}

static void merge(const struct mock *mock, int64_t id, int64_t into)
{
    struct place place = begin(mock, "invoice");
    char *mark = support_format("\"merged\",\"merged_into\":\"inv_%d\"", (int)into);
    must(store_record_merge(place.session, &place.collection, id, into) == STORE_OK);
    change(&place, id, "\"open\"", mark);
    free(mark);
    commit(&place);
}

static void undo(const struct mock *mock, int64_t id)
{
    struct place place = begin(mock, "invoice");
    must(store_record_merge(place.session, &place.collection, id, 0) == STORE_OK);
    must(store_record_change(place.session, &place.collection, id, NULL) == STORE_OK);
    commit(&place);
}

static void merge_customers(const struct mock *mock, int64_t id, int64_t into)
{
    struct place place = begin(mock, "customer");
    char *mark = support_format(",\"status\":\"merged\",\"merged_into\":\"cus_%d\"}", (int)into);
    must(store_record_merge(place.session, &place.collection, id, into) == STORE_OK);
    change(&place, id, "}", mark);
    free(mark);
    commit(&place);
}

/* --- */

/* inv_1001 to inv_1003 of three customers, under the keys "k1" to "k3"; the last is merged into the
 * first unless told otherwise. */
static void make_three(const struct mock *mock)
{
    for (int i = 1; i <= 3; i++) {
        char *key = support_format("\"k%d\"", i), *number = support_format("A-%d", i);
        char *customer = support_format("{\"customer\":{\"email\":\"c%d@b.example\"}}", i);
        struct http_reply made = api_create_sample(mock, key, number, customer);
        api_assert_status(&made, 201);
        http_reply_clear(&made);
        free(customer);
        free(number);
        free(key);
    }
}

static struct http_reply create_third(const struct mock *mock, const char *key)
{
    return api_create_sample(mock, key, "A-3", "{\"customer\":{\"email\":\"c3@b.example\"}}");
}

static void assert_link(const struct http_reply *reply, const char *link)
{
    assert_string_equal(http_header(reply, "link"), link);
}

static void a_merged_record_leads_on(void **state)
{
    const struct mock *mock = *state;
    make_three(mock);
    merge(mock, 1003, 1001);
    struct http_reply loser = api_get(mock, TOKEN_ANA, "/v1/invoices/inv_1003");
    api_assert_status(&loser, 200);
    assert_string_equal(api_text(&loser, "/status"), "merged");
    assert_string_equal(api_text(&loser, "/merged_into"), "inv_1001");
    assert_link(&loser, CANONICAL("/v1/invoices/inv_1001"));
    http_reply_clear(&loser);
    struct http_reply winner = api_get(mock, TOKEN_ANA, "/v1/invoices/inv_1001");
    assert_string_equal(api_text(&winner, "/status"), "open");
    assert_link(&winner, "");
    http_reply_clear(&winner);
    struct http_reply intent = api_get(mock, TOKEN_ANA, "/v1/intents/k3");
    assert_string_equal(api_text(&intent, "/invoice/status"), "merged");
    assert_string_equal(api_text(&intent, "/record/merged_into"), "inv_1001");
    http_reply_clear(&intent);
    undo(mock, 1003);
    struct http_reply again = api_get(mock, TOKEN_ANA, "/v1/invoices/inv_1003");
    assert_string_equal(api_text(&again, "/status"), "open");
    assert_link(&again, "");
    http_reply_clear(&again);
}

static void assert_listed(const struct mock *mock, const char *path, const char *ids)
{
    struct http_reply reply = api_get(mock, TOKEN_ANA, path);
    api_assert_status(&reply, 200);
    char *text = support_format("%s", "");
    const struct json *record = json_first(json_member(reply.json, "data"));
    for (; record; record = json_next(record)) {
        char *longer = support_format("%s%s ", text, json_text(record, "id"));
        free(text);
        text = longer;
    }
    assert_string_equal(text, ids);
    free(text);
    http_reply_clear(&reply);
}

static void lists_leave_merged_ones_out_unless_asked(void **state)
{
    const struct mock *mock = *state;
    make_three(mock);
    merge(mock, 1003, 1001);
    assert_listed(mock, "/v1/invoices", "inv_1002 inv_1001 ");
    assert_listed(mock, "/v1/invoices?status=open", "inv_1002 inv_1001 ");
    assert_listed(mock, "/v1/invoices?status=merged", "inv_1003 ");
    assert_listed(mock, "/v1/invoices?status=any", "inv_1003 inv_1002 inv_1001 ");
    assert_listed(mock, "/v1/invoices?status=any&limit=1", "inv_1003 ");
    assert_listed(mock, "/v1/invoices?status=any&cursor=1003", "inv_1002 inv_1001 ");
    assert_listed(mock, "/v1/invoices?number=A-3", "");
    assert_listed(mock, "/v1/invoices?number=A-3&status=any", "inv_1003 ");
    assert_listed(mock, "/v1/invoices?number=A-1&status=any", "inv_1003 inv_1001 ");
    assert_listed(mock, "/v1/invoices?customer=cus_3&status=any", "inv_1003 ");
    static const char *const LISTS[] = {"/v1/invoices?status=closed", "/v1/customers?status=Open",
                                        "/v1/payments?status=opened"};
    for (size_t i = 0; i < COUNT_OF(LISTS); i++) {
        struct http_reply wrong = api_get(mock, TOKEN_ANA, LISTS[i]);
        api_assert_problem(&wrong, "invalid-parameter");
        http_reply_clear(&wrong);
    }
}

static void assert_replay(const struct mock *mock, const char *body, const char *link)
{
    struct http_reply replay = create_third(mock, "\"k3\"");
    api_assert_status(&replay, 201);
    assert_true(api_is_replay(&replay));
    assert_string_equal(replay.body, body);
    assert_string_equal(http_header(&replay, "location"), "/v1/invoices/inv_1003");
    assert_link(&replay, link);
    http_reply_clear(&replay);
}

/* One that nothing is remembered of. */
static void the_first_replay_of_all_leads_on(void **state)
{
    const struct mock *mock = *state;
    make_three(mock);
    struct http_reply made = api_get(mock, TOKEN_ANA, "/v1/invoices/inv_1003");
    merge(mock, 1003, 1001);
    assert_replay(mock, made.body, CANONICAL("/v1/invoices/inv_1001"));
    http_reply_clear(&made);
}

/* What each process remembers of its replies notwithstanding. */
static void a_replay_is_as_it_was_and_leads_on_at_once_from_every_process(void **state)
{
    static const char LINK[] = CANONICAL("/v1/invoices/inv_1001");
    struct mock *mock = *state, other = {0};
    make_three(mock);
    assert_true(mock_start_beside(&other, mock, NULL));
    const struct mock *servers[] = {mock, &other};
    struct http_reply first = create_third(mock, "\"k3\"");
    for (size_t i = 0; i < 6; i++)
        assert_replay(servers[i % 2], first.body, "");
    for (int round = 0; round < 4; round++) {
        merge(mock, 1003, 1001);
        for (size_t i = 0; i < 4; i++)
            assert_replay(servers[i % 2], first.body, LINK);
        undo(mock, 1003);
        for (size_t i = 0; i < 4; i++)
            assert_replay(servers[i % 2], first.body, "");
    }
    http_reply_clear(&first);
    assert_int_equal(mock_stop(&other), 0);
    mock_clear(&other);
}

/* Many replay and create meanwhile, so that the server's own writer is always at work. */
struct crowd {
    const struct mock *mock;
    const char *body; /* of the reply */
    atomic_bool over;
    int wrong;
};

static void count_wrong(struct crowd *crowd, const char *link)
{
    for (int i = 0; i < 4; i++) {
        struct http_reply replay = create_third(crowd->mock, "\"k3\"");
        crowd->wrong += replay.status != 201 || strcmp(replay.body, crowd->body) != 0 ||
                        strcmp(http_header(&replay, "link"), link) != 0;
        http_reply_clear(&replay);
    }
}

static void merge_among_others(size_t index, void *context)
{
    struct crowd *crowd = context;
    for (int i = 0; index > 0 && !atomic_load(&crowd->over); i++) {
        char *key = support_format("\"n-%zu-%d\"", index, i / 8);
        char *number = support_format("N-%zu-%d", index, i / 8);
        struct http_reply made = api_create_sample(crowd->mock, key, number, NULL);
        http_reply_clear(&made);
        free(number);
        free(key);
    }
    for (int round = 0; index == 0 && round < 10; round++) {
        merge(crowd->mock, 1003, 1001);
        count_wrong(crowd, CANONICAL("/v1/invoices/inv_1001"));
        undo(crowd->mock, 1003);
        count_wrong(crowd, "");
    }
    if (index == 0) atomic_store(&crowd->over, true);
}

static void no_replay_misses_a_merge_while_others_write(void **state)
{
    const struct mock *mock = *state;
    make_three(mock);
    struct http_reply first = create_third(mock, "\"k3\"");
    struct crowd crowd = {.mock = mock, .body = first.body};
    count_wrong(&crowd, "");
    parallel_run(9, merge_among_others, &crowd);
    assert_int_equal(crowd.wrong, 0);
    http_reply_clear(&first);
}

/* Its lifetime over: as it was created, with what it is merged into now. */
static void a_late_replay_is_the_first_form_and_leads_on(void **state)
{
    const struct mock *mock = *state;
    make_three(mock);
    struct http_reply first = api_get(mock, TOKEN_ANA, "/v1/invoices/inv_1003");
    struct http_reply taken = create_third(mock, "\"k4\"");
    api_assert_problem(&taken, "invoice-number-taken");
    assert_string_equal(api_text(&taken, "/existing/id"), "inv_1003");
    merge(mock, 1003, 1001);
    struct place place = begin(mock, "invoice");
    change(&place, 1003, "Consulting", "Taken over");
    commit(&place);
    rows_change(mock->store, "UPDATE idempotency_keys SET expires_at = 1");
    struct http_reply late = create_third(mock, "\"k3\"");
    api_assert_status(&late, 200);
    assert_true(api_is_replay(&late));
    assert_link(&late, CANONICAL("/v1/invoices/inv_1001"));
    char *expected = replaced(first.body, "\"open\"", "\"merged\",\"merged_into\":\"inv_1001\"");
    assert_string_equal(late.body, expected);
    struct http_reply late_taken = create_third(mock, "\"k4\"");
    api_assert_problem(&late_taken, "invoice-number-taken");
    assert_string_equal(api_text(&late_taken, "/existing/id"), "inv_1001");
    assert_link(&late_taken, "");
    http_reply_clear(&late_taken);
    free(expected);
    http_reply_clear(&late);
    http_reply_clear(&taken);
    http_reply_clear(&first);
}

static void whatever_meets_it_meets_the_one_that_stands_for_it(void **state)
{
    const struct mock *mock = *state;
    make_three(mock);
    merge(mock, 1003, 1001);
    struct http_reply taken = create_third(mock, "\"new\"");
    api_assert_problem(&taken, "invoice-number-taken");
    assert_string_equal(api_text(&taken, "/existing/id"), "inv_1001");
    struct http_reply again = create_third(mock, "\"new\"");
    api_assert_same(&taken, &again);
    assert_link(&again, "");
    http_reply_clear(&again);
    http_reply_clear(&taken);
}

static void a_merged_customers_email_is_the_others(void **state)
{
    const struct mock *mock = *state;
    make_three(mock);
    merge_customers(mock, 3, 1);
    struct http_reply reused = api_post(mock, "/v1/customers", TOKEN_ANA, NULL,
                                        "{\"email\":\"C3@b.example\",\"name\":\"One\"}");
    api_assert_status(&reused, 200);
    assert_string_equal(api_text(&reused, "/id"), "cus_1");
    assert_string_equal(api_text(&reused, "/name"), "One");
    http_reply_clear(&reused);
    struct http_reply made =
        api_create_sample(mock, "\"new\"", "A-4", "{\"customer\":{\"email\":\"c3@b.example\"}}");
    api_assert_status(&made, 201);
    assert_string_equal(api_text(&made, "/customer/id"), "cus_1");
    http_reply_clear(&made);
    assert_listed(mock, "/v1/customers?prefix=c", "cus_1 cus_2 ");
    assert_listed(mock, "/v1/customers?prefix=c&status=merged", "cus_3 ");
    assert_listed(mock, "/v1/customers?prefix=c&status=any", "cus_1 cus_2 cus_3 ");
    assert_listed(mock, "/v1/invoices?customer=cus_3", "inv_1004 inv_1001 ");
    assert_listed(mock, "/v1/invoices?customer=c3@b.example", "inv_1004 inv_1001 ");
    struct http_reply loser = api_get(mock, TOKEN_ANA, "/v1/customers/cus_3");
    assert_link(&loser, CANONICAL("/v1/customers/cus_1"));
    http_reply_clear(&loser);
}

static struct http_reply pay(const struct mock *mock, const char *event, const char *invoice,
                             const char *currency)
{
    char *body = support_format("{\"event_id\":\"%s\",\"type\":\"payment.received\","
                                "\"invoice_id\":\"%s\",\"amount\":\"1.00\",\"currency\":\"%s\","
                                "\"paid_at\":\"2026-11-25T08:00:00Z\"}",
                                event, invoice, currency);
    struct http_reply reply = api_post(mock, "/v1/webhooks/bank", TOKEN_ANA, NULL, body);
    free(body);
    return reply;
}

static void assert_paid(const struct http_reply *reply, const char *invoice, const char *from)
{
    api_assert_status(reply, 200);
    assert_string_equal(api_text(reply, "/payment/invoice_id"), invoice);
    assert_string_equal(api_text(reply, "/payment/merged_from"), from);
}

static void a_payment_for_it_goes_to_the_one_that_stands_for_it(void **state)
{
    const struct mock *mock = *state;
    make_three(mock);
    struct http_reply before = pay(mock, "e1", "inv_1001", "EUR");
    assert_paid(&before, "inv_1001", "");
    merge(mock, 1003, 1001);
    struct http_reply after = pay(mock, "e2", "inv_1003", "EUR");
    assert_paid(&after, "inv_1001", "inv_1003");
    struct http_reply again = pay(mock, "e2", "inv_1003", "EUR");
    assert_true(json_equal(json_member(after.json, "payment"), json_member(again.json, "payment")));
    assert_true(json_kind(json_member(again.json, "duplicate")) == JSON_TRUE);
    struct http_reply wrong = pay(mock, "e3", "inv_1003", "USD");
    api_assert_problem(&wrong, "validation-failed");
    assert_listed(mock, "/v1/payments", "pay_2 pay_1 ");
    assert_listed(mock, "/v1/payments?limit=1", "pay_2 ");
    assert_listed(mock, "/v1/payments?cursor=2", "pay_1 ");
    assert_listed(mock, "/v1/payments?invoice=inv_1001", "pay_2 pay_1 ");
    assert_listed(mock, "/v1/payments?invoice=inv_1003", "pay_2 pay_1 ");
    assert_listed(mock, "/v1/payments?invoice=inv_1002", "");
    assert_listed(mock, "/v1/payments?invoice=inv_9", "");
    struct http_reply one = api_get(mock, TOKEN_ANA, "/v1/payments/pay_2");
    assert_true(json_equal(one.json, json_member(after.json, "payment")));
    struct http_reply none = api_get(mock, TOKEN_EVE, "/v1/payments/pay_2");
    api_assert_problem(&none, "not-found");
    struct http_reply nobody = api_get(mock, TOKEN_ANA, "/v1/payments?invoice=1001");
    api_assert_problem(&nobody, "invalid-parameter");
    struct http_reply number = api_get(mock, TOKEN_ANA, "/v1/payments?event_id=e1");
    api_assert_problem(&number, "invalid-parameter");
    struct http_reply *const all[] = {&before, &after, &again,  &wrong,
                                      &one,    &none,  &nobody, &number};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        http_reply_clear(all[i]);
}

/* The currency is the one of who gets it. */
static void a_payments_currency_is_that_of_who_gets_it(void **state)
{
    const struct mock *mock = *state;
    make_three(mock);
    struct http_reply dollars = api_create_sample(mock, "\"k4\"", "A-4", "{\"currency\":\"USD\"}");
    api_assert_status(&dollars, 201);
    merge(mock, 1004, 1001);
    struct http_reply wrong = pay(mock, "e1", "inv_1004", "USD");
    api_assert_problem(&wrong, "validation-failed");
    struct http_reply right = pay(mock, "e1", "inv_1004", "EUR");
    assert_paid(&right, "inv_1001", "inv_1004");
    http_reply_clear(&right);
    http_reply_clear(&wrong);
    http_reply_clear(&dollars);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(a_merged_record_leads_on, NULL),
    SERVER_TEST(lists_leave_merged_ones_out_unless_asked, NULL),
    SERVER_TEST(the_first_replay_of_all_leads_on, NULL),
    SERVER_TEST(a_replay_is_as_it_was_and_leads_on_at_once_from_every_process, NULL),
    SERVER_TEST(no_replay_misses_a_merge_while_others_write, NULL),
    SERVER_TEST(a_late_replay_is_the_first_form_and_leads_on, NULL),
    SERVER_TEST(whatever_meets_it_meets_the_one_that_stands_for_it, NULL),
    SERVER_TEST(a_merged_customers_email_is_the_others, NULL),
    SERVER_TEST(a_payment_for_it_goes_to_the_one_that_stands_for_it, NULL),
    SERVER_TEST(a_payments_currency_is_that_of_who_gets_it, NULL),
};

API_MAIN("merged", TESTS)
