-- Version 6: a record may be merged into another one of its collection; what the audit tells of is
-- delivered elsewhere.

-- The id of the record that stands for it, which is itself merged into none.
ALTER TABLE records ADD COLUMN merged INTEGER;
CREATE INDEX records_merged ON records (place >> 40, merged) WHERE merged IS NOT NULL;

-- Audit entries on their way out. One is due at next_at, and parked where that is NULL.
CREATE TABLE deliveries (
    tenant   TEXT NOT NULL,
    seq      INTEGER NOT NULL,  -- of the audit entry
    event_id TEXT NOT NULL,
    type     TEXT NOT NULL,     -- 'invoice.created'
    resource TEXT NOT NULL,
    record   TEXT NOT NULL,     -- as the audit has it: 'inv_1001'
    data     TEXT,              -- the record's JSON; NULL: as it was created
    at       INTEGER NOT NULL,
    since    INTEGER NOT NULL,  -- tried since then
    attempts INTEGER NOT NULL,
    next_at  INTEGER,           -- while it is leased: when that ends
    owner    BLOB,              -- of the lease
    trouble  TEXT,              -- what came of the last attempt
    PRIMARY KEY (tenant, seq)
);
CREATE INDEX deliveries_due ON deliveries (next_at, since) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_record ON deliveries (tenant, resource, record, seq);

-- Up to which entry a tenant's audit was looked through for them.
CREATE TABLE delivery_marks (
    tenant TEXT NOT NULL PRIMARY KEY,
    seq    INTEGER NOT NULL
) WITHOUT ROWID;
