#include "mock_server/store/postgres/postgres_session.h"

#define NAMES 3
#define RECORD_OF(collection, id)                                                                  \
    value_text((collection)->tenant), value_text((collection)->resource), value_number(id)

static enum store_status told(bool ok)
{
    return ok ? STORE_OK : STORE_FAILED;
}

enum store_status postgres_record_insert(struct store_session *base,
                                         const struct store_collection *collection,
                                         const struct store_record *record)
{
    struct postgres_session *session = postgres_session_of(base);
    const struct value values[] = {RECORD_OF(collection, record->id), value_id(record->period),
                                   value_id(record->parent),
                                   value_bytes(record->json, record->length)};
    return told(postgres_pass_over(session, collection, record->id) &&
                postgres_tell(session, STATEMENT_RECORD_INSERT, values));
}

static enum store_status change(struct store_session *base, enum statement which,
                                const struct store_collection *collection, int64_t id,
                                struct value value)
{
    struct postgres_session *session = postgres_session_of(base);
    const struct value values[] = {RECORD_OF(collection, id), value};
    return postgres_hold(session, STATEMENT_RECORD_NOW, values, NAMES)
               ? postgres_change(session, which, values, STORE_ABSENT)
               : STORE_FAILED;
}

enum store_status postgres_record_change(struct store_session *base,
                                         const struct store_collection *collection, int64_t id,
                                         const char *json)
{
    return change(base, STATEMENT_RECORD_CHANGE, collection, id, value_text(json));
}

enum store_status postgres_record_move(struct store_session *base,
                                       const struct store_collection *collection, int64_t id,
                                       int64_t parent)
{
    return change(base, STATEMENT_RECORD_MOVE, collection, id, value_id(parent));
}

enum store_status postgres_record_merge(struct store_session *base,
                                        const struct store_collection *collection, int64_t id,
                                        int64_t into)
{
    return change(base, STATEMENT_RECORD_MERGE, collection, id, value_id(into));
}

/* A part of a batch that has read it may be about to change it. */
enum store_status postgres_record_find(struct store_session *base,
                                       const struct store_collection *collection, int64_t id,
                                       enum store_age age, char **json, int64_t *merged_into)
{
    struct postgres_session *session = postgres_session_of(base);
    const struct value values[] = {RECORD_OF(collection, id)};
    enum statement which = !json                  ? STATEMENT_RECORD_MERGED
                           : age == STORE_CREATED ? STATEMENT_RECORD_CREATED
                                                  : STATEMENT_RECORD_NOW;
    struct answer answer;
    bool failed = false;
    if (!postgres_hold(session, STATEMENT_RECORD_NOW, values, NAMES) ||
        !postgres_ask(session, which, values, &answer)) {
        return STORE_FAILED;
    }
    if (answer.row < 0) {
        return STORE_ABSENT;
    }
    if (json) {
        *json = answer_copy(&answer, NAMES, NULL, &failed);
        failed = failed || !*json;
    }
    if (merged_into) {
        *merged_into = answer_number(&answer, NAMES + 1);
    }
    return told(!failed);
}

/* --- what they are completed from --- */

#define TEXT_OF(collection, which, text)                                                           \
    value_text((collection)->tenant), value_text((collection)->resource), value_number(which),     \
        value_text(text)

enum store_status postgres_text_add(struct store_session *base,
                                    const struct store_collection *collection,
                                    const struct store_text *text, int64_t id)
{
    const struct value values[] = {TEXT_OF(collection, text->which, text->text), value_number(id),
                                   value_text(text->order)};
    return told(postgres_tell(postgres_session_of(base), STATEMENT_TEXT_ADD, values));
}

enum store_status postgres_text_remove(struct store_session *base,
                                       const struct store_collection *collection,
                                       const struct store_text *text, int64_t id)
{
    const struct value values[] = {TEXT_OF(collection, text->which, text->text), value_number(id)};
    return told(postgres_tell(postgres_session_of(base), STATEMENT_TEXT_REMOVE, values));
}

static enum store_status give_each(PGresult *rows, store_record_each *each, void *context)
{
    for (int i = 0; rows && i < PQntuples(rows); i++) {
        const struct answer row = {rows, i};
        each(context, answer_number(&row, 0), answer_text(&row, 1));
    }
    enum store_status status = told(rows);
    PQclear(rows);
    return status;
}

/* Each half is a range of the key. U+10FFFF sorts after whatever can follow a prefix. */
#define FOUND(which)                                                                               \
    "(SELECT t.record, t.sorted FROM texts t JOIN records r ON r.tenant = $1"                      \
    " AND r.resource = $2 AND r.id = t.record WHERE t.tenant = $1 AND t.resource = $2"             \
    " AND t.which = " which " AND t.text >= $3 AND t.text < $3 || chr(1114111)"                    \
    " AND ($5::integer = 2 OR (r.merged IS NULL) = ($5::integer = 0))"                             \
    " ORDER BY t.text LIMIT $4::bigint)"

enum store_status postgres_complete(struct store_session *base,
                                    const struct store_collection *collection, const char *prefix,
                                    enum store_merged merged, int limit, store_record_each *each,
                                    void *context)
{
    const struct value values[] = {value_text(collection->tenant), value_text(collection->resource),
                                   value_text(prefix), value_number(limit), value_number(merged)};
    return give_each(
        postgres_select(
            postgres_session_of(base),
            "SELECT r.id, coalesce(r.current, r.created) FROM (" FOUND("0") " UNION " FOUND(
                "1") ") AS found JOIN records r ON r.tenant = $1 AND r.resource = $2"
                     " AND r.id = found.record ORDER BY found.sorted LIMIT $4::bigint",
            "tttnn", values),
        each, context);
}

/* --- lists --- */

/* $1 tenant, $2 resource, $3 before which id, $4 limit, $5 period, $6 parent, $7 rule, $8 the
 * beginning of its value, $9 enum store_merged, $10 and $11 into which record at least and at most.
 */
#define LIST "SELECT r.id, coalesce(r.current, r.created) FROM records r"
#define OF_COLLECTION                                                                              \
    " WHERE r.tenant = $1 AND r.resource = $2 AND r.id < $3::bigint"                               \
    " AND ($5 IS NULL OR r.period = $5::integer)"
#define OF_PARENT " AND ($6 IS NULL OR r.parent = $6::bigint)"
#define HOLDING(table)                                                                             \
    "SELECT record FROM " table " WHERE tenant = $1 AND resource = $2 AND rule = $7"               \
    " AND value >= $8 AND value < $8 || chr(1114111)"
#define HOLDERS HOLDING("claims") " UNION ALL " HOLDING("standing")
#define OF_RULE " AND r.id IN (" HOLDERS ")"
#define OF_RULE_OR_MERGED                                                                          \
    " AND r.id IN (" HOLDERS " UNION ALL SELECT id FROM records WHERE tenant = $1"                 \
    " AND resource = $2 AND merged IN (" HOLDERS "))"
#define MERGED " AND r.merged BETWEEN $10::bigint AND $11::bigint"
#define MAY_BE_MERGED                                                                              \
    " AND CASE $9::integer WHEN 0 THEN r.merged IS NULL WHEN 2 THEN true"                          \
    " ELSE r.merged BETWEEN $10::bigint AND $11::bigint END"
#define NO_RULE " AND $7 IS NULL AND $8 IS NULL"
#define LATEST  " ORDER BY r.id DESC LIMIT $4::bigint"

/* Bucket by bucket from the newest: see the index. */
#define BY_BUCKETS                                                                                 \
    "SELECT r.id, r.json FROM generate_series((SELECT least(max(id), $3::bigint - 1) >> 12"        \
    " FROM records WHERE tenant = $1 AND resource = $2 HAVING max(id) IS NOT NULL), 0, -1)"        \
    " AS bucket CROSS JOIN LATERAL"                                                                \
    " (SELECT r.id, coalesce(r.current, r.created) AS json FROM records r" OF_COLLECTION           \
    " AND r.id >> 12 = bucket AND r.parent = $6::bigint" MAY_BE_MERGED LATEST                      \
    ") AS r WHERE true" NO_RULE " LIMIT $4::bigint"

static const char *list_statement(const struct store_filter *filter)
{
    if (filter->rule) {
        return filter->merged == STORE_UNMERGED
                   ? LIST OF_COLLECTION OF_PARENT MAY_BE_MERGED OF_RULE LATEST
                   : LIST OF_COLLECTION OF_PARENT MAY_BE_MERGED OF_RULE_OR_MERGED LATEST;
    }
    if (filter->merged == STORE_MERGED) {
        return LIST OF_COLLECTION OF_PARENT MERGED " AND $9::integer = 1" NO_RULE LATEST;
    }
    return filter->parent ? BY_BUCKETS : LIST OF_COLLECTION OF_PARENT MAY_BE_MERGED NO_RULE LATEST;
}

enum store_status postgres_record_list(struct store_session *base,
                                       const struct store_filter *filter, store_record_each *each,
                                       void *context)
{
    const struct value values[] = {
        value_text(filter->collection.tenant),
        value_text(filter->collection.resource),
        value_number(filter->before > 0 ? filter->before : INT64_MAX),
        value_number(filter->limit),
        value_id(filter->period),
        value_id(filter->parent),
        value_text(filter->rule),
        value_text(filter->beginning),
        value_number(filter->merged),
        value_number(filter->merged_into ? filter->merged_into : 1),
        value_number(filter->merged_into ? filter->merged_into : INT64_MAX),
    };
    return give_each(
        postgres_select(postgres_session_of(base), list_statement(filter), "ttinnittnii", values),
        each, context);
}

/* --- events --- */

#define EVENT_OF(event)                                                                            \
    value_text((event)->tenant), value_text((event)->source), value_text((event)->event_id)

enum store_status postgres_event_insert(struct store_session *base, const struct store_event *event)
{
    struct postgres_session *session = postgres_session_of(base);
    const struct value values[] = {EVENT_OF(event), value_text(event->type),
                                   value_text(event->fingerprint), value_id(event->record_id),
                                   value_number(event->created_at)};
    if (!postgres_hold(session, STATEMENT_EVENT_INSERT, values, NAMES)) {
        return STORE_FAILED;
    }
    enum store_status status =
        postgres_change(session, STATEMENT_EVENT_INSERT, values, STORE_TAKEN);
    if (status == STORE_TAKEN) {
        postgres_share(session, STATEMENT_EVENT_INSERT, values, NAMES);
    }
    return status;
}

enum store_status postgres_event_find(struct store_session *base, const struct store_event *event,
                                      char **fingerprint, int64_t *record_id)
{
    struct postgres_session *session = postgres_session_of(base);
    const struct value values[] = {EVENT_OF(event)};
    struct answer answer;
    bool failed = false;
    if (!postgres_hold(session, STATEMENT_EVENT_INSERT, values, NAMES) ||
        !postgres_ask(session, STATEMENT_EVENT_FIND, values, &answer)) {
        return STORE_FAILED;
    }
    if (answer.row < 0) {
        return STORE_ABSENT;
    }
    *fingerprint = answer_copy(&answer, NAMES, NULL, &failed);
    *record_id = answer_number(&answer, NAMES + 1);
    return told(!failed);
}
