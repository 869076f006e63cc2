#include "mock_server/http/auth.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct credential {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    size_t token_length;
    struct principal principal;
};

struct auth {
    struct credential *credentials;
    size_t count;
    EVP_MD *sha256; /* fetched once: finding it costs more than a digest */
};

struct auth *auth_new(void)
{
    struct auth *auth = calloc(1, sizeof(struct auth));
    if (auth && !(auth->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL))) {
        free(auth);
        auth = NULL;
    }
    return auth;
}

static bool digest_of(const struct auth *auth, const char *token, size_t length,
                      unsigned char digest[SHA256_DIGEST_LENGTH])
{
    bool is_digested = EVP_Digest(token, length, digest, NULL, auth->sha256, NULL) == 1;
    errno = is_digested ? 0 : ENOMEM;
    return is_digested;
}

void auth_free(struct auth *auth)
{
    if (auth) {
        free(auth->credentials);
        EVP_MD_free(auth->sha256);
        free(auth);
    }
}

bool auth_is_empty(const struct auth *auth)
{
    return auth->count == 0;
}

size_t auth_shortest(const struct auth *auth)
{
    size_t shortest = SIZE_MAX;
    for (size_t i = 0; i < auth->count; i++) {
        if (auth->credentials[i].token_length < shortest) {
            shortest = auth->credentials[i].token_length;
        }
    }
    return shortest;
}

/* The credential of a digest; every one is compared, each in constant time. */
static const struct credential *find(const struct auth *auth,
                                     const unsigned char digest[SHA256_DIGEST_LENGTH])
{
    const struct credential *found = NULL;
    for (size_t i = 0; i < auth->count; i++) {
        if (CRYPTO_memcmp(auth->credentials[i].digest, digest, SHA256_DIGEST_LENGTH) == 0) {
            found = &auth->credentials[i];
        }
    }
    return found;
}

static const char *insert(struct auth *auth, const struct principal *principal, const char *token)
{
    struct credential *grown =
        realloc(auth->credentials, (auth->count + 1) * sizeof(struct credential));
    if (!grown) {
        return "out of memory";
    }
    auth->credentials = grown;
    struct credential *added = &grown[auth->count];
    added->principal = *principal;
    added->token_length = strlen(token);
    if (!digest_of(auth, token, added->token_length, added->digest)) {
        return "the token cannot be digested";
    }
    if (find(auth, added->digest)) {
        return "that token is given twice";
    }
    auth->count++;
    return NULL;
}

static bool take_name(char name[NAMES_LENGTH_MAX + 1], const char *text, size_t length)
{
    if (!names_take(text, length)) {
        return false;
    }
    memcpy(name, text, length);
    name[length] = '\0';
    return true;
}

static bool is_token(const char *text)
{
    size_t length = 0;
    while (text[length] > 0x20 && text[length] < 0x7f) {
        length++;
    }
    return length > 0 && length <= AUTH_TOKEN_MAX && text[length] == '\0';
}

const char *auth_add(struct auth *auth, const char *spec)
{
    struct principal principal;
    const char *equals = strchr(spec, '=');
    const char *colon = strchr(spec, ':');
    if (!equals || !colon || colon > equals) {
        return "expected TENANT:USER=TOKEN";
    }
    if (!take_name(principal.tenant, spec, (size_t)(colon - spec)) ||
        !take_name(principal.user, colon + 1, (size_t)(equals - colon - 1))) {
        return "expected TENANT:USER=TOKEN, names of 1 to 64 letters, digits, dots, hyphens and "
               "underscores";
    }
    if (!is_token(equals + 1)) {
        return "the token must be 1 to 512 printable ASCII characters without spaces";
    }
    return insert(auth, &principal, equals + 1);
}

static char *add_lines(struct auth *auth, FILE *file, const char *path)
{
    char *line = NULL, *message = NULL;
    size_t size = 0;
    ssize_t length = 0;
    for (int number = 1; !message && (length = getline(&line, &size, file)) >= 0; number++) {
        while (length > 0 && strchr("\r\n \t", line[length - 1])) {
            line[--length] = '\0';
        }
        const char *wrong = line[0] == '\0' || line[0] == '#' ? NULL : auth_add(auth, line);
        if (strlen(line) < (size_t)length) {
            wrong = "it holds a NUL";
        }
        if (wrong && asprintf(&message, "%s, line %d: %s", path, number, wrong) < 0) {
            message = strdup(wrong);
        }
    }
    if (line) {
        OPENSSL_cleanse(line, size);
        free(line);
    }
    return message;
}

char *auth_add_file(struct auth *auth, const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        char *message = NULL;
        return asprintf(&message, "%s: %s", path, strerror(errno)) < 0 ? strdup("out of memory")
                                                                       : message;
    }
    char *message = add_lines(auth, file, path);
    if (!message && ferror(file)) {
        message = strdup("the file cannot be read");
    }
    fclose(file);
    return message;
}

bool auth_make(struct auth *auth, const char *tenant, const char *user,
               char token[AUTH_TOKEN_LENGTH + 1])
{
    unsigned char random[AUTH_TOKEN_LENGTH / 2];
    if (RAND_bytes(random, sizeof random) != 1) {
        return false;
    }
    for (size_t i = 0; i < sizeof random; i++) {
        snprintf(token + 2 * i, 3, "%02x", random[i]);
    }
    struct principal principal = {0};
    snprintf(principal.tenant, sizeof principal.tenant, "%s", tenant);
    snprintf(principal.user, sizeof principal.user, "%s", user);
    return insert(auth, &principal, token) == NULL;
}

/* RFC 6750 section 2.1; the scheme's case doesn't matter (RFC 9110 section 11.1). */
const struct principal *auth_check(const struct auth *auth, const char *header)
{
    static const char SCHEME[] = "Bearer ";
    errno = 0;
    if (!header || strncasecmp(header, SCHEME, sizeof SCHEME - 1) != 0) {
        return NULL;
    }
    const char *token = header + sizeof SCHEME - 1;
    token += strspn(token, " ");
    size_t length = strlen(token);
    while (length > 0 && strchr(" \t", token[length - 1])) {
        length--; /* what may stand behind a value is no part of it (RFC 9110 section 5.5) */
    }
    if (length > AUTH_TOKEN_MAX) {
        return NULL;
    }
    unsigned char digest[SHA256_DIGEST_LENGTH];
    if (!digest_of(auth, token, length, digest)) {
        return NULL;
    }
    const struct credential *found = find(auth, digest);
    return found ? &found->principal : NULL;
}
