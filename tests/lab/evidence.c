#include "tests/lab/evidence.h"

#include "protocol/wire/fingerprint.h"
#include "protocol/wire/text.h"
#include "tests/lab/arithmetic.h"
#include "tests/lab/content.h"
#include "tests/support/http.h"
#include "tests/support/rows.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AUDIT_PAGE "1000" /* the most that a server gives */
#define PAGE       "20000"

/* An audit entry's and a record's subject is its number, or the invoice's that is paid. What is
 * unique about a record is `rule`: no two open ones may have the same. */
static const char SCHEMA[] =
    "PRAGMA journal_mode = OFF; PRAGMA cache_size = -16000;" /* KiB */
    "CREATE TABLE inputs (client, tenant, subject, body);"
    "CREATE TABLE actors (client, actor);"
    "CREATE TABLE told (client, subject, said, record, fingerprint);"
    "CREATE TABLE exits (client, code INTEGER, worst);"
    "CREATE TABLE intents (client, tenant, key, subject, body, fingerprint, state, record,"
    "                      sent INTEGER, answered INTEGER);"
    "CREATE TABLE audit (tenant, seq INTEGER, endpoint, key, outcome, status INTEGER, record);"
    "CREATE TABLE records (tenant, id, kind, subject, rule, status, body);"
    "CREATE TABLE replies (tenant, key, status INTEGER, body,"
    "                      UNIQUE (tenant, key, status, body) ON CONFLICT IGNORE);"
    "CREATE TABLE in_progress (tenant, endpoint, key, lease_until INTEGER);"
    "CREATE TABLE deliveries (tenant, record, trouble);"
    "CREATE TABLE seen (tenant, key, fingerprint, copies INTEGER, kept INTEGER);"
    "CREATE TABLE kills (server);"
    "CREATE TABLE events (tenant, record, event_id, fingerprint);"
    "CREATE INDEX inputs_subject ON inputs (client, subject);"
    "CREATE INDEX inputs_tenant ON inputs (tenant, subject);"
    "CREATE INDEX actors_client ON actors (client);"
    "CREATE INDEX told_subject ON told (client, subject);"
    "CREATE INDEX intents_key ON intents (tenant, key);"
    "CREATE INDEX intents_subject ON intents (client, subject);"
    "CREATE INDEX audit_key ON audit (tenant, key);"
    "CREATE INDEX audit_record ON audit (tenant, record);"
    "CREATE INDEX records_id ON records (tenant, id);"
    "CREATE INDEX records_subject ON records (tenant, subject);"
    "CREATE INDEX records_rule ON records (tenant, rule);"
    "CREATE INDEX seen_key ON seen (tenant, key);"
    "CREATE INDEX events_record ON events (tenant, record);"
    "BEGIN"; /* for good: each commit would look through all pages in memory */

enum table {
    INPUTS,
    ACTORS,
    TOLD,
    EXITS,
    INTENTS,
    AUDIT,
    RECORDS,
    REPLIES,
    IN_PROGRESS,
    DELIVERIES,
    SEEN,
    EVENTS,
    KILLS,
    TABLES
};

static const struct {
    const char *name;
    int columns;
} tables[TABLES] = {{"inputs", 4},      {"actors", 2},     {"told", 5},    {"exits", 3},
                    {"intents", 10},    {"audit", 7},      {"records", 7}, {"replies", 4},
                    {"in_progress", 4}, {"deliveries", 3}, {"seen", 5},    {"events", 4},
                    {"kills", 1}};

struct evidence {
    sqlite3 *database;
    sqlite3_stmt *inserts[TABLES];
};

static void check(const struct evidence *evidence, bool good)
{
    if (!good) support_die("the evidence: %s", sqlite3_errmsg(evidence->database));
}

/* --- what queries ask for, beside what SQLite knows --- */

static struct json *json_argument(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    return text ? json_read(text, strlen(text)) : NULL;
}

/* is_of(body, record) */
static void is_of(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct json *body = json_argument(values[0]), *record = json_argument(values[1]);
    sqlite3_result_int(context, content_is_of(body, record));
    json_free(body);
    json_free(record);
}

/* adds_up(record) */
static void adds_up(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct json *record = json_argument(values[0]);
    sqlite3_result_int(context, arithmetic_agrees(record));
    json_free(record);
}

/* fingerprint(body); NULL of what is none. */
static void fingerprint(sqlite3_context *context, int count, sqlite3_value **values)
{
    char text[FINGERPRINT_TEXT_SIZE];
    (void)count;
    struct json *body = json_argument(values[0]);
    if (body && fingerprint_of(body, text))
        sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
    json_free(body);
}

/* compared(number): as RULES.md section 2 has it. */
static void compared(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const char *text = (const char *)sqlite3_value_text(values[0]);
    char *folded = text ? text_fold(text) : NULL;
    sqlite3_result_text(context, folded ? folded : "", -1, SQLITE_TRANSIENT);
    free(folded);
}

static bool add_function(sqlite3 *database, const char *name, int count,
                         void (*function)(sqlite3_context *, int, sqlite3_value **))
{
    return sqlite3_create_function_v2(database, name, count, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                      NULL, function, NULL, NULL, NULL) == SQLITE_OK;
}

/* --- the database --- */

static void prepare_insert(struct evidence *evidence, enum table table)
{
    char sql[160];
    int length = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", tables[table].name);
    for (int i = 1; i < tables[table].columns; i++)
        length += snprintf(sql + length, sizeof sql - (size_t)length, ",?");
    snprintf(sql + length, sizeof sql - (size_t)length, ")");
    check(evidence, sqlite3_prepare_v2(evidence->database, sql, -1, &evidence->inserts[table],
                                       NULL) == SQLITE_OK);
}

struct evidence *evidence_new(void)
{
    struct evidence *evidence = calloc(1, sizeof *evidence);
    if (!evidence) support_die("out of memory");
    /* "": on disk as far as memory doesn't hold it, and gone with the connection. */
    bool opened = sqlite3_open("", &evidence->database) == SQLITE_OK;
    check(evidence, opened && add_function(evidence->database, "is_of", 2, is_of) &&
                        add_function(evidence->database, "adds_up", 1, adds_up) &&
                        add_function(evidence->database, "fingerprint", 1, fingerprint) &&
                        add_function(evidence->database, "compared", 1, compared) &&
                        sqlite3_exec(evidence->database, SCHEMA, NULL, NULL, NULL) == SQLITE_OK);
    for (int i = 0; i < TABLES; i++)
        prepare_insert(evidence, (enum table)i);
    return evidence;
}

void evidence_free(struct evidence *evidence)
{
    if (!evidence) return;
    for (int i = 0; i < TABLES; i++)
        sqlite3_finalize(evidence->inserts[i]);
    sqlite3_close(evidence->database);
    free(evidence);
}

sqlite3 *evidence_database(const struct evidence *evidence)
{
    return evidence->database;
}

long long evidence_number(const struct evidence *evidence, const char *query)
{
    sqlite3_stmt *statement;
    check(evidence,
          sqlite3_prepare_v2(evidence->database, query, -1, &statement, NULL) == SQLITE_OK);
    check(evidence, sqlite3_step(statement) == SQLITE_ROW);
    long long number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* The members of a row are the table's columns, in their order. */
static void put(struct evidence *evidence, enum table table, const struct json *row)
{
    sqlite3_stmt *insert = evidence->inserts[table];
    int column = 0;
    for (const struct json *member = json_first(row); member; member = json_next(member)) {
        const char *text = json_string(member);
        if (text)
            sqlite3_bind_text(insert, ++column, text, -1, SQLITE_STATIC);
        else if (json_kind(member) == JSON_NUMBER)
            sqlite3_bind_int64(insert, ++column, json_integer(member, 0));
        else
            sqlite3_bind_null(insert, ++column);
    }
    check(evidence, column == tables[table].columns && sqlite3_step(insert) == SQLITE_DONE);
    sqlite3_reset(insert);
}

static void put_and_free(struct evidence *evidence, enum table table, struct json *row)
{
    if (!row) support_die("out of memory");
    put(evidence, table, row);
    json_free(row);
}

/* --- what the lab itself knows --- */

void evidence_meant(struct evidence *evidence, const char *client, const char *tenant,
                    const char *subject, const char *body)
{
    put_and_free(
        evidence, INPUTS,
        json_new_texts("client", client, "tenant", tenant, "subject", subject, "body", body, NULL));
}

void evidence_meant_payment(struct evidence *evidence, const char *client, const char *tenant,
                            const char *subject, const char *event)
{
    struct json *payment = json_read(event, strlen(event));
    json_remove(payment, "type");
    char *body = json_write(json_with(payment, "provider", json_new_string("bank")));
    if (!body) support_die("no payment: %s", event);
    evidence_meant(evidence, client, tenant, subject, body);
    free(body);
    json_free(payment);
}

void evidence_acts(struct evidence *evidence, const char *client, const char *actor)
{
    put_and_free(evidence, ACTORS, json_new_texts("client", client, "actor", actor, NULL));
}

void evidence_replied(struct evidence *evidence, const struct evidence_reply *reply)
{
    struct json *row = json_new_texts("tenant", reply->tenant, "key", reply->key, NULL);
    row = json_with(row, "status", json_new_integer(reply->status));
    put_and_free(evidence, REPLIES, json_with(row, "body", json_new_string(reply->body)));
}

void evidence_told(struct evidence *evidence, const struct evidence_telling *telling)
{
    char shown[FINGERPRINT_TEXT_SIZE];
    if (telling->shown && !fingerprint_of(telling->shown, shown)) support_die("no fingerprint");
    put_and_free(evidence, TOLD,
                 json_new_texts("client", telling->client, "subject", telling->subject, "said",
                                telling->said, "record", telling->record, "fingerprint",
                                telling->shown ? shown : NULL, NULL));
}

void evidence_exit(struct evidence *evidence, const char *client, int code, const char *worst)
{
    struct json *row = json_new_texts("client", client, NULL);
    row = json_with(row, "code", json_new_integer(code));
    put_and_free(evidence, EXITS, json_with(row, "worst", json_new_string(worst)));
}

static void take_fingerprint(const char *text, char fingerprint[FINGERPRINT_TEXT_SIZE])
{
    struct json *body = json_read(text, strlen(text));
    if (!body || !fingerprint_of(body, fingerprint)) support_die("no fingerprint");
    json_free(body);
}

void evidence_seen(struct evidence *evidence, const struct evidence_passage *passage)
{
    char fingerprint[FINGERPRINT_TEXT_SIZE];
    take_fingerprint(passage->body, fingerprint);
    struct json *row = json_new_texts("tenant", passage->tenant, "key", passage->key, "fingerprint",
                                      fingerprint, NULL);
    row = json_with(row, "copies", json_new_integer(passage->copies));
    put_and_free(evidence, SEEN, json_with(row, "kept", json_new_integer(passage->is_kept)));
}

void evidence_event(struct evidence *evidence, const struct evidence_event *event)
{
    char text[FINGERPRINT_TEXT_SIZE];
    if (!fingerprint_of(event->data, text)) support_die("no fingerprint");
    put_and_free(evidence, EVENTS,
                 json_new_texts("tenant", event->tenant, "record", json_text(event->data, "id"),
                                "event_id", event->event_id, "fingerprint", text, NULL));
}

void evidence_killed(struct evidence *evidence, const char *server)
{
    put_and_free(evidence, KILLS, json_new_texts("server", server, NULL));
}

void evidence_sent(struct evidence *evidence, const struct evidence_sending *sending)
{
    char fingerprint[FINGERPRINT_TEXT_SIZE];
    take_fingerprint(sending->body, fingerprint);
    struct json *row =
        json_new_texts("client", sending->client, "tenant", sending->tenant, "key", sending->key,
                       "subject", sending->subject, "body", sending->body, "fingerprint",
                       fingerprint, "state", sending->state, "record", sending->record, NULL);
    row = json_with(row, "sent", json_new_integer(sending->sent));
    put_and_free(evidence, INTENTS,
                 json_with(row, "answered", json_new_integer(sending->answered)));
}

/* --- what others wrote down --- */

/* All rows of a query in pages: its last column, which isn't kept, is where the next page goes on;
 * its last parameter, behind one or two texts, where this one begins. */
static void take_pages(struct evidence *evidence, enum table table, const char *place,
                       const char *query, const char *first, const char *second)
{
    char from[32] = "0";
    size_t count;
    do {
        const char *const texts[] = {first, second ? second : from, second ? from : NULL, NULL};
        struct json *page = rows_read(place, query, texts);
        count = json_count(page);
        for (struct json *row = json_first(page); row; row = json_next(row)) {
            snprintf(from, sizeof from, "%lld",
                     (long long)json_integer(json_member(row, "page"), 0));
            json_remove(row, "page");
            put(evidence, table, row);
        }
        json_free(page);
    } while (count > 0);
}

void evidence_take_journal(struct evidence *evidence, const char *client, const char *tenant,
                           const char *path)
{
    /* An account that was named is "SERVER TENANT". */
    static const char query[] =
        "SELECT ?1 AS client, iif(instr(account, ' '), substr(account, instr(account, ' ') + 1), "
        "?2)"
        "  AS tenant, key, name AS subject, body, fingerprint, state,"
        "  coalesce(json_extract(result, '$.id'), json_extract(result, '$.existing.id')) AS record,"
        "  (SELECT count(*) FROM attempts WHERE intent = intents.id AND fate IS NOT 'not sent')"
        "  AS sent,"
        "  (SELECT count(*) FROM attempts WHERE intent = intents.id AND fate = 'whole'"
        "   AND http_status <> 401) AS answered,"
        "  id AS page FROM intents WHERE id > CAST(?3 AS INTEGER) ORDER BY id LIMIT " PAGE;
    take_pages(evidence, INTENTS, path, query, client, tenant);
}

static struct json *audit_row(const struct json *entry, const char *tenant)
{
    struct json *row = json_new_texts("tenant", tenant, NULL);
    row = json_with(row, "seq", json_new_integer(json_integer(json_member(entry, "seq"), 0)));
    row = json_with(row, "endpoint", json_new_string(json_text(entry, "endpoint")));
    row = json_with(row, "key", json_new_string(json_text(entry, "key")));
    row = json_with(row, "outcome", json_new_string(json_text(entry, "outcome")));
    row = json_with(row, "status", json_new_integer(json_integer(json_member(entry, "status"), 0)));
    return json_with(row, "record", json_new_string(json_text(entry, "record_id")));
}

void evidence_take_audit(struct evidence *evidence, const char *url, const char *token,
                         const char *tenant)
{
    long long after = 0;
    size_t count;
    do {
        char *page_url = support_format("%s/v1/audit?limit=" AUDIT_PAGE "&after=%lld", url, after);
        struct http_reply reply =
            http_send(&(struct http_request){.url = page_url, .token = token});
        free(page_url);
        if (reply.status != 200) support_die("no audit from %s: %d", url, reply.status);
        const struct json *data = json_member(reply.json, "data");
        count = json_count(data);
        for (const struct json *entry = json_first(data); entry; entry = json_next(entry)) {
            long long seq = json_integer(json_member(entry, "seq"), 0);
            if (seq <= after) support_die("the audit of %s doesn't go on after %lld", url, after);
            after = seq;
            put_and_free(evidence, AUDIT, audit_row(entry, tenant));
        }
        http_reply_clear(&reply);
    } while (count > 0);
}

/* Both kinds of store take these words. */
static void take_records(struct evidence *evidence, const char *place, const char *tenant,
                         const char *kind, const char *prefix)
{
    char *query = support_format(
        "SELECT tenant, '%s' || CAST(id AS TEXT) AS name, '%s' AS kind, NULL AS subject,"
        " NULL AS rule, NULL AS status, record AS body, id AS page FROM %ss"
        " WHERE tenant = ? AND id > CAST(? AS BIGINT) ORDER BY id LIMIT " PAGE,
        prefix, kind, kind);
    take_pages(evidence, RECORDS, place, query, tenant, NULL);
    free(query);
}

static void take_few(struct evidence *evidence, enum table table, const char *place,
                     const char *query)
{
    struct json *rows = rows_read(place, query, NULL);
    for (const struct json *row = json_first(rows); row; row = json_next(row))
        put(evidence, table, row);
    json_free(rows);
}

/* What can be read off the records themselves. */
static const char DERIVE[] =
    "UPDATE records SET subject = json_extract(body, '$.number'),"
    "  status = json_extract(body, '$.status'),"
    "  rule = 'number ' || substr(json_extract(body, '$.issue_date'), 1, 4) || ' ' ||"
    "         compared(json_extract(body, '$.number')) WHERE kind = 'invoice';"
    "UPDATE records SET rule = 'event ' || json_extract(body, '$.provider') || ' ' ||"
    "                          json_extract(body, '$.event_id'),"
    "  subject = (SELECT subject FROM records AS paid WHERE paid.tenant = records.tenant"
    "             AND paid.id = json_extract(records.body, '$.invoice_id'))"
    "  WHERE kind = 'payment';"
    "UPDATE records SET rule = 'e-mail ' || lower(json_extract(body, '$.email'))"
    "  WHERE kind = 'customer';";

void evidence_take_store(struct evidence *evidence, const char *place)
{
    struct json *names =
        rows_read(place, "SELECT tenant FROM customers UNION SELECT tenant FROM invoices", NULL);
    for (const struct json *row = json_first(names); row; row = json_next(row)) {
        const char *tenant = json_text(row, "tenant");
        take_records(evidence, place, tenant, "invoice", "inv_");
        take_records(evidence, place, tenant, "payment", "pay_");
        take_records(evidence, place, tenant, "customer", "cus_");
    }
    json_free(names);
    take_few(evidence, IN_PROGRESS, place,
             "SELECT tenant, endpoint, key, lease_until FROM idempotency_keys"
             " WHERE status IS NULL");
    take_few(evidence, DELIVERIES, place, "SELECT tenant, record, trouble FROM deliveries");
    check(evidence, sqlite3_exec(evidence->database, DERIVE, NULL, NULL, NULL) == SQLITE_OK);
}
