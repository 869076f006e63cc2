/* What failures mean: that the server can't be reached, that the same again may go well, or that
 * something is wrong. */
#include "mock_server/base/log.h"
#include "mock_server/store/postgres/postgres_session.h"

#include <stdio.h>

/* Whose class or code says: the server can't be reached, or is going, or is a standby now, or is
 * held up. */
static const char *const AWAY[] = {"08",    "57P01", "57P02", "57P03", "57P05",
                                   "25P03", "25006", "53300", "55P03"};
/* Undone to let another by, or cut short: the same again may go well. */
static const char *const AGAIN[] = {"40001", "40P01", "57014"};
/* A statement's name is missing, or taken: a pooler has lent another connection. */
static const char *const NAMELESS[] = {"26000", "42P05"};

static bool begins_with_one(const char *code, const char *const *beginnings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strncmp(code, beginnings[i], strlen(beginnings[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* libpq's sentences end in line feeds, and may be several. */
static void tidy(char *sentence)
{
    size_t length = strlen(sentence);
    while (length > 0 && (sentence[length - 1] == '\n' || sentence[length - 1] == ' ')) {
        sentence[--length] = '\0';
    }
    for (char *at = sentence; *at; at++) {
        *at = *at == '\n' || *at == '\t' ? ' ' : *at;
    }
}

static void tell_failure(const struct postgres_store *store, const char *message, const char *code,
                         const char *why)
{
    if (store->refusal) {
        snprintf(store->refusal, STORE_MESSAGE_MAX, "the PostgreSQL store cannot be opened: %s",
                 why);
        tidy(store->refusal);
        return;
    }
    char sentence[STORE_MESSAGE_MAX];
    snprintf(sentence, sizeof sentence, "%s", why);
    tidy(sentence);
    struct log_line line;
    log_begin(&line, "error", message);
    log_text(&line, "code", code);
    log_text(&line, "error", sentence);
    log_end(&line);
}

void postgres_note_away(struct postgres_session *session, const char *why)
{
    session->trouble = STORE_AWAY;
    if (!atomic_exchange(&session->store->told_away, true)) {
        tell_failure(session->store, "the database server can't be used", NULL, why);
    }
}

void postgres_note_failure(struct postgres_session *session, const PGresult *result)
{
    const char *code = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *primary = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *why = primary  ? primary
                      : result ? PQresultErrorMessage(result)
                               : PQerrorMessage(session->connection);
    bool first = !session->failed;
    session->failed = true;
    if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED) {
        session->trouble = first ? STORE_AGAIN : session->trouble; /* the one before it said why */
        return;
    }
    if (PQstatus(session->connection) != CONNECTION_OK ||
        (code && begins_with_one(code, AWAY, sizeof AWAY / sizeof *AWAY))) {
        postgres_note_away(session, why);
    } else if (first && code &&
               begins_with_one(code, NAMELESS, sizeof NAMELESS / sizeof *NAMELESS)) {
        session->trouble = STORE_AGAIN;
        atomic_store(&session->store->pooled, true);
    } else if (first && code && !session->store->refusal &&
               begins_with_one(code, AGAIN, sizeof AGAIN / sizeof *AGAIN)) {
        session->trouble = STORE_AGAIN;
    } else if (first) {
        session->trouble = STORE_BROKEN;
        tell_failure(session->store, "the store failed", code, why);
    }
}

void postgres_disconnect(struct postgres_session *session)
{
    memset(session->prepared, 0, sizeof session->prepared);
    session->sent = session->received = 0;
    session->prepares_now = false;
    PQfinish(session->connection);
    session->connection = NULL;
}
