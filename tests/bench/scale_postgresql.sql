-- More invoices in a store on PostgreSQL: rows as a server makes them for bench-load, of the :from-th
-- until the :until-th, for :tenants tenants in turn. They come in the order in which they would be
-- created, as that is how indexes grow. The first invoice that is there is their model.
SELECT created AS model, id AS first_id FROM records WHERE resource = 'invoice'
ORDER BY id LIMIT 1 \gset
SELECT request AS model_request FROM idempotency_keys WHERE record_id = 'inv_' || :first_id
AND strpos(request, (:'model')::json ->> 'number') > 0 \gset
SELECT (:'model')::json ->> 'number' AS model_number,
    (:'model')::json #>> '{customer,email}' AS model_email,
    (:'model')::json #>> '{customer,id}' AS model_customer,
    (extract(epoch FROM now()) * 1000)::bigint AS now \gset

CREATE TEMPORARY VIEW more AS
SELECT 't' || lpad((n % :tenants)::text, 4, '0') AS tenant,
    n / :tenants + 1 AS seq,
    n / :tenants + :first_id AS id,
    n % 1000 / :tenants + 1 AS customer,
    lpad((n % 1000)::text, 4, '0') || '@northwind.example' AS email,
    left(md5((n / 100000)::text), 8) || '-' || lpad((n % 100000)::text, 9, '0') AS number,
    at,
    left(lpad(to_hex(at), 12, '0'), 8) || '-' || right(to_hex(at), 4) || '-7'
        || substr(random, 1, 3) || '-a' || substr(random, 4, 3) || '-' || substr(random, 7, 12) AS key,
    random
FROM (SELECT n, :now - (:until - n) / 50 AS at, md5(n::text) AS random
    FROM generate_series(:from::bigint, :until - 1) AS n) AS numbers;

INSERT INTO records (tenant, resource, id, period, parent, created)
SELECT tenant, 'invoice', id, 2026, customer,
    replace(replace(replace(replace(:'model', :'model_number', number), :'model_email', email),
        '"' || :'model_customer' || '"', '"cus_' || customer || '"'),
        '"inv_' || :first_id || '"', '"inv_' || id || '"')
FROM more;

INSERT INTO claims (tenant, resource, rule, value, record)
SELECT tenant, 'invoice', 'number', number || chr(31) || '2026' || chr(31), id FROM more;

INSERT INTO idempotency_keys (tenant, endpoint, key, fingerprint, request, status, record_id, location,
    expires_at)
SELECT tenant, 'POST /v1/invoices', key, random || random,
    replace(replace(:'model_request', :'model_number', number), :'model_email', email),
    201, 'inv_' || id, '/v1/invoices/inv_' || id, at + 86400000
FROM more;

INSERT INTO audit (tenant, seq, at, request_id, user_name, endpoint, key, resource, record_id,
    unique_values, outcome, status)
SELECT tenant, seq, at, substr(random, 20, 8) || '-' || left(random, 3), 'load', 'POST /v1/invoices', key,
    'invoice', 'inv_' || id, '{"number":"' || number || '","year":2026}', 'created', 201
FROM more;

UPDATE tenants SET counters = (counters::jsonb
    || jsonb_build_object('invoice', :until / :tenants + :first_id - 1, '', :until / :tenants))::text;
