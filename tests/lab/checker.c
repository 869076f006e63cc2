#include "tests/lab/checker.h"

#include "tests/support/support.h"

#include <stdlib.h>

#define DEFINITE "('created', 'replayed', 'conflict', 'rejected')"
#define THERE    "('created', 'replayed')"

/* Came by a create: legacy records are imported, duplicates and all; and what was merged since is
 * nobody's duplicate any more. */
#define OWN_ROW                                                                                    \
    " coalesce(records.status, '') <> 'merged' AND NOT EXISTS (SELECT 1 FROM audit"                \
    " WHERE audit.tenant = records.tenant AND audit.record = records.id"                           \
    " AND outcome NOT IN ('created', 'replayed', 'failed') AND outcome NOT LIKE 'rejected%') "

/* A rule: what is broken is a row of subject and detail. */
static const struct rule {
    const char *sort, *name, *query;
} rules[] = {
    {"undecided", "an input ends in one definite outcome",
     "SELECT subject, client || ' heard nothing definite' FROM inputs WHERE NOT EXISTS"
     " (SELECT 1 FROM told WHERE told.client = inputs.client AND told.subject = inputs.subject"
     "  AND said IN " DEFINITE ")"
     " AND NOT EXISTS (SELECT 1 FROM intents WHERE intents.client = inputs.client"
     "  AND intents.subject = inputs.subject AND state IN " DEFINITE ")"},
    {"undecided", "no outbox is left full once faults stop",
     "SELECT subject, client || ' has key ' || key || ' ' || state FROM intents"
     " WHERE state NOT IN " DEFINITE},
    {"undecided", "no delivery is left once faults stop",
     "SELECT (SELECT subject FROM records WHERE records.tenant = deliveries.tenant"
     "  AND id = record), record || ' was not delivered: ' || coalesce(trouble, 'not tried')"
     " FROM deliveries"},
    {"lost", "each create is told of by an event",
     "SELECT subject, id || ' was told of by none' FROM records"
     " WHERE EXISTS (SELECT 1 FROM events) AND kind = 'invoice' AND" OWN_ROW
     "AND NOT EXISTS (SELECT 1 FROM events WHERE events.tenant = records.tenant"
     "  AND events.record = records.id)"},
    {"lost", "what was acknowledged is there",
     "SELECT subject, client || ' has ' || coalesce(record, 'no record') || ' as created by key '"
     " || key FROM intents WHERE state IN " THERE " AND NOT EXISTS (SELECT 1 FROM records"
     "  WHERE records.tenant = intents.tenant AND id = intents.record)"},
    {"lost", "what was told as created is there",
     "SELECT told.subject, told.client || ' was told of ' || coalesce(told.record, 'no record')"
     " FROM told JOIN inputs USING (client, subject) WHERE said IN " THERE
     " AND NOT EXISTS (SELECT 1 FROM records WHERE records.tenant = inputs.tenant"
     "  AND id = told.record)"},
    {"lost", "created is one row with exactly that content",
     "SELECT intents.subject, intents.record || ' is not what ' || intents.client || ' sent'"
     " FROM intents JOIN records ON records.tenant = intents.tenant AND id = intents.record"
     " WHERE state IN " THERE " AND kind = 'invoice' AND NOT is_of(intents.body, records.body)"},
    {"lied_about", "what is told as created is what was meant",
     "SELECT told.subject, told.record || ' is not what ' || client || ' meant' FROM told"
     " JOIN inputs USING (client, subject) JOIN records ON records.tenant = inputs.tenant"
     "  AND id = told.record WHERE said IN " THERE
     " AND kind = 'invoice' AND NOT is_of(inputs.body, records.body)"},
    {"lied_about", "who is told that it is created has one of it",
     "SELECT told.subject, client || ' was told of one, and there are ' ||"
     "  count(DISTINCT records.id) FROM told"
     " JOIN inputs USING (client, subject) JOIN records ON records.tenant = inputs.tenant"
     "  AND records.subject = inputs.subject AND kind = (SELECT kind FROM records AS named"
     "   WHERE named.tenant = inputs.tenant AND named.id = told.record)"
     " WHERE said IN " THERE " AND" OWN_ROW " GROUP BY told.rowid"
     " HAVING count(DISTINCT records.id) > 1"},
    {"lied_about", "a conflict is with another intent, which exists",
     "SELECT subject, client || ' is told of a conflict with ' || coalesce(record, 'nothing')"
     " FROM (SELECT client, subject, tenant, record FROM intents WHERE state = 'conflict' UNION"
     "  SELECT client, subject, tenant, record FROM told JOIN inputs USING (client, subject)"
     "  WHERE said = 'conflict') AS one"
     " WHERE NOT EXISTS (SELECT 1 FROM records WHERE records.tenant = one.tenant"
     "  AND id = one.record)"
     " OR EXISTS (SELECT 1 FROM audit JOIN intents USING (tenant, key)"
     "  WHERE audit.tenant = one.tenant AND audit.record = one.record AND outcome = 'created'"
     "  AND intents.client = one.client AND intents.subject = one.subject)"},
    {"lied_about", "what was rejected isn't there",
     "SELECT subject, client || ' is told that key ' || key || ' was rejected' FROM intents"
     " WHERE state = 'rejected' AND EXISTS (SELECT 1 FROM audit WHERE audit.tenant ="
     "  intents.tenant AND audit.key = intents.key AND outcome = 'created')"
     " AND 1 = (SELECT count(DISTINCT fingerprint) FROM intents AS other"
     "  WHERE other.tenant = intents.tenant AND other.key = intents.key)"},
    {"lied_about", "exit codes are true",
     "SELECT coalesce(worst, ''), client || ' ended with ' || code FROM exits WHERE code <>"
     " CASE worst WHEN 'conflict' THEN 3 WHEN 'rejected' THEN 4 WHEN 'unconfirmed' THEN 5 ELSE 0"
     " END"},
    {"duplicated", "no two rows are under a unique rule",
     "SELECT subject, count(*) || ' rows of ' || rule FROM records"
     " WHERE" OWN_ROW "AND rule IS NOT NULL GROUP BY tenant, rule HAVING count(*) > 1"},
    {"duplicated", "a key makes one row",
     "SELECT max((SELECT subject FROM records WHERE records.tenant = audit.tenant"
     "  AND id = record)), count(DISTINCT record) || ' rows by key ' || key FROM audit"
     " WHERE outcome = 'created' AND key IS NOT NULL GROUP BY tenant, endpoint, key"
     " HAVING count(DISTINCT record) > 1"},
    {"duplicated", "a create has one event",
     "SELECT record, count(DISTINCT event_id) || ' events told of it' FROM events"
     " GROUP BY tenant, record HAVING count(DISTINCT event_id) > 1"},
    {"duplicated", "an intent has one key",
     "SELECT subject, client || ' used ' || count(DISTINCT key) || ' keys for ' ||"
     "  (SELECT count(*) FROM inputs WHERE inputs.client = intents.client"
     "   AND inputs.subject = intents.subject) FROM intents GROUP BY client, subject"
     " HAVING count(DISTINCT key) > (SELECT count(*) FROM inputs"
     "  WHERE inputs.client = intents.client AND inputs.subject = intents.subject)"},
    {"lied_about", "an event tells of what is there",
     "SELECT record, event_id || ' told of it' FROM events WHERE NOT EXISTS (SELECT 1 FROM records"
     " WHERE records.tenant = events.tenant AND id = events.record)"},
    {"out_of_step", "a key has one body",
     "SELECT max(subject), count(DISTINCT fingerprint) || ' bodies were taken under key ' || key"
     " FROM intents WHERE state IN " THERE " GROUP BY tenant, key"
     " HAVING count(DISTINCT fingerprint) > 1"},
    {"out_of_step", "no row is without an intent",
     "SELECT subject, id || ' is nobody''s' FROM records WHERE kind = 'invoice' AND" OWN_ROW
     "AND NOT EXISTS (SELECT 1 FROM audit JOIN intents USING (tenant, key)"
     "  WHERE audit.tenant = records.tenant AND audit.record = records.id"
     "  AND outcome = 'created')"},
    {"out_of_step", "attempts on the wire are what the client says",
     "SELECT subject, 'of key ' || key || ' ' || audited || ' were seen, ' || sent ||"
     "  ' sent, ' || answered || ' answered and ' || copies || ' copied' FROM"
     " (SELECT tenant, key, max(subject) AS subject, sum(sent) AS sent,"
     "   sum(answered) AS answered, (SELECT count(*) FROM audit WHERE audit.tenant ="
     "   intents.tenant AND audit.key = intents.key) AS audited,"
     "   (SELECT coalesce(sum(copies), 0) FROM seen WHERE seen.tenant = intents.tenant"
     "   AND seen.key = intents.key) AS copies,"
     "   (SELECT coalesce(sum(kept), 0) FROM seen WHERE seen.tenant = intents.tenant"
     "   AND seen.key = intents.key) AS kept,"
     "   (SELECT count(*) FROM seen WHERE seen.tenant = intents.tenant"
     "   AND seen.key = intents.key) AS passed,"
     "   max(state NOT IN ('rejected')) AS is_carried_out FROM intents GROUP BY tenant, key)"
     " WHERE audited > sent + copies OR passed > sent OR audited < CASE"
     "  WHEN EXISTS (SELECT 1 FROM kills) THEN min(answered, is_carried_out)"
     "  ELSE answered END - kept"},
    {"out_of_step", "what is sent under a key is what was written down",
     "SELECT key, 'key ' || key || ' came with a body of no journal' FROM seen"
     " WHERE NOT EXISTS (SELECT 1 FROM intents WHERE intents.tenant = seen.tenant"
     "  AND intents.key = seen.key AND intents.fingerprint = seen.fingerprint)"},
    {"out_of_step", "nothing is sent that no journal has",
     "SELECT DISTINCT key, 'key ' || key || ' is in no journal' FROM audit"
     " WHERE key IS NOT NULL AND endpoint LIKE '%/invoices'"
     " AND outcome IN ('created', 'replayed', 'rejected_conflict', 'rejected_in_progress')"
     " AND NOT EXISTS (SELECT 1 FROM intents WHERE intents.tenant = audit.tenant"
     "  AND intents.key = audit.key)"},
    {"out_of_step", "nothing is in progress past its lease",
     "SELECT key, 'until ' || lease_until FROM in_progress"
     " WHERE lease_until < :now OR lease_until > :now + :lease"},
    {"out_of_step", "totals add up",
     "SELECT subject, id || ' doesn''t' FROM records WHERE kind = 'invoice'"
     " AND coalesce(status, '') <> 'merged' AND NOT adds_up(body)"},
};

#define RULES (sizeof rules / sizeof *rules)

const char *checker_rule(size_t index)
{
    return index < RULES ? rules[index].name : NULL;
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        support_die("the checker: %s: %s", sql, sqlite3_errmsg(database));
    return statement;
}

static void bind_number(sqlite3_stmt *statement, const char *name, long long number)
{
    int index = sqlite3_bind_parameter_index(statement, name);
    if (index > 0) sqlite3_bind_int64(statement, index, number);
}

static void run(sqlite3 *database, sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE)
        support_die("the checker: %s", sqlite3_errmsg(database));
    sqlite3_finalize(statement);
}

static void apply(sqlite3 *database, const struct rule *rule, long long now_ms, long long lease_ms)
{
    char *sql =
        support_format("INSERT INTO findings SELECT :sort, :name, * FROM (%s)", rule->query);
    sqlite3_stmt *statement = prepare(database, sql);
    sqlite3_bind_text(statement, sqlite3_bind_parameter_index(statement, ":sort"), rule->sort, -1,
                      SQLITE_STATIC);
    sqlite3_bind_text(statement, sqlite3_bind_parameter_index(statement, ":name"), rule->name, -1,
                      SQLITE_STATIC);
    bind_number(statement, ":now", now_ms);
    bind_number(statement, ":lease", lease_ms);
    run(database, statement);
    free(sql);
}

/* --- how many --- */

#define OF_INPUT                                                                                   \
    " FROM intents WHERE intents.client = inputs.client AND intents.subject = inputs.subject"
#define INPUTS_WITH(condition)                                                                     \
    "SELECT count(*) FROM inputs WHERE EXISTS (SELECT 1" OF_INPUT " AND " condition ")"
#define FINDINGS_OF(sort) "SELECT count(*) FROM findings WHERE sort = '" sort "'"

static struct checker_counts count(const struct evidence *evidence)
{
    return (struct checker_counts){
        .attempted = evidence_number(evidence, INPUTS_WITH("sent > 0")),
        .acknowledged = evidence_number(evidence, INPUTS_WITH("state IN " DEFINITE)),
        .unknown = evidence_number(evidence, INPUTS_WITH("sent > answered")),
        .recovered =
            evidence_number(evidence, INPUTS_WITH("sent > answered AND state IN " DEFINITE)),
        .lost = evidence_number(evidence, FINDINGS_OF("lost")),
        .duplicated = evidence_number(evidence, FINDINGS_OF("duplicated")),
        .lied_about = evidence_number(evidence, FINDINGS_OF("lied_about")),
        .undecided = evidence_number(evidence, FINDINGS_OF("undecided")),
        .out_of_step = evidence_number(evidence, FINDINGS_OF("out_of_step")),
    };
}

struct checker_counts checker_judge(struct evidence *evidence, long long now_ms, long long lease_ms)
{
    sqlite3 *database = evidence_database(evidence);
    run(database, prepare(database, "PRAGMA cache_size = -1000000")); /* KiB: nothing starts now */
    run(database, prepare(database, "CREATE TABLE IF NOT EXISTS findings (sort, rule, subject, "
                                    "detail)"));
    run(database, prepare(database, "DELETE FROM findings"));
    /* Without knowing the rows, SQLite joins by the wrong index, and a large run is never judged.
     */
    run(database, prepare(database, "ANALYZE"));
    for (size_t i = 0; i < RULES; i++)
        apply(database, &rules[i], now_ms, lease_ms);
    return count(evidence);
}

long long checker_findings(const struct evidence *evidence)
{
    return evidence_number(evidence, "SELECT count(*) FROM findings");
}

void checker_print(const struct evidence *evidence, int most, FILE *file)
{
    sqlite3_stmt *statement =
        prepare(evidence_database(evidence),
                "SELECT sort, rule, subject, detail FROM (SELECT *, row_number() OVER"
                " (PARTITION BY rule) AS place FROM findings) WHERE place <= ?");
    sqlite3_bind_int(statement, 1, most);
    while (sqlite3_step(statement) == SQLITE_ROW)
        fprintf(file, "%s: %s: %s: %s\n", (const char *)sqlite3_column_text(statement, 0),
                (const char *)sqlite3_column_text(statement, 1),
                (const char *)sqlite3_column_text(statement, 2),
                (const char *)sqlite3_column_text(statement, 3));
    sqlite3_finalize(statement);
}
