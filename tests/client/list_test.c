/* invonce list and show: what the server has comes whole, however the connection fares, and takes
 * no more memory for being much. */
#include "tests/client/peak.h"
#include "tests/client/proxy.h"
#include "tests/client/stage.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/preload.h"
#include "tests/support/sample.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MANY      10000
#define FEW       1000
#define LONG_ONES 40   /* of 130 KiB: more than a page may be long */
#define CUT       450  /* three pages */
#define GROWTH    2048 /* KiB */

/* Puts records into the store of a server that need not be away for that. */
static void import(const struct mock *mock, const char *file)
{
    char *store = stores_url(mock->store);
    const char *const argv[] = {mock_program(), "import",    "--store",   store, "--tenant",
                                "north",        "--rejects", "/dev/null", file,  NULL};
    struct process_result result = process_run(argv, NULL, 4 * PATIENCE_MS);
    if (result.code != 0) fail_msg("import: exit %d; %s", result.code, result.errors);
    process_result_clear(&result);
    free(store);
}

static void fill(const struct stage *stage, const char *prefix, size_t count)
{
    char *path = support_format("%s/%s.jsonl", stage->room.home, prefix);
    FILE *stream = fopen(path, "we");
    assert_non_null(stream);
    for (size_t i = 0; i < count; i++) {
        char *number = support_format("%s-%05zu", prefix, i), *body = sample_body(number, NULL);
        assert_true(fprintf(stream, "%s\n", body) > 0);
        free(number);
        free(body);
    }
    assert_int_equal(fclose(stream), 0);
    import(&stage->mock, path);
    free(path);
}

static void create(const struct stage *stage, const char *number, const char *changes)
{
    char *body = sample_body(number, changes), *file = room_write(&stage->room, "one.json", body);
    struct process_result result = room_create(&stage->room, file);
    if (result.code != 0) fail_msg("exit %d; %s", result.code, result.output);
    process_result_clear(&result);
    free(file);
    free(body);
}

#define RUN(stage, ...) room_run(&(stage)->room, (const char *const[]){__VA_ARGS__, NULL})

/* The numbers that come, in their order, with a comma behind each. */
static void expect_numbers(struct process_result result, const char *expected)
{
    struct support_buffer numbers = {0};
    struct json *lines = room_lines(result.output);
    if (result.code != 0 || !lines)
        fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    support_append(&numbers, "", 0);
    for (const struct json *line = json_first(lines); line; line = json_next(line)) {
        const char *number = json_pointer_text(line, "/number");
        support_append(&numbers, number, strlen(number));
        support_append(&numbers, ",", 1);
    }
    assert_string_equal(numbers.bytes, expected);
    assert_string_equal(result.errors, "");
    free(numbers.bytes);
    json_free(lines);
    process_result_clear(&result);
}

static void what_is_asked_for(void **state)
{
    struct stage *stage = *state;
    create(stage, "A-1", "{\"issue_date\":\"2025-12-31\",\"due_date\":null}");
    create(stage, "a-2",
           "{\"issue_date\":\"2026-01-01\",\"due_date\":null,\"customer\":{\"email\":"
           "\"compta@ecole.example\",\"name\":\"\xC3\x89"
           "cole du Nord\"}}");
    create(stage, "B-3", "{\"issue_date\":\"2026-06-30\",\"due_date\":null}");
    expect_numbers(RUN(stage, "list", "--json"), "B-3,a-2,A-1,");
    expect_numbers(RUN(stage, "list", "--json", "--since", "2026-01-01"), "B-3,a-2,");
    expect_numbers(RUN(stage, "list", "--json", "--until=2026-01-01"), "a-2,A-1,");
    expect_numbers(RUN(stage, "list", "--json", "--since=2026-01-01", "--until=2026-06-29"),
                   "a-2,");
    expect_numbers(RUN(stage, "list", "--json", "--since=2025-01-01", "--until=2026-06-29"),
                   "a-2,A-1,");
    expect_numbers(RUN(stage, "list", "--json", "--number", "A-"), "a-2,A-1,");
    expect_numbers(RUN(stage, "list", "--json", "--customer",
                       "\xC3\xA9"
                       "COLE  du"),
                   "a-2,");
    expect_numbers(RUN(stage, "list", "--json", "--customer", "ECOLE.example"), "a-2,");
    expect_numbers(RUN(stage, "list", "--json", "--customer", "nobody"), "");
    expect_numbers(RUN(stage, "list", "--json", "--since=2026-06-30", "--until=2026-06-30"),
                   "B-3,");
    expect_numbers(RUN(stage, "list", "--json", "--until", "0001-01-01"), "");
    expect_numbers(RUN(stage, "list", "--json", "--since", "9999-12-31"), "");
    expect_numbers(RUN(stage, "list", "--json", "--number", "\uFF21\u20111", "--customer="),
                   "A-1,"); /* as numbers are compared */
    static char endless[100000];
    memset(endless, 'A', sizeof endless - 1);
    expect_numbers(RUN(stage, "list", "--json", "--number", endless), "");
}

static void as_a_table_and_as_csv(void **state)
{
    struct stage *stage = *state;
    create(stage, "T-1",
           "{\"customer\":{\"email\":\"ap@b.example\",\"name\":\"=1+2;\\\"x\\\"\"},"
           "\"external_ref\":{\"source\":\"\uFF1D1\",\"id\":\"\uFF201\"},\"notes\":\"'+49\\n30\"}");
    struct process_result result = RUN(stage, "list");
    assert_int_equal(result.code, 0);
    assert_non_null(strstr(result.output, "NUMBER"));
    assert_non_null(strstr(result.output, "T-1"));
    assert_non_null(strstr(result.output, "217.80  EUR  inv_"));
    process_result_clear(&result);
    result = RUN(stage, "list", "--csv");
    assert_int_equal(result.code, 0);
    assert_memory_equal(result.output, "\"number\",\"issue_date\",", 22);
    assert_non_null(strstr(result.output, "\"'=1+2;\"\"x\"\"\",")); /* no formula is run */
    assert_non_null(strstr(result.output, "\"''+49\n30\","));
    assert_non_null(strstr(result.output, "\"'\uFF1D1\",\"'\uFF201\""));
    assert_non_null(strstr(result.output, "\"1.5\",\"120.00\",\"21\",\"180.00\""));
    assert_string_equal(result.output + strlen(result.output) - 2, "\r\n");
    process_result_clear(&result);
    result = RUN(stage, "list", "--csv", "--decimal-comma");
    assert_non_null(strstr(result.output, "\"1,5\";\"120,00\";\"21\";\"180,00\""));
    process_result_clear(&result);
    result = RUN(stage, "list", "--csv", "--decimal-comma", "--delimiter", "tab");
    assert_non_null(strstr(result.output, "\"1,5\"\t\"120,00\"\t"));
    process_result_clear(&result);
    result = RUN(stage, "list", "--csv", "--number", "nothing");
    assert_non_null(strstr(result.output, "\"number\"")); /* a table of nothing */
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
}

static void expect_code(struct process_result result, int code, const char *said)
{
    if (result.code != code || !strstr(result.errors, said))
        fail_msg("exit %d, not %d; %s%s", result.code, code, result.output, result.errors);
    process_result_clear(&result);
}

static void what_cannot_be_is_told(void **state)
{
    struct stage *stage = *state;
    expect_code(RUN(stage, "list", "--since", "22.11.2026"), 2, "22.11.2026");
    expect_code(RUN(stage, "list", "--since=2026-02-02", "--until=2026-02-01"), 2, "--until");
    expect_code(RUN(stage, "list", "--json", "--csv"), 2, "not both");
    expect_code(RUN(stage, "list", "--decimal-comma"), 2, "--csv");
    expect_code(RUN(stage, "list", "--csv", "--delimiter", "ab"), 2, "--delimiter");
    expect_code(RUN(stage, "list", "--nonsense"), 2, "--nonsense");
    expect_code(RUN(stage, "list", "--since=2026-02-30"), 2, "2026-02-30");
    expect_code(RUN(stage, "list", "--until="), 2, "not a day");
    expect_code(RUN(stage, "list", "--since"), 2, "lacks its value");
    expect_code(RUN(stage, "list", "--customer", "a\xff"), 2, "not UTF-8");
    expect_code(RUN(stage, "list", "--number", "a\xc3"), 2, "not UTF-8");
    expect_code(RUN(stage, "show", "a\xff"), 2, "not UTF-8");
    expect_code(RUN(stage, "show"), 2, "number");
    expect_code(RUN(stage, "show", "a", "b"), 2, "b");
    expect_code(RUN(stage, "show", "nothing"), 1, "nothing");
    expect_code(RUN(stage, "show", "inv_999999"), 1, "inv_999999");
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=1s");
    room_set(&stage->room, "INVONCE_TOKEN=nobody-knows-this-one-0000");
    expect_code(RUN(stage, "list"), 4, "token");
    expect_code(RUN(stage, "show", "inv_1001"), 4, "token");
    room_set(&stage->room, "INVONCE_TOKEN=" TOKEN_ANA);
    mock_kill(&stage->mock);
    expect_code(RUN(stage, "list"), 4, "If the server stays away");
    expect_code(RUN(stage, "show", "A-1"), 4, "If the server stays away");
}

/* Lists through a proxy that answers each second request itself. */
static struct process_result list_through(struct stage *stage, struct proxy *proxy)
{
    proxy->server_port = stage->mock.port;
    proxy->takes_turns = true;
    proxy_start(proxy);
    char *server = support_format("INVONCE_SERVER=%s", proxy->url);
    room_set(&stage->room, server);
    free(server);
    struct process_result result = RUN(stage, "list", "--json");
    proxy_stop(proxy);
    return result;
}

/* Half of the answers are lost, another way each time: each invoice comes, and comes once. */
static void a_lost_connection_is_gone_on_with(void **state)
{
    static const char *const ANSWERS[] = {
        NULL, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n"
        "{\"data\":[",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\n<html/>"};
    struct stage *stage = *state;
    fill(stage, "C", CUT);
    for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++) {
        struct proxy proxy = {.canned = ANSWERS[i]};
        struct process_result result = list_through(stage, &proxy);
        struct json *lines = room_lines(result.output);
        if (result.code != 0 || json_count(lines) != CUT)
            fail_msg("%zu: exit %d, %zu; %s", i, result.code, json_count(lines), result.errors);
        size_t at = CUT;
        for (const struct json *line = json_first(lines); line; line = json_next(line)) {
            char *number = support_format("C-%05zu", --at);
            assert_string_equal(json_pointer_text(line, "/number"), number);
            free(number);
        }
        assert_int_equal(proxy.reads, 5); /* three pages, and two that were lost */
        json_free(lines);
        process_result_clear(&result);
        proxy_clear(&proxy);
    }
}

/* What can't be had is told, and what came before it stands. */
static void half_of_a_list_is_no_list(void **state)
{
    struct stage *stage = *state;
    struct proxy proxy = {.canned = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"};
    fill(stage, "H", CUT);
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=1ms");
    struct process_result result = list_through(stage, &proxy);
    struct json *lines = room_lines(result.output);
    assert_int_equal(json_count(lines), 200);
    json_free(lines);
    expect_code(result, 4, "not all");
    proxy_clear(&proxy);
}

/* Whoever reads no further has seen enough: nothing is said of it. */
static void a_reader_that_leaves_is_no_trouble(void **state)
{
    struct stage *stage = *state;
    static const char SCRIPT[] = "{ \"$0\" list \"$1\"; echo \"exit $?\" >&2; } | head -n 1";
    static const char *const FORMS[] = {"--json", "--csv", "--number="};
    fill(stage, "P", 5 * CUT);
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        const char *const argv[] = {"/bin/sh", "-c", SCRIPT, room_program(), FORMS[i], NULL};
        struct process_result result =
            process_run(argv, (const char *const *)stage->room.variables, PATIENCE_MS);
        assert_string_equal(result.errors, "exit 1\n");
        assert_non_null(strchr(result.output, '\n'));
        process_result_clear(&result);
    }
}

/* Between two pages, the second of which doesn't come. */
static void an_interrupted_list_says_so(void **state)
{
    struct stage *stage = *state;
    struct proxy proxy = {.canned =
                              "HTTP/1.1 503 Busy\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n",
                          .server_port = stage->mock.port,
                          .takes_turns = true};
    struct process process = {0};
    fill(stage, "I", CUT);
    proxy_start(&proxy);
    char *server = support_format("INVONCE_SERVER=%s", proxy.url);
    room_set(&stage->room, server);
    room_start(&stage->room, &process, (const char *const[]){"list", NULL});
    char *seen = process_expect(&process, "I-00449", PATIENCE_MS);
    assert_non_null(seen);
    process_signal(&process, SIGINT);
    assert_int_equal(process_wait(&process, PATIENCE_MS), PROCESS_SIGNAL_BASE + SIGINT);
    char *errors = process_errors(&process);
    assert_string_equal(errors, "invonce: interrupted\n");
    free(errors);
    free(seen);
    free(server);
    process_clear(&process);
    proxy_stop(&proxy);
    proxy_clear(&proxy);
}

static void one_is_shown(void **state)
{
    struct stage *stage = *state;
    create(stage, "S-1", "{\"notes\":\"Thank you.\"}");
    create(stage, "S-2", "{\"issue_date\":\"2025-01-02\",\"due_date\":null}");
    create(stage, "s-2", NULL);
    struct process_result result = RUN(stage, "show", "s-1", "--json");
    struct json *record = json_from(result.output);
    const char *id = json_pointer_text(record, "/id");
    assert_string_equal(json_pointer_text(record, "/number"), "S-1");
    assert_int_equal(result.code, 0);
    struct process_result page = RUN(stage, "show", id);
    assert_int_equal(page.code, 0);
    assert_non_null(strstr(page.output, id));
    assert_non_null(strstr(page.output, "Tax 21 % of 180.00"));
    assert_non_null(strstr(page.output, "Thank you."));
    assert_null(strstr(page.output, "Paid"));
    process_result_clear(&page);
    char *url = support_format("%s/v1/webhooks/bank", stage->mock.url);
    char *event = support_format("{\"event_id\":\"e-1\",\"type\":\"payment.received\","
                                 "\"invoice_id\":\"%s\",\"amount\":\"200.00\",\"currency\":"
                                 "\"EUR\",\"paid_at\":\"2026-12-01T10:00:00Z\"}",
                                 id);
    struct http_reply reply =
        http_send(&(struct http_request){.url = url, .token = TOKEN_ANA, .body = event});
    assert_int_equal(reply.status, 200);
    http_reply_clear(&reply);
    free(event);
    free(url);
    page = RUN(stage, "show", "S-1", "--text", "--lang", "pt_BR");
    assert_non_null(strstr(page.output, "Paga em 2026-12-01: 200.00 EUR"));
    assert_non_null(strstr(page.output, "Falta pagar: 17.80 EUR"));
    process_result_clear(&page);
    process_result_clear(&result);
    json_free(record);
    expect_code(RUN(stage, "show", "S-2"), 1, "several"); /* of two years */
}

/* A page of records that are as long as can be ends early: what comes is no longer than is read. */
static void long_records_come_too(void **state)
{
    struct stage *stage = *state;
    struct support_buffer lines = {0}, text = {0};
    char description[3 * 200 + 1] = "";
    for (size_t i = 0; i < 200; i++)
        memcpy(description + 3 * i, "\xE4\xBC\x9A", 4);
    char *line = support_format("{\"description\":\"%s\",\"quantity\":\"1\",\"unit_price\":\"1\"}",
                                description);
    for (size_t i = 0; i < 200; i++) {
        if (i > 0) support_append(&lines, ",", 1);
        support_append(&lines, line, strlen(line));
    }
    char *changes = support_format("{\"lines\":[%s]}", lines.bytes);
    for (size_t i = 0; i < LONG_ONES; i++) {
        char *number = support_format("X-%zu", i), *body = sample_body(number, changes);
        support_append(&text, body, strlen(body));
        support_append(&text, "\n", 1);
        free(body);
        free(number);
    }
    char *file = room_write(&stage->room, "long.jsonl", text.bytes);
    import(&stage->mock, file);
    struct process_result result = RUN(stage, "list", "--json");
    struct json *listed = room_lines(result.output);
    if (result.code != 0 || json_count(listed) != LONG_ONES)
        fail_msg("exit %d, %zu; %s", result.code, json_count(listed), result.errors);
    json_free(listed);
    process_result_clear(&result);
    free(file);
    free(changes);
    free(line);
    free(text.bytes);
    free(lines.bytes);
}

static struct peak list(const struct room *room, const char *form)
{
    char *program = support_format("%s", room_program()), *asked = support_format("%s", form);
    char command[] = "list";
    char *const argv[] = {program, command, asked, NULL};
    for (size_t i = 0; i < room->variable_count; i++)
        assert_int_equal(putenv(room->variables[i]), 0);
    char *path = support_format("%s/out", room->home);
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(out >= 0);
    struct peak peak = peak_run(argv, out);
    close(out);
    free(path);
    free(program);
    free(asked);
    return peak;
}

static size_t lines_listed(const struct room *room)
{
    char *path = support_format("%s/out", room->home);
    FILE *file = fopen(path, "re");
    size_t lines = 0;
    assert_non_null(file);
    for (int byte; (byte = fgetc(file)) != EOF;)
        lines += byte == '\n';
    fclose(file);
    free(path);
    return lines;
}

static void ten_thousand_take_no_more_than_a_thousand(void **state)
{
    (void)state;
    static const char *const FORMS[] = {"--json", "--csv"};
    struct stage stage = {0};
    assert_true(mock_start(&stage.mock, NULL));
    room_open(&stage.room, stage.mock.url, (const char *const[]){PRELOAD_ASAN_NO_LEAKS, NULL});
    fill(&stage, "few", FEW);
    struct peak few[2], many[2];
    for (size_t i = 0; i < 2; i++)
        few[i] = list(&stage.room, FORMS[i]);
    fill(&stage, "many", MANY - FEW);
    for (size_t i = 0; i < 2; i++) {
        many[i] = list(&stage.room, FORMS[i]);
        printf("%s: %d: %ld KiB; %d: %ld KiB, %.1f s\n", FORMS[i], FEW, few[i].kib, MANY,
               many[i].kib, many[i].seconds);
        assert_int_equal(many[i].code, 0);
        assert_int_equal(lines_listed(&stage.room), MANY + i);
        if (!peak_is_sanitized()) assert_true(many[i].kib < few[i].kib + GROWTH);
    }
    mock_clear(&stage.mock);
    free(stage.room.journal);
    temp_dir_remove(stage.room.home); /* its variables are the environment's now */
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(what_is_asked_for),
        TEST(as_a_table_and_as_csv),
        TEST(what_cannot_be_is_told),
        TEST(a_lost_connection_is_gone_on_with),
        TEST(half_of_a_list_is_no_list),
        TEST(a_reader_that_leaves_is_no_trouble),
        TEST(an_interrupted_list_says_so),
        TEST(one_is_shown),
        TEST(long_records_come_too),
        cmocka_unit_test(ten_thousand_take_no_more_than_a_thousand),
    };
    return cmocka_run_group_tests_name("client/list", tests, NULL, NULL);
}
