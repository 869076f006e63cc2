#include "mock_server/base/certificate.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *sentence(const char *option, const char *file, const char *wrong)
{
    char *text = NULL;
    return asprintf(&text, "%s %s: %s", option, file, wrong) < 0 ? strdup("out of memory") : text;
}

/* A file's text, owned by the caller; NULL with what is wrong. */
static char *read_file(const char *path, const char **wrong)
{
    char *text = NULL;
    size_t size = 0;
    errno = 0;
    FILE *file = fopen(path, "re");
    if (!file || getdelim(&text, &size, '\0', file) < 0) {
        *wrong = errno ? strerror(errno) : "it is empty";
        free(text);
        text = NULL;
    }
    if (file) {
        fclose(file);
    }
    return text;
}

/* Nobody is there to be asked. */
static int no_password(char *password, int size, int writing, void *unused)
{
    (void)password;
    (void)size;
    (void)writing;
    (void)unused;
    return -1;
}

static X509 *first_certificate(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, no_password, NULL) : NULL;
    BIO_free(bio);
    return certificate;
}

static EVP_PKEY *private_key(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
    BIO_free(bio);
    return key;
}

/* What TLS would stumble over later, without a word that helps. */
static char *check(const struct certificate *certificate, const char *chain_file,
                   const char *key_file)
{
    X509 *first = first_certificate(certificate->chain);
    EVP_PKEY *key = private_key(certificate->key);
    char *wrong = NULL;
    if (!first) {
        wrong = sentence("--tls-cert", chain_file, "expected a certificate in PEM");
    } else if (!key) {
        wrong = sentence("--tls-key", key_file, "expected a private key in PEM, with no password");
    } else if (X509_check_private_key(first, key) != 1) {
        wrong = sentence("--tls-key", key_file, "it is not the key of the certificate");
    }
    ERR_clear_error();
    EVP_PKEY_free(key);
    X509_free(first);
    return wrong;
}

char *certificate_read(struct certificate *certificate, const char *chain_file,
                       const char *key_file)
{
    const char *wrong = NULL;
    certificate->chain = read_file(chain_file, &wrong);
    if (!certificate->chain) {
        return sentence("--tls-cert", chain_file, wrong);
    }
    certificate->key = read_file(key_file, &wrong);
    if (!certificate->key) {
        return sentence("--tls-key", key_file, wrong);
    }
    return check(certificate, chain_file, key_file);
}

void certificate_clear(struct certificate *certificate)
{
    if (certificate->key) {
        OPENSSL_cleanse(certificate->key, strlen(certificate->key));
    }
    free(certificate->chain);
    free(certificate->key);
    *certificate = (struct certificate){0};
}
