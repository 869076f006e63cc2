/* What every kind of store must do about keys, and about what is claimed: each conflict by name. */
#include "mock_server/store/store.h"
#include "tests/support/support.h"
#include "tests/unit/store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct store_key KEY = {"north", "POST /v1/notes", "k1"};
static const unsigned char ANA[STORE_OWNER_SIZE] = "ana", BOB[STORE_OWNER_SIZE] = "bob";

static void a_key_is_claimed_once(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    struct store_saved saved;
    begin(fixture);
    assert_status(store_key_find(session, &KEY, 0, &saved), STORE_ABSENT);
    assert_ok(store_key_claim(session, &KEY, "print", "{}", &REPLY));
    assert_status(store_key_claim(session, &KEY, "other", "{}", &REPLY), STORE_TAKEN);
    assert_status(store_key_claim_in_progress(session, &KEY, "other", "{}", ANA, 1), STORE_TAKEN);
    struct store_key apart[] = {KEY, KEY, KEY};
    apart[0].tenant = "south";
    apart[1].endpoint = "POST /v1/pages";
    apart[2].key = "K1";
    for (size_t i = 0; i < COUNT(apart); i++)
        assert_ok(store_key_claim(session, &apart[i], "print", "{}", &REPLY));
    commit(fixture);
    assert_ok(store_key_find(fixture->reading, &KEY, 0, &saved));
    assert_string_equal(saved.fingerprint, "print");
    assert_string_equal(saved.request, "{}");
    assert_int_equal(saved.status, 201);
    assert_null(saved.problem);
    assert_string_equal(saved.record_id, "not_1");
    assert_string_equal(saved.location, "/v1/notes/not_1");
    assert_string_equal(saved.body, "{\"a\":1}");
    assert_int_equal(saved.body_length, 7);
    assert_int_equal(saved.expires_at, HOUR_MS);
    store_saved_clear(&saved);
}

static void past_its_lifetime_a_key_is_a_tombstone(void **state)
{
    struct fixture *fixture = *state;
    struct store_saved saved;
    begin(fixture);
    assert_ok(store_key_claim(fixture->writing, &KEY, "print", "{}", &REPLY));
    commit(fixture);
    int count = 0;
    for (int expired = 0; expired < 2; expired++) {
        assert_ok(store_key_find(fixture->reading, &KEY, HOUR_MS, &saved));
        assert_string_equal(saved.fingerprint, "print");
        assert_string_equal(saved.record_id, "not_1");
        assert_int_equal(saved.status, 201);
        assert_int_equal(saved.expires_at, 0);
        assert_null(saved.request);
        assert_null(saved.body);
        store_saved_clear(&saved);
        begin(fixture);
        assert_ok(store_keys_expire(fixture->writing, HOUR_MS, 10, &count));
        assert_int_equal(count, expired == 0 ? 1 : 0);
        commit(fixture);
    }
    begin(fixture);
    assert_status(store_key_claim(fixture->writing, &KEY, "print", "{}", &REPLY), STORE_TAKEN);
    store_rollback(fixture->writing);
}

/* Never more than asked for, never one that lives, never one in progress. */
static void keys_expire_in_their_order(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    static const char *const KEYS[] = {"a", "b", "c", "d"};
    begin(fixture);
    for (size_t i = 0; i < COUNT(KEYS); i++) {
        struct store_key key = {"north", "e", KEYS[i]};
        struct store_reply reply = REPLY;
        reply.expires_at = i < 3 ? 10 : 1000;
        assert_ok(i == 0 ? store_key_claim_in_progress(session, &key, "p", "{}", ANA, 10)
                         : store_key_claim(session, &key, "p", "{}", &reply));
    }
    commit(fixture);
    int count = 0;
    begin(fixture);
    assert_ok(store_keys_expire(session, 5, 10, &count));
    for (int i = 0; i < 4; i++) {
        assert_ok(store_keys_expire(session, 20, 1, &count));
        assert_in_range(count, 0, 1);
    }
    commit(fixture);
    struct store_saved saved;
    struct store_key first = {"north", "e", "a"}, last = {"north", "e", "d"};
    assert_ok(store_key_find(fixture->reading, &first, 20, &saved));
    assert_int_equal(saved.status, 0);
    assert_string_equal(saved.request, "{}");
    store_saved_clear(&saved);
    assert_ok(store_key_find(fixture->reading, &last, 20, &saved));
    assert_string_equal(saved.body, "{\"a\":1}");
    store_saved_clear(&saved);
}

static void work_left_behind_is_taken_over_when_its_lease_is_over(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    struct store_saved saved;
    begin(fixture);
    assert_status(store_key_take_over(session, &KEY, BOB, 200, 100), STORE_ABSENT);
    assert_ok(store_key_claim_in_progress(session, &KEY, "print", "{}", ANA, 100));
    assert_ok(store_key_find(session, &KEY, 0, &saved));
    assert_int_equal(saved.status, 0);
    assert_int_equal(saved.lease_until, 100);
    store_saved_clear(&saved);
    assert_status(store_key_take_over(session, &KEY, BOB, 200, 99), STORE_ABSENT);
    assert_ok(store_key_take_over(session, &KEY, BOB, 200, 100));
    assert_status(store_key_complete(session, &KEY, ANA, &REPLY), STORE_ABSENT);
    assert_ok(store_key_complete(session, &KEY, BOB, &REPLY));
    assert_status(store_key_complete(session, &KEY, BOB, &REPLY), STORE_ABSENT);
    assert_status(store_key_take_over(session, &KEY, ANA, 300, 250), STORE_ABSENT);
    struct store_reply refusal = {
        .status = 409, .problem = "taken", .body = "x", .body_length = 1, .expires_at = HOUR_MS};
    assert_ok(store_key_amend(session, &KEY, &refusal));
    commit(fixture);
    assert_ok(store_key_find(fixture->reading, &KEY, 0, &saved));
    assert_int_equal(saved.status, 409);
    assert_string_equal(saved.problem, "taken");
    assert_null(saved.record_id);
    store_saved_clear(&saved);
}

/* --- claims --- */

static const struct store_claim CLAIM = {.rule = "name", .value = "v"};

static void a_value_is_claimed_once_a_rule_and_collection(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    struct store_claim rule = {.rule = "other", .value = "v"},
                       value = {.rule = "name", .value = "V"};
    int64_t holder = 0;
    begin(fixture);
    assert_status(store_holder(session, &NOTES, &CLAIM, &holder, NULL), STORE_ABSENT);
    assert_ok(store_claim(session, &NOTES, &CLAIM, 7, &holder));
    assert_status(store_claim(session, &NOTES, &CLAIM, 8, &holder), STORE_TAKEN);
    assert_int_equal(holder, 7);
    assert_ok(store_claim(session, &NOTES, &rule, 8, &holder));
    assert_ok(store_claim(session, &NOTES, &value, 8, &holder));
    assert_ok(store_claim(session, &PAGES, &CLAIM, 8, &holder));
    assert_ok(store_claim(session, &SOUTH, &CLAIM, 9, &holder));
    commit(fixture);
    assert_ok(store_holder(fixture->reading, &NOTES, &CLAIM, &holder, NULL));
    assert_int_equal(holder, 7);
}

static void what_is_given_up_can_be_claimed(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    int64_t holder = 0;
    begin(fixture);
    assert_status(store_unclaim(session, &NOTES, &CLAIM, 7), STORE_ABSENT);
    assert_ok(store_claim(session, &NOTES, &CLAIM, 7, &holder));
    assert_status(store_unclaim(session, &NOTES, &CLAIM, 8), STORE_ABSENT);
    assert_ok(store_unclaim(session, &NOTES, &CLAIM, 7));
    assert_ok(store_claim(session, &NOTES, &CLAIM, 8, &holder));
    commit(fixture);
}

static void note_standing(void *context, const struct store_standing *standing)
{
    char **text = context;
    char *longer = support_format("%s%s/%s %s=%s %d:%d;", *text, standing->collection.tenant,
                                  standing->collection.resource, standing->rule, standing->value,
                                  (int)standing->holder, (int)standing->record);
    free(*text);
    *text = longer;
}

static void assert_standing(struct store_session *session, const char *tenant, int limit,
                            const char *expected, int64_t expected_groups)
{
    char *text = support_format("%s", "");
    int64_t groups = -1;
    assert_ok(store_standing_list(session, NULL, tenant, NULL, limit, note_standing, &text));
    assert_string_equal(text, expected);
    assert_ok(store_standing_count(session, tenant, &groups));
    assert_int_equal(groups, expected_groups);
    free(text);
}

/* They are beside the one that claimed it, which is the one that is told of. */
static void records_may_stand_in_the_way(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    int64_t holder = 0;
    assert_standing(fixture->reading, NULL, 10, "", 0);
    begin(fixture);
    assert_ok(store_claim(session, &NOTES, &CLAIM, 7, &holder));
    assert_ok(store_stand(session, &NOTES, &CLAIM, 9));
    assert_ok(store_stand(session, &NOTES, &CLAIM, 8));
    assert_ok(store_stand(session, &NOTES, &CLAIM, 8));
    assert_ok(store_claim(session, &SOUTH, &CLAIM, 1, &holder));
    assert_ok(store_stand(session, &SOUTH, &CLAIM, 2));
    assert_status(store_claim(session, &NOTES, &CLAIM, 10, &holder), STORE_TAKEN);
    assert_int_equal(holder, 7);
    commit(fixture);
    assert_standing(fixture->reading, "north", 10, "north/note name=v 7:8;north/note name=v 7:9;",
                    1);
    assert_standing(fixture->reading, "south", 10, "south/note name=v 1:2;", 1);
    assert_standing(fixture->reading, NULL, 1, "north/note name=v 7:8;", 2);
    begin(fixture);
    assert_ok(store_unclaim(session, &NOTES, &CLAIM, 8));
    assert_ok(store_unclaim(session, &NOTES, &CLAIM, 9));
    commit(fixture);
    assert_standing(fixture->reading, "north", 10, "", 0);
}

static void without_unique_nothing_is_claimed_but_firmly(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    struct store_claim firm = {.rule = "email", .value = "e", .firm = true};
    int64_t holder = 0;
    begin(fixture);
    assert_ok(store_claim(session, &NOTES, &CLAIM, 3, &holder));
    assert_ok(store_claim(session, &NOTES, &CLAIM, 2, &holder));
    assert_ok(store_claim(session, &NOTES, &firm, 2, &holder));
    assert_status(store_claim(session, &NOTES, &firm, 3, &holder), STORE_TAKEN);
    assert_ok(store_holder(session, &NOTES, &CLAIM, &holder, NULL));
    assert_int_equal(holder, 2); /* the oldest */
    struct store_claim alone = {.rule = "name", .value = "w"};
    assert_ok(store_claim(session, &NOTES, &alone, 4, &holder));
    commit(fixture);
    int64_t groups = 0;
    assert_ok(store_standing_count(fixture->reading, NULL, &groups));
    assert_int_equal(groups, 1); /* the one alone is in nobody's way */
}

static void a_store_is_opened_as_it_was_made(void **state)
{
    struct fixture *fixture = *state;
    char message[STORE_MESSAGE_MAX];
    assert_null(store_open(fixture->url, &(struct store_options){.without = STORE_NO_IDEMPOTENCY},
                           message));
    assert_non_null(strstr(message, "--without idempotency"));
    assert_null(store_open("elsewhere:x", &(struct store_options){0}, message));
    assert_non_null(strstr(message, "elsewhere:x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_is_claimed_once),
        TEST(past_its_lifetime_a_key_is_a_tombstone),
        TEST(keys_expire_in_their_order),
        TEST(work_left_behind_is_taken_over_when_its_lease_is_over),
        TEST(a_value_is_claimed_once_a_rule_and_collection),
        TEST(what_is_given_up_can_be_claimed),
        TEST(records_may_stand_in_the_way),
        cmocka_unit_test_setup_teardown(without_unique_nothing_is_claimed_but_firmly,
                                        set_up_without_unique, tear_down),
        TEST(a_store_is_opened_as_it_was_made),
    };
    return cmocka_run_group_tests_name("store keys", tests, NULL, NULL);
}
