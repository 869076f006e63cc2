/* Whose intents they are: a token's, then its tenant's; never sent under another tenant's token. */
#include "protocol/wire/resources/invoice.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tests/unit/client_place.h"
#include "tests/unit/client_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct journal_account BOB = {PLACE_SERVER, "north-bob-0123456789abcdef"};
static const struct journal_account EVE = {PLACE_SERVER, "south-eve-0123456789abcdef"};

static struct journal *open_as(const struct place *place, const struct journal_account *account,
                               const char *tenant)
{
    struct journal *journal = place_open(place->path, account);
    if (tenant != NULL) assert_int_equal(journal_identify(journal, tenant), JOURNAL_OK);
    return journal;
}

/* How many open intents this account has; each is taken up and let go of. */
static unsigned adoptable(struct journal *journal)
{
    unsigned count = 0, attempts;
    struct intent *intent;
    while (journal_adopt(journal, &intent, &attempts) == JOURNAL_OK && intent != NULL) {
        assert_int_equal(journal_release(journal, intent->key, intent->fingerprint), JOURNAL_OK);
        intent_free(intent);
        count++;
    }
    return count;
}

static void a_tenants_tokens_share_its_intents(void **state)
{
    struct journal *journal = open_as(*state, &PLACE_ANA, "north");
    place_record(journal, "2026-0042");
    journal_close(journal);
    journal = open_as(*state, &BOB, "north");
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_HELD);
    assert_int_equal(adoptable(journal), 1);
    journal_close(journal);
}

static void another_tenant_sees_nothing_of_them(void **state)
{
    struct journal *journal = open_as(*state, &PLACE_ANA, "north");
    place_record(journal, "2026-0042");
    journal_close(journal);
    journal = open_as(*state, &EVE, "south");
    assert_int_equal(adoptable(journal), 0);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_OK);
    journal_close(journal);
    static const struct journal_account elsewhere = {"http://127.0.0.1:8421", PLACE_TOKEN};
    journal = open_as(*state, &elsewhere, "north");
    assert_int_equal(adoptable(journal), 0);
    journal_close(journal);
}

/* A token that was given to another tenant takes nothing of the first one's along. */
static void a_token_may_change_its_tenant(void **state)
{
    struct journal *journal = open_as(*state, &PLACE_ANA, "north");
    place_record(journal, "2026-0042");
    journal_close(journal);
    journal = open_as(*state, &PLACE_ANA, "south");
    assert_int_equal(adoptable(journal), 0);
    journal_close(journal);
    journal = open_as(*state, &BOB, "north");
    assert_int_equal(adoptable(journal), 1);
    journal_close(journal);
}

static void what_was_recorded_before_follows(void **state)
{
    struct journal *journal = open_as(*state, &PLACE_ANA, NULL);
    const struct intent *key = place_record(journal, "2026-0042");
    assert_int_equal(journal_identify(journal, "north"), JOURNAL_OK);
    assert_int_equal(place_attempt(journal, key, 2), JOURNAL_OK);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_HELD);
    journal_close(journal);
    journal = open_as(*state, &BOB, "north");
    assert_int_equal(adoptable(journal), 1);
    journal_close(journal);
}

/* The server can't be asked, but was before. */
static void the_tenant_is_remembered(void **state)
{
    journal_close(open_as(*state, &PLACE_ANA, "north"));
    struct journal *journal = open_as(*state, &BOB, "north");
    place_record(journal, "2026-0042");
    journal_close(journal);
    journal = open_as(*state, &PLACE_ANA, NULL);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_HELD);
    journal_close(journal);
}

/* One process learns the tenant while another one is at work with the same token. */
static void a_process_hears_of_it_from_another(void **state)
{
    struct journal *first = open_as(*state, &PLACE_ANA, NULL);
    const struct intent *key = place_record(first, "2026-0042");
    struct journal *second = open_as(*state, &PLACE_ANA, "north");
    assert_int_equal(journal_attempt_end(first, key, 1, REPLY_UNKNOWN, 0), JOURNAL_OK);
    assert_int_equal(place_attempt(first, key, 2), JOURNAL_OK);
    assert_int_equal(place_try_record(second, "2026-0042"), JOURNAL_HELD);
    assert_int_equal(journal_settle(first, key, JOURNAL_REJECTED, NULL), JOURNAL_OK);
    const struct place *place = *state;
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents WHERE "
                                              "state = 'rejected' AND account LIKE '% north'"),
                     1);
    assert_int_equal(place_try_record(second, "2026-0042"), JOURNAL_OK);
    journal_close(first);
    journal_close(second);
}

/* Two tokens of one tenant, which wasn't known yet, and one number: neither is lost, and the
 * younger one waits for its turn. */
static void two_of_one_number_go_one_by_one(void **state)
{
    struct journal *ana = open_as(*state, &PLACE_ANA, NULL), *bob = open_as(*state, &BOB, NULL);
    const struct intent *anas = place_record(ana, "2026-0042");
    const struct intent *bobs = place_record(bob, "2026-0042");
    assert_int_equal(journal_attempt_end(ana, anas, 1, REPLY_NOT_SENT, 0), JOURNAL_OK);
    assert_int_equal(journal_identify(ana, "north"), JOURNAL_OK);
    assert_int_equal(journal_identify(bob, "north"), JOURNAL_OK);
    assert_int_equal(journal_may_send(bob, bobs), JOURNAL_HELD);
    assert_int_equal(journal_attempt_end(bob, bobs, 1, REPLY_NOT_SENT, 0), JOURNAL_OK);
    assert_int_equal(place_attempt(ana, anas, 2), JOURNAL_OK);
    assert_int_equal(place_attempt(bob, bobs, 2), JOURNAL_HELD);
    assert_non_null(strstr(journal_sentence(bob), "waiting"));
    assert_int_equal(journal_settle(bob, bobs, JOURNAL_UNCONFIRMED, NULL), JOURNAL_OK);
    journal_close(bob);
    bob = open_as(*state, &BOB, "north");
    assert_int_equal(place_try_record(bob, "2026-0042"), JOURNAL_HELD);
    assert_int_equal(journal_settle(ana, anas, JOURNAL_CREATED, NULL), JOURNAL_OK);
    assert_int_equal(place_attempt(bob, bobs, 2), JOURNAL_OK);
    assert_int_equal(journal_settle(bob, bobs, JOURNAL_CONFLICT, NULL), JOURNAL_OK);
    const struct place *place = *state;
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents WHERE account LIKE "
                                              "'% north' AND state IN ('created', 'conflict')"),
                     2);
    journal_close(ana);
    journal_close(bob);
}

/* The younger one's attempt is on the wire when the older one comes to be of the same tenant. */
static void what_is_on_the_wire_is_waited_for(void **state)
{
    struct journal *ana = open_as(*state, &PLACE_ANA, NULL), *bob = open_as(*state, &BOB, "north");
    const struct intent *anas = place_record(ana, "2026-0042");
    const struct intent *bobs = place_record(bob, "2026-0042");
    assert_int_equal(journal_may_send(bob, bobs), JOURNAL_OK);
    assert_int_equal(journal_identify(ana, "north"), JOURNAL_OK);
    assert_int_equal(journal_may_send(ana, anas), JOURNAL_HELD);
    assert_int_equal(journal_attempt_end(bob, bobs, 1, REPLY_UNKNOWN, 0), JOURNAL_OK);
    assert_int_equal(journal_may_send(ana, anas), JOURNAL_OK);
    assert_int_equal(place_attempt(bob, bobs, 2), JOURNAL_HELD);
    journal_close(ana);
    journal_close(bob);
}

/* --- one key --- */

static struct intent *another_of(const struct intent *intent, const char *number)
{
    struct json *body = sample_invoice(number);
    struct intent *another = intent_freeze(&INVOICE, body, intent->key);
    json_free(body);
    return another;
}

static void expect_count(void *state, long long count, const char *query)
{
    const struct place *place = state;
    assert_int_equal(rows_number(place->path, query), count);
}

/* The same key and body under two tokens of one tenant is one intent: attempts are joined, and each
 * window goes on with what there is. */
static void one_intent_of_two_tokens(void **state)
{
    struct journal *ana = open_as(*state, &PLACE_ANA, "north"), *bob = open_as(*state, &BOB, NULL);
    const struct intent *intent = place_record(ana, "2026-0042");
    assert_int_equal(journal_attempt_end(ana, intent, 1, REPLY_UNKNOWN, 0), JOURNAL_OK);
    assert_int_equal(journal_settle(ana, intent, JOURNAL_UNCONFIRMED, NULL), JOURNAL_OK);
    assert_int_equal(place_record_this(bob, another_of(intent, "2026-0042")), JOURNAL_OK);
    assert_int_equal(journal_identify(bob, "north"), JOURNAL_OK);
    expect_count(*state, 1, "SELECT count(*) FROM intents");
    expect_count(*state, 2, "SELECT max(attempt) FROM attempts");
    expect_count(*state, 1, "SELECT count(*) FROM attempts WHERE fate = 'not sent'");
    assert_int_equal(journal_may_send(bob, intent), JOURNAL_OK); /* it is in bob's hands */
    assert_int_equal(journal_attempt_end(bob, intent, 1, REPLY_NOT_SENT, 0), JOURNAL_OK);
    expect_count(*state, 1, "SELECT count(*) FROM attempts WHERE fate = 'unknown'");
    assert_int_equal(place_attempt(ana, intent, 3), JOURNAL_HELD);
    unsigned attempt;
    bool arrived = false;
    assert_int_equal(journal_attempt_begin(bob, intent, &attempt, &arrived), JOURNAL_OK);
    assert_int_equal(attempt, 3);
    assert_true(arrived);
    journal_close(ana);
    journal_close(bob);
}

static void what_was_settled_stays_so(void **state)
{
    struct journal *ana = open_as(*state, &PLACE_ANA, "north"), *bob = open_as(*state, &BOB, NULL);
    const struct intent *intent = place_record(ana, "2026-0042");
    assert_int_equal(journal_attempt_end(ana, intent, 1, REPLY_WHOLE, 201), JOURNAL_OK);
    assert_int_equal(journal_settle(ana, intent, JOURNAL_CREATED, NULL), JOURNAL_OK);
    assert_int_equal(place_record_this(bob, another_of(intent, "2026-0042")), JOURNAL_OK);
    assert_int_equal(journal_identify(bob, "north"), JOURNAL_OK);
    assert_int_equal(journal_may_send(bob, intent), JOURNAL_SETTLED);
    assert_int_equal(place_attempt(bob, intent, 2), JOURNAL_SETTLED);
    assert_int_equal(journal_settle(bob, intent, JOURNAL_UNCONFIRMED, NULL), JOURNAL_OK);
    expect_count(*state, 1, "SELECT count(*) FROM intents WHERE state = 'created'");
    journal_close(ana);
    journal_close(bob);
}

/* Another living window has it in hand. */
static void what_another_has_in_hand_stays_there(void **state)
{
    struct journal *ana = open_as(*state, &PLACE_ANA, "north"), *bob = open_as(*state, &BOB, NULL);
    const struct intent *intent = place_record(ana, "2026-0042");
    assert_int_equal(place_record_this(bob, another_of(intent, "2026-0042")), JOURNAL_OK);
    assert_int_equal(journal_identify(bob, "north"), JOURNAL_OK);
    assert_int_equal(journal_may_send(bob, intent), JOURNAL_HELD);
    assert_int_equal(journal_attempt_end(bob, intent, 1, REPLY_NOT_SENT, 0), JOURNAL_OK);
    assert_int_equal(journal_settle(bob, intent, JOURNAL_UNCONFIRMED, NULL), JOURNAL_OK);
    assert_int_equal(journal_may_send(ana, intent), JOURNAL_OK);
    assert_int_equal(journal_attempt_end(ana, intent, 1, REPLY_WHOLE, 201), JOURNAL_OK);
    assert_int_equal(journal_settle(ana, intent, JOURNAL_CREATED, NULL), JOURNAL_OK);
    expect_count(*state, 1, "SELECT count(*) FROM attempts WHERE http_status = 201");
    journal_close(ana);
    journal_close(bob);
}

/* A key that came to stand for two bodies: each is its own intent, and what becomes of one is never
 * told of the other. */
static void one_key_and_two_bodies(void **state)
{
    struct journal *ana = open_as(*state, &PLACE_ANA, "north"), *bob = open_as(*state, &BOB, NULL);
    const struct intent *intent = place_record(ana, "2026-0042");
    struct intent *other = another_of(intent, "2026-0043");
    assert_int_equal(place_record_this(bob, other), JOURNAL_OK);
    assert_int_equal(journal_identify(bob, "north"), JOURNAL_OK);
    assert_int_equal(journal_may_send(bob, other), JOURNAL_HELD); /* that key is being sent */
    assert_int_equal(journal_settle(ana, intent, JOURNAL_CREATED, NULL), JOURNAL_OK);
    assert_int_equal(journal_may_send(bob, other), JOURNAL_OK);
    struct journal_entry *entry;
    assert_int_equal(journal_find(bob, other->key, other->fingerprint, &entry), JOURNAL_OK);
    assert_string_equal(entry->name, "2026-0043");
    assert_int_equal(entry->state, JOURNAL_OPEN);
    journal_entries_free(entry, 1);
    assert_int_equal(journal_settle(bob, other, JOURNAL_REJECTED, NULL), JOURNAL_OK);
    assert_int_equal(journal_find(bob, intent->key, intent->fingerprint, &entry), JOURNAL_OK);
    assert_int_equal(entry->state, JOURNAL_CREATED);
    journal_entries_free(entry, 1);
    assert_int_equal(place_record_this(bob, another_of(intent, "2026-0044")), JOURNAL_REUSED);
    assert_int_equal(place_record_this(bob, another_of(intent, "2026-0042")), JOURNAL_USED);
    journal_close(ana);
    journal_close(bob);
}

/* --- a token that was changed --- */

static void what_an_unnamed_token_left_is_taken_over(void **state)
{
    struct journal *ana = open_as(*state, &PLACE_ANA, NULL);
    size_t count;
    place_record(ana, "2026-0042");
    place_record(ana, "2026-0043");
    struct journal *bob = open_as(*state, &BOB, NULL);
    assert_int_equal(journal_count_unnamed(bob, &count), JOURNAL_OK);
    assert_int_equal(count, 0); /* a living process sees to them */
    journal_close(ana);
    assert_int_equal(journal_count_unnamed(bob, &count), JOURNAL_OK);
    assert_int_equal(count, 2);
    assert_int_equal(journal_take_over(bob), JOURNAL_FAILED);
    assert_int_equal(journal_identify(bob, "north"), JOURNAL_OK);
    assert_int_equal(adoptable(bob), 0); /* not by itself */
    assert_int_equal(journal_take_over(bob), JOURNAL_OK);
    assert_int_equal(journal_count_unnamed(bob, &count), JOURNAL_OK);
    assert_int_equal(count, 0);
    assert_int_equal(adoptable(bob), 2);
    expect_count(*state, 2, "SELECT count(*) FROM attempts WHERE fate = 'not sent'");
    journal_close(bob);
}

/* Neither another server's, nor a known tenant's, nor one's own. */
static void what_is_somebodys_is_not_taken_over(void **state)
{
    static const struct journal_account elsewhere = {"http://127.0.0.1:8421", PLACE_TOKEN};
    struct journal *journal = open_as(*state, &elsewhere, NULL);
    place_record(journal, "2026-0042");
    journal_close(journal);
    journal = open_as(*state, &EVE, "south");
    place_record(journal, "2026-0042");
    journal_close(journal);
    journal = open_as(*state, &BOB, NULL);
    place_record(journal, "2026-0042");
    journal_close(journal);
    journal = open_as(*state, &BOB, "north");
    size_t count;
    assert_int_equal(journal_count_unnamed(journal, &count), JOURNAL_OK);
    assert_int_equal(count, 0);
    assert_int_equal(journal_take_over(journal), JOURNAL_OK);
    assert_int_equal(adoptable(journal), 1);
    journal_close(journal);
}

static void a_tenant_without_a_name_is_none(void **state)
{
    char *endless = calloc(1, 300);
    assert_non_null(endless);
    memset(endless, 'a', 299);
    struct journal *journal = open_as(*state, &PLACE_ANA, NULL);
    assert_int_equal(journal_identify(journal, ""), JOURNAL_FAILED);
    assert_int_equal(journal_identify(journal, endless), JOURNAL_FAILED);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_OK);
    assert_int_equal(adoptable(journal), 0); /* this process has it */
    journal_close(journal);
    journal = open_as(*state, &PLACE_ANA, NULL);
    assert_int_equal(adoptable(journal), 1);
    journal_close(journal);
    free(endless);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, place_set_up, place_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_tenants_tokens_share_its_intents),
        TEST(another_tenant_sees_nothing_of_them),
        TEST(a_token_may_change_its_tenant),
        TEST(what_was_recorded_before_follows),
        TEST(the_tenant_is_remembered),
        TEST(a_process_hears_of_it_from_another),
        TEST(two_of_one_number_go_one_by_one),
        TEST(what_is_on_the_wire_is_waited_for),
        TEST(one_intent_of_two_tokens),
        TEST(what_was_settled_stays_so),
        TEST(what_another_has_in_hand_stays_there),
        TEST(one_key_and_two_bodies),
        TEST(what_an_unnamed_token_left_is_taken_over),
        TEST(what_is_somebodys_is_not_taken_over),
        TEST(a_tenant_without_a_name_is_none),
    };
    return cmocka_run_group_tests_name("client/account", tests, NULL, NULL);
}
