-- Version 2 of a store on PostgreSQL: a record may be merged into another one of its collection; what
-- the audit tells of is delivered elsewhere.

-- The id of the record that stands for it, which is itself merged into none.
ALTER TABLE records ADD COLUMN merged bigint;
CREATE INDEX records_merged ON records (tenant, resource, merged, id) WHERE merged IS NOT NULL;

-- Audit entries on their way out. One is due at next_at, and parked where that is null.
CREATE TABLE deliveries (
    tenant   text COLLATE "C" NOT NULL,
    seq      bigint NOT NULL,  -- of the audit entry
    event_id text NOT NULL,
    type     text NOT NULL,    -- 'invoice.created'
    resource text COLLATE "C" NOT NULL,
    record   text COLLATE "C" NOT NULL,  -- as the audit has it: 'inv_1001'
    data     text,             -- the record's JSON; null: as it was created
    at       bigint NOT NULL,
    since    bigint NOT NULL,  -- tried since then
    attempts integer NOT NULL,
    next_at  bigint,           -- while it is leased: when that ends
    owner    bytea,            -- of the lease
    trouble  text,             -- what came of the last attempt
    PRIMARY KEY (tenant, seq)
) :partitioned;
CREATE INDEX deliveries_due ON deliveries (next_at, since) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_record ON deliveries (tenant, resource, record, seq);

-- Up to which entry a tenant's audit was looked through for them.
CREATE TABLE delivery_marks (
    tenant text COLLATE "C" NOT NULL PRIMARY KEY,
    seq    bigint NOT NULL
) :partitioned;
