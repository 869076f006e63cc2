/* Duplicates that are there: found, merged, counted, and merges taken back to the byte. */
#include "tests/server/cleaning.h"
#include "tests/support/parallel.h"
#include "tests/support/rows.h"
#include "tests/support/rows_postgres.h"

#include <signal.h>
#include <stdio.h>

static long long count_of(const struct mock *mock, const char *table)
{
    char *query = support_format("SELECT count(*) FROM %s", table);
    long long count = rows_number(mock->store, query);
    free(query);
    return count;
}

/* --- what is in the store, whole, but for the merges themselves and the audit --- */

static const char *const SQLITE_TABLES[] = {
    "SELECT c.tenant, c.resource, place & 0xffffffffff AS id, period, parent, created, current, "
    "merged"
    " FROM records JOIN collections c ON c.number = place >> 40 WHERE c.resource <> 'merge'"
    " ORDER BY place",
    "SELECT * FROM claims ORDER BY collection, rule, value",
    "SELECT * FROM standing ORDER BY collection, rule, value, record",
    "SELECT * FROM texts ORDER BY collection, which, text, record",
    "SELECT * FROM events ORDER BY tenant, source, event_id",
};
static const char *const POSTGRES_TABLES[] = {
    "SELECT tenant, resource, id, period, parent, created, current, merged FROM public.records"
    " WHERE resource <> 'merge' ORDER BY tenant, resource, id",
    "SELECT * FROM public.claims ORDER BY tenant, resource, rule, value",
    "SELECT * FROM public.standing ORDER BY tenant, resource, rule, value, record",
    "SELECT * FROM public.texts ORDER BY tenant, resource, which, text, record",
    "SELECT * FROM public.events ORDER BY tenant, source, event_id",
};

static char *whole_store(const struct mock *mock)
{
    bool postgres = rows_are_postgres(mock->store);
    struct support_buffer text = {0};
    for (size_t i = 0; i < COUNT_OF(SQLITE_TABLES); i++) {
        struct json *rows =
            rows_read(mock->store, postgres ? POSTGRES_TABLES[i] : SQLITE_TABLES[i], NULL);
        char *part = json_write(rows);
        support_append(&text, part, strlen(part));
        free(part);
        json_free(rows);
    }
    return text.bytes;
}

static void assert_same_store(const struct mock *mock, char *before)
{
    char *now = whole_store(mock);
    assert_string_equal(before, now);
    free(now);
    free(before);
}

/* --- running it --- */

static char *run(const struct mock *mock, int code, const char *const *words)
{
    struct process_result result = cleaning_run(mock, code, words);
    char *output = result.output;
    result.output = NULL;
    process_result_clear(&result);
    return output;
}

static void expect_said(const struct mock *mock, int code, const char *const *words,
                        const char *said)
{
    char *output = run(mock, code, words);
    if (!strstr(output, said)) print_error("%s", output);
    assert_non_null(strstr(output, said));
    free(output);
}

static void import_text(const struct mock *mock, struct support_buffer *file)
{
    free(cleaning_import(mock, 0, "old.jsonl", file->bytes));
    free(file->bytes);
    *file = (struct support_buffer){0};
}

#define PAID(amount) "\"payments\":[{\"amount\":\"" amount "\",\"paid_at\":\"2026-11-22\"}]"
#define LINE(text, price)                                                                          \
    "{\"description\":\"" text "\",\"quantity\":\"1\",\"unit_price\":\"" price                     \
    "\",\"tax_rate\":\"0\"}"
#define LINES(one)           "\"lines\":[" one "]"
#define TWO_LINES(one, more) "\"lines\":[" one "," more "]"

/* inv_1001 to 1003 are one, the second the oldest; inv_1004 and 1005 aren't sure to be; inv_1006 is
 * alone. */
static void plant(const struct mock *mock)
{
    struct support_buffer file = {0};
    cleaning_add(&file, "7", "{\"id\":1,\"created_at\":\"2020-01-03\"," PAID("3.00") "}");
    cleaning_add(&file, "7", "{\"id\":2,\"created_at\":\"2020-01-01\"}");
    cleaning_add(&file, " 7", "{\"id\":3,\"created_at\":\"2020-01-02\"," PAID("4.00") "}");
    cleaning_add(&file, "8", "{\"id\":4,\"created_at\":\"2020-01-01\"}");
    cleaning_add(&file, "8",
                 "{\"id\":5,\"created_at\":\"2020-01-02\"," PAID("5.00") "," TWO_LINES(
                     LINE("Travel", "10.00"),
                     "{\"description\":\"Consulting\",\"quantity\":\"1.50\",\"unit_price\":\"120\","
                     "\"tax_rate\":\"21.0\"}") "}");
    cleaning_add(&file, "9", "{\"id\":6}");
    import_text(mock, &file);
}

static void assert_text(const struct mock *mock, const char *path, const char *pointer,
                        const char *expected)
{
    struct http_reply reply = api_get(mock, TOKEN_ANA, path);
    assert_string_equal(api_text(&reply, pointer), expected);
    http_reply_clear(&reply);
}

static void find_shows_groups_and_what_would_be_done(void **state)
{
    struct mock *mock = *state;
    plant(mock);
    char *before = whole_store(mock);
    char *output = run(mock, 0, WORDS("duplicates", "find"));
    assert_non_null(strstr(output, "number 7, year 2026: 3 records\n  keep   inv_1002"));
    assert_non_null(strstr(output, "number 8, year 2026: 2 records; their lines differ\n  leave"));
    assert_non_null(strstr(output, "2 groups of 5 records break a rule; 1 group of look-alikes"));
    free(output);
    output = run(mock, 0, WORDS("duplicates", "find", "--json"));
    struct json *group =
        json_read_object(output, strcspn(output, "\n"), (char[JSON_PROBLEM_MAX]){0});
    assert_string_equal(json_text(group, "group"), "exact");
    assert_string_equal(json_text(group, "winner"), "inv_1002");
    assert_string_equal(json_text(json_item(json_member(group, "records"), 1), "id"), "inv_1003");
    assert_int_equal(
        json_integer(json_member(json_item(json_member(group, "records"), 1), "payments"), 0), 1);
    json_free(group);
    free(output);
    assert_same_store(mock, before);
}

static void the_oldest_is_kept_and_paid(void **state)
{
    struct mock *mock = *state;
    plant(mock);
    expect_said(mock, 1, WORDS("duplicates", "enforce"), "number: 2 groups of 5 records stand");
    expect_said(
        mock, 0, WORDS("duplicates", "merge", "--by", "carla"),
        "number 7, year 2026: merged inv_1003, inv_1001 into inv_1002, with 2 payments (mrg_1)");
    assert_text(mock, "/v1/invoices/inv_1001", "/status", "merged");
    assert_text(mock, "/v1/invoices/inv_1001", "/merged_into", "inv_1002");
    assert_text(mock, "/v1/invoices/inv_1002", "/status", "open");
    assert_text(mock, "/v1/invoices/inv_1002", "/totals/gross", "217.80");
    assert_int_equal(count_of(mock, "payments WHERE invoice_id = 1002"), 2);
    assert_int_equal(api_count(mock, TOKEN_ANA), 4); /* of six */
    assert_int_equal(count_of(mock, "audit WHERE outcome = 'merged' AND parent_id = 'inv_1002'"),
                     2);
    struct http_reply reply = api_create_sample(mock, "\"k\"", "7", NULL);
    api_assert_problem(&reply, "invoice-number-taken");
    assert_string_equal(api_text(&reply, "/existing/id"), "inv_1002");
    http_reply_clear(&reply);
    /* Again: nothing; what differs stays. */
    char *before = whole_store(mock);
    expect_said(mock, 0, WORDS("duplicates", "merge"), "0 groups merged");
    assert_same_store(mock, before);
    expect_said(mock, 1, WORDS("duplicates", "enforce"), "number: 1 group of 2 records stands");
}

static void lines_are_taken_where_that_is_said(void **state)
{
    struct mock *mock = *state;
    plant(mock);
    expect_said(mock, 0, WORDS("duplicates", "merge", "--take-lines"),
                "into inv_1004, with 1 payment, lines taken: 217.80 -> 227.80");
    assert_text(mock, "/v1/invoices/inv_1004", "/totals/gross", "227.80");
    assert_text(mock, "/v1/invoices/inv_1004", "/lines/1/description", "Travel");
    assert_text(mock, "/v1/invoices/inv_1004", "/lines/1/net", "10.00");
    expect_said(mock, 0, WORDS("duplicates", "enforce"), "number: holds, without exception");
}

static void a_plan_is_what_is_done_then(void **state)
{
    struct mock *mock = *state;
    struct support_buffer file = {0};
    plant(mock);
    /* These are one by number, and with inv_1001 by their reference: one group after the other. */
    cleaning_add(
        &file, "20",
        "{\"created_at\":\"2021-01-01\",\"external_ref\":{\"source\":\"legacy\",\"id\":\"1\"}}");
    cleaning_add(
        &file, "20",
        "{\"created_at\":\"2021-01-02\",\"external_ref\":{\"source\":\"legacy\",\"id\":\"2\"}}");
    import_text(mock, &file);
    char *before = whole_store(mock);
    char *plan = run(mock, 0, WORDS("duplicates", "merge", "--dry-run", "--take-lines", "--json"));
    assert_same_store(mock, before);
    char *done = run(mock, 0, WORDS("duplicates", "merge", "--take-lines", "--json"));
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
    assert_int_equal(lines, 4);
    assert_int_equal(*next, '\0');
    free(plan);
    free(done);
    expect_said(mock, 0, WORDS("duplicates", "enforce"), "external_ref: holds");
}

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
    plant(mock);
    struct http_reply list = api_get(mock, TOKEN_ANA, "/v1/invoices");
    char *before = whole_store(mock);
    char *merged = run(mock, 0, WORDS("duplicates", "merge", "--take-lines"));
    char *first = id_of_merge(merged, "into inv_1002"),
         *second = id_of_merge(merged, "into inv_1004");
    expect_said(mock, 0, WORDS("duplicates", "undo", "--dry-run", first), ": would be undone: ");
    expect_said(mock, 0, WORDS("duplicates", "undo", first),
                ": undone: inv_1003, inv_1001 are no longer");
    expect_said(mock, 0, WORDS("duplicates", "undo", first), "was undone before");
    expect_said(mock, 0, WORDS("duplicates", "undo", second),
                ": undone: inv_1005 is no longer merged into inv_1004");
    free(first);
    free(second);
    free(merged);
    free(run(mock, 4, WORDS("duplicates", "undo", "mrg_3")));
    assert_same_store(mock, before);
    struct http_reply again = api_get(mock, TOKEN_ANA, "/v1/invoices");
    api_assert_same(&list, &again);
    http_reply_clear(&list);
    http_reply_clear(&again);
    assert_int_equal(count_of(mock, "audit WHERE outcome = 'unmerged'"), 3);
}

/* One older than the winner comes later: what was merged goes on to it, and comes back in turn. */
static void merges_behind_each_other_are_undone_in_turn(void **state)
{
    struct mock *mock = *state;
    struct support_buffer file = {0};
    plant(mock);
    free(run(mock, 0, WORDS("duplicates", "merge")));
    char *once = NULL, *before = NULL;
    cleaning_add(&file, "7", "{\"id\":10,\"created_at\":\"2019-01-01\"," PAID("6.00") "}");
    import_text(mock, &file);
    once = whole_store(mock);
    before = strdup(once);
    expect_said(mock, 0, WORDS("duplicates", "merge"),
                "merged inv_1002 into inv_1007, with 2 payments (mrg_2)");
    assert_text(mock, "/v1/invoices/inv_1001", "/merged_into", "inv_1007");
    assert_int_equal(count_of(mock, "payments WHERE invoice_id = 1007"), 3);
    struct process_result refused = cleaning_run(mock, 1, WORDS("duplicates", "undo", "mrg_1"));
    assert_non_null(strstr(refused.errors, "inv_1002 was itself merged since: undo mrg_2 first"));
    process_result_clear(&refused);
    free(run(mock, 0, WORDS("duplicates", "undo", "mrg_2")));
    assert_same_store(mock, before);
    free(run(mock, 0, WORDS("duplicates", "undo", "mrg_1")));
    assert_text(mock, "/v1/invoices/inv_1001", "/status", "open");
    assert_int_equal(count_of(mock, "payments WHERE invoice_id = 1001"), 1);
    assert_int_equal(
        count_of(mock, "standing WHERE rule = 'number' AND record IN (1001, 1002, 1003)"), 3);
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
    import_text(mock, &file);
    free(run(mock, 0, WORDS("duplicates", "merge", "--take-lines")));
    assert_text(mock, "/v1/invoices/inv_1001", "/totals/gross", "3.00");
    cleaning_add(&file, "7",
                 "{\"id\":3,\"created_at\":\"2020-01-03\"," TWO_LINES(LINE("c", "4.00"),
                                                                      LINE("b", "2.0")) "}");
    import_text(mock, &file);
    expect_said(mock, 0, WORDS("duplicates", "merge", "--take-lines"), "lines taken: 3.00 -> 7.00");
    free(run(mock, 0, WORDS("duplicates", "undo", "mrg_1")));
    assert_text(mock, "/v1/invoices/inv_1001", "/totals/gross", "5.00");
    assert_text(mock, "/v1/invoices/inv_1001", "/lines/1/description", "c");
    free(run(mock, 0, WORDS("duplicates", "undo", "mrg_2")));
    assert_text(mock, "/v1/invoices/inv_1001", "/totals/gross", "1.00");
    assert_int_equal(count_of(mock, "invoices WHERE record LIKE '%merged%'"), 0);
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
    import_text(mock, &file);
    free(many.bytes);
    char *output = run(mock, 0, WORDS("duplicates", "merge", "--take-lines"));
    assert_non_null(strstr(output, "their currencies differ"));
    assert_non_null(strstr(output, "together would be too many"));
    assert_non_null(strstr(output, "0 groups merged"));
    free(output);
}

static void a_payment_that_comes_later_is_its_own_again(void **state)
{
    struct mock *mock = *state;
    plant(mock);
    free(run(mock, 0, WORDS("duplicates", "merge")));
    struct http_reply reply =
        api_post(mock, "/v1/webhooks/stripe", TOKEN_ANA, NULL,
                 "{\"event_id\":\"late\",\"type\":\"payment.received\",\"invoice_id\":\"inv_1003\","
                 "\"amount\":\"1.00\",\"currency\":\"EUR\",\"paid_at\":\"2026-11-22T10:00:00Z\"}");
    api_assert_status(&reply, 200);
    http_reply_clear(&reply);
    assert_int_equal(count_of(mock, "payments WHERE invoice_id = 1002"), 3);
    free(run(mock, 0, WORDS("duplicates", "undo", "mrg_1")));
    assert_int_equal(count_of(mock, "payments WHERE invoice_id = 1002"), 0);
    assert_int_equal(count_of(mock, "payments WHERE invoice_id = 1003"), 2);
}

/* --- many, and killed --- */

#define GROUPS 40

static void plant_many(const struct mock *mock)
{
    struct support_buffer file = {0};
    for (int i = 0; i < 3 * GROUPS; i++) {
        char *number = support_format("%d", i % GROUPS);
        char *changes = support_format(
            "{\"id\":%d,\"created_at\":\"2020-01-%02d\"," PAID("1.00") "}", i, 1 + i / GROUPS);
        cleaning_add(&file, number, changes);
        free(changes);
        free(number);
    }
    import_text(mock, &file);
}

struct wish {
    const struct mock *mock;
    const char *table;
    long long least;
};

static bool is_fulfilled(void *context)
{
    struct wish *wish = context;
    return count_of(wish->mock, wish->table) >= wish->least;
}

static void killed_when(const struct mock *mock, const char *const *words, const char *table,
                        long long least)
{
    struct process process = {0};
    struct wish wish = {mock, table, least};
    cleaning_start(&process, mock, words);
    support_wait_until(is_fulfilled, &wish, PATIENCE_MS);
    process_signal(&process, SIGKILL);
    process_wait(&process, PATIENCE_MS);
    process_clear(&process);
}

static void killed_anywhere_it_goes_on(void **state)
{
    struct mock *mock = *state;
    plant_many(mock);
    char *before = whole_store(mock);
    for (int i = 0; i < 3; i++) {
        killed_when(mock, WORDS("duplicates", "merge"), "audit WHERE outcome = 'merged'",
                    1 + i * GROUPS / 2);
        /* Each group is merged whole or not at all. */
        assert_int_equal(count_of(mock, "audit WHERE outcome = 'merged'") % 2, 0);
        assert_int_equal(count_of(mock, "invoices WHERE record LIKE '%\"merged_into\"%'"),
                         count_of(mock, "audit WHERE outcome = 'merged'"));
    }
    free(run(mock, 0, WORDS("duplicates", "merge")));
    assert_int_equal(count_of(mock, "invoices WHERE record LIKE '%\"merged_into\"%'"), 2 * GROUPS);
    assert_int_equal(count_of(mock, "payments p JOIN invoices i ON i.id = p.invoice_id"
                                    " WHERE i.record LIKE '%\"merged_into\"%'"),
                     0);
    assert_int_equal(count_of(mock, "payments"), 3 * GROUPS);
    for (int i = 1; i <= GROUPS; i++) {
        char *id = support_format("mrg_%d", i);
        free(run(mock, 0, WORDS("duplicates", "undo", id)));
        free(id);
    }
    assert_same_store(mock, before);
}

/* --- while servers serve --- */

#define CLIENTS 64
#define EACH    4

struct crowd {
    const struct mock *mock;
    bool wrong[CLIENTS];
};

/* Creates, and sends the same again: one answer, and the right one. */
static void create_and_replay(size_t index, void *context)
{
    struct crowd *crowd = context;
    for (int i = 0; i < EACH; i++) {
        char *number = support_format("new-%zu-%d", index, i);
        char *key = support_format("\"key-%zu-%d\"", index, i);
        struct http_reply first = api_create_sample(crowd->mock, key, number, NULL);
        struct http_reply again = api_create_sample(crowd->mock, key, number, NULL);
        crowd->wrong[index] = crowd->wrong[index] || first.status != 201 || again.status != 201 ||
                              first.length != again.length ||
                              memcmp(first.body, again.body, first.length) != 0;
        http_reply_clear(&first);
        http_reply_clear(&again);
        free(number);
        free(key);
    }
}

static void no_create_is_lost_while_groups_are_merged(void **state)
{
    struct mock *mock = *state;
    struct crowd crowd = {.mock = mock};
    struct process process = {0};
    plant_many(mock);
    cleaning_start(&process, mock, WORDS("duplicates", "merge"));
    parallel_run(CLIENTS, create_and_replay, &crowd);
    for (size_t i = 0; i < CLIENTS; i++)
        assert_false(crowd.wrong[i]);
    assert_int_equal(process_wait(&process, PATIENCE_MS), 0);
    process_clear(&process);
    assert_int_equal(count_of(mock, "invoices WHERE number LIKE 'new-%'"), CLIENTS * EACH);
    assert_int_equal(count_of(mock, "invoices WHERE record LIKE '%\"merged_into\"%'"), 2 * GROUPS);
    expect_said(mock, 0, WORDS("duplicates", "enforce"), "number: holds");
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
    char *before = whole_store(mock);
    expect_said(mock, 0, WORDS("duplicates", "merge", "--resource", "customer"),
                "merged cus_2 into cus_1, with 1 invoice (mrg_1)");
    assert_text(mock, "/v1/invoices/inv_1002", "/customer/id", "cus_1");
    assert_int_equal(count_of(mock, "invoices WHERE customer_id = 1"), 2);
    expect_said(mock, 0, WORDS("duplicates", "enforce", "--resource", "customer"), "email: holds");
    free(run(mock, 0, WORDS("duplicates", "undo", "mrg_1")));
    assert_same_store(mock, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(find_shows_groups_and_what_would_be_done, NULL),
        SERVER_TEST(the_oldest_is_kept_and_paid, NULL),
        SERVER_TEST(lines_are_taken_where_that_is_said, NULL),
        SERVER_TEST(a_plan_is_what_is_done_then, NULL),
        SERVER_TEST(a_merge_is_taken_back_to_the_byte, NULL),
        SERVER_TEST(merges_behind_each_other_are_undone_in_turn, NULL),
        SERVER_TEST(lines_of_another_merge_stay, NULL),
        SERVER_TEST(groups_that_cannot_be_one_are_left, NULL),
        SERVER_TEST(a_payment_that_comes_later_is_its_own_again, NULL),
        SERVER_TEST(killed_anywhere_it_goes_on, NULL),
        SERVER_TEST(no_create_is_lost_while_groups_are_merged, NULL),
        SERVER_TEST(customers_are_merged_with_their_invoices, NULL),
    };
    http_setup();
    return cmocka_run_group_tests_name("duplicates merge", tests, NULL, NULL);
}
