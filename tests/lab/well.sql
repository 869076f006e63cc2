-- Evidence in which nothing is wrong, for rules_test.c. Ana made A-1 with a retry, and heard that it
-- waits before she was told so; bob's A-1 is a conflict with it; ana's B-2 was rejected; the bank
-- told of a payment for A-1, twice. OLD is from another system, another A-1 was merged.

CREATE TEMP TABLE bodies (number, body);
CREATE TEMP TABLE made (id, number, rule, status);

INSERT INTO bodies VALUES
    ('A-1', NULL), ('B-2', NULL), ('OLD', NULL);
UPDATE bodies SET body = json_object(
    'number', number, 'currency', 'EUR', 'issue_date', '2026-11-22',
    'customer', json('{"email":"Ann@X.example","name":"Ann"}'),
    'lines', json('[{"quantity":"1.5","unit_price":"120.00","tax_rate":"21"}]'));
INSERT INTO bodies VALUES
    ('paid', '{"provider":"bank","event_id":"e-1","invoice_id":"inv_1","amount":"217.80"}');

INSERT INTO inputs SELECT 'ana', 'north', number, body FROM bodies WHERE number = 'A-1';
INSERT INTO inputs SELECT 'bob', 'north', number, body FROM bodies WHERE number = 'A-1';
INSERT INTO inputs SELECT 'ana', 'north', number, body FROM bodies WHERE number = 'B-2';
INSERT INTO inputs SELECT 'bank', 'north', 'A-1', body FROM bodies WHERE number = 'paid';

INSERT INTO actors VALUES
    ('ana', 'ann'),
    ('bob', 'bob');

INSERT INTO told (client, subject, said, record) VALUES
    ('ana', 'A-1', 'unconfirmed', NULL),
    ('ana', 'A-1', 'replayed', 'inv_1'),
    ('ana', 'A-1', 'created', 'inv_1'),
    ('bob', 'A-1', 'conflict', 'inv_1'),
    ('ana', 'B-2', 'rejected', NULL),
    ('bank', 'A-1', 'created', 'pay_1'),
    ('bank', 'A-1', 'created', 'pay_1');

INSERT INTO exits VALUES
    ('ana', 4, 'rejected'),
    ('bob', 3, 'conflict'),
    ('cat', 0, NULL);

INSERT INTO intents
    SELECT 'ana', 'north', 'k1', number, body, fingerprint(body), 'created', 'inv_1', 2, 1
    FROM bodies WHERE number = 'A-1';
INSERT INTO intents
    SELECT 'bob', 'north', 'k2', number, body, fingerprint(body), 'conflict', 'inv_1', 1, 1
    FROM bodies WHERE number = 'A-1';
INSERT INTO intents
    SELECT 'ana', 'north', 'k3', number, body, fingerprint(body), 'rejected', NULL, 1, 1
    FROM bodies WHERE number = 'B-2';

INSERT INTO audit VALUES
    ('north', 1, 'POST /v1/invoices', 'k1', 'created', 201, 'inv_1'),
    ('north', 2, 'POST /v1/invoices', 'k1', 'replayed', 201, 'inv_1'),
    ('north', 3, 'POST /v1/invoices', 'k2', 'rejected_conflict', 409, 'inv_1'),
    ('north', 4, 'POST /v1/invoices', 'k3', 'rejected_invalid', 422, NULL),
    ('north', 5, 'import', NULL, 'imported', 0, 'inv_0'),
    ('north', 6, 'POST /v1/webhooks/{provider}', NULL, 'created', 200, 'pay_1'),
    ('north', 7, 'POST /v1/webhooks/{provider}', NULL, 'replayed', 200, 'pay_1'),
    ('north', 8, 'duplicates merge', NULL, 'merged', 0, 'inv_9');

INSERT INTO made VALUES
    ('inv_1', 'A-1', 'number 2026 a-1', 'open'),
    ('inv_0', 'OLD', 'number 2026 old', 'open'),
    ('inv_9', 'A-1', 'number 2026 a-1', 'merged');
INSERT INTO records SELECT 'north', id, 'invoice', number, rule, status, json_set(
    body, '$.id', id, '$.status', 'open', '$.created_by', 'ann',
    '$.customer.id', 'cus_1', '$.lines[0].net', '180.00',
    '$.totals', json('{"net":"180.00","tax":"37.80","gross":"217.80"}'))
    FROM made JOIN bodies USING (number);
INSERT INTO records SELECT 'north', 'pay_1', 'payment', 'A-1', 'event bank e-1', NULL,
    json_set(body, '$.id', 'pay_1') FROM bodies WHERE number = 'paid';
INSERT INTO records VALUES ('north', 'cus_1', 'customer', NULL, 'e-mail ann@x.example', NULL,
    '{"id":"cus_1","email":"ann@x.example","name":"Ann"}');

INSERT INTO replies SELECT 'north', 'k1', 201, body FROM records WHERE id = 'inv_1';
INSERT INTO replies SELECT 'north', 'k1', 201, body FROM records WHERE id = 'inv_1';

UPDATE told SET fingerprint = fingerprint(body) FROM records
    WHERE id = record AND said = 'replayed';

INSERT INTO in_progress VALUES ('north', 'POST /v1/invoices', 'k5', 1020000);

DROP TABLE made;
DROP TABLE bodies;
