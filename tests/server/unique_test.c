/* The unique constraints: invoice numbers, external references, customers (DESIGN.md 1 and 3.1). */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"
#include "tests/support/rows.h"

static const char TAKEN[] =
    "This invoice number already exists. We kept the original and didn't create a second one.";

/* Two numbers as JSON strings, and whether people would call them the same (RULES.md section
 * 2). */
static const struct {
    const char *first, *second;
    bool same;
} NUMBERS[] = {
    {"ABC-1", "ABC-1", true},
    {"ABC-1", "\xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\xA3-1", true}, /* full width */
    {"ABC-1", "abc-1", true},
    {"ABC-1", " ABC-1 ", true},
    {"ABC-1", "\\u3000ABC-1\\u00a0", true},
    {"A B", "A   B", true},
    {"A B", "A\\u00a0B", true},
    {"A B", "A\\u2003 \\u3000B", true},
    {"FI-1", "\\ufb01-1", true}, /* the ligature fi */
    {"strasse 1", "Stra\\u00dfe 1", true},
    {"VIII", "\\u2167", true}, /* ROMAN NUMERAL EIGHT */
    {"1", "\\u2460", true},    /* CIRCLED DIGIT ONE */
    {"caf\\u00e9", "CAFE\\u0301", true},
    {"AB1", "AB\\u00ad1", true},                /* SOFT HYPHEN is ignorable */
    {"\\u03c3\\u03c3", "\\u03a3\\u03c2", true}, /* both small sigmas */
    {"ABC-1", "ABC1", false},
    {"ABC-1", "ABC 1", false},
    {"AB", "A B", false},
    {"ABC-1", "ABC-01", false},
    {"INV-100", "INV\\u2011100", true}, /* NON-BREAKING HYPHEN, EN DASH, MINUS SIGN */
    {"INV\\u2013100", "INV-100", true},
    {"INV\\u2212100", "INV\\u2011100", true},
    {"AB2", "A\\u2065B\\ufff02", true}, /* ignorable, though nobody knows as what */
    {"ABC-1", "ABC_1", false},
    {"cafe", "caf\\u00e9", false},
    {"O1", "01", false},
};

static char *number_changes(const char *number, size_t year)
{
    return support_format("{\"number\":\"%s\",\"issue_date\":\"%zu-03-01\",\"due_date\":null}",
                          number, year);
}

static void numbers_are_compared_as_people_compare_them(void **state)
{
    for (size_t row = 0; row < COUNT_OF(NUMBERS); row++) {
        char *first_changes = number_changes(NUMBERS[row].first, 1990 + row);
        char *second_changes = number_changes(NUMBERS[row].second, 1990 + row);
        char *first_key = support_format("\"n-%zu-1\"", row);
        char *second_key = support_format("\"n-%zu-2\"", row);
        struct http_reply first = api_create_sample(*state, first_key, "", first_changes);
        struct http_reply second = api_create_sample(*state, second_key, "", second_changes);
        print_message("%s and %s\n", NUMBERS[row].first, NUMBERS[row].second);
        api_assert_status(&first, 201);
        if (NUMBERS[row].same)
            api_assert_problem(&second, "invoice-number-taken");
        else
            api_assert_status(&second, 201);
        http_reply_clear(&second);
        http_reply_clear(&first);
        free(second_key);
        free(first_key);
        free(second_changes);
        free(first_changes);
    }
}

static void a_number_is_shown_as_it_was_typed(void **state)
{
    struct http_reply reply =
        api_create_sample(*state, "\"k1\"", "", "{\"number\":\"  \\uff21 b \"}");
    api_assert_status(&reply, 201);
    assert_string_equal(api_text(&reply, "/number"), "  \xEF\xBC\xA1 b ");
    http_reply_clear(&reply);
    /* A typed backslash is no escape, whatever follows it. */
    reply = api_create_sample(*state, "\"k2\"", "", "{\"number\":\"\\\\u0001\"}");
    api_assert_status(&reply, 201);
    assert_string_equal(api_text(&reply, "/number"), "\\u0001");
    assert_string_equal(api_text(&reply, "/id"), "inv_1002");
    http_reply_clear(&reply);
}

static void the_conflict_shows_the_original_and_is_saved(void **state)
{
    struct http_reply first = api_create_sample(*state, "\"k1\"", "ABC-1", NULL);
    struct http_reply taken =
        api_create_sample(*state, "\"k2\"", "abc-1", "{\"currency\":\"USD\"}");
    api_assert_status(&first, 201);
    api_assert_problem(&taken, "invoice-number-taken");
    assert_string_equal(api_text(&taken, "/detail"), TAKEN);
    assert_true(json_equal(json_member(taken.json, "existing"), first.json));
    assert_false(api_is_replay(&taken));

    struct http_reply again =
        api_create_sample(*state, "\"k2\"", "abc-1", "{\"currency\":\"USD\"}");
    api_assert_same(&taken, &again);
    assert_true(api_is_replay(&again));
    assert_string_equal(http_header(&again, "content-type"), "application/problem+json");
    /* Under the key of the conflict another body is refused, under its own the first is a success.
     */
    struct http_reply other = api_create_sample(*state, "\"k2\"", "abc-2", NULL);
    api_assert_problem(&other, "idempotency-key-reused");
    struct http_reply own = api_create_sample(*state, "\"k1\"", "ABC-1", NULL);
    api_assert_same(&first, &own);
    assert_int_equal(api_count(*state, TOKEN_ANA), 1);
    http_reply_clear(&own);
    http_reply_clear(&other);
    http_reply_clear(&again);
    http_reply_clear(&taken);
    http_reply_clear(&first);
}

static void a_number_is_taken_within_its_year_and_tenant(void **state)
{
    static const char next_year[] = "{\"issue_date\":\"2027-01-01\",\"due_date\":null}";
    static const char last_day[] = "{\"issue_date\":\"2026-12-31\",\"due_date\":null}";
    struct http_reply first = api_create_sample(*state, "\"k1\"", "1", NULL);
    struct http_reply next = api_create_sample(*state, "\"k2\"", "1", next_year);
    struct http_reply same = api_create_sample(*state, "\"k3\"", "1", last_day);
    char *body = sample_body("1", NULL);
    struct http_reply south = api_post(*state, "/v1/invoices", TOKEN_EVE, "\"k1\"", body);
    api_assert_status(&first, 201);
    api_assert_status(&next, 201);
    api_assert_problem(&same, "invoice-number-taken");
    api_assert_status(&south, 201);
    http_reply_clear(&south);
    http_reply_clear(&same);
    http_reply_clear(&next);
    http_reply_clear(&first);
    free(body);
}

static void an_external_reference_is_taken_once(void **state)
{
    static const char shop_17[] = "{\"external_ref\":{\"source\":\"shop\",\"id\":\"17\"}}";
    static const char till_17[] = "{\"external_ref\":{\"source\":\"till\",\"id\":\"17\"}}";
    struct http_reply first = api_create_sample(*state, "\"k1\"", "1", shop_17);
    struct http_reply taken = api_create_sample(*state, "\"k2\"", "2", shop_17);
    struct http_reply again = api_create_sample(*state, "\"k2\"", "2", shop_17);
    struct http_reply both = api_create_sample(*state, "\"k3\"", "1", shop_17);
    struct http_reply other = api_create_sample(*state, "\"k4\"", "4", till_17);
    struct http_reply none = api_create_sample(*state, "\"k5\"", "5", NULL);
    /* What was refused for its reference has claimed no number. */
    struct http_reply number = api_create_sample(*state, "\"k6\"", "2", NULL);
    char *body = sample_body("1", shop_17);
    struct http_reply south = api_post(*state, "/v1/invoices", TOKEN_EVE, "\"k1\"", body);
    api_assert_status(&first, 201);
    api_assert_problem(&taken, "external-ref-taken");
    assert_true(json_equal(json_member(taken.json, "existing"), first.json));
    api_assert_same(&taken, &again);
    assert_true(api_is_replay(&again));
    /* The number comes before the external reference, whichever index the database names. */
    api_assert_problem(&both, "invoice-number-taken");
    api_assert_status(&other, 201);
    api_assert_status(&none, 201);
    api_assert_status(&number, 201);
    api_assert_status(&south, 201);
    struct http_reply *const all[] = {&first, &taken, &again,  &both,
                                      &other, &none,  &number, &south};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        http_reply_clear(all[i]);
    free(body);
}

static void number_and_reference_of_two_invoices_name_the_number(void **state)
{
    static const char ref_1[] = "{\"external_ref\":{\"source\":\"shop\",\"id\":\"1\"}}";
    struct http_reply by_ref = api_create_sample(*state, "\"k1\"", "1", ref_1);
    struct http_reply by_number = api_create_sample(*state, "\"k2\"", "2", NULL);
    struct http_reply both = api_create_sample(*state, "\"k3\"", "2", ref_1);
    api_assert_status(&by_ref, 201);
    api_assert_status(&by_number, 201);
    api_assert_problem(&both, "invoice-number-taken");
    assert_string_equal(api_text(&both, "/existing/id"), api_text(&by_number, "/id"));
    http_reply_clear(&both);
    http_reply_clear(&by_number);
    http_reply_clear(&by_ref);
}

static void an_invoice_reuses_its_customer_by_email(void **state)
{
    static const char renamed[] =
        "{\"customer\":{\"email\":\"AP@northwind.example\",\"name\":\"Northwind GmbH\"}}";
    struct http_reply first = api_create_sample(*state, "\"k1\"", "1", NULL);
    struct http_reply second = api_create_sample(*state, "\"k2\"", "2", renamed);
    struct http_reply third = api_create_sample(*state, "\"k3\"", "3", NULL);
    char *body = sample_body("1", NULL);
    struct http_reply south = api_post(*state, "/v1/invoices", TOKEN_EVE, "\"k1\"", body);
    api_assert_status(&second, 201);
    assert_string_equal(api_text(&second, "/customer/id"), api_text(&first, "/customer/id"));
    /* Each invoice keeps the name it was made with. */
    assert_string_equal(api_text(&second, "/customer/name"), "Northwind GmbH");
    assert_string_equal(api_text(&third, "/customer/name"), "Northwind Ltd");
    api_assert_status(&south, 201);
    http_reply_clear(&south);
    http_reply_clear(&third);
    http_reply_clear(&second);
    http_reply_clear(&first);
    free(body);
}

/* The client sends either; each reply shows the e-mail as it was sent. */
static void a_domain_is_one_however_it_is_written(void **state)
{
    struct http_reply first = api_create_sample(
        *state, "\"k1\"", "1", "{\"customer\":{\"email\":\"x@B\\u00fccher.example\"}}");
    struct http_reply second = api_create_sample(
        *state, "\"k2\"", "2", "{\"customer\":{\"email\":\"x@xn--bcher-kva.example\"}}");
    struct http_reply other = api_create_sample(*state, "\"k3\"", "3",
                                                "{\"customer\":{\"email\":\"x@buecher.example\"}}");
    struct http_reply reused = api_post(*state, "/v1/customers", TOKEN_ANA, NULL,
                                        "{\"email\":\"X@b\\u00fccher.example\"}");
    struct http_reply list =
        api_get(*state, TOKEN_ANA, "/v1/invoices?customer=x@b%C3%BCcher.example");
    api_assert_status(&second, 201);
    api_assert_status(&reused, 200);
    assert_string_equal(api_text(&second, "/customer/id"), api_text(&first, "/customer/id"));
    assert_string_equal(api_text(&second, "/customer/email"), "x@xn--bcher-kva.example");
    assert_string_not_equal(api_text(&other, "/customer/id"), api_text(&first, "/customer/id"));
    assert_string_equal(api_text(&reused, "/id"), api_text(&first, "/customer/id"));
    assert_string_equal(api_text(&list, "/data/1/id"), api_text(&first, "/id"));
    http_reply_clear(&list);
    http_reply_clear(&reused);
    http_reply_clear(&other);
    http_reply_clear(&second);
    http_reply_clear(&first);
}

/* A program of before, or of after, claims the same: to the byte. */
static void claims_stay_what_they_are(void **state)
{
    static const char CLAIMS[] = "SELECT rule, value FROM claims ORDER BY rule, value";
    static const char *const EXPECTED[][2] = {
        {"email", "x@xn--bcher-kva.example"},
        {"external_ref", "Shop\x1f"
                         "A-17\x1f"},
        {"number", "a b-1\x1f"
                   "987\x1f"},
        {"number", "a b-1\x1f"
                   "988\x1f"},
    };
    const struct mock *mock = *state;
    struct http_reply first = api_create_sample(
        mock, "\"k1\"", "",
        "{\"number\":\" \\uff21 B\\u20131 \",\"issue_date\":\"0987-03-01\",\"due_date\":null,"
        "\"customer\":{\"email\":\"X@b\\u00fccher.example\"},"
        "\"external_ref\":{\"source\":\"Shop\",\"id\":\"A-17\"}}");
    struct http_reply second =
        api_create_sample(mock, "\"k2\"", "",
                          "{\"number\":\"a b-1\",\"issue_date\":\"0988-03-01\",\"due_date\":null,"
                          "\"customer\":{\"email\":\"x@B\\u00fccher.example\"}}");
    api_assert_status(&first, 201);
    api_assert_status(&second, 201);
    struct json *claims = rows_read(mock->store, CLAIMS, NULL);
    const struct json *claim = json_first(claims);
    for (size_t i = 0; i < COUNT_OF(EXPECTED); i++, claim = json_next(claim)) {
        assert_string_equal(json_text(claim, "rule"), EXPECTED[i][0]);
        assert_string_equal(json_text(claim, "value"), EXPECTED[i][1]);
    }
    assert_null(claim);
    json_free(claims);
    http_reply_clear(&second);
    http_reply_clear(&first);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(claims_stay_what_they_are, NULL),
    SERVER_TEST(numbers_are_compared_as_people_compare_them, NULL),
    SERVER_TEST(a_number_is_shown_as_it_was_typed, NULL),
    SERVER_TEST(the_conflict_shows_the_original_and_is_saved, NULL),
    SERVER_TEST(a_number_is_taken_within_its_year_and_tenant, NULL),
    SERVER_TEST(an_external_reference_is_taken_once, NULL),
    SERVER_TEST(number_and_reference_of_two_invoices_name_the_number, NULL),
    SERVER_TEST(an_invoice_reuses_its_customer_by_email, NULL),
    SERVER_TEST(a_domain_is_one_however_it_is_written, NULL),
};

API_MAIN("unique", TESTS)
