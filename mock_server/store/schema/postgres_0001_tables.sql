-- Version 1 of a store on PostgreSQL: the tables of SQLite's version 5, each with the tenant in front of
-- every key, so that it can be spread over machines by tenant; no key, and no constraint, reaches over
-- two tenants. Times are milliseconds since 1970 UTC. What is compared or sorted is so by its bytes.
-- :partitioned is PARTITION BY HASH (tenant) where partitions are asked for, else nothing.

-- Facts about the store itself: their tenant is ''.
CREATE TABLE facts (
    tenant text COLLATE "C" NOT NULL,
    name   text COLLATE "C" NOT NULL,
    value  text NOT NULL,
    PRIMARY KEY (tenant, name)
) :partitioned;

-- A tenant's counters, and its lock: whoever writes for the tenant holds this row until the commit, so
-- that its ids and audit entries are committed in the order of their numbers.
CREATE TABLE tenants (
    tenant   text COLLATE "C" NOT NULL PRIMARY KEY,
    counters text NOT NULL  -- JSON: the last id of each resource; of '', the last audit entry
) :partitioned;

-- The last transaction of each writer that had this tenant as its first: whether a commit whose answer
-- was lost took place.
CREATE TABLE writers (
    tenant      text COLLATE "C" NOT NULL,
    writer      text COLLATE "C" NOT NULL,  -- one of a program that runs, or ran
    transaction bigint NOT NULL,
    at          bigint NOT NULL,
    PRIMARY KEY (tenant, writer)
) :partitioned;

CREATE TABLE records (
    tenant   text COLLATE "C" NOT NULL,
    resource text COLLATE "C" NOT NULL,
    id       bigint NOT NULL,
    period   integer,        -- listed by, as a year
    parent   bigint,         -- listed under: the id of a record of another collection
    created  text NOT NULL,  -- the JSON as it was created
    current  text,           -- and as it is, where it was changed since
    PRIMARY KEY (tenant, resource, id)
) :partitioned;
-- In buckets of ids: a new record goes to a page that is in use, however many parents there are and
-- however many records they have.
CREATE INDEX records_parent ON records (tenant, resource, (id >> 12), parent) WHERE parent IS NOT NULL;
CREATE INDEX records_period ON records (tenant, resource, period, id) WHERE period IS NOT NULL;

CREATE TABLE claims (
    tenant   text COLLATE "C" NOT NULL,
    resource text COLLATE "C" NOT NULL,
    rule     text COLLATE "C" NOT NULL,
    value    text COLLATE "C" NOT NULL,  -- as it is compared; U+001F ends each of several parts
    record   bigint NOT NULL,            -- its id
    PRIMARY KEY (tenant, resource, rule, value)
) :partitioned;

-- Records whose value another has claimed: they were there before the rule, or before it compared
-- as it does. In a store made without unique constraints every record stands here.
CREATE TABLE standing (
    tenant   text COLLATE "C" NOT NULL,
    resource text COLLATE "C" NOT NULL,
    rule     text COLLATE "C" NOT NULL,
    value    text COLLATE "C" NOT NULL,
    record   bigint NOT NULL,
    PRIMARY KEY (tenant, resource, rule, value, record)
) :partitioned;

-- What a record is completed from.
CREATE TABLE texts (
    tenant   text COLLATE "C" NOT NULL,
    resource text COLLATE "C" NOT NULL,
    which    integer NOT NULL,
    text     text COLLATE "C" NOT NULL,
    record   bigint NOT NULL,
    sorted   text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, resource, which, text, record)
) :partitioned;

-- A key is in progress while its status is null, completed while expires_at is set, and a tombstone
-- once it is past that: then only the key, its fingerprint, the record and the outcome are left. The
-- body is null where it is the record as it was created.
CREATE TABLE idempotency_keys (
    tenant      text COLLATE "C" NOT NULL,
    endpoint    text COLLATE "C" NOT NULL,  -- 'POST /v1/invoices'
    key         text COLLATE "C" NOT NULL,
    fingerprint text NOT NULL,
    request     text,     -- canonical JSON, to say where another body differs
    owner       bytea,    -- in progress: whose claim it is
    lease_until bigint,   -- in progress: when it may be taken over
    status      integer,  -- of the saved reply
    problem     text,     -- of a refusal: the unique constraint's problem
    record_id   text,     -- what was created, or what stood in the way
    location    text,
    body        text,
    expires_at  bigint,
    PRIMARY KEY (tenant, endpoint, key)
) :partitioned;
CREATE INDEX idempotency_keys_expire ON idempotency_keys (expires_at) WHERE expires_at IS NOT NULL;

-- Every event that was delivered, those that are none of our business too.
CREATE TABLE events (
    tenant      text COLLATE "C" NOT NULL,
    source      text COLLATE "C" NOT NULL,
    event_id    text COLLATE "C" NOT NULL,
    type        text NOT NULL,
    fingerprint text NOT NULL,
    record      bigint,  -- what came of it: an id; null: nothing
    created_at  bigint NOT NULL,
    PRIMARY KEY (tenant, source, event_id)
) :partitioned;

CREATE TABLE audit (
    tenant        text COLLATE "C" NOT NULL,
    seq           bigint NOT NULL,
    at            bigint NOT NULL,
    request_id    text NOT NULL,
    user_name     text NOT NULL,
    endpoint      text NOT NULL,
    key           text,
    resource      text,
    record_id     text,
    parent_id     text,  -- of the record that its record is listed under
    unique_values text,  -- as they were sent: JSON
    outcome       text NOT NULL,
    status        integer NOT NULL,
    fault         text,
    PRIMARY KEY (tenant, seq)
) :partitioned;
