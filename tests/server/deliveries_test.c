/* What is created is told elsewhere (--deliver): with its record, signed, and to whom it is for. */
#include "tests/server/deliveries.h"

#include "tests/support/certificate.h"
#include "tests/support/rows.h"

#include <openssl/evp.h>
#include <stdio.h>

/* --- what is sent --- */

static void each_create_is_told_once_with_its_record(void **state)
{
    struct deliveries *deliveries = *state;
    deliveries_start(deliveries, 0, NULL);
    struct mock *mock = &deliveries->mocks[0];
    struct http_reply made = api_create_sample(mock, "\"k1\"", "1", NULL);
    struct http_reply again = api_create_sample(mock, "\"k1\"", "1", NULL);
    struct http_reply conflict = api_create_sample(mock, "\"k2\"", "1", NULL);
    struct http_reply customer =
        api_post(mock, "/v1/customers", TOKEN_ANA, NULL, "{\"email\":\"c@x.example\"}");
    struct http_reply invalid = api_create_sample(mock, "\"k3\"", "", NULL);
    char *body = sample_body("1", NULL);
    struct http_reply south = api_post(mock, "/v1/invoices", TOKEN_EVE, "\"k1\"", body);
    api_assert_status(&made, 201);
    api_assert_status(&south, 201);
    assert_true(webhooks_wait(deliveries->webhooks, 2));
    deliveries_wait_for_none(mock);
    assert_int_equal(deliveries_metric(mock, MADE), 2);
    assert_int_equal(webhooks_count(deliveries->webhooks), 2);
    bool north_first =
        strcmp(json_pointer_text(webhooks_at(deliveries->webhooks, 0)->json, "/tenant"), "north") ==
        0;
    const struct webhook *webhook = webhooks_at(deliveries->webhooks, north_first ? 0 : 1);
    assert_string_equal(json_pointer_text(webhook->json, "/type"), "invoice.created");
    assert_non_null(strstr(webhook->body, made.body)); /* to the byte */
    struct http_reply audit = api_get(mock, TOKEN_ANA, "/v1/audit?limit=1");
    assert_string_equal(json_pointer_text(webhook->json, "/at"), api_text(&audit, "/data/0/at"));
    http_reply_clear(&audit);
    assert_int_equal(strlen(webhook->event_id), 36);
    char *key = webhook_header(webhook, "Idempotency-Key");
    char *quoted = support_format("\"%s\"", webhook->event_id);
    assert_string_equal(key, quoted);
    char *type = webhook_header(webhook, "Content-Type");
    assert_string_equal(type, "application/json");
    assert_null(strcasestr(webhook->head, "Authorization"));
    assert_null(strcasestr(webhook->head, "webhook-signature"));
    struct http_reply *const replies[] = {&made, &again, &conflict, &customer, &invalid, &south};
    for (size_t i = 0; i < COUNT_OF(replies); i++)
        http_reply_clear(replies[i]);
    free(type);
    free(quoted);
    free(key);
    free(body);
}

/* RFC 2104, apart from what the server uses for it. */
static void hmac(const unsigned char *secret, size_t secret_length, const char *text,
                 unsigned char digest[32])
{
    unsigned char inner[64 + 8192] = {0}, outer[64 + 32] = {0};
    size_t length = strlen(text);
    assert_true(secret_length <= 64 && length <= 8192);
    memcpy(inner, secret, secret_length);
    memcpy(outer, secret, secret_length);
    for (size_t i = 0; i < 64; i++) {
        inner[i] ^= 0x36;
        outer[i] ^= 0x5c;
    }
    memcpy(inner + 64, text, length);
    EVP_Digest(inner, 64 + length, outer + 64, NULL, EVP_sha256(), NULL);
    EVP_Digest(outer, sizeof outer, digest, NULL, EVP_sha256(), NULL);
}

static void assert_signed(const struct webhook *webhook, const char *secret, size_t length)
{
    char *id = webhook_header(webhook, "webhook-id"),
         *at = webhook_header(webhook, "webhook-timestamp");
    char *signature = webhook_header(webhook, "webhook-signature");
    char *text = support_format("%s.%s.%s", webhook->event_id, at, webhook->body);
    unsigned char digest[32], base64[48];
    hmac((const unsigned char *)secret, length, text, digest);
    EVP_EncodeBlock(base64, digest, sizeof digest);
    char *expected = support_format("v1,%s", (char *)base64);
    assert_string_equal(id, webhook->event_id);
    assert_string_equal(signature, expected);
    assert_int_equal(strlen(at), 10);
    free(expected);
    free(text);
    free(signature);
    free(at);
    free(id);
}

static void posts_are_signed_and_carry_the_token(void **state)
{
    static const struct {
        const char *file, *secret;
        size_t length;
    } SECRETS[] = {{"twenty-four bytes it is, or more \n", "twenty-four bytes it is, or more", 32},
                   {"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX",
                    "\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\21\22\23\24\25\26\27", 24}};
    struct deliveries *deliveries = *state;
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *token = temp_dir_write(directory, "token", "SOME-LONG-TOKEN\n", 16);
    for (size_t i = 0; i < COUNT_OF(SECRETS); i++) {
        char *secret =
            temp_dir_write(directory, "secret", SECRETS[i].file, strlen(SECRETS[i].file));
        const char *const options[] = {"--deliver-token-file", token, "--deliver-secret-file",
                                       secret, NULL};
        if (i > 0) assert_int_equal(mock_stop(&deliveries->mocks[0]), 0);
        deliveries_start(deliveries, 0, options);
        deliveries_create(deliveries, 0, (int)i, 1);
        assert_true(webhooks_wait(deliveries->webhooks, i + 1));
        const struct webhook *webhook = webhooks_at(deliveries->webhooks, i);
        assert_signed(webhook, SECRETS[i].secret, SECRETS[i].length);
        char *bearer = webhook_header(webhook, "Authorization");
        assert_string_equal(bearer, "Bearer SOME-LONG-TOKEN");
        free(bearer);
        free(secret);
    }
    char *log = api_whole_log(&deliveries->mocks[0]);
    assert_null(strstr(log, "SOME-LONG"));
    assert_null(strstr(log, "whsec"));
    free(log);
    free(token);
    temp_dir_remove(directory);
}

/* Nobody is told where the list of processes is read, nor in the log, of what a path may hide. */
static void a_path_is_shown_to_nobody(void **state)
{
    struct deliveries *deliveries = *state;
    struct mock *mock = &deliveries->mocks[0];
    webhooks_go_down(deliveries->webhooks);
    deliveries_start(deliveries, 0, NULL);
    deliveries_create(deliveries, 0, 1, 1);
    deliveries_wait_for(mock, FAILED, 1);
    char *path = support_format("/proc/%d/cmdline", (int)mock->process.pid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    char line[4096];
    size_t length = fread(line, 1, sizeof line, file);
    fclose(file);
    free(path);
    assert_non_null(memmem(line, length, "http://127.0.0.1:", 17));
    assert_null(memmem(line, length, "hook", 4));
    char *log = api_whole_log(mock);
    assert_non_null(strstr(log, "receiver=http://127.0.0.1:"));
    assert_null(strstr(log, "hook"));
    free(log);
}

/* --- ours, as the receiver --- */

/* Another server of this program, which speaks TLS. */
static void our_own_receiver_has_each_once(void **state)
{
    struct deliveries *deliveries = *state;
    struct certificate identity;
    certificate_make(&identity);
    struct mock receiver = {0};
    const char *const tls[] = {"--tls-cert", identity.path, "--tls-key", identity.key_path, NULL};
    assert_true(mock_start(&receiver, tls));
    char *url = support_format("%s/v1/webhooks/invonce", receiver.url);
    char *token = temp_dir_write(identity.directory, "token", TOKEN_ANA, strlen(TOKEN_ANA));
    const char *const options[] = {
        "--deliver", url, "--deliver-token-file", token, "--deliver-ca", identity.path, NULL};
    struct mock *mock = &deliveries->mocks[0];
    const char *const untrusting[] = {"--deliver", url, "--deliver-token-file", token, NULL};
    assert_true(mock_start(mock, untrusting));
    deliveries_create(deliveries, 0, 0, 5);
    deliveries_wait_for(mock, FAILED, 1);
    assert_int_equal(mock_stop(mock), 0);
    assert_int_equal(rows_number(receiver.store, "SELECT count(*) FROM events"), 0);
    assert_true(mock_start(mock, options));
    deliveries_wait_for(mock, MADE, 5);
    assert_int_equal(rows_number(receiver.store, "SELECT count(*) FROM events"), 5);
    assert_int_equal(rows_number(receiver.store, "SELECT count(*) FROM events"
                                                 " WHERE type = 'invoice.created'"),
                     5);
    assert_int_equal(mock_stop(&receiver), 0);
    mock_clear(&receiver);
    free(token);
    free(url);
    certificate_clear(&identity);
}

/* --- what is refused at the start --- */

static void assert_refused(const char *const *options, const char *sentence)
{
    const char *argv[16] = {mock_program(), "--listen", "127.0.0.1:0", "--store",
                            "sqlite:/nowhere/at/all.db"};
    for (size_t i = 5; *options; i++)
        argv[i] = *options++;
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    if (result.code != 2 || !strstr(result.errors, sentence))
        fail_msg("exit code %d: %s", result.code, result.errors);
    assert_null(strchr(strchr(result.errors, '\n') + 1, '\n')); /* it is one sentence */
    process_result_clear(&result);
}

static void what_cannot_be_is_refused_at_the_start(void **state)
{
    (void)state;
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *empty = temp_dir_write(directory, "empty", "\n", 1);
    char *two = temp_dir_write(directory, "two", "a b", 3);
    char *brief = temp_dir_write(directory, "brief", "short", 5);
    char *broken = temp_dir_write(directory, "broken", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY", 37);
    const char *const HTTPS = "https://receiver.example/hook";
    const struct {
        const char *options[5], *sentence;
    } CASES[] = {
        {{"--deliver", "http://receiver.example/hook"}, "plain http:// is for loopback only"},
        {{"--deliver", "http://127.0.0.1.receiver.example/"}, "plain http:// is for loopback only"},
        {{"--deliver", "http://128.0.0.1/"}, "plain http:// is for loopback only"},
        {{"--deliver", "ftp://receiver.example/hook"}, "expected an https:// address"},
        {{"--deliver", "receiver"}, "expected an https:// address"},
        {{"--deliver", ""}, "expected an https:// address"},
        {{"--deliver", "https://user:pass@receiver.example/"}, "--deliver-token-file"},
        {{"--deliver", HTTPS, "--deliver-token-file", "/nowhere/token"}, "No such file"},
        {{"--deliver", HTTPS, "--deliver-token-file", directory}, "cannot be read"},
        {{"--deliver", HTTPS, "--deliver-token-file", empty}, "the token must be"},
        {{"--deliver", HTTPS, "--deliver-token-file", two}, "the token must be"},
        {{"--deliver", HTTPS, "--deliver-secret-file", brief}, "24 bytes or more"},
        {{"--deliver", HTTPS, "--deliver-secret-file", empty}, "24 bytes or more"},
        {{"--deliver", HTTPS, "--deliver-secret-file", broken}, "must be base64"},
        {{"--deliver", HTTPS, "--deliver-ca", "/nowhere/ca.pem"}, "No such file"},
        {{"--deliver-token-file", two}, "need --deliver"},
        {{"--deliver-for", "soon", "--deliver", HTTPS}, "expected a duration"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++)
        assert_refused(CASES[i].options, CASES[i].sentence);
    free(broken);
    free(brief);
    free(two);
    free(empty);
    temp_dir_remove(directory);
}

static const struct CMUnitTest TESTS[] = {
    DELIVERIES_TEST(each_create_is_told_once_with_its_record, NULL),
    DELIVERIES_TEST(posts_are_signed_and_carry_the_token, NULL),
    DELIVERIES_TEST(a_path_is_shown_to_nobody, NULL),
    DELIVERIES_TEST(our_own_receiver_has_each_once, NULL),
    cmocka_unit_test(what_cannot_be_is_refused_at_the_start),
};

API_MAIN("deliveries", TESTS)
