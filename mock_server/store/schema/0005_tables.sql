-- Version 5 of the store, whole: a new store begins here, and one of an earlier version gets what it
-- hasn't. Records are of any resource; what is unique is claimed in a table whose primary key is the
-- constraint. Every key starts with the tenant, or with a collection, which is one tenant's, so that
-- it can be spread over machines by tenant. Times are milliseconds since 1970 UTC. Rows that can be
-- long live in rowid tables: a row that outgrows a quarter of a page costs a whole one in a WITHOUT
-- ROWID table.

-- Facts about the store itself, not about any tenant.
CREATE TABLE IF NOT EXISTS facts (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- A tenant's records of one resource, or its audit (''). Records and audit entries lie in the order
-- of their place: the collection's number << 40 | the row's own.
CREATE TABLE collections (
    number   INTEGER PRIMARY KEY,
    tenant   TEXT NOT NULL,
    resource TEXT NOT NULL,
    UNIQUE (tenant, resource)
);

CREATE TABLE records (
    place   INTEGER PRIMARY KEY,
    period  INTEGER,        -- listed by, as a year
    parent  INTEGER,        -- listed under: the id of a record of another collection
    created TEXT NOT NULL,  -- the JSON as it was created
    current TEXT            -- and as it is, where it was changed since
);
-- In buckets of ids: a new record goes to a page that is in use, however many parents there are and
-- however many records they have.
CREATE INDEX records_parent ON records (place >> 12, parent) WHERE parent IS NOT NULL;

-- Which buckets of 4,096 ids hold records of a period: a row for each, not one a record.
CREATE TABLE periods (
    collection INTEGER NOT NULL,
    period     INTEGER NOT NULL,
    bucket     INTEGER NOT NULL,
    PRIMARY KEY (collection, period, bucket)
) WITHOUT ROWID;

CREATE TABLE claims (
    collection INTEGER NOT NULL,
    rule       TEXT NOT NULL,
    value      TEXT NOT NULL,     -- as it is compared; U+001F ends each of several parts
    record     INTEGER NOT NULL,  -- its id
    PRIMARY KEY (collection, rule, value)
) WITHOUT ROWID;

-- Records whose value another has claimed: they were there before the rule, or before it compared
-- as it does. In a store made without unique constraints every record stands here.
CREATE TABLE standing (
    collection INTEGER NOT NULL,
    rule       TEXT NOT NULL,
    value      TEXT NOT NULL,
    record     INTEGER NOT NULL,
    PRIMARY KEY (collection, rule, value, record)
) WITHOUT ROWID;

-- What a record is completed from.
CREATE TABLE texts (
    collection INTEGER NOT NULL,
    which      INTEGER NOT NULL,
    text       TEXT NOT NULL,
    record     INTEGER NOT NULL,
    sorted     TEXT NOT NULL,
    PRIMARY KEY (collection, which, text, record)
) WITHOUT ROWID;

-- A key is in progress while its status is NULL, completed while expires_at is set, and a tombstone
-- once it is past that: then only the key, its fingerprint, the record and the outcome are left. The
-- body is NULL where it is the record as it was created. Replies are saved in the order of the rowids,
-- so that those past their lifetime are the first after the mark that the fact keys_expired_to keeps.
CREATE TABLE IF NOT EXISTS idempotency_keys (
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

-- Every event that was delivered, those that are none of our business too.
CREATE TABLE events (
    tenant      TEXT NOT NULL,
    source      TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    type        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    record      INTEGER,       -- what came of it: an id; NULL: nothing
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant, source, event_id)
) WITHOUT ROWID;

CREATE TABLE audit (
    place         INTEGER PRIMARY KEY,
    seq           INTEGER AS (place & 0xffffffffff),
    at            INTEGER NOT NULL,
    request_id    TEXT NOT NULL,
    user          TEXT NOT NULL,
    endpoint      TEXT NOT NULL,
    key           TEXT,
    resource      TEXT,
    record_id     TEXT,
    parent_id     TEXT,           -- of the record that its record is listed under
    unique_values TEXT,           -- as they were sent: JSON
    outcome       TEXT NOT NULL,
    status        INTEGER NOT NULL,
    fault         TEXT
);
