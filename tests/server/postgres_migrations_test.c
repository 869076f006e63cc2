/* A PostgreSQL store that an earlier program made, brought up to date by whichever of several
 * servers comes first. */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

#include "tests/support/parallel.h"
#include "tests/support/rows.h"

#define SERVERS 4

/* What version 2 added, taken away: a store as version 1 made it. */
static const char BACK_TO_1[] = "DROP TABLE delivery_marks; DROP TABLE deliveries;"
                                "DROP INDEX records_merged; ALTER TABLE records DROP COLUMN merged;"
                                "UPDATE facts SET value = '1' WHERE name = 'version'";

static struct json *read_catalogue(const struct mock *mock)
{
    return rows_read(
        mock->store,
        "SELECT table_name AS name, column_name AS part, data_type || is_nullable"
        " || coalesce(collation_name, '') AS text FROM information_schema.columns"
        " WHERE table_schema = current_schema() UNION ALL SELECT tablename, indexname, indexdef"
        " FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1, 2",
        NULL);
}

/* A server's end is its thread's. */
struct start {
    const struct mock *first;
    struct mock beside[SERVERS];
    struct http_reply replays[SERVERS];
    int codes[SERVERS];
};

static void start_one(size_t index, void *context)
{
    struct start *start = context;
    struct mock *mock = &start->beside[index];
    start->codes[index] = -1;
    if (!mock_start_beside(mock, start->first, NULL)) return;
    start->replays[index] = api_create_sample(mock, "\"k\"", "A-1", NULL);
    start->codes[index] = mock_stop(mock);
    mock_clear(mock);
}

static void servers_that_start_at_once_bring_it_up_to_date(void **state)
{
    struct mock *mock = *state;
    struct http_reply made = api_create_sample(mock, "\"k\"", "A-1", NULL);
    api_assert_status(&made, 201);
    assert_int_equal(mock_stop(mock), 0);
    struct json *fresh = read_catalogue(mock);
    rows_change(mock->store, BACK_TO_1);
    struct start start = {.first = mock};
    parallel_run(SERVERS, start_one, &start);
    for (size_t i = 0; i < SERVERS; i++) {
        api_assert_same(&made, &start.replays[i]);
        assert_true(api_is_replay(&start.replays[i]));
        assert_int_equal(start.codes[i], 0);
        http_reply_clear(&start.replays[i]);
    }
    struct json *brought = read_catalogue(mock);
    assert_true(json_count(fresh) > 80);
    assert_true(json_equal(fresh, brought));
    json_free(brought);
    json_free(fresh);
    http_reply_clear(&made);
    assert_true(mock_start(mock, NULL));
}

static void one_of_a_newer_program_is_left_alone(void **state)
{
    struct mock *mock = *state;
    assert_int_equal(mock_stop(mock), 0);
    rows_change(mock->store, "UPDATE facts SET value = '99' WHERE name = 'version'");
    assert_false(mock_start(mock, NULL));
    rows_change(mock->store,
                "UPDATE facts SET value = '2' WHERE name = 'version' AND value = '99'");
    assert_true(mock_start(mock, NULL));
}

static const char *const IN_PARTITIONS[] = {"--partitions", "3", NULL};

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(servers_that_start_at_once_bring_it_up_to_date, NULL),
    {"and_its_partitions", servers_that_start_at_once_bring_it_up_to_date, api_setup, api_teardown,
     (void *)(uintptr_t)IN_PARTITIONS},
    SERVER_TEST(one_of_a_newer_program_is_left_alone, NULL),
};

API_MAIN("postgres_migrations", TESTS)
