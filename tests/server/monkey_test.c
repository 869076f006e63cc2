/* Requests broken at random: whatever comes in, the server lives, and its tables stay consistent.
 */
#include "tests/server/api.h"

#include "tests/support/raw.h"
#include "tests/support/rows.h"

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROUNDS 1500

static const char *const PATHS[] = {"/v1/invoices",  "/v1/customers",     "/v1/webhooks/bank",
                                    "/v1/intents/k", "/v1/audit?after=0", "/_mock/faults"};
static const char *const METHODS[] = {"POST", "POST", "POST", "GET", "PUT", "DELETE", "HEAD"};
static const char *const SPICES[] = {"\r\n", "\r\n\r\n", "%00",  "\"",       "\\u0000", "{",
                                     "[",    "}",        "\xFF", "\xE2\x82", "1e309",   ";",
                                     ":",    ",",        "%2F",  "-1",       "\x1b[2J", " "};

struct monkey {
    unsigned seed;
    struct support_buffer request;
};

static size_t pick(struct monkey *monkey, size_t count)
{
    return (size_t)rand_r(&monkey->seed) % count;
}

/* A good request, most of the time to create an invoice. */
static void write_request(struct monkey *monkey)
{
    size_t number = pick(monkey, 200);
    char *text = support_format("M-%zu", number), *body = sample_body(text, NULL);
    const char *method = METHODS[pick(monkey, COUNT_OF(METHODS))];
    const char *path = PATHS[pick(monkey, 3) ? 0 : pick(monkey, COUNT_OF(PATHS))];
    char *request =
        support_format("%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " TOKEN_ANA
                       "\r\nIdempotency-Key: \"m-%zu\"\r\n"
                       "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                       method, path, number, strlen(body), body);
    monkey->request.length = 0;
    support_append(&monkey->request, request, strlen(request));
    free(request);
    free(body);
    free(text);
}

/* One change at one place: a byte flipped, a stretch dropped or doubled, something put in. */
static void break_it(struct monkey *monkey)
{
    struct support_buffer *request = &monkey->request, changed = {0};
    size_t at = pick(monkey, request->length), left = request->length - at;
    size_t span = 1 + pick(monkey, left < 40 ? left : 40);
    const char *spice = SPICES[pick(monkey, COUNT_OF(SPICES))];
    support_append(&changed, request->bytes, at);
    switch (pick(monkey, 4)) {
    case 0:
        support_append(&changed, request->bytes + at, left);
        changed.bytes[at] = (char)pick(monkey, 256);
        break;
    case 1:
        support_append(&changed, request->bytes + at + span, left - span);
        break;
    case 2:
        support_append(&changed, request->bytes + at, span);
        support_append(&changed, request->bytes + at, left);
        break;
    default:
        support_append(&changed, spice, strlen(spice));
        support_append(&changed, request->bytes + at, left);
        break;
    }
    free(request->bytes);
    *request = changed;
}

/* Sends it and nothing after it; gives the status, 0 for none. */
static int send_it(const struct mock *mock, const struct support_buffer *request)
{
    int connection = raw_connect(mock->port);
    assert_true(connection >= 0);
    raw_send(connection, request->bytes, request->length);
    shutdown(connection, SHUT_WR);
    struct raw_reply reply = raw_read_all(connection, PATIENCE_MS);
    assert_int_not_equal(reply.end, RAW_OPEN);
    int status = raw_status(&reply);
    raw_reply_clear(&reply);
    close(connection);
    return status;
}

static void broken_requests_break_nothing(void **state)
{
    const struct mock *mock = *state;
    struct monkey monkey = {.seed = support_seed()};
    size_t created = 0, refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
        write_request(&monkey);
        for (size_t i = pick(&monkey, 4); i > 0 && monkey.request.length > 0; i--)
            break_it(&monkey);
        int status = send_it(mock, &monkey.request);
        /* 100 is Continue, where the monkey came upon an Expect; 500 would be our fault. */
        assert_true(status == 0 || status == 501 || status == 505 ||
                    (status >= 100 && status < 500));
        created += status == 201;
        refused += status >= 400;
    }
    free(monkey.request.bytes);
    print_message("%zu created or replayed, %zu refused\n", created, refused);
    assert_true(created > 0);
    assert_true(refused > 0);
    struct http_reply alive = api_create_sample(mock, "\"last\"", "last", NULL);
    api_assert_status(&alive, 201);
    http_reply_clear(&alive);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) - count(DISTINCT number_key || year)"
                                              " FROM invoices"),
                     0);
    assert_int_equal(rows_number(mock->store,
                                 "SELECT (SELECT count(*) FROM invoices) -"
                                 " (SELECT count(*) FROM idempotency_keys WHERE status = 201)"),
                     0);
}

static const struct CMUnitTest TESTS[] = {SERVER_TEST(broken_requests_break_nothing, NULL)};

API_MAIN("monkey", TESTS)
