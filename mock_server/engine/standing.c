#include "mock_server/engine/standing.h"

#include "mock_server/base/log.h"

#define TOLD_MAX 100

static void tell(void *context, const struct store_standing *standing)
{
    (void)context;
    struct log_line line;
    log_begin(&line, "warn", "a record has what another has claimed; both are kept");
    log_text(&line, "tenant", standing->collection.tenant);
    log_text(&line, "resource", standing->collection.resource);
    log_text(&line, "rule", standing->rule);
    log_text(&line, "value", standing->value);
    log_number(&line, "record", standing->record);
    log_number(&line, "claimed_by", standing->holder);
    log_end(&line);
}

bool standing_tell(struct store *store)
{
    int64_t groups = 0;
    struct store_session *session = store_session_open_reading(store);
    bool ok = session && store_standing_count(session, NULL, &groups) == STORE_OK &&
              (groups == 0 ||
               store_standing_list(session, NULL, NULL, NULL, TOLD_MAX, tell, NULL) == STORE_OK);
    if (ok && groups > 0) {
        struct log_line line;
        log_begin(&line, "warn", "records stand in the way of unique rules");
        log_number(&line, "groups", groups);
        log_end(&line);
    }
    store_session_close(session);
    return ok;
}
