/* Deliveries: what every kind of store must do with them. */
#include "tests/unit/store_fixture.h"

#include "tests/support/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const unsigned char ANA[STORE_OWNER_SIZE] = "ana", BOB[STORE_OWNER_SIZE] = "bob";

#define MANY 100

/* --- what is noted of them --- */

static void note_tenant(void *context, const char *tenant, int64_t mark)
{
    char **text = context;
    char *longer = support_format("%s%s:%d ", *text, tenant, (int)mark);
    free(*text);
    *text = longer;
}

static void assert_behind(struct fixture *fixture, int limit, const char *expected)
{
    char *text = support_format("%s", "");
    assert_ok(store_behind_list(fixture->reading, limit, note_tenant, &text));
    assert_string_equal(text, expected);
    free(text);
}

static void note_delivery(void *context, const struct store_delivery *delivery)
{
    char **text = context;
    char *longer = support_format("%s%d ", *text, (int)delivery->seq);
    free(*text);
    *text = longer;
}

/* Seqs sorted, as what is leased comes in any order. */
static int by_number(const void *a, const void *b)
{
    return (int)(strtol(*(char *const *)a, NULL, 10) - strtol(*(char *const *)b, NULL, 10));
}

static char *sorted(char *text)
{
    char *words[MANY], *rest = text, *result = support_format("%s", "");
    size_t count = 0;
    for (char *word; (word = strsep(&rest, " ")) && *word && count < MANY;)
        words[count++] = word;
    qsort(words, count, sizeof *words, by_number);
    for (size_t i = 0; i < count; i++) {
        char *longer = support_format("%s%s ", result, words[i]);
        free(result);
        result = longer;
    }
    free(text);
    return result;
}

static void assert_leased(struct store_session *session, const unsigned char *owner, int64_t now,
                          int64_t until, int limit, const char *expected)
{
    char *text = support_format("%s", "");
    struct store_lease lease = {.now = now, .until = until};
    memcpy(lease.owner, owner, sizeof lease.owner);
    assert_true(store_begin(session));
    assert_ok(store_deliveries_lease(session, &lease, limit, note_delivery, &text));
    assert_true(store_commit(session));
    text = sorted(text);
    assert_string_equal(text, expected);
    free(text);
}

static struct store_delivery delivery_of(const char *tenant, int64_t seq, const char *record)
{
    return (struct store_delivery){
        .tenant = tenant,
        .seq = seq,
        .event_id = "event",
        .type = "note.created",
        .resource = "note",
        .record_id = record,
        .at = 7,
        .since = 10,
        .next_at = 10,
    };
}

static void add(struct fixture *fixture, const char *tenant, int64_t seq, const char *record)
{
    struct store_delivery delivery = delivery_of(tenant, seq, record);
    assert_ok(store_delivery_add(fixture->writing, &delivery));
}

/* --- tests --- */

static void append(struct fixture *fixture, const char *tenant, int count)
{
    begin(fixture);
    for (int i = 0; i < count; i++) {
        struct store_audit_entry entry = entry_of(tenant, NULL);
        assert_ok(store_audit_append(fixture->writing, &entry));
    }
    commit(fixture);
}

static enum store_status move(struct fixture *fixture, const char *tenant, int64_t from, int64_t to)
{
    begin(fixture);
    enum store_status status = store_mark_move(fixture->writing, tenant, from, to);
    commit(fixture);
    return status;
}

static void a_tenant_is_behind_until_its_mark_is_moved(void **state)
{
    struct fixture *fixture = *state;
    assert_behind(fixture, 9, "");
    append(fixture, "north", 3);
    assert_behind(fixture, 9, "north:-1 ");
    assert_ok(move(fixture, "north", STORE_NO_MARK, 2));
    assert_behind(fixture, 9, "north:2 ");
    assert_status(move(fixture, "north", STORE_NO_MARK, 3), STORE_ABSENT);
    assert_status(move(fixture, "north", 1, 3), STORE_ABSENT);
    assert_behind(fixture, 9, "north:2 ");
    assert_ok(move(fixture, "north", 2, 3));
    assert_behind(fixture, 9, "");
    append(fixture, "south", 1);
    assert_ok(move(fixture, "south", STORE_NO_MARK, 0));
    assert_behind(fixture, 9, "south:0 ");
    append(fixture, "north", 1);
    assert_behind(fixture, 0, "");
}

static void what_is_due_is_leased_once(void **state)
{
    struct fixture *fixture = *state;
    int64_t next_at = 5;
    assert_ok(store_deliveries_next(fixture->reading, &next_at));
    assert_int_equal(next_at, 0);
    begin(fixture);
    for (int i = 1; i <= 5; i++) {
        char *record = support_format("not_%d", i);
        add(fixture, i < 4 ? "north" : "south", i, record);
        free(record);
    }
    commit(fixture);
    assert_ok(store_deliveries_next(fixture->reading, &next_at));
    assert_int_equal(next_at, 10);
    assert_leased(fixture->writing, ANA, 9, 100, 9, "");
    assert_leased(fixture->writing, ANA, 10, 100, 9, "1 2 3 4 5 ");
    assert_leased(fixture->other, BOB, 99, 200, 9, "");
    assert_ok(store_deliveries_next(fixture->reading, &next_at));
    assert_int_equal(next_at, 100);
    assert_leased(fixture->other, BOB, 100, 200, 9, "1 2 3 4 5 ");
}

static void no_more_are_leased_than_are_wanted(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    for (int i = 1; i <= 5; i++) {
        char *record = support_format("not_%d", i);
        struct store_delivery delivery = delivery_of("north", i, record);
        delivery.next_at = 20 - i; /* the last one has been due longest */
        assert_ok(store_delivery_add(fixture->writing, &delivery));
        free(record);
    }
    commit(fixture);
    assert_leased(fixture->writing, ANA, 50, 100, 2, "4 5 ");
    assert_leased(fixture->other, BOB, 50, 100, 2, "2 3 ");
    assert_leased(fixture->writing, ANA, 50, 100, 2, "1 ");
}

static enum store_status done(struct fixture *fixture, int64_t seq, const unsigned char *owner)
{
    struct store_delivery delivery = delivery_of("north", seq, "not_1");
    begin(fixture);
    enum store_status status = store_delivery_done(fixture->writing, &delivery, owner);
    commit(fixture);
    return status;
}

static void put_off(struct fixture *fixture, int64_t seq, const unsigned char *owner,
                    int64_t next_at)
{
    struct store_delivery delivery = delivery_of("north", seq, "not_1");
    delivery.attempts = 3;
    delivery.next_at = next_at;
    delivery.trouble = "it answered 500";
    begin(fixture);
    assert_ok(store_delivery_put_off(fixture->writing, &delivery, owner));
    commit(fixture);
}

/* Of another record, of another resource and of another tenant they don't wait. */
static void those_of_a_record_come_one_after_the_other(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    add(fixture, "north", 1, "not_1");
    add(fixture, "north", 2, "not_2");
    add(fixture, "north", 3, "not_1");
    add(fixture, "south", 9, "not_1");
    struct store_delivery other = delivery_of("north", 4, "not_1");
    other.resource = "page";
    assert_ok(store_delivery_add(fixture->writing, &other));
    commit(fixture);
    assert_leased(fixture->writing, ANA, 10, 100, 9, "1 2 4 9 ");
    assert_leased(fixture->writing, ANA, 50, 100, 9, "");
    put_off(fixture, 1, ANA, 60);
    assert_leased(fixture->writing, ANA, 59, 100, 9, "");
    assert_leased(fixture->writing, ANA, 60, 100, 9, "1 ");
    put_off(fixture, 1, ANA, 0); /* parked */
    assert_leased(fixture->writing, ANA, 90, 100, 9, "");
    begin(fixture);
    assert_ok(store_delivery_discard(fixture->writing, "north", 1, 90));
    commit(fixture);
    assert_leased(fixture->writing, ANA, 90, 100, 9, "3 ");
    assert_ok(done(fixture, 3, ANA));
}

static void check_put_off(void *context, const struct store_delivery *delivery)
{
    assert_string_equal(delivery->tenant, "north");
    assert_int_equal(delivery->seq, 1);
    assert_string_equal(delivery->event_id, "event");
    assert_string_equal(delivery->type, "note.created");
    assert_string_equal(delivery->resource, "note");
    assert_string_equal(delivery->record_id, "not_1");
    assert_null(delivery->data);
    assert_int_equal(delivery->at, 7);
    assert_int_equal(delivery->since, 10);
    assert_int_equal(delivery->attempts, 3);
    assert_int_equal(delivery->next_at, INT64_MAX - 1);
    assert_false(delivery->is_leased);
    assert_string_equal(delivery->trouble, "it answered 500");
    ++*(int *)context;
}

static void who_lost_the_lease_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    add(fixture, "north", 1, "not_1");
    commit(fixture);
    assert_leased(fixture->writing, ANA, 10, 20, 9, "1 ");
    assert_leased(fixture->other, BOB, 20, 100, 9, "1 ");
    assert_ok(done(fixture, 1, ANA));
    put_off(fixture, 1, ANA, 21);
    assert_leased(fixture->writing, ANA, 99, 200, 9, "");
    put_off(fixture, 1, BOB, INT64_MAX - 1);
    assert_ok(done(fixture, 1, BOB)); /* it isn't bob's any more */
    int seen = 0;
    struct store_delivery_filter filter = {.tenant = "north", .limit = 9};
    assert_ok(store_delivery_list(fixture->reading, &filter, check_put_off, &seen));
    assert_int_equal(seen, 1);
    assert_leased(fixture->writing, ANA, INT64_MAX - 1, INT64_MAX, 9, "1 ");
    assert_ok(done(fixture, 1, ANA));
    assert_ok(store_delivery_list(fixture->reading, &filter, check_put_off, &seen));
    assert_int_equal(seen, 1);
}

static void assert_found(struct fixture *fixture, struct store_delivery_filter filter,
                         const char *expected)
{
    char *text = support_format("%s", "");
    filter.tenant = "north";
    assert_ok(store_delivery_list(fixture->reading, &filter, note_delivery, &text));
    assert_string_equal(text, expected);
    free(text);
}

static void assert_counts(struct fixture *fixture, int waiting, int parked, int oldest)
{
    struct store_delivery_counts counts = {9, 9, 9};
    assert_ok(store_deliveries_count(fixture->reading, &counts));
    assert_int_equal(counts.waiting, waiting);
    assert_int_equal(counts.parked, parked);
    assert_int_equal(counts.oldest, oldest);
}

static void people_find_and_mend_them(void **state)
{
    struct fixture *fixture = *state;
    assert_counts(fixture, 0, 0, 0);
    begin(fixture);
    for (int i = 1; i <= 3; i++) {
        char *record = support_format("not_%d", i), *id = support_format("event%d", i);
        struct store_delivery delivery = delivery_of("north", i, record);
        delivery.event_id = id;
        delivery.at = i;
        assert_ok(store_delivery_add(fixture->writing, &delivery));
        free(record);
        free(id);
    }
    add(fixture, "south", 1, "not_1");
    commit(fixture);
    assert_counts(fixture, 4, 0, 1);
    assert_leased(fixture->writing, ANA, 10, 100, 9, "1 1 2 3 ");
    put_off(fixture, 1, ANA, 0);
    put_off(fixture, 2, ANA, 0);
    assert_counts(fixture, 2, 2, 3);
    assert_found(fixture, (struct store_delivery_filter){.limit = 9}, "1 2 3 ");
    assert_found(fixture, (struct store_delivery_filter){.limit = 1, .after = 1}, "2 ");
    assert_found(fixture, (struct store_delivery_filter){.limit = 9, .only_parked = true}, "1 2 ");
    assert_found(fixture, (struct store_delivery_filter){.limit = 9, .event_id = "event2"}, "2 ");
    assert_found(fixture, (struct store_delivery_filter){.limit = 9, .event_id = "event"}, "");
    begin(fixture);
    assert_ok(store_delivery_retry(fixture->writing, "north", 1, 50));
    assert_status(store_delivery_retry(fixture->writing, "north", 3, 50), STORE_ABSENT);
    assert_status(store_delivery_discard(fixture->writing, "north", 3, 50), STORE_ABSENT);
    assert_status(store_delivery_retry(fixture->writing, "north", 7, 50), STORE_ABSENT);
    assert_ok(store_delivery_discard(fixture->writing, "north", 2, 50));
    commit(fixture);
    assert_leased(fixture->other, BOB, 50, 100, 9, "1 ");
    assert_found(fixture, (struct store_delivery_filter){.limit = 9}, "1 3 ");
    begin(fixture); /* leases that ended are none */
    assert_ok(store_delivery_discard(fixture->writing, "north", 3, 100));
    commit(fixture);
    assert_found(fixture, (struct store_delivery_filter){.limit = 9}, "1 ");
}

static void those_tried_for_long_are_parked(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    for (int i = 1; i <= 4; i++) {
        char *record = support_format("not_%d", i);
        struct store_delivery delivery = delivery_of("north", i, record);
        delivery.since = 10 * i;
        delivery.next_at = i == 1 ? 200 : 40;
        assert_ok(store_delivery_add(fixture->writing, &delivery));
        free(record);
    }
    int64_t parked = 0;
    assert_ok(store_deliveries_park(fixture->writing, 100, 30, "it is away", &parked));
    assert_int_equal(parked, 2);
    commit(fixture);
    assert_counts(fixture, 2, 2, 7);
    assert_found(fixture, (struct store_delivery_filter){.limit = 9, .only_parked = true}, "2 3 ");
}

/* Who is at it in an open transaction holds nobody up, and is held up by nobody. */
static void what_another_is_leasing_is_left_to_it(void **state)
{
    struct fixture *fixture = *state;
    if (!stores_are_postgres()) {
        print_message("only on PostgreSQL: of one file there is one writer\n");
        skip();
    }
    begin(fixture);
    add(fixture, "north", 1, "not_1");
    add(fixture, "north", 2, "not_2");
    commit(fixture);
    struct store_lease lease = {.now = 10, .until = 100};
    memcpy(lease.owner, ANA, sizeof lease.owner);
    char *text = support_format("%s", "");
    begin(fixture);
    assert_ok(store_deliveries_lease(fixture->writing, &lease, 1, note_delivery, &text));
    assert_leased(fixture->other, BOB, 10, 100, 9, strcmp(text, "1 ") == 0 ? "2 " : "1 ");
    commit(fixture);
    free(text);
}

static void check_data(void *context, const struct store_delivery *delivery)
{
    assert_int_equal(delivery->seq, (int64_t)1 << 39);
    assert_string_equal(delivery->data, "{\"a\":\"\xc3\xa9\"}");
    ++*(int *)context;
}

static void the_data_of_a_change_is_kept(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    struct store_delivery delivery = delivery_of("north", (int64_t)1 << 39, "not_1");
    delivery.data = "{\"a\":\"\xc3\xa9\"}";
    assert_ok(store_delivery_add(fixture->writing, &delivery));
    commit(fixture);
    int seen = 0;
    struct store_delivery_filter filter = {
        .tenant = "north", .after = ((int64_t)1 << 39) - 1, .limit = 9};
    assert_ok(store_delivery_list(fixture->reading, &filter, check_data, &seen));
    assert_int_equal(seen, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_tenant_is_behind_until_its_mark_is_moved),
        TEST(what_is_due_is_leased_once),
        TEST(no_more_are_leased_than_are_wanted),
        TEST(those_of_a_record_come_one_after_the_other),
        TEST(who_lost_the_lease_changes_nothing),
        TEST(people_find_and_mend_them),
        TEST(those_tried_for_long_are_parked),
        TEST(what_another_is_leasing_is_left_to_it),
        TEST(the_data_of_a_change_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
