/* Whose intents they are: a token's, then its tenant's; never sent under another tenant's token. */
#include "tests/support/rows.h"
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
        assert_int_equal(journal_release(journal, intent->key), JOURNAL_OK);
        intent_free(intent);
        count++;
    }
    return count;
}

static void a_tenants_tokens_share_its_intents(void **state)
{
    struct journal *journal = open_as(*state, &PLACE_ANA, "north");
    place_record(journal, "2026-0042", NULL);
    journal_close(journal);
    journal = open_as(*state, &BOB, "north");
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_HELD);
    assert_int_equal(adoptable(journal), 1);
    journal_close(journal);
}

static void another_tenant_sees_nothing_of_them(void **state)
{
    struct journal *journal = open_as(*state, &PLACE_ANA, "north");
    place_record(journal, "2026-0042", NULL);
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
    place_record(journal, "2026-0042", NULL);
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
    char key[IDEMPOTENCY_KEY_SIZE];
    place_record(journal, "2026-0042", key);
    assert_int_equal(journal_identify(journal, "north"), JOURNAL_OK);
    assert_int_equal(journal_attempt_begin(journal, key, 2), JOURNAL_OK);
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
    place_record(journal, "2026-0042", NULL);
    journal_close(journal);
    journal = open_as(*state, &PLACE_ANA, NULL);
    assert_int_equal(place_try_record(journal, "2026-0042"), JOURNAL_HELD);
    journal_close(journal);
}

/* One process learns the tenant while another one is at work with the same token. */
static void a_process_hears_of_it_from_another(void **state)
{
    struct journal *first = open_as(*state, &PLACE_ANA, NULL);
    char key[IDEMPOTENCY_KEY_SIZE];
    place_record(first, "2026-0042", key);
    struct journal *second = open_as(*state, &PLACE_ANA, "north");
    assert_int_equal(journal_attempt_end(first, key, 1, REPLY_UNKNOWN, 0), JOURNAL_OK);
    assert_int_equal(journal_attempt_begin(first, key, 2), JOURNAL_OK);
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

/* Two tokens of one tenant, which wasn't known yet, and one number: the second one waits for the
 * first. */
static void a_number_that_is_held_stays_behind(void **state)
{
    struct journal *ana = open_as(*state, &PLACE_ANA, NULL), *bob = open_as(*state, &BOB, NULL);
    char ana_key[IDEMPOTENCY_KEY_SIZE], bob_key[IDEMPOTENCY_KEY_SIZE];
    place_record(ana, "2026-0042", ana_key);
    place_record(bob, "2026-0042", bob_key);
    assert_int_equal(journal_identify(ana, "north"), JOURNAL_OK);
    assert_int_equal(journal_identify(bob, "north"), JOURNAL_OK);
    assert_int_equal(journal_attempt_begin(bob, bob_key, 2), JOURNAL_OK); /* its own is at hand */
    assert_int_equal(journal_settle(bob, bob_key, JOURNAL_UNCONFIRMED, NULL), JOURNAL_OK);
    journal_close(bob);
    bob = open_as(*state, &BOB, "north");
    assert_int_equal(adoptable(bob), 0);
    assert_int_equal(journal_settle(ana, ana_key, JOURNAL_CREATED, NULL), JOURNAL_OK);
    journal_close(bob);
    bob = open_as(*state, &BOB, "north");
    assert_int_equal(adoptable(bob), 1);
    journal_close(ana);
    journal_close(bob);
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
        TEST(a_tenants_tokens_share_its_intents), TEST(another_tenant_sees_nothing_of_them),
        TEST(a_token_may_change_its_tenant),      TEST(what_was_recorded_before_follows),
        TEST(the_tenant_is_remembered),           TEST(a_process_hears_of_it_from_another),
        TEST(a_number_that_is_held_stays_behind), TEST(a_tenant_without_a_name_is_none),
    };
    return cmocka_run_group_tests_name("client/account", tests, NULL, NULL);
}
