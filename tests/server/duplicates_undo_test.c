/* Merges taken back, to the byte. */
#include "tests/server/cleaning.h"
#include "tests/support/rows.h"

/* The one of a line that says so; on PostgreSQL groups are merged at once, in any order. The
 * caller's. */
static char *id_of_merge(const char *output, const char *of)
{
    const char *at = strstr(output, of);
    at = at ? strstr(at, "(mrg_") : NULL;
    assert_non_null(at);
    return strndup(at + 1, strcspn(at + 1, ")"));
}

static void a_merge_is_taken_back_to_the_byte(void **state)
{
    struct mock *mock = *state;
    cleaning_plant(mock);
    struct http_reply list = api_get(mock, TOKEN_ANA, "/v1/invoices");
    char *before = cleaning_whole_store(mock);
    char *merged = cleaning_output(mock, 0, WORDS("duplicates", "merge", "--take-lines"));
    char *first = id_of_merge(merged, "into inv_1002"),
         *second = id_of_merge(merged, "into inv_1004");
    /* Which there are, where what merge said is gone. */
    char *listed = cleaning_output(mock, 0, WORDS("duplicates", "undo"));
    assert_non_null(strstr(listed, first));
    assert_non_null(strstr(listed, "  number 7, year 2026: inv_1003, inv_1001 into inv_1002\n"));
    assert_non_null(strstr(listed, "\n2 merges stand\n"));
    free(listed);
    listed = cleaning_output(mock, 0, WORDS("duplicates", "undo", "--json"));
    assert_non_null(strstr(listed, "\"winner\":\"inv_1004\""));
    assert_non_null(strstr(listed, "\"losers\":[\"inv_1005\"]"));
    free(listed);
    cleaning_expect_said(mock, 0, WORDS("duplicates", "undo", "--dry-run", first),
                         ": would be undone: ");
    cleaning_expect_said(mock, 0, WORDS("duplicates", "undo", first),
                         ": undone: inv_1003, inv_1001 are no longer");
    cleaning_expect_said(mock, 0, WORDS("duplicates", "undo", first), "was undone before");
    cleaning_expect_said(mock, 0, WORDS("duplicates", "undo", second),
                         ": undone: inv_1005 is no longer merged into inv_1004");
    cleaning_expect_said(mock, 0, WORDS("duplicates", "undo"), "0 merges stand");
    free(first);
    free(second);
    free(merged);
    free(cleaning_output(mock, 4, WORDS("duplicates", "undo", "mrg_3")));
    cleaning_assert_same_store(mock, before);
    struct http_reply again = api_get(mock, TOKEN_ANA, "/v1/invoices");
    api_assert_same(&list, &again);
    http_reply_clear(&list);
    http_reply_clear(&again);
    assert_int_equal(cleaning_count(mock, "audit WHERE outcome = 'unmerged'"), 3);
}

static void what_could_not_be_said_is_no_success(void **state)
{
    struct mock *mock = *state;
    static const char *const COMMANDS[] = {"duplicates find", "duplicates enforce",
                                           "duplicates undo", "import --dry-run /dev/null",
                                           "import --help",   "deliveries list"};
    cleaning_plant(mock);
    char *url = stores_url(mock->store);
    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
        char *script =
            support_format("exec \"$0\" %s --tenant north --store \"$1\" >/dev/full", COMMANDS[i]);
        const char *const argv[] = {"/bin/sh", "-c", script, mock_program(), url, NULL};
        struct process_result result = process_run(argv, NULL, PATIENCE_MS);
        const char *said = strstr(result.errors, "standard output cannot be written");
        assert_int_equal(result.code, 1);
        assert_non_null(said);
        assert_string_equal(strchr(said, '\n'), "\n"); /* nothing behind it */
        process_result_clear(&result);
        free(script);
    }
    free(url);
}

/* One older than the winner comes later: what was merged goes on to it, and comes back in turn. */
static void merges_behind_each_other_are_undone_in_turn(void **state)
{
    struct mock *mock = *state;
    struct support_buffer file = {0};
    cleaning_plant(mock);
    free(cleaning_output(mock, 0, WORDS("duplicates", "merge")));
    char *once = NULL, *before = NULL;
    cleaning_add(&file, "7", "{\"id\":10,\"created_at\":\"2019-01-01\"," PAID("6.00") "}");
    cleaning_take_over(mock, &file);
    once = cleaning_whole_store(mock);
    before = strdup(once);
    cleaning_expect_said(mock, 0, WORDS("duplicates", "merge"),
                         "merged inv_1002 into inv_1007, with 2 payments (mrg_2)");
    cleaning_assert_text(mock, "/v1/invoices/inv_1001", "/merged_into", "inv_1007");
    assert_int_equal(cleaning_count(mock, "payments WHERE invoice_id = 1007"), 3);
    struct process_result refused = cleaning_run(mock, 1, WORDS("duplicates", "undo", "mrg_1"));
    assert_non_null(strstr(refused.errors, "inv_1002 was itself merged since: undo mrg_2 first"));
    process_result_clear(&refused);
    free(cleaning_output(mock, 0, WORDS("duplicates", "undo", "mrg_2")));
    cleaning_assert_same_store(mock, before);
    free(cleaning_output(mock, 0, WORDS("duplicates", "undo", "mrg_1")));
    cleaning_assert_text(mock, "/v1/invoices/inv_1001", "/status", "open");
    assert_int_equal(cleaning_count(mock, "payments WHERE invoice_id = 1001"), 1);
    assert_int_equal(
        cleaning_count(mock, "standing WHERE rule = 'number' AND record IN (1001, 1002, 1003)"), 3);
    free(once);
}

/* Two merges gave lines to one record: taking back one leaves the other's. */
static void lines_of_another_merge_stay(void **state)
{
    struct mock *mock = *state;
    struct support_buffer file = {0};
    cleaning_add(&file, "7",
                 "{\"id\":1,\"created_at\":\"2020-01-01\"," LINES(LINE("a", "1.00")) "}");
    cleaning_add(&file, "7",
                 "{\"id\":2,\"created_at\":\"2020-01-02\"," TWO_LINES(LINE("a", "1.00"),
                                                                      LINE("b", "2.00")) "}");
    cleaning_take_over(mock, &file);
    free(cleaning_output(mock, 0, WORDS("duplicates", "merge", "--take-lines")));
    cleaning_assert_text(mock, "/v1/invoices/inv_1001", "/totals/gross", "3.00");
    cleaning_add(&file, "7",
                 "{\"id\":3,\"created_at\":\"2020-01-03\"," TWO_LINES(LINE("c", "4.00"),
                                                                      LINE("b", "2.0")) "}");
    cleaning_take_over(mock, &file);
    cleaning_expect_said(mock, 0, WORDS("duplicates", "merge", "--take-lines"),
                         "lines taken: 3.00 -> 7.00");
    free(cleaning_output(mock, 0, WORDS("duplicates", "undo", "mrg_1")));
    cleaning_assert_text(mock, "/v1/invoices/inv_1001", "/totals/gross", "5.00");
    cleaning_assert_text(mock, "/v1/invoices/inv_1001", "/lines/1/description", "c");
    free(cleaning_output(mock, 0, WORDS("duplicates", "undo", "mrg_2")));
    cleaning_assert_text(mock, "/v1/invoices/inv_1001", "/totals/gross", "1.00");
    assert_int_equal(cleaning_count(mock, "invoices WHERE record LIKE '%merged%'"), 0);
}
static void a_payment_that_comes_later_is_its_own_again(void **state)
{
    struct mock *mock = *state;
    cleaning_plant(mock);
    free(cleaning_output(mock, 0, WORDS("duplicates", "merge")));
    struct http_reply reply =
        api_post(mock, "/v1/webhooks/stripe", TOKEN_ANA, NULL,
                 "{\"event_id\":\"late\",\"type\":\"payment.received\",\"invoice_id\":\"inv_1003\","
                 "\"amount\":\"1.00\",\"currency\":\"EUR\",\"paid_at\":\"2026-11-22T10:00:00Z\"}");
    api_assert_status(&reply, 200);
    http_reply_clear(&reply);
    assert_int_equal(cleaning_count(mock, "payments WHERE invoice_id = 1002"), 3);
    free(cleaning_output(mock, 0, WORDS("duplicates", "undo", "mrg_1")));
    assert_int_equal(cleaning_count(mock, "payments WHERE invoice_id = 1002"), 0);
    assert_int_equal(cleaning_count(mock, "payments WHERE invoice_id = 1003"), 2);
}

/* Of two that became equal when a comparison was mended, the newer one may have had the value
 * first.
 */
static void what_is_unique_is_taken_over_and_given_back(void **state)
{
    struct mock *mock = *state;
    api_only_sqlite("the newer one's claim is planted by SQL");
    cleaning_plant(mock);
    assert_int_equal(mock_stop(mock), 0);
    rows_change(mock->store,
                "UPDATE claims SET record = 1001 WHERE rule = 'number' AND record = 1002;"
                "UPDATE standing SET record = 1002 WHERE rule = 'number' AND record = 1001;");
    assert_true(mock_start(mock, NULL));
    char *before = cleaning_whole_store(mock);
    free(cleaning_output(mock, 0, WORDS("duplicates", "merge", "--take-lines")));
    assert_int_equal(cleaning_count(mock, "standing"), 0);
    assert_int_equal(cleaning_count(mock, "claims WHERE rule = 'number' AND record = 1002"), 1);
    free(cleaning_output(mock, 0, WORDS("duplicates", "undo", "mrg_1")));
    free(cleaning_output(mock, 0, WORDS("duplicates", "undo", "mrg_2")));
    cleaning_assert_same_store(mock, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(a_merge_is_taken_back_to_the_byte, NULL),
        SERVER_TEST(merges_behind_each_other_are_undone_in_turn, NULL),
        SERVER_TEST(what_could_not_be_said_is_no_success, NULL),
        SERVER_TEST(lines_of_another_merge_stay, NULL),
        SERVER_TEST(a_payment_that_comes_later_is_its_own_again, NULL),
        SERVER_TEST(what_is_unique_is_taken_over_and_given_back, NULL),
    };
    http_setup();
    return cmocka_run_group_tests_name("duplicates undo", tests, NULL, NULL);
}
