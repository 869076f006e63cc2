/* Each fault of DESIGN.md 3.2, seen on the wire and in the database. */
#include "tests/server/api.h"

#include "tests/support/raw.h"
#include "tests/support/rows.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

/* Sends the sample invoice on a plain socket and gives the socket. */
static int send_raw(const struct mock *mock, const char *key, const char *number)
{
    char *body = sample_body(number, NULL);
    int connection = raw_connect(mock->port);
    assert_true(connection >= 0);
    assert_true(raw_post(connection, "/v1/invoices", TOKEN_ANA, key, body));
    free(body);
    return connection;
}

static struct raw_reply exchange_raw(const struct mock *mock, const char *key, const char *number,
                                     bool to_the_end)
{
    int connection = send_raw(mock, key, number);
    struct raw_reply reply = to_the_end ? raw_read_all(connection, PATIENCE_MS)
                                        : raw_read_reply(connection, PATIENCE_MS);
    close(connection);
    return reply;
}

static long long invoices(const struct mock *mock)
{
    return rows_number(mock->store, "SELECT count(*) FROM invoices");
}

/* What the audit says of all attempts, oldest first: "created replayed". */
static char *outcomes(const struct mock *mock)
{
    struct json *rows = rows_read(mock->store, "SELECT outcome FROM audit ORDER BY seq", NULL),
                *row;
    struct support_buffer text = {0};
    size_t index;
    support_append(&text, "", 0);
    for (index = 0, row = json_first(rows); row != NULL; row = json_next(row), index++) {
        const char *outcome = json_pointer_text(row, "/outcome");
        if (index > 0) support_append(&text, " ", 1);
        support_append(&text, outcome, strlen(outcome));
    }
    json_free(rows);
    return text.bytes;
}

struct expectation {
    const struct mock *mock;
    const char *outcomes;
};

static bool is_met(void *context)
{
    const struct expectation *expectation = context;
    char *seen = outcomes(expectation->mock);
    bool met = strcmp(seen, expectation->outcomes) == 0;
    free(seen);
    return met;
}

/* A reply may be on its way before its entry is. */
static void assert_outcomes(const struct mock *mock, const char *expected)
{
    struct expectation expectation = {mock, expected};
    if (support_wait_until(is_met, &expectation, 5000)) return;
    char *seen = outcomes(mock);
    assert_string_equal(seen, expected);
}

/* The first entry, where the fault left one, says what was done to it; the next one nothing. */
static void assert_fault_is_told(const struct mock *mock, const char *rule)
{
    struct json *rows = rows_read(mock->store, "SELECT fault FROM audit ORDER BY seq", NULL);
    char *name = support_format("%.*s", (int)strcspn(rule, "@"), rule);
    if (strcmp(name, "drop-before") != 0)
        assert_string_equal(json_pointer_text(json_item(rows, 0), "/fault"), name);
    size_t last = json_count(rows) - 1;
    assert_true(json_kind(json_member(json_item(rows, last), "fault")) == JSON_NULL);
    free(name);
    json_free(rows);
}

/* What the first attempt meets, and what the second one with the same key then finds. */
static const struct {
    const char *rule;
    int status;       /* on the wire; 0: not one byte */
    enum raw_end end; /* RAW_OPEN: the connection stands, the reply is whole */
    long long rows;
    bool replayed; /* the second attempt */
    const char *outcomes;
} FAULTS[] = {
    {"drop-before@attempt=1", 0, RAW_FINISHED, 0, false, "created"},
    {"drop-response@attempt=1", 0, RAW_FINISHED, 1, true, "created replayed"},
    {"reset-response@attempt=1", 0, RAW_RESET, 1, true, "created replayed"},
    {"status=503@attempt=1", 503, RAW_OPEN, 0, false, "failed created"},
    {"status=500:retry-after=7@attempt=1", 500, RAW_OPEN, 0, false, "failed created"},
    {"status=404@attempt=1", 404, RAW_OPEN, 0, false, "failed created"},
    {"status-after-commit=502@attempt=1", 502, RAW_OPEN, 1, true, "created replayed"},
    {"garble-response@attempt=1", 200, RAW_OPEN, 1, true, "created replayed"},
    {"drip=4000@attempt=1", 201, RAW_OPEN, 1, true, "created replayed"},
    {"delay-before-commit=50ms@attempt=1", 201, RAW_OPEN, 1, true, "created replayed"},
    {"delay-after-commit=50ms@attempt=1", 201, RAW_OPEN, 1, true, "created replayed"},
};

static void each_fault_does_what_its_name_says(void **state)
{
    struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(FAULTS); i++) {
        const char *const options[] = {"--fault", FAULTS[i].rule, NULL};
        api_fresh(mock, options);
        print_message("%s\n", FAULTS[i].rule);
        struct raw_reply reply = exchange_raw(mock, "k1", "1", FAULTS[i].end != RAW_OPEN);
        assert_int_equal(raw_status(&reply), FAULTS[i].status);
        assert_int_equal(reply.end, FAULTS[i].end);
        if (FAULTS[i].status == 0) assert_int_equal(reply.all.length, 0);
        assert_int_equal(invoices(mock), FAULTS[i].rows);
        raw_reply_clear(&reply);
        struct http_reply again = api_create_sample(mock, "\"k1\"", "1", NULL);
        api_assert_status(&again, 201);
        assert_int_equal(api_is_replay(&again), FAULTS[i].replayed);
        assert_int_equal(invoices(mock), 1);
        assert_outcomes(mock, FAULTS[i].outcomes);
        assert_fault_is_told(mock, FAULTS[i].rule);
        http_reply_clear(&again);
    }
}

static const char *const STATUS[] = {"--fault", "status=503:retry-after=7@attempt=1", "--fault",
                                     "status=500@attempt=2", NULL};

static void a_status_comes_as_a_problem(void **state)
{
    struct http_reply busy = api_create_sample(*state, "\"k1\"", "1", NULL);
    api_assert_status(&busy, 503);
    assert_string_equal(http_header(&busy, "retry-after"), "7");
    assert_string_equal(http_header(&busy, "content-type"), "application/problem+json");
    assert_string_equal(api_text(&busy, "/effect"), "unknown");
    struct http_reply broken = api_create_sample(*state, "\"k1\"", "1", NULL);
    api_assert_status(&broken, 500);
    assert_string_equal(http_header(&broken, "retry-after"), "");
    http_reply_clear(&broken);
    http_reply_clear(&busy);
}

static const char *const GARBLE[] = {"--fault", "garble-response@attempt=1", NULL};

static void garbled_is_a_captive_portal_s_page(void **state)
{
    struct http_reply reply = api_create_sample(*state, "\"k1\"", "1", NULL);
    api_assert_status(&reply, 200);
    assert_memory_equal(http_header(&reply, "content-type"), "text/html", 9);
    assert_non_null(strcasestr(reply.body, "<html"));
    assert_null(strstr(reply.body, "inv_"));
    assert_null(reply.json);
    http_reply_clear(&reply);
}

static const char *const TRUNCATE[] = {"--fault", "truncate-response@attempt=1", NULL};

static void truncated_is_half_the_body(void **state)
{
    const struct mock *mock = *state;
    struct raw_reply half = exchange_raw(mock, "k1", "1", true);
    struct http_reply whole = api_create_sample(mock, "\"k1\"", "1", NULL);
    size_t length;
    const char *body = raw_body(&half, &length);
    assert_int_equal(raw_status(&half), 201);
    assert_int_not_equal(half.end, RAW_OPEN);
    assert_non_null(body);
    char *promised = raw_header(&half, "Content-Length");
    assert_int_equal(strtoul(promised, NULL, 10), whole.length);
    assert_in_range(length, whole.length / 2 - 1, whole.length / 2 + 1);
    assert_memory_equal(body, whole.body, length);
    assert_true(api_is_replay(&whole));
    assert_outcomes(mock, "created replayed");
    free(promised);
    http_reply_clear(&whole);
    raw_reply_clear(&half);
}

static const char *const DRIP[] = {"--fault", "drip=2000@attempt=1", NULL};

static void a_drip_takes_its_time(void **state)
{
    const struct mock *mock = *state;
    long long start = support_now_ms();
    struct http_reply slow = api_create_sample(mock, "\"k1\"", "1", NULL);
    long long took = support_now_ms() - start;
    struct http_reply again = api_create_sample(mock, "\"k1\"", "1", NULL);
    api_assert_same(&slow, &again);
    /* At 2000 bytes a second; half of that time leaves room for a first lump. */
    assert_true(took >= (long long)slow.length * 1000 / 2000 / 2);
    http_reply_clear(&again);
    http_reply_clear(&slow);
}

static bool has_a_row(void *context)
{
    return invoices(context) == 1;
}

static const char *const HANG[] = {"--fault", "hang@attempt=1", NULL};

static void a_hanging_reply_never_comes_and_is_cut_at_the_end(void **state)
{
    struct mock *mock = *state;
    int connection = send_raw(mock, "k1", "1");
    assert_true(support_wait_until(has_a_row, mock, PATIENCE_MS));
    struct http_reply again = api_create_sample(mock, "\"k1\"", "1", NULL);
    api_assert_status(&again, 201);
    assert_true(api_is_replay(&again));
    struct raw_reply silence = raw_read_all(connection, 100);
    assert_int_equal(silence.end, RAW_OPEN);
    assert_int_equal(silence.all.length, 0);
    long long start = support_now_ms();
    process_signal(&mock->process, SIGTERM);
    struct raw_reply cut = raw_read_all(connection, PATIENCE_MS);
    assert_true(support_now_ms() - start < 4000); /* it holds nothing up */
    assert_int_not_equal(cut.end, RAW_OPEN);
    assert_int_equal(cut.all.length, 0);
    close(connection);
    raw_reply_clear(&cut);
    raw_reply_clear(&silence);
    http_reply_clear(&again);
}

/* Sends into a server that crashes, and waits for its end. */
static void crash(struct mock *mock)
{
    struct raw_reply reply = exchange_raw(mock, "k1", "1", true);
    assert_int_equal(reply.all.length, 0);
    assert_int_not_equal(reply.end, RAW_OPEN);
    raw_reply_clear(&reply);
    int code = process_wait(&mock->process, PATIENCE_MS);
    assert_int_not_equal(code, PROCESS_RUNNING);
    assert_int_not_equal(code, 0);
    process_clear(&mock->process);
}

static const char *const CRASH_AFTER[] = {"--fault", "crash-after-commit@attempt=1", NULL};

static void a_crash_after_the_commit_keeps_the_record(void **state)
{
    struct mock *mock = *state;
    crash(mock);
    assert_true(mock_start(mock, NULL));
    assert_int_equal(invoices(mock), 1);
    struct http_reply again = api_create_sample(mock, "\"k1\"", "1", NULL);
    api_assert_status(&again, 201);
    assert_true(api_is_replay(&again));
    assert_outcomes(mock, "created replayed");
    http_reply_clear(&again);
}

static const char *const CRASH_BEFORE[] = {"--fault", "crash-before-commit@attempt=1", "--lease",
                                           "700ms", NULL};
static const char *const SHORT_WAIT[] = {"--in-progress-wait", "50ms", NULL};

struct retrying {
    const struct mock *mock;
    struct http_reply reply;
    size_t in_progress;
};

static bool is_created(void *context)
{
    struct retrying *retrying = context;
    retrying->reply = api_create_sample(retrying->mock, "\"k1\"", "1", NULL);
    if (retrying->reply.status == 201) return true;
    api_assert_problem(&retrying->reply, "idempotency-key-in-progress");
    assert_true(strtol(http_header(&retrying->reply, "retry-after"), NULL, 10) > 0);
    retrying->in_progress++;
    http_reply_clear(&retrying->reply);
    return false;
}

static void a_crash_before_the_commit_leaves_a_lease(void **state)
{
    struct mock *mock = *state;
    crash(mock);
    assert_true(mock_start(mock, SHORT_WAIT));
    assert_int_equal(invoices(mock), 0);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM idempotency_keys"), 1);
    struct retrying retrying = {.mock = mock};
    assert_true(support_wait_until(is_created, &retrying, PATIENCE_MS));
    assert_false(api_is_replay(&retrying.reply));
    assert_int_equal(invoices(mock), 1);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM audit WHERE outcome='created'"),
                     1);
    http_reply_clear(&retrying.reply);
}

static const char *const HELD_BEFORE[] = {"--faults-api", "--fault",
                                          "delay-before-commit" MOCK_HOLDS "@first=1", NULL};
static const char *const HELD_AFTER[] = {"--faults-api", "--fault",
                                         "delay-after-commit" MOCK_HOLDS "@first=1", NULL};

static bool is_in_progress(void *context)
{
    const struct mock *mock = context;
    return rows_number(mock->store,
                       "SELECT (SELECT count(*) FROM idempotency_keys WHERE status IS NULL)"
                       " > (SELECT count(*) FROM invoices)");
}

static bool is_committed(void *mock)
{
    return invoices(mock) == 1;
}

/* The reply comes as soon as the delay's rule isn't in force any more. */
static void let_go(struct mock *mock, int connection)
{
    struct pollfd early = {.fd = connection, .events = POLLIN};
    assert_int_equal(poll(&early, 1, 0), 0);
    mock_let_go(mock);
    struct raw_reply reply = raw_read_reply(connection, PATIENCE_MS);
    assert_int_equal(raw_status(&reply), 201);
    raw_reply_clear(&reply);
    close(connection);
}

static void a_delay_before_the_commit_holds_one(void **state)
{
    struct mock *mock = *state;
    int connection = send_raw(mock, "k1", "1");
    assert_true(support_wait_until(is_in_progress, mock, PATIENCE_MS));
    /* Others are not held up. */
    struct http_reply other = api_create_sample(mock, "\"k2\"", "2", NULL);
    api_assert_status(&other, 201);
    assert_int_equal(invoices(mock), 1);
    let_go(mock, connection);
    assert_int_equal(invoices(mock), 2);
    http_reply_clear(&other);
}

static void a_delay_after_the_commit_holds_the_reply(void **state)
{
    struct mock *mock = *state;
    int connection = send_raw(mock, "k1", "1");
    assert_true(support_wait_until(is_committed, mock, PATIENCE_MS));
    let_go(mock, connection);
}

static const struct CMUnitTest TESTS[] = {
    UNSTARTED_TEST(each_fault_does_what_its_name_says),
    SERVER_TEST(a_status_comes_as_a_problem, STATUS),
    SERVER_TEST(garbled_is_a_captive_portal_s_page, GARBLE),
    SERVER_TEST(truncated_is_half_the_body, TRUNCATE),
    SERVER_TEST(a_drip_takes_its_time, DRIP),
    SERVER_TEST(a_hanging_reply_never_comes_and_is_cut_at_the_end, HANG),
    SERVER_TEST(a_crash_after_the_commit_keeps_the_record, CRASH_AFTER),
    SERVER_TEST(a_crash_before_the_commit_leaves_a_lease, CRASH_BEFORE),
    SERVER_TEST(a_delay_before_the_commit_holds_one, HELD_BEFORE),
    SERVER_TEST(a_delay_after_the_commit_holds_the_reply, HELD_AFTER),
};

API_MAIN("faults", TESTS)
