PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE facts (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO facts VALUES('keys_expired_to','2');
INSERT INTO facts VALUES('without','0');
CREATE TABLE customers (
    tenant     TEXT NOT NULL,
    id         INTEGER NOT NULL,
    email      TEXT NOT NULL,
    email_key  TEXT NOT NULL,  -- the e-mail as it is compared
    name       TEXT,
    name_key   TEXT,
    phone      TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
INSERT INTO customers VALUES('north',1,'ap@northwind.example','ap@northwind.example','Northwind Limited','northwind limited',NULL,1795901559814,'ana');
INSERT INTO customers VALUES('north',2,'x@bücher.example','x@bücher.example','Bücher "und" \ Co ','bücher "und" \ co',NULL,1795901565200,'ana');
INSERT INTO customers VALUES('north',3,'x@xn--bcher-kva.example','x@xn--bcher-kva.example',NULL,NULL,NULL,1795901565208,'ana');
INSERT INTO customers VALUES('north',4,'second@b.example','second@b.example','Northwind Ltd','northwind ltd',NULL,1795901565213,'ana');
INSERT INTO customers VALUES('north',5,'New@Customer.example','new@customer.example','Néw','néw','+49 30',1795901565226,'ana');
INSERT INTO customers VALUES('north',6,'third@x.example','third@x.example',NULL,NULL,NULL,1795901565245,'ana');
INSERT INTO customers VALUES('north',7,'m0@many.example','m0@many.example','Northwind Ltd','northwind ltd',NULL,1795901565295,'ana');
INSERT INTO customers VALUES('north',8,'m1@many.example','m1@many.example','Northwind Ltd','northwind ltd',NULL,1795901565296,'ana');
INSERT INTO customers VALUES('north',9,'m2@many.example','m2@many.example','Northwind Ltd','northwind ltd',NULL,1795901565297,'ana');
INSERT INTO customers VALUES('south',1,'ap@northwind.example','ap@northwind.example','Northwind Ltd','northwind ltd',NULL,1795901565222,'eve');
CREATE TABLE idempotency_keys (
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
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','past-1','8e3e4a02d852d48b00221599f5fe1837ef00fffbe6cd38d8e5616a9624e57415',NULL,NULL,NULL,201,NULL,'inv_1001',NULL,NULL,NULL);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','past-2','f5c76a46b7510a4dda092260b226d70f130fecfd717bcb822b33e3f692336147',NULL,NULL,NULL,409,'invoice-number-taken','inv_1001',NULL,NULL,NULL);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-0','8875fbe5a1513a0fd231732cc7e308c6d2caa178a99aa9f4286a8fa9a3946d70','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-0","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV-100"}',NULL,NULL,201,NULL,'inv_1002','/v1/invoices/inv_1002','{"id":"inv_1002","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-0"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.088Z","created_by":"ana"}',2111261565088);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-1','48a7c8c77dbdd6cbccf245bc1172a603f4df2d35c241914ed0d26dd6de39e6d0','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-1","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV‑100"}',NULL,NULL,201,NULL,'inv_1003','/v1/invoices/inv_1003','{"id":"inv_1003","status":"open","number":"INV‑100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-1"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.152Z","created_by":"ana"}',2111261565152);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-2','62619da2fbac890830694b3c3f987bda187181dc3a330e7afb21386bac67c0d9','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-2","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV–100"}',NULL,NULL,201,NULL,'inv_1004','/v1/invoices/inv_1004','{"id":"inv_1004","status":"open","number":"INV–100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-2"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.156Z","created_by":"ana"}',2111261565156);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-3','e459292d63078a0867e4c6db84aeaf38040d99c6b11761d03f0e1e5d408a5e76','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-3","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV−100"}',NULL,NULL,201,NULL,'inv_1005','/v1/invoices/inv_1005','{"id":"inv_1005","status":"open","number":"INV−100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-3"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.161Z","created_by":"ana"}',2111261565161);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','odd-1','e6cfde58b90cff75db7869695e5c4a40b37919b59a19c64a24d3e5e359ccfedf','{"currency":"EUR","customer":{"email":"x@bücher.example","name":"Bücher \"und\" \\ Co "},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"notes":"two\nlines","number":"X⁥1"}',NULL,NULL,201,NULL,'inv_1006','/v1/invoices/inv_1006','{"id":"inv_1006","status":"open","number":"X⁥1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"x@bücher.example","name":"Bücher \"und\" \\ Co ","id":"cus_2"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"two\nlines","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.200Z","created_by":"ana"}',2111261565200);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','odd-2','edce28b64edc3a7aa92cc6e3ef3bcf122e7ebcdcd4203577da1b4b6d99cd16a6','{"currency":"EUR","customer":{"email":"x@xn--bcher-kva.example"},"due_date":"2026-12-24","issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"X1"}',NULL,NULL,201,NULL,'inv_1007','/v1/invoices/inv_1007','{"id":"inv_1007","status":"open","number":"X1","issue_date":"2026-11-22","due_date":"2026-12-24","currency":"EUR","customer":{"email":"x@xn--bcher-kva.example","id":"cus_3"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.208Z","created_by":"ana"}',2111261565208);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','year-1','60a95a4c4812057621f273c5df9a2c7c6db0184deb206c65f5ffde5a812dc95d','{"currency":"EUR","customer":{"email":"second@b.example","name":"Northwind Ltd"},"external_ref":{"id":"7","source":"é"},"issue_date":"2025-01-31","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"X1"}',NULL,NULL,201,NULL,'inv_1008','/v1/invoices/inv_1008','{"id":"inv_1008","status":"open","number":"X1","issue_date":"2025-01-31","currency":"EUR","customer":{"email":"second@b.example","name":"Northwind Ltd","id":"cus_4"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"é","id":"7"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.213Z","created_by":"ana"}',2111261565213);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','taken-1','e26e5d7d8faff6ce988e0200222fafd7dfd08ab0a7934c51b86c4ba24d76cf76','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"inv-100"}',NULL,NULL,409,'invoice-number-taken','inv_1002',NULL,'{"type":"urn:invonce:problem:invoice-number-taken","title":"Invoice number taken","status":409,"detail":"This invoice number already exists. We kept the original and didn''t create a second one.","effect":"none","retry":"new_key","existing":{"id":"inv_1002","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-0"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.088Z","created_by":"ana"}}',2111261565216);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','taken-2','7ceff7d5a3e9cc2f8a6c1ba8abf8e7cabee4f9f0567147d3ae0cba7ce5f19c2f','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-2","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"Y-1"}',NULL,NULL,409,'external-ref-taken','inv_1004',NULL,'{"type":"urn:invonce:problem:external-ref-taken","title":"External reference taken","status":409,"detail":"This external reference already has an invoice. We kept the original and didn''t create a second one.","effect":"none","retry":"new_key","existing":{"id":"inv_1004","status":"open","number":"INV–100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-2"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.156Z","created_by":"ana"}}',2111261565218);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','south','9e53275ddd9d9886d601af098be67b300343ea2e4cf40fd8da620672b42eeb54','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"S-0"}',NULL,NULL,201,NULL,'inv_1009','/v1/invoices/inv_1009','{"id":"inv_1009","status":"open","number":"S-0","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.220Z","created_by":"ana"}',2111261565220);
INSERT INTO idempotency_keys VALUES('south','POST /v1/invoices','south','3be71c523e6be93c58fa01056c5316c2e39ae2f72948ce50fbb4a36d0bd368e8','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV-100"}',NULL,NULL,201,NULL,'inv_1001','/v1/invoices/inv_1001','{"id":"inv_1001","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.222Z","created_by":"eve"}',2111261565222);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','more-0','d4909c7af086b6bf2341801f34cb54a1ec1fddcbdd488f07bcd165788a26ea41','{"currency":"EUR","customer":{"email":"m0@many.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"M-0"}',NULL,NULL,201,NULL,'inv_1010','/v1/invoices/inv_1010','{"id":"inv_1010","status":"open","number":"M-0","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m0@many.example","name":"Northwind Ltd","id":"cus_7"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.295Z","created_by":"ana"}',2111261565295);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','more-1','b8c6e8d42809edc9e491a24cc6825865d693d8259b532cea4cf1feac3b971b9f','{"currency":"EUR","customer":{"email":"m1@many.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"M-1"}',NULL,NULL,201,NULL,'inv_1011','/v1/invoices/inv_1011','{"id":"inv_1011","status":"open","number":"M-1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m1@many.example","name":"Northwind Ltd","id":"cus_8"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.296Z","created_by":"ana"}',2111261565296);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','more-2','90cce99bf4a19d0353c5422242f00afadea44df04abf9ab1558db8568147222e','{"currency":"EUR","customer":{"email":"m2@many.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"M-2"}',NULL,NULL,201,NULL,'inv_1012','/v1/invoices/inv_1012','{"id":"inv_1012","status":"open","number":"M-2","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m2@many.example","name":"Northwind Ltd","id":"cus_9"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.297Z","created_by":"ana"}',2111261565297);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','left','c0a402772e9dda0ec8c2cd588547ba9f3c518c45371cc47317e7c5e79d57b947','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"L-1"}',X'fdfc33bf532a998cb2f7e6ee34e879c7',1795901566788,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE payments (
    tenant     TEXT NOT NULL,
    id         INTEGER NOT NULL,
    provider   TEXT NOT NULL,
    event_id   TEXT NOT NULL,
    invoice_id INTEGER NOT NULL,
    amount     TEXT NOT NULL,
    currency   TEXT NOT NULL,
    paid_at    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
INSERT INTO payments VALUES('north',1,'bank','e1',1002,'10.00','EUR','2026-11-22T10:00:00Z',1795901565253);
INSERT INTO payments VALUES('north',2,'other','e1',1002,'12.00','EUR','2026-11-22T10:00:00Z',1795901565292);
CREATE TABLE provider_events (
    tenant      TEXT NOT NULL,
    provider    TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    type        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    payment_id  INTEGER,           -- NULL: of a type that is ignored
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant, provider, event_id)
) WITHOUT ROWID;
INSERT INTO provider_events VALUES('north','bank','e1','payment.received','8c6097606a3804d526a3af5d9cb57d8e41c611c58160f954d1f15f18a797ca43',1,1795901565253);
INSERT INTO provider_events VALUES('north','bank','e2','other','ebfc6c3f7b691653987f2670cd132f7be54cf5fe2f5ee494c38f5df8ff877cee',NULL,1795901565289);
INSERT INTO provider_events VALUES('north','other','e1','payment.received','a4fd5ae062d093cb278eaf7c7736db45e6fa7bcb04c0a342f91d2219c43cc2c9',2,1795901565292);
CREATE TABLE invoice_years (
    tenant TEXT NOT NULL,
    year   INTEGER NOT NULL,
    bucket INTEGER NOT NULL,  -- id >> 12
    PRIMARY KEY (tenant, year, bucket)
) WITHOUT ROWID;
INSERT INTO invoice_years VALUES('north',2025,0);
INSERT INTO invoice_years VALUES('north',2026,0);
INSERT INTO invoice_years VALUES('south',2026,0);
CREATE TABLE tenants (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
);
INSERT INTO tenants VALUES(1,'north');
INSERT INTO tenants VALUES(2,'south');
CREATE TABLE IF NOT EXISTS "invoices" (
    place           INTEGER PRIMARY KEY,
    tenant          TEXT NOT NULL,
    id              INTEGER AS (place & 0xffffffffff),
    number          TEXT NOT NULL,     -- as typed
    number_key      TEXT NOT NULL,     -- as it is compared
    year            INTEGER NOT NULL,  -- of the issue date
    customer_id     INTEGER NOT NULL,
    external_source TEXT,
    external_id     TEXT,
    record          TEXT NOT NULL      -- the JSON that the API shows
);
INSERT INTO invoices VALUES(1099511628777,'north','P-1','p-1',2026,1,NULL,NULL,'{"id":"inv_1001","status":"open","number":"P-1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:39.814Z","created_by":"ana"}');
INSERT INTO invoices VALUES(1099511628778,'north','INV-100','inv-100',2026,1,'shop','A-0','{"id":"inv_1002","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-0"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.088Z","created_by":"ana"}');
INSERT INTO invoices VALUES(1099511628779,'north','INV‑100','inv‐100',2026,1,'shop','A-1','{"id":"inv_1003","status":"open","number":"INV‑100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-1"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.152Z","created_by":"ana"}');
INSERT INTO invoices VALUES(1099511628780,'north','INV–100','inv–100',2026,1,'shop','A-2','{"id":"inv_1004","status":"open","number":"INV–100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-2"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.156Z","created_by":"ana"}');
INSERT INTO invoices VALUES(1099511628781,'north','INV−100','inv−100',2026,1,'shop','A-3','{"id":"inv_1005","status":"open","number":"INV−100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-3"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.161Z","created_by":"ana"}');
INSERT INTO invoices VALUES(1099511628782,'north','X⁥1','x⁥1',2026,2,NULL,NULL,'{"id":"inv_1006","status":"open","number":"X⁥1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"x@bücher.example","name":"Bücher \"und\" \\ Co ","id":"cus_2"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"two\nlines","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.200Z","created_by":"ana"}');
INSERT INTO invoices VALUES(1099511628783,'north','X1','x1',2026,3,NULL,NULL,'{"id":"inv_1007","status":"open","number":"X1","issue_date":"2026-11-22","due_date":"2026-12-24","currency":"EUR","customer":{"email":"x@xn--bcher-kva.example","id":"cus_3"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.208Z","created_by":"ana"}');
INSERT INTO invoices VALUES(1099511628784,'north','X1','x1',2025,4,'é','7','{"id":"inv_1008","status":"open","number":"X1","issue_date":"2025-01-31","currency":"EUR","customer":{"email":"second@b.example","name":"Northwind Ltd","id":"cus_4"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"é","id":"7"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.213Z","created_by":"ana"}');
INSERT INTO invoices VALUES(1099511628785,'north','S-0','s-0',2026,1,NULL,NULL,'{"id":"inv_1009","status":"open","number":"S-0","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.220Z","created_by":"ana"}');
INSERT INTO invoices VALUES(1099511628786,'north','M-0','m-0',2026,7,NULL,NULL,'{"id":"inv_1010","status":"open","number":"M-0","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m0@many.example","name":"Northwind Ltd","id":"cus_7"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.295Z","created_by":"ana"}');
INSERT INTO invoices VALUES(1099511628787,'north','M-1','m-1',2026,8,NULL,NULL,'{"id":"inv_1011","status":"open","number":"M-1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m1@many.example","name":"Northwind Ltd","id":"cus_8"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.296Z","created_by":"ana"}');
INSERT INTO invoices VALUES(1099511628788,'north','M-2','m-2',2026,9,NULL,NULL,'{"id":"inv_1012","status":"open","number":"M-2","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m2@many.example","name":"Northwind Ltd","id":"cus_9"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.297Z","created_by":"ana"}');
INSERT INTO invoices VALUES(2199023256553,'south','INV-100','inv-100',2026,1,NULL,NULL,'{"id":"inv_1001","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.222Z","created_by":"eve"}');
CREATE TABLE IF NOT EXISTS "audit" (
    place           INTEGER PRIMARY KEY,
    tenant          TEXT NOT NULL,
    seq             INTEGER AS (place & 0xffffffffff),
    at              INTEGER NOT NULL,
    request_id      TEXT NOT NULL,
    user            TEXT NOT NULL,
    endpoint        TEXT NOT NULL,
    key             TEXT,
    number          TEXT,
    year            INTEGER,
    external_source TEXT,
    external_id     TEXT,
    outcome         TEXT NOT NULL,
    invoice_id      TEXT,
    status          INTEGER NOT NULL,
    fault           TEXT
);
INSERT INTO audit VALUES(1099511627777,'north',1795901559815,'064100ba-0','ana','POST /v1/invoices','past-1','P-1',2026,NULL,NULL,'created','inv_1001',201,NULL);
INSERT INTO audit VALUES(1099511627778,'north',1795901559841,'064100ba-1','ana','POST /v1/invoices','past-2',' p-1 ',2026,NULL,NULL,'rejected_conflict','inv_1001',409,NULL);
INSERT INTO audit VALUES(1099511627779,'north',1795901565090,'293d996a-0','ana','POST /v1/invoices','dash-0','INV-100',2026,'shop','A-0','created','inv_1002',201,NULL);
INSERT INTO audit VALUES(1099511627780,'north',1795901565153,'293d996a-1','ana','POST /v1/invoices','dash-1','INV‑100',2026,'shop','A-1','created','inv_1003',201,NULL);
INSERT INTO audit VALUES(1099511627781,'north',1795901565156,'293d996a-2','ana','POST /v1/invoices','dash-2','INV–100',2026,'shop','A-2','created','inv_1004',201,NULL);
INSERT INTO audit VALUES(1099511627782,'north',1795901565161,'293d996a-3','ana','POST /v1/invoices','dash-3','INV−100',2026,'shop','A-3','created','inv_1005',201,NULL);
INSERT INTO audit VALUES(1099511627783,'north',1795901565201,'293d996a-4','ana','POST /v1/invoices','odd-1','X⁥1',2026,NULL,NULL,'created','inv_1006',201,NULL);
INSERT INTO audit VALUES(1099511627784,'north',1795901565209,'293d996a-5','ana','POST /v1/invoices','odd-2','X1',2026,NULL,NULL,'created','inv_1007',201,NULL);
INSERT INTO audit VALUES(1099511627785,'north',1795901565213,'293d996a-6','ana','POST /v1/invoices','year-1','X1',2025,'é','7','created','inv_1008',201,NULL);
INSERT INTO audit VALUES(1099511627786,'north',1795901565216,'293d996a-7','ana','POST /v1/invoices','taken-1','inv-100',2026,NULL,NULL,'rejected_conflict','inv_1002',409,NULL);
INSERT INTO audit VALUES(1099511627787,'north',1795901565218,'293d996a-8','ana','POST /v1/invoices','taken-2','Y-1',2026,'shop','A-2','rejected_conflict','inv_1004',409,NULL);
INSERT INTO audit VALUES(1099511627788,'north',1795901565220,'293d996a-9','ana','POST /v1/invoices','south','S-0',2026,NULL,NULL,'created','inv_1009',201,NULL);
INSERT INTO audit VALUES(1099511627789,'north',1795901565224,'293d996a-b','ana','POST /v1/invoices','bad','B-1',NULL,NULL,NULL,'rejected_invalid',NULL,422,NULL);
INSERT INTO audit VALUES(1099511627790,'north',1795901565225,'293d996a-c','ana','POST /v1/invoices',NULL,'B-2',2026,NULL,NULL,'rejected_invalid',NULL,400,NULL);
INSERT INTO audit VALUES(1099511627791,'north',1795901565226,'293d996a-d','ana','POST /v1/customers',NULL,NULL,NULL,NULL,NULL,'created',NULL,201,NULL);
INSERT INTO audit VALUES(1099511627792,'north',1795901565236,'293d996a-e','ana','POST /v1/customers',NULL,NULL,NULL,NULL,NULL,'replayed',NULL,200,NULL);
INSERT INTO audit VALUES(1099511627793,'north',1795901565245,'293d996a-f','ana','POST /v1/customers',NULL,NULL,NULL,NULL,NULL,'created',NULL,201,NULL);
INSERT INTO audit VALUES(1099511627794,'north',1795901565253,'293d996a-10','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'created','inv_1002',200,NULL);
INSERT INTO audit VALUES(1099511627795,'north',1795901565270,'293d996a-11','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'replayed','inv_1002',200,NULL);
INSERT INTO audit VALUES(1099511627796,'north',1795901565281,'293d996a-12','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'rejected_mismatch',NULL,422,NULL);
INSERT INTO audit VALUES(1099511627797,'north',1795901565289,'293d996a-13','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'created',NULL,200,NULL);
INSERT INTO audit VALUES(1099511627798,'north',1795901565292,'293d996a-14','ana','POST /v1/webhooks/other',NULL,NULL,NULL,NULL,NULL,'created','inv_1002',200,NULL);
INSERT INTO audit VALUES(1099511627799,'north',1795901565295,'293d996a-15','ana','POST /v1/invoices','more-0','M-0',2026,NULL,NULL,'created','inv_1010',201,NULL);
INSERT INTO audit VALUES(1099511627800,'north',1795901565296,'293d996a-16','ana','POST /v1/invoices','more-1','M-1',2026,NULL,NULL,'created','inv_1011',201,NULL);
INSERT INTO audit VALUES(1099511627801,'north',1795901565297,'293d996a-17','ana','POST /v1/invoices','more-2','M-2',2026,NULL,NULL,'created','inv_1012',201,NULL);
INSERT INTO audit VALUES(1099511627802,'north',1795901567189,'0ab97e4a-1d','ana','POST /v1/invoices','past-1','P-1',2026,NULL,NULL,'replayed','inv_1001',200,NULL);
INSERT INTO audit VALUES(1099511627803,'north',1795901567201,'0ab97e4a-1e','ana','POST /v1/invoices','past-2',' p-1 ',2026,NULL,NULL,'replayed','inv_1001',409,NULL);
INSERT INTO audit VALUES(1099511627804,'north',1795901567202,'0ab97e4a-1f','ana','POST /v1/invoices','dash-0','INV-100',2026,'shop','A-0','replayed','inv_1002',201,NULL);
INSERT INTO audit VALUES(1099511627805,'north',1795901567203,'0ab97e4a-20','ana','POST /v1/invoices','dash-1','INV‑100',2026,'shop','A-1','replayed','inv_1003',201,NULL);
INSERT INTO audit VALUES(1099511627806,'north',1795901567203,'0ab97e4a-21','ana','POST /v1/invoices','dash-2','INV–100',2026,'shop','A-2','replayed','inv_1004',201,NULL);
INSERT INTO audit VALUES(1099511627807,'north',1795901567204,'0ab97e4a-22','ana','POST /v1/invoices','dash-3','INV−100',2026,'shop','A-3','replayed','inv_1005',201,NULL);
INSERT INTO audit VALUES(1099511627808,'north',1795901567205,'0ab97e4a-23','ana','POST /v1/invoices','odd-1','X⁥1',2026,NULL,NULL,'replayed','inv_1006',201,NULL);
INSERT INTO audit VALUES(1099511627809,'north',1795901567205,'0ab97e4a-24','ana','POST /v1/invoices','odd-2','X1',2026,NULL,NULL,'replayed','inv_1007',201,NULL);
INSERT INTO audit VALUES(1099511627810,'north',1795901567206,'0ab97e4a-25','ana','POST /v1/invoices','year-1','X1',2025,'é','7','replayed','inv_1008',201,NULL);
INSERT INTO audit VALUES(1099511627811,'north',1795901567207,'0ab97e4a-26','ana','POST /v1/invoices','taken-1','inv-100',2026,NULL,NULL,'replayed','inv_1002',409,NULL);
INSERT INTO audit VALUES(1099511627812,'north',1795901567207,'0ab97e4a-27','ana','POST /v1/invoices','taken-2','Y-1',2026,'shop','A-2','replayed','inv_1004',409,NULL);
INSERT INTO audit VALUES(1099511627813,'north',1795901567208,'0ab97e4a-28','ana','POST /v1/invoices','south','S-0',2026,NULL,NULL,'replayed','inv_1009',201,NULL);
INSERT INTO audit VALUES(1099511627814,'north',1795901567209,'0ab97e4a-2a','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'replayed','inv_1002',200,NULL);
INSERT INTO audit VALUES(1099511627815,'north',1795901567211,'0ab97e4a-2b','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'replayed','inv_1002',200,NULL);
INSERT INTO audit VALUES(1099511627816,'north',1795901567212,'0ab97e4a-2c','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'rejected_mismatch',NULL,422,NULL);
INSERT INTO audit VALUES(1099511627817,'north',1795901567214,'0ab97e4a-2d','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'replayed',NULL,200,NULL);
INSERT INTO audit VALUES(1099511627818,'north',1795901567215,'0ab97e4a-2e','ana','POST /v1/webhooks/other',NULL,NULL,NULL,NULL,NULL,'replayed','inv_1002',200,NULL);
INSERT INTO audit VALUES(1099511627819,'north',1795901567219,'0ab97e4a-2f','ana','POST /v1/invoices','more-0','M-0',2026,NULL,NULL,'replayed','inv_1010',201,NULL);
INSERT INTO audit VALUES(1099511627820,'north',1795901567220,'0ab97e4a-30','ana','POST /v1/invoices','more-1','M-1',2026,NULL,NULL,'replayed','inv_1011',201,NULL);
INSERT INTO audit VALUES(1099511627821,'north',1795901567220,'0ab97e4a-31','ana','POST /v1/invoices','more-2','M-2',2026,NULL,NULL,'replayed','inv_1012',201,NULL);
INSERT INTO audit VALUES(2199023255553,'south',1795901565222,'293d996a-a','eve','POST /v1/invoices','south','INV-100',2026,NULL,NULL,'created','inv_1001',201,NULL);
INSERT INTO audit VALUES(2199023255554,'south',1795901567208,'0ab97e4a-29','eve','POST /v1/invoices','south','INV-100',2026,NULL,NULL,'replayed','inv_1001',201,NULL);
CREATE UNIQUE INDEX customers_email ON customers (tenant, email_key);
CREATE INDEX customers_name ON customers (tenant, name_key);
CREATE INDEX payments_invoice ON payments (tenant, invoice_id);
CREATE UNIQUE INDEX invoices_external ON invoices (tenant, external_source, external_id)
    WHERE external_source IS NOT NULL;
CREATE INDEX invoices_customer ON invoices (place >> 12, customer_id);
CREATE UNIQUE INDEX invoices_number ON invoices (tenant, number_key, year);
COMMIT;
PRAGMA user_version=4;
