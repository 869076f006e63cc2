/* Numbers of ids and audit entries, which the tenants' rows count. */
#include "mock_server/store/postgres/postgres_session.h"

#include <assert.h>

bool postgres_go_with_lock(struct postgres_session *session, const char *name)
{
    struct tenant *tenant = postgres_want_tenant(session, name);
    if (tenant && !tenant->locked && postgres_is_known(session, name)) {
        session->relies_on_locks = true;
        return true;
    }
    return tenant && (tenant->locked || postgres_wait(session));
}

struct tenant *postgres_tenant(struct postgres_session *session, const char *name)
{
    struct tenant *tenant = postgres_want_tenant(session, name);
    assert(session->in_transaction);
    return tenant && (tenant->locked || postgres_wait(session)) ? tenant : NULL;
}

enum store_status postgres_next(struct postgres_session *session, const char *tenant_name,
                                const char *resource, int64_t first, int64_t *number)
{
    struct tenant *tenant = postgres_tenant(session, tenant_name);
    struct counter *counter = tenant ? postgres_counter(tenant, resource) : NULL;
    if (!counter) {
        return STORE_FAILED;
    }
    *number = counter->last < first ? first : counter->last + 1;
    counter->last = *number;
    tenant->changed = true;
    return STORE_OK;
}

enum store_status postgres_next_id(struct store_session *base,
                                   const struct store_collection *collection, int64_t first,
                                   int64_t *id)
{
    assert(collection->resource[0]); /* that is the audit's */
    return postgres_next(postgres_session_of(base), collection->tenant, collection->resource, first,
                         id);
}

bool postgres_pass_over(struct postgres_session *session, const struct store_collection *collection,
                        int64_t id)
{
    struct tenant *tenant = postgres_tenant(session, collection->tenant);
    struct counter *counter = tenant ? postgres_counter(tenant, collection->resource) : NULL;
    if (counter && counter->last < id) {
        counter->last = id;
        tenant->changed = true;
    }
    return counter;
}
