/* Whom the client trusts, and for how long: certificates, a token that is taken away between two
 * attempts, a key that is older than what the server kept of it. */
#include "tests/client/account.h"
#include "tests/client/room.h"
#include "tests/support/certificate.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NUMBER "2026-0042"
#define ZOE    "north-zoe-0123456789abcdef"

struct stage {
    struct mock mock;
    struct room room;
    char *file; /* an invoice */
};

static void open_stage(struct stage *stage, const char *const *options, const char *const *settings)
{
    *stage = (struct stage){0};
    assert_true(mock_start(&stage->mock, options));
    room_open(&stage->room, stage->mock.url, settings);
    stage->file = room_write_invoice(&stage->room, NUMBER);
}

static void close_stage(struct stage *stage)
{
    free(stage->file);
    room_clear(&stage->room);
    mock_clear(&stage->mock);
}

/* The one line that was told; new reference. */
static struct json *expect_end(struct process_result result, int code, const char *outcome)
{
    struct json *lines = room_lines(result.output);
    if (result.code != code || json_count(lines) != 1 ||
        strcmp(json_pointer_text(lines, "/0/outcome"), outcome) != 0)
        fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    struct json *line = json_take(lines, json_first(lines));
    json_free(lines);
    process_result_clear(&result);
    return line;
}

static struct process_result resume(const struct stage *stage)
{
    return room_run(&stage->room, (const char *const[]){"outbox", "resume", "--json", NULL});
}

/* Nothing is said to a server that can't show who it is. */
static void an_unknown_certificate_gets_nothing(void **state)
{
    (void)state;
    struct stage stage;
    struct certificate certificate;
    certificate_make(&certificate);
    const char *const options[] = {"--tls-cert", certificate.path, "--tls-key",
                                   certificate.key_path, NULL};
    open_stage(&stage, options, (const char *const[]){"INVONCE_RETRY_BUDGET=1s", NULL});
    struct process_result result =
        room_run(&stage.room, (const char *const[]){"create", stage.file, NULL});
    assert_int_equal(result.code, 5);
    assert_non_null(strstr(result.output, "certificate is not trusted"));
    assert_non_null(strstr(result.output, "hasn't reached the server"));
    process_result_clear(&result);
    assert_int_equal(rows_number(stage.mock.store, "SELECT count(*) FROM audit"), 0);
    assert_int_equal(rows_number(stage.room.journal,
                                 "SELECT count(*) FROM attempts WHERE fate IS NOT 'not sent'"),
                     0);
    char *trusted = support_format("INVONCE_CA_FILE=%s", certificate.path);
    room_set(&stage.room, trusted);
    json_free(expect_end(room_create(&stage.room, stage.file), 0, "created"));
    account_expect(account_of_one(&stage.mock, &stage.room, NUMBER));
    free(trusted);
    close_stage(&stage);
    certificate_clear(&certificate);
}

/* The first attempt did it, the reply was lost, and then the server knows the token no more: that
 * says nothing of the first attempt. */
static void a_token_that_was_taken_away(void **state)
{
    (void)state;
    struct stage stage;
    struct process process;
    static const char *const tokens[] = {"--token", "north:zoe=" ZOE, "--fault", "hang", NULL};
    open_stage(&stage, tokens, (const char *const[]){"INVONCE_TOKEN=" ZOE, NULL});
    room_start(&stage.room, &process, (const char *const[]){"create", stage.file, "--json", NULL});
    while (account_records(&stage.mock, NUMBER) == 0)
        assert_int_equal(process_wait(&process, 10), PROCESS_RUNNING);
    assert_true(room_server_again(&stage.mock, NULL));
    char *told = process_expect(&process, "{\"outcome\":\"unconfirmed\"", PATIENCE_MS);
    assert_non_null(told);
    assert_int_equal(process_wait(&process, PATIENCE_MS), 5);
    json_free(expect_end(resume(&stage), 5, "unconfirmed"));
    assert_true(room_server_again(&stage.mock, (const char *const[]){tokens[0], tokens[1], NULL}));
    json_free(expect_end(resume(&stage), 0, "replayed"));
    account_expect(account_of_one(&stage.mock, &stage.room, NUMBER));
    process_clear(&process);
    free(told);
    close_stage(&stage);
}

/* The token was given to another tenant while an intent waits, and the question whose it is has no
 * answer: what is known from before isn't relied on. Nor is anything sent once the answer comes. */
static void a_token_that_became_another_tenants(void **state)
{
    (void)state;
    struct stage stage;
    static const char *const north[] = {"--token", "north:zoe=" ZOE, "--fault", "drop-before",
                                        NULL};
    static const char *const south[] = {"--token", "south:zoe=" ZOE, "--fault",
                                        "drop-before@endpoint=/v1/whoami", NULL};
    open_stage(&stage, north,
               (const char *const[]){"INVONCE_TOKEN=" ZOE, "INVONCE_RETRY_BUDGET=1ms", NULL});
    json_free(expect_end(room_create(&stage.room, stage.file), 5, "unconfirmed"));
    assert_true(room_server_again(&stage.mock, south));
    json_free(expect_end(resume(&stage), 5, "unconfirmed"));
    json_free(expect_end(room_create(&stage.room, stage.file), 5, "unconfirmed"));
    assert_true(room_server_again(&stage.mock, (const char *const[]){south[0], south[1], NULL}));
    struct process_result result = resume(&stage);
    assert_int_equal(result.code, 0);
    assert_string_equal(result.output, "");
    assert_non_null(strstr(result.errors, "another server or tenant"));
    process_result_clear(&result);
    assert_int_equal(rows_number(stage.mock.store, "SELECT count(*) FROM audit"), 0);
    assert_true(room_server_again(&stage.mock, (const char *const[]){north[0], north[1], NULL}));
    json_free(expect_end(resume(&stage), 0, "created"));
    account_expect(account_of_one(&stage.mock, &stage.room, NUMBER));
    close_stage(&stage);
}

/* The question what became of a key, put to a server. */
struct question {
    const struct mock *mock;
    const char *key;
};

/* True once the server keeps no more of the key than that it was there. */
static bool has_expired(void *context)
{
    const struct question *question = context;
    char *url = support_format("%s/v1/intents/%s", question->mock->url, question->key);
    struct http_reply reply = http_send(&(struct http_request){.url = url, .token = TOKEN_ANA});
    bool expired = strcmp(json_pointer_text(reply.json, "/state"), "completed") == 0 &&
                   json_kind(json_pointer_get(reply.json, "/expires_at")) == JSON_NULL;
    http_reply_clear(&reply);
    free(url);
    return expired;
}

/* Sent all the same, under the same key: what the server keeps for good decides. */
static void a_key_past_its_lifetime(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage,
               (const char *const[]){"--key-ttl", "1s", "--fault", "drop-response@attempt=1", NULL},
               (const char *const[]){"INVONCE_RETRY_BUDGET=1ms", NULL});
    struct json *lost = expect_end(room_create(&stage.room, stage.file), 5, "unconfirmed");
    const char *key = json_pointer_text(lost, "/key");
    struct question question = {&stage.mock, key};
    assert_true(support_wait_until(has_expired, &question, PATIENCE_MS));
    struct json *found = expect_end(resume(&stage), 0, "replayed");
    assert_string_equal(json_pointer_text(found, "/key"), key);
    assert_int_equal(json_integer(json_pointer_get(found, "/attempts"), 0), 2);
    account_expect(account_of_one(&stage.mock, &stage.room, NUMBER));
    json_free(found);
    json_free(lost);
    close_stage(&stage);
}

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_certificate_gets_nothing),
        cmocka_unit_test(a_token_that_was_taken_away),
        cmocka_unit_test(a_token_that_became_another_tenants),
        cmocka_unit_test(a_key_past_its_lifetime),
    };
    return cmocka_run_group_tests_name("client/trust", tests, NULL, NULL);
}
