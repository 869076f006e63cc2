/* Duplicates that are there: found, merged, and counted. */
#include "tests/server/cleaning.h"
#include "tests/support/rows.h"

static void find_shows_groups_and_what_would_be_done(void **state)
{
    struct mock *mock = *state;
    cleaning_plant(mock);
    char *before = cleaning_whole_store(mock);
    char *output = cleaning_output(mock, 0, WORDS("duplicates", "find"));
    assert_non_null(strstr(output, "number 7, year 2026: 3 records\n  keep   inv_1002"));
    assert_non_null(strstr(output, "number 8, year 2026: 2 records; their lines differ\n  leave"));
    assert_non_null(strstr(output, "2 groups of 5 records break a rule; 1 group of look-alikes"));
    free(output);
    output = cleaning_output(mock, 0, WORDS("duplicates", "find", "--json"));
    struct json *group =
        json_read_object(output, strcspn(output, "\n"), (char[JSON_PROBLEM_MAX]){0});
    assert_string_equal(json_text(group, "group"), "exact");
    assert_string_equal(json_text(group, "winner"), "inv_1002");
    assert_string_equal(json_text(json_item(json_member(group, "records"), 1), "id"), "inv_1003");
    assert_int_equal(
        json_integer(json_member(json_item(json_member(group, "records"), 1), "payments"), 0), 1);
    json_free(group);
    free(output);
    cleaning_assert_same_store(mock, before);
}

static void the_oldest_is_kept_and_paid(void **state)
{
    struct mock *mock = *state;
    cleaning_plant(mock);
    cleaning_expect_said(mock, 1, WORDS("duplicates", "enforce"),
                         "number: 2 groups of 5 records stand");
    cleaning_expect_said(
        mock, 0, WORDS("duplicates", "merge", "--by", "carla"),
        "number 7, year 2026: merged inv_1003, inv_1001 into inv_1002, with 2 payments (mrg_1)");
    cleaning_assert_text(mock, "/v1/invoices/inv_1001", "/status", "merged");
    cleaning_assert_text(mock, "/v1/invoices/inv_1001", "/merged_into", "inv_1002");
    cleaning_assert_text(mock, "/v1/invoices/inv_1002", "/status", "open");
    cleaning_assert_text(mock, "/v1/invoices/inv_1002", "/totals/gross", "217.80");
    assert_int_equal(cleaning_count(mock, "payments WHERE invoice_id = 1002"), 2);
    assert_int_equal(api_count(mock, TOKEN_ANA), 4); /* of six */
    assert_int_equal(
        cleaning_count(mock, "audit WHERE outcome = 'merged' AND parent_id = 'inv_1002'"), 2);
    struct http_reply reply = api_create_sample(mock, "\"k\"", "7", NULL);
    api_assert_problem(&reply, "invoice-number-taken");
    assert_string_equal(api_text(&reply, "/existing/id"), "inv_1002");
    http_reply_clear(&reply);
    /* Again: nothing; what differs stays. */
    char *before = cleaning_whole_store(mock);
    cleaning_expect_said(mock, 0, WORDS("duplicates", "merge"), "0 groups merged");
    cleaning_assert_same_store(mock, before);
    cleaning_expect_said(mock, 1, WORDS("duplicates", "enforce"),
                         "number: 1 group of 2 records stands");
}

static void lines_are_taken_where_that_is_said(void **state)
{
    struct mock *mock = *state;
    cleaning_plant(mock);
    cleaning_expect_said(mock, 0, WORDS("duplicates", "merge", "--take-lines"),
                         "into inv_1004, with 1 payment, lines taken: 217.80 -> 227.80");
    cleaning_assert_text(mock, "/v1/invoices/inv_1004", "/totals/gross", "227.80");
    cleaning_assert_text(mock, "/v1/invoices/inv_1004", "/lines/1/description", "Travel");
    cleaning_assert_text(mock, "/v1/invoices/inv_1004", "/lines/1/net", "10.00");
    cleaning_expect_said(mock, 0, WORDS("duplicates", "enforce"),
                         "number: holds, without exception");
}

static void a_plan_is_what_is_done_then(void **state)
{
    struct mock *mock = *state;
    struct support_buffer file = {0};
    cleaning_plant(mock);
    /* These are one by number, and with inv_1001 by their reference: one group after the other. */
    cleaning_add(
        &file, "20",
        "{\"created_at\":\"2021-01-01\",\"external_ref\":{\"source\":\"legacy\",\"id\":\"1\"}}");
    cleaning_add(
        &file, "20",
        "{\"created_at\":\"2021-01-02\",\"external_ref\":{\"source\":\"legacy\",\"id\":\"2\"}}");
    /* Of these the one that shares the reference is gone before it is its rule's turn. */
    cleaning_add(&file, "21", "{\"created_at\":\"2021-01-01\"}");
    cleaning_add(
        &file, "21",
        "{\"created_at\":\"2021-01-02\",\"external_ref\":{\"source\":\"legacy\",\"id\":\"1\"}}");
    cleaning_take_over(mock, &file);
    char *before = cleaning_whole_store(mock);
    char *plan = cleaning_output(
        mock, 0, WORDS("duplicates", "merge", "--dry-run", "--take-lines", "--json"));
    cleaning_assert_same_store(mock, before);
    char *done = cleaning_output(mock, 0, WORDS("duplicates", "merge", "--take-lines", "--json"));
    size_t lines = 0;
    const char *next = done;
    for (const char *line = plan; *line; lines++) {
        char problem[JSON_PROBLEM_MAX];
        struct json *planned = json_read_object(line, strcspn(line, "\n"), problem);
        struct json *merged = json_read_object(next, strcspn(next, "\n"), problem);
        static const char *const SAME[] = {"action", "rule",         "value",      "winner",
                                           "losers", "total_before", "total_after"};
        for (size_t i = 0; i < COUNT_OF(SAME); i++) {
            const struct json *one = json_member(planned, SAME[i]),
                              *other = json_member(merged, SAME[i]);
            char *left = one ? json_write(one) : strdup("-"),
                 *right = other ? json_write(other) : strdup("-");
            assert_string_equal(left, right);
            free(left);
            free(right);
        }
        json_free(planned);
        json_free(merged);
        line += strcspn(line, "\n") + 1;
        next += strcspn(next, "\n") + 1;
    }
    assert_int_equal(lines, 5);
    assert_int_equal(*next, '\0');
    free(plan);
    free(done);
    cleaning_expect_said(mock, 0, WORDS("duplicates", "enforce"), "external_ref: holds");
}

static void groups_that_cannot_be_one_are_left(void **state)
{
    struct mock *mock = *state;
    struct support_buffer file = {0}, many = {0};
    cleaning_add(&file, "7", "{\"id\":1}");
    cleaning_add(&file, "7", "{\"id\":2,\"currency\":\"USD\"}");
    support_append(&many, "{\"id\":3,\"lines\":[", 17);
    for (int i = 0; i < 200; i++) {
        char *line = support_format(
            "%s{\"description\":\"%d\",\"quantity\":\"1\",\"unit_price\":\"1\"}", i ? "," : "", i);
        support_append(&many, line, strlen(line));
        free(line);
    }
    support_append(&many, "]}", 2);
    cleaning_add(&file, "8", many.bytes);
    cleaning_add(&file, "8", "{\"id\":4}");
    cleaning_add(&file, "9", "{\"id\":5," LINES(LINE("a", "9999999999999")) "}");
    cleaning_add(
        &file, "9",
        "{\"id\":6," LINES(
            "{\"description\":\"b\",\"quantity\":\"1\",\"unit_price\":\"9999999999999\"}") "}");
    cleaning_take_over(mock, &file);
    free(many.bytes);
    char *output = cleaning_output(mock, 0, WORDS("duplicates", "merge", "--take-lines"));
    assert_non_null(strstr(output, "their currencies differ"));
    assert_non_null(strstr(output, "together would be too many"));
    assert_non_null(strstr(output, "0 groups merged"));
    free(output);
}
/* Two that became equal when a comparison was mended: the one's invoices are the other's. */
static void customers_are_merged_with_their_invoices(void **state)
{
    struct mock *mock = *state;
    api_only_sqlite("a second customer of one e-mail is planted by SQL");
    static const char *const EMAILS[] = {"a@b.example", "c@b.example"};
    for (size_t i = 0; i < COUNT_OF(EMAILS); i++) {
        char *number = support_format("%zu", i);
        char *changes = support_format("{\"customer\":{\"email\":\"%s\"}}", EMAILS[i]);
        char *key = support_format("\"%zu\"", i);
        struct http_reply reply = api_create_sample(mock, key, number, changes);
        api_assert_status(&reply, 201);
        http_reply_clear(&reply);
        free(key);
        free(changes);
        free(number);
    }
    assert_int_equal(mock_stop(mock), 0);
    rows_change(mock->store,
                "INSERT INTO standing SELECT collection, rule, 'a@b.example' || char(31), record"
                " FROM claims WHERE value LIKE 'c@b%' AND rule = 'email';"
                "INSERT INTO standing SELECT collection, rule, 'a@b.example', record"
                " FROM claims WHERE value LIKE 'c@b%' AND rule = 'email';"
                "DELETE FROM claims WHERE value LIKE 'c@b%';"
                "DELETE FROM standing WHERE value NOT IN (SELECT value FROM claims);"
                "UPDATE records SET created = replace(created, 'c@b.example', 'A@b.example');");
    assert_true(mock_start(mock, NULL));
    char *before = cleaning_whole_store(mock);
    cleaning_expect_said(mock, 0, WORDS("duplicates", "merge", "--resource", "customer"),
                         "merged cus_2 into cus_1, with 1 invoice (mrg_1)");
    cleaning_assert_text(mock, "/v1/invoices/inv_1002", "/customer/id", "cus_1");
    assert_int_equal(cleaning_count(mock, "invoices WHERE customer_id = 1"), 2);
    cleaning_expect_said(mock, 0, WORDS("duplicates", "enforce", "--resource", "customer"),
                         "email: holds");
    free(cleaning_output(mock, 0, WORDS("duplicates", "undo", "mrg_1")));
    cleaning_assert_same_store(mock, before);
}

static void what_is_called_wrongly_changes_nothing(void **state)
{
    static const struct {
        const char *words[6], *said;
    } table[] = {
        {{"duplicates"}, "duplicates needs one of find, merge, enforce and undo"},
        {{"duplicates", "sort"}, "duplicates needs one of find, merge, enforce and undo"},
        {{"duplicates", "merge", "inv_1001"}, "unexpected argument inv_1001"},
        {{"duplicates", "undo", "inv_1001"}, "undo needs the id of a merge, such as mrg_7"},
        {{"duplicates", "undo", "--take-lines"}, "--take-lines is for merge and find"},
        {{"duplicates", "find", "--dry-run"}, "--dry-run is for merge and undo"},
        {{"duplicates", "find", "--resource", "order"}, "there is none called order"},
        {{"duplicates", "find", "--by", "a b"}, "--by: expected a name"},
    };
    cleaning_plant(*state);
    char *before = cleaning_whole_store(*state);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct process_result result = cleaning_run(*state, 2, table[i].words);
        if (!strstr(result.errors, table[i].said))
            fail_msg("%s: not said, but: %s", table[i].said, result.errors);
        process_result_clear(&result);
    }
    cleaning_assert_same_store(*state, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(what_is_called_wrongly_changes_nothing, NULL),
        SERVER_TEST(find_shows_groups_and_what_would_be_done, NULL),
        SERVER_TEST(the_oldest_is_kept_and_paid, NULL),
        SERVER_TEST(lines_are_taken_where_that_is_said, NULL),
        SERVER_TEST(a_plan_is_what_is_done_then, NULL),
        SERVER_TEST(groups_that_cannot_be_one_are_left, NULL),
        SERVER_TEST(customers_are_merged_with_their_invoices, NULL),
    };
    http_setup();
    return cmocka_run_group_tests_name("duplicates merge", tests, NULL, NULL);
}
