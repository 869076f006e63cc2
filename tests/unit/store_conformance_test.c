/* What every kind of store must do about records, their lists, events and the audit; its keys and
 * its transactions have tests of their own. */
#include "mock_server/store/store.h"
#include "tests/support/support.h"
#include "tests/unit/store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- records and lists --- */

static void ids_go_on_from_the_first(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    int64_t id = 0;
    begin(fixture);
    assert_ok(store_next_id(session, &NOTES, 1001, &id));
    assert_int_equal(id, 1001);
    assert_ok(store_next_id(session, &NOTES, 1001, &id));
    assert_in_range(id, 1001, 1002); /* nothing was taken yet */
    insert(session, &NOTES, id, 0, 0);
    int64_t taken = id;
    assert_ok(store_next_id(session, &NOTES, 1001, &id));
    assert_int_equal(id, taken + 1);
    assert_ok(store_next_id(session, &PAGES, 1, &id));
    assert_int_equal(id, 1);
    assert_ok(store_next_id(session, &SOUTH, 1001, &id));
    assert_int_equal(id, 1001);
    commit(fixture);
}

static void assert_json(struct store_session *session, const struct store_collection *collection,
                        int64_t id, enum store_age age, const char *expected)
{
    char *json = NULL;
    assert_ok(store_record_find(session, collection, id, age, &json, NULL));
    assert_string_equal(json, expected);
    free(json);
}

static void a_record_is_there_as_created_and_as_it_is_now(void **state)
{
    struct fixture *fixture = *state;
    char *json = NULL;
    assert_status(store_record_find(fixture->reading, &NOTES, 1, STORE_NOW, &json, NULL),
                  STORE_ABSENT);
    begin(fixture);
    assert_status(store_record_change(fixture->writing, &NOTES, 5, "{}"), STORE_ABSENT);
    insert(fixture->writing, &NOTES, 5, 0, 0);
    commit(fixture);
    assert_json(fixture->reading, &NOTES, 5, STORE_NOW, "{\"id\":5}");
    begin(fixture);
    assert_ok(store_record_change(fixture->writing, &NOTES, 5, "{\"changed\":true}"));
    commit(fixture);
    assert_json(fixture->reading, &NOTES, 5, STORE_NOW, "{\"changed\":true}");
    assert_json(fixture->reading, &NOTES, 5, STORE_CREATED, "{\"id\":5}");
    static const int64_t OTHERS[] = {4, 6, 0, -1, INT64_MAX, (int64_t)1 << 40};
    for (size_t i = 0; i < COUNT(OTHERS); i++)
        assert_status(
            store_record_find(fixture->reading, &NOTES, OTHERS[i], STORE_NOW, &json, NULL),
            STORE_ABSENT);
    assert_status(store_record_find(fixture->reading, &SOUTH, 5, STORE_NOW, &json, NULL),
                  STORE_ABSENT);
    assert_status(store_record_find(fixture->reading, &PAGES, 5, STORE_NOW, &json, NULL),
                  STORE_ABSENT);
}

/* Ids lie near and far, as they may where lists are looked up in parts. */
static void lists_are_newest_first(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing, *reading = fixture->reading;
    static const struct {
        int64_t id, parent;
        int period;
        const char *value;
    } ROWS[] = {{1, 1, 2025, "a" STORE_PART_END "2025" STORE_PART_END},
                {2, 2, 2026, "a" STORE_PART_END "2026" STORE_PART_END},
                {4095, 1, 2026, "b" STORE_PART_END "2026" STORE_PART_END},
                {4096, 1, 2025, "ab" STORE_PART_END "2025" STORE_PART_END},
                {9000, 2, 2026, "a" STORE_PART_END "2026" STORE_PART_END},
                {20000, 1, 2026, "c" STORE_PART_END "2026" STORE_PART_END}};
    int64_t holder = 0;
    assert_list(reading, (struct store_filter){.parent = 1}, "");
    begin(fixture);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct store_claim claim = {.rule = "name", .value = ROWS[i].value};
        if (store_claim(session, &NOTES, &claim, ROWS[i].id, &holder) == STORE_TAKEN)
            assert_ok(store_stand(session, &NOTES, &claim, ROWS[i].id));
        insert(session, &NOTES, ROWS[i].id, ROWS[i].parent, ROWS[i].period);
        insert(session, &SOUTH, ROWS[i].id + 1, ROWS[i].parent, ROWS[i].period);
    }
    commit(fixture);
    assert_list(reading, (struct store_filter){.limit = 100}, "20000 9000 4096 4095 2 1 ");
    assert_list(reading, (struct store_filter){.limit = 2}, "20000 9000 ");
    assert_list(reading, (struct store_filter){.limit = 2, .before = 9000}, "4096 4095 ");
    assert_list(reading, (struct store_filter){.before = 1}, "");
    assert_list(reading, (struct store_filter){.parent = 1}, "20000 4096 4095 1 ");
    assert_list(reading, (struct store_filter){.parent = 1, .limit = 2}, "20000 4096 ");
    assert_list(reading, (struct store_filter){.parent = 1, .before = 4096}, "4095 1 ");
    assert_list(reading, (struct store_filter){.parent = 3}, "");
    assert_list(reading, (struct store_filter){.period = 2026}, "20000 9000 4095 2 ");
    assert_list(reading, (struct store_filter){.period = 2025, .limit = 1}, "4096 ");
    assert_list(reading, (struct store_filter){.period = 2026, .before = 9000}, "4095 2 ");
    assert_list(reading, (struct store_filter){.period = 2027}, "");
    assert_list(reading, (struct store_filter){.parent = 1, .period = 2026}, "20000 4095 ");
    struct store_filter named = {.rule = "name", .beginning = "a" STORE_PART_END};
    assert_list(reading, named, "9000 2 1 "); /* one that stands there, too */
    named.period = 2026;
    assert_list(reading, named, "9000 2 ");
    named.before = 9000;
    assert_list(reading, named, "2 ");
    named.parent = 1;
    assert_list(reading, named, "");
    assert_list(reading, (struct store_filter){.rule = "other", .beginning = ""}, "");
}

static void records_are_completed_from_their_texts(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing, *reading = fixture->reading;
    assert_completed(reading, "a", 10, "");
    begin(fixture);
    for (int64_t id = 1; id <= 4; id++)
        insert(session, &NOTES, id, 0, 0);
    add_text(session, 0, "b@x", "b@x", 1);
    add_text(session, 1, "anna", "b@x", 1);
    add_text(session, 0, "a@x", "a@x", 2);
    add_text(session, 1, "bob", "a@x", 2);
    add_text(session, 0, "an@x", "an@x", 3);
    add_text(session, 0, "\xF4\x8F\xBF\xBE", "z", 4);
    commit(fixture);
    assert_completed(reading, "", 10, "2 3 1 4 ");
    assert_completed(reading, "a", 10, "2 3 1 ");
    assert_completed(reading, "an", 10, "3 1 ");
    assert_completed(reading, "b", 1, "2 ");
    assert_completed(reading, "\xF4\x8F\xBF\xBE", 10, "4 ");
    assert_completed(reading, "x", 10, "");
    begin(fixture);
    struct store_text gone = {1, "anna", "b@x"};
    assert_ok(store_text_remove(session, &NOTES, &gone, 1));
    add_text(session, 1, "zoe", "b@x", 1);
    commit(fixture);
    assert_completed(reading, "an", 10, "3 ");
    assert_completed(reading, "zo", 10, "1 ");
}

/* --- events and the audit --- */

static void an_event_is_taken_once(void **state)
{
    struct fixture *fixture = *state;
    struct store_event event = {"north", "bank", "e1", "paid", "print", 7, 1}, ignored = event;
    char *fingerprint = NULL;
    int64_t record = -1;
    ignored.source = "shop";
    ignored.record_id = 0;
    begin(fixture);
    assert_ok(store_event_insert(fixture->writing, &event));
    assert_status(store_event_insert(fixture->writing, &event), STORE_TAKEN);
    assert_ok(store_event_insert(fixture->writing, &ignored));
    commit(fixture);
    assert_ok(store_event_find(fixture->reading, &event, &fingerprint, &record));
    assert_string_equal(fingerprint, "print");
    assert_int_equal(record, 7);
    free(fingerprint);
    assert_ok(store_event_find(fixture->reading, &ignored, &fingerprint, &record));
    assert_int_equal(record, 0);
    free(fingerprint);
    event.tenant = "south";
    assert_status(store_event_find(fixture->reading, &event, &fingerprint, &record), STORE_ABSENT);
}

static void check_entry(void *context, const struct store_audit_entry *entry)
{
    int64_t *next = context;
    assert_int_equal(entry->seq, (*next)++);
    if (entry->seq > 1) return;
    assert_string_equal(entry->resource, "note");
    assert_string_equal(entry->record_id, "not_1");
    assert_string_equal(entry->parent_id, "pag_2");
    assert_string_equal(entry->unique[0].name, "name");
    assert_string_equal(entry->unique[0].text, "q\"\\\n\x01\u00E9\U0001F600");
    assert_string_equal(entry->unique[1].name, "year");
    assert_null(entry->unique[1].text);
    assert_int_equal(entry->unique[1].number, 2026);
    assert_string_equal(entry->unique[2].text, "");
    assert_null(entry->unique[3].name);
    assert_string_equal(entry->fault, "hang");
    assert_int_equal(entry->at, 5);
    assert_int_equal(entry->status, 201);
}

static void entries_are_counted_a_tenant_and_listed_oldest_first(void **state)
{
    struct fixture *fixture = *state;
    struct store_audit_entry entry = entry_of("north", "k"), bare = entry_of("north", NULL);
    entry.resource = "note";
    entry.record_id = "not_1";
    entry.parent_id = "pag_2";
    entry.fault = "hang";
    entry.unique[0] = (struct store_value){"name", "q\"\\\n\x01\u00E9\U0001F600", 0};
    entry.unique[1] = (struct store_value){"year", NULL, 2026};
    entry.unique[2] = (struct store_value){"ref.id", "", 0};
    begin(fixture);
    assert_ok(store_audit_append(fixture->writing, &entry));
    assert_int_equal(entry.seq, 1);
    for (int i = 0; i < 3; i++)
        assert_ok(store_audit_append(fixture->writing, &bare));
    struct store_audit_entry south = entry_of("south", NULL);
    assert_ok(store_audit_append(fixture->writing, &south));
    assert_int_equal(south.seq, 1);
    commit(fixture);
    int64_t next = 1;
    assert_ok(store_audit_list(fixture->reading, "north", 0, 10, check_entry, &next));
    assert_int_equal(next, 5);
    next = 3;
    assert_ok(store_audit_list(fixture->reading, "north", 2, 1, check_entry, &next));
    assert_int_equal(next, 4);
    assert_ok(store_audit_list(fixture->reading, "north", INT64_MAX, 1, check_entry, &next));
    assert_ok(store_audit_list(fixture->reading, "west", 0, 1, check_entry, &next));
    assert_int_equal(next, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ids_go_on_from_the_first), TEST(a_record_is_there_as_created_and_as_it_is_now),
        TEST(lists_are_newest_first),   TEST(records_are_completed_from_their_texts),
        TEST(an_event_is_taken_once),   TEST(entries_are_counted_a_tenant_and_listed_oldest_first),
    };
    return cmocka_run_group_tests_name("store records", tests, NULL, NULL);
}
