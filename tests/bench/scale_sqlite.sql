-- The same as scale_postgresql.sql, on SQLite: @from, @until, @tenants. Nothing needs to be safe yet.
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = DELETE;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -2000000;
BEGIN;
CREATE TEMPORARY TABLE model AS
SELECT created, place & 0xffffffffff AS first_id, created ->> 'number' AS number,
    created ->> '$.customer.email' AS email, '"' || (created ->> '$.customer.id') || '"' AS customer
FROM records JOIN collections ON place >> 40 = collections.number
WHERE resource = 'invoice' ORDER BY place LIMIT 1;
ALTER TABLE model ADD COLUMN request;
UPDATE model SET request = (SELECT request FROM idempotency_keys
    WHERE record_id = 'inv_' || first_id AND instr(request, model.number) > 0);

CREATE TEMPORARY VIEW more AS
WITH RECURSIVE numbers (n) AS (SELECT @from UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < @until)
SELECT n,
    printf('t%04d', n % @tenants) AS tenant,
    n / @tenants + 1 AS seq,
    n / @tenants + first_id AS id,
    n % 1000 / @tenants + 1 AS customer_id,
    printf('%04d@northwind.example', n % 1000) AS new_email,
    printf('%08x-%09d', n / 100000 * 2654435761 & 0xffffffff, n % 100000) AS new_number,
    unixepoch() * 1000 - (@until - n) / 50 AS at,
    printf('%08x-%04x-7%03x-a%03x-%012x', unixepoch() * 1000 - (@until - n) / 50 >> 16,
        unixepoch() * 1000 - (@until - n) / 50 & 0xffff, n * 40503 & 0xfff, n * 30011 & 0xfff,
        n * 6364136223846793005 & 0xffffffffffff) AS new_key,
    model.*
FROM numbers CROSS JOIN model;

INSERT INTO records (place, period, parent, created)
SELECT collections.number << 40 | id, 2026, customer_id,
    replace(replace(replace(replace(created, more.number, new_number), email, new_email),
        customer, '"cus_' || customer_id || '"'), '"inv_' || first_id || '"', '"inv_' || id || '"')
FROM more CROSS JOIN collections ON collections.tenant = more.tenant AND resource = 'invoice';

INSERT OR IGNORE INTO periods (collection, period, bucket)
SELECT DISTINCT place >> 40, period, (place & 0xffffffffff) >> 12 FROM records WHERE period IS NOT NULL;

INSERT INTO claims (collection, rule, value, record)
SELECT collections.number, 'number', new_number || char(31) || '2026' || char(31), id
FROM more CROSS JOIN collections ON collections.tenant = more.tenant AND resource = 'invoice';

INSERT INTO idempotency_keys (tenant, endpoint, key, fingerprint, request, status, record_id, location,
    expires_at)
SELECT tenant, 'POST /v1/invoices', new_key, printf('%064x', n * 6364136223846793005),
    replace(replace(request, number, new_number), email, new_email), 201, 'inv_' || id,
    '/v1/invoices/inv_' || id, at + 86400000
FROM more;

INSERT INTO audit (place, at, request_id, user, endpoint, key, resource, record_id, unique_values,
    outcome, status)
SELECT collections.number << 40 | seq, at, printf('%08x-%03x', n * 2654435761 & 0xffffffff, n & 0xfff),
    'load', 'POST /v1/invoices', new_key, 'invoice', 'inv_' || id,
    '{"number":"' || new_number || '","year":2026}', 'created', 201
FROM more CROSS JOIN collections ON collections.tenant = more.tenant AND resource = '';
COMMIT;
PRAGMA journal_mode = WAL;
