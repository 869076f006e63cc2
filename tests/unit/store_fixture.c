#include "tests/unit/store_fixture.h"

#include "tests/support/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct store_collection NOTES = {"north", "note"}, PAGES = {"north", "page"},
                              SOUTH = {"south", "note"};

const struct store_reply REPLY = {.status = 201,
                                  .record_id = "not_1",
                                  .location = "/v1/notes/not_1",
                                  .body = "{\"a\":1}",
                                  .body_length = 7,
                                  .expires_at = HOUR_MS};

void open_all(struct fixture *fixture, unsigned without)
{
    char message[STORE_MESSAGE_MAX];
    const char *partitions = stores_partitions();
    const struct store_options options = {without,
                                          partitions ? (int)strtol(partitions, NULL, 10) : 0};
    fixture->store = store_open(fixture->url, &options, message);
    if (!fixture->store) support_die("%s", message);
    fixture->writing = store_session_open_writing(fixture->store);
    fixture->other = store_session_open_writing(fixture->store);
    fixture->reading = store_session_open_reading(fixture->store);
    if (!fixture->writing || !fixture->other || !fixture->reading) support_die("no session");
}

void close_all(struct fixture *fixture)
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
    stores_make(fixture->place, fixture->directory);
    fixture->url = stores_url(fixture->place);
    open_all(fixture, without);
    *state = fixture;
    return 0;
}

int set_up(void **state)
{
    return set_up_without(state, 0);
}

int set_up_without_unique(void **state)
{
    return set_up_without(state, STORE_NO_UNIQUE);
}

int tear_down(void **state)
{
    struct fixture *fixture = *state;
    close_all(fixture);
    stores_remove(fixture->place);
    temp_dir_remove(fixture->directory);
    free(fixture->url);
    free(fixture);
    return 0;
}

void begin(struct fixture *fixture)
{
    assert_true(store_begin(fixture->writing));
}

void commit(struct fixture *fixture)
{
    assert_true(store_commit(fixture->writing));
}

void insert(struct store_session *session, const struct store_collection *collection, int64_t id,
            int64_t parent, int period)
{
    char *json = support_format("{\"id\":%d}", (int)id);
    struct store_record record = {
        .id = id, .parent = parent, .period = period, .json = json, .length = strlen(json)};
    assert_ok(store_record_insert(session, collection, &record));
    free(json);
}

void note_record(void *context, int64_t id, const char *json)
{
    char **text = context;
    char *own = support_format("{\"id\":%d}", (int)id);
    char *longer = support_format("%s%d ", *text, (int)id);
    assert_string_equal(json, own);
    free(own);
    free(*text);
    *text = longer;
}

void assert_list(struct store_session *session, struct store_filter filter, const char *expected)
{
    char *text = support_format("%s", "");
    if (!filter.collection.tenant) filter.collection = NOTES;
    if (!filter.limit) filter.limit = 100;
    assert_ok(store_record_list(session, &filter, note_record, &text));
    assert_string_equal(text, expected);
    free(text);
}

void add_text(struct store_session *session, int which, const char *text, const char *order,
              int64_t id)
{
    struct store_text added = {which, text, order};
    assert_ok(store_text_add(session, &NOTES, &added, id));
}

void assert_completed(struct store_session *session, const char *prefix, int limit,
                      const char *expected)
{
    char *text = support_format("%s", "");
    assert_ok(store_complete(session, &NOTES, prefix, STORE_UNMERGED, limit, note_record, &text));
    assert_string_equal(text, expected);
    free(text);
}

struct store_audit_entry entry_of(const char *tenant, const char *key)
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
