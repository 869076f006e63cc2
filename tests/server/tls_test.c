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

static void versions_that_are_deprecated_are_refused(void **state)
{
    struct mock *mock = *state;
    struct certificate identity;
    certificate_make(&identity);
    const char *const options[] = {"--tls-cert", identity.path, "--tls-key", identity.key_path,
                                   NULL};
    api_fresh(mock, options);
    char *url = support_format("%s/healthz", mock->url);
    for (int old = 0; old < 2; old++) {
        struct http_reply reply = http_send(
            &(struct http_request){.url = url, .ca_file = identity.path, .old_tls = old == 1});
        assert_int_equal(reply.status, old ? 0 : 200);
        http_reply_clear(&reply);
    }
    free(url);
    certificate_clear(&identity);
}

static void what_is_no_certificate_is_refused(void **state)
{
    (void)state;
    struct certificate identity, other;
    certificate_make(&identity);
    certificate_make(&other);
    char *nonsense = temp_dir_write(identity.directory, "nonsense.pem", "nonsense\n", 9);
    char *empty = temp_dir_write(identity.directory, "empty.pem", "", 0);
    const struct {
        const char *word, *arguments[5];
    } wrong[] = {
        {"go together", {"--tls-cert", identity.path}},
        {"go together", {"--tls-key", identity.key_path}},
        {"nonexistent", {"--tls-cert", "/proc/nonexistent.pem", "--tls-key", identity.key_path}},
        {"it is empty", {"--tls-cert", empty, "--tls-key", identity.key_path}},
        {"nonsense.pem: expected a certificate",
         {"--tls-cert", nonsense, "--tls-key", identity.key_path}},
        {"nonsense.pem: expected a private key",
         {"--tls-cert", identity.path, "--tls-key", nonsense}},
        {"not the key of the certificate",
         {"--tls-cert", identity.path, "--tls-key", other.key_path}},
    };
    char *store = support_format("sqlite:%s/store.db", identity.directory);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const char *argv[12] = {mock_program(), "--listen", "127.0.0.1:0", "--store", store};
        memcpy(argv + 5, wrong[i].arguments, sizeof wrong[i].arguments);
        struct process_result result = process_run(argv, NULL, PATIENCE_MS);
        print_message("%s\n", result.errors);
        assert_int_equal(result.code, 2);
        assert_string_equal(result.output, "");
        assert_non_null(strstr(result.errors, wrong[i].word));
        process_result_clear(&result);
    }
    free(store);
    free(empty);
    free(nonsense);
    certificate_clear(&other);
    certificate_clear(&identity);
}

/* What is said of it, and whether clients take it all the same. */
static const struct {
    int from_day, until_day;
    bool named;
    const char *warning; /* NULL: none */
} CERTIFICATES[] = {
    {-1, 30, true, NULL},
    {-30, -1, true, "has expired"},
    {1, 30, true, "is not valid yet"},
    {-30, 10, true, "expires soon"},
    {-1, 30, false, "names no host"},
};

static void what_clients_hold_against_a_certificate_is_said(void **state)
{
    struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(CERTIFICATES); i++) {
        struct certificate identity;
        certificate_make_for(&identity, CERTIFICATES[i].from_day, CERTIFICATES[i].until_day,
                             CERTIFICATES[i].named);
        const char *const options[] = {"--tls-cert", identity.path, "--tls-key", identity.key_path,
                                       NULL};
        api_fresh(mock, options);
        char *log = api_whole_log(mock);
        print_message("%s", log);
        const char *warning = strstr(log, "level=warn");
        assert_int_equal(warning != NULL, CERTIFICATES[i].warning != NULL);
        if (warning) assert_non_null(strstr(warning, CERTIFICATES[i].warning));
        if (CERTIFICATES[i].named) assert_non_null(strstr(log, "127.0.0.1"));
        free(log);
        certificate_clear(&identity);
    }
}

static const struct CMUnitTest TESTS[] = {
    UNSTARTED_TEST(invoices_are_created_over_https),
    UNSTARTED_TEST(beyond_loopback_tls_is_enough),
    UNSTARTED_TEST(versions_that_are_deprecated_are_refused),
    cmocka_unit_test(what_is_no_certificate_is_refused),
    UNSTARTED_TEST(what_clients_hold_against_a_certificate_is_said),
};

API_MAIN("tls", TESTS)
