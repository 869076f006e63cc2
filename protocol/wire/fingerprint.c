#include "protocol/wire/fingerprint.h"

#include "protocol/wire/canonical_json.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define DIGEST_SIZE 32

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256; /* looked up once: a look-up costs more than a short digest does */

static void look_up(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

bool fingerprint_of_bytes(const void *bytes, size_t length, char hex[FINGERPRINT_TEXT_SIZE])
{
    static const char DIGITS[] = "0123456789abcdef";
    unsigned char digest[DIGEST_SIZE];
    if (pthread_once(&once, look_up) != 0 || sha256 == NULL) return false;
    if (EVP_Digest(bytes, length, digest, NULL, sha256, NULL) != 1) return false;
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        hex[2 * i] = DIGITS[digest[i] >> 4];
        hex[2 * i + 1] = DIGITS[digest[i] & 0xF];
    }
    hex[2 * DIGEST_SIZE] = '\0';
    return true;
}

bool fingerprint_of(const struct json *body, char hex[FINGERPRINT_TEXT_SIZE])
{
    char *text = canonical_json(body, "idempotency_key");
    bool done = text != NULL && fingerprint_of_bytes(text, strlen(text), hex);
    free(text);
    return done;
}
