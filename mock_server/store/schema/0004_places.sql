-- Version 4: invoices and audit entries lie in the order of one integer, their place: the tenant's
-- number << 40 | the row's own. One more goes to the end of a last page that SQLite leaves full; in
-- an index, or a table WITHOUT ROWID, it spreads a full last page over its neighbours, again and
-- again, which cost nearly every commit five pages more.

CREATE TABLE tenants (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
);
INSERT INTO tenants (name)
    SELECT tenant FROM audit UNION SELECT tenant FROM invoices;

CREATE TABLE placed_invoices (
    place           INTEGER PRIMARY KEY,
    tenant          TEXT NOT NULL,
    id              INTEGER AS (place & 0xffffffffff),
    number          TEXT NOT NULL,     -- as typed
    number_key      TEXT NOT NULL,     -- as it is compared
    year            INTEGER NOT NULL,  -- of the issue date
    customer_id     INTEGER NOT NULL,
    external_source TEXT,
    external_id     TEXT,
    record          TEXT NOT NULL      -- the JSON that the API shows, as it was created
);
INSERT INTO placed_invoices
    SELECT t.number << 40 | i.id, i.tenant, i.number, i.number_key, i.year, i.customer_id,
           i.external_source, i.external_id, i.record
    FROM tenants t CROSS JOIN invoices i ON i.tenant = t.name
    ORDER BY t.number, i.id;
DROP TABLE invoices;
ALTER TABLE placed_invoices RENAME TO invoices;
CREATE UNIQUE INDEX invoices_external ON invoices (tenant, external_source, external_id)
    WHERE external_source IS NOT NULL;
-- In buckets of ids, as before.
CREATE INDEX invoices_customer ON invoices (place >> 12, customer_id);

-- The reply to a create is the record: idempotency_keys.body is NULL from this version on where
-- invoices.record has it.

CREATE TABLE placed_audit (
    place           INTEGER PRIMARY KEY,
    tenant          TEXT NOT NULL,
    seq             INTEGER AS (place & 0xffffffffff),
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
    fault           TEXT
);
INSERT INTO placed_audit
    SELECT t.number << 40 | a.seq, a.tenant, a.at, a.request_id, a.user, a.endpoint, a.key,
           a.number, a.year, a.external_source, a.external_id, a.outcome, a.invoice_id, a.status,
           a.fault
    FROM tenants t CROSS JOIN audit a ON a.tenant = t.name
    ORDER BY t.number, a.seq;
DROP TABLE audit;
ALTER TABLE placed_audit RENAME TO audit;
