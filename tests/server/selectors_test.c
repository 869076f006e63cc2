/* Which requests a fault rule strikes, and how rules may be written (DESIGN.md 3.2). */
#include "tests/server/api.h"

/* Sends `count` invoices, each its own key and number, and notes each status: 'F' for a fault's
 * 503,
 * '.' for 201. */
static void fire(const struct mock *mock, const char *prefix, size_t count, char *pattern)
{
    for (size_t i = 0; i < count; i++) {
        char *key = support_format("\"%s-%zu\"", prefix, i);
        char *number = support_format("%s-%zu", prefix, i);
        struct http_reply reply = api_create_sample(mock, key, number, NULL);
        if (reply.status != 503) api_assert_status(&reply, 201);
        pattern[i] = reply.status == 503 ? 'F' : '.';
        http_reply_clear(&reply);
        free(number);
        free(key);
    }
    pattern[count] = '\0';
}

static const struct {
    const char *rule;
    const char *pattern; /* of eight requests */
} PATTERNS[] = {
    {"status=503", "FFFFFFFF"},
    {"status=503@every=3", "..F..F.."},
    {"status=503@every=1", "FFFFFFFF"},
    {"status=503@first=2", "FF......"},
    {"status=503@every=2,first=2", ".F.F...."},
    {"status=503@p=0", "........"},
    {"status=503@p=0.0", "........"},
    {"status=503@p=1", "FFFFFFFF"},
    {"status=503@attempt=1", "FFFFFFFF"},
    {"status=503@attempt=2", "........"},
    {"status=503@endpoint=/v1/invoices", "FFFFFFFF"},
    {"status=503@endpoint=/v1/invoices,every=4", "...F...F"},
    {"status=503@endpoint=/v1/customers", "........"},
};

static void selectors_pick_what_they_say(void **state)
{
    for (size_t i = 0; i < COUNT_OF(PATTERNS); i++) {
        char seen[9];
        const char *const options[] = {"--fault", PATTERNS[i].rule, NULL};
        api_fresh(*state, options);
        print_message("%s\n", PATTERNS[i].rule);
        fire(*state, "s", 8, seen);
        assert_string_equal(seen, PATTERNS[i].pattern);
    }
}

static void chance_is_seeded(void **state)
{
    static const char *const seeds[] = {"7", "7", "8"};
    char seen[3][65];
    for (size_t i = 0; i < 3; i++) {
        const char *const options[] = {"--fault", "status=503@p=0.5", "--fault-seed", seeds[i],
                                       NULL};
        api_fresh(*state, options);
        fire(*state, "p", 64, seen[i]);
    }
    assert_string_equal(seen[0], seen[1]);
    assert_string_not_equal(seen[0], seen[2]);
    size_t struck = 0;
    for (size_t i = 0; i < 64; i++)
        struck += seen[0][i] == 'F';
    assert_in_range(struck, 12, 52);
}

static const char *const SECOND[] = {"--fault", "status=503@attempt=2", NULL};

static void attempts_are_counted_per_tenant_and_key(void **state)
{
    static const int expected[] = {201, 503, 201, 201};
    for (int i = 0; i < 4; i++) {
        struct http_reply reply = api_create_sample(*state, "\"k1\"", "1", NULL);
        api_assert_status(&reply, expected[i]);
        http_reply_clear(&reply);
    }
    /* The key counts, however it is written, whoever of the tenant sends it, wherever it stands. */
    char *body = sample_body("2", NULL);
    struct http_reply first = api_post(*state, "/v1/invoices", TOKEN_ANA, "\"k2\"", body);
    struct http_reply south = api_post(*state, "/v1/invoices", TOKEN_EVE, "k2", body);
    struct http_reply second = api_post(*state, "/v1/invoices", TOKEN_BOB, "k2", body);
    api_assert_status(&first, 201);
    api_assert_status(&south, 201);
    api_assert_status(&second, 503);
    http_reply_clear(&second);
    http_reply_clear(&south);
    http_reply_clear(&first);
    free(body);
}

static const char *const EVERY_SECOND[] = {"--fault", "status=503@every=2", NULL};

static void rules_see_only_authenticated_creates(void **state)
{
    char *body = sample_body("1", NULL);
    struct http_reply first = api_create(*state, "\"k1\"", body);
    struct http_reply stranger = api_post(*state, "/v1/invoices", "nobody-0123456789", "k2", body);
    struct http_reply list = api_get(*state, TOKEN_ANA, "/v1/invoices");
    struct http_reply nowhere = api_post(*state, "/v1/nowhere", TOKEN_ANA, "k2", body);
    struct http_reply second = api_create(*state, "\"k2\"", body);
    api_assert_status(&first, 201);
    api_assert_problem(&stranger, "unauthorized");
    api_assert_status(&list, 200);
    api_assert_problem(&nowhere, "not-found");
    api_assert_status(&second, 503);
    struct http_reply *const all[] = {&first, &stranger, &list, &nowhere, &second};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        http_reply_clear(all[i]);
    free(body);
}

static const char *const ELSEWHERE[] = {"--fault", "status=503@endpoint=/v1/audit,first=1",
                                        "--fault", "status=502@endpoint=/v1/customers,first=1",
                                        "--fault", "status=504@endpoint=/v1/webhooks/bank,first=1",
                                        NULL};

static void an_endpoint_may_be_any_path(void **state)
{
    static const int expected[2][4] = {{503, 502, 504, 200}, {200, 201, 422, 200}};
    for (int i = 0; i < 2; i++) {
        struct http_reply replies[] = {
            api_get(*state, TOKEN_ANA, "/v1/audit"),
            api_post(*state, "/v1/customers", TOKEN_ANA, NULL, "{\"email\":\"a@b.example\"}"),
            api_post(*state, "/v1/webhooks/bank", TOKEN_ANA, NULL, "{}"),
            api_get(*state, TOKEN_ANA, "/v1/customers?prefix=a"),
        };
        for (size_t j = 0; j < COUNT_OF(replies); j++) {
            api_assert_status(&replies[j], expected[i][j]);
            http_reply_clear(&replies[j]);
        }
    }
}

static const char *const SEVERAL[] = {"--fault", "status=500@attempt=1",
                                      "--fault", "status=503@attempt=1",
                                      "--fault", "delay-before-commit=150ms@attempt=2",
                                      "--fault", "status-after-commit=502@attempt=2",
                                      NULL};

static void all_rules_apply_and_the_first_wins_at_a_point(void **state)
{
    struct http_reply first = api_create_sample(*state, "\"k1\"", "1", NULL);
    api_assert_status(&first, 500);
    long long start = support_now_ms();
    struct http_reply second = api_create_sample(*state, "\"k1\"", "1", NULL);
    api_assert_status(&second, 502);
    assert_true(support_now_ms() - start >= 150);
    http_reply_clear(&second);
    http_reply_clear(&first);
}

static const char *const BAD_RULES[] = {
    "",
    "no-such-fault",
    "drop-response=1",
    "drop-response@",
    "drop-response@attempt",
    "drop-response@attempt=",
    "drop-response@attempt=0",
    "drop-response@attempt=-1",
    "drop-response@attempt=1x",
    "drop-response@every=0",
    "drop-response@first=zero",
    "drop-response@p=1.1",
    "drop-response@p=-0.1",
    "drop-response@p=half",
    "drop-response@endpoint=",
    "drop-response@color=red",
    "drop-response@attempt=1,",
    "drop-response@attempt=1,attempt=2",
    "drop-response@attempt=1,attempt=1",
    "drop-response@every=2,first=1,every=3",
    "drop-response@first=1,first=2",
    "drop-response@p=0,p=1",
    "drop-response@endpoint=/v1/invoices,endpoint=/v1/customers",
    "status",
    "status=",
    "status=abc",
    "status=99",
    "status=600",
    "status=503:retry-after=",
    "status=503:retry-after=x",
    "status=503:later=1",
    "status-after-commit",
    "delay-before-commit",
    "delay-before-commit=5",
    "delay-before-commit=fast",
    "delay-after-commit=-1s",
    "drip",
    "drip=0",
    "drip=many",
};

static void a_rule_that_cannot_be_read_refuses_the_start(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD_RULES); i++) {
        const char *const argv[] = {mock_program(),
                                    "--listen",
                                    "127.0.0.1:0",
                                    "--store",
                                    "sqlite:/proc/nonexistent/store.db",
                                    "--fault",
                                    BAD_RULES[i],
                                    NULL};
        struct process_result result = process_run(argv, NULL, PATIENCE_MS);
        print_message("%s\n", BAD_RULES[i]);
        assert_int_equal(result.code, 2);
        assert_string_equal(result.output, "");
        assert_non_null(strstr(result.errors, BAD_RULES[i]));
        assert_non_null(strstr(result.errors, "expected"));
        process_result_clear(&result);
    }
}

static const struct CMUnitTest TESTS[] = {
    UNSTARTED_TEST(selectors_pick_what_they_say),
    UNSTARTED_TEST(chance_is_seeded),
    SERVER_TEST(attempts_are_counted_per_tenant_and_key, SECOND),
    SERVER_TEST(rules_see_only_authenticated_creates, EVERY_SECOND),
    SERVER_TEST(an_endpoint_may_be_any_path, ELSEWHERE),
    SERVER_TEST(all_rules_apply_and_the_first_wins_at_a_point, SEVERAL),
    UNSTARTED_TEST(a_rule_that_cannot_be_read_refuses_the_start),
};

API_MAIN("selectors", TESTS)
