/* What the demonstration shows of its server: events out of bytes, tries and layers out of entries,
 * all of it bounded. */
#include "tui/demo/audit.h"
#include "tui/demo/event_stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct heard {
    char text[256]; /* each event's data with a | behind it */
    size_t events;
};

static void hear(void *context, const char *data, size_t length)
{
    struct heard *heard = context;
    size_t used = strlen(heard->text);
    snprintf(heard->text + used, sizeof heard->text - used, "%.*s|", (int)length, data);
    heard->events++;
}

/* However the bytes are cut. */
static void assert_heard(const char *bytes, const char *expected)
{
    for (size_t piece = 1; piece <= strlen(bytes); piece++) {
        struct event_stream *stream = calloc(1, sizeof *stream);
        struct heard heard = {0};
        for (size_t at = 0; at < strlen(bytes); at += piece) {
            size_t left = strlen(bytes) - at;
            event_stream_feed(stream, bytes + at, left < piece ? left : piece, hear, &heard);
        }
        assert_string_equal(heard.text, expected);
        free(stream);
    }
}

static void events_are_told_by_empty_lines(void **state)
{
    (void)state;
    assert_heard("id: 7\ndata: {\"seq\":7}\n\n: still here\n\ndata:x\n\n", "{\"seq\":7}|x|");
    assert_heard("data: a\r\ndata: b\r\n\r\ndata: c\r\rdata: d\n", "a\nb|c|");
    assert_heard("data\n\nevent: data\n\ndataset: no\n\n\n\ndata:  two\n\n", "| two|");
}

static void an_event_that_is_too_long_is_passed_over(void **state)
{
    (void)state;
    struct event_stream *stream = calloc(1, sizeof *stream);
    struct heard heard = {0};
    char *much = malloc(3 * EVENT_STREAM_DATA_MAX);
    memset(much, 'x', 3 * EVENT_STREAM_DATA_MAX);
    event_stream_feed(stream, "data: ", 6, hear, &heard);
    event_stream_feed(stream, much, 3 * EVENT_STREAM_DATA_MAX, hear, &heard);
    for (int i = 0; i < 3; i++) {
        event_stream_feed(stream, "\ndata: ", 7, hear, &heard);
        event_stream_feed(stream, much, EVENT_STREAM_DATA_MAX / 2, hear, &heard);
    }
    event_stream_feed(stream, "\n\ndata: next\n\n", 14, hear, &heard);
    assert_string_equal(heard.text, "next|");
    free(much);
    free(stream);
}

static struct audit *audit;

static int start(void **state)
{
    (void)state;
    audit = malloc(sizeof *audit);
    audit_start(audit, 1000);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    free(audit);
    return 0;
}

static bool take(int seq, const char *key, const char *outcome, const char *id, const char *number)
{
    struct json *entry = json_with(json_new_object(), "seq", json_new_integer(seq));
    json_put(entry, "at", json_new_string("1970-01-01T00:00:02.000Z"));
    json_put(entry, "endpoint", json_new_string("POST /v1/invoices"));
    json_put(entry, "key", json_new_string(key));
    json_put(entry, "invoice_id", json_new_string(id));
    json_put(entry, "outcome", json_new_string(outcome));
    json_put(entry, "number", json_new_string(number));
    json_put(entry, "year", json_new_integer(2026));
    json_put(entry, "fault", json_new_string(NULL));
    bool taken = audit_take(audit, entry);
    json_free(entry);
    return taken;
}

static const struct audit_row *last(void)
{
    return &audit->rows[audit->count - 1];
}

static void tries_are_counted_by_key(void **state)
{
    (void)state;
    assert_true(take(1, "k1", "created", "inv_1", "7"));
    assert_true(take(2, "k2", "created", "inv_2", "8"));
    assert_true(take(3, "k1", "replayed", "inv_1", "7"));
    assert_int_equal(last()->attempt, 2);
    assert_string_equal(last()->subject, "inv_1");
    assert_int_equal(audit_layer(last()), AUDIT_LAYER_KEY);
    assert_false(take(3, "k1", "replayed", "inv_1", "7")); /* after a break it may come again */
    assert_int_equal(audit->count, 3);
}

static void the_layer_is_named(void **state)
{
    (void)state;
    take(1, "k1", "created", "inv_1", "7");
    assert_int_equal(audit_layer(last()), AUDIT_LAYER_NONE);
    take(2, "k2", "rejected_conflict", "inv_1", "7");
    assert_int_equal(audit_layer(last()), AUDIT_LAYER_DATABASE);
    assert_string_equal(last()->subject, "7");
    take(3, "k1", "rejected_in_progress", NULL, "7");
    assert_int_equal(audit_layer(last()), AUDIT_LAYER_KEY);
    take(4, "k4", "failed", NULL, "9");
    assert_int_equal(audit_layer(last()), AUDIT_LAYER_NONE);
    take(5, "k5", "created", "inv_5", "7");
    assert_int_equal(audit_layer(last()), AUDIT_LAYER_MISSING);
}

static void presses_stand_behind_the_last_attempt(void **state)
{
    (void)state;
    assert_false(audit_pressed(audit, "k1", 1));
    assert_true(audit_pressed(audit, "k1", 2));
    assert_true(audit_pressed(audit, "k1", 4));
    assert_false(audit_pressed(audit, "k1", 4));
    assert_int_equal(audit->count, 1);
    take(1, "k1", "created", "inv_1", "7");
    take(2, "k1", "replayed", "inv_1", "7");
    assert_int_equal(audit->count, 3);
    assert_int_equal(last()->presses, 4);
    assert_int_equal(audit_layer(last()), AUDIT_LAYER_FORM);
}

static void what_was_before_only_counts(void **state)
{
    (void)state;
    audit_start(audit, 3000);
    take(1, "k1", "created", "inv_1", "7"); /* at 2,000 */
    assert_int_equal(audit->past, 1);
    memcpy(audit->since, "1970-01-01T00:00:01.000Z", sizeof "1970-01-01T00:00:01.000Z");
    take(2, "k1", "replayed", "inv_1", "7");
    assert_int_equal(audit->past, 1);
    assert_int_equal(last()->attempt, 2);
}

static void old_rows_are_forgotten(void **state)
{
    (void)state;
    char key[16];
    for (int i = 1; i <= 5 * AUDIT_ROWS_MAX; i++) {
        snprintf(key, sizeof key, "k%d", i / 2);
        take(i, key, "created", "inv_1", "7");
    }
    assert_int_equal(audit->count, AUDIT_ROWS_MAX);
    assert_int_equal(audit->seq, 5 * AUDIT_ROWS_MAX);
    assert_true(audit->past <= audit->count);
}

static void what_is_no_entry_is_passed_over(void **state)
{
    (void)state;
    static const char *const texts[] = {"{}", "{\"seq\":\"1\"}", "{\"seq\":0}", "{\"seq\":-5}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct json *entry = json_read(texts[i], strlen(texts[i]));
        assert_false(audit_take(audit, entry));
        json_free(entry);
    }
    char *much = malloc(5001);
    memset(much, 'n', 5000);
    much[5000] = '\0';
    assert_true(take(1, much, much, much, much)); /* cut to size */
    assert_true(take(2, much, much, much, much));
    free(much);
}

static void take_any(void *context, const char *data, size_t length)
{
    size_t *taken = context;
    struct json *entry = json_read(data, length);
    if (entry) *taken += audit_take(audit, entry);
    json_free(entry);
}

/* Whatever comes in whatever pieces: what is kept stays within its bounds. */
static void any_bytes_are_survived(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "data: ",
        "data",
        ":",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        " ",
        "{",
        "}",
        "{}",
        "[",
        "id: 9",
        "{\"seq\":%d,\"key\":\"k%d\",\"at\":\"2026-11-22T10:00:00.000Z\",\"outcome\":\"created\"}",
        "{\"seq\":%d,\"number\":\"\\u001b[2J\",\"fault\":\"a, b, c,,\"}",
        "\n\ndata: {\"seq\":%d,\"key\":\"k%d\"}\n\n",
        "\xff\xc0"};
    struct event_stream *stream = calloc(1, sizeof *stream);
    size_t taken = 0;
    uint64_t random = 42;
    for (int i = 0; i < 200000; i++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
        unsigned choice = (unsigned)(random >> 33);
        char piece[200];
        snprintf(piece, sizeof piece, "%s", pieces[choice % (sizeof pieces / sizeof pieces[0])]);
        for (char *at; (at = strstr(piece, "%d"));) { /* two digits in its place */
            at[0] = (char)('1' + (choice >> 8) % 9);
            at[1] = (char)('0' + (choice >> 16) % 10);
        }
        event_stream_feed(stream, piece, strlen(piece), take_any, &taken);
        audit_pressed(audit, "k11", choice % 7);
        assert_true(audit->count <= AUDIT_ROWS_MAX && audit->past <= audit->count);
        if (choice % 50 == 0) audit->seq = 0;
    }
    assert_true(taken > 100);
    free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_told_by_empty_lines),
        cmocka_unit_test(an_event_that_is_too_long_is_passed_over),
        cmocka_unit_test_setup_teardown(tries_are_counted_by_key, start, stop),
        cmocka_unit_test_setup_teardown(the_layer_is_named, start, stop),
        cmocka_unit_test_setup_teardown(presses_stand_behind_the_last_attempt, start, stop),
        cmocka_unit_test_setup_teardown(what_was_before_only_counts, start, stop),
        cmocka_unit_test_setup_teardown(old_rows_are_forgotten, start, stop),
        cmocka_unit_test_setup_teardown(any_bytes_are_survived, start, stop),
        cmocka_unit_test_setup_teardown(what_is_no_entry_is_passed_over, start, stop),
    };
    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
