/* Lists: filters, pages, cursors (DESIGN.md 3.1). */
#include "tests/server/api.h"

#include "tests/support/rows.h"

#define PEOPLE 3

/* `count` invoices numbered N-0, N-1, ... over two years and three customers. */
static void fill(const struct mock *mock, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *key = support_format("\"k-%zu\"", i), *number = support_format("N-%zu", i);
        char *changes = support_format("{\"issue_date\":\"%s-05-05\",\"due_date\":null,"
                                       "\"customer\":{\"email\":\"c%zu@x.example\"}}",
                                       i % 2 ? "2025" : "2026", i % PEOPLE);
        struct http_reply reply = api_create_sample(mock, key, number, changes);
        api_assert_status(&reply, 201);
        http_reply_clear(&reply);
        free(changes);
        free(number);
        free(key);
    }
}

static struct http_reply page(const struct mock *mock, const char *query)
{
    char *path = support_format("/v1/invoices%s", query);
    struct http_reply reply = api_get(mock, TOKEN_ANA, path);
    free(path);
    return reply;
}

static size_t size_of(const struct http_reply *reply)
{
    return json_count(json_member(reply->json, "data"));
}

static void assert_size(const struct mock *mock, const char *query, size_t expected)
{
    struct http_reply reply = page(mock, query);
    print_message("%s\n", query);
    api_assert_status(&reply, 200);
    assert_int_equal(size_of(&reply), expected);
    http_reply_clear(&reply);
}

static void filters_narrow_the_list(void **state)
{
    const struct mock *mock = *state;
    fill(mock, 12);
    struct http_reply one = page(mock, "?number=N-4");
    api_assert_status(&one, 200);
    const char *id = api_text(&one, "/data/0/customer/id");
    static const struct {
        const char *query;
        size_t count;
    } expected[] = {
        {"", 12},
        {"?number=N-3", 1},
        {"?number=n-3", 1},
        {"?number=%20%EF%BC%AE-3%20", 1}, /* compared as people compare them */
        {"?number=N-3&year=2025", 1},
        {"?number=N-3&year=2026", 0},
        {"?number=N-99", 0},
        {"?year=2026", 6},
        {"?year=2024", 0},
        {"?customer=c1@x.example", 4},
        {"?customer=C1%40X.example", 4},
        {"?customer=c1@x.example&year=2025", 2},
        {"?customer=nobody@x.example", 0},
        {"?customer=cus_999999", 0},
        {"?text=n-", 12},
        {"?text=%EF%BC%AE-3", 1},
        {"?text=C1@x", 4},
        {"?text=217.80", 12},
        {"?text=nowhere%20said", 0},
        {"?text=c1@x&year=2025", 2},
        {"?text=n-&limit=5", 5},
        {"?text=", 12},
        {"?text=%20%E2%80%8B&limit=5", 5}, /* nothing is left of it */
        {"?limit=5", 5},
        {"?limit=1000", 12},
    };
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_size(mock, expected[i].query, expected[i].count);
    char *by_id = support_format("?customer=%s", id);
    assert_size(mock, by_id, 4);
    free(by_id);
    http_reply_clear(&one);
}

/* The numbers on all pages of `limit`, in order: "N-2 N-1 N-0 ". */
static char *walk(const struct mock *mock, const char *filter, size_t limit, size_t *pages)
{
    struct support_buffer numbers = {0};
    char *query = support_format("?limit=%zu%s", limit, filter);
    support_append(&numbers, "", 0);
    for (*pages = 0; query; ++*pages) {
        struct http_reply reply = page(mock, query);
        api_assert_status(&reply, 200);
        assert_in_range(size_of(&reply), *pages ? 1 : 0, limit);
        size_t index;
        struct json *invoice;
        for (index = 0, invoice = json_first(json_member(reply.json, "data")); invoice != NULL;
             invoice = json_next(invoice), index++) {
            const char *number = json_pointer_text(invoice, "/number");
            support_append(&numbers, number, strlen(number));
            support_append(&numbers, " ", 1);
        }
        const struct json *cursor = json_member(reply.json, "next_cursor");
        assert_true(json_kind(cursor) == JSON_STRING || json_kind(cursor) == JSON_NULL);
        const char *text = json_string(cursor);
        if (text)
            assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789-_.~"),
                             strlen(text));
        free(query);
        query = text ? support_format("?limit=%zu%s&cursor=%s", limit, filter, text) : NULL;
        http_reply_clear(&reply);
    }
    return numbers.bytes;
}

static void assert_pages(struct mock *mock)
{
    static const struct {
        const char *filter;
        size_t limit;
        const char *numbers;
    } walks[] = {
        {"", 1, "N-6 N-5 N-4 N-3 N-2 N-1 N-0 "},
        {"", 3, "N-6 N-5 N-4 N-3 N-2 N-1 N-0 "},
        {"", 7, "N-6 N-5 N-4 N-3 N-2 N-1 N-0 "},
        {"", 50, "N-6 N-5 N-4 N-3 N-2 N-1 N-0 "},
        {"&year=2026", 3, "N-6 N-4 N-2 N-0 "},
        {"&year=2026", 4, "N-6 N-4 N-2 N-0 "},
        {"&customer=c0@x.example", 1, "N-6 N-3 N-0 "},
        {"&year=1999", 2, ""},
        {"&text=c0@x", 1, "N-6 N-3 N-0 "},
        {"&text=c1@x", 50, "N-4 N-1 "},
    };
    fill(mock, 7);
    for (size_t i = 0; i < COUNT_OF(walks); i++) {
        size_t pages;
        char *numbers = walk(mock, walks[i].filter, walks[i].limit, &pages);
        print_message("%s by %zu: %zu pages\n", walks[i].filter, walks[i].limit, pages);
        assert_string_equal(numbers, walks[i].numbers);
        free(numbers);
    }
}

static void pages_are_newest_first_and_miss_nothing(void **state)
{
    assert_pages(*state);
}

static void change(struct mock *mock, const char *script)
{
    assert_int_equal(mock_stop(mock), 0);
    rows_change(mock->store, script);
    assert_true(mock_start(mock, NULL));
}

/* Gives the invoices with ids above that one others, which are so much higher. */
#define OF_INVOICES(place) place " IN (SELECT number FROM collections WHERE resource = 'invoice')"
#define MOVE(by, above)                                                                            \
    "UPDATE claims SET record = record + " by " WHERE record > " above " AND " OF_INVOICES(        \
        "collection") ";"                                                                          \
                      "UPDATE records SET place = place + " by                                     \
                      " WHERE " OF_INVOICES("place >> 40") " AND place & 0xffffffffff > " above    \
                                                           ";"

/* Years and customers are looked up by buckets of 4,096 ids: the same pages where some invoices are
 * in one bucket, some in the next, and some in one further on. */
static void pages_go_on_from_bucket_to_bucket(void **state)
{
    struct mock *mock = *state;
    api_only_sqlite("it moves what has a place; a customer's are far apart below, too");
    fill(mock, 3);
    change(mock, MOVE("3092", "1000") /* the last one is 4,095 */
           "UPDATE idempotency_keys SET record_id = 'inv_' || (substr(record_id, 5) + 3092)");
    fill(mock, 5);
    change(mock, MOVE("8192", "4095") "UPDATE idempotency_keys SET record_id = 'inv_' || "
                                      "(substr(record_id, 5) + 8192)"
                                      " WHERE substr(record_id, 5) + 0 > 4095;"
                                      "UPDATE periods SET bucket = 3 WHERE bucket = 1");
    assert_pages(mock);
    assert_int_equal(rows_number(mock->store, "SELECT count(DISTINCT id >> 12) FROM invoices"), 2);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM periods"), 4);
}

static void a_page_has_fifty_unless_told(void **state)
{
    fill(*state, 51);
    assert_size(*state, "", 50);
    size_t pages;
    char *all = walk(*state, "", 50, &pages);
    assert_int_equal(pages, 2);
    free(all);
}

/* No page looks at more than a thousand: one that found nothing says where the next goes on. */
static void a_text_is_searched_for_on_page_after_page(void **state)
{
    api_only_sqlite("it takes a thousand; what a page looks at is counted above the store");
    fill(*state, 1001);
    struct http_reply first = page(*state, "?text=n-0");
    api_assert_status(&first, 200);
    assert_int_equal(size_of(&first), 0);
    char *query = support_format("?text=n-0&cursor=%s", api_text(&first, "/next_cursor"));
    struct http_reply second = page(*state, query);
    assert_int_equal(size_of(&second), 1);
    assert_string_equal(api_text(&second, "/data/0/number"), "N-0");
    assert_int_equal(json_kind(json_member(second.json, "next_cursor")), JSON_NULL);
    http_reply_clear(&second);
    free(query);
    http_reply_clear(&first);
}

/* New invoices made while somebody pages do not shift what comes next. */
static void a_page_is_not_shifted_by_new_ones(void **state)
{
    fill(*state, 4);
    struct http_reply first = page(*state, "?limit=2");
    struct http_reply made = api_create_sample(*state, "\"new\"", "new", NULL);
    api_assert_status(&made, 201);
    char *query = support_format("?limit=2&cursor=%s", api_text(&first, "/next_cursor"));
    struct http_reply second = page(*state, query);
    assert_string_equal(api_text(&second, "/data/0/number"), "N-1");
    assert_string_equal(api_text(&second, "/data/1/number"), "N-0");
    http_reply_clear(&second);
    free(query);
    http_reply_clear(&made);
    http_reply_clear(&first);
}

static void a_wrong_parameter_is_named(void **state)
{
    static const struct {
        const char *query;
        const char *name;
    } wrong[] = {
        {"?limit=0", "limit"},    {"?limit=1001", "limit"},
        {"?limit=-1", "limit"},   {"?limit=ten", "limit"},

        {"?limit=5x", "limit"},   {"?limit=99999999999999999999", "limit"},
        {"?year=26x", "year"},    {"?year=0", "year"},
        {"?year=10000", "year"},  {"?cursor=nonsense!", "cursor"},
        {"?cursor=%00", "query"}, {"?text=%FF", "query"},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct http_reply reply = page(*state, wrong[i].query);
        print_message("%s\n", wrong[i].query);
        api_assert_problem(&reply, "invalid-parameter");
        assert_non_null(strstr(api_text(&reply, "/detail"), wrong[i].name));
        http_reply_clear(&reply);
    }
}

static void each_tenant_sees_its_own(void **state)
{
    char *body = sample_body("south", NULL);
    struct http_reply south = api_post(*state, "/v1/invoices", TOKEN_EVE, "\"k\"", body);
    api_assert_status(&south, 201);
    fill(*state, 3);
    assert_int_equal(api_count(*state, TOKEN_ANA), 3);
    assert_int_equal(api_count(*state, TOKEN_EVE), 1);
    struct http_reply ours = page(*state, "?number=south");
    assert_int_equal(size_of(&ours), 0);
    http_reply_clear(&ours);
    http_reply_clear(&south);
    free(body);
}

static void move_away(const struct mock *mock, const char *number, int by)
{
    const char *id = stores_are_postgres() ? "id" : "place";
    char *script = support_format("UPDATE records SET %s = %s + %d WHERE created LIKE"
                                  " '%%\"number\":\"%s\"%%'",
                                  id, id, by, number);
    rows_change(mock->store, script);
    free(script);
}

/* A customer's invoices far apart among the others come newest first all the same, in one page or
 * in many. */
static void a_customer_s_invoices_may_be_far_apart(void **state)
{
    struct mock *mock = *state;
    fill(mock, 12); /* four of each customer's */
    move_away(mock, "N-4", 20000);
    move_away(mock, "N-1", 9000);
    struct http_reply all = page(mock, "?customer=c1@x.example");
    static const char *const ORDER[] = {"N-4", "N-1", "N-10", "N-7"};
    assert_int_equal(json_count(json_member(all.json, "data")), COUNT_OF(ORDER));
    for (size_t i = 0; i < COUNT_OF(ORDER); i++) {
        char *pointer = support_format("/data/%zu/number", i);
        assert_string_equal(api_text(&all, pointer), ORDER[i]);
        free(pointer);
    }
    http_reply_clear(&all);
    char *cursor = strdup("");
    for (size_t i = 0; i < COUNT_OF(ORDER); i++) {
        char *query = support_format("?customer=c1@x.example&limit=1%s", cursor);
        struct http_reply one = page(mock, query);
        assert_string_equal(api_text(&one, "/data/0/number"), ORDER[i]);
        free(cursor);
        cursor = support_format("&cursor=%s", api_text(&one, "/next_cursor"));
        assert_int_equal(cursor[strlen("&cursor=")] == '\0', i == COUNT_OF(ORDER) - 1);
        http_reply_clear(&one);
        free(query);
    }
    free(cursor);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(filters_narrow_the_list, NULL),
    SERVER_TEST(pages_are_newest_first_and_miss_nothing, NULL),
    SERVER_TEST(pages_go_on_from_bucket_to_bucket, NULL),
    SERVER_TEST(a_page_has_fifty_unless_told, NULL),
    SERVER_TEST(a_text_is_searched_for_on_page_after_page, NULL),
    SERVER_TEST(a_page_is_not_shifted_by_new_ones, NULL),
    SERVER_TEST(a_wrong_parameter_is_named, NULL),
    SERVER_TEST(each_tenant_sees_its_own, NULL),
    SERVER_TEST(a_customer_s_invoices_may_be_far_apart, NULL),
};

API_MAIN("listing", TESTS)
