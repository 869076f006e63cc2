#include "tests/lab/checker.h"

#include "tests/support/support.h"

#include <stdlib.h>

#define DEFINITE "('created', 'replayed', 'conflict', 'rejected')"
#define THERE    "('created', 'replayed')"

/* A replay is as good as what it replays. */
#define SAID  "iif(said = 'replayed', 'created', said)"
#define STATE "iif(state = 'replayed', 'created', state)"

/* Came by a create: legacy records are imported, duplicates and all; and what was merged since is
 * nobody's duplicate any more. */
#define OWN_ROW                                                                                    \
    " coalesce(records.status, '') <> 'merged' AND NOT EXISTS (SELECT 1 FROM audit"                \
    " WHERE audit.tenant = records.tenant AND audit.record = records.id"                           \
    " AND outcome = 'imported') "

/* As journals and people have it. */
#define CONFLICTS                                                                                  \
    " (SELECT client, subject, tenant, record, body FROM intents WHERE state = 'conflict' UNION"   \
    "  SELECT client, subject, tenant, record, body FROM told JOIN inputs USING (client, subject)" \
    "  WHERE said = 'conflict') AS one "

/* What `audit` may be a replay of. */
#define OF_KEY                                                                                     \
    "first.tenant = audit.tenant AND first.key = audit.key AND first.endpoint = audit.endpoint"    \
    " AND first.outcome IN ('created', 'rejected_conflict')"

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
    {"undecided", "who is told that it waits is told how it ended",
     "SELECT DISTINCT subject, client || ' was told no more than that it waits' FROM told"
     " WHERE said = 'unconfirmed' AND NOT EXISTS (SELECT 1 FROM told AS other"
     "  WHERE other.client = told.client AND other.subject = told.subject"
     "  AND other.said IN " DEFINITE ")"},
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
    {"lost", "what the audit tells of is there",
     "SELECT record, record || ' was ' || outcome || ', and is gone' FROM audit"
     " WHERE outcome IN ('created', 'imported') AND record IS NOT NULL AND NOT EXISTS"
     " (SELECT 1 FROM records WHERE records.tenant = audit.tenant AND id = record)"},
    {"lost", "what was merged, the audit tells of",
     "SELECT subject, id || ' is merged with another' FROM records WHERE status = 'merged'"
     " AND NOT EXISTS (SELECT 1 FROM audit WHERE audit.tenant = records.tenant AND record = id"
     "  AND outcome = 'merged')"},
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
     " AND NOT EXISTS (SELECT 1 FROM inputs AS meant WHERE meant.client = told.client"
     "  AND meant.subject = told.subject AND is_of(meant.body, records.body))"},
    {"lied_about", "what is told as created is told as it is",
     "SELECT DISTINCT told.subject, client || ' was told another content of ' || told.record"
     " FROM told JOIN inputs USING (client, subject) JOIN records"
     "  ON records.tenant = inputs.tenant AND id = told.record WHERE said IN " THERE
     " AND fingerprint IS NOT NULL AND fingerprint <> fingerprint(records.body)"},
    {"lied_about", "what is told of was meant",
     "SELECT DISTINCT subject, client || ' was told that it is ' || said FROM told"
     " WHERE NOT EXISTS (SELECT 1 FROM inputs WHERE inputs.client = told.client"
     "  AND inputs.subject = told.subject)"},
    {"lied_about", "an input is told of one outcome",
     "SELECT subject, client || ' was told of ' || group_concat(DISTINCT " SAID ") FROM told"
     " WHERE said IN " DEFINITE " GROUP BY client, subject"
     " HAVING count(DISTINCT " SAID ") > max(1, (SELECT count(*) FROM inputs"
     "  WHERE inputs.client = told.client AND inputs.subject = told.subject))"},
    {"lied_about", "what is told is what the journal says",
     "SELECT DISTINCT subject, client || ' was told that it is ' || said ||"
     "  coalesce(' (' || record || ')', '') FROM told WHERE said IN " DEFINITE
     " AND (EXISTS (SELECT 1 FROM intents WHERE intents.client = told.client"
     "   AND intents.subject = told.subject) OR said IN " THERE
     "  AND EXISTS (SELECT 1 FROM intents WHERE intents.client = told.client))"
     " AND NOT EXISTS (SELECT 1 FROM intents WHERE intents.client = told.client"
     "  AND intents.subject = told.subject AND " STATE " = " SAID
     "  AND (told.record IS NULL OR told.record = intents.record))"},
    {"lied_about", "a journal names what its key made",
     "SELECT subject, client || ' has ' || coalesce(record, 'no record') || ' by key ' || key"
     " FROM intents WHERE state IN " THERE " AND NOT EXISTS (SELECT 1 FROM audit"
     "  WHERE audit.tenant = intents.tenant AND audit.record = intents.record"
     "  AND outcome = 'created' AND coalesce(audit.key, intents.key) = intents.key)"},
    {"lied_about", "a replay is of what its key made",
     "SELECT (SELECT max(subject) FROM intents WHERE intents.tenant = audit.tenant"
     "  AND intents.key = audit.key), 'key ' || key || ' was answered with ' ||"
     "  coalesce(record, 'no record') FROM audit WHERE outcome = 'replayed'"
     " AND EXISTS (SELECT 1 FROM audit AS first WHERE " OF_KEY ")"
     " AND NOT EXISTS (SELECT 1 FROM audit AS first WHERE " OF_KEY
     "  AND first.record IS audit.record)"},
    {"lied_about", "all replies to a key are the same, byte for byte",
     "SELECT coalesce((SELECT max(subject) FROM intents WHERE intents.tenant = replies.tenant"
     "  AND intents.key = replies.key), key), count(*) || ' replies to key ' || key FROM replies"
     " GROUP BY tenant, key HAVING count(*) > 1"},
    {"lied_about", "a reply is the record",
     "SELECT coalesce((SELECT max(subject) FROM intents WHERE intents.tenant = replies.tenant"
     "  AND intents.key = replies.key), key),"
     "  'what was answered to key ' || key || ' is nowhere'"
     " FROM replies WHERE NOT EXISTS (SELECT 1 FROM records WHERE records.tenant = replies.tenant"
     "  AND id = json_extract(replies.body, '$.id') AND is_of(replies.body, records.body))"},
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
     " FROM" CONFLICTS " WHERE NOT EXISTS (SELECT 1 FROM records WHERE records.tenant = one.tenant"
     "  AND id = one.record)"
     " OR EXISTS (SELECT 1 FROM audit JOIN intents USING (tenant, key)"
     "  WHERE audit.tenant = one.tenant AND audit.record = one.record AND outcome = 'created'"
     "  AND intents.client = one.client AND intents.subject = one.subject)"},
    {"lied_about", "a conflict is what the server answered",
     "SELECT subject, client || ' is told of a conflict with ' || record FROM intents"
     " WHERE state = 'conflict' AND NOT EXISTS (SELECT 1 FROM audit"
     "  WHERE audit.tenant = intents.tenant AND audit.key = intents.key"
     "  AND outcome IN ('rejected_conflict', 'replayed') AND audit.record = intents.record)"},
    {"lied_about", "a conflict is with what must be unique",
     "SELECT one.subject, client || ' is told of a conflict with ' || record FROM" CONFLICTS
     "JOIN records ON records.tenant = one.tenant AND id = record"
     " WHERE rule IS NOT 'number ' || substr(json_extract(one.body, '$.issue_date'), 1, 4) ||"
     "  ' ' || compared(json_extract(one.body, '$.number'))"
     " AND NOT coalesce(json_extract(one.body, '$.external_ref') ="
     "  json_extract(records.body, '$.external_ref'), false)"},
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
    {"lost", "an invoice's customer is there",
     "SELECT subject, id || ' names ' || coalesce(json_extract(body, '$.customer.id'), 'none')"
     " FROM records WHERE kind = 'invoice' AND NOT EXISTS (SELECT 1 FROM records AS customer"
     "  WHERE customer.tenant = records.tenant AND customer.kind = 'customer'"
     "  AND customer.id = json_extract(records.body, '$.customer.id')"
     "  AND lower(json_extract(customer.body, '$.email')) ="
     "   lower(json_extract(records.body, '$.customer.email')))"},
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
     "SELECT DISTINCT record, event_id || ' told of it' FROM events WHERE NOT EXISTS"
     " (SELECT 1 FROM records WHERE records.tenant = events.tenant AND id = events.record"
     "  AND fingerprint(body) = events.fingerprint)"},
    {"out_of_step", "a journal's fingerprint is its body's",
     "SELECT subject, client || ' has another one under key ' || key FROM intents"
     " WHERE fingerprint IS NOT fingerprint(body)"},
    {"out_of_step", "a key has one body",
     "SELECT max(subject), count(DISTINCT fingerprint) || ' bodies were taken under key ' || key"
     " FROM intents WHERE state IN " THERE " GROUP BY tenant, key"
     " HAVING count(DISTINCT fingerprint) > 1"},
    {"out_of_step", "no row is without an intent",
     "SELECT subject, id || ' is nobody''s' FROM records WHERE kind = 'invoice' AND" OWN_ROW
     "AND NOT EXISTS (SELECT 1 FROM audit JOIN intents USING (tenant, key)"
     "  WHERE audit.tenant = records.tenant AND audit.record = records.id"
     "  AND outcome = 'created')"},
    {"out_of_step", "no payment is without an event that says the same",
     "SELECT coalesce(subject, id), id || ' is nobody''s' FROM records WHERE kind = 'payment'"
     " AND (NOT EXISTS (SELECT 1 FROM inputs WHERE inputs.tenant = records.tenant"
     "  AND inputs.subject = records.subject AND is_of(inputs.body, records.body))"
     " OR NOT EXISTS (SELECT 1 FROM audit WHERE audit.tenant = records.tenant AND record = id"
     "  AND outcome = 'created'))"},
    {"out_of_step", "what is written down is what was meant",
     "SELECT subject, client || ' has another body under key ' || key FROM intents"
     " WHERE state NOT IN " THERE " AND NOT EXISTS (SELECT 1 FROM inputs"
     "  WHERE inputs.client = intents.client AND inputs.subject = intents.subject"
     "  AND is_of(inputs.body, intents.body))"},
    /* Beside min, SQLite gives what stands in the same row. */
    {"out_of_step", "a customer has the name of its first invoice",
     "SELECT customer, customer || ' has another one than ' || invoice FROM"
     " (SELECT tenant, json_extract(body, '$.customer.id') AS customer, id AS invoice,"
     "   json_extract(body, '$.customer.name') AS name, min(CAST(substr(id, 5) AS INTEGER))"
     "   FROM records WHERE kind = 'invoice' GROUP BY tenant, customer) AS first"
     " JOIN records ON records.tenant = first.tenant AND id = customer"
     " WHERE json_extract(body, '$.name') IS NOT name"},
    {"out_of_step", "a record has its own id",
     "SELECT coalesce(subject, id), id || ' says that it is ' ||"
     "  coalesce(json_extract(body, '$.id'), 'none') FROM records"
     " WHERE json_extract(body, '$.id') IS NOT id"},
    {"out_of_step", "a record was created by who meant it",
     "SELECT records.subject, id || ' was created by ' ||"
     "  coalesce(json_extract(records.body, '$.created_by'), 'nobody') FROM records"
     " JOIN audit ON audit.tenant = records.tenant AND audit.record = id AND outcome = 'created'"
     " JOIN intents ON intents.tenant = audit.tenant AND intents.key = audit.key"
     " GROUP BY records.rowid HAVING NOT max(EXISTS (SELECT 1 FROM actors"
     "  WHERE actors.client = intents.client"
     "  AND actor = json_extract(records.body, '$.created_by')))"},
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
