/* The server: from its start over a create to its stop; at work, where it stays the same one; and
 * while it tells somebody of what was created. */
#include "tests/fuzz/torture.h"
#include "tests/support/rows.h"
#include "tests/support/webhooks.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct mock mock;
static char *number;

static void make_number(const char *letter)
{
    free(number);
    number = support_format("%s%ld", letter, torture_number());
}

/* Without its words when it doesn't start, which is what may be. */
static bool start_quietly(void)
{
    FILE *own = stderr;
    stderr = fopen("/dev/null", "we");
    bool started = mock_start(&mock, NULL);
    fclose(stderr);
    stderr = own;
    return started;
}

/* --- from its start to its stop --- */

static void live(void)
{
    char *told = NULL;
    make_number("L");
    torture_put_under();
    torture_arm();
    bool started = start_quietly();
    torture_take_away();
    int status = started ? torture_create(&mock, number, &told) : 0;
    if (started) {
        torture_check_stop(&mock, CODES(0, 1));
    } else {
        int code = process_wait(&mock.process, PATIENCE_MS);
        char *errors = process_errors(&mock.process);
        torture_check_end(code, errors, CODES(1, 2));
        free(errors);
    }
    torture_disarm();
    if (mock_start(&mock, NULL)) {
        torture_check_created(&mock, number, status == 201 ? told : NULL);
        torture_check_stop(&mock, CODES(0));
    } else {
        torture_complain("it doesn't start any more");
    }
    free(told);
    mock_clear(&mock);
}

static void forget_number(void)
{
    free(number);
    number = NULL;
}

const struct scenario TORTURE_LIFE = {"life", NULL, live, forget_number};

/* --- at work --- */

static void start(const char *const *options)
{
    torture_put_under();
    if (!mock_start(&mock, options)) support_die("the server doesn't start, though all is well");
    torture_take_away();
}

static void begin_work(void)
{
    start(NULL);
}

static void end_work(void)
{
    torture_check_stop(&mock, CODES(0));
    mock_clear(&mock);
    forget_number();
}

/* One that crashed is started anew, with its store. */
static void check_alive(const char *const *options)
{
    int code = process_wait(&mock.process, 0);
    if (code == PROCESS_RUNNING) return;
    char *errors = process_errors(&mock.process);
    torture_check_end(code, errors, CODES(PROCESS_SIGNAL_BASE - 1));
    free(errors);
    start(options);
}

static bool is_among(int status, const int *statuses)
{
    while (*statuses >= 0 && *statuses != status)
        statuses++;
    return *statuses == status;
}

/* Posts, or gets where there is no body; the status is to be `well`, or says that nothing can be
 * said: none, 500 or 503. */
static void ask(const char *path, const char *key, const char *body, int well)
{
    char *url = support_format("%s%s", mock.url, path);
    struct http_reply reply = http_send(&(struct http_request){
        .url = url, .token = TOKEN_ANA, .key = key, .body = body, .timeout_ms = ANSWER_MS});
    if (!is_among(reply.error ? 0 : reply.status, CODES(0, well, 500, 503)))
        torture_complain("%s is answered %d: %s", path, reply.status, reply.body);
    if (reply.error == CURL_TIMED_OUT) torture_complain("%s is never answered", path);
    http_reply_clear(&reply);
    free(url);
}

static char *payment_text(void)
{
    return support_format("{\"event_id\":\"%s\",\"type\":\"payment.received\",\"invoice_id\":"
                          "\"inv_1001\",\"amount\":\"1.00\",\"currency\":\"EUR\","
                          "\"paid_at\":\"2026-11-22T10:00:00Z\"}",
                          number);
}

static void ask_all(char **told)
{
    char *path = support_format("/v1/invoices?number=%s&year=2026", number);
    char *intent = support_format("/v1/intents/key-%s", number);
    char *other = support_format("\"other-%s\"", number), *body = sample_body(number, NULL);
    char *payment = payment_text(), *again = NULL;
    bool created = torture_create(&mock, number, told) == 201;
    bool replayed = torture_create(&mock, number, &again) == 201;
    if (created && replayed && strcmp(*told, again) != 0)
        torture_complain("a replay is another record:\n%s\n%s", *told, again);
    if (created || replayed) ask("/v1/invoices", other, body, 409);
    ask(path, NULL, NULL, 200);
    ask(intent, NULL, NULL, 200);
    ask("/v1/webhooks/bank", NULL, payment, 200);
    ask("/v1/audit?limit=2", NULL, NULL, 200);
    ask("/readyz", NULL, NULL, 200);
    if (!created) {
        free(*told);
        *told = replayed ? support_format("%s", again) : NULL;
    }
    free(again);
    free(payment);
    free(body);
    free(other);
    free(intent);
    free(path);
}

static void check_paid(void)
{
    char *payment = payment_text();
    char *query =
        support_format("SELECT count(*) FROM provider_events WHERE event_id = '%s'", number);
    ask("/v1/webhooks/bank", NULL, payment, 200);
    if (rows_number(mock.store, query) != 1) torture_complain("%s isn't paid once", number);
    free(query);
    free(payment);
}

static void work(void)
{
    char *told = NULL;
    make_number("W");
    torture_arm();
    ask_all(&told);
    torture_disarm();
    check_alive(NULL);
    torture_check_created(&mock, number, told);
    check_paid();
    free(told);
}

const struct scenario TORTURE_WORK = {"work", begin_work, work, end_work};

/* --- telling of it --- */

static struct webhooks *webhooks;
static size_t events;

static void begin_deliveries(void)
{
    webhooks = webhooks_start(NULL, NULL);
    start((const char *const[]){"--deliver", webhooks_url(webhooks), NULL});
}

static void deliver(void)
{
    char *told = NULL;
    make_number("D");
    torture_arm();
    bool created = torture_create(&mock, number, &told) == 201;
    if (created) (void)webhooks_wait(webhooks, events + 1);
    torture_disarm();
    check_alive((const char *const[]){"--deliver", webhooks_url(webhooks), NULL});
    torture_check_created(&mock, number, created ? told : NULL);
    if (!webhooks_wait(webhooks, ++events)) torture_complain("%s is told to nobody", number);
    free(told);
}

static void end_deliveries(void)
{
    end_work();
    webhooks_stop(webhooks);
}

const struct scenario TORTURE_DELIVER = {"deliver", begin_deliveries, deliver, end_deliveries};
