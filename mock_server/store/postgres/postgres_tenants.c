/* The tenants' rows: locks and counters. */
#include "mock_server/store/postgres/postgres_session.h"
#include "protocol/wire/json.h"

#include <stdlib.h>

static void tenant_free(struct tenant *tenant)
{
    for (int i = 0; i < tenant->count; i++) {
        free(tenant->counters[i].resource);
    }
    free(tenant->name);
    free(tenant);
}

/* Where the tenant is among them, or belongs. */
static size_t place_of(const struct postgres_session *session, const char *name, bool *found)
{
    size_t low = 0, high = session->tenant_count;
    *found = false;
    while (low < high && !*found) {
        size_t middle = (low + high) / 2;
        int order = strcmp(session->tenants[middle]->name, name);
        *found = order == 0;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return high;
}

static bool make_room(struct postgres_session *session)
{
    if (session->tenant_count < session->tenant_room) {
        return true;
    }
    size_t room = session->tenant_room ? 2 * session->tenant_room : 64;
    struct tenant **grown = realloc(session->tenants, room * sizeof(struct tenant *));
    if (grown) {
        session->tenants = grown;
        session->tenant_room = room;
    }
    return grown;
}

static struct tenant *add(struct postgres_session *session, const char *name, size_t place)
{
    struct tenant *tenant = make_room(session) ? calloc(1, sizeof(struct tenant)) : NULL;
    if (!tenant || !(tenant->name = strdup(name))) {
        free(tenant);
        return NULL;
    }
    memmove(session->tenants + place + 1, session->tenants + place,
            (session->tenant_count - place) * sizeof(struct tenant *));
    session->tenants[place] = tenant;
    session->tenant_count++;
    return tenant;
}

struct tenant *postgres_want_tenant(struct postgres_session *session, const char *name)
{
    bool found = false;
    size_t place = place_of(session, name, &found);
    struct tenant *tenant = found ? session->tenants[place] : add(session, name, place);
    if (!tenant) {
        session->failed = true;
        session->trouble = STORE_BROKEN;
    }
    return tenant;
}

struct counter *postgres_counter(struct tenant *tenant, const char *resource)
{
    for (int i = 0; i < tenant->count; i++) {
        if (strcmp(tenant->counters[i].resource, resource) == 0) {
            return &tenant->counters[i];
        }
    }
    if (tenant->count == COUNTERS_MAX) {
        return NULL;
    }
    struct counter *counter = &tenant->counters[tenant->count];
    *counter = (struct counter){.resource = strdup(resource)};
    if (!counter->resource) {
        return NULL;
    }
    tenant->count++;
    return counter;
}

/* --- locking --- */

static bool read_counters(struct tenant *tenant, const char *text)
{
    struct json *json = json_read(text, strlen(text));
    bool ok = json;
    for (const struct json *member = json_first(json); ok && member; member = json_next(member)) {
        struct counter *counter = postgres_counter(tenant, json_name(member));
        ok = counter;
        if (ok) {
            counter->last = counter->at_savepoint = json_integer(member, 0);
        }
    }
    json_free(json);
    return ok;
}

static int add_wanted(struct postgres_session *session, struct buffer *names)
{
    int wanted = 0;
    array_begin(names, 't');
    for (size_t i = 0; i < session->tenant_count; i++) {
        if (!session->tenants[i]->locked) {
            struct value name = value_text(session->tenants[i]->name);
            array_add(names, 't', &name);
            wanted++;
        }
    }
    array_end(names, wanted);
    return wanted;
}

/* In order of the names, so that no two transactions wait for each other. */
#define LOCK                                                                                       \
    "SELECT tenant, counters FROM tenants WHERE tenant = ANY ($1) ORDER BY tenant FOR UPDATE"
#define ADD                                                                                        \
    "INSERT INTO tenants (tenant, counters) SELECT tenant, '{}' FROM unnest($1) AS q (tenant)"     \
    " ORDER BY tenant ON CONFLICT (tenant) DO NOTHING"

static bool send_wanted(struct postgres_session *session, const char *sql, int *statements)
{
    const Oid type = array_type('t');
    struct buffer names = {0};
    bool wants = add_wanted(session, &names) > 0;
    const char *value = names.bytes;
    int length = (int)names.length;
    bool ok = !names.failed && (!wants || postgres_send(session, sql, 1, &type, &value, &length));
    *statements = ok && wants;
    buffer_clear(&names);
    return ok;
}

bool postgres_send_locks(struct postgres_session *session, int *statements)
{
    return send_wanted(session, LOCK, statements);
}

/* What was known to be there is told by its hash; what shares one makes a lock be tried in vain. */
static uint64_t *known_place(struct postgres_session *session, const char *name, uint64_t *hash)
{
    *hash = hash_text(name);
    return &session->known_tenants[*hash % KNOWN_TENANTS];
}

bool postgres_is_known(struct postgres_session *session, const char *name)
{
    uint64_t hash = 0;
    return *known_place(session, name, &hash) == hash;
}

static bool take_row(struct postgres_session *session, const PGresult *rows, int row)
{
    bool found = false;
    uint64_t hash = 0;
    const char *name = PQgetvalue(rows, row, 0);
    size_t place = place_of(session, name, &found);
    struct tenant *tenant = found ? session->tenants[place] : NULL;
    if (!tenant || !read_counters(tenant, PQgetvalue(rows, row, 1))) {
        session->failed = true;
        session->trouble = STORE_BROKEN;
        return false;
    }
    tenant->locked = true;
    tenant->since_savepoint = session->savepoint;
    uint64_t *known = known_place(session, name, &hash);
    *known = hash;
    return true;
}

void postgres_receive_locks(struct postgres_session *session, int statements)
{
    PGresult *rows = statements ? postgres_receive(session) : NULL;
    for (int i = 0; rows && i < PQntuples(rows) && take_row(session, rows, i); i++) {
    }
    PQclear(rows);
}

bool postgres_all_are_locked(const struct postgres_session *session)
{
    for (size_t i = 0; i < session->tenant_count; i++) {
        if (!session->tenants[i]->locked) {
            return false;
        }
    }
    return true;
}

bool postgres_add_tenants(struct postgres_session *session)
{
    int adds = 0, locks = 0;
    if (!send_wanted(session, ADD, &adds) || !send_wanted(session, LOCK, &locks) ||
        !postgres_send_end(session)) {
        return false;
    }
    if (adds) {
        PQclear(postgres_receive(session));
    }
    postgres_receive_locks(session, locks);
    return postgres_receive_end(session) && postgres_all_are_locked(session);
}

void postgres_forget_known(struct postgres_session *session)
{
    memset(session->known_tenants, 0, sizeof session->known_tenants);
}

/* --- counters --- */

static void write_counters(const struct tenant *tenant, struct buffer *json)
{
    json->length = 0;
    for (int i = 0; i < tenant->count; i++) {
        const struct counter *counter = &tenant->counters[i];
        buffer_text(json, i == 0 ? "{" : ",");
        buffer_string(json, counter->resource, strlen(counter->resource));
        buffer_text(json, ":");
        buffer_number(json, counter->last);
    }
    buffer_text(json, "}");
}

bool postgres_send_counters(struct postgres_session *session, int *statements)
{
    struct buffer names = {0}, counters = {0};
    int count = 0;
    array_begin(&names, 't');
    array_begin(&counters, 't');
    for (size_t i = 0; i < session->tenant_count; i++) {
        const struct tenant *tenant = session->tenants[i];
        if (!tenant->changed) {
            continue;
        }
        write_counters(tenant, &session->scratch);
        struct value name = value_text(tenant->name);
        struct value text = value_bytes(session->scratch.bytes, session->scratch.length);
        array_add(&names, 't', &name);
        array_add(&counters, 't', &text);
        count++;
    }
    array_end(&names, count);
    array_end(&counters, count);
    bool ok = !names.failed && !counters.failed && !session->scratch.failed;
    *statements = ok && count > 0;
    if (*statements) {
        const Oid types[] = {array_type('t'), array_type('t')};
        const char *const values[] = {names.bytes, counters.bytes};
        const int lengths[] = {(int)names.length, (int)counters.length};
        ok = postgres_send(session,
                           "UPDATE tenants t SET counters = q.counters FROM unnest($1, $2)"
                           " AS q (tenant, counters) WHERE t.tenant = q.tenant",
                           2, types, values, lengths);
    }
    buffer_clear(&names);
    buffer_clear(&counters);
    return ok;
}

/* --- with the transaction --- */

void postgres_tenants_mark(struct postgres_session *session)
{
    for (size_t i = 0; i < session->tenant_count; i++) {
        struct tenant *tenant = session->tenants[i];
        tenant->since_savepoint = false;
        for (int at = 0; at < tenant->count; at++) {
            tenant->counters[at].at_savepoint = tenant->counters[at].last;
        }
    }
}

/* What was locked since is so no more. */
void postgres_tenants_undo(struct postgres_session *session)
{
    size_t kept = 0;
    for (size_t i = 0; i < session->tenant_count; i++) {
        struct tenant *tenant = session->tenants[i];
        if (!tenant->locked || tenant->since_savepoint) {
            tenant_free(tenant);
            continue;
        }
        for (int at = 0; at < tenant->count; at++) {
            tenant->counters[at].last = tenant->counters[at].at_savepoint;
        }
        session->tenants[kept++] = tenant;
    }
    session->tenant_count = kept;
}

void postgres_tenants_forget(struct postgres_session *session)
{
    for (size_t i = 0; i < session->tenant_count; i++) {
        tenant_free(session->tenants[i]);
    }
    session->tenant_count = 0;
}
