/* Customers: one per e-mail within a tenant, created or reused, found by prefix (DESIGN.md 3.1). */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

static struct http_reply post(const struct mock *mock, const char *token, const char *body)
{
    return api_post(mock, "/v1/customers", token, NULL, body);
}

static void the_first_is_created_the_next_reuses(void **state)
{
    struct http_reply made = post(
        *state, TOKEN_ANA,
        "{\"email\":\"AP@Northwind.example\",\"name\":\"Northwind\",\"phone\":\"+49 30 123\"}");
    struct http_reply again = post(*state, TOKEN_BOB, "{\"email\":\" ap@northwind.EXAMPLE\"}");
    api_assert_status(&made, 201);
    assert_memory_equal(api_text(&made, "/id"), "cus_", 4);
    assert_string_equal(api_text(&made, "/email"), "AP@Northwind.example");
    assert_string_equal(api_text(&made, "/name"), "Northwind");
    assert_string_equal(api_text(&made, "/phone"), "+49 30 123");
    if (again.status == 422) {
        /* An e-mail with white space around it may be refused instead. */
        http_reply_clear(&again);
        again = post(*state, TOKEN_BOB, "{\"email\":\"ap@northwind.EXAMPLE\"}");
    }
    api_assert_status(&again, 200);
    /* What isn't sent stays; the e-mail stays as it was first written. */
    assert_true(json_equal(again.json, made.json));
    http_reply_clear(&again);
    http_reply_clear(&made);
}

static void a_reused_one_may_get_another_name_and_phone(void **state)
{
    struct http_reply made =
        post(*state, TOKEN_ANA, "{\"email\":\"a@b.example\",\"name\":\"One\"}");
    struct http_reply named =
        post(*state, TOKEN_ANA, "{\"email\":\"A@b.example\",\"name\":\"Two\",\"phone\":\"1\"}");
    struct http_reply south = post(*state, TOKEN_EVE, "{\"email\":\"a@b.example\"}");
    api_assert_status(&made, 201);
    api_assert_status(&named, 200);
    assert_string_equal(api_text(&named, "/id"), api_text(&made, "/id"));
    assert_string_equal(api_text(&named, "/email"), "a@b.example");
    assert_string_equal(api_text(&named, "/name"), "Two");
    assert_string_equal(api_text(&named, "/phone"), "1");
    api_assert_status(&south, 201);
    http_reply_clear(&south);
    http_reply_clear(&named);
    http_reply_clear(&made);
}

static void an_invoice_makes_its_customer_but_does_not_rename(void **state)
{
    struct http_reply known =
        post(*state, TOKEN_ANA, "{\"email\":\"ap@northwind.example\",\"name\":\"Old name\"}");
    struct http_reply invoice = api_create_sample(*state, "\"k1\"", "1", NULL);
    struct http_reply still = post(*state, TOKEN_ANA, "{\"email\":\"ap@northwind.example\"}");
    struct http_reply second =
        api_create_sample(*state, "\"k2\"", "2", "{\"customer\":{\"email\":\"new@x.example\"}}");
    struct http_reply reused = post(*state, TOKEN_ANA, "{\"email\":\"new@x.example\"}");
    api_assert_status(&known, 201);
    api_assert_status(&invoice, 201);
    assert_string_equal(api_text(&invoice, "/customer/id"), api_text(&known, "/id"));
    assert_string_equal(api_text(&invoice, "/customer/name"), "Northwind Ltd");
    api_assert_status(&still, 200);
    assert_string_equal(api_text(&still, "/name"), "Old name");
    api_assert_status(&reused, 200);
    assert_string_equal(api_text(&reused, "/id"), api_text(&second, "/customer/id"));
    struct http_reply *const all[] = {&known, &invoice, &still, &second, &reused};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        http_reply_clear(all[i]);
}

static const struct {
    const char *body;
    const char *pointer;
} INVALID[] = {
    {"{}", "/email"},
    {"{\"email\":\"\"}", "/email"},
    {"{\"email\":\"nobody\"}", "/email"},
    {"{\"email\":7}", "/email"},
    {"{\"email\":\"a@b.example\",\"name\":7}", "/name"},
    {"{\"email\":\"a@b.example\",\"name\":\"two\\nlines\"}", "/name"},
    {"{\"email\":\"a@b.example\",\"phone\":\"\\u001b[2J\"}", "/phone"},
    {"{\"email\":\"a@b.example\",\"id\":\"cus_1\"}", "/id"},
    {"{\"email\":\"a@b.example\",\"nickname\":\"B\"}", "/nickname"},
};

static void what_is_wrong_is_pointed_at(void **state)
{
    for (size_t i = 0; i < COUNT_OF(INVALID); i++) {
        struct http_reply reply = post(*state, TOKEN_ANA, INVALID[i].body);
        print_message("%s\n", INVALID[i].body);
        api_assert_problem(&reply, "validation-failed");
        assert_string_equal(api_text(&reply, "/errors/0/pointer"), INVALID[i].pointer);
        http_reply_clear(&reply);
    }
}

static void assert_found(const struct mock *mock, const char *token, const char *query,
                         const char *const *emails)
{
    char *path = support_format("/v1/customers?prefix=%s", query);
    struct http_reply reply = api_get(mock, token, path);
    print_message("%s\n", path);
    api_assert_status(&reply, 200);
    size_t count = 0;
    for (; emails[count]; count++) {
        char *pointer = support_format("/data/%zu/email", count);
        assert_string_equal(api_text(&reply, pointer), emails[count]);
        free(pointer);
    }
    assert_int_equal(json_count(json_member(reply.json, "data")), count);
    http_reply_clear(&reply);
    free(path);
}

static void a_prefix_completes_email_and_name(void **state)
{
    static const char *const bodies[] = {
        "{\"email\":\"anna@x.example\",\"name\":\"Zeta\"}",
        "{\"email\":\"anton@x.example\",\"name\":\"\xC3\x84pfel GmbH\"}",
        "{\"email\":\"bert@x.example\",\"name\":\"Anna Blume\"}",
        "{\"email\":\"100%@x.example\",\"name\":\"Percent\"}",
    };
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct http_reply reply = post(*state, TOKEN_ANA, bodies[i]);
        api_assert_status(&reply, 201);
        http_reply_clear(&reply);
    }
    assert_found(*state, TOKEN_ANA, "anton", (const char *const[]){"anton@x.example", NULL});
    assert_found(*state, TOKEN_ANA, "ANNA",
                 (const char *const[]){"anna@x.example", "bert@x.example", NULL});
    assert_found(*state, TOKEN_ANA, "%C3%A4pf", (const char *const[]){"anton@x.example", NULL});
    assert_found(*state, TOKEN_ANA, "%25", (const char *const[]){NULL});
    assert_found(*state, TOKEN_ANA, "_", (const char *const[]){NULL});
    assert_found(*state, TOKEN_ANA, "nobody", (const char *const[]){NULL});
    assert_found(*state, TOKEN_EVE, "a", (const char *const[]){NULL});
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(the_first_is_created_the_next_reuses, NULL),
    SERVER_TEST(a_reused_one_may_get_another_name_and_phone, NULL),
    SERVER_TEST(an_invoice_makes_its_customer_but_does_not_rename, NULL),
    SERVER_TEST(what_is_wrong_is_pointed_at, NULL),
    SERVER_TEST(a_prefix_completes_email_and_name, NULL),
};

API_MAIN("customers", TESTS)
