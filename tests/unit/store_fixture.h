/* What the tests of what every kind of store must do have in common: a store of its own for each,
 * and what they put into it and find there. */
#ifndef INVONCE_TESTS_UNIT_STORE_FIXTURE_H
#define INVONCE_TESTS_UNIT_STORE_FIXTURE_H

#include "mock_server/store/store.h"
#include "tests/support/stores.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define HOUR_MS      3600000

#define assert_ok(call)               assert_int_equal(call, STORE_OK)
#define assert_status(call, expected) assert_int_equal(call, expected)

/* Empty, with two writing sessions and a reading one. */
struct fixture {
    char directory[TEMP_DIR_SIZE], place[STORES_PLACE_SIZE];
    char *url;
    struct store *store;
    struct store_session *writing, *other, *reading;
};

void open_all(struct fixture *fixture, unsigned without);
void close_all(struct fixture *fixture);

/* A test with a fixture of its own as its state. */
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
int set_up(void **state);
int set_up_without_unique(void **state);
int tear_down(void **state);

/* A transaction of the first writing session. */
void begin(struct fixture *fixture);
void commit(struct fixture *fixture);

extern const struct store_collection NOTES, PAGES, SOUTH;
extern const struct store_reply REPLY;

void insert(struct store_session *session, const struct store_collection *collection, int64_t id,
            int64_t parent, int period);
void add_text(struct store_session *session, int which, const char *text, const char *order,
              int64_t id);
struct store_audit_entry entry_of(const char *tenant, const char *key);

/* Adds the id of a record that is as it was inserted to the text, which is owned. */
void note_record(void *text, int64_t id, const char *json);

/* The ids that are found, as "3 2 1 ": of NOTES, where the filter names no collection. */
void assert_list(struct store_session *session, struct store_filter filter, const char *expected);
void assert_completed(struct store_session *session, const char *prefix, int limit,
                      const char *expected);

#endif
