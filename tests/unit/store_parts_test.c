/* Parts of one transaction come out as if they had run one after the other, whether or not the
 * store lets them take turns. */
#include "tests/unit/store_fixture.h"

#include "tests/support/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* More than take turns at once. */
#define MANY 700

struct course {
    struct store_session *session;
    int made, refused, seen;
    bool fails, crosswise;
    int64_t ids[MANY];
};

static struct store_claim name_claim(const char *value)
{
    return (struct store_claim){.rule = "name", .value = value};
}

/* Claims the name, or finds who has it and its record, as a create does. */
static bool create(struct course *course, const char *name, int64_t *id)
{
    struct store_claim claim = name_claim(name);
    int64_t holder = 0;
    if (store_next_id(course->session, &NOTES, 1, id) != STORE_OK) return false;
    switch (store_claim(course->session, &NOTES, &claim, *id, &holder)) {
    case STORE_OK:
        insert(course->session, &NOTES, *id, 0, 0);
        course->made++;
        return true;
    case STORE_TAKEN: {
        char *json = NULL;
        bool found =
            store_record_find(course->session, &NOTES, holder, STORE_NOW, &json, NULL) == STORE_OK;
        free(json);
        course->refused++;
        return found;
    }
    case STORE_ABSENT:
    case STORE_FAILED:
        break;
    }
    return false;
}

static bool create_same(void *context, size_t part)
{
    struct course *course = context;
    return create(course, "one", &course->ids[part]);
}

static void the_first_of_many_has_the_name(void **state)
{
    struct fixture *fixture = *state;
    struct course course = {.session = fixture->writing};
    begin(fixture);
    assert_true(store_run_parts(course.session, MANY, create_same, &course));
    commit(fixture);
    assert_int_equal(course.made, 1);
    assert_int_equal(course.refused, MANY - 1);
    assert_list(fixture->reading, (struct store_filter){0}, "1 ");
}

static bool create_other(void *context, size_t part)
{
    struct course *course = context;
    char name[16];
    snprintf(name, sizeof name, "n%zu", part);
    struct store_audit_entry entry = entry_of("north", NULL);
    return create(course, name, &course->ids[part]) &&
           store_audit_append(course->session, &entry) == STORE_OK;
}

static void count_entry(void *context, const struct store_audit_entry *entry)
{
    int64_t *seq = context;
    assert_int_equal(entry->seq, *seq + 1);
    *seq = entry->seq;
}

static void each_has_its_number(void **state)
{
    struct fixture *fixture = *state;
    struct course course = {.session = fixture->writing};
    begin(fixture);
    assert_true(store_run_parts(course.session, MANY, create_other, &course));
    commit(fixture);
    bool had[MANY + 1] = {false};
    for (int i = 0; i < MANY; i++) {
        assert_in_range(course.ids[i], 1, MANY);
        assert_false(had[course.ids[i]]);
        had[course.ids[i]] = true;
    }
    int64_t seq = 0;
    assert_ok(store_audit_list(fixture->reading, "north", 0, MANY + 1, count_entry, &seq));
    assert_int_equal(seq, MANY);
}

/* Reuses what has the name, else makes it: nobody finds it free while another is about to make it.
 */
static bool reuse(void *context, size_t part)
{
    (void)part;
    struct course *course = context;
    struct store_claim claim = name_claim("shared");
    int64_t id = 0, holder = 0;
    switch (store_holder(course->session, &NOTES, &claim, &id, NULL)) {
    case STORE_OK:
        course->seen++;
        return id == 1;
    case STORE_ABSENT:
        if (store_next_id(course->session, &NOTES, 1, &id) != STORE_OK ||
            store_claim(course->session, &NOTES, &claim, id, &holder) != STORE_OK)
            return false;
        insert(course->session, &NOTES, id, 0, 0);
        course->made++;
        return true;
    case STORE_TAKEN:
    case STORE_FAILED:
        break;
    }
    return false;
}

static void what_one_makes_the_others_reuse(void **state)
{
    struct fixture *fixture = *state;
    struct course course = {.session = fixture->writing};
    begin(fixture);
    assert_true(store_run_parts(course.session, 50, reuse, &course));
    commit(fixture);
    assert_int_equal(course.made, 1);
    assert_int_equal(course.seen, 49);
}

/* Reads the record and writes it with one letter more: none is lost. */
static bool add_letter(void *context, size_t part)
{
    (void)part;
    struct course *course = context;
    char *json = NULL;
    if (store_record_find(course->session, &NOTES, 1, STORE_NOW, &json, NULL) != STORE_OK)
        return false;
    char *longer = support_format("%sx", json);
    enum store_status status = store_record_change(course->session, &NOTES, 1, longer);
    free(longer);
    free(json);
    return status == STORE_OK;
}

static void no_change_is_lost(void **state)
{
    struct fixture *fixture = *state;
    struct course course = {.session = fixture->writing};
    begin(fixture);
    insert(course.session, &NOTES, 1, 0, 0);
    assert_true(store_run_parts(course.session, 20, add_letter, &course));
    commit(fixture);
    char *json = NULL;
    assert_ok(store_record_find(fixture->reading, &NOTES, 1, STORE_NOW, &json, NULL));
    assert_string_equal(json, "{\"id\":1}xxxxxxxxxxxxxxxxxxxx");
    free(json);
}

/* A key that an unfinished part has completed is seen by the next as that part leaves it. */
static bool complete_and_amend(void *context, size_t part)
{
    struct course *course = context;
    struct store_key key = {"north", "POST /v1/notes", "k"};
    struct store_reply first = REPLY, last = REPLY;
    last.status = 409;
    last.problem = "taken";
    int64_t id = 0;
    enum store_status status = store_key_claim(course->session, &key, "f", "{}", &first);
    if (status == STORE_OK)
        return create(course, "other", &id) &&
               store_key_amend(course->session, &key, &last) == STORE_OK;
    struct store_saved saved;
    if (status != STORE_TAKEN || store_key_find(course->session, &key, 0, &saved) != STORE_OK)
        return false;
    course->seen += saved.status == 409 && part > 0;
    store_saved_clear(&saved);
    return true;
}

static void a_key_is_seen_as_it_ends(void **state)
{
    struct fixture *fixture = *state;
    struct course course = {.session = fixture->writing};
    begin(fixture);
    assert_true(store_run_parts(course.session, 30, complete_and_amend, &course));
    commit(fixture);
    assert_int_equal(course.seen, 29);
}

static bool claim_key(void *context, size_t part)
{
    struct course *course = context;
    static const char *const KEYS[] = {"known", "new"};
    const struct store_key key = {.tenant = "north", .endpoint = "POST /x", .key = KEYS[part]};
    const struct store_reply reply = {.status = 201, .expires_at = 1000};
    int64_t id = 0;
    if (store_next_id(course->session, &NOTES, 1, &id) != STORE_OK) return false;
    enum store_status status = store_key_claim(course->session, &key, "f", "{}", &reply);
    course->made += status == STORE_OK;
    course->refused += status == STORE_TAKEN;
    return status == STORE_OK || status == STORE_TAKEN;
}

/* Where it is trusted that no other process has the key, that is seen before anything is kept. */
static void a_key_that_another_claimed_is_taken(void **state)
{
    struct fixture *fixture = *state;
    struct course course = {.session = fixture->writing};
    begin(fixture);
    assert_true(claim_key(&course, 0));
    commit(fixture);
    course = (struct course){.session = fixture->writing};
    begin(fixture);
    if (!store_run_parts(course.session, 2, claim_key, &course) || !store_commit(course.session)) {
        assert_int_equal(store_trouble(course.session), STORE_AGAIN);
        store_rollback(course.session);
        course = (struct course){.session = fixture->writing};
        begin(fixture);
        assert_true(store_run_parts(course.session, 2, claim_key, &course));
        commit(fixture);
    }
    assert_int_equal(course.made, 1);
    assert_int_equal(course.refused, 1);
}

/* Part 0 takes a, then b; part 1 takes b, then a. Where they take turns each waits for the other:
 * then it is said, for each to be run alone. */
static bool take_two(void *context, size_t part)
{
    struct course *course = context;
    static const char *const NAMES[] = {"a", "b"};
    int64_t id = 0;
    return create(course, NAMES[part], &id) && create(course, NAMES[1 - part], &id);
}

static void those_that_wait_for_each_other_are_told(void **state)
{
    struct fixture *fixture = *state;
    struct course course = {.session = fixture->writing};
    begin(fixture);
    if (!store_run_parts(course.session, 2, take_two, &course)) {
        enum store_trouble trouble = store_trouble(course.session);
        assert_true(trouble == STORE_NO_TROUBLE || trouble == STORE_BROKEN);
        store_rollback(course.session);
        course = (struct course){.session = fixture->writing};
        begin(fixture);
        assert_true(take_two(&course, 0) && take_two(&course, 1));
    }
    commit(fixture);
    assert_int_equal(course.made, 2);
    assert_int_equal(course.refused, 2);
}

static bool fail_third(void *context, size_t part)
{
    return part != 2 && create_other(context, part);
}

static void one_that_fails_undoes_all(void **state)
{
    struct fixture *fixture = *state;
    struct course course = {.session = fixture->writing};
    begin(fixture);
    assert_false(store_run_parts(course.session, 9, fail_third, &course));
    store_rollback(course.session);
    assert_list(fixture->reading, (struct store_filter){0}, "");
    begin(fixture);
    assert_true(store_run_parts(course.session, 2, create_other, &course));
    commit(fixture);
    assert_list(fixture->reading, (struct store_filter){0}, "2 1 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_of_many_has_the_name),  TEST(each_has_its_number),
        TEST(what_one_makes_the_others_reuse), TEST(no_change_is_lost),
        TEST(a_key_is_seen_as_it_ends),        TEST(those_that_wait_for_each_other_are_told),
        TEST(one_that_fails_undoes_all),       TEST(a_key_that_another_claimed_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
