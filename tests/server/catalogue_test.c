/* What PostgreSQL's catalogue says of a store's tables: whatever makes rows unique, and whatever
 * one table has of another, is within a tenant, so that the store can be spread over machines by
 * tenant. */
#include "tests/server/api.h"

#include "tests/support/rows.h"
#include "tests/support/rows_postgres.h"

#define OURS                                                                                       \
    "WITH ours AS (SELECT oid, relname, relkind, relispartition FROM pg_class"                     \
    " WHERE relnamespace = current_schema()::regnamespace)"
#define COLUMN(table, number)                                                                      \
    "coalesce((SELECT attname FROM pg_attribute WHERE attrelid = " table " AND attnum = " number   \
    "), '')"

/* A row for each rule that is broken, beginning with the name of what breaks it. */
static const char BROKEN[] =
    OURS "SELECT relname || ' has no tenant' FROM ours WHERE relkind IN ('r', 'p') AND NOT EXISTS"
         " (SELECT FROM pg_attribute WHERE attrelid = oid AND attname = 'tenant' AND attnotnull)"
         " UNION ALL SELECT relname || ' has no primary key' FROM ours WHERE relkind IN ('r', 'p')"
         " AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = oid AND indisprimary)"
         " UNION ALL SELECT relname || ' begins with no tenant' FROM pg_index JOIN ours"
         " ON oid = indexrelid WHERE indisunique AND " COLUMN(
             "indrelid",
             "indkey[0]") " <> 'tenant'"
                          " UNION ALL SELECT conname || ' excludes' FROM pg_constraint JOIN ours "
                          "ON ours.oid = conrelid"
                          " WHERE contype = 'x'"
                          " UNION ALL SELECT conname || ' reaches over tenants' FROM pg_constraint "
                          "JOIN ours"
                          " ON ours.oid = conrelid WHERE contype = 'f' AND NOT EXISTS"
                          " (SELECT FROM unnest(conkey, confkey) AS pair (ours, theirs)"
                          " WHERE " COLUMN(
                              "conrelid",
                              "pair.ours") " = 'tenant'"
                                           " AND " COLUMN(
                                               "confrelid",
                                               "pair.theirs") " = 'tenant')"
                                                              " UNION ALL SELECT relname || ' "
                                                              "counts for all tenants' FROM ours "
                                                              "WHERE relkind = 'S'"
                                                              " UNION ALL SELECT relname || ' is "
                                                              "parted by more than the tenant' "
                                                              "FROM pg_partitioned_table"
                                                              " JOIN ours ON oid = partrelid WHERE "
                                                              "partstrat <> 'h' OR partnatts <> 1"
                                                              " OR " COLUMN(
                                                                  "partrelid",
                                                                  "partattrs[0]") " <> 'tenant'";

static char *broken(const struct mock *mock)
{
    struct json *rows = rows_postgres_read(mock->store, BROKEN, NULL);
    char *text = json_to(rows);
    json_free(rows);
    return text;
}

static void every_rule_is_a_tenant_s(void **state)
{
    char *text = broken(*state);
    assert_string_equal(text, "[]");
    free(text);
}

static void every_table_is_parted_as_was_asked_for(void **state)
{
    const struct mock *mock = *state;
    const char *parts = stores_partitions() ? stores_partitions() : "0";
    char *query =
        support_format(OURS "SELECT count(*) > 5 AND bool_and((SELECT count(*) FROM"
                            " pg_inherits WHERE inhparent = oid) = %s)"
                            " FROM ours WHERE relkind IN ('r', 'p') AND NOT relispartition",
                       parts);
    assert_true(rows_postgres_tell(mock->store, query));
    free(query);
}

/* The test itself must see each of them. */
static const struct {
    const char *name, *made;
} PLANTED[] = {
    {"a_list has no tenant", "CREATE TABLE a_list (id bigint PRIMARY KEY)"},
    {"a_list_pkey begins with no tenant", "CREATE TABLE a_list (id bigint PRIMARY KEY)"},
    {"a_heap has no primary key", "CREATE TABLE a_heap (tenant text NOT NULL)"},
    {"an_index begins with no tenant", "CREATE UNIQUE INDEX an_index ON claims_0 (value)"},
    {"an_index begins with no tenant", "CREATE UNIQUE INDEX an_index ON claims_0 (record, tenant)"},
    {"an_index begins with no tenant",
     "CREATE UNIQUE INDEX an_index ON claims_0 (lower(tenant), value)"},
    {"a_list_record_fkey reaches over tenants",
     "CREATE UNIQUE INDEX an_index ON claims_0 (record);"
     "CREATE TABLE a_list (tenant text PRIMARY KEY, record bigint REFERENCES claims_0 (record))"},
    {"a_list_id_seq counts for all tenants",
     "CREATE TABLE a_list (tenant text, id bigserial, PRIMARY KEY (tenant, id))"},
    {"a_list_id_excl excludes", "CREATE TABLE a_list (tenant text PRIMARY KEY, id int4range, "
                                "EXCLUDE USING gist (id WITH &&))"},
    {"a_list is parted by more than the tenant",
     "CREATE TABLE a_list (tenant text NOT NULL, id int, PRIMARY KEY (tenant, id))"
     " PARTITION BY HASH (tenant, id)"},
};

static void a_rule_that_is_not_is_seen(void **state)
{
    const struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(PLANTED); i++) {
        /* where there are no partitions, the table itself is meant */
        char *made = support_format("%s", PLANTED[i].made), *at = NULL;
        while (!stores_partitions() && (at = strstr(made, "_0")))
            memmove(at, at + 2, strlen(at + 2) + 1);
        rows_change(mock->store, made);
        char *text = broken(mock);
        print_message("%s\n", made);
        assert_non_null(strstr(text, PLANTED[i].name));
        rows_change(mock->store,
                    "DROP TABLE IF EXISTS a_list, a_heap; DROP INDEX IF EXISTS an_index");
        free(text);
        free(made);
    }
    every_rule_is_a_tenant_s(state);
}

/* What makes a rule unique in all parts must have what they are parted by: PostgreSQL says so. */
static void partitions_take_no_rule_without_the_tenant(void **state)
{
    const struct mock *mock = *state;
    if (!stores_partitions()) skip();
    rows_change(mock->store, "DO $$ BEGIN"
                             " CREATE UNIQUE INDEX an_index ON claims (resource, rule, value);"
                             " RAISE 'it was taken';"
                             " EXCEPTION WHEN feature_not_supported THEN NULL; END $$");
    every_rule_is_a_tenant_s(state);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(every_rule_is_a_tenant_s, NULL),
    SERVER_TEST(every_table_is_parted_as_was_asked_for, NULL),
    SERVER_TEST(a_rule_that_is_not_is_seen, NULL),
    SERVER_TEST(partitions_take_no_rule_without_the_tenant, NULL),
};

API_MAIN("catalogue", TESTS)
