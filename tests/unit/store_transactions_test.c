/* What every kind of store must do about transactions: what a rollback leaves, what other sessions
 * see, and what a crash does at every step. */
#include "mock_server/store/store.h"
#include "tests/unit/store_fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void count_entry(void *context, const struct store_audit_entry *entry)
{
    int64_t *count = context;
    assert_int_equal(entry->seq, ++*count);
}

/* --- transactions --- */

/* One create, whole: that gets this id. */
static void create(struct store_session *session, const char *name, int64_t id)
{
    struct store_key key = {"north", "POST /v1/notes", name};
    struct store_claim claim = {.rule = "name", .value = name};
    struct store_audit_entry entry = entry_of("north", name);
    int64_t next = 0, holder = 0;
    assert_ok(store_key_claim(session, &key, "print", "{}", &REPLY));
    assert_ok(store_next_id(session, &NOTES, 1, &next));
    assert_int_equal(next, id);
    assert_ok(store_claim(session, &NOTES, &claim, id, &holder));
    insert(session, &NOTES, id, 1, 2026);
    add_text(session, 0, name, name, id);
    assert_ok(store_audit_append(session, &entry));
}

static bool is_there(struct store_session *session, const char *name, int64_t id)
{
    struct store_key key = {"north", "POST /v1/notes", name};
    struct store_claim claim = {.rule = "name", .value = name};
    struct store_saved saved = {0};
    char *json = NULL;
    int64_t holder = 0;
    int parts = (store_key_find(session, &key, 0, &saved) == STORE_OK) +
                (store_holder(session, &NOTES, &claim, &holder, NULL) == STORE_OK) +
                (store_record_find(session, &NOTES, id, STORE_NOW, &json, NULL) == STORE_OK);
    store_saved_clear(&saved);
    free(json);
    if (parts != 0 && parts != 3) fail_msg("%d parts of %s", parts, name);
    return parts == 3;
}

static void a_rollback_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    create(fixture->writing, "a", 1);
    store_rollback(fixture->writing);
    assert_false(is_there(fixture->reading, "a", 1));
    assert_completed(fixture->reading, "a", 10, "");
    begin(fixture);
    create(fixture->writing, "a", 1);
    commit(fixture);
    assert_true(is_there(fixture->reading, "a", 1));
    assert_list(fixture->reading, (struct store_filter){.period = 2026}, "1 ");
    store_rollback(fixture->writing); /* of none: no harm */
}

static void a_part_is_undone_alone(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    begin(fixture);
    assert_true(store_savepoint(session));
    create(session, "a", 1);
    assert_true(store_release(session));
    assert_true(store_savepoint(session));
    create(session, "b", 2);
    assert_true(store_undo(session));
    assert_true(store_savepoint(session));
    create(session, "c", 2);
    assert_true(store_release(session));
    commit(fixture);
    assert_true(is_there(fixture->reading, "a", 1));
    assert_true(is_there(fixture->reading, "c", 2));
    int64_t holder = 0;
    struct store_claim undone = {.rule = "name", .value = "b"};
    assert_status(store_holder(fixture->reading, &NOTES, &undone, &holder, NULL), STORE_ABSENT);
    int64_t count = 0;
    assert_ok(store_audit_list(fixture->reading, "north", 0, 10, count_entry, &count));
    assert_int_equal(count, 2);
}

static void what_is_committed_is_seen_by_every_session_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    int64_t holder = 0;
    begin(fixture);
    create(fixture->writing, "a", 1);
    assert_false(is_there(fixture->reading, "a", 1));
    assert_true(is_there(fixture->writing, "a", 1));
    commit(fixture);
    assert_true(is_there(fixture->reading, "a", 1));
    assert_true(store_begin(fixture->other));
    struct store_claim claim = {.rule = "name", .value = "a"};
    assert_status(store_claim(fixture->other, &NOTES, &claim, 2, &holder), STORE_TAKEN);
    assert_int_equal(holder, 1);
    create(fixture->other, "b", 2);
    assert_true(store_commit(fixture->other));
    begin(fixture); /* what this one remembers is out of date */
    create(fixture->writing, "c", 3);
    commit(fixture);
    assert_list(fixture->reading, (struct store_filter){.parent = 1}, "3 2 1 ");
    assert_true(store_is_ready(fixture->reading));
    assert_false(store_is_lost(fixture->store));
    store_maintain(fixture->writing);
    begin(fixture);
    assert_true(store_probe(fixture->writing));
    commit(fixture);
}

/* --- crashes --- */

#define STEPS 9 /* of the child's work; after the last it has committed */

static void step(int at, int last)
{
    if (at == last) kill(getpid(), SIGKILL);
}

/* A process of its own: opens the store, and is killed behind its `last` step. */
static void work(const char *url, int last)
{
    char message[STORE_MESSAGE_MAX];
    struct store_key key = {"north", "POST /v1/notes", "x"};
    struct store_claim claim = {.rule = "name", .value = "x"};
    struct store_record record = {
        .id = 2, .parent = 1, .period = 2026, .json = "{\"id\":2}", .length = 8};
    struct store_audit_entry entry = entry_of("north", "x");
    int64_t holder = 0;
    struct store *store = store_open(url, &(struct store_options){0}, message);
    step(0, last);
    struct store_session *session = store ? store_session_open_writing(store) : NULL;
    step(1, last);
    if (!session || !store_begin(session)) _exit(1);
    step(2, last);
    if (store_key_claim(session, &key, "print", "{}", &REPLY) != STORE_OK) _exit(1);
    step(3, last);
    if (store_claim(session, &NOTES, &claim, 2, &holder) != STORE_OK) _exit(1);
    step(4, last);
    if (store_record_insert(session, &NOTES, &record) != STORE_OK) _exit(1);
    step(5, last);
    if (store_audit_append(session, &entry) != STORE_OK) _exit(1);
    step(6, last);
    if (!store_commit(session)) _exit(1);
    step(7, last);
    store_maintain(session);
    step(8, last);
    _exit(1);
}

static void a_crash_leaves_all_of_a_transaction_or_nothing(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    create(fixture->writing, "before", 1);
    commit(fixture);
    for (int last = 0; last < STEPS; last++) { /* the last but one ends it: then it is there */
        bool committed = last >= 7;
        close_all(fixture);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) work(fixture->url, last);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        open_all(fixture, 0);
        if (!WIFSIGNALED(status)) fail_msg("step %d: not reached", last);
        assert_true(is_there(fixture->reading, "before", 1));
        assert_int_equal(is_there(fixture->reading, "x", 2), committed);
        assert_list(fixture->reading, (struct store_filter){.limit = 10},
                    committed ? "2 1 " : "1 ");
        int64_t entries = 0;
        assert_ok(store_audit_list(fixture->reading, "north", 0, 10, count_entry, &entries));
        assert_int_equal(entries, committed ? 2 : 1);
        if (committed) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_rollback_leaves_nothing),
        TEST(a_part_is_undone_alone),
        TEST(what_is_committed_is_seen_by_every_session_and_nothing_else),
        TEST(a_crash_leaves_all_of_a_transaction_or_nothing),
    };
    return cmocka_run_group_tests_name("store transactions", tests, NULL, NULL);
}
