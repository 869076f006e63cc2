#include "mock_server/store/sqlite/sqlite_session.h"

enum store_status store_invoice_next_id(struct store_session *session, const char *tenant,
                                        int64_t *id)
{
    return sqlite_next_number(session, SERIES_INVOICE, tenant, id);
}

static enum store_status copy_found(struct store_session *session, sqlite3_stmt *statement,
                                    int64_t *id, char **record)
{
    enum store_status status = sqlite_row(session, statement);
    if (status == STORE_OK) {
        bool failed = false;
        *id = sqlite3_column_int64(statement, 0);
        *record = sqlite_copy_at(statement, 1, &failed);
        sqlite_done(statement);
        return failed ? STORE_FAILED : STORE_OK;
    }
    return status;
}

enum store_status store_invoice_by_id(struct store_session *session, const char *tenant, int64_t id,
                                      char **record)
{
    sqlite3_stmt *statement = sqlite_statement(session, STATEMENT_INVOICE_BY_ID,
                                               "SELECT id, record FROM invoices WHERE place = ?1");
    int64_t first = 0;
    enum store_status status =
        statement ? sqlite_find_tenant(session, tenant, &first) : STORE_FAILED;
    if (status != STORE_OK || id < 0 || id >= ID_END) {
        return status == STORE_OK ? STORE_ABSENT : status;
    }
    sqlite3_bind_int64(statement, 1, first + id);
    return copy_found(session, statement, &id, record);
}

enum store_status store_invoice_by_number(struct store_session *session, const char *tenant,
                                          const char *number_key, int year, int64_t *id,
                                          char **record)
{
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_INVOICE_BY_NUMBER,
        "SELECT id, record FROM invoices WHERE tenant = ?1 AND number_key = ?2 AND year = ?3"
        " ORDER BY place LIMIT 1");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    sqlite_bind_text_at(statement, 2, number_key);
    sqlite3_bind_int(statement, 3, year);
    return copy_found(session, statement, id, record);
}

enum store_status store_invoice_by_external(struct store_session *session, const char *tenant,
                                            const char *source, const char *external_id,
                                            int64_t *id, char **record)
{
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_INVOICE_BY_EXTERNAL,
                         "SELECT id, record FROM invoices"
                         " WHERE tenant = ?1 AND external_source = ?2 AND external_id = ?3");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    sqlite_bind_text_at(statement, 2, source);
    sqlite_bind_text_at(statement, 3, external_id);
    return copy_found(session, statement, id, record);
}

/* SQLite names one violated constraint, whichever it tried first: when the number is taken too,
 * the number is what is reported. */
static enum store_status which_is_taken(struct store_session *session,
                                        const struct store_invoice *invoice)
{
    if (!invoice->external_source) {
        return STORE_NUMBER_TAKEN;
    }
    if (session->store->without & (STORE_NO_UNIQUE | STORE_CHECK_THEN_STORE)) {
        return STORE_EXTERNAL_TAKEN;
    }
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_INVOICE_BY_NUMBER,
        "SELECT id, record FROM invoices WHERE tenant = ?1 AND number_key = ?2 AND year = ?3"
        " ORDER BY place LIMIT 1");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, invoice->tenant);
    sqlite_bind_text_at(statement, 2, invoice->number_key);
    sqlite3_bind_int(statement, 3, invoice->year);
    enum store_status status = sqlite_row(session, statement);
    if (status == STORE_OK) {
        sqlite_done(statement);
        return STORE_NUMBER_TAKEN;
    }
    return status == STORE_ABSENT ? STORE_EXTERNAL_TAKEN : status;
}

#define BUCKET_BITS 12

/* Nearly always it is noted already, and mostly that is remembered. */
static enum store_status note_year(struct store_session *session,
                                   const struct store_invoice *invoice)
{
    struct tenant_numbers *numbers = sqlite_numbers_of(session, invoice->tenant);
    int64_t bucket = invoice->id >> BUCKET_BITS;
    if (numbers && numbers->noted_year == invoice->year && numbers->noted_bucket == bucket) {
        return STORE_OK;
    }
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_INVOICE_NOTE_YEAR,
                         "INSERT INTO invoice_years VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, invoice->tenant);
    sqlite3_bind_int(statement, 2, invoice->year);
    sqlite3_bind_int64(statement, 3, bucket);
    enum store_status status = sqlite_run(session, statement, NULL);
    if (status == STORE_OK && numbers) {
        numbers->noted_year = invoice->year;
        numbers->noted_bucket = bucket;
    }
    return status;
}

enum store_status store_invoice_insert(struct store_session *session,
                                       const struct store_invoice *invoice)
{
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_INVOICE_INSERT,
        "INSERT INTO invoices (tenant, place, number, number_key, year, customer_id,"
        " external_source, external_id, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    int64_t first = 0;
    if (!statement || sqlite_place_tenant(session, invoice->tenant, &first) != STORE_OK) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, invoice->tenant);
    sqlite3_bind_int64(statement, 2, first + invoice->id);
    sqlite_bind_text_at(statement, 3, invoice->number);
    sqlite_bind_text_at(statement, 4, invoice->number_key);
    sqlite3_bind_int(statement, 5, invoice->year);
    sqlite3_bind_int64(statement, 6, invoice->customer_id);
    sqlite_bind_text_at(statement, 7, invoice->external_source);
    sqlite_bind_text_at(statement, 8, invoice->external_id);
    sqlite3_bind_text(statement, 9, invoice->record, (int)invoice->record_length, SQLITE_STATIC);
    enum store_status status = sqlite_run(session, statement, NULL);
    if (status == STORE_OK) {
        sqlite_took_number(session, SERIES_INVOICE, invoice->tenant, invoice->id);
        return note_year(session, invoice);
    }
    return status == STORE_TAKEN ? which_is_taken(session, invoice) : status;
}

/* One statement per index that can lead; + keeps SQLite from leading with the place. Each takes all
 * the parameters: ?1 tenant, ?2 from and ?8 before which place, ?3 limit, ?4 number, ?5 year,
 * ?6 customer's id, ?7 customer's e-mail; NULL: any. */
#define LIST        "SELECT id, record FROM invoices WHERE "
#define BETWEEN     "place >= ?2 AND place < ?8"
#define IS_NUMBER   "tenant = ?1 AND number_key = ?4 AND +place < ?8"
#define IN_BUCKET   "place >> 12 = ?2 >> 12 AND +place < ?8 AND customer_id = ?6"
#define LATEST      " ORDER BY place DESC LIMIT ?3"
#define LATEST_FEW  " ORDER BY +place DESC LIMIT ?3"
#define MAY_BE_YEAR " AND (?5 IS NULL OR +year = ?5)"
#define MAY_BE_CUSTOMER                                                                            \
    " AND ((?6 IS NULL AND ?7 IS NULL) OR +customer_id = coalesce(?6, (SELECT c.id"                \
    " FROM customers c WHERE c.tenant = ?1 AND c.email_key = ?7)))"

static sqlite3_stmt *list_statement(struct store_session *session,
                                    const struct store_invoice_filter *filter)
{
    if (filter->number_key) {
        return sqlite_statement(session, STATEMENT_INVOICE_LIST_BY_NUMBER,
                                LIST IS_NUMBER MAY_BE_YEAR MAY_BE_CUSTOMER LATEST_FEW);
    }
    if (filter->customer_id || filter->customer_email_key) {
        return sqlite_statement(session, STATEMENT_INVOICE_LIST_BY_CUSTOMER,
                                LIST IN_BUCKET MAY_BE_YEAR LATEST);
    }
    if (filter->year) {
        return sqlite_statement(session, STATEMENT_INVOICE_LIST_BY_YEAR,
                                LIST BETWEEN " AND +year = ?5" LATEST);
    }
    return sqlite_statement(session, STATEMENT_INVOICE_LIST, LIST BETWEEN LATEST);
}

struct listing {
    void (*each)(void *context, int64_t id, const char *record);
    void *context;
    int64_t first; /* the tenant's first place */
    int left;      /* rows still wanted */
};

static enum store_status list_some(struct store_session *session,
                                   const struct store_invoice_filter *filter, int64_t from,
                                   struct listing *listing)
{
    sqlite3_stmt *statement = list_statement(session, filter);
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, filter->tenant);
    sqlite3_bind_int64(statement, 2, listing->first + from);
    sqlite3_bind_int(statement, 3, listing->left);
    sqlite_bind_text_at(statement, 4, filter->number_key);
    sqlite_bind_id(statement, 5, filter->year);
    sqlite_bind_id(statement, 6, filter->customer_id);
    sqlite_bind_text_at(statement, 7, filter->customer_email_key);
    sqlite3_bind_int64(statement, 8, listing->first + filter->before);
    enum store_status status = STORE_OK;
    while ((status = sqlite_row(session, statement)) == STORE_OK) {
        listing->each(listing->context, sqlite3_column_int64(statement, 0),
                      sqlite_text_at(statement, 1));
        listing->left--;
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}

/* Bucket by bucket from the newest: see the index. */
static enum store_status list_of_customer(struct store_session *session,
                                          const struct store_invoice_filter *filter,
                                          struct listing *listing)
{
    struct store_invoice_filter known = *filter;
    int64_t next = 0;
    enum store_status status = STORE_OK;
    if (!known.customer_id) {
        status = store_customer_id_by_email(session, filter->tenant, filter->customer_email_key,
                                            &known.customer_id);
    }
    if (status == STORE_OK) {
        status = store_invoice_next_id(session, filter->tenant, &next);
    }
    if (known.before > next) {
        known.before = next;
    }
    for (int64_t bucket = (known.before - 1) >> BUCKET_BITS;
         status == STORE_OK && bucket >= 0 && listing->left > 0; bucket--) {
        status = list_some(session, &known, bucket << BUCKET_BITS, listing);
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}

/* The newest bucket up to *bucket that holds invoices of the year. */
static enum store_status bucket_of_year(struct store_session *session,
                                        const struct store_invoice_filter *filter, int64_t *bucket)
{
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_INVOICE_BUCKET_OF_YEAR,
        "SELECT max(bucket) FROM invoice_years WHERE tenant = ?1 AND year = ?2 AND bucket <= ?3"
        " HAVING max(bucket) IS NOT NULL");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, filter->tenant);
    sqlite3_bind_int(statement, 2, filter->year);
    sqlite3_bind_int64(statement, 3, *bucket);
    enum store_status status = sqlite_row(session, statement);
    if (status == STORE_OK) {
        *bucket = sqlite3_column_int64(statement, 0);
        sqlite_done(statement);
    }
    return status;
}

/* Only through buckets that hold some. */
static enum store_status list_of_year(struct store_session *session,
                                      const struct store_invoice_filter *filter,
                                      struct listing *listing)
{
    struct store_invoice_filter part = *filter;
    int64_t bucket = (filter->before - 1) >> BUCKET_BITS;
    enum store_status status = STORE_OK;
    while (status == STORE_OK && listing->left > 0 &&
           (status = bucket_of_year(session, filter, &bucket)) == STORE_OK) {
        int64_t end = (bucket + 1) << BUCKET_BITS;
        part.before = filter->before < end ? filter->before : end;
        status = list_some(session, &part, bucket-- << BUCKET_BITS, listing);
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}

enum store_status store_invoice_list(struct store_session *session,
                                     const struct store_invoice_filter *filter,
                                     void (*each)(void *context, int64_t id, const char *record),
                                     void *context)
{
    struct listing listing = {.each = each, .context = context, .left = filter->limit};
    enum store_status status = sqlite_find_tenant(session, filter->tenant, &listing.first);
    if (status != STORE_OK) {
        return status == STORE_ABSENT ? STORE_OK : status;
    }
    struct store_invoice_filter bounded = *filter;
    if (bounded.before <= 0 || bounded.before > ID_END) {
        bounded.before = ID_END;
    }
    if (!bounded.number_key && (bounded.customer_id || bounded.customer_email_key)) {
        return list_of_customer(session, &bounded, &listing);
    }
    if (!bounded.number_key && bounded.year) {
        return list_of_year(session, &bounded, &listing);
    }
    return list_some(session, &bounded, 0, &listing);
}
