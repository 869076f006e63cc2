-- Version 1 of the store. Every table's primary key starts with the tenant, so that it can be spread
-- over machines by tenant. Times are milliseconds since 1970 UTC. Rows that can be long live in
-- rowid tables: a row that outgrows a quarter of a page costs a whole one in a WITHOUT ROWID table.

-- Facts about the store itself, not about any tenant.
CREATE TABLE facts (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE customers (
    tenant     TEXT NOT NULL,
    id         INTEGER NOT NULL,
    email      TEXT NOT NULL,
    email_key  TEXT NOT NULL,  -- the e-mail as it is compared
    name       TEXT,
    name_key   TEXT,
    phone      TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX customers_email ON customers (tenant, email_key);
CREATE INDEX customers_name ON customers (tenant, name_key);

CREATE TABLE invoices (
    tenant          TEXT NOT NULL,
    id              INTEGER NOT NULL,
    number          TEXT NOT NULL,     -- as typed
    number_key      TEXT NOT NULL,     -- as it is compared
    year            INTEGER NOT NULL,  -- of the issue date
    customer_id     INTEGER NOT NULL,
    external_source TEXT,
    external_id     TEXT,
    record          TEXT NOT NULL,     -- the JSON that the API shows
    PRIMARY KEY (tenant, id)
);
-- The unique index on numbers is in numbers_unique.sql: a store can be made without it.
CREATE UNIQUE INDEX invoices_external ON invoices (tenant, external_source, external_id)
    WHERE external_source IS NOT NULL;
-- In buckets of ids: a new invoice goes to a page that is in use, however many customers there are
-- and however many invoices they have.
CREATE INDEX invoices_customer ON invoices (tenant, id >> 12, customer_id, id);
CREATE INDEX invoices_year ON invoices (tenant, year, id);

-- A key is in progress while its status is NULL, completed while expires_at is set, and a tombstone
-- once it is past that: then only the key, its fingerprint, the record and the outcome are left.
CREATE TABLE idempotency_keys (
    tenant      TEXT NOT NULL,
    endpoint    TEXT NOT NULL,     -- 'POST /v1/invoices'
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    request     TEXT,              -- canonical JSON, to say where another body differs
    owner       BLOB,              -- in progress: whose claim it is
    lease_until INTEGER,           -- in progress: when it may be taken over
    status      INTEGER,           -- of the saved reply
    problem     TEXT,              -- of a refusal: the unique constraint's problem
    record_id   TEXT,              -- what was created, or what stood in the way
    location    TEXT,
    body        TEXT,
    expires_at  INTEGER,
    PRIMARY KEY (tenant, endpoint, key)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE payments (
    tenant     TEXT NOT NULL,
    id         INTEGER NOT NULL,
    provider   TEXT NOT NULL,
    event_id   TEXT NOT NULL,
    invoice_id INTEGER NOT NULL,
    amount     TEXT NOT NULL,
    currency   TEXT NOT NULL,
    paid_at    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
CREATE INDEX payments_invoice ON payments (tenant, invoice_id);

-- Every event that a provider delivered, those that are none of our business too.
CREATE TABLE provider_events (
    tenant      TEXT NOT NULL,
    provider    TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    type        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    payment_id  INTEGER,           -- NULL: of a type that is ignored
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant, provider, event_id)
) WITHOUT ROWID;

CREATE TABLE audit (
    tenant          TEXT NOT NULL,
    seq             INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    request_id      TEXT NOT NULL,
    user            TEXT NOT NULL,
    endpoint        TEXT NOT NULL,
    key             TEXT,
    number          TEXT,
    year            INTEGER,
    external_source TEXT,
    external_id     TEXT,
    outcome         TEXT NOT NULL,
    invoice_id      TEXT,
    status          INTEGER NOT NULL,
    PRIMARY KEY (tenant, seq)
) WITHOUT ROWID;
