-- To version 5, with its tables there: what the version before kept of invoices, customers and
-- payments is records now. Their numbers and e-mails are compared anew (fold, fold_email).

-- What a create appends to most comes last, at the end of its table.
INSERT INTO collections (tenant, resource)
    SELECT DISTINCT tenant, 'payment' FROM payments UNION ALL
    SELECT DISTINCT tenant, 'customer' FROM customers UNION ALL
    SELECT name, '' FROM tenants UNION ALL
    SELECT name, 'invoice' FROM tenants;

INSERT INTO records
    SELECT c.number << 40 | i.id, i.year, i.customer_id, i.record, NULL
    FROM collections c CROSS JOIN tenants t ON t.name = c.tenant
    CROSS JOIN invoices i ON i.place BETWEEN t.number << 40 AND t.number << 40 | 0xffffffffff
    WHERE c.resource = 'invoice' ORDER BY c.number, i.place;
INSERT INTO records
    SELECT c.number << 40 | u.id, NULL, NULL,
           json_object('id', 'cus_' || u.id, 'email', email, 'name', name, 'phone', phone,
                       'created_at', instant(created_at), 'created_by', created_by), NULL
    FROM collections c CROSS JOIN customers u ON u.tenant = c.tenant
    WHERE c.resource = 'customer' ORDER BY c.number, u.id;
INSERT INTO records
    SELECT c.number << 40 | p.id, NULL, p.invoice_id,
           json_object('id', 'pay_' || p.id, 'provider', provider, 'event_id', event_id,
                       'invoice_id', 'inv_' || invoice_id, 'amount', amount, 'currency', currency,
                       'paid_at', paid_at, 'created_at', instant(created_at)), NULL
    FROM collections c CROSS JOIN payments p ON p.tenant = c.tenant
    WHERE c.resource = 'payment' ORDER BY c.number, p.id;

INSERT INTO periods SELECT DISTINCT place >> 40, period, (place & 0xffffffffff) >> 12
    FROM records WHERE period IS NOT NULL;

CREATE TEMP VIEW folded AS
    SELECT c.number AS collection, 'number' AS rule,
           fold(i.number) || char(31) || i.year || char(31) AS value, i.id AS record, 0 AS firm
    FROM collections c CROSS JOIN tenants t ON t.name = c.tenant AND c.resource = 'invoice'
    CROSS JOIN invoices i ON i.place BETWEEN t.number << 40 AND t.number << 40 | 0xffffffffff
    UNION ALL
    SELECT c.number, 'external_ref', external_source || char(31) || external_id || char(31), i.id, 0
    FROM collections c CROSS JOIN tenants t ON t.name = c.tenant AND c.resource = 'invoice'
    CROSS JOIN invoices i ON i.place BETWEEN t.number << 40 AND t.number << 40 | 0xffffffffff
    WHERE external_source IS NOT NULL
    UNION ALL
    SELECT c.number, 'email', fold_email(u.email), u.id, 1
    FROM collections c CROSS JOIN customers u ON u.tenant = c.tenant WHERE c.resource = 'customer';
-- Each has its records in the order of their ids: the oldest claims.
INSERT INTO claims
    SELECT collection, rule, value, record FROM folded
    WHERE firm OR (SELECT CAST(value AS INTEGER) & 5 FROM facts WHERE name = 'without') = 0
    ON CONFLICT DO NOTHING;
INSERT INTO standing
    SELECT collection, rule, value, record FROM folded f WHERE NOT EXISTS
        (SELECT 1 FROM claims c WHERE c.collection = f.collection AND c.rule = f.rule
         AND c.value = f.value AND c.record = f.record);
DROP VIEW folded;

INSERT INTO texts
    SELECT c.number, 0, fold(email), u.id, fold(email)
    FROM collections c CROSS JOIN customers u ON u.tenant = c.tenant WHERE c.resource = 'customer'
    UNION ALL
    SELECT c.number, 1, fold(name), u.id, fold(email)
    FROM collections c CROSS JOIN customers u ON u.tenant = c.tenant
    WHERE c.resource = 'customer' AND name IS NOT NULL;

INSERT INTO events SELECT tenant, provider, event_id, type, fingerprint, payment_id, created_at
    FROM provider_events;

INSERT INTO audit
    SELECT c.number << 40 | a.seq, at, request_id, user, endpoint, key,
           CASE WHEN endpoint = 'POST /v1/invoices' THEN 'invoice'
                WHEN endpoint = 'POST /v1/customers' THEN 'customer'
                WHEN endpoint LIKE 'POST /v1/webhooks/%' THEN 'payment' END,
           CASE endpoint WHEN 'POST /v1/invoices' THEN invoice_id END,
           CASE WHEN endpoint <> 'POST /v1/invoices' THEN invoice_id END,
           '{' || nullif(substr(
               iif(a.number IS NULL, '', ',"number":' || json_quote(a.number)) ||
               iif(year IS NULL, '', ',"year":' || year) ||
               iif(external_source IS NULL, '',
                   ',"external_ref.source":' || json_quote(external_source) ||
                   ',"external_ref.id":' || json_quote(external_id)), 2), '') || '}',
           outcome, status, fault
    FROM collections c CROSS JOIN tenants t ON t.name = c.tenant AND c.resource = ''
    CROSS JOIN audit_4 a
        ON a.place BETWEEN t.number << 40 AND t.number << 40 | 0xffffffffff ORDER BY c.number, a.place;

DROP TABLE audit_4;
DROP TABLE provider_events;
DROP TABLE invoices;
DROP TABLE invoice_years;
DROP TABLE customers;
DROP TABLE payments;
DROP TABLE tenants;
