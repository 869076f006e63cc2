/* Stores that the programs of then made (then/README.md), opened by the one of now: every record,
 * key, reply and audit entry is as it was. */
#include "protocol/wire/canonical_json.h"
#include "tests/server/api.h"

#include "tests/support/rows.h"

#include <stdio.h>
#include <unistd.h>

#define NOW 6 /* the version that they are brought to */

static const char *const THEN[] = {"1", "2", "3", "4-bodies", "4", "5"};

static char *read_file(const char *name, const char *kind)
{
    char *path = support_format("%s/%s.%s", INVONCE_STORES_OF_THEN, name, kind);
    FILE *file = fopen(path, "re");
    if (!file) support_die("no %s", path);
    char *text = NULL;
    size_t size = 0;
    if (getdelim(&text, &size, '\0', file) <= 0) support_die("nothing in %s", path);
    fclose(file);
    free(path);
    return text;
}

/* Makes the store of then where the mock has its own, which is stopped. */
static void put_store(struct mock *mock, const char *name)
{
    static const char *const FILES[] = {"", "-wal", "-shm"};
    char *sql = read_file(name, "sql");
    for (size_t i = 0; i < COUNT_OF(FILES); i++) {
        char *path = support_format("%s%s", mock->store, FILES[i]);
        unlink(path);
        free(path);
    }
    rows_change(mock->store, sql);
    free(sql);
}

static struct http_reply ask_again(const struct mock *mock, const struct json *asked)
{
    const char *token = strcmp(json_text(asked, "who"), "ana") == 0 ? TOKEN_ANA : TOKEN_EVE;
    const char *path = json_text(asked, "path");
    return strcmp(json_text(asked, "method"), "GET") == 0
               ? api_get(mock, token, path)
               : api_post(mock, path, token, json_text(asked, "key"), json_text(asked, "body"));
}

/* An object has the members that it had; it may have more. */
static bool has_all(const struct json *now, const struct json *then)
{
    for (const struct json *member = json_first(then); member; member = json_next(member))
        if (!json_equal(json_member(now, json_name(member)), member)) return false;
    return true;
}

/* The audit's entries of then, before those of what was asked since; an intent with its members. */
static bool is_grown(const struct http_reply *now, const struct json *then, const char *path)
{
    if (strncmp(path, "/v1/intents/", 12) == 0) return has_all(now->json, then);
    if (strncmp(path, "/v1/audit", 9) != 0) return false;
    const struct json *entry = json_first(json_member(now->json, "data"));
    for (const struct json *was = json_first(json_member(then, "data")); was;
         was = json_next(was), entry = json_next(entry))
        if (!entry || !has_all(entry, was)) return false;
    return true;
}

static void assert_answers_as_then(const struct mock *mock, const char *line)
{
    struct json *asked = json_read(line, strlen(line));
    assert_non_null(asked);
    const char *path = json_text(asked, "path"), *then = json_text(asked, "reply");
    struct http_reply now = ask_again(mock, asked);
    struct json *was = json_read(then, strlen(then));
    bool same = now.status == json_integer(json_member(asked, "status"), 0) &&
                (strcmp(now.body, then) == 0 || is_grown(&now, was, path));
    if (!same)
        fail_msg("%s %s: %ld\n%s\nwas\n%s", json_text(asked, "method"), path, now.status, now.body,
                 then);
    json_free(was);
    http_reply_clear(&now);
    json_free(asked);
}

static void assert_all_is_as_then(const struct mock *mock, const char *name)
{
    char *lines = read_file(name, "jsonl"), *rest = lines;
    size_t count = 0;
    for (char *line; (line = strsep(&rest, "\n")) && line[0]; count++)
        assert_answers_as_then(mock, line);
    assert_true(count > 40);
    free(lines);
}

static void bring(struct mock *mock, const char *name)
{
    if (mock->process.pid > 0) assert_int_equal(mock_stop(mock), 0);
    put_store(mock, name);
    assert_true(mock_start(mock, NULL));
    assert_int_equal(rows_number(mock->store, "PRAGMA user_version"), NOW);
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM pragma_integrity_check"
                                              " WHERE integrity_check <> 'ok'"),
                     0);
}

static void every_store_of_then_is_as_it_was(void **state)
{
    struct mock *mock = *state;
    for (size_t i = 0; i < COUNT_OF(THEN); i++) {
        print_message("%s\n", THEN[i]);
        bring(mock, THEN[i]);
        assert_all_is_as_then(mock, THEN[i]);
    }
}

/* What a store that is new has, one of then has too. */
static void a_store_of_then_has_the_tables_of_a_new_one(void **state)
{
    static const char TABLES[] = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";
    struct mock *mock = *state;
    struct json *fresh = rows_read(mock->store, TABLES, NULL);
    for (size_t i = 0; i < COUNT_OF(THEN); i++) {
        bring(mock, THEN[i]);
        struct json *brought = rows_read(mock->store, TABLES, NULL);
        assert_true(json_equal(fresh, brought));
        json_free(brought);
    }
    json_free(fresh);
}

static void assert_taken(const struct mock *mock, const char *key, const char *number,
                         const char *holder)
{
    struct http_reply reply = api_create_sample(mock, key, number, NULL);
    api_assert_problem(&reply, "invoice-number-taken");
    assert_string_equal(api_text(&reply, "/existing/id"), holder);
    http_reply_clear(&reply);
}

/* INV-100 with four kinds of dash, X1 with a character that nobody sees: all are there, one has the
 * number, and no more come. */
static void records_that_became_equal_stay_and_the_rule_holds(void **state)
{
    struct mock *mock = *state;
    bring(mock, "4");
    struct http_reply list = api_get(mock, TOKEN_ANA, "/v1/invoices?number=INV-100");
    assert_int_equal(json_count(json_member(list.json, "data")), 4);
    assert_string_equal(api_text(&list, "/data/0/number"), "INV\u2212100");
    assert_string_equal(api_text(&list, "/data/3/number"), "INV-100");
    http_reply_clear(&list);
    assert_taken(mock, "\"k1\"", "inv\u2014100", "inv_1002");
    assert_taken(mock, "\"k2\"", "X1", "inv_1006");
    struct http_reply customer =
        api_post(mock, "/v1/customers", TOKEN_ANA, NULL, "{\"email\":\"x@b\u00FCcher.example\"}");
    api_assert_status(&customer, 200);
    assert_string_equal(api_text(&customer, "/id"), "cus_2");
    http_reply_clear(&customer);
    struct http_reply next = api_create_sample(mock, "\"k3\"", "Z-1", NULL);
    api_assert_status(&next, 201);
    assert_string_equal(api_text(&next, "/id"), "inv_1013");
    http_reply_clear(&next);
    char *log = api_whole_log(mock);
    assert_non_null(strstr(log, "rule=number value=\"inv-100\\u001f2026\\u001f\" record=1005"
                                " claimed_by=1002"));
    assert_non_null(strstr(log, "rule=email value=x@xn--bcher-kva.example record=3 claimed_by=2"));
    assert_non_null(strstr(log, "groups=3"));
    free(log);
}

/* Without the rule on numbers everything stands, and nothing is claimed but e-mails. */
static void a_store_made_without_the_rule_claims_nothing(void **state)
{
    static const char *const WITHOUT[] = {"--without", "unique", NULL};
    struct mock *mock = *state;
    assert_int_equal(mock_stop(mock), 0);
    put_store(mock, "3");
    rows_change(mock->store, "DROP INDEX invoices_number;"
                             "UPDATE facts SET value = '1' WHERE name = 'without'");
    assert_false(mock_start(mock, NULL)); /* it isn't for every layer */
    assert_int_equal(rows_number(mock->store, "PRAGMA user_version"), 3);
    assert_true(mock_start(mock, WITHOUT));
    assert_int_equal(rows_number(mock->store, "SELECT count(*) FROM claims WHERE rule <> 'email'"),
                     0);
    assert_int_equal(rows_number(mock->store,
                                 "SELECT count(*) = (SELECT count(*) FROM invoices) FROM standing"
                                 " WHERE rule = 'number'"),
                     1);
    struct http_reply again = api_create_sample(mock, "\"k1\"", "INV-100", NULL);
    api_assert_status(&again, 201);
    http_reply_clear(&again);
    struct http_reply list = api_get(mock, TOKEN_ANA, "/v1/invoices?number=INV-100");
    assert_int_equal(json_count(json_member(list.json, "data")), 5);
    http_reply_clear(&list);
}

static const struct CMUnitTest TESTS[] = {
    SERVER_TEST(every_store_of_then_is_as_it_was, NULL),
    SERVER_TEST(a_store_of_then_has_the_tables_of_a_new_one, NULL),
    SERVER_TEST(records_that_became_equal_stay_and_the_rule_holds, NULL),
    SERVER_TEST(a_store_made_without_the_rule_claims_nothing, NULL),
};

API_MAIN("migrations", TESTS)
