/* Requests, gathered by statement and sent together. */
#include "mock_server/store/postgres/postgres_session.h"

#include <assert.h>
#include <stdlib.h>

/* --- queueing --- */

bool postgres_add_request(struct postgres_session *session, enum statement which,
                          const struct value *values)
{
    const char *types = STATEMENTS[which].types;
    struct group *group = &session->groups[which];
    for (int i = 0; types[i]; i++) {
        struct buffer *column = &group->columns[i];
        if (group->count == 0) {
            array_begin(column, types[i]);
        }
        size_t before = column->length;
        array_add(column, types[i], &values[i]);
        session->queued += column->length - before;
        if (column->failed) {
            session->failed = true;
            session->trouble = STORE_BROKEN;
            return false;
        }
    }
    group->count++;
    return true;
}

void postgres_add_ask(struct postgres_session *session, enum statement which, struct ask *ask)
{
    struct group *group = &session->groups[which];
    ask->next = NULL;
    *(group->first ? group->last : &group->first) = ask;
    group->last = &ask->next;
}

/* --- answers --- */

static bool is_for(const struct ask *ask, const struct statement_row *statement,
                   const PGresult *result, int row)
{
    for (int i = 0; i < statement->names; i++) {
        if (!value_is(&ask->values[i], statement->types[i], PQgetvalue(result, row, i),
                      PQgetlength(result, row, i))) {
            return false;
        }
    }
    return true;
}

/* Rows come in the order of the asks, mostly, and for some there is none. How many were for one. */
static int give_answers(struct group *group, const struct statement_row *statement,
                        const PGresult *result)
{
    int given = 0;
    struct ask *at = group->first;
    for (int row = 0; at && row < PQntuples(result); row++) {
        struct ask *ask = at;
        do {
            if (ask->answer->row < 0 && is_for(ask, statement, result, row)) {
                *ask->answer = (struct answer){result, row};
                given++;
                at = ask->next ? ask->next : group->first;
                break;
            }
            ask = ask->next ? ask->next : group->first;
        } while (ask != at);
    }
    return given;
}

/* False: another process was quicker with what was trusted to go well. */
static bool take_answers(struct postgres_session *session, enum statement which)
{
    struct group *group = &session->groups[which];
    const PGresult *result = session->answers[which];
    int given = give_answers(group, &STATEMENTS[which], result);
    if (PQntuples(result) - given < group->trusted) {
        session->careful = session->failed = true;
        session->trouble = STORE_AGAIN;
    }
    return !session->failed;
}

static void forget_answers(struct postgres_session *session)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        PQclear(session->answers[i]);
        session->answers[i] = NULL;
    }
}

/* --- sending --- */

static bool send_group(struct postgres_session *session, enum statement which)
{
    const struct statement_row *statement = &STATEMENTS[which];
    struct group *group = &session->groups[which];
    Oid types[STATEMENT_VALUES_MAX];
    const char *values[STATEMENT_VALUES_MAX];
    int lengths[STATEMENT_VALUES_MAX], count = 0;
    for (; statement->types[count]; count++) {
        array_end(&group->columns[count], group->count);
        types[count] = array_type(statement->types[count]);
        values[count] = group->columns[count].bytes;
        lengths[count] = (int)group->columns[count].length;
    }
    return postgres_send(session, statement->sql, count, types, values, lengths);
}

bool postgres_send_requests(struct postgres_session *session)
{
    bool ok = true;
    for (int i = 0; ok && i < STATEMENT_COUNT; i++) {
        ok = session->groups[i].count == 0 || send_group(session, i);
    }
    return ok;
}

void postgres_receive_requests(struct postgres_session *session)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        struct group *group = &session->groups[i];
        if (group->count > 0) {
            PQclear(session->answers[i]);
            session->answers[i] = postgres_receive(session);
        }
    }
}

void postgres_drop_requests(struct postgres_session *session)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        session->groups[i].count = session->groups[i].trusted = 0;
        session->groups[i].first = NULL;
    }
    session->queued = 0;
}

static bool is_idle(const struct postgres_session *session)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        if (session->groups[i].count > 0) {
            return false;
        }
    }
    return true;
}

/* Sent before the locks were known to be had: it is worth nothing without them. */
static bool lack_locks(struct postgres_session *session)
{
    postgres_forget_known(session);
    session->failed = true;
    session->trouble = STORE_AGAIN;
    return false;
}

static bool exchange(struct postgres_session *session)
{
    int begins = 0, locks = 0;
    if (is_idle(session) && postgres_all_are_locked(session)) {
        return true;
    }
    if (!postgres_send_begin(session, &begins) || !postgres_send_locks(session, &locks) ||
        !postgres_send_requests(session) || !postgres_send_end(session)) {
        return false;
    }
    postgres_receive_begin(session, begins);
    postgres_receive_locks(session, locks);
    postgres_receive_requests(session);
    if (!postgres_receive_end(session)) {
        return false;
    }
    bool relied = session->relies_on_locks;
    session->relies_on_locks = false;
    return postgres_all_are_locked(session) ||
           (relied ? lack_locks(session) : postgres_add_tenants(session));
}

bool postgres_flush(struct postgres_session *session)
{
    forget_answers(session);
    bool ok = !session->failed && exchange(session);
    for (int i = 0; ok && i < STATEMENT_COUNT; i++) {
        ok = session->groups[i].count == 0 || take_answers(session, i);
    }
    postgres_drop_requests(session);
    return ok;
}

void postgres_free_requests(struct postgres_session *session)
{
    forget_answers(session);
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        for (int column = 0; column < STATEMENT_VALUES_MAX; column++) {
            buffer_clear(&session->groups[i].columns[column]);
        }
    }
}

/* --- columns --- */

const char *answer_text(const struct answer *answer, int column)
{
    assert(answer->row >= 0);
    return PQgetisnull(answer->result, answer->row, column)
               ? NULL
               : PQgetvalue(answer->result, answer->row, column);
}

int64_t answer_number(const struct answer *answer, int column)
{
    const char *text = answer_text(answer, column);
    return text ? strtoll(text, NULL, 10) : 0;
}

char *answer_copy(const struct answer *answer, int column, size_t *length, bool *failed)
{
    const char *text = answer_text(answer, column);
    char *copy = text ? strdup(text) : NULL;
    if (length) {
        *length = text ? (size_t)PQgetlength(answer->result, answer->row, column) : 0;
    }
    *failed = *failed || (text && !copy);
    return copy;
}
