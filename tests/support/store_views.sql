-- How tests look at what the server keeps: its records as tables of the resources that they are of.
CREATE TEMP VIEW invoices AS
    SELECT place & 0xffffffffff AS id, place, c.tenant, json_extract(created, '$.number') AS number,
           (SELECT value FROM claims WHERE collection = c.number AND rule = 'number'
            AND record = place & 0xffffffffff) AS number_key,
           period AS year, parent AS customer_id, coalesce(current, created) AS record
    FROM records JOIN collections c ON c.number = place >> 40 WHERE c.resource = 'invoice';
CREATE TEMP VIEW customers AS
    SELECT place & 0xffffffffff AS id, c.tenant, coalesce(current, created) AS record
    FROM records JOIN collections c ON c.number = place >> 40 WHERE c.resource = 'customer';
CREATE TEMP VIEW payments AS
    SELECT place & 0xffffffffff AS id, c.tenant, parent AS invoice_id, created AS record
    FROM records JOIN collections c ON c.number = place >> 40 WHERE c.resource = 'payment';
CREATE TEMP VIEW provider_events AS SELECT tenant, source AS provider, event_id, type FROM events;
CREATE TEMP VIEW audit AS
    SELECT *, json_extract(unique_values, '$.number') AS number FROM main.audit;
