/* HTTPS: the same contract behind a certificate (DESIGN.md 3.2, --tls-cert and --tls-key). */
#include "tests/server/api.h"

#include "tests/support/certificate.h"

#include <stdio.h>

static struct http_reply create(const struct mock *mock, const char *ca_file, const char *number)
{
    char *url = support_format("%s/v1/invoices", mock->url), *body = sample_body(number, NULL);
    struct http_reply reply = http_send(&(struct http_request){
        .url = url, .token = TOKEN_ANA, .key = "\"k1\"", .body = body, .ca_file = ca_file});
    free(body);
    free(url);
    return reply;
}

static void invoices_are_created_over_https(void **state)
{
    struct mock *mock = *state;
    struct certificate identity;
    certificate_make(&identity);
    const char *const options[] = {"--tls-cert", identity.path, "--tls-key", identity.key_path,
                                   NULL};
    api_fresh(mock, options);
    assert_memory_equal(mock->url, "https://127.0.0.1:", 18);
    struct http_reply made = create(mock, identity.path, "1");
    struct http_reply again = create(mock, identity.path, "1");
    struct http_reply untrusted = create(mock, NULL, "1");
    api_assert_status(&made, 201);
    api_assert_same(&made, &again);
    assert_true(api_is_replay(&again));
    assert_int_not_equal(untrusted.error, 0);
    assert_int_equal(untrusted.status, 0);
    http_reply_clear(&untrusted);
    http_reply_clear(&again);
    http_reply_clear(&made);
    certificate_clear(&identity);
}

static void beyond_loopback_tls_is_enough(void **state)
{
    struct mock *mock = *state;
    struct certificate identity;
    certificate_make(&identity);
    temp_dir_make(mock->directory);
    char *store = support_format("sqlite:%s/store.db", mock->directory);
    const char *const argv[] = {mock_program(),
                                "--listen",
                                "0.0.0.0:0",
                                "--store",
                                store,
                                "--token",
                                "north:ana=" TOKEN_ANA,
                                "--tls-cert",
                                identity.path,
                                "--tls-key",
                                identity.key_path,
                                NULL};
    process_start(&mock->process, argv, NULL);
    char *address = process_expect(&mock->process, "listening on https://0.0.0.0:", PATIENCE_MS);
    assert_non_null(address);
    snprintf(mock->url, sizeof mock->url, "https://127.0.0.1:%s", address);
    struct http_reply made = create(mock, identity.path, "1");
    api_assert_status(&made, 201);
    http_reply_clear(&made);
    free(address);
    free(store);
    certificate_clear(&identity);
}

static void what_is_no_certificate_is_refused(void **state)
{
    (void)state;
    struct certificate identity;
    certificate_make(&identity);
    char *nonsense = temp_dir_write(identity.directory, "nonsense.pem", "nonsense\n", 9);
    const char *const wrong[][4] = {
        {"--tls-cert", identity.path, NULL, NULL},
        {"--tls-key", identity.key_path, NULL, NULL},
        {"--tls-cert", "/proc/nonexistent.pem", "--tls-key", identity.key_path},
        {"--tls-cert", nonsense, "--tls-key", identity.key_path},
    };
    char *store = support_format("sqlite:%s/store.db", identity.directory);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const char *const argv[] = {mock_program(), "--listen",  "127.0.0.1:0", "--store",   store,
                                    wrong[i][0],    wrong[i][1], wrong[i][2],   wrong[i][3], NULL};
        struct process_result result = process_run(argv, NULL, PATIENCE_MS);
        print_message("%s %s: %s\n", wrong[i][0], wrong[i][1], result.errors);
        assert_in_range(result.code, 1, 2);
        assert_string_equal(result.output, "");
        assert_string_not_equal(result.errors, "");
        process_result_clear(&result);
    }
    free(store);
    free(nonsense);
    certificate_clear(&identity);
}

static const struct CMUnitTest TESTS[] = {
    UNSTARTED_TEST(invoices_are_created_over_https),
    UNSTARTED_TEST(beyond_loopback_tls_is_enough),
    cmocka_unit_test(what_is_no_certificate_is_refused),
};

API_MAIN("tls", TESTS)
