#include "tests/unit/client_tls_peer.h"

#include "tests/support/support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char REPLY[] = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                            "Content-Length: 2\r\nConnection: close\r\n\r\n{}";

struct tls_peer {
    SSL_CTX *context;
    int listener;
    char url[64];
    pthread_t thread;
    bool requested;
};

static X509 *self_signed(EVP_PKEY *key, const char *host)
{
    X509 *certificate = X509_new();
    X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, host);
    X509_NAME *subject = X509_NAME_new();
    if (certificate == NULL || names == NULL || subject == NULL ||
        !X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                    (const unsigned char *)"invonce test", -1, -1, 0) ||
        !X509_set_version(certificate, X509_VERSION_3) ||
        !ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) ||
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) == NULL ||
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600) == NULL ||
        !X509_set_subject_name(certificate, subject) ||
        !X509_set_issuer_name(certificate, subject) || !X509_set_pubkey(certificate, key) ||
        !X509_add_ext(certificate, names, -1) || X509_sign(certificate, key, EVP_sha256()) == 0)
        support_die("no certificate");
    X509_EXTENSION_free(names);
    X509_NAME_free(subject);
    return certificate;
}

static SSL_CTX *context_for(const char *host, const char *certificate_path)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    FILE *file = fopen(certificate_path, "wxe");
    if (context == NULL || key == NULL || file == NULL) support_die("no TLS");
    X509 *certificate = self_signed(key, host);
    if (!PEM_write_X509(file, certificate) || fclose(file) != 0 ||
        !SSL_CTX_use_certificate(context, certificate) || !SSL_CTX_use_PrivateKey(context, key))
        support_die("no TLS");
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

/* The request is short: its end comes with it. */
static bool answer(SSL *tls)
{
    char bytes[8192];
    size_t length = 0;
    while (length < sizeof bytes - 1) {
        int count = SSL_read(tls, bytes + length, (int)(sizeof bytes - 1 - length));
        if (count <= 0) return length > 0;
        length += (size_t)count;
        bytes[length] = '\0';
        if (strstr(bytes, "\r\n\r\n{}") != NULL) break;
    }
    if (SSL_write(tls, REPLY, (int)sizeof REPLY - 1) > 0) SSL_shutdown(tls);
    return true;
}

static void *serve(void *state)
{
    struct tls_peer *peer = state;
    int socket = accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC);
    SSL *tls = SSL_new(peer->context);
    if (socket < 0 || tls == NULL || !SSL_set_fd(tls, socket)) support_die("no connection");
    peer->requested = SSL_accept(tls) == 1 && answer(tls);
    SSL_free(tls);
    close(socket);
    return NULL;
}

struct tls_peer *tls_peer_start(const char *host, const char *certificate_path)
{
    struct tls_peer *peer = calloc(1, sizeof *peer);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (peer == NULL) support_die("out of memory");
    peer->context = context_for(host, certificate_path);
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer->listener < 0 || bind(peer->listener, (struct sockaddr *)&address, size) != 0 ||
        listen(peer->listener, 8) != 0 ||
        getsockname(peer->listener, (struct sockaddr *)&address, &size) != 0 ||
        pthread_create(&peer->thread, NULL, serve, peer) != 0)
        support_die("no TLS peer");
    snprintf(peer->url, sizeof peer->url, "https://127.0.0.1:%u",
             (unsigned)ntohs(address.sin_port));
    return peer;
}

bool tls_peer_stop(struct tls_peer *peer)
{
    pthread_join(peer->thread, NULL);
    bool requested = peer->requested;
    close(peer->listener);
    SSL_CTX_free(peer->context);
    free(peer);
    return requested;
}

const char *tls_peer_url(const struct tls_peer *peer)
{
    return peer->url;
}
