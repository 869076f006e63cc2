/* What the driver asks of PostgreSQL. Each statement takes arrays, of one element for each request
 * that is carried out by it, so that one goes for the requests of many creates; its answer's rows
 * begin with the values that tell whose they are. Only for store/postgres/. */
#ifndef INVONCE_MOCK_SERVER_STORE_POSTGRES_POSTGRES_STATEMENTS_H
#define INVONCE_MOCK_SERVER_STORE_POSTGRES_POSTGRES_STATEMENTS_H

#define STATEMENT_VALUES_MAX 14

/* Sent in this order: what is told goes before what is asked. */
enum statement {
    STATEMENT_KEY_CLAIM, /* trusted, mostly */
    STATEMENT_RECORD_INSERT,
    STATEMENT_TEXT_REMOVE,
    STATEMENT_TEXT_ADD,
    STATEMENT_STAND,
    STATEMENT_KEY_AMEND,
    STATEMENT_AUDIT_APPEND,
    STATEMENT_DELIVERY_ADD,
    STATEMENT_DELIVERY_DONE,
    STATEMENT_DELIVERY_PUT_OFF,
    STATEMENT_KEY_FIND,
    STATEMENT_KEY_TAKE_OVER,
    STATEMENT_KEY_COMPLETE,
    STATEMENT_CLAIM,
    STATEMENT_HOLDER,
    STATEMENT_UNCLAIM,
    STATEMENT_STAND_NO_MORE,
    STATEMENT_RECORD_NOW,
    STATEMENT_RECORD_CREATED,
    STATEMENT_RECORD_MERGED,
    STATEMENT_RECORD_CHANGE,
    STATEMENT_RECORD_MOVE,
    STATEMENT_RECORD_MERGE,
    STATEMENT_EVENT_INSERT,
    STATEMENT_EVENT_FIND,
    STATEMENT_MARK_MAKE,
    STATEMENT_MARK_MOVE,
    STATEMENT_COUNT
};

struct statement_row {
    const char *sql;
    const char *types; /* of its values: t text, i bigint, n integer, b bytea */
    int names;         /* how many of the first values, with which the answer's rows begin */
};

extern const struct statement_row STATEMENTS[STATEMENT_COUNT];

#endif
