/* Import: records of another system, once, duplicates and all. */
#include "tests/server/cleaning.h"
#include "tests/support/rows.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static long long count_of(const struct mock *mock, const char *table)
{
    char *query = support_format("SELECT count(*) FROM %s", table);
    long long count = rows_number(mock->store, query);
    free(query);
    return count;
}

static void records_keep_their_time_maker_id_and_payments(void **state)
{
    struct mock *mock = *state;
    struct support_buffer file = {0};
    cleaning_add(
        &file, "2019-7",
        "{\"id\":4711,\"created_at\":\"2019-03-01T10:00:00+01:00\",\"created_by\":\"old ana\","
        "\"issue_date\":\"2019-03-01\",\"payments\":[{\"amount\":\"100.00\","
        "\"paid_at\":\"2019-04-01\",\"provider\":\"bank\",\"event_id\":\"e1\"},"
        "{\"amount\":\"117.80\",\"paid_at\":\"2019-05-01T00:00:00Z\"}],"
        "\"totals\":{\"net\":\"180\",\"tax\":\"37.80\",\"gross\":\"217.8\"}}");
    free(cleaning_import(mock, 0, "old.jsonl", file.bytes));
    struct http_reply reply = api_get(mock, TOKEN_ANA, "/v1/invoices/inv_1001");
    api_assert_status(&reply, 200);
    assert_string_equal(api_text(&reply, "/created_at"), "2019-03-01T09:00:00.000Z");
    assert_string_equal(api_text(&reply, "/created_by"), "old ana");
    assert_string_equal(api_text(&reply, "/external_ref/source"), "legacy");
    assert_string_equal(api_text(&reply, "/external_ref/id"), "4711");
    assert_string_equal(api_text(&reply, "/totals/gross"), "217.80");
    assert_string_equal(api_text(&reply, "/customer/id"), "cus_1");
    http_reply_clear(&reply);
    assert_int_equal(count_of(mock, "payments WHERE invoice_id = 1001"), 2);
    assert_int_equal(count_of(mock, "provider_events WHERE provider = 'bank' AND event_id = 'e1'"),
                     1);
    reply = api_get(mock, TOKEN_ANA, "/v1/audit");
    assert_string_equal(api_text(&reply, "/data/0/outcome"), "imported");
    assert_string_equal(api_text(&reply, "/data/0/user"), "carla");
    assert_string_equal(api_text(&reply, "/data/0/endpoint"), "import invoice legacy");
    assert_string_equal(api_text(&reply, "/data/0/record_id"), "inv_1001");
    assert_string_equal(api_text(&reply, "/data/0/number"), "2019-7");
    http_reply_clear(&reply);
    free(file.bytes);
}

static void what_our_own_get_gives_comes_back(void **state)
{
    struct mock *mock = *state;
    struct http_reply made = api_create_sample(mock, "\"k\"", "7", NULL);
    api_assert_status(&made, 201);
    free(cleaning_import(mock, 0, "ours.jsonl", made.body));
    struct http_reply reply = api_get(mock, TOKEN_ANA, "/v1/invoices/inv_1002");
    api_assert_status(&reply, 200);
    assert_string_equal(api_text(&reply, "/external_ref/id"), "inv_1001");
    assert_string_equal(api_text(&reply, "/created_at"), api_text(&made, "/created_at"));
    assert_string_equal(api_text(&reply, "/totals/gross"), "217.80");
    http_reply_clear(&reply);
    http_reply_clear(&made);
    assert_int_equal(count_of(mock, "standing"), 1);
}

static void the_same_file_again_adds_nothing(void **state)
{
    struct mock *mock = *state;
    struct support_buffer file = {0};
    for (int i = 0; i < 30; i++) {
        char *number = support_format("%d", i / 3); /* each three times, byte for byte */
        cleaning_add(&file, number, NULL);
        free(number);
    }
    free(cleaning_import(mock, 0, "a.jsonl", file.bytes));
    assert_int_equal(count_of(mock, "invoices"), 30);
    assert_int_equal(count_of(mock, "standing"), 20);
    free(cleaning_import(mock, 0, "b.jsonl", file.bytes));
    assert_int_equal(count_of(mock, "invoices"), 30);
    cleaning_add(&file, "0", NULL); /* a fourth one is another */
    free(cleaning_import(mock, 0, "b.jsonl", file.bytes));
    assert_int_equal(count_of(mock, "invoices"), 31);
    free(file.bytes);
}

/* By when they were created, whichever comes first; of one time, the first. */
static void the_oldest_has_the_claim(void **state)
{
    struct mock *mock = *state;
    static const char *const TIMES[] = {"2020-05-01", "2020-03-01", "2020-04-01", "2020-03-01"};
    struct support_buffer file = {0};
    for (size_t i = 0; i < COUNT_OF(TIMES); i++) {
        char *changes = support_format("{\"id\":\"%zu\",\"created_at\":\"%s\"}", i, TIMES[i]);
        cleaning_add(&file, i == 2 ? " 7" : "7", changes);
        free(changes);
    }
    char *errors = cleaning_import(mock, 0, "a.jsonl", file.bytes);
    assert_string_equal(errors, "");
    free(errors);
    assert_int_equal(rows_number(mock->store, "SELECT record FROM claims WHERE rule = 'number'"),
                     1002);
    assert_int_equal(count_of(mock, "standing WHERE record IN (1001, 1003, 1004)"), 3);
    struct http_reply reply = api_create_sample(mock, "\"k\"", "7", NULL);
    api_assert_problem(&reply, "invoice-number-taken");
    assert_string_equal(api_text(&reply, "/existing/id"), "inv_1002");
    http_reply_clear(&reply);
    free(file.bytes);
}

/* Each goes to the file as it was, behind a line that says why; mended there, it goes in. */
static void what_is_rejected_can_be_mended(void **state)
{
    struct mock *mock = *state;
    char directory[TEMP_DIR_SIZE];
    struct support_buffer file = {0};
    cleaning_add(&file, "1", NULL);
    cleaning_add(&file, "2", "{\"totals\":{\"gross\":\"217.81\"}}");
    support_append(&file, "{\"number\":\n", 11);
    cleaning_add(&file, "4", "{\"currency\":\"XXQ\"}");
    cleaning_add(&file, "5", "{\"payments\":[{\"amount\":\"1.00\",\"paid_at\":\"soon\"}]}");
    cleaning_add(&file, "6", "{\"status\":\"merged\",\"merged_into\":\"inv_9\"}");
    cleaning_add(&file, "7", "{\"created_at\":\"9999-12-31T23:59:59-12:00\"}");
    cleaning_add(&file, "8", "{\"created_at\":\"0001-01-01T00:00:00+12:00\"}");
    cleaning_add(&file, "9", "{\"created_by\":\"\\u001b[31m\"}");
    temp_dir_make(directory);
    char *path = temp_dir_write(directory, "a.jsonl", file.bytes, file.length);
    struct process_result result = cleaning_run(mock, 4, WORDS("import", path));
    assert_non_null(strstr(result.output, "1 imported"));
    assert_non_null(strstr(
        result.errors, "a.jsonl:2: The gross is given as \"217.81\", and comes to \"217.80\"."));
    assert_non_null(strstr(result.errors, "a.jsonl:3: "));
    assert_non_null(strstr(result.errors, "a.jsonl:4: "));
    assert_non_null(strstr(result.errors, "a.jsonl:5: Payment 1: The time must be"));
    assert_non_null(strstr(result.errors, "a.jsonl:6: It is merged"));
    assert_non_null(strstr(result.errors, "a.jsonl:7: The created_at must be"));
    assert_non_null(strstr(result.errors, "a.jsonl:8: The created_at must be"));
    assert_non_null(strstr(result.errors, "a.jsonl:9: The created_by must be"));
    process_result_clear(&result);
    char *rejects = support_format("%s.rejects", path);
    FILE *lines = fopen(rejects, "re");
    char line[4096];
    int comments = 0, records = 0;
    while (fgets(line, sizeof line, lines)) {
        comments += line[0] == '#';
        records += line[0] == '{';
    }
    fclose(lines);
    assert_int_equal(comments, 8);
    assert_int_equal(records, 8);
    assert_int_equal(count_of(mock, "invoices"), 1);
    /* The comments are passed over. */
    result = cleaning_run(mock, 4, WORDS("import", "--rejects", path, rejects));
    assert_non_null(strstr(result.output, "8 rejected"));
    process_result_clear(&result);
    /* What is read is never written over. */
    char *other_name = support_format("%s/./a.jsonl.rejects", directory);
    result = cleaning_run(mock, 2, WORDS("import", "--rejects", other_name, rejects));
    assert_non_null(strstr(result.errors, "is the file that is read"));
    process_result_clear(&result);
    free(other_name);
    free(rejects);
    free(path);
    free(file.bytes);
    temp_dir_remove(directory);
}

static const char TABLE[] =
    "\xEF\xBB\xBFnumber;issue_date;currency;customer.email;Description;quantity;unit_price;"
    "payment.amount;payment.paid_at;id;created_at\r\n"
    "A;2020-01-02;EUR;a@b.example;\"Work; "
    "hard\";1,5;\"1.234,50\";\"5,00\";2020-02-01;7;2020-01-02\r\n"
    "A;2020-01-02;EUR;a@b.example;\"\"\"two\"\"\";-1;10,00;;;7;\r\n"
    "\r\n"
    "A;2020-01-02;EUR;a@b.example;another;1;1;;;8;2020-01-03\r\n"
    ";;;;;;;;;;\r\n"
    "B;2020-01-02;EUR;a@b.example;x;1.5;1;;;9;\r\n"
    ";;;\r\n";

static void a_spreadsheet_is_read(void **state)
{
    struct mock *mock = *state;
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *path = temp_dir_write(directory, "a.csv", TABLE, sizeof TABLE - 1);
    struct process_result result =
        cleaning_run(mock, 4, WORDS("import", "--decimal-comma", "--source", "sage", path));
    assert_non_null(strstr(result.output, "2 imported, with 1 payment;"));
    assert_non_null(strstr(result.errors, "a.csv:7: A number has a point"));
    assert_non_null(strstr(result.output, "1 rejected"));
    process_result_clear(&result);
    struct http_reply reply = api_get(mock, TOKEN_ANA, "/v1/invoices/inv_1001");
    assert_string_equal(api_text(&reply, "/lines/0/description"), "Work; hard");
    assert_string_equal(api_text(&reply, "/lines/1/description"), "\"two\"");
    assert_string_equal(api_text(&reply, "/totals/net"), "1841.75");
    assert_string_equal(api_text(&reply, "/external_ref/source"), "sage");
    http_reply_clear(&reply);
    /* The reject, mended by a person. */
    char *rejects = support_format("%s.rejects", path);
    FILE *file = fopen(rejects, "re");
    char text[4096];
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    char *wrong = strstr(text, "\"1.5\"");
    assert_non_null(wrong);
    wrong[2] = ',';
    char *mended = temp_dir_write(directory, "mended.csv", text, length);
    result = cleaning_run(mock, 0, WORDS("import", "--decimal-comma", mended));
    assert_non_null(strstr(result.output, "1 imported"));
    process_result_clear(&result);
    free(mended);
    free(rejects);
    free(path);
    temp_dir_remove(directory);
}

/* One payment a provider's event, whichever copy of its invoice tells of it. */
static void a_payment_that_two_copies_have_is_one(void **state)
{
    struct mock *mock = *state;
    struct support_buffer file = {0};
    for (int i = 0; i < 2; i++) {
        cleaning_add(&file, "7",
                     i ? "{\"payments\":[{\"amount\":\"9.00\",\"paid_at\":\"2026-11-22\","
                         "\"provider\":\"p\",\"event_id\":\"e\"}],\"id\":1}"
                       : "{\"payments\":[{\"amount\":\"9.00\",\"paid_at\":\"2026-11-22\","
                         "\"provider\":\"p\",\"event_id\":\"e\"}],\"id\":2}");
    }
    free(cleaning_import(mock, 0, "a.jsonl", file.bytes));
    assert_int_equal(count_of(mock, "invoices"), 2);
    assert_int_equal(count_of(mock, "payments"), 1);
    /* Of another amount it is another payment, which is not lost without a word. */
    file.length = 0;
    cleaning_add(&file, "8",
                 "{\"payments\":[{\"amount\":\"1.00\",\"paid_at\":\"2026-11-22\"},"
                 "{\"amount\":\"9.01\",\"paid_at\":\"2026-11-22\","
                 "\"provider\":\"p\",\"event_id\":\"e\"}]}");
    char *errors = cleaning_import(mock, 4, "b.jsonl", file.bytes);
    assert_non_null(strstr(errors, "b.jsonl:1: Payment 2 was left out: "));
    free(errors);
    assert_int_equal(count_of(mock, "payments"), 2);
    free(file.bytes);
}

#define MANY 1500

static char *write_many(const char *directory)
{
    struct support_buffer file = {0};
    for (int i = 0; i < MANY; i++) {
        char *number = support_format("%d", i % (MANY / 2));
        char *changes = support_format(
            "{\"id\":%d,\"payments\":[{\"amount\":\"1.00\",\"paid_at\":\"2026-11-22\"}]}", i);
        cleaning_add(&file, number, changes);
        free(changes);
        free(number);
    }
    char *path = temp_dir_write(directory, "many.jsonl", file.bytes, file.length);
    free(file.bytes);
    return path;
}

struct progress {
    const struct mock *mock;
    long long wanted;
};

static bool is_so_far(void *context)
{
    struct progress *progress = context;
    return count_of(progress->mock, "invoices") >= progress->wanted;
}

static void assert_many(const struct mock *mock)
{
    assert_int_equal(count_of(mock, "invoices"), MANY);
    assert_int_equal(count_of(mock, "payments"), MANY);
    assert_int_equal(count_of(mock, "standing"), MANY / 2);
    assert_int_equal(count_of(mock, "claims WHERE rule = 'number'"), MANY / 2);
    assert_int_equal(count_of(mock, "audit WHERE outcome = 'imported'"), MANY);
}

static void killed_it_goes_on_and_adds_nothing_twice(void **state)
{
    struct mock *mock = *state;
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *path = write_many(directory);
    for (int kill = 1; kill <= 4; kill++) {
        struct process process = {0};
        struct progress progress = {mock, kill * MANY / 6};
        cleaning_start(&process, mock, WORDS("import", path));
        assert_true(support_wait_until(is_so_far, &progress, PATIENCE_MS));
        process_signal(&process, SIGKILL);
        process_wait(&process, PATIENCE_MS);
        process_clear(&process);
    }
    struct process_result result = cleaning_run(mock, 0, WORDS("import", "--json", path));
    struct json *said =
        json_read_object(result.output, strlen(result.output), (char[JSON_PROBLEM_MAX]){0});
    assert_int_equal(json_integer(json_member(said, "imported"), 0) +
                         json_integer(json_member(said, "known"), 0),
                     MANY);
    json_free(said);
    process_result_clear(&result);
    assert_many(mock);
    free(path);
    temp_dir_remove(directory);
}

static void asked_to_stop_it_says_how_to_go_on(void **state)
{
    struct mock *mock = *state;
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *path = support_format("%s/pipe", directory);
    char *argument = support_format("%s.rejects", path);
    char *many = write_many(directory);
    struct process process = {0};
    struct progress progress = {mock, 1};
    cleaning_start(&process, mock, WORDS("import", many));
    assert_true(support_wait_until(is_so_far, &progress, PATIENCE_MS));
    process_signal(&process, SIGTERM);
    int code = process_wait(&process, PATIENCE_MS);
    char *errors = process_errors(&process);
    assert_true(code == 0 || code == 1); /* it may have been at the end */
    assert_true(code == 0 || strstr(errors, "the same command goes on"));
    free(errors);
    process_clear(&process);
    process_result_clear((struct process_result[]){cleaning_run(mock, 0, WORDS("import", many))});
    assert_many(mock);
    free(many);
    free(argument);
    free(path);
    temp_dir_remove(directory);
}

static void what_is_wrong_with_the_command_is_said(void **state)
{
    struct mock *mock = *state;
    static const struct {
        const char *words[6], *said;
    } WRONG[] = {
        {{"import"}, "needs the name of a file"},
        {{"import", "/nowhere/a.jsonl"}, "No such file"},
        {{"import", "--resource", "cow", "a"}, "there is none called cow"},
        {{"import", "--resource", "payment", "a"}, "come with others"},
        {{"import", "--source", "a b", "a"}, "without blanks"},
        {{"import", "--delimiter", ";", "a.jsonl"}, "are for CSV"},
        {{"import", "--delimiter", "xx", "a.csv"}, "expected a character"},
        {{"import", "a", "b"}, "unexpected argument b"},
    };
    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        struct process_result result = cleaning_run(mock, 2, WRONG[i].words);
        assert_non_null(strstr(result.errors, WRONG[i].said));
        process_result_clear(&result);
    }
    char *errors = cleaning_import(mock, 1, "a.csv", "number,colour\n1,red\n");
    assert_non_null(strstr(errors, "line 1: there is no column \"colour\" here"));
    free(errors);
    errors = cleaning_import(mock, 1, "a.csv", "number,notes,Number\n1,,2\n");
    assert_non_null(strstr(errors, "line 1: there are two columns \"Number\""));
    free(errors);
    errors = cleaning_import(mock, 1, "a.csv", "number,notes\n1,\"red\n");
    assert_non_null(strstr(errors, "line 2: a quote that is opened there is never closed"));
    free(errors);
    assert_int_equal(count_of(mock, "invoices"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVER_TEST(records_keep_their_time_maker_id_and_payments, NULL),
        SERVER_TEST(what_our_own_get_gives_comes_back, NULL),
        SERVER_TEST(the_same_file_again_adds_nothing, NULL),
        SERVER_TEST(the_oldest_has_the_claim, NULL),
        SERVER_TEST(what_is_rejected_can_be_mended, NULL),
        SERVER_TEST(a_spreadsheet_is_read, NULL),
        SERVER_TEST(a_payment_that_two_copies_have_is_one, NULL),
        SERVER_TEST(killed_it_goes_on_and_adds_nothing_twice, NULL),
        SERVER_TEST(asked_to_stop_it_says_how_to_go_on, NULL),
        SERVER_TEST(what_is_wrong_with_the_command_is_said, NULL),
    };
    http_setup();
    return cmocka_run_group_tests_name("duplicates import", tests, NULL, NULL);
}
