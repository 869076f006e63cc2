#include "mock_server/store/postgres/postgres_session.h"

#include <assert.h>
#include <stdlib.h>

#define KEY         STATEMENT_KEY_CLAIM /* what a key is held by among the parts of a batch */
#define KEY_NAMES   3
#define KEY_OF(key) value_text((key)->tenant), value_text((key)->endpoint), value_text((key)->key)
#define REPLY_OF(reply)                                                                            \
    value_number((reply)->status), value_text((reply)->problem), value_text((reply)->record_id),   \
        value_text((reply)->location), value_bytes((reply)->body, (reply)->body_length),           \
        value_number((reply)->expires_at)
#define NONE                                                                                       \
    {                                                                                              \
        .is_null = true                                                                            \
    }

/* Once it is known that the key is another's, others may look at it too. */
static enum store_status hold_and_change(struct postgres_session *session, enum statement which,
                                         const struct value *values, enum store_status otherwise)
{
    if (!postgres_hold(session, KEY, values, KEY_NAMES)) {
        return STORE_FAILED;
    }
    enum store_status status = postgres_change(session, which, values, otherwise);
    if (status == STORE_TAKEN) {
        postgres_share(session, KEY, values, KEY_NAMES);
    }
    return status;
}

static enum store_status read_saved(const struct answer *answer, int64_t now,
                                    struct store_saved *saved)
{
    bool failed = false;
    saved->fingerprint = answer_copy(answer, 3, NULL, &failed);
    saved->status = (int)answer_number(answer, 4);
    saved->problem = answer_copy(answer, 5, NULL, &failed);
    saved->record_id = answer_copy(answer, 6, NULL, &failed);
    saved->lease_until = answer_number(answer, 7);
    saved->expires_at = answer_number(answer, 8);
    if (saved->status != 0 && saved->expires_at <= now) {
        saved->expires_at = 0;
    } else {
        saved->request = answer_copy(answer, 9, NULL, &failed);
        saved->location = answer_copy(answer, 10, NULL, &failed);
        saved->body = answer_copy(answer, 11, &saved->body_length, &failed);
    }
    bool is_sound = saved->status == 0 || (saved->status >= 200 && saved->status < 600);
    if (failed || !is_sound) {
        store_saved_clear(saved);
        return STORE_FAILED;
    }
    return STORE_OK;
}

/* What can be read is not yet on the standbys that commits wait for, where such a wait was cut
 * short or the server stopped in it; but a reply that is given again has to be. This commit waits
 * for all that came before it. A transaction's own commit does the same. */
static bool is_kept(struct postgres_session *session)
{
    if (session->in_transaction) {
        return true;
    }
    session->warned = false;
    bool ok = postgres_run(session, "SELECT set_config('synchronous_commit', 'on', true),"
                                    " set_config('client_min_messages', 'warning', true),"
                                    " pg_logical_emit_message(true, 'invonce', '')"
                                    " WHERE current_setting('synchronous_standby_names') <> ''");
    if (ok && session->warned) {
        postgres_note_away(session, "a standby was waited for in vain");
    }
    return ok && !session->warned;
}

enum store_status postgres_key_find(struct store_session *base, const struct store_key *key,
                                    int64_t now, struct store_saved *saved)
{
    struct postgres_session *session = postgres_session_of(base);
    const struct value values[] = {KEY_OF(key)};
    struct answer answer;
    *saved = (struct store_saved){0};
    if (!postgres_hold(session, KEY, values, KEY_NAMES) ||
        !postgres_ask(session, STATEMENT_KEY_FIND, values, &answer)) {
        return STORE_FAILED;
    }
    if (answer.row < 0) {
        return STORE_ABSENT;
    }
    enum store_status status = read_saved(&answer, now, saved);
    if (status == STORE_OK && saved->status != 0 && !is_kept(session)) {
        store_saved_clear(saved);
        return STORE_FAILED;
    }
    return status;
}

enum store_status postgres_key_claim(struct store_session *base, const struct store_key *key,
                                     const char *fingerprint, const char *request,
                                     const struct store_reply *reply)
{
    assert(reply->status != 0);
    const struct value values[] = {
        KEY_OF(key), REPLY_OF(reply), value_text(fingerprint), value_text(request), NONE, NONE};
    struct postgres_session *session = postgres_session_of(base);
    if (session->careful || !postgres_is_unheld(session, KEY, values, KEY_NAMES)) {
        return hold_and_change(session, STATEMENT_KEY_CLAIM, values, STORE_TAKEN);
    }
    return postgres_hold(session, KEY, values, KEY_NAMES) &&
                   postgres_trust(session, STATEMENT_KEY_CLAIM, values)
               ? STORE_OK
               : STORE_FAILED;
}

enum store_status postgres_key_claim_in_progress(struct store_session *base,
                                                 const struct store_key *key,
                                                 const char *fingerprint, const char *request,
                                                 const unsigned char owner[STORE_OWNER_SIZE],
                                                 int64_t lease_until)
{
    const struct value values[] = {KEY_OF(key),
                                   NONE,
                                   NONE,
                                   NONE,
                                   NONE,
                                   NONE,
                                   NONE,
                                   value_text(fingerprint),
                                   value_text(request),
                                   value_bytes(owner, STORE_OWNER_SIZE),
                                   value_number(lease_until)};
    return hold_and_change(postgres_session_of(base), STATEMENT_KEY_CLAIM, values, STORE_TAKEN);
}

enum store_status postgres_key_take_over(struct store_session *base, const struct store_key *key,
                                         const unsigned char owner[STORE_OWNER_SIZE],
                                         int64_t lease_until, int64_t now)
{
    const struct value values[] = {KEY_OF(key), value_bytes(owner, STORE_OWNER_SIZE),
                                   value_number(lease_until), value_number(now)};
    return hold_and_change(postgres_session_of(base), STATEMENT_KEY_TAKE_OVER, values,
                           STORE_ABSENT);
}

enum store_status postgres_key_complete(struct store_session *base, const struct store_key *key,
                                        const unsigned char owner[STORE_OWNER_SIZE],
                                        const struct store_reply *reply)
{
    assert(reply->status != 0);
    const struct value values[] = {KEY_OF(key), REPLY_OF(reply),
                                   value_bytes(owner, STORE_OWNER_SIZE)};
    return hold_and_change(postgres_session_of(base), STATEMENT_KEY_COMPLETE, values, STORE_ABSENT);
}

/* It is there: this part has completed it. */
enum store_status postgres_key_amend(struct store_session *base, const struct store_key *key,
                                     const struct store_reply *reply)
{
    struct postgres_session *session = postgres_session_of(base);
    assert(reply->status != 0);
    const struct value values[] = {KEY_OF(key), REPLY_OF(reply)};
    return postgres_hold(session, KEY, values, KEY_NAMES) &&
                   postgres_tell(session, STATEMENT_KEY_AMEND, values)
               ? STORE_OK
               : STORE_FAILED;
}

/* Those that another process is at are left to it. */
enum store_status postgres_keys_expire(struct store_session *base, int64_t now, int limit,
                                       int *count)
{
    const struct value values[] = {value_number(now), value_number(limit)};
    PGresult *result = postgres_select(
        postgres_session_of(base),
        "UPDATE idempotency_keys SET expires_at = NULL, request = NULL, location = NULL,"
        " body = NULL WHERE (tenant, endpoint, key) IN (SELECT tenant, endpoint, key"
        " FROM idempotency_keys WHERE expires_at <= $1::bigint ORDER BY expires_at"
        " LIMIT $2::bigint FOR UPDATE SKIP LOCKED)",
        "in", values);
    *count = result ? (int)strtol(PQcmdTuples(result), NULL, 10) : 0;
    PQclear(result);
    return result ? STORE_OK : STORE_FAILED;
}
