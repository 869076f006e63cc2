/* What every kind of store must do about records that are merged into others. */
#include "tests/unit/store_fixture.h"

#include "tests/support/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void merge(struct store_session *session, int64_t id, int64_t into)
{
    assert_ok(store_record_merge(session, &NOTES, id, into));
}

static int64_t merged_into(struct store_session *session, int64_t id)
{
    int64_t into = -1;
    assert_ok(store_record_find(session, &NOTES, id, STORE_NOW, NULL, &into));
    return into;
}

static void a_merged_record_tells_into_which(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing, *reading = fixture->reading;
    begin(fixture);
    for (int64_t id = 1; id <= 2; id++)
        insert(session, &NOTES, id, 0, 0);
    insert(session, &SOUTH, 2, 0, 0);
    assert_status(store_record_merge(session, &NOTES, 3, 1), STORE_ABSENT);
    assert_status(store_record_merge(session, &PAGES, 2, 1), STORE_ABSENT);
    merge(session, 2, 1);
    commit(fixture);
    assert_int_equal(merged_into(reading, 1), 0);
    assert_int_equal(merged_into(reading, 2), 1);
    char *json = NULL;
    int64_t into = -1;
    assert_ok(store_record_find(reading, &NOTES, 2, STORE_CREATED, &json, &into));
    assert_string_equal(json, "{\"id\":2}");
    assert_int_equal(into, 1);
    free(json);
    assert_ok(store_record_find(reading, &SOUTH, 2, STORE_NOW, NULL, &into));
    assert_int_equal(into, 0);
    assert_status(store_record_find(reading, &NOTES, 3, STORE_NOW, NULL, &into), STORE_ABSENT);
    begin(fixture);
    merge(session, 2, 0);
    commit(fixture);
    assert_int_equal(merged_into(reading, 2), 0);
}

static void a_holder_tells_into_which(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    struct store_claim claimed = {.rule = "name", .value = "a"}, stands = {"name", "b", false};
    int64_t holder = 0, into = -1;
    begin(fixture);
    for (int64_t id = 1; id <= 3; id++)
        insert(session, &NOTES, id, 0, 0);
    assert_ok(store_claim(session, &NOTES, &claimed, 2, &holder));
    assert_ok(store_stand(session, &NOTES, &stands, 3));
    assert_ok(store_holder(session, &NOTES, &claimed, &holder, &into));
    assert_int_equal(holder, 2);
    assert_int_equal(into, 0);
    merge(session, 2, 1);
    merge(session, 3, 1);
    assert_status(store_claim(session, &NOTES, &claimed, 3, &holder), STORE_TAKEN);
    assert_int_equal(holder, 2);
    commit(fixture);
    assert_ok(store_holder(fixture->reading, &NOTES, &claimed, &holder, &into));
    assert_int_equal(holder, 2);
    assert_int_equal(into, 1);
    into = -1;
    assert_ok(store_holder(fixture->reading, &NOTES, &stands, &holder, &into));
    assert_int_equal(holder, 3);
    assert_int_equal(into, 1);
}

static void merge_in_one(struct store_session *session, int64_t id, int64_t into)
{
    assert_true(store_begin(session));
    merge(session, id, into);
    assert_true(store_commit(session));
}

/* Given while a session of the store writes, if at all: and then another one after each merge,
 * whichever session it was made by. */
static void a_generation_ends_with_a_merge(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    for (int64_t id = 1; id <= 3; id++)
        insert(fixture->writing, &NOTES, id, 0, 0);
    commit(fixture);
    begin(fixture);
    uint64_t first = store_generation(fixture->reading);
    assert_int_equal(store_generation(fixture->reading), first);
    assert_true(first != 0 || stores_are_postgres());
    insert(fixture->writing, &NOTES, 4, 0, 0);
    commit(fixture);
    assert_int_equal(store_generation(fixture->reading), 0);
    begin(fixture);
    assert_int_equal(store_generation(fixture->reading), first); /* nothing was merged */
    store_rollback(fixture->writing);
    struct store_session *const by[] = {fixture->writing, fixture->other};
    for (size_t i = 0; i < COUNT(by); i++) {
        merge_in_one(by[i], (int64_t)i + 2, 1);
        assert_int_equal(store_generation(fixture->reading), 0);
        begin(fixture);
        uint64_t next = store_generation(fixture->reading);
        store_rollback(fixture->writing);
        assert_true(next > first || stores_are_postgres());
        first = next;
    }
}

static void a_change_can_be_taken_back(void **state)
{
    struct fixture *fixture = *state;
    char *json = NULL;
    begin(fixture);
    insert(fixture->writing, &NOTES, 1, 0, 0);
    assert_ok(store_record_change(fixture->writing, &NOTES, 1, "{\"changed\":true}"));
    assert_ok(store_record_change(fixture->writing, &NOTES, 1, NULL));
    commit(fixture);
    assert_ok(store_record_find(fixture->reading, &NOTES, 1, STORE_NOW, &json, NULL));
    assert_string_equal(json, "{\"id\":1}");
    free(json);
}

static void a_record_moves_to_another_parent(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing, *reading = fixture->reading;
    begin(fixture);
    insert(session, &NOTES, 1, 7, 0);
    insert(session, &NOTES, 9000, 7, 0);
    assert_status(store_record_move(session, &NOTES, 2, 8), STORE_ABSENT);
    assert_ok(store_record_move(session, &NOTES, 1, 8));
    commit(fixture);
    assert_list(reading, (struct store_filter){.parent = 7}, "9000 ");
    assert_list(reading, (struct store_filter){.parent = 8}, "1 ");
    begin(fixture);
    assert_ok(store_record_move(session, &NOTES, 9000, 0));
    commit(fixture);
    assert_list(reading, (struct store_filter){.parent = 7}, "");
    assert_list(reading, (struct store_filter){0}, "9000 1 ");
}

/* Of 1 to 6, which are all of one name, 2 is merged into 1, 4 and 5 into 3; 5 holds a name of its
 * own; none that is merged stands in the way. */
static void put_merged(struct fixture *fixture)
{
    struct store_session *session = fixture->writing;
    int64_t holder = 0;
    begin(fixture);
    for (int64_t id = 1; id <= 6; id++) {
        struct store_claim claim = {.rule = "name", .value = id == 5 ? "b" : "a"};
        enum store_status status = store_claim(session, &NOTES, &claim, id, &holder);
        if (status == STORE_TAKEN && id != 2 && id != 4)
            assert_ok(store_stand(session, &NOTES, &claim, id));
        insert(session, &NOTES, id, id == 6 ? 8 : 7, id == 4 ? 2025 : 2026);
        insert(session, &SOUTH, id, 7, 2026);
    }
    merge(session, 2, 1);
    merge(session, 4, 3);
    merge(session, 5, 3);
    assert_ok(store_record_merge(session, &SOUTH, 6, 3));
    commit(fixture);
}

static void assert_lists(struct store_session *session, struct store_filter filter,
                         const char *unmerged, const char *merged, const char *either)
{
    filter.merged = STORE_UNMERGED;
    assert_list(session, filter, unmerged);
    filter.merged = STORE_MERGED;
    assert_list(session, filter, merged);
    filter.merged = STORE_EITHER;
    assert_list(session, filter, either);
}

static void lists_have_merged_records_where_they_are_wanted(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *reading = fixture->reading;
    put_merged(fixture);
    assert_lists(reading, (struct store_filter){0}, "6 3 1 ", "5 4 2 ", "6 5 4 3 2 1 ");
    assert_lists(reading, (struct store_filter){.limit = 2}, "6 3 ", "5 4 ", "6 5 ");
    assert_lists(reading, (struct store_filter){.before = 4}, "3 1 ", "2 ", "3 2 1 ");
    assert_lists(reading, (struct store_filter){.parent = 7}, "3 1 ", "5 4 2 ", "5 4 3 2 1 ");
    assert_lists(reading, (struct store_filter){.parent = 8}, "6 ", "", "6 ");
    assert_lists(reading, (struct store_filter){.period = 2026}, "6 3 1 ", "5 2 ", "6 5 3 2 1 ");
    assert_lists(reading, (struct store_filter){.period = 2025, .parent = 7}, "", "4 ", "4 ");
    assert_lists(reading, (struct store_filter){.collection = PAGES}, "", "", "");
    assert_lists(reading, (struct store_filter){.collection = SOUTH}, "5 4 3 2 1 ", "6 ",
                 "6 5 4 3 2 1 ");
}

/* A name is had by those that were merged into who has it, too. */
static void a_rule_finds_what_was_merged_into_its_holders(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *reading = fixture->reading;
    put_merged(fixture);
    struct store_filter a = {.rule = "name", .beginning = "a"},
                        b = {.rule = "name", .beginning = "b"};
    assert_lists(reading, a, "6 3 1 ", "5 4 2 ", "6 5 4 3 2 1 ");
    assert_lists(reading, b, "", "5 ", "5 ");
    a.period = 2025;
    assert_lists(reading, a, "", "4 ", "4 ");
    a.period = 0;
    a.before = 5;
    a.limit = 2;
    assert_lists(reading, a, "3 1 ", "4 2 ", "4 3 ");
}

static void those_of_one_record_are_listed(void **state)
{
    struct fixture *fixture = *state;
    struct store_filter filter = {.merged = STORE_MERGED, .merged_into = 3};
    put_merged(fixture);
    assert_list(fixture->reading, filter, "5 4 ");
    filter.before = 5;
    assert_list(fixture->reading, filter, "4 ");
    filter.merged_into = 2;
    assert_list(fixture->reading, filter, "");
    filter = (struct store_filter){
        .merged = STORE_MERGED, .merged_into = 1, .rule = "name", .beginning = "a"};
    assert_list(fixture->reading, filter, "2 ");
}

static void assert_completed_of(struct store_session *session, enum store_merged merged, int limit,
                                const char *expected)
{
    char *text = support_format("%s", "");
    assert_ok(store_complete(session, &NOTES, "n", merged, limit, note_record, &text));
    assert_string_equal(text, expected);
    free(text);
}

/* However many merged ones come first. */
static void records_are_completed_beside_merged_ones(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    for (int64_t id = 1; id <= 9; id++) {
        char *name = support_format("n%d", (int)id);
        insert(fixture->writing, &NOTES, id, 0, 0);
        add_text(fixture->writing, (int)id % 2, name, name, id);
        if (id <= 6) merge(fixture->writing, id, 7);
        free(name);
    }
    commit(fixture);
    assert_completed_of(fixture->reading, STORE_UNMERGED, 2, "7 8 ");
    assert_completed_of(fixture->reading, STORE_MERGED, 10, "1 2 3 4 5 6 ");
    assert_completed_of(fixture->reading, STORE_EITHER, 8, "1 2 3 4 5 6 7 8 ");
}

struct page {
    struct store_standing last;
    char *rule, *value, *text;
    int count;
};

static void note_standing(void *context, const struct store_standing *standing)
{
    struct page *page = context;
    char *longer = support_format("%s%s%s=%s:%d;", page->text, standing->collection.resource,
                                  standing->rule, standing->value, (int)standing->record);
    free(page->text);
    free(page->rule);
    free(page->value);
    page->text = longer;
    page->rule = support_format("%s", standing->rule);
    page->value = support_format("%s", standing->value);
    page->last = *standing;
    page->last.rule = page->rule;
    page->last.value = page->value;
    page->last.collection = strcmp(standing->collection.tenant, "south") == 0    ? SOUTH
                            : strcmp(standing->collection.resource, "note") == 0 ? NOTES
                                                                                 : PAGES;
    page->count++;
}

/* In pages of that many. */
static void assert_pages(struct store_session *session, const char *tenant, const char *resource,
                         int limit, const char *expected)
{
    struct page page = {.text = support_format("%s", "")};
    do {
        struct store_standing after = page.last;
        bool is_first = !page.rule;
        after.rule = support_format("%s", is_first ? "" : page.rule);
        after.value = support_format("%s", is_first ? "" : page.value);
        page.count = 0;
        assert_ok(store_standing_list(session, is_first ? NULL : &after, tenant, resource, limit,
                                      note_standing, &page));
        free((char *)(uintptr_t)after.rule);
        free((char *)(uintptr_t)after.value);
    } while (page.count == limit && strlen(page.text) <= strlen(expected));
    assert_string_equal(page.text, expected);
    free(page.text);
    free(page.rule);
    free(page.value);
}

static void what_stands_in_the_way_is_listed_in_pages(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    struct store_claim a = {.rule = "name", .value = "a"}, b = {.rule = "name", .value = "b"},
                       ref = {.rule = "ref", .value = "a"};
    begin(fixture);
    for (int64_t id = 2; id <= 4; id++) {
        assert_ok(store_stand(session, &NOTES, &a, id));
        assert_ok(store_stand(session, &NOTES, &b, id + 10));
        assert_ok(store_stand(session, &NOTES, &ref, id));
        assert_ok(store_stand(session, &PAGES, &a, id));
        assert_ok(store_stand(session, &SOUTH, &a, id));
    }
    commit(fixture);
    static const char OF_NOTES[] =
        "notename=a:2;notename=a:3;notename=a:4;notename=b:12;"
        "notename=b:13;notename=b:14;noteref=a:2;noteref=a:3;noteref=a:4;";
    static const char OF_PAGES[] = "pagename=a:2;pagename=a:3;pagename=a:4;";
    static const char OF_SOUTH[] = "notename=a:2;notename=a:3;notename=a:4;";
    char *north = support_format("%s%s", OF_NOTES, OF_PAGES);
    char *all = support_format("%s%s", north, OF_SOUTH);
    for (int limit = 1; limit <= 16; limit += 3) {
        assert_pages(fixture->reading, NULL, NULL, limit, all);
        assert_pages(fixture->reading, "north", NULL, limit, north);
        assert_pages(fixture->reading, "north", "note", limit, OF_NOTES);
        assert_pages(fixture->reading, "north", "page", limit, OF_PAGES);
        assert_pages(fixture->reading, "south", NULL, limit, OF_SOUTH);
        assert_pages(fixture->reading, "west", NULL, limit, "");
    }
    free(north);
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_merged_record_tells_into_which),
        TEST(a_holder_tells_into_which),
        TEST(a_generation_ends_with_a_merge),
        TEST(a_change_can_be_taken_back),
        TEST(a_record_moves_to_another_parent),
        TEST(lists_have_merged_records_where_they_are_wanted),
        TEST(a_rule_finds_what_was_merged_into_its_holders),
        TEST(those_of_one_record_are_listed),
        TEST(records_are_completed_beside_merged_ones),
        TEST(what_stands_in_the_way_is_listed_in_pages),
    };
    return cmocka_run_group_tests_name("store merged", tests, NULL, NULL);
}
