/* What the rest of the driver asks and tells, each as if it were alone. */
#include "mock_server/store/postgres/postgres_session.h"

#include <assert.h>

/* What is queued is sent before it becomes more than this. */
#define QUEUED_MAX ((size_t)4 * 1024 * 1024)

/* Those that read have no transaction: a failure of one is over with the next. */
static bool make_ready(struct postgres_session *session)
{
    if (session->in_transaction) {
        return !session->failed;
    }
    session->failed = false;
    if (!postgres_connect(session)) {
        return false;
    }
    session->trouble = STORE_NO_TROUBLE;
    return true;
}

/* Who reads may simply read again: the connection may have ended since it was used last, or the
 * statement was cut short for another's sake. */
static bool had_better_ask_again(const struct postgres_session *session, bool *again)
{
    bool first = !*again;
    *again = true;
    return first && !session->in_transaction &&
           (session->trouble == STORE_AWAY || session->trouble == STORE_AGAIN);
}

bool postgres_ask(struct postgres_session *session, enum statement which,
                  const struct value *values, struct answer *answer)
{
    struct ask ask = {.values = values, .answer = answer};
    *answer = (struct answer){.row = -1};
    bool again = false;
    do {
        bool locked = !session->in_transaction || postgres_go_with_lock(session, values[0].at);
        if (!locked || !make_ready(session) || !postgres_add_request(session, which, values)) {
            return false;
        }
        postgres_add_ask(session, which, &ask);
        if (postgres_wait(session)) {
            return true;
        }
    } while (had_better_ask_again(session, &again));
    return false;
}

bool postgres_tell(struct postgres_session *session, enum statement which,
                   const struct value *values)
{
    assert(session->in_transaction && STATEMENTS[which].names == 0);
    return postgres_go_with_lock(session, values[0].at) && make_ready(session) &&
           postgres_add_request(session, which, values) &&
           (session->queued < QUEUED_MAX || postgres_wait(session));
}

bool postgres_trust(struct postgres_session *session, enum statement which,
                    const struct value *values)
{
    assert(session->in_transaction && !session->careful);
    bool ok = postgres_go_with_lock(session, values[0].at) && make_ready(session) &&
              postgres_add_request(session, which, values);
    session->groups[which].trusted += ok;
    return ok;
}

enum store_status postgres_change(struct postgres_session *session, enum statement which,
                                  const struct value *values, enum store_status otherwise)
{
    struct answer answer;
    if (!postgres_ask(session, which, values, &answer)) {
        return STORE_FAILED;
    }
    return answer.row >= 0 ? STORE_OK : otherwise;
}

PGresult *postgres_select(struct postgres_session *session, const char *sql, const char *types,
                          const struct value *values)
{
    PGresult *result = NULL;
    bool again = false;
    do {
        /* In a transaction there may be something that has to be sent before. */
        bool ready = make_ready(session) && (!session->in_transaction ||
                                             (postgres_wait(session) && postgres_start(session)));
        result = ready ? postgres_query(session, sql, types, values) : NULL;
    } while (!result && had_better_ask_again(session, &again));
    return result;
}
