/* What goes over the wire: one request for each attempt that is counted, on a connection of its
 * own; and what comes back that is no answer, and isn't believed. */
#include "tests/client/account.h"
#include "tests/client/batch.h"
#include "tests/client/proxy.h"
#include "tests/client/room.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NUMBER  "2026-0042"
#define RECORDS 60

struct stage {
    struct mock mock;
    struct proxy proxy;
    struct room room;
    struct process_result result;
};

static void open_stage(struct stage *stage, const char *const *faults, const char *setting)
{
    *stage = (struct stage){0};
    assert_true(mock_start(&stage->mock, faults));
    stage->proxy.server_port = stage->mock.port;
    room_open(&stage->room, "http://127.0.0.1:1", (const char *const[]){setting, NULL});
}

static void open_proxy(struct stage *stage)
{
    proxy_start(&stage->proxy);
    char *server = support_format("INVONCE_SERVER=%s", stage->proxy.url);
    room_set(&stage->room, server);
    free(server);
}

static void create(struct stage *stage, const char *file)
{
    stage->result = room_create(&stage->room, file);
    proxy_stop(&stage->proxy);
}

static void close_stage(struct stage *stage)
{
    process_result_clear(&stage->result);
    proxy_clear(&stage->proxy);
    room_clear(&stage->room);
    mock_clear(&stage->mock);
}

/* Of all records together, as the output tells them. */
static size_t attempts_told(const char *output, size_t records)
{
    struct json *lines = room_lines(output);
    assert_non_null(lines);
    assert_int_equal(json_count(lines), records);
    size_t attempts = 0;
    for (size_t i = 0; i < records; i++)
        attempts += (size_t)json_integer(json_pointer_get(json_item(lines, i), "/attempts"), 0);
    json_free(lines);
    return attempts;
}

static void expect_one_request_an_attempt(struct stage *stage, size_t records)
{
    size_t attempts = attempts_told(stage->result.output, records);
    assert_int_equal(stage->proxy.posts, attempts);
    assert_int_equal(rows_number(stage->room.journal, "SELECT count(*) FROM attempts"), attempts);
}

static void each_attempt_is_one_request(void **state)
{
    (void)state;
    static const char *const faults[] = {
        "drop-before@attempt=1",       "drop-response@attempt=1",   "reset-response@attempt=1",
        "truncate-response@attempt=1", "garble-response@attempt=1", "hang@attempt=1",
        "status=503@attempt=1",        "drop-response@first=3",
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct stage stage;
        open_stage(&stage, (const char *const[]){"--fault", faults[i], NULL},
                   "INVONCE_ATTEMPT_TIMEOUT=800ms");
        open_proxy(&stage);
        char *file = room_write_invoice(&stage.room, NUMBER);
        create(&stage, file);
        assert_int_equal(stage.result.code, 0);
        expect_one_request_an_attempt(&stage, 1);
        assert_true(stage.proxy.posts >= 2);
        assert_int_equal(stage.proxy.most_posts_on_one, 1);
        account_expect(account_of_one(&stage.mock, &stage.room, NUMBER));
        free(file);
        close_stage(&stage);
    }
}

/* `hang_up_at`: of each connection that request has no answer, as when a kept one turns out dead:
 * then libcurl by itself would send it once more, unseen. */
static void batch(const char *const *faults, size_t hang_up_at)
{
    struct stage stage;
    open_stage(&stage, faults, NULL);
    stage.proxy.hang_up_at = hang_up_at;
    open_proxy(&stage);
    char *file = batch_write(&stage.room, "wire", RECORDS);
    create(&stage, file);
    if (stage.result.code != 0) fail_msg("exit %d; %s", stage.result.code, stage.result.errors);
    expect_one_request_an_attempt(&stage, RECORDS);
    account_expect(batch_account(&stage.mock, &stage.room, "wire", RECORDS));
    free(file);
    close_stage(&stage);
}

static void so_is_each_of_a_batch(void **state)
{
    (void)state;
    batch((const char *const[]){"--fault", "drop-response@p=0.2", "--fault", "drop-before@p=0.2",
                                "--fault", "status=503@p=0.1", NULL},
          0);
}

static void so_is_each_on_a_connection_that_dies(void **state)
{
    (void)state;
    for (size_t at = 2; at <= 4; at++)
        batch(NULL, at);
}

/* --- what isn't believed --- */

static char *reply(const char *status, const char *type, const char *body)
{
    return support_format("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                          "Connection: close\r\n\r\n%s",
                          status, type, strlen(body), body);
}

/* Somebody else's record: as ours, with other lines or another number. */
static char *record_with(const char *number, const char *price)
{
    return support_format(
        "{\"id\":\"inv_1\",\"status\":\"open\",\"number\":\"%s\",\"issue_date\":\"2026-11-22\","
        "\"due_date\":\"2026-12-22\",\"currency\":\"EUR\",\"customer\":{\"id\":\"cus_1\",\"email\":"
        "\"ap@northwind.example\",\"name\":\"Northwind Ltd\"},\"lines\":[{\"description\":"
        "\"Consulting\",\"quantity\":\"1.5\",\"unit_price\":\"%s\",\"tax_rate\":\"21\",\"net\":"
        "\"180.00\"}],\"totals\":{\"net\":\"180.00\",\"tax\":\"37.80\",\"gross\":\"217.80\"},"
        "\"notes\":\"Thank you\",\"created_at\":\"2026-11-22T10:00:00Z\",\"created_by\":\"ana\"}",
        number, price);
}

/* The first attempt gets that reply, which is none; the second gets the server's. */
static void expect_disbelief(const char *what, char *canned, size_t length)
{
    struct stage stage;
    open_stage(&stage, NULL, NULL);
    stage.proxy.canned = canned;
    stage.proxy.canned_length = length;
    stage.proxy.canned_count = 1;
    open_proxy(&stage);
    char *file = room_write_invoice(&stage.room, NUMBER);
    create(&stage, file);
    if (stage.result.code != 0)
        fail_msg("%s: exit %d; %s%s", what, stage.result.code, stage.result.output,
                 stage.result.errors);
    assert_int_equal(stage.proxy.posts, 2);
    expect_one_request_an_attempt(&stage, 1);
    account_expect(account_of_one(&stage.mock, &stage.room, NUMBER));
    free(file);
    free(canned);
    close_stage(&stage);
}

static void what_is_no_answer_is_not_believed(void **state)
{
    (void)state;
    char *other = record_with("2026-0043", "120.00"), *dearer = record_with(NUMBER, "120.01");
    char *ours = record_with(NUMBER, "120.00");
    expect_disbelief("nothing", NULL, 0);
    expect_disbelief("HTML", reply("200 OK", "text/html", "<html>Welcome, please log in</html>"),
                     0);
    expect_disbelief("another number", reply("201 Created", "application/json", other), 0);
    expect_disbelief("other lines", reply("201 Created", "application/json", dearer), 0);
    expect_disbelief("ours, called a text", reply("201 Created", "text/plain", ours), 0);
    expect_disbelief("ours, with a 202", reply("202 Accepted", "application/json", ours), 0);
    expect_disbelief("an empty object", reply("201 Created", "application/json", "{}"), 0);
    expect_disbelief("no body", reply("201 Created", "application/json", ""), 0);
    expect_disbelief("no status", support_format("hello\r\n\r\n"), 0);
    expect_disbelief("half a head", support_format("HTTP/1.1 201 Created\r\nContent-Ty"), 0);
    expect_disbelief("a wait of nothing",
                     support_format("HTTP/1.1 503 Service Unavailable\r\nRetry-After:\r\n"
                                    "Content-Length: 0\r\nConnection: close\r\n\r\n"),
                     0);
    expect_disbelief("half a body",
                     support_format("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                                    "Content-Length: %zu\r\n\r\n%.200s",
                                    strlen(ours), ours),
                     0);
    free(other);
    free(dearer);
    free(ours);
}

static void fifty_megabytes_are_no_answer(void **state)
{
    (void)state;
    size_t length = 50 * 1000 * 1000;
    char *canned = malloc(length + 1);
    assert_non_null(canned);
    memset(canned, ' ', length);
    canned[length] = '\0';
    int head = snprintf(canned, 200,
                        "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                        "Connection: close\r\n\r\n");
    canned[head] = '{';
    expect_disbelief("50 MB", canned, length);
}

/* It never learns whose the token is: nothing is sent. */
static void expect_nothing_sent(const char *what, char *canned)
{
    struct stage stage;
    open_stage(&stage, NULL, NULL);
    stage.proxy.canned = canned;
    stage.proxy.canned_count = 1;
    stage.proxy.canned_reads = true;
    open_proxy(&stage);
    room_set(&stage.room, "INVONCE_RETRY_BUDGET=300ms");
    char *file = room_write_invoice(&stage.room, NUMBER);
    create(&stage, file);
    if (stage.result.code != 5 || stage.proxy.posts != 0)
        fail_msg("%s: exit %d, %zu posts; %s%s", what, stage.result.code, stage.proxy.posts,
                 stage.result.output, stage.result.errors);
    free(file);
    free(canned);
    close_stage(&stage);
}

/* RFC 9112 section 2.2: a line may end in LF alone. */
static void an_answer_may_have_bare_line_feeds(void **state)
{
    (void)state;
    static const char refusal[] =
        "{\"type\":\"urn:invonce:problem:invalid\",\"title\":\"Invalid\",\"status\":422,"
        "\"effect\":\"none\",\"retry\":\"new_key\",\"errors\":[]}";
    struct stage stage;
    open_stage(&stage, NULL, NULL);
    char *canned = support_format("HTTP/1.1 422 Unprocessable Content\n"
                                  "Content-Type: application/problem+json\n"
                                  "Content-Length: %zu\nConnection: close\n\n%s",
                                  strlen(refusal), refusal);
    stage.proxy.canned = canned;
    stage.proxy.canned_count = 1;
    open_proxy(&stage);
    char *file = room_write_invoice(&stage.room, NUMBER);
    create(&stage, file);
    assert_int_equal(stage.result.code, 4);
    expect_one_request_an_attempt(&stage, 1);
    free(file);
    free(canned);
    close_stage(&stage);
}

static void who_it_is_takes_a_tenant_and_a_user(void **state)
{
    (void)state;
    static const char *const told[] = {"{\"tenant\":\"north\"}", "{\"user\":\"ana\"}",
                                       "{\"tenant\":\"north\",\"user\":7}", "[]"};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        expect_nothing_sent(told[i], reply("200 OK", "application/json", told[i]));
}

/* A redirect elsewhere isn't followed: not with a body, not with a token. */
static void a_redirect_elsewhere_is_not_followed(void **state)
{
    (void)state;
    struct proxy elsewhere = {0};
    proxy_start(&elsewhere);
    static const char *const statuses[] = {"301 Moved Permanently", "302 Found", "303 See Other",
                                           "307 Temporary Redirect", "308 Permanent Redirect"};
    for (size_t i = 0; i < 2 * sizeof statuses / sizeof *statuses; i++) {
        const char *status = statuses[i / 2];
        char *canned = support_format("HTTP/1.1 %s\r\nLocation: %s/v1/invoices\r\n"
                                      "Content-Length: 0\r\nConnection: close\r\n\r\n",
                                      status, elsewhere.url);
        if (i % 2 == 0)
            expect_disbelief(status, canned, 0);
        else
            expect_nothing_sent(status, canned);
    }
    proxy_stop(&elsewhere);
    assert_int_equal(elsewhere.connections, 0);
    proxy_clear(&elsewhere);
}

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_attempt_is_one_request),
        cmocka_unit_test(so_is_each_of_a_batch),
        cmocka_unit_test(so_is_each_on_a_connection_that_dies),
        cmocka_unit_test(what_is_no_answer_is_not_believed),
        cmocka_unit_test(fifty_megabytes_are_no_answer),
        cmocka_unit_test(an_answer_may_have_bare_line_feeds),
        cmocka_unit_test(who_it_is_takes_a_tenant_and_a_user),
        cmocka_unit_test(a_redirect_elsewhere_is_not_followed),
    };
    return cmocka_run_group_tests_name("client/wire", tests, NULL, NULL);
}
