/* What is read out of heads and members by hand: keys, paths, origins, times, durations, dates.
 * What is read is written and read again the same. */
#include "mock_server/http/exchange.h"
#include "mock_server/http/framing.h"
#include "protocol/client/origin.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/date.h"
#include "protocol/wire/decimal.h"
#include "protocol/wire/duration.h"
#include "protocol/wire/idempotency_key.h"
#include "protocol/wire/text.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_key(const char *text)
{
    char key[IDEMPOTENCY_KEY_SIZE], again[IDEMPOTENCY_KEY_SIZE];
    char value[IDEMPOTENCY_KEY_HEADER_SIZE];
    if (!idempotency_key_from_header(text, key)) return;
    MUST(idempotency_key_is_valid(key));
    idempotency_key_to_header(key, value);
    MUST(idempotency_key_from_header(value, again));
    MUST(strcmp(again, key) == 0);
}

/* A path's segment, decoded; each of its bytes encoded is the same again. */
static void check_segment(const char *text)
{
    char *decoded = exchange_decode(text, strlen(text), true);
    if (decoded == NULL) return;
    size_t length = strlen(decoded);
    MUST(length <= strlen(text) && text_is_utf8(decoded, length));
    char *encoded = malloc(3 * length + 1);
    MUST(encoded != NULL);
    encoded[0] = '\0';
    for (size_t i = 0; i < length; i++)
        snprintf(encoded + 3 * i, 4, "%%%02x", (unsigned char)decoded[i]);
    char *again = exchange_decode(encoded, 3 * length, false);
    MUST(again != NULL && strcmp(again, decoded) == 0);
    free(again);
    free(encoded);
    free(decoded);
}

static void check_origin(const char *text)
{
    struct origin origin, again;
    if (origin_read(text, &origin) || origin_of_url(text, &origin)) {
        MUST(origin_read(origin.text, &again));
        MUST(strcmp(again.text, origin.text) == 0 && again.encrypted == origin.encrypted &&
             again.loopback == origin.loopback);
        MUST(strncmp(origin.text, origin.encrypted ? "https://" : "http://", 7) == 0);
    }
    const char *path = framing_path(text);
    MUST(path == NULL || (path >= text && path <= text + strlen(text)));
}

static void check_times(const char *text)
{
    int64_t ms, again;
    char written[CLOCK_TEXT_SIZE], day[DATE_TEXT_SIZE];
    struct date date;
    MUST(clock_is_date_time(text) == clock_parse(text, &ms));
    if (clock_parse(text, &ms)) {
        clock_format(ms, written);
        MUST(clock_parse(written, &again));
        MUST(again == ms || strncmp(written, "0000-01-01T00:00:00", 19) == 0);
    }
    if (date_parse(text, &date)) {
        date_format(date, day);
        MUST(strcmp(day, text) == 0);
        MUST(date_weekday(date) >= 0 && date_weekday(date) <= 6);
    }
    if (duration_parse(text, 0, INT64_MAX, &ms)) MUST(ms >= 0);
    if (number_parse(text, 1, 64, &ms)) MUST(ms >= 1 && ms <= 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    MUST(text != NULL);
    check_key(text);
    check_segment(text);
    check_origin(text);
    check_times(text);
    free(text);
    char *safe = text_safe((const char *)data, size, TEXT_MANY_LINES);
    MUST(safe != NULL && text_is_utf8(safe, strlen(safe)));
    char *folded = text_fold(safe), *email = text_fold_email(safe);
    MUST(folded != NULL && text_is_blank(safe) == (folded[0] == '\0'));
    MUST(email != NULL && text_is_utf8(email, strlen(email)));
    char *twice = text_fold(folded);
    MUST(twice != NULL && strcmp(twice, folded) == 0);
    free(twice);
    free(email);
    free(folded);
    free(safe);
    return 0;
}
