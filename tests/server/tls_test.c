/* HTTPS: the same contract behind a certificate (DESIGN.md 3.2, --tls-cert and --tls-key). */
#include "tests/server/api.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#define DAY_S 86400

/* A key and a certificate of its own for 127.0.0.1, as PEM files. */
struct identity {
    char directory[TEMP_DIR_SIZE];
    char *cert_path, *key_path;
};

static X509 *self_signed(EVP_PKEY *key)
{
    X509 *cert = X509_new();
    X509_EXTENSION *name = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    assert_non_null(cert);
    assert_non_null(name);
    X509_NAME *subject = X509_get_subject_name(cert);
    bool made = X509_set_version(cert, 2) && ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) &&
                X509_gmtime_adj(X509_getm_notBefore(cert), -DAY_S) &&
                X509_gmtime_adj(X509_getm_notAfter(cert), DAY_S) && X509_set_pubkey(cert, key) &&
                X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                           (const unsigned char *)"127.0.0.1", -1, -1, 0) &&
                X509_set_issuer_name(cert, subject) && X509_add_ext(cert, name, -1) &&
                X509_sign(cert, key, EVP_sha256());
    assert_true(made);
    X509_EXTENSION_free(name);
    return cert;
}

static void identity_make(struct identity *identity)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    assert_non_null(key);
    X509 *cert = self_signed(key);
    temp_dir_make(identity->directory);
    identity->cert_path = support_format("%s/cert.pem", identity->directory);
    identity->key_path = support_format("%s/key.pem", identity->directory);
    FILE *cert_file = fopen(identity->cert_path, "we"), *key_file = fopen(identity->key_path, "we");
    assert_non_null(cert_file);
    assert_non_null(key_file);
    assert_int_equal(PEM_write_X509(cert_file, cert), 1);
    assert_int_equal(PEM_write_PrivateKey(key_file, key, NULL, NULL, 0, NULL, NULL), 1);
    assert_int_equal(fclose(cert_file), 0);
    assert_int_equal(fclose(key_file), 0);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static void identity_clear(struct identity *identity)
{
    free(identity->cert_path);
    free(identity->key_path);
    temp_dir_remove(identity->directory);
}

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
    struct identity identity;
    identity_make(&identity);
    const char *const options[] = {"--tls-cert", identity.cert_path, "--tls-key", identity.key_path,
                                   NULL};
    api_fresh(mock, options);
    assert_memory_equal(mock->url, "https://127.0.0.1:", 18);
    struct http_reply made = create(mock, identity.cert_path, "1");
    struct http_reply again = create(mock, identity.cert_path, "1");
    struct http_reply untrusted = create(mock, NULL, "1");
    api_assert_status(&made, 201);
    api_assert_same(&made, &again);
    assert_true(api_is_replay(&again));
    assert_int_not_equal(untrusted.error, 0);
    assert_int_equal(untrusted.status, 0);
    http_reply_clear(&untrusted);
    http_reply_clear(&again);
    http_reply_clear(&made);
    identity_clear(&identity);
}

static void beyond_loopback_tls_is_enough(void **state)
{
    struct mock *mock = *state;
    struct identity identity;
    identity_make(&identity);
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
                                identity.cert_path,
                                "--tls-key",
                                identity.key_path,
                                NULL};
    process_start(&mock->process, argv, NULL);
    char *address = process_expect(&mock->process, "listening on https://0.0.0.0:", PATIENCE_MS);
    assert_non_null(address);
    snprintf(mock->url, sizeof mock->url, "https://127.0.0.1:%s", address);
    struct http_reply made = create(mock, identity.cert_path, "1");
    api_assert_status(&made, 201);
    http_reply_clear(&made);
    free(address);
    free(store);
    identity_clear(&identity);
}

static void what_is_no_certificate_is_refused(void **state)
{
    (void)state;
    struct identity identity;
    identity_make(&identity);
    char *nonsense = temp_dir_write(identity.directory, "nonsense.pem", "nonsense\n", 9);
    const char *const wrong[][4] = {
        {"--tls-cert", identity.cert_path, NULL, NULL},
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
    identity_clear(&identity);
}

static const struct CMUnitTest TESTS[] = {
    UNSTARTED_TEST(invoices_are_created_over_https),
    UNSTARTED_TEST(beyond_loopback_tls_is_enough),
    cmocka_unit_test(what_is_no_certificate_is_refused),
};

API_MAIN("tls", TESTS)
