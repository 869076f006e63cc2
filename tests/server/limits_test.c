/* Hard limits: slow senders, too many connections, an overloaded server (DESIGN.md 3, issue 3.6).
 */
#include "tests/server/api.h"

#include "tests/support/parallel.h"
#include "tests/support/raw.h"
#include "tests/support/rows.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const SHORT_PATIENCE[] = {"--request-timeout", "400ms", NULL};

/* One byte now and then keeps a connection from being idle; the whole request has its deadline. */
static void a_slow_sender_is_cut(void **state)
{
    static const char head[] =
        "POST /v1/invoices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " TOKEN_ANA
        "\r\nIdempotency-Key: \"k1\"\r\n"
        "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n";
    const struct mock *mock = *state;
    int connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, head));
    long long start = support_now_ms();
    bool ended = false;
    while (!ended && support_now_ms() - start < PATIENCE_MS) {
        raw_send_text(connection, " ");
        struct pollfd wanted = {.fd = connection, .events = POLLIN};
        ended = poll(&wanted, 1, 20) > 0;
    }
    assert_true(ended);
    assert_true(support_now_ms() - start >= 300);
    struct raw_reply reply = raw_read_all(connection, PATIENCE_MS);
    assert_true(raw_status(&reply) == 408 || raw_status(&reply) == 0);
    assert_int_not_equal(reply.end, RAW_OPEN);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM invoices"), 0);
    raw_reply_clear(&reply);
    close(connection);
}

static void a_slow_head_is_cut_too(void **state)
{
    const struct mock *mock = *state;
    int connection = raw_connect(mock->port);
    assert_true(raw_send_text(connection, "POST /v1/invoices HTTP/1.1\r\nX-Slow: "));
    long long start = support_now_ms();
    bool ended = false;
    while (!ended && support_now_ms() - start < PATIENCE_MS) {
        raw_send_text(connection, "a");
        struct pollfd wanted = {.fd = connection, .events = POLLIN};
        ended = poll(&wanted, 1, 20) > 0;
    }
    assert_true(ended);
    struct raw_reply reply = raw_read_all(connection, PATIENCE_MS);
    assert_true(raw_status(&reply) == 408 || raw_status(&reply) == 0);
    raw_reply_clear(&reply);
    close(connection);
}

static void ask_for_health(int connection)
{
    assert_true(raw_send_text(connection, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
    struct raw_reply reply = raw_read_reply(connection, PATIENCE_MS);
    assert_int_equal(raw_status(&reply), 200);
    raw_reply_clear(&reply);
}

static void assert_too_late(int connection)
{
    struct raw_reply reply = raw_read_all(connection, PATIENCE_MS);
    assert_int_equal(raw_status(&reply), 408);
    assert_int_not_equal(reply.end, RAW_OPEN);
    raw_reply_clear(&reply);
    close(connection);
}

/* The first line too has to come in time, on a new connection and on one that was of use. */
static void half_a_line_is_cut_and_an_idle_connection_is_not(void **state)
{
    const struct mock *mock = *state;
    int idle = raw_connect(mock->port), used = raw_connect(mock->port);
    int silent = raw_connect(mock->port), begun = raw_connect(mock->port);
    ask_for_health(idle);
    ask_for_health(used);
    assert_true(raw_send_text(begun, "GET /heal"));
    assert_too_late(begun);
    for (bool ended = false; !ended;) {
        raw_send_text(used, "G");
        struct pollfd wanted = {.fd = used, .events = POLLIN};
        ended = poll(&wanted, 1, 20) > 0;
    }
    assert_too_late(used);
    ask_for_health(idle);
    ask_for_health(silent);
    close(idle);
    close(silent);
}

/* A server at work is never cut by that deadline, however long the work takes. */
static const char *const LONG_WORK[] = {"--request-timeout", "1s", "--fault",
                                        "delay-before-commit=2500ms@attempt=1", NULL};

static void a_long_answer_is_no_slow_request(void **state)
{
    struct http_reply reply = api_create_sample(*state, "\"k1\"", "1", NULL);
    api_assert_status(&reply, 201);
    http_reply_clear(&reply);
}

static const char *const FEW[] = {"--max-connections", "8", NULL};

struct crowd {
    const struct mock *mock;
    const char *logged; /* what is_logged looks for */
    struct http_reply reply;
};

static bool is_answered(void *context)
{
    struct crowd *crowd = context;
    http_reply_clear(&crowd->reply);
    crowd->reply = api_get(crowd->mock, NULL, "/healthz");
    return crowd->reply.status == 200;
}

static bool is_logged(void *context)
{
    const struct crowd *crowd = context;
    char *log = process_errors(&crowd->mock->process);
    bool found = strstr(log, crowd->logged) != NULL;
    free(log);
    return found;
}

static void the_connections_are_bounded(void **state)
{
    struct crowd crowd = {.mock = *state, .logged = "all connections are taken"};
    int connections[8];
    for (size_t i = 0; i < COUNT_OF(connections); i++) {
        connections[i] = raw_connect(crowd.mock->port);
        assert_true(connections[i] >= 0);
        assert_true(raw_send_text(connections[i], "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
        struct raw_reply reply = raw_read_reply(connections[i], PATIENCE_MS);
        assert_int_equal(raw_status(&reply), 200);
        raw_reply_clear(&reply);
    }
    assert_true(support_wait_until(is_logged, &crowd, PATIENCE_MS));
    /* One more is closed or left waiting, and is served once there is room. */
    int extra = raw_connect(crowd.mock->port);
    if (extra >= 0) {
        raw_send_text(extra, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        struct raw_reply reply = raw_read_reply(extra, 100);
        assert_int_not_equal(raw_status(&reply), 200);
        raw_reply_clear(&reply);
        close(extra);
    }
    for (size_t i = 0; i < COUNT_OF(connections); i++)
        close(connections[i]);
    assert_true(support_wait_until(is_answered, &crowd, PATIENCE_MS));
    http_reply_clear(&crowd.reply);
}

/* Whoever comes then waits in the system's queue, and is served when there are files again. */
static void without_files_a_connection_waits(void **state)
{
    struct crowd crowd = {.mock = *state, .logged = "a connection cannot be let in"};
    pid_t server = crowd.mock->process.pid;
    struct rlimit before;
    int first = raw_connect(crowd.mock->port);
    ask_for_health(first); /* what is opened once is open */
    assert_int_equal(prlimit(server, RLIMIT_NOFILE, NULL, &before), 0);
    struct rlimit none = {.rlim_cur = 3, .rlim_max = before.rlim_max};
    assert_int_equal(prlimit(server, RLIMIT_NOFILE, &none, NULL), 0);
    int waiting = raw_connect(crowd.mock->port);
    assert_true(support_wait_until(is_logged, &crowd, PATIENCE_MS));
    assert_int_equal(prlimit(server, RLIMIT_NOFILE, &before, NULL), 0);
    ask_for_health(waiting);
    close(waiting);
    close(first);
}

static const char *const TWO_EACH[] = {"--max-per-address", "2", NULL};

/* The third one from an address is closed at once, and there is room again when one leaves. */
static void each_address_has_its_share(void **state)
{
    struct crowd crowd = {.mock = *state};
    int connections[2];
    for (size_t i = 0; i < COUNT_OF(connections); i++) {
        connections[i] = raw_connect(crowd.mock->port);
        assert_true(raw_send_text(connections[i], "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
        struct raw_reply reply = raw_read_reply(connections[i], PATIENCE_MS);
        assert_int_equal(raw_status(&reply), 200);
        raw_reply_clear(&reply);
    }
    int third = raw_connect(crowd.mock->port);
    if (third >= 0) {
        struct raw_reply reply = raw_read_all(third, PATIENCE_MS);
        assert_int_not_equal(reply.end, RAW_OPEN);
        assert_int_equal(reply.all.length, 0);
        raw_reply_clear(&reply);
        close(third);
    }
    close(connections[0]);
    assert_true(support_wait_until(is_answered, &crowd, PATIENCE_MS));
    http_reply_clear(&crowd.reply);
    close(connections[1]);
}

static const char *const VERSION_6[] = {"--listen", "[::1]:0", NULL};

static bool knows_version_6(void)
{
    struct sockaddr_in6 loopback = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool knows = probe >= 0 && bind(probe, (struct sockaddr *)&loopback, sizeof loopback) == 0;
    if (probe >= 0) close(probe);
    return knows;
}

static void it_listens_on_ipv6_too(void **state)
{
    struct mock *mock = *state;
    if (!knows_version_6()) return; /* this machine has none */
    api_fresh(mock, VERSION_6);
    assert_non_null(strstr(mock->url, "[::1]:"));
    struct http_reply made = api_create_sample(mock, "\"k\"", "1", NULL);
    api_assert_status(&made, 201);
    http_reply_clear(&made);
}

static const char *const SMALL_QUEUE[] = {"--max-queue", "1", NULL};

struct overload {
    const struct mock *mock;
    int round;
    size_t index; /* of the one that is sent again */
    int statuses[96];
    bool marked[96]; /* a 503 that says too-busy and when to come back */
};

static void press(size_t index, void *context)
{
    struct overload *overload = context;
    char *key = support_format("\"o-%d-%zu\"", overload->round, index);
    char *number = support_format("O-%d-%zu", overload->round, index);
    struct http_reply reply = api_create_sample(overload->mock, key, number, NULL);
    overload->statuses[index] = reply.status;
    overload->marked[index] =
        strcmp(api_text(&reply, "/type"), "urn:invonce:problem:too-busy") == 0 &&
        strcmp(api_text(&reply, "/retry"), "same_key") == 0 &&
        strtol(http_header(&reply, "retry-after"), NULL, 10) > 0;
    http_reply_clear(&reply);
    free(number);
    free(key);
}

static bool is_made(void *context)
{
    struct overload *overload = context;
    press(overload->index, overload);
    return overload->statuses[overload->index] == 201;
}

static void too_many_at_once_are_told_to_come_back(void **state)
{
    struct overload overload = {.mock = *state};
    size_t refused = 0;
    while (refused == 0 && overload.round < 50) {
        overload.round++;
        parallel_run(COUNT_OF(overload.statuses), press, &overload);
        for (size_t i = 0; i < COUNT_OF(overload.statuses); i++) {
            if (overload.statuses[i] == 201) continue;
            assert_int_equal(overload.statuses[i], 503);
            assert_true(overload.marked[i]);
            refused++;
        }
    }
    assert_int_not_equal(refused, 0);
    /* The same keys again: nothing was lost, nothing doubled. */
    for (overload.index = 0; overload.index < COUNT_OF(overload.statuses); overload.index++)
        assert_true(support_wait_until(is_made, &overload, PATIENCE_MS));
    assert_int_equal(rows_number(overload.mock->store, "SELECT count(*) FROM invoices"),
                     (size_t)overload.round * COUNT_OF(overload.statuses));
}

struct replayer {
    const struct mock *mock;
    atomic_bool enough;
    int wrong;
};

/* All but the first thread, which creates one after the other, give one replay after the other. The
 * first one that goes wrong is the last: a server that answers no more makes each a long wait. */
static void replay_or_create(size_t index, void *context)
{
    struct replayer *replayer = context;
    for (int i = 0; index == 0 && i < 100 && replayer->wrong == 0; i++) {
        char *name = support_format("\"n-%d\"", i);
        struct http_reply reply = api_create_sample(replayer->mock, name, name, NULL);
        replayer->wrong += reply.status != 201;
        http_reply_clear(&reply);
        free(name);
    }
    if (index == 0) atomic_store(&replayer->enough, true);
    while (!atomic_load(&replayer->enough)) {
        struct http_reply reply = api_create_sample(replayer->mock, "\"k\"", "1", NULL);
        http_reply_clear(&reply);
    }
}

/* What the audit still has to be told of answered requests takes no create's place. */
static void replays_leave_the_queue_to_creates(void **state)
{
    struct replayer replayer = {.mock = *state};
    struct http_reply first = api_create_sample(replayer.mock, "\"k\"", "1", NULL);
    api_assert_status(&first, 201);
    http_reply_clear(&first);
    first = api_create_sample(replayer.mock, "\"k\"", "1", NULL); /* found by its claim */
    assert_true(api_is_replay(&first));
    parallel_run(8, replay_or_create, &replayer);
    assert_int_equal(replayer.wrong, 0);
    struct http_reply page = api_get(replayer.mock, TOKEN_ANA, "/v1/audit?limit=1");
    api_assert_status(&page, 200); /* by now all entries are there */
    assert_int_equal(
        rows_number(replayer.mock->store, "SELECT count(*) FROM audit WHERE outcome = 'created'"),
        101);
    assert_true(rows_number(replayer.mock->store,
                            "SELECT count(*) FROM audit WHERE outcome = 'replayed'") > 0);
    http_reply_clear(&page);
    http_reply_clear(&first);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(a_slow_sender_is_cut, SHORT_PATIENCE),
    SERVER_TEST(a_slow_head_is_cut_too, SHORT_PATIENCE),
    SERVER_TEST(half_a_line_is_cut_and_an_idle_connection_is_not, SHORT_PATIENCE),
    SERVER_TEST(a_long_answer_is_no_slow_request, LONG_WORK),
    SERVER_TEST(the_connections_are_bounded, FEW),
    SERVER_TEST(without_files_a_connection_waits, NULL),
    SERVER_TEST(each_address_has_its_share, TWO_EACH),
    UNSTARTED_TEST(it_listens_on_ipv6_too),
    SERVER_TEST(too_many_at_once_are_told_to_come_back, SMALL_QUEUE),
    SERVER_TEST(replays_leave_the_queue_to_creates, SMALL_QUEUE),
};

API_MAIN("limits", TESTS)
