/* What is remembered of replies that were given again: the same bytes under the same key, for as
 * long as they live, and never more than there is room for. */
#include "mock_server/engine/replays.h"

#include "tests/support/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define REQUEST "{\"number\":\"1\"}"

static struct replay replay_of(const char *key, const char *body)
{
    return (struct replay){
        .key = {.tenant = "north", .endpoint = "POST /v1/notes", .key = key},
        .request = REQUEST,
        .request_length = strlen(REQUEST),
        .status = 201,
        .body = body,
        .body_length = strlen(body),
        .location = "/v1/notes/not_1",
        .record_id = "not_1",
        .unique = {{.text = "a"}},
        .expires_at = 1000,
    };
}

static bool is_found(const struct store_key *key, const char *request, int64_t now)
{
    struct replay *found = replays_find(key, request, strlen(request), now);
    free(found);
    return found != NULL;
}

static int tear_down(void **unused)
{
    (void)unused;
    replays_forget();
    return 0;
}

static void a_copy_is_kept_of_all_of_it(void **unused)
{
    (void)unused;
    char body[] = "{\"id\":\"not_1\"}";
    struct replay replay = replay_of("k", body);
    replays_remember(&replay);
    memset(body, 'x', sizeof body - 1);
    struct replay *found = replays_find(&replay.key, REQUEST, strlen(REQUEST), 999);
    assert_non_null(found);
    assert_int_equal(found->status, 201);
    assert_int_equal(found->body_length, 14);
    assert_memory_equal(found->body, "{\"id\":\"not_1\"}", 14);
    assert_string_equal(found->location, "/v1/notes/not_1");
    assert_string_equal(found->record_id, "not_1");
    assert_string_equal(found->unique[0].text, "a");
    assert_null(found->unique[1].text);
    free(found);
}

static uint64_t unmerged_in(const struct replay *replay)
{
    struct replay *found = replays_find(&replay->key, REQUEST, strlen(REQUEST), 0);
    uint64_t generation = found ? found->unmerged_in : 0;
    free(found);
    return generation;
}

static void what_it_is_unmerged_in_is_noted(void **unused)
{
    (void)unused;
    struct replay one = replay_of("one", "{}"), other = replay_of("other", "{}");
    replays_remember(&one);
    replays_remember(&other);
    assert_int_equal(unmerged_in(&one), 0);
    replays_note_unmerged(&one, 7);
    assert_int_equal(unmerged_in(&one), 7);
    assert_int_equal(unmerged_in(&other), 0);
    replays_note_unmerged(&one, 8);
    assert_int_equal(unmerged_in(&one), 8);
    replays_forget();
    replays_note_unmerged(&one, 9); /* it isn't there */
}

static void nothing_else_is_taken_for_it(void **unused)
{
    (void)unused;
    struct replay replay = replay_of("k", "{}");
    replays_remember(&replay);
    struct store_key keys[] = {replay.key, replay.key, replay.key};
    keys[0].tenant = "south";
    keys[1].endpoint = "POST /v1/others";
    keys[2].key = "l";
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_false(is_found(&keys[i], REQUEST, 0));
    assert_false(is_found(&replay.key, "{\"number\":\"2\"}", 0));
    assert_false(is_found(&replay.key, REQUEST " ", 0));
    assert_false(is_found(&replay.key, REQUEST, 1000)); /* its lifetime is over */
    assert_true(is_found(&replay.key, REQUEST, 999));
    replays_forget();
    assert_false(is_found(&replay.key, REQUEST, 0));
}

static void a_request_without_a_body_is_one_too(void **unused)
{
    (void)unused;
    struct replay replay = replay_of("k", "{}");
    replay.request_length = 0;
    replay.location = replay.record_id = NULL;
    replays_remember(&replay);
    assert_true(is_found(&replay.key, "", 0));
}

static void what_is_known_is_not_kept_twice(void **unused)
{
    (void)unused;
    struct replay first = replay_of("k", "{\"n\":1}"), again = replay_of("k", "{\"n\":2}");
    replays_remember(&first);
    replays_remember(&again);
    struct replay *found = replays_find(&first.key, REQUEST, strlen(REQUEST), 0);
    assert_non_null(found);
    assert_memory_equal(found->body, "{\"n\":1}", 7);
    free(found);
}

/* Ten thousand for eight thousand places: the newest is there, and older ones made room. */
static void older_ones_make_room(void **unused)
{
    (void)unused;
    enum { COUNT = 10000, PLACES = 8192 };
    char key[16];
    int kept = 0;
    for (int i = 0; i < COUNT; i++) {
        snprintf(key, sizeof key, "k%d", i);
        struct replay replay = replay_of(key, "{}");
        replays_remember(&replay);
        assert_true(is_found(&replay.key, REQUEST, 0));
    }
    for (int i = 0; i < COUNT; i++) {
        snprintf(key, sizeof key, "k%d", i);
        struct store_key at = replay_of(key, "{}").key;
        kept += is_found(&at, REQUEST, 0);
    }
    assert_in_range(kept, PLACES / 2, PLACES);
}

/* Of 100 KB each eighty fit; one that is longer than 128 KB isn't kept at all. */
static void neither_one_nor_all_become_too_large(void **unused)
{
    (void)unused;
    enum { LENGTH = 100 * 1024, FITTING = 80, TOO_LONG = 129 * 1024 };
    char *body = malloc(TOO_LONG + 1), key[16];
    assert_non_null(body);
    memset(body, ' ', TOO_LONG);
    body[TOO_LONG] = '\0';
    struct replay too_long = replay_of("too long", body);
    replays_remember(&too_long);
    assert_false(is_found(&too_long.key, REQUEST, 0));
    body[LENGTH] = '\0';
    for (int i = 0; i < 2 * FITTING; i++) {
        snprintf(key, sizeof key, "k%d", i);
        struct replay replay = replay_of(key, body);
        replays_remember(&replay);
        assert_true(is_found(&replay.key, REQUEST, 0));
    }
    int kept = 0;
    for (int i = 0; i < 2 * FITTING; i++) {
        snprintf(key, sizeof key, "k%d", i);
        struct store_key at = replay_of(key, "").key;
        kept += is_found(&at, REQUEST, 0);
    }
    assert_in_range(kept, 1, FITTING + 1);
    free(body);
}

/* A known key makes the next ones be looked for, until many looks found nothing. */
static void looks_are_made_while_they_find_something(void **unused)
{
    (void)unused;
    assert_false(replays_are_expected());
    replays_expect(false);
    assert_false(replays_are_expected());
    replays_expect(true);
    int looks = 0;
    for (; replays_are_expected() && looks < 1000; looks++)
        replays_expect(false);
    assert_in_range(looks, 2, 999);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, NULL, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_copy_is_kept_of_all_of_it),          TEST(what_it_is_unmerged_in_is_noted),
        TEST(nothing_else_is_taken_for_it),         TEST(a_request_without_a_body_is_one_too),
        TEST(what_is_known_is_not_kept_twice),      TEST(older_ones_make_room),
        TEST(neither_one_nor_all_become_too_large), TEST(looks_are_made_while_they_find_something),
    };
    return cmocka_run_group_tests_name("replays", tests, NULL, NULL);
}
