#include "tests/bench/requests.h"

#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define KEY_LENGTH    36 /* of a UUID */
#define PATH_SIZE     64
#define CUSTOMERS     1000
#define TENANT_DIGITS 4
#define NUMBER_HOLDER "NNNNNNNN-nnnnnnnnn" /* of this run, of this request */
#define KEY_HOLDER    "KKKKKKKK-KKKK-KKKK-KKKK-KKKKKKKKKKKK"
#define EMAIL_HOLDER  "cccc@northwind.example"

struct known {
    char key[KEY_LENGTH];
    char path[PATH_SIZE]; /* "": not learnt */
};

struct requests {
    struct requests_settings settings;
    uint64_t random[2];
    char run[9]; /* makes the numbers of this run unlike those of others on the same store */
    char *token; /* of the tenant whose request was made last */
    char *create, *get;
    size_t create_length, get_length;
    size_t token_at, key_at, number_at, email_at; /* in `create` */
    struct known *known;
    char read[512];
};

/* xorshift128+ (Vigna 2014): quick, and random enough for keys that only have to differ. */
static uint64_t next_random(struct requests *requests)
{
    uint64_t a = requests->random[0], b = requests->random[1];
    requests->random[0] = b;
    a ^= a << 23;
    a ^= b ^ (a >> 17) ^ (b >> 26);
    requests->random[1] = a;
    return a + b;
}

static void put_hex(char *out, uint64_t value, size_t digits)
{
    while (digits-- > 0) {
        out[digits] = "0123456789abcdef"[value & 15];
        value >>= 4;
    }
}

static void put_decimal(char *out, size_t value, size_t digits)
{
    while (digits-- > 0) {
        out[digits] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* RFC 9562 sections 5.4 and 5.7: 48 bits that are random or the time, the version, 12 random bits,
 * the variant, 62 random bits. */
static void put_key(struct requests *requests, enum request_kind kind, char *out)
{
    uint64_t high = next_random(requests), low = next_random(requests);
    uint64_t first = high >> 16, version = 4;
    if (kind == REQUEST_CREATE_V7) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        first = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
        version = 7;
    }
    put_hex(out, first >> 16, 8);
    put_hex(out + 9, first, 4);
    put_hex(out + 14, version << 12 | (high & 0xfff), 4);
    put_hex(out + 19, 0x8000 | (low >> 48 & 0x3fff), 4);
    put_hex(out + 24, low, 12);
}

/* The request of the contract's example, as a form makes it: no external reference. */
static char *make_body(size_t lines)
{
    struct support_buffer body = {0};
    static const char head[] = "{\"number\":\"" NUMBER_HOLDER
                               "\",\"issue_date\":\"2026-11-22\",\"due_date\":\"2026-12-22\","
                               "\"currency\":\"EUR\",\"customer\":{\"email\":\"" EMAIL_HOLDER
                               "\",\"name\":\"Northwind Ltd\"},"
                               "\"lines\":[";
    static const char line[] = "{\"description\":\"Consulting\",\"quantity\":\"1.5\","
                               "\"unit_price\":\"120.00\",\"tax_rate\":\"21\"}";
    static const char tail[] = "],\"notes\":\"\"}";
    support_append(&body, head, sizeof head - 1);
    for (size_t i = 0; i < lines; i++) {
        if (i > 0) support_append(&body, ",", 1);
        support_append(&body, line, sizeof line - 1);
    }
    support_append(&body, tail, sizeof tail - 1);
    return body.bytes;
}

static size_t place_of(const char *text, const char *holder)
{
    const char *place = strstr(text, holder);
    if (!place) support_die("no %s in the request", holder);
    return (size_t)(place - text);
}

static void make_create(struct requests *requests)
{
    char *body = make_body(requests->settings.lines);
    requests->create =
        support_format("POST /v1/invoices HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                       "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
                       "Idempotency-Key: \"" KEY_HOLDER "\"\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       requests->settings.port, requests->token, strlen(body), body);
    requests->create_length = strlen(requests->create);
    requests->token_at = place_of(requests->create, requests->token);
    requests->key_at = place_of(requests->create, KEY_HOLDER);
    requests->number_at = place_of(requests->create, NUMBER_HOLDER);
    requests->email_at = place_of(requests->create, EMAIL_HOLDER);
    free(body);
}

struct requests *requests_new(const struct requests_settings *settings)
{
    struct requests *requests = calloc(1, sizeof *requests);
    if (!requests) support_die("out of memory");
    requests->settings = *settings;
    requests->known = calloc(settings->known, sizeof *requests->known);
    if (!requests->known) support_die("out of memory");
    if (getrandom(requests->random, sizeof requests->random, 0) != sizeof requests->random)
        support_die("no random bytes");
    put_hex(requests->run, next_random(requests), 8);
    requests->token = settings->tenants
                          ? support_format("%s-%0*d", settings->token, TENANT_DIGITS, 0)
                          : support_format("%s", settings->token);
    make_create(requests);
    requests->get =
        support_format("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                       "Authorization: Bearer %s\r\n\r\n",
                       settings->path ? settings->path : "/", settings->port, requests->token);
    requests->get_length = strlen(requests->get);
    return requests;
}

void requests_free(struct requests *requests)
{
    if (!requests) return;
    free(requests->token);
    free(requests->create);
    free(requests->get);
    free(requests->known);
    free(requests);
}

static void choose_tenant(struct requests *requests, size_t index)
{
    if (requests->settings.tenants == 0) return;
    char *digits = requests->token + strlen(requests->token) - TENANT_DIGITS;
    put_decimal(digits, index % requests->settings.tenants, TENANT_DIGITS);
}

static const char *make_create_bytes(struct requests *requests, size_t index, size_t *length)
{
    choose_tenant(requests, index);
    memcpy(requests->create + requests->token_at, requests->token, strlen(requests->token));
    char *number = requests->create + requests->number_at;
    memcpy(number, requests->run, 8);
    put_decimal(number + 9, index, 9);
    put_decimal(requests->create + requests->email_at, index % CUSTOMERS, 4);
    *length = requests->create_length;
    return requests->create;
}

static const char *make_read_bytes(struct requests *requests, size_t index, size_t *length)
{
    choose_tenant(requests, index);
    int written =
        snprintf(requests->read, sizeof requests->read,
                 "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n\r\n",
                 requests->known[index].path, requests->settings.port, requests->token);
    if (written < 0 || (size_t)written >= sizeof requests->read)
        support_die("the token is too long");
    *length = (size_t)written;
    return requests->read;
}

const char *requests_make(struct requests *requests, enum request_kind kind, size_t index,
                          size_t *length)
{
    char *key = requests->create + requests->key_at;
    size_t known = index % requests->settings.known;
    switch (kind) {
    case REQUEST_CREATE_V7:
    case REQUEST_CREATE_V4:
        put_key(requests, kind, key);
        if (index == known) memcpy(requests->known[index].key, key, KEY_LENGTH);
        return make_create_bytes(requests, index, length);
    case REQUEST_REPLAY:
        memcpy(key, requests->known[known].key, KEY_LENGTH);
        return make_create_bytes(requests, known, length);
    case REQUEST_READ:
        return make_read_bytes(requests, known, length);
    case REQUEST_GET:
        break;
    }
    *length = requests->get_length;
    return requests->get;
}

void requests_learn(struct requests *requests, size_t index, const char *location, size_t length)
{
    if (index >= requests->settings.known) return;
    if (length >= PATH_SIZE) support_die("a Location of %zu bytes", length);
    memcpy(requests->known[index].path, location, length);
    requests->known[index].path[length] = '\0';
}
