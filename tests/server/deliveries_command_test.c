/* invonce-mock-server deliveries list|retry|discard: what people see of what is on its way, and how
 * they mend it. */
#include "tests/server/deliveries.h"

#include <stdarg.h>

static bool refuses = true;

static struct webhook_answer refuse_until_told(void *context, const struct webhook *webhook)
{
    (void)context;
    (void)webhook;
    return (struct webhook_answer){WEBHOOK_ANSWERS, refuses ? 410 : 200, NULL};
}

/* Runs it on the store of server 0; the words are NULL-ended. */
__attribute__((sentinel)) static struct process_result command(const struct deliveries *deliveries,
                                                               const char *word, ...)
{
    char *url = stores_url(deliveries->mocks[0].store);
    const char *argv[16] = {mock_program(), "deliveries", word};
    size_t count = 3;
    va_list words;
    va_start(words, word);
    for (const char *next; (next = va_arg(words, const char *)) && count < 13;)
        argv[count++] = next;
    va_end(words);
    argv[count++] = "--store";
    argv[count++] = url;
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    free(url);
    return result;
}

static void assert_ended(struct process_result result, int code, const char *output)
{
    if (result.code != code || !strstr(code == 2 ? result.errors : result.output, output))
        fail_msg("%d: %s%s", result.code, result.output, result.errors);
    process_result_clear(&result);
}

/* Server 0 has parked so many. */
static void park(struct deliveries *deliveries, int count)
{
    static const char *const options[] = {"--deliver-for", "1ms", NULL};
    refuses = true;
    deliveries_start(deliveries, 0, options);
    deliveries_create(deliveries, 0, 0, count);
    deliveries_wait_for(&deliveries->mocks[0], PARKED, count);
    refuses = false;
}

/* The ids of the events that are listed, in their order. */
static char **listed(const struct deliveries *deliveries, size_t expected)
{
    struct process_result result = command(deliveries, "list", "--json", "--tenant", "north", NULL);
    assert_int_equal(result.code, 0);
    char **ids = calloc(expected + 1, sizeof *ids), *rest = result.output;
    size_t count = 0;
    for (char *line; (line = strsep(&rest, "\n")) && *line; count++) {
        struct json *json = json_from(line);
        assert_in_range(count, 0, expected - 1);
        ids[count] = support_format("%s", json_pointer_text(json, "/event_id"));
        json_free(json);
    }
    assert_int_equal(count, expected);
    process_result_clear(&result);
    return ids;
}

static void free_ids(char **ids)
{
    for (size_t i = 0; ids[i]; i++)
        free(ids[i]);
    free(ids);
}

static void parked_ones_are_listed(void **state)
{
    struct deliveries *deliveries = *state;
    park(deliveries, 2);
    struct process_result result = command(deliveries, "list", "--json", "--tenant", "north", NULL);
    assert_int_equal(result.code, 0);
    char *rest = result.output;
    struct json *first = json_from(strsep(&rest, "\n"));
    assert_string_equal(json_pointer_text(first, "/state"), "parked");
    assert_string_equal(json_pointer_text(first, "/type"), "invoice.created");
    assert_string_equal(json_pointer_text(first, "/resource"), "invoice");
    assert_string_equal(json_pointer_text(first, "/record_id"), "inv_1001");
    assert_string_equal(json_pointer_text(first, "/trouble"), "it answered 410");
    const struct webhook *webhook = webhooks_at(deliveries->webhooks, 0);
    if (strcmp(json_pointer_text(webhook->json, "/data/id"), "inv_1001") != 0)
        webhook = webhooks_at(deliveries->webhooks, 1);
    assert_string_equal(json_pointer_text(first, "/event_id"), webhook->event_id);
    assert_int_equal(json_integer(json_member(first, "attempts"), 0), 1);
    assert_true(json_kind(json_member(first, "next_at")) == JSON_NULL);
    json_free(first);
    process_result_clear(&result);
    assert_ended(command(deliveries, "list", "--tenant", "north", NULL), 0, "0 waiting, 2 parked");
    assert_ended(command(deliveries, "list", "--tenant", "north", NULL), 0, "inv_1002");
    assert_ended(command(deliveries, "list", "--tenant", "south", NULL), 0, "0 waiting, 0 parked");
}

static void a_retry_is_sent_by_the_server_that_runs(void **state)
{
    struct deliveries *deliveries = *state;
    park(deliveries, 3);
    char **ids = listed(deliveries, 3);
    assert_ended(command(deliveries, "retry", ids[1], "--tenant", "north", NULL), 0,
                 "is tried again now");
    assert_true(webhooks_wait(deliveries->webhooks, 1));
    deliveries_wait_for_none(&deliveries->mocks[0]);
    assert_ended(command(deliveries, "retry", ids[1], "--tenant", "north", NULL), 4, ids[1]);
    assert_ended(command(deliveries, "retry", ids[0], "--tenant", "south", NULL), 4, ids[0]);
    assert_ended(command(deliveries, "retry", "--all-parked", "--json", "--tenant", "north", NULL),
                 0, "\"outcome\":\"retried\"");
    assert_true(webhooks_wait(deliveries->webhooks, 3));
    deliveries_wait_for_none(&deliveries->mocks[0]);
    assert_ended(command(deliveries, "list", "--tenant", "north", NULL), 0, "0 waiting, 0 parked");
    deliveries_check_whole(deliveries, 0);
    free_ids(ids);
}

static void what_is_discarded_is_told_to_nobody_but_the_audit(void **state)
{
    struct deliveries *deliveries = *state;
    struct mock *mock = &deliveries->mocks[0];
    park(deliveries, 2);
    char **ids = listed(deliveries, 2);
    assert_ended(command(deliveries, "discard", ids[0], "--tenant", "north", NULL), 0,
                 "is discarded");
    deliveries_wait_for(mock, "invonce_deliveries_total{outcome=\"discarded\"}", 1);
    struct http_reply audit = api_get(mock, TOKEN_ANA, "/v1/audit?after=2");
    assert_string_equal(api_text(&audit, "/data/0/outcome"), "discarded");
    assert_string_equal(api_text(&audit, "/data/0/endpoint"), "deliveries discard");
    assert_string_equal(api_text(&audit, "/data/0/record_id"), "inv_1001");
    http_reply_clear(&audit);
    assert_ended(command(deliveries, "discard", "--all-parked", "--tenant", "north", NULL), 0,
                 "1 discarded");
    deliveries_wait_for(mock, "invonce_deliveries_total{outcome=\"discarded\"}", 2);
    assert_int_equal(webhooks_taken(deliveries->webhooks, NULL), 0);
    free(listed(deliveries, 0));
    free_ids(ids);
}

static void what_is_being_sent_stays_as_it_is(void **state)
{
    static const char *const options[] = {"--deliver-timeout", "1h", NULL};
    struct deliveries *deliveries = *state;
    deliveries_start(deliveries, 0, options);
    deliveries_create(deliveries, 0, 0, 1);
    deliveries_wait_for_one(deliveries);
    char **ids = listed(deliveries, 1);
    assert_ended(command(deliveries, "list", "--tenant", "north", NULL), 0, "sending");
    assert_ended(command(deliveries, "discard", ids[0], "--tenant", "north", NULL), 1,
                 "is being sent");
    assert_ended(command(deliveries, "retry", ids[0], "--json", "--tenant", "north", NULL), 1,
                 "\"outcome\":\"sending\"");
    free_ids(listed(deliveries, 1));
    free_ids(ids);
}

static void a_wrong_command_line_is_refused(void **state)
{
    struct deliveries *deliveries = *state;
    assert_true(mock_start(&deliveries->mocks[0], NULL));
    assert_ended(command(deliveries, "mend", "--tenant", "north", NULL), 2, "list, retry or");
    assert_ended(command(deliveries, "list", NULL), 2, "--tenant is needed");
    assert_ended(command(deliveries, "list", "--tenant", "a b", NULL), 2, "can be called that");
    assert_ended(command(deliveries, "list", "x", "--tenant", "north", NULL), 2, "lists all");
    assert_ended(command(deliveries, "retry", "--tenant", "north", NULL), 2, "--all-parked");
    assert_ended(command(deliveries, "retry", "x", "--all-parked", "--tenant", "north", NULL), 2,
                 "or else --all-parked");
    const char *const argv[] = {mock_program(),
                                "deliveries",
                                "list",
                                "--tenant",
                                "north",
                                "--store",
                                "sqlite:/nowhere/at/all.db",
                                NULL};
    assert_ended(process_run(argv, NULL, PATIENCE_MS), 2, "there is no store");
    const char *const help[] = {mock_program(), "deliveries", "--help", NULL};
    assert_ended(process_run(help, NULL, PATIENCE_MS), 0, "EXIT STATUS");
}

static const struct CMUnitTest TESTS[] = {
    DELIVERIES_TEST(parked_ones_are_listed, refuse_until_told),
    DELIVERIES_TEST(a_retry_is_sent_by_the_server_that_runs, refuse_until_told),
    DELIVERIES_TEST(what_is_discarded_is_told_to_nobody_but_the_audit, refuse_until_told),
    DELIVERIES_TEST(what_is_being_sent_stays_as_it_is, deliveries_hang),
    DELIVERIES_TEST(a_wrong_command_line_is_refused, NULL),
};

API_MAIN("deliveries_command", TESTS)
