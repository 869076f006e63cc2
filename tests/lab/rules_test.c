/* Each rule of the checker, alone: evidence in which nothing is wrong, and one thing of it changed.
 */
#include "tests/lab/arithmetic.h"
#include "tests/lab/checker.h"
#include "tests/lab/content.h"
#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW_MS   1000000
#define LEASE_MS 30000

static const struct {
    const char *change, *rule;
} changes[] = {
    {"UPDATE told SET said = 'unconfirmed' WHERE client = 'ana' AND subject = 'A-1'",
     "who is told that it waits is told how it ended"},
    {"INSERT INTO told VALUES ('bob', 'C-3', 'rejected', NULL, NULL)", "what is told of was meant"},
    {"INSERT INTO told VALUES ('ana', 'A-1', 'rejected', NULL, NULL)",
     "an input is told of one outcome"},
    {"INSERT INTO told VALUES ('bank', 'A-1', 'rejected', NULL, NULL)",
     "an input is told of one outcome"},
    {"UPDATE told SET said = 'rejected', record = NULL WHERE client = 'ana' AND subject = 'A-1'",
     "what is told is what the journal says"},
    {"UPDATE told SET said = 'created', record = 'inv_1' WHERE client = 'bob'",
     "what is told is what the journal says"},
    {"UPDATE intents SET record = 'inv_9' WHERE key = 'k1'",
     "what is told is what the journal says"},
    {"UPDATE intents SET state = 'created' WHERE key = 'k2';"
     "UPDATE told SET said = 'created' WHERE client = 'bob'",
     "a journal names what its key made"},
    {"UPDATE intents SET record = 'inv_9' WHERE key = 'k1';"
     "UPDATE told SET record = 'inv_9' WHERE record = 'inv_1'",
     "a journal names what its key made"},
    {"UPDATE audit SET record = 'inv_0' WHERE seq = 2", "a replay is of what its key made"},
    {"INSERT INTO audit VALUES ('north', 8, 'POST /v1/invoices', 'k2', 'replayed', 409, 'inv_0')",
     "a replay is of what its key made"},
    {"INSERT INTO replies SELECT tenant, key, status, body || ' ' FROM replies",
     "all replies to a key are the same, byte for byte"},
    {"INSERT INTO replies SELECT tenant, key, 200, body FROM replies",
     "all replies to a key are the same, byte for byte"},
    {"UPDATE replies SET body = replace(body, '217.80', '217.79')", "a reply is the record"},
    {"UPDATE intents SET record = 'inv_0' WHERE key = 'k2';"
     "UPDATE told SET record = 'inv_0' WHERE client = 'bob'",
     "a conflict is with what must be unique"},
    {"UPDATE inputs SET body = replace(body, '2026-', '2025-') WHERE client = 'bob'",
     "a conflict is with what must be unique"},
    {"UPDATE audit SET outcome = 'rejected_invalid' WHERE key = 'k2'",
     "a conflict is what the server answered"},
    {"DELETE FROM records WHERE id = 'inv_0'", "what the audit tells of is there"},
    {"UPDATE records SET status = 'merged' WHERE id = 'inv_1'",
     "what was merged, the audit tells of"},
    {"UPDATE intents SET body = replace(body, '1.5', '2.5') WHERE key = 'k3'",
     "what is written down is what was meant"},
    {"DELETE FROM audit WHERE seq = 6", "no payment is without an event that says the same"},
    {"UPDATE records SET body = json_set(body, '$.notes', 'more') WHERE id = 'inv_1'",
     "created is one row with exactly that content"},
    {"DELETE FROM records WHERE id = 'cus_1'", "an invoice's customer is there"},
    {"UPDATE records SET body = replace(body, 'ann@', 'bob@') WHERE id = 'cus_1'",
     "an invoice's customer is there"},
    {"UPDATE records SET body = replace(body, 'Ann', 'Bob') WHERE id = 'cus_1'",
     "a customer has the name of its first invoice"},
    {"UPDATE records SET body = replace(body, 'inv_1', 'inv_9') WHERE id = 'inv_1'",
     "a record has its own id"},
    {"UPDATE records SET body = replace(body, 'cus_1', 'cus_2') WHERE id = 'cus_1'",
     "a record has its own id"},
    {"UPDATE records SET body = json_set(body, '$.created_by', 'bob') WHERE id = 'inv_1'",
     "a record was created by who meant it"},
    {"UPDATE records SET body = replace(body, '217.80', '217.79') WHERE id = 'pay_1'",
     "what is told as created is what was meant"},
    {"UPDATE records SET body = replace(body, '217.80', '217.79') WHERE id = 'pay_1'",
     "no payment is without an event that says the same"},
    {"INSERT INTO records SELECT tenant, 'pay_2', kind, subject, 'event bank e-2', status,"
     " replace(replace(body, 'e-1', 'e-2'), 'pay_1', 'pay_2') FROM records WHERE id = 'pay_1'",
     "no payment is without an event that says the same"},
    {"UPDATE told SET fingerprint = fingerprint(replace(body, '217.80', '217.79')) FROM records"
     " WHERE id = 'inv_1' AND said = 'created' AND record = id",
     "what is told as created is told as it is"},
    {"DELETE FROM told WHERE subject = 'B-2'; DELETE FROM intents WHERE subject = 'B-2'",
     "an input ends in one definite outcome"},
    {"UPDATE intents SET state = 'open' WHERE key = 'k1'",
     "no outbox is left full once faults stop"},
    {"UPDATE intents SET state = 'unconfirmed' WHERE key = 'k3'",
     "no outbox is left full once faults stop"},
    {"INSERT INTO deliveries VALUES ('north', 'inv_1', NULL)",
     "no delivery is left once faults stop"},
    {"INSERT INTO events VALUES ('north', 'inv_9', 'e1', NULL)",
     "each create is told of by an event"},
    {"INSERT INTO events VALUES ('north', 'inv_1', 'e1', NULL), ('north', 'inv_1', 'e2', NULL)",
     "a create has one event"},
    {"INSERT INTO events SELECT tenant, 'inv_7', 'e1', fingerprint(body) FROM records"
     " WHERE id = 'inv_1'",
     "an event tells of what is there"},
    {"INSERT INTO events SELECT tenant, id, 'e1', fingerprint(replace(body, '217.80', '217.79'))"
     " FROM records WHERE id = 'inv_1'",
     "an event tells of what is there"},
    {"UPDATE intents SET fingerprint = 'f2' WHERE key = 'k3'",
     "a journal's fingerprint is its body's"},
    {"INSERT INTO seen VALUES ('north', 'k1', 'f2', 0, 0)",
     "what is sent under a key is what was written down"},
    {"INSERT INTO seen SELECT tenant, key, fingerprint, 0, 0 FROM intents WHERE key = 'k2';"
     "INSERT INTO seen SELECT * FROM seen",
     "attempts on the wire are what the client says"},
    {"DELETE FROM records WHERE id = 'inv_1'", "what was acknowledged is there"},
    {"UPDATE records SET tenant = 'south' WHERE id = 'inv_1'", "what was told as created is there"},
    {"UPDATE told SET record = 'inv_7' WHERE said = 'created'",
     "what was told as created is there"},
    {"UPDATE records SET body = replace(body, '1.5', '1.50') WHERE id = 'inv_1'",
     "created is one row with exactly that content"},
    {"UPDATE told SET record = 'inv_0' WHERE said = 'created'",
     "what is told as created is what was meant"},
    {"UPDATE records SET status = 'open', rule = NULL WHERE id = 'inv_9'",
     "who is told that it is created has one of it"},
    {"UPDATE intents SET client = 'ana' WHERE key = 'k2'",
     "a conflict is with another intent, which exists"},
    {"UPDATE told SET record = 'inv_7' WHERE said = 'conflict'",
     "a conflict is with another intent, which exists"},
    {"UPDATE told SET said = 'conflict' WHERE client = 'ana' AND subject = 'A-1'",
     "a conflict is with another intent, which exists"},
    {"UPDATE audit SET outcome = 'created', record = 'inv_0' WHERE key = 'k3'",
     "what was rejected isn't there"},
    {"UPDATE exits SET code = 0 WHERE client = 'bob'", "exit codes are true"},
    {"UPDATE exits SET code = 5 WHERE client = 'cat'", "exit codes are true"},
    {"UPDATE records SET status = 'open' WHERE id = 'inv_9'",
     "no two rows are under a unique rule"},
    {"UPDATE audit SET outcome = 'created', record = 'inv_0' WHERE seq = 2", "a key makes one row"},
    {"UPDATE intents SET client = 'ana' WHERE key = 'k2'", "an intent has one key"},
    {"UPDATE intents SET key = 'k1', fingerprint = 'f2', state = 'created' WHERE key = 'k2'",
     "a key has one body"},
    {"DELETE FROM audit WHERE outcome = 'imported';"
     "UPDATE audit SET outcome = 'replayed' WHERE outcome = 'created'",
     "no row is without an intent"},
    {"DELETE FROM intents WHERE key = 'k1'", "no row is without an intent"},
    {"UPDATE intents SET sent = 1 WHERE key = 'k1'",
     "attempts on the wire are what the client says"},
    {"DELETE FROM audit WHERE key = 'k2'", "attempts on the wire are what the client says"},
    {"INSERT INTO kills VALUES ('server'); DELETE FROM audit WHERE key = 'k2'",
     "attempts on the wire are what the client says"},
    {"UPDATE audit SET key = 'k7' WHERE key = 'k2'", "nothing is sent that no journal has"},
    {"UPDATE in_progress SET lease_until = 999999", "nothing is in progress past its lease"},
    {"UPDATE in_progress SET lease_until = 9223372036854775807",
     "nothing is in progress past its lease"},
    {"UPDATE records SET body = replace(body, '217.80', '217.79') WHERE id = 'inv_1'",
     "totals add up"},
};

static void run(struct evidence *evidence, const char *script)
{
    char *message = NULL;
    if (sqlite3_exec(evidence_database(evidence), script, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", script, message);
}

/* The caller's to free. */
static char *well(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(LAB_WELL, "re");
    if (!file || getdelim(&text, &size, '\0', file) <= 0) fail_msg("cannot read " LAB_WELL);
    fclose(file);
    return text;
}

static struct evidence *judged(const char *change, struct checker_counts *counts)
{
    struct evidence *evidence = evidence_new();
    char *script = well();
    run(evidence, script);
    run(evidence, change);
    free(script);
    *counts = checker_judge(evidence, NOW_MS, LEASE_MS);
    return evidence;
}

static long long findings_of(const struct evidence *evidence, const char *rule)
{
    char *query = sqlite3_mprintf("SELECT count(*) FROM findings WHERE rule = %Q", rule);
    long long count = evidence_number(evidence, query);
    sqlite3_free(query);
    return count;
}

static void nothing_is_found_where_all_is_well(void **state)
{
    (void)state;
    struct checker_counts counts;
    struct evidence *evidence = judged("", &counts);
    if (checker_findings(evidence) > 0) {
        checker_print(evidence, 5, stderr);
        fail();
    }
    assert_int_equal(counts.attempted, 3);
    assert_int_equal(counts.acknowledged, 3);
    assert_int_equal(counts.unknown, 1);
    assert_int_equal(counts.recovered, 1);
    assert_int_equal(counts.lost + counts.duplicated + counts.lied_about, 0);
    assert_int_equal(counts.undecided + counts.out_of_step, 0);
    evidence_free(evidence);
}

/* Who stands between sent it once more than the client did; a receiver took an event twice. */
static void copies_and_repeats_are_well(void **state)
{
    (void)state;
    struct checker_counts counts;
    struct evidence *evidence =
        judged("INSERT INTO inputs SELECT * FROM inputs WHERE client = 'ana';" /* with one key */
               "UPDATE intents SET sent = 1 WHERE key = 'k1';"
               "INSERT INTO seen SELECT tenant, key, fingerprint, 1, 0 FROM intents"
               " WHERE key = 'k1';"
               "INSERT INTO events SELECT tenant, id, 'e1', fingerprint(body) FROM records"
               " WHERE id = 'inv_1';"
               "INSERT INTO events SELECT * FROM events",
               &counts);
    assert_int_equal(checker_findings(evidence), 0);
    evidence_free(evidence);
}

/* The entry of a replay is lost with its server. */
static void what_a_killed_server_answered_is_well(void **state)
{
    (void)state;
    struct checker_counts counts;
    struct evidence *evidence = judged("UPDATE intents SET answered = 2 WHERE key = 'k1';"
                                       "DELETE FROM audit WHERE outcome = 'replayed'",
                                       &counts);
    assert_int_equal(checker_findings(evidence), 1);
    evidence_killed(evidence, "server");
    checker_judge(evidence, NOW_MS, LEASE_MS);
    assert_int_equal(checker_findings(evidence), 0);
    evidence_free(evidence);
}

static void each_change_breaks_its_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct checker_counts counts;
        struct evidence *evidence = judged(changes[i].change, &counts);
        if (findings_of(evidence, changes[i].rule) == 0) {
            checker_print(evidence, 5, stderr);
            fail_msg("%s: not found: %s", changes[i].change, changes[i].rule);
        }
        assert_true(counts.lost + counts.duplicated + counts.lied_about + counts.undecided +
                        counts.out_of_step >
                    0);
        evidence_free(evidence);
    }
}

static void each_rule_is_broken_by_some_change(void **state)
{
    (void)state;
    for (size_t rule = 0; checker_rule(rule); rule++) {
        size_t i = 0;
        while (i < sizeof changes / sizeof *changes &&
               strcmp(changes[i].rule, checker_rule(rule)) != 0)
            i++;
        if (i == sizeof changes / sizeof *changes)
            fail_msg("nothing breaks: %s", checker_rule(rule));
    }
}

/* By joins that grow with the run, not with its square: else this takes hours. */
static void a_large_run_is_judged(void **state)
{
    (void)state;
    static const char many[] =
        "CREATE TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 20000) SELECT i FROM n;"
        "CREATE TABLE b AS SELECT json_object('a', '1', 'customer',"
        " json('{\"email\":\"a@b.example\"}')) AS body;"
        "INSERT INTO inputs SELECT 'c' || (i % 20), 'north', 'N-' || i, body FROM n, b;"
        "INSERT INTO told SELECT 'c' || (i % 20), 'N-' || i, 'created', 'inv_' || i, NULL FROM n;"
        "INSERT INTO intents SELECT 'c' || (i % 20), 'north', 'k' || i, 'N-' || i,"
        " body, fingerprint(body), 'created', 'inv_' || i, 1, 1 FROM n, b;"
        "INSERT INTO audit SELECT 'north', i, 'POST /v1/invoices', 'k' || i, 'created', 201,"
        " 'inv_' || i FROM n;"
        "INSERT INTO inputs SELECT 'r', 'north', 'R-' || i, '{}' FROM n;"
        "INSERT INTO told SELECT 'r', 'R-' || i, 'rejected', NULL, NULL FROM n;"
        "INSERT INTO intents SELECT 'r', 'north', 'r' || i, 'R-' || i, '{}', fingerprint('{}'),"
        " 'rejected', NULL, 1, 1 FROM n;"
        "INSERT INTO audit SELECT 'north', 20000 + i, 'POST /v1/invoices', 'r' || i,"
        " 'rejected_invalid', 422, NULL FROM n;"
        "INSERT INTO actors SELECT DISTINCT 'c' || (i % 20), 'c' FROM n;"
        "INSERT INTO records SELECT 'north', 'inv_' || i, 'invoice', 'N-' || i, 'number ' || i,"
        " 'open', json_object('id', 'inv_' || i, 'a', '1', 'created_by', 'c',"
        "  'customer', json('{\"id\":\"cus_1\",\"email\":\"a@b.example\"}')) FROM n;"
        "INSERT INTO records VALUES ('north', 'cus_1', 'customer', NULL, NULL, NULL,"
        " '{\"id\":\"cus_1\",\"email\":\"a@b.example\"}');"
        "INSERT INTO replies SELECT 'north', 'k' || substr(id, 5), 201, body FROM records"
        " WHERE kind = 'invoice';"
        "INSERT INTO inputs SELECT 'p', 'north', 'N-' || i, '{\"pay\":\"1\"}' FROM n;"
        "INSERT INTO told SELECT 'p', 'N-' || i, 'created', 'pay_' || i, NULL FROM n;"
        "INSERT INTO records SELECT 'north', 'pay_' || i, 'payment', 'N-' || i, 'event ' || i,"
        " NULL, '{\"pay\":\"1\",\"id\":\"pay_' || i || '\"}' FROM n;"
        "INSERT INTO audit SELECT 'north', 40000 + i, 'POST /v1/webhooks/{provider}', NULL,"
        " 'created', 200, 'pay_' || i FROM n;";
    struct evidence *evidence = evidence_new();
    run(evidence, many);
    struct checker_counts counts = checker_judge(evidence, NOW_MS, LEASE_MS);
    assert_int_equal(counts.acknowledged, 40000);
    assert_int_equal(findings_of(evidence, "totals add up"), 20000); /* there are none */
    assert_int_equal(checker_findings(evidence), 20000);
    evidence_free(evidence);
}

#define SUM(currency, lines, net, tax, gross)                                                      \
    "{\"currency\":\"" currency "\",\"lines\":[" lines "],\"totals\":{\"net\":\"" net              \
    "\",\"tax\":\"" tax "\",\"gross\":\"" gross "\"}}"
#define LINE(quantity, price, rate, net)                                                           \
    "{\"quantity\":\"" quantity "\",\"unit_price\":\"" price "\",\"tax_rate\":\"" rate             \
    "\",\"net\":\"" net "\"}"

static void sums_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *record;
        bool agrees;
    } table[] = {
        {SUM("EUR", LINE("1.5", "120.00", "21", "180.00"), "180.00", "37.80", "217.80"), true},
        {SUM("EUR", LINE("1.5", "120.00", "21", "180.00"), "180.00", "37.80", "217.8"), false},
        {SUM("EUR", LINE("1.5", "120.00", "21", "180.01"), "180.01", "37.80", "217.81"), false},
        {SUM("EUR", LINE("1", "0.005", "0", "0.01"), "0.01", "0.00", "0.01"), true}, /* half up */
        {SUM("EUR", LINE("-1", "0.005", "0", "-0.01"), "-0.01", "0.00", "-0.01"), true},
        {SUM("EUR", LINE("1", "0.0049", "0", "0.00"), "0.00", "0.00", "0.00"), true},
        {SUM("JPY", LINE("3", "33.5", "10", "101"), "101", "10", "111"), true},
        {SUM("KWD", LINE("1", "0.0005", "5", "0.001"), "0.001", "0.000", "0.001"), true},
        {SUM("EUR", LINE("1", "0.02", "21", "0.02") "," LINE("1", "0.02", "21.00", "0.02"), "0.04",
             "0.01", "0.05"),
         true}, /* one rate, rounded once */
        {SUM("EUR", LINE("1", "0.02", "21", "0.02") "," LINE("1", "0.02", "20", "0.02"), "0.04",
             "0.00", "0.04"),
         true}, /* two */
        {"{}", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct json *record = json_from(table[i].record);
        if (arithmetic_agrees(record) != table[i].agrees) fail_msg("%s", table[i].record);
        json_free(record);
    }
}

static void contents_are_compared(void **state)
{
    (void)state;
    static const struct {
        const char *body, *record;
        bool same;
    } table[] = {
        {"{\"a\":\"1\"}", "{\"id\":\"x\",\"a\":\"1\",\"b\":\"\"}", true},
        {"{\"a\":\"1\"}", "{\"id\":\"x\",\"a\":\"1\",\"b\":\"2\"}", false},
        {"{\"a\":\"1\"}", "{\"a\":\"1.0\"}", false},
        {"{\"a\":\"1\"}", "{\"b\":\"1\"}", false},
        {"{\"a\":\"\",\"idempotency_key\":\"k\"}", "{\"b\":\"\"}", true},
        {"{\"c\":{\"email\":\"Ann@X.example\"}}", "{\"c\":{\"email\":\"ann@x.example\"}}", true},
        {"{\"c\":{\"name\":\"Ann\"}}", "{\"c\":{\"name\":\"ann\"}}", false},
        {"{\"l\":[{\"q\":\"1\"}]}", "{\"l\":[{\"q\":\"1\",\"net\":\"1\"}]}", true},
        {"{\"l\":[{\"q\":\"1\"}]}", "{\"l\":[{\"q\":\"1\"},{\"q\":\"2\"}]}", false},
        {"{\"l\":[{\"q\":\"1\"}]}", "{\"l\":[{\"q\":\"2\"}]}", false},
        {"{\"l\":[{\"q\":\"1\"}]}", "{\"l\":[{\"q\":\"1\",\"tax_rate\":\"0\"}]}", true},
        {"{\"l\":[{\"q\":\"1\"}]}", "{\"l\":[{\"q\":\"1\",\"tax_rate\":\"7\"}]}", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct json *body = json_from(table[i].body), *record = json_from(table[i].record);
        if (content_is_of(body, record) != table[i].same)
            fail_msg("%s and %s", table[i].body, table[i].record);
        json_free(body);
        json_free(record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_where_all_is_well),
        cmocka_unit_test(copies_and_repeats_are_well),
        cmocka_unit_test(what_a_killed_server_answered_is_well),
        cmocka_unit_test(each_change_breaks_its_rule),
        cmocka_unit_test(each_rule_is_broken_by_some_change),
        cmocka_unit_test(a_large_run_is_judged),
        cmocka_unit_test(sums_are_judged),
        cmocka_unit_test(contents_are_compared),
    };
    return cmocka_run_group_tests_name("lab_rules", tests, NULL, NULL);
}
