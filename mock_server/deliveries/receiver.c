#include "mock_server/deliveries/receiver.h"

#include "mock_server/deliveries/post.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX 4096 /* of a token or a secret */

/* What a secret has at least, as the Standard Webhooks specification wants it. */
#define SECRET_MIN 24

__attribute__((format(printf, 1, 2))) static char *sentence(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return length < 0 ? strdup("out of memory") : text;
}

/* --- where --- */

static bool is_loopback(const char *host)
{
    struct in_addr address;
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

static char *check_address(struct receiver *receiver, const struct address *address)
{
    const char *scheme = address->scheme, *port = address->port;
    bool is_http = scheme && strcmp(scheme, "http") == 0;
    if (!address->host || !(is_http || (scheme && strcmp(scheme, "https") == 0))) {
        return sentence("expected an https:// address, or http:// on loopback");
    }
    if (address->user || address->password) {
        return sentence("a password in it can be seen by others; a token goes into the file that "
                        "--deliver-token-file names");
    }
    if (is_http && !is_loopback(address->host)) {
        return sentence("plain http:// is for loopback only, as the events hold what customers "
                        "bought: use https://");
    }
    receiver->is_plain = is_http;
    if (asprintf(&receiver->name, "%s://%s%s%s", scheme, address->host, port ? ":" : "",
                 port ? port : "") < 0) {
        receiver->name = NULL;
        return sentence("out of memory");
    }
    return NULL;
}

static char *take_url(struct receiver *receiver, const char *text)
{
    struct address address = {0};
    const char *why = NULL;
    if (!poster_load(&why)) {
        return sentence("what posts can't be loaded: %s", why);
    }
    char *wrong = poster->read_address(text, &address)
                      ? check_address(receiver, &address)
                      : sentence("expected an https:// address, or http:// on loopback");
    free(address.scheme);
    free(address.host);
    free(address.port);
    free(address.user);
    free(address.password);
    receiver->url = wrong ? NULL : strdup(text);
    return wrong || receiver->url ? wrong : sentence("out of memory");
}

/* --- what is in files --- */

/* Without the white space behind it; ends with a NUL. */
static char *read_file(const char *path, char content[FILE_MAX + 1], size_t *length)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        return sentence("%s: %s", path, strerror(errno));
    }
    setvbuf(file, NULL, _IONBF, 0); /* no copy stays behind */
    *length = fread(content, 1, FILE_MAX + 1, file);
    bool failed = ferror(file);
    fclose(file);
    if (failed) {
        return sentence("%s: the file cannot be read", path);
    }
    if (*length > FILE_MAX) {
        return sentence("%s: the file is too long", path);
    }
    while (*length > 0 && memchr("\r\n\t ", content[*length - 1], 4)) {
        --*length;
    }
    content[*length] = '\0';
    return NULL;
}

static char *take_token(struct receiver *receiver, const char *path)
{
    char content[FILE_MAX + 1] = "";
    size_t length = 0, printable = 0;
    char *wrong = read_file(path, content, &length);
    while (content[printable] > 0x20 && content[printable] < 0x7f) {
        printable++;
    }
    if (!wrong && (length == 0 || printable < length)) {
        wrong = sentence("%s: the token must be printable ASCII characters without spaces", path);
    }
    if (!wrong && asprintf(&receiver->authorization, "Bearer %s", content) < 0) {
        receiver->authorization = NULL;
        wrong = sentence("out of memory");
    }
    OPENSSL_cleanse(content, sizeof content);
    return wrong;
}

/* Strictly: EVP_DecodeBlock alone passes over white space. -1: it is no base64. */
static int decode(const char *text, size_t length, unsigned char *out)
{
    size_t digits =
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    size_t padding = length - digits;
    if (length == 0 || length % 4 != 0 || padding > 2 || strspn(text + digits, "=") != padding) {
        return -1;
    }
    int decoded = EVP_DecodeBlock(out, (const unsigned char *)text, (int)length);
    return decoded < 0 ? -1 : decoded - (int)padding;
}

static char *take_secret(struct receiver *receiver, const char *path)
{
    static const char PREFIX[] = "whsec_";
    char content[FILE_MAX + 1] = "";
    size_t length = 0, prefix = sizeof PREFIX - 1;
    char *wrong = read_file(path, content, &length);
    unsigned char *secret = wrong ? NULL : malloc(FILE_MAX);
    if (!wrong && !secret) {
        wrong = sentence("out of memory");
    } else if (!wrong && strncmp(content, PREFIX, prefix) == 0) {
        int decoded = decode(content + prefix, length - prefix, secret);
        length = decoded < 0 ? 0 : (size_t)decoded;
        wrong = decoded < 0 ? sentence("%s: what follows whsec_ must be base64", path) : NULL;
    } else if (!wrong) {
        memcpy(secret, content, length);
    }
    if (!wrong && length < SECRET_MIN) {
        wrong = sentence("%s: a secret must have %d bytes or more", path, SECRET_MIN);
    }
    OPENSSL_cleanse(content, sizeof content);
    receiver->secret = secret;
    receiver->secret_length = length;
    return wrong;
}

/* That it holds certificates is seen when it is used. */
static char *take_ca(struct receiver *receiver, const char *path)
{
    receiver->ca_file = path;
    return access(path, R_OK) == 0 ? NULL : sentence("%s: %s", path, strerror(errno));
}

char *receiver_open(struct receiver *receiver, const char *url, const struct receiver_files *files)
{
    *receiver = (struct receiver){0};
    char *wrong = take_url(receiver, url);
    if (!wrong && files->token) {
        wrong = take_token(receiver, files->token);
    }
    if (!wrong && files->secret) {
        wrong = take_secret(receiver, files->secret);
    }
    if (!wrong && files->ca) {
        wrong = take_ca(receiver, files->ca);
    }
    if (wrong) {
        receiver_clear(receiver);
    }
    return wrong;
}

void receiver_clear(struct receiver *receiver)
{
    if (receiver->authorization) {
        OPENSSL_cleanse(receiver->authorization, strlen(receiver->authorization));
    }
    if (receiver->secret) {
        OPENSSL_cleanse(receiver->secret, FILE_MAX);
    }
    free(receiver->url);
    free(receiver->name);
    free(receiver->authorization);
    free(receiver->secret);
    *receiver = (struct receiver){0};
}

/* --- signing --- */

bool receiver_sign(const struct receiver *receiver, const char *event_id, int64_t timestamp_s,
                   const char *body, size_t length, char signature[SIGNATURE_SIZE])
{
    static const char VERSION[] = "v1,";
    unsigned char digest[SHA256_DIGEST_LENGTH];
    char *signed_text = NULL;
    int head = asprintf(&signed_text, "%s.%lld.", event_id, (long long)timestamp_s);
    char *whole = head < 0 ? NULL : realloc(signed_text, (size_t)head + length);
    if (!whole) {
        if (head >= 0) {
            free(signed_text);
        }
        return false;
    }
    memcpy(whole + head, body, length);
    bool ok = HMAC(EVP_sha256(), receiver->secret, (int)receiver->secret_length,
                   (const unsigned char *)whole, (size_t)head + length, digest, NULL);
    free(whole);
    static_assert(sizeof VERSION + (SHA256_DIGEST_LENGTH + 2) / 3 * 4 <= SIGNATURE_SIZE, "room");
    memcpy(signature, VERSION, sizeof VERSION);
    if (ok) {
        EVP_EncodeBlock((unsigned char *)signature + sizeof VERSION - 1, digest, sizeof digest);
    }
    return ok;
}
