#include "tests/support/certificate.h"

#include "tests/support/support.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY_S 86400

static X509 *self_signed(EVP_PKEY *key, int from_day, int until_day, bool named)
{
    X509 *cert = X509_new();
    X509_EXTENSION *name = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    if (!cert || !name) support_die("no certificate can be made");
    X509_NAME *subject = X509_get_subject_name(cert);
    bool made = X509_set_version(cert, 2) && ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) &&
                X509_gmtime_adj(X509_getm_notBefore(cert), (long)from_day * DAY_S) &&
                X509_gmtime_adj(X509_getm_notAfter(cert), (long)until_day * DAY_S) &&
                X509_set_pubkey(cert, key) &&
                X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                           (const unsigned char *)"127.0.0.1", -1, -1, 0) &&
                X509_set_issuer_name(cert, subject) && (!named || X509_add_ext(cert, name, -1)) &&
                X509_sign(cert, key, EVP_sha256());
    if (!made) support_die("no certificate can be made");
    X509_EXTENSION_free(name);
    return cert;
}

void certificate_make(struct certificate *certificate)
{
    certificate_make_for(certificate, -1, 1, true);
}

void certificate_make_for(struct certificate *certificate, int from_day, int until_day, bool named)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    if (!key) support_die("no key can be made");
    X509 *cert = self_signed(key, from_day, until_day, named);
    temp_dir_make(certificate->directory);
    certificate->path = support_format("%s/cert.pem", certificate->directory);
    certificate->key_path = support_format("%s/key.pem", certificate->directory);
    FILE *cert_file = fopen(certificate->path, "we"),
         *key_file = fopen(certificate->key_path, "we");
    if (!cert_file || !key_file || PEM_write_X509(cert_file, cert) != 1 ||
        PEM_write_PrivateKey(key_file, key, NULL, NULL, 0, NULL, NULL) != 1 ||
        fclose(cert_file) != 0 || fclose(key_file) != 0)
        support_die("a certificate can't be written");
    X509_free(cert);
    EVP_PKEY_free(key);
}

void certificate_clear(struct certificate *certificate)
{
    free(certificate->path);
    free(certificate->key_path);
    temp_dir_remove(certificate->directory);
}
