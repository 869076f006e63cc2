-- The views of store_views.sql, in front of a query: nothing is made in the database. Tables are meant
-- where a schema is named, or a name that no view has.
WITH invoices AS (
    SELECT tenant, id, created::json ->> 'number' AS number, period AS year, parent AS customer_id,
           (SELECT value FROM claims c WHERE c.tenant = r.tenant AND c.resource = r.resource
            AND c.rule = 'number' AND c.record = r.id) AS number_key,
           coalesce(current, created) AS record
    FROM records r WHERE resource = 'invoice'),
customers AS (
    SELECT tenant, id, coalesce(current, created) AS record FROM records WHERE resource = 'customer'),
payments AS (
    SELECT tenant, id, parent AS invoice_id, created AS record FROM records WHERE resource = 'payment'),
provider_events AS (SELECT tenant, source AS provider, event_id, type FROM events),
audit AS (
    SELECT *, user_name AS "user", unique_values::json ->> 'number' AS number FROM public.audit)
