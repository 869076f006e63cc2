/* Placing collections, and numbering their records, each one more than the highest there is, so
 * that none is used twice: see schema/0004_places.sql. */
#include "mock_server/store/sqlite/sqlite_session.h"

#include <assert.h>
#include <string.h>

#define PROBES 4

static bool is_of(const struct collection *remembered, const struct store_collection *collection)
{
    return strcmp(remembered->tenant, collection->tenant) == 0 &&
           strcmp(remembered->resource, collection->resource) == 0;
}

static uint32_t hash_text(uint32_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 16777619; /* FNV-1a */
    }
    return hash;
}

static struct collection *remembered(struct sqlite_session *session,
                                     const struct store_collection *collection)
{
    uint32_t hash = hash_text(hash_text(2166136261, collection->tenant), collection->resource);
    struct collection *first = &session->collections[hash % COLLECTIONS_REMEMBERED];
    struct collection *place = first;
    for (uint32_t i = 0; i < PROBES && place->tenant[0]; i++) {
        place = &session->collections[(hash + i) % COLLECTIONS_REMEMBERED];
        if (is_of(place, collection)) {
            return place;
        }
    }
    size_t tenant = strlen(collection->tenant), resource = strlen(collection->resource);
    if (tenant >= sizeof place->tenant || resource >= sizeof place->resource) {
        session->unnamed = (struct collection){.is_audit = resource == 0};
        return &session->unnamed;
    }
    place = place->tenant[0] ? first : place;
    *place = (struct collection){.is_audit = resource == 0};
    memcpy(place->tenant, collection->tenant, tenant);
    memcpy(place->resource, collection->resource, resource);
    return place;
}

void sqlite_forget_numbers(struct sqlite_session *session)
{
    memset(session->collections, 0, sizeof session->collections);
}

enum store_status sqlite_last_number(struct sqlite_session *session,
                                     const struct collection *collection, int64_t *number)
{
    sqlite3_stmt *statement =
        collection->is_audit ? sqlite_statement(session, STATEMENT_LAST_ENTRY,
                                                "SELECT max(place) - ?1 FROM audit"
                                                " WHERE place BETWEEN ?1 AND ?1 | 0xffffffffff")
                             : sqlite_statement(session, STATEMENT_LAST_RECORD,
                                                "SELECT max(place) - ?1 FROM records"
                                                " WHERE place BETWEEN ?1 AND ?1 | 0xffffffffff");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite3_bind_int64(statement, 1, collection->first_place);
    return sqlite_number(session, statement, number);
}

static void bind_collection(sqlite3_stmt *statement, const struct store_collection *collection)
{
    sqlite_bind_text_at(statement, 1, collection->tenant);
    sqlite_bind_text_at(statement, 2, collection->resource);
}

enum store_status sqlite_find_collection(struct sqlite_session *session,
                                         const struct store_collection *collection,
                                         struct collection **found)
{
    struct collection *known = remembered(session, collection);
    *found = known;
    if (known->first_place != 0) {
        return STORE_OK;
    }
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_COLLECTION_FIND,
        "SELECT number << 40 FROM collections WHERE tenant = ?1 AND resource = ?2");
    if (!statement) {
        return STORE_FAILED;
    }
    bind_collection(statement, collection);
    int64_t place = 0;
    enum store_status status = sqlite_number(session, statement, &place);
    if (status == STORE_OK && place <= 0) {
        return STORE_FAILED; /* damaged: numbers begin with 1 */
    }
    known->first_place = place;
    return status;
}

enum store_status sqlite_place_collection(struct sqlite_session *session,
                                          const struct store_collection *collection,
                                          struct collection **placed)
{
    enum store_status status = sqlite_find_collection(session, collection, placed);
    if (status != STORE_ABSENT) {
        return status;
    }
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_COLLECTION_INSERT,
                         "INSERT INTO collections (tenant, resource) VALUES (?1, ?2)");
    if (!statement) {
        return STORE_FAILED;
    }
    bind_collection(statement, collection);
    status = sqlite_run(session, statement);
    return status == STORE_OK ? sqlite_find_collection(session, collection, placed) : STORE_FAILED;
}

enum store_status sqlite_next_number(struct sqlite_session *session, struct collection *placed,
                                     int64_t first, int64_t *number)
{
    assert(placed->first_place != 0 && first > 0);
    int64_t last = placed->last;
    enum store_status status = last == 0 ? sqlite_last_number(session, placed, &last) : STORE_OK;
    *number = last == 0 ? first : last + 1;
    return status == STORE_OK && *number >= ID_END ? STORE_FAILED : status;
}

enum store_status sqlite_next_id(struct store_session *base,
                                 const struct store_collection *collection, int64_t first,
                                 int64_t *id)
{
    struct sqlite_session *session = sqlite_session_of(base);
    struct collection *placed;
    enum store_status status = sqlite_place_collection(session, collection, &placed);
    return status == STORE_OK ? sqlite_next_number(session, placed, first, id) : status;
}
