/* How a transaction begins: with the first that is sent of it. */
#include "mock_server/store/postgres/postgres_session.h"

/* Nothing that is set for the server, the database or the user, now or later, may cut a transaction
 * short, change what it means or keep quiet about its commit; but who stops in the middle of one
 * holds nobody up for good, and who waits for a lock gives up before we do. Only fsync can't be set
 * here. Rows are looked up by their keys however few there are: the next batch may come when there
 * are many. A plan that reads a whole table all the same counts as so dear then that it would be
 * compiled first, for a hundred times as long as it runs. */
#define BEGIN "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
#define SETTINGS                                                                                   \
    "SELECT current_setting('fsync'), set_config('synchronous_commit',"                            \
    " CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply'"          \
    " ELSE 'on' END, true), set_config('client_min_messages', 'warning', true),"                   \
    " set_config('statement_timeout', '0', true), set_config('lock_timeout', '15000', true),"      \
    " set_config('idle_in_transaction_session_timeout', '5000', true),"                            \
    " set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),"      \
    " set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true),"                \
    " set_config('plan_cache_mode', 'force_generic_plan', true)"

static bool send_both(struct postgres_session *session)
{
    return postgres_send(session, BEGIN, 0, NULL, NULL, NULL) &&
           postgres_send(session, SETTINGS, 0, NULL, NULL, NULL);
}

bool postgres_send_begin(struct postgres_session *session, int *statements)
{
    *statements = 0;
    if (!session->in_transaction || session->begun) {
        return true;
    }
    session->begun = true;
    *statements = 2;
    return send_both(session);
}

void postgres_receive_begin(struct postgres_session *session, int statements)
{
    if (statements > 0) {
        PQclear(postgres_receive(session));
        PGresult *settings = postgres_receive(session);
        if (settings && strcmp(PQgetvalue(settings, 0, 0), "on") != 0) {
            postgres_note_away(session, "it has fsync off by now");
            session->failed = true;
        }
        PQclear(settings);
    }
}

bool postgres_begin_alone(struct postgres_session *session)
{
    if (!send_both(session) || !postgres_send_end(session)) {
        return false;
    }
    postgres_receive_begin(session, 2);
    return postgres_receive_end(session);
}

bool postgres_start(struct postgres_session *session)
{
    if (session->begun) {
        return true;
    }
    session->begun = true;
    return postgres_begin_alone(session);
}
