/* What every kind of store must do: each function of store.h, each conflict by name, two sessions,
 * the order of lists, what a rollback leaves, and what a crash does at every step. */
#include "mock_server/store/store.h"
#include "tests/support/support.h"
#include "tests/support/temp_dir.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define HOUR_MS      3600000

/* A store of its own, empty, with two writing sessions and a reading one. */
struct fixture {
    char directory[TEMP_DIR_SIZE];
    char *url;
    struct store *store;
    struct store_session *writing, *other, *reading;
};

static void open_all(struct fixture *fixture, unsigned without)
{
    char message[STORE_MESSAGE_MAX];
    fixture->store = store_open(fixture->url, without, message);
    if (!fixture->store) support_die("%s", message);
    fixture->writing = store_session_open_writing(fixture->store);
    fixture->other = store_session_open_writing(fixture->store);
    fixture->reading = store_session_open_reading(fixture->store);
    if (!fixture->writing || !fixture->other || !fixture->reading) support_die("no session");
}

static void close_all(struct fixture *fixture)
{
    store_session_close(fixture->reading);
    store_session_close(fixture->other);
    store_session_close(fixture->writing);
    store_close(fixture->store);
}

static int set_up_without(void **state, unsigned without)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    if (!fixture) return -1;
    temp_dir_make(fixture->directory);
    fixture->url = support_format("sqlite:%s/store.db", fixture->directory);
    open_all(fixture, without);
    *state = fixture;
    return 0;
}

static int set_up(void **state)
{
    return set_up_without(state, 0);
}

static int set_up_without_unique(void **state)
{
    return set_up_without(state, STORE_NO_UNIQUE);
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    close_all(fixture);
    temp_dir_remove(fixture->directory);
    free(fixture->url);
    free(fixture);
    return 0;
}

static const struct store_collection NOTES = {"north", "note"}, PAGES = {"north", "page"},
                                     SOUTH = {"south", "note"};

static void begin(struct fixture *fixture)
{
    assert_true(store_begin(fixture->writing));
}

static void commit(struct fixture *fixture)
{
    assert_true(store_commit(fixture->writing));
}

#define assert_ok(call)               assert_int_equal(call, STORE_OK)
#define assert_status(call, expected) assert_int_equal(call, expected)

/* --- keys --- */

static const struct store_key KEY = {"north", "POST /v1/notes", "k1"};
static const struct store_reply REPLY = {.status = 201,
                                         .record_id = "not_1",
                                         .location = "/v1/notes/not_1",
                                         .body = "{\"a\":1}",
                                         .body_length = 7,
                                         .expires_at = HOUR_MS};
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
    assert_status(store_holder(session, &NOTES, &CLAIM, &holder), STORE_ABSENT);
    assert_ok(store_claim(session, &NOTES, &CLAIM, 7, &holder));
    assert_status(store_claim(session, &NOTES, &CLAIM, 8, &holder), STORE_TAKEN);
    assert_int_equal(holder, 7);
    assert_ok(store_claim(session, &NOTES, &rule, 8, &holder));
    assert_ok(store_claim(session, &NOTES, &value, 8, &holder));
    assert_ok(store_claim(session, &PAGES, &CLAIM, 8, &holder));
    assert_ok(store_claim(session, &SOUTH, &CLAIM, 9, &holder));
    commit(fixture);
    assert_ok(store_holder(fixture->reading, &NOTES, &CLAIM, &holder));
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
    assert_ok(store_standing_list(session, tenant, limit, note_standing, &text));
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
    assert_ok(store_holder(session, &NOTES, &CLAIM, &holder));
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
    assert_null(store_open(fixture->url, STORE_NO_IDEMPOTENCY, message));
    assert_non_null(strstr(message, "--without idempotency"));
    assert_null(store_open("elsewhere:x", 0, message));
    assert_non_null(strstr(message, "elsewhere:x"));
}

/* --- records and lists --- */

static void insert(struct store_session *session, const struct store_collection *collection,
                   int64_t id, int64_t parent, int period)
{
    char *json = support_format("{\"id\":%d}", (int)id);
    struct store_record record = {
        .id = id, .parent = parent, .period = period, .json = json, .length = strlen(json)};
    assert_ok(store_record_insert(session, collection, &record));
    free(json);
}

static void ids_go_on_from_the_first(void **state)
{
    struct fixture *fixture = *state;
    struct store_session *session = fixture->writing;
    int64_t id = 0;
    begin(fixture);
    assert_ok(store_next_id(session, &NOTES, 1001, &id));
    assert_int_equal(id, 1001);
    assert_ok(store_next_id(session, &NOTES, 1001, &id));
    assert_int_equal(id, 1001); /* nothing was taken yet */
    insert(session, &NOTES, id, 0, 0);
    assert_ok(store_next_id(session, &NOTES, 1001, &id));
    assert_int_equal(id, 1002);
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
    assert_ok(store_record_find(session, collection, id, age, &json));
    assert_string_equal(json, expected);
    free(json);
}

static void a_record_is_there_as_created_and_as_it_is_now(void **state)
{
    struct fixture *fixture = *state;
    char *json = NULL;
    assert_status(store_record_find(fixture->reading, &NOTES, 1, STORE_NOW, &json), STORE_ABSENT);
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
        assert_status(store_record_find(fixture->reading, &NOTES, OTHERS[i], STORE_NOW, &json),
                      STORE_ABSENT);
    assert_status(store_record_find(fixture->reading, &SOUTH, 5, STORE_NOW, &json), STORE_ABSENT);
    assert_status(store_record_find(fixture->reading, &PAGES, 5, STORE_NOW, &json), STORE_ABSENT);
}

static void note_record(void *context, int64_t id, const char *json)
{
    char **text = context;
    char *own = support_format("{\"id\":%d}", (int)id);
    char *longer = support_format("%s%d ", *text, (int)id);
    assert_string_equal(json, own);
    free(own);
    free(*text);
    *text = longer;
}

static void assert_list(struct store_session *session, struct store_filter filter,
                        const char *expected)
{
    char *text = support_format("%s", "");
    if (!filter.collection.tenant) filter.collection = NOTES;
    if (!filter.limit) filter.limit = 100;
    assert_ok(store_record_list(session, &filter, note_record, &text));
    assert_string_equal(text, expected);
    free(text);
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

static void add_text(struct store_session *session, int which, const char *text, const char *order,
                     int64_t id)
{
    struct store_text added = {which, text, order};
    assert_ok(store_text_add(session, &NOTES, &added, id));
}

static void assert_completed(struct store_session *session, const char *prefix, int limit,
                             const char *expected)
{
    char *text = support_format("%s", "");
    assert_ok(store_complete(session, &NOTES, prefix, limit, note_record, &text));
    assert_string_equal(text, expected);
    free(text);
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
    assert_completed(reading, "\xF4", 10, "4 ");
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

static struct store_audit_entry entry_of(const char *tenant, const char *key)
{
    return (struct store_audit_entry){.tenant = tenant,
                                      .at = 5,
                                      .request_id = "r",
                                      .user = "ana",
                                      .endpoint = "POST /v1/notes",
                                      .key = key,
                                      .outcome = "created",
                                      .status = 201};
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

static void count_entry(void *context, const struct store_audit_entry *entry)
{
    int64_t *count = context;
    assert_int_equal(entry->seq, ++*count);
}

/* --- transactions --- */

/* One create, whole. */
static void create(struct store_session *session, const char *name, int64_t id)
{
    struct store_key key = {"north", "POST /v1/notes", name};
    struct store_claim claim = {.rule = "name", .value = name};
    struct store_audit_entry entry = entry_of("north", name);
    int64_t holder = 0;
    assert_ok(store_key_claim(session, &key, "print", "{}", &REPLY));
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
                (store_holder(session, &NOTES, &claim, &holder) == STORE_OK) +
                (store_record_find(session, &NOTES, id, STORE_NOW, &json) == STORE_OK);
    store_saved_clear(&saved);
    free(json);
    if (parts != 0 && parts != 3) fail_msg("%d parts of %s", parts, name);
    return parts == 3;
}

static void a_rollback_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    int64_t id = 0;
    begin(fixture);
    create(fixture->writing, "a", 1);
    store_rollback(fixture->writing);
    assert_false(is_there(fixture->reading, "a", 1));
    assert_completed(fixture->reading, "a", 10, "");
    begin(fixture);
    assert_ok(store_next_id(fixture->writing, &NOTES, 1, &id));
    assert_int_equal(id, 1);
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
    int64_t id = 0;
    begin(fixture);
    assert_true(store_savepoint(session));
    create(session, "a", 1);
    assert_true(store_release(session));
    assert_true(store_savepoint(session));
    create(session, "b", 2);
    assert_true(store_undo(session));
    assert_ok(store_next_id(session, &NOTES, 1, &id));
    assert_int_equal(id, 2);
    assert_true(store_savepoint(session));
    create(session, "c", 2);
    assert_true(store_release(session));
    commit(fixture);
    assert_true(is_there(fixture->reading, "a", 1));
    assert_true(is_there(fixture->reading, "c", 2));
    int64_t holder = 0;
    struct store_claim undone = {.rule = "name", .value = "b"};
    assert_status(store_holder(fixture->reading, &NOTES, &undone, &holder), STORE_ABSENT);
    int64_t count = 0;
    assert_ok(store_audit_list(fixture->reading, "north", 0, 10, count_entry, &count));
    assert_int_equal(count, 2);
}

static void what_is_committed_is_seen_by_every_session_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    int64_t id = 0, holder = 0;
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
    assert_ok(store_next_id(fixture->other, &NOTES, 1, &id));
    assert_int_equal(id, 2);
    create(fixture->other, "b", 2);
    assert_true(store_commit(fixture->other));
    begin(fixture); /* what this one remembers is out of date */
    assert_ok(store_next_id(fixture->writing, &NOTES, 1, &id));
    assert_int_equal(id, 3);
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
    struct store *store = store_open(url, 0, message);
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

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

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
        TEST(ids_go_on_from_the_first),
        TEST(a_record_is_there_as_created_and_as_it_is_now),
        TEST(lists_are_newest_first),
        TEST(records_are_completed_from_their_texts),
        TEST(an_event_is_taken_once),
        TEST(entries_are_counted_a_tenant_and_listed_oldest_first),
        TEST(a_rollback_leaves_nothing),
        TEST(a_part_is_undone_alone),
        TEST(what_is_committed_is_seen_by_every_session_and_nothing_else),
        TEST(a_crash_leaves_all_of_a_transaction_or_nothing),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
