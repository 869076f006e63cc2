/* The journal for many records: runs that go on, several commits in one, keys asked for again, and
 * what is forgotten. */
#include "protocol/wire/resources/invoice.h"
#include "tests/support/rows.h"
#include "tests/support/support.h"
#include "tests/unit/client_disk.h"
#include "tests/unit/client_place.h"
#include "tests/unit/client_sample.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define INPUT  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER  "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define DAY_MS INT64_C(86400000)

static int64_t begin_run(struct journal *journal, const char *input, bool continued)
{
    struct journal_run run;
    assert_int_equal(journal_run_begin(journal, input, &run), JOURNAL_OK);
    assert_int_equal(run.continued, continued);
    return run.id;
}

static void change(const struct place *place, const char *sql)
{
    sqlite3 *database = NULL;
    if (sqlite3_open(place->path, &database) != SQLITE_OK ||
        sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        support_die("%s: %s", sql, sqlite3_errmsg(database));
    sqlite3_close(database);
}

static void a_run_that_was_cut_short_goes_on(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    int64_t run = begin_run(journal, INPUT, false);
    struct intent *first = client_sample_intent("1"), *second = client_sample_intent("2");
    struct journal_recording items[] = {{.intent = first, .run = run, .position = 1},
                                        {.intent = second, .run = run, .position = 3}};
    assert_int_equal(journal_record_all(journal, items, 2), JOURNAL_OK);
    struct json *result = json_new_texts("id", "inv_1", NULL);
    assert_int_equal(journal_settle(journal, first, JOURNAL_REPLAYED, result), JOURNAL_OK);
    json_free(result);
    journal_close(journal);

    journal = place_open(place->path, &PLACE_ANA);
    assert_int_equal(begin_run(journal, OTHER, false) != run, true);
    assert_int_equal(begin_run(journal, INPUT, true), run);
    struct journal_entry *entry;
    assert_int_equal(journal_find_placed(journal, run, 1, &entry), JOURNAL_OK);
    assert_non_null(entry);
    assert_string_equal(entry->key, first->key);
    assert_int_equal(entry->state, JOURNAL_REPLAYED);
    assert_string_equal(entry->result, "{\"id\":\"inv_1\"}");
    assert_string_equal(entry->fingerprint, first->fingerprint);
    assert_int_equal(entry->attempts, 1);
    journal_entries_free(entry, 1);
    assert_int_equal(journal_find_placed(journal, run, 2, &entry), JOURNAL_OK);
    assert_null(entry);
    assert_int_equal(journal_find_placed(journal, run, 3, &entry), JOURNAL_OK);
    assert_int_equal(entry->state, JOURNAL_OPEN);
    assert_false(entry->busy);
    journal_entries_free(entry, 1);
    assert_int_equal(journal_run_end(journal, run), JOURNAL_OK);
    assert_true(begin_run(journal, INPUT, false) > run); /* never the same again */
    journal_close(journal);
    intent_free(first);
    intent_free(second);
}

static void a_run_is_one_processs(void **state)
{
    struct place *place = *state;
    struct journal *first = place_open(place->path, &PLACE_ANA);
    struct journal *second = place_open(place->path, &PLACE_ANA);
    int64_t run = begin_run(first, INPUT, false);
    struct journal_run other;
    assert_int_equal(journal_run_begin(second, INPUT, &other), JOURNAL_HELD);
    assert_non_null(strstr(journal_sentence(second), "just now"));
    journal_close(first);
    assert_int_equal(begin_run(second, INPUT, true), run);
    journal_close(second);
}

static void one_refused_record_stops_no_other(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    struct journal *other = place_open(place->path, &PLACE_ANA);
    const struct intent *theirs = place_record(other, "1");
    struct intent *held = client_sample_intent("1"), *good = client_sample_intent("2"),
                  *twin = client_sample_intent("2");
    struct intent *used = intent_freeze(&INVOICE, good->json, theirs->key);
    struct journal_recording items[] = {
        {.intent = held}, {.intent = good}, {.intent = twin}, {.intent = used}};
    assert_int_equal(journal_record_all(journal, items, 4), JOURNAL_OK);
    assert_int_equal(items[0].status, JOURNAL_HELD);
    assert_string_equal(items[0].holder, theirs->key);
    assert_false(items[0].is_ours);
    assert_int_equal(items[1].status, JOURNAL_OK);
    assert_int_equal(items[2].status, JOURNAL_HELD);
    assert_string_equal(items[2].holder, good->key);
    assert_true(items[2].is_ours);
    assert_int_equal(items[3].status, JOURNAL_REUSED);
    assert_false(items[3].is_ours);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents"), 2);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM attempts"), 2);
    journal_close(journal);
    journal_close(other);
    intent_free(held);
    intent_free(good);
    intent_free(twin);
    intent_free(used);
}

static void many_are_one_commit(void **state)
{
    struct place *place = *state;
    disk_install();
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    const struct intent *key = place_record(journal, "1");
    unsigned before = disk_syncs();
    journal_gather(journal);
    assert_int_equal(journal_attempt_end(journal, key, 1, REPLY_WHOLE, 422), JOURNAL_OK);
    assert_int_equal(journal_settle(journal, key, JOURNAL_REJECTED, NULL), JOURNAL_OK);
    place_record(journal, "1"); /* its number is free again */
    place_record(journal, "2");
    assert_int_equal(disk_syncs(), before);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents"), 1);
    assert_int_equal(journal_commit(journal), JOURNAL_OK);
    assert_int_equal(disk_syncs(), before + 1);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents"), 3);

    journal_gather(journal); /* nothing to write down costs nothing */
    assert_int_equal(journal_commit(journal), JOURNAL_OK);
    assert_int_equal(disk_syncs(), before + 1);
    journal_close(journal);
    disk_remove();
}

static void what_fails_spoils_the_whole_commit(void **state)
{
    struct place *place = *state;
    disk_install();
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    place_record(journal, "1");
    journal_gather(journal);
    place_record(journal, "2");
    disk_fill(true);
    assert_int_equal(journal_commit(journal), JOURNAL_FAILED);
    assert_non_null(strstr(journal_sentence(journal), "full"));
    disk_fill(false);
    assert_int_equal(place_try_record(journal, "2"), JOURNAL_OK);

    journal_gather(journal);
    place_record(journal, "3");
    struct journal_recording one_place[] = {{.intent = place_intent("5"), .run = 1, .position = 1},
                                            {.intent = place_intent("6"), .run = 1, .position = 1}};
    assert_int_equal(journal_record_all(journal, one_place, 2), JOURNAL_FAILED);
    assert_int_equal(place_try_record(journal, "4"), JOURNAL_FAILED);
    assert_int_equal(journal_commit(journal), JOURNAL_FAILED);
    assert_int_equal(place_try_record(journal, "3"), JOURNAL_OK);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents"), 3);
    journal_close(journal);
    disk_remove();
}

static void a_key_can_be_asked_for_again(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    struct journal *other = place_open(place->path, &PLACE_ANA);
    struct intent *intent;
    unsigned attempts;
    const struct intent *key = place_record(journal, "1");
    assert_int_equal(journal_adopt_same(other, key, &intent, &attempts), JOURNAL_HELD);
    assert_int_equal(journal_adopt_same(other, place_intent("none"), &intent, &attempts),
                     JOURNAL_ABSENT);
    assert_int_equal(journal_settle(journal, key, JOURNAL_REJECTED, NULL), JOURNAL_OK);
    assert_int_equal(journal_adopt_same(other, key, &intent, &attempts), JOURNAL_OK);
    assert_string_equal(intent->key, key->key);
    assert_int_equal(attempts, 1);
    assert_int_equal(place_attempt(other, key, 2), JOURNAL_OK);
    assert_int_equal(journal_settle(other, key, JOURNAL_CONFLICT, NULL), JOURNAL_OK);
    intent_free(intent);

    place_record(journal, "1"); /* now another one holds the number */
    assert_int_equal(journal_adopt_same(other, key, &intent, &attempts), JOURNAL_HELD);
    assert_null(intent);
    assert_non_null(strstr(journal_sentence(other), "waiting"));
    journal_close(journal);
    journal_close(other);
}

static void what_was_settled_long_ago_is_forgotten(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    const struct intent *keys[3];
    keys[0] = place_record(journal, "old");
    keys[1] = place_record(journal, "young");
    keys[2] = place_record(journal, "open");
    begin_run(journal, INPUT, false);
    assert_int_equal(journal_settle(journal, keys[0], JOURNAL_CREATED, NULL), JOURNAL_OK);
    assert_int_equal(journal_settle(journal, keys[1], JOURNAL_CREATED, NULL), JOURNAL_OK);
    assert_int_equal(journal_settle(journal, keys[2], JOURNAL_UNCONFIRMED, NULL), JOURNAL_OK);
    change(place, "UPDATE intents SET created_ms = 1, settled_ms = 1 WHERE name <> 'young'");
    assert_int_equal(journal_prune(journal, 30 * DAY_MS), JOURNAL_OK);
    struct json *rows = rows_read(place->path, "SELECT name FROM intents ORDER BY id", NULL);
    assert_int_equal(json_count(rows), 2);
    json_free(rows);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM attempts"), 2);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM runs"), 1);
    change(place, "UPDATE runs SET begun_ms = 1");
    assert_int_equal(journal_prune(journal, 30 * DAY_MS), JOURNAL_OK);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM runs"), 0);
    journal_close(journal);
}

/* What a cut run has left to tell is kept as long as the run is, and no longer. */
static void a_run_keeps_what_was_settled(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    int64_t run = begin_run(journal, INPUT, false);
    struct intent *settled = client_sample_intent("1"), *waits = client_sample_intent("2");
    struct journal_recording items[] = {{.intent = settled, .run = run, .position = 1},
                                        {.intent = waits, .run = run, .position = 2}};
    assert_int_equal(journal_record_all(journal, items, 2), JOURNAL_OK);
    assert_int_equal(journal_settle(journal, settled, JOURNAL_CREATED, NULL), JOURNAL_OK);
    assert_int_equal(journal_settle(journal, waits, JOURNAL_UNCONFIRMED, NULL), JOURNAL_OK);
    change(place, "UPDATE intents SET settled_ms = 1; UPDATE runs SET begun_ms = 1");
    assert_int_equal(journal_prune(journal, 30 * DAY_MS), JOURNAL_OK);
    journal_close(journal);
    journal = place_open(place->path, &PLACE_ANA);
    assert_int_equal(begin_run(journal, INPUT, true), run);
    struct journal_entry *entry;
    assert_int_equal(journal_find_placed(journal, run, 1, &entry), JOURNAL_OK);
    assert_non_null(entry);
    assert_int_equal(entry->state, JOURNAL_CREATED);
    journal_entries_free(entry, 1);
    assert_int_equal(journal_settle(journal, waits, JOURNAL_CREATED, NULL), JOURNAL_OK);
    change(place, "UPDATE intents SET settled_ms = 1; UPDATE runs SET begun_ms = 1");
    assert_int_equal(journal_prune(journal, 30 * DAY_MS), JOURNAL_OK);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents"), 0);
    journal_close(journal);
    intent_free(settled);
    intent_free(waits);
}

static size_t unseen(struct journal *journal)
{
    struct journal_entry *entries;
    size_t count;
    assert_int_equal(journal_list_unseen(journal, &entries, &count), JOURNAL_OK);
    journal_entries_free(entries, count);
    return count;
}

/* However long ago it was. */
static void a_refusal_is_not_forgotten_before_it_is_seen(void **state)
{
    struct place *place = *state;
    static const enum journal_state ends[] = {JOURNAL_CREATED, JOURNAL_CONFLICT, JOURNAL_REJECTED};
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    const char *keys[3];
    for (size_t i = 0; i < 3; i++) {
        const struct intent *intent =
            place_record(journal, (const char *const[]){"1", "2", "3"}[i]);
        keys[i] = intent->key;
        assert_int_equal(journal_settle(journal, intent, ends[i], NULL), JOURNAL_OK);
    }
    assert_int_equal(unseen(journal), 2);
    change(place, "UPDATE intents SET settled_ms = 1");
    assert_int_equal(journal_prune(journal, 30 * DAY_MS), JOURNAL_OK);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents"), 2);
    assert_int_equal(journal_see(journal, keys[1]), JOURNAL_OK);
    assert_int_equal(unseen(journal), 1);
    const struct journal_account bob = {.server = PLACE_SERVER, .token = "another-token"};
    struct journal *others = place_open(place->path, &bob);
    assert_int_equal(unseen(others), 0);
    assert_int_equal(journal_see(others, keys[2]), JOURNAL_OK);
    size_t count;
    assert_int_equal(journal_see_anywhere(others, keys[2], &count), JOURNAL_OK);
    assert_int_equal(count, 1);
    assert_int_equal(journal_see_anywhere(others, keys[2], &count), JOURNAL_OK);
    assert_int_equal(count, 0);
    assert_int_equal(journal_prune(journal, 30 * DAY_MS), JOURNAL_OK);
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents"), 0);
    journal_close(others);
    journal_close(journal);
}

/* As the first version made it. */
static void the_first_format_is_brought_up_to_date(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    place_record(journal, "1");
    journal_close(journal);
    change(place, "DROP TABLE accounts; DROP TABLE runs; DROP TABLE drafts;"
                  "DROP INDEX intents_placed; DROP INDEX intents_open; ALTER TABLE intents DROP "
                  "COLUMN replayed;"
                  "ALTER TABLE intents DROP COLUMN run; ALTER TABLE intents DROP COLUMN position;"
                  "DROP INDEX intents_unseen; ALTER TABLE intents DROP COLUMN unseen;"
                  "PRAGMA user_version = 1");
    journal = place_open(place->path, &PLACE_ANA);
    struct intent *intent;
    unsigned attempts;
    assert_int_equal(journal_adopt(journal, &intent, &attempts), JOURNAL_OK);
    assert_non_null(intent);
    assert_int_equal(attempts, 1);
    assert_int_equal(journal_identify(journal, "north"), JOURNAL_OK);
    assert_int_equal(journal_settle(journal, intent, JOURNAL_REPLAYED, NULL), JOURNAL_OK);
    assert_int_equal(rows_number(place->path, "SELECT replayed FROM intents"), 1);
    intent_free(intent);
    journal_close(journal);
}

static char *scope_of_key(struct place *place, const char *key)
{
    struct json *rows = rows_read(place->path, "SELECT scope FROM intents WHERE key = ?",
                                  (const char *[]){key, NULL});
    char *scope = strdup(json_text(json_first(rows), "scope"));
    json_free(rows);
    return scope;
}

/* The fourth version took a hyphen and a dash for two numbers: both intents stay open, and are held
 * by the one number that they are now; one that is settled is left as it was. */
static void the_fourth_format_is_compared_anew(void **state)
{
    struct place *place = *state;
    struct journal *journal = place_open(place->path, &PLACE_ANA);
    char *keys[3];
    static const char *const NUMBERS[] = {"INV-100", "INV 100", "INV-7"};
    for (size_t i = 0; i < 3; i++)
        keys[i] = strdup(place_record(journal, NUMBERS[i])->key);
    journal_close(journal);
    change(place,
           "UPDATE intents SET body = CAST(replace(body, 'INV 100', 'INV\u2013100') AS BLOB),"
           " scope = replace(scope, 'inv 100', 'inv\u2013100');"
           "UPDATE intents SET scope = 'as it was', state = 'created' WHERE name = 'INV-7';"
           "PRAGMA user_version = 4");
    journal_close(place_open(place->path, &PLACE_ANA));
    char *scopes[3];
    for (size_t i = 0; i < 3; i++)
        scopes[i] = scope_of_key(place, keys[i]);
    assert_non_null(strstr(scopes[0], "/inv-100"));
    assert_string_equal(scopes[0], scopes[1]);
    assert_string_equal(scopes[2], "as it was");
    assert_int_equal(rows_number(place->path, "SELECT count(*) FROM intents WHERE state = 'open'"),
                     2);
    for (size_t i = 0; i < 3; i++) {
        free(keys[i]);
        free(scopes[i]);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, place_set_up, place_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_run_that_was_cut_short_goes_on),
        TEST(a_run_is_one_processs),
        TEST(one_refused_record_stops_no_other),
        TEST(many_are_one_commit),
        TEST(what_fails_spoils_the_whole_commit),
        TEST(a_key_can_be_asked_for_again),
        TEST(what_was_settled_long_ago_is_forgotten),
        TEST(a_run_keeps_what_was_settled),
        TEST(the_first_format_is_brought_up_to_date),
        TEST(the_fourth_format_is_compared_anew),
        TEST(a_refusal_is_not_forgotten_before_it_is_seen),
    };
    return cmocka_run_group_tests_name("client/runs", tests, NULL, NULL);
}
