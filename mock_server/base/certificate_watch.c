#include "mock_server/base/certificate_watch.h"

#include "mock_server/base/log.h"
#include "mock_server/base/timers.h"
#include "protocol/wire/clock.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define DAY_S    86400
#define SOON_S   (14 * DAY_S)
#define AGAIN_MS (INT64_C(1000) * DAY_S)

static struct {
    struct timer timer;
    const char *chain;
} watched;

static bool is_before(const ASN1_TIME *time, time_t other)
{
    return X509_cmp_time(time, &other) < 0;
}

static void log_time(struct log_line *line, const char *name, const ASN1_TIME *time)
{
    struct tm utc;
    char text[CLOCK_TEXT_SIZE];
    if (ASN1_TIME_to_tm(time, &utc) == 1) {
        clock_format((int64_t)timegm(&utc) * 1000, text);
        log_text(line, name, text);
    }
}

/* The names in the one place where clients look for them (RFC 9525, 6.3), owned by the caller. */
static char *names_of(X509 *certificate)
{
    BIO *text = BIO_new(BIO_s_mem());
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; text && i < sk_GENERAL_NAME_num(names); i++) {
        BIO_puts(text, i > 0 ? " " : "");
        GENERAL_NAME_print(text, sk_GENERAL_NAME_value(names, i));
    }
    char *bytes = NULL;
    long length = text ? BIO_get_mem_data(text, &bytes) : 0;
    char *copy = length > 0 ? strndup(bytes, (size_t)length) : NULL;
    GENERAL_NAMES_free(names);
    BIO_free(text);
    return copy;
}

static void log_certificate(const char *level, const char *message, X509 *certificate)
{
    char *subject = X509_NAME_oneline(X509_get_subject_name(certificate), NULL, 0);
    struct log_line line;
    log_begin(&line, level, message);
    log_text(&line, "subject", subject);
    log_time(&line, "valid_from", X509_get0_notBefore(certificate));
    log_time(&line, "expires_at", X509_get0_notAfter(certificate));
    log_end(&line);
    OPENSSL_free(subject);
}

static void look_at_dates(X509 *certificate)
{
    time_t now = (time_t)(clock_now_ms() / 1000);
    const ASN1_TIME *end = X509_get0_notAfter(certificate);
    if (is_before(end, now)) {
        log_certificate("warn", "the TLS certificate has expired: clients refuse it", certificate);
    } else if (!is_before(X509_get0_notBefore(certificate), now)) {
        log_certificate("warn", "the TLS certificate is not valid yet: clients refuse it",
                        certificate);
    } else if (is_before(end, now + SOON_S)) {
        log_certificate("warn", "the TLS certificate expires soon", certificate);
    }
}

static void look_at_names(X509 *certificate)
{
    char *names = names_of(certificate);
    if (names) {
        log_event("info", "the TLS certificate is for these names", "names", names);
    } else {
        log_certificate("warn",
                        "the TLS certificate names no host (subjectAltName): clients refuse it",
                        certificate);
    }
    free(names);
}

/* The server's own certificate comes first, then those that vouch for it. */
static void look(bool at_names)
{
    BIO *bio = BIO_new_mem_buf(watched.chain, -1);
    X509 *certificate = NULL;
    while (bio && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
        if (at_names) {
            look_at_names(certificate);
            at_names = false;
        }
        look_at_dates(certificate);
        X509_free(certificate);
    }
    ERR_clear_error();
    BIO_free(bio);
}

static void look_again(struct timer *timer, enum timer_reason reason)
{
    if (reason == TIMER_DUE) {
        look(false);
        timers_arm(timer, AGAIN_MS, TIMER_HANGS);
    }
}

void certificate_watch(const char *chain)
{
    watched.chain = chain;
    watched.timer.fire = look_again;
    look(true);
    timers_arm(&watched.timer, AGAIN_MS, TIMER_HANGS);
}
