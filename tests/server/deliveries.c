#include "tests/server/deliveries.h"

#include <stdio.h>

int deliveries_setup(void **state)
{
    struct deliveries *deliveries = calloc(1, sizeof *deliveries);
    if (!deliveries) return -1;
    deliveries->webhooks = webhooks_start((webhook_choose *)(uintptr_t)*state, NULL);
    *state = deliveries;
    return 0;
}

int deliveries_teardown(void **state)
{
    struct deliveries *deliveries = *state;
    bool well = true;
    webhooks_let_go(deliveries->webhooks);
    for (size_t i = 2; i-- > 0;) {
        struct mock *mock = &deliveries->mocks[i];
        if (mock->process.pid > 0) well = mock_stop(mock) == 0 && well;
        mock_clear(mock);
    }
    webhooks_stop(deliveries->webhooks);
    free(deliveries);
    return well ? 0 : -1;
}

#define OPTIONS_MAX 14

void deliveries_start(struct deliveries *deliveries, size_t which, const char *const *options)
{
    const char *all[OPTIONS_MAX + 1] = {"--deliver", webhooks_url(deliveries->webhooks)};
    for (size_t count = 2; options && *options; options++) {
        assert_in_range(count, 2, OPTIONS_MAX - 1);
        all[count++] = *options;
    }
    struct mock *mock = &deliveries->mocks[which];
    assert_true(which == 0 || *mock->directory
                    ? mock_start(mock, all)
                    : mock_start_beside(mock, &deliveries->mocks[0], all));
}

void deliveries_create(struct deliveries *deliveries, size_t which, int first, int count)
{
    for (int i = first; i < first + count; i++) {
        char *key = support_format("\"key-%d\"", i), *number = support_format("%d", i);
        struct http_reply reply = api_create_sample(&deliveries->mocks[which], key, number, NULL);
        api_assert_status(&reply, 201);
        http_reply_clear(&reply);
        free(number);
        free(key);
    }
}

long deliveries_metric(const struct mock *mock, const char *line)
{
    struct http_reply reply = api_get(mock, NULL, "/metrics");
    api_assert_status(&reply, 200);
    char *start = support_format("\n%s ", line);
    const char *found = strstr(reply.body, start);
    long value = found ? strtol(found + strlen(start), NULL, 10) : 0;
    free(start);
    http_reply_clear(&reply);
    return value;
}

struct wanted {
    const struct mock *mock;
    const char *line;
    long value;
};

static bool is_reached(void *context)
{
    const struct wanted *wanted = context;
    return deliveries_metric(wanted->mock, wanted->line) >= wanted->value;
}

void deliveries_wait_for(const struct mock *mock, const char *line, long value)
{
    struct wanted wanted = {mock, line, value};
    if (!support_wait_until(is_reached, &wanted, PATIENCE_MS))
        fail_msg("%s is %ld", line, deliveries_metric(mock, line));
}

static bool has_none(void *mock)
{
    return deliveries_metric(mock, WAITING) == 0;
}

void deliveries_wait_for_none(const struct mock *mock)
{
    if (!support_wait_until(has_none, (void *)(uintptr_t)mock, PATIENCE_MS))
        fail_msg("%ld deliveries wait", deliveries_metric(mock, WAITING));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void deliveries_check_whole(struct deliveries *deliveries, size_t which)
{
    size_t arrived = webhooks_count(deliveries->webhooks), count = 0;
    const char **ids = calloc(arrived + 1, sizeof *ids),
               **events = calloc(arrived + 1, sizeof *ids);
    assert_true(ids && events);
    for (size_t i = 0; i < arrived; i++) {
        const struct webhook *webhook = webhooks_at(deliveries->webhooks, i);
        if (!webhook->is_taken) continue;
        ids[count] = json_pointer_text(webhook->json, "/data/id");
        events[count++] = webhook->event_id;
        assert_string_equal(json_pointer_text(webhook->json, "/type"), "invoice.created");
    }
    qsort(ids, count, sizeof *ids, by_text);
    qsort(events, count, sizeof *events, by_text);
    size_t records = count > 0, told = count > 0;
    for (size_t i = 1; i < count; i++) {
        records += strcmp(ids[i - 1], ids[i]) != 0;
        told += strcmp(events[i - 1], events[i]) != 0;
    }
    assert_int_equal(records, told);
    assert_int_equal(records, api_count(&deliveries->mocks[which], TOKEN_ANA));
    free(ids);
    free(events);
}

struct webhook_answer deliveries_hang(void *context, const struct webhook *webhook)
{
    (void)context;
    (void)webhook;
    return (struct webhook_answer){WEBHOOK_HANGS, 0, NULL};
}

static bool one_came(void *context)
{
    struct deliveries *deliveries = context;
    return webhooks_count(deliveries->webhooks) > 0;
}

void deliveries_wait_for_one(struct deliveries *deliveries)
{
    assert_true(support_wait_until(one_came, deliveries, PATIENCE_MS));
}
