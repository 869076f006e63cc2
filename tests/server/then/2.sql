PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE facts (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
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
INSERT INTO customers VALUES('north',1,'ap@northwind.example','ap@northwind.example','Northwind Limited','northwind limited',NULL,1795901559822,'ana');
INSERT INTO customers VALUES('north',2,'x@bücher.example','x@bücher.example','Bücher "und" \ Co ','bücher "und" \ co',NULL,1795901564942,'ana');
INSERT INTO customers VALUES('north',3,'x@xn--bcher-kva.example','x@xn--bcher-kva.example',NULL,NULL,NULL,1795901564944,'ana');
INSERT INTO customers VALUES('north',4,'second@b.example','second@b.example','Northwind Ltd','northwind ltd',NULL,1795901564945,'ana');
INSERT INTO customers VALUES('north',5,'New@Customer.example','new@customer.example','Néw','néw','+49 30',1795901564970,'ana');
INSERT INTO customers VALUES('north',6,'third@x.example','third@x.example',NULL,NULL,NULL,1795901564973,'ana');
INSERT INTO customers VALUES('north',7,'m0@many.example','m0@many.example','Northwind Ltd','northwind ltd',NULL,1795901565208,'ana');
INSERT INTO customers VALUES('north',8,'m1@many.example','m1@many.example','Northwind Ltd','northwind ltd',NULL,1795901565269,'ana');
INSERT INTO customers VALUES('north',9,'m2@many.example','m2@many.example','Northwind Ltd','northwind ltd',NULL,1795901565326,'ana');
INSERT INTO customers VALUES('south',1,'ap@northwind.example','ap@northwind.example','Northwind Ltd','northwind ltd',NULL,1795901564967,'eve');
CREATE TABLE invoices (
    tenant          TEXT NOT NULL,
    id              INTEGER NOT NULL,
    number          TEXT NOT NULL,     -- as typed
    number_key      TEXT NOT NULL,     -- as it is compared
    year            INTEGER NOT NULL,  -- of the issue date
    customer_id     INTEGER NOT NULL,
    external_source TEXT,
    external_id     TEXT,
    record          TEXT NOT NULL,     -- the JSON that the API shows
    PRIMARY KEY (tenant, id)
);
INSERT INTO invoices VALUES('north',1001,'P-1','p-1',2026,1,NULL,NULL,'{"id":"inv_1001","status":"open","number":"P-1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:39.822Z","created_by":"ana"}');
INSERT INTO invoices VALUES('north',1002,'INV-100','inv-100',2026,1,'shop','A-0','{"id":"inv_1002","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-0"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.844Z","created_by":"ana"}');
INSERT INTO invoices VALUES('north',1003,'INV‑100','inv‐100',2026,1,'shop','A-1','{"id":"inv_1003","status":"open","number":"INV‑100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-1"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.918Z","created_by":"ana"}');
INSERT INTO invoices VALUES('north',1004,'INV–100','inv–100',2026,1,'shop','A-2','{"id":"inv_1004","status":"open","number":"INV–100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-2"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.928Z","created_by":"ana"}');
INSERT INTO invoices VALUES('north',1005,'INV−100','inv−100',2026,1,'shop','A-3','{"id":"inv_1005","status":"open","number":"INV−100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-3"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.940Z","created_by":"ana"}');
INSERT INTO invoices VALUES('north',1006,'X⁥1','x⁥1',2026,2,NULL,NULL,'{"id":"inv_1006","status":"open","number":"X⁥1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"x@bücher.example","name":"Bücher \"und\" \\ Co ","id":"cus_2"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"two\nlines","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.942Z","created_by":"ana"}');
INSERT INTO invoices VALUES('north',1007,'X1','x1',2026,3,NULL,NULL,'{"id":"inv_1007","status":"open","number":"X1","issue_date":"2026-11-22","due_date":"2026-12-24","currency":"EUR","customer":{"email":"x@xn--bcher-kva.example","id":"cus_3"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.944Z","created_by":"ana"}');
INSERT INTO invoices VALUES('north',1008,'X1','x1',2025,4,'é','7','{"id":"inv_1008","status":"open","number":"X1","issue_date":"2025-01-31","currency":"EUR","customer":{"email":"second@b.example","name":"Northwind Ltd","id":"cus_4"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"é","id":"7"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.945Z","created_by":"ana"}');
INSERT INTO invoices VALUES('north',1009,'S-0','s-0',2026,1,NULL,NULL,'{"id":"inv_1009","status":"open","number":"S-0","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.965Z","created_by":"ana"}');
INSERT INTO invoices VALUES('south',1001,'INV-100','inv-100',2026,1,NULL,NULL,'{"id":"inv_1001","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.967Z","created_by":"eve"}');
INSERT INTO invoices VALUES('north',1010,'M-0','m-0',2026,7,NULL,NULL,'{"id":"inv_1010","status":"open","number":"M-0","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m0@many.example","name":"Northwind Ltd","id":"cus_7"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.208Z","created_by":"ana"}');
INSERT INTO invoices VALUES('north',1011,'M-1','m-1',2026,8,NULL,NULL,'{"id":"inv_1011","status":"open","number":"M-1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m1@many.example","name":"Northwind Ltd","id":"cus_8"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.269Z","created_by":"ana"}');
INSERT INTO invoices VALUES('north',1012,'M-2','m-2',2026,9,NULL,NULL,'{"id":"inv_1012","status":"open","number":"M-2","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m2@many.example","name":"Northwind Ltd","id":"cus_9"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.326Z","created_by":"ana"}');
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
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-0','8875fbe5a1513a0fd231732cc7e308c6d2caa178a99aa9f4286a8fa9a3946d70','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-0","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV-100"}',NULL,NULL,201,NULL,'inv_1002','/v1/invoices/inv_1002','{"id":"inv_1002","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-0"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.844Z","created_by":"ana"}',2111261564844);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-1','48a7c8c77dbdd6cbccf245bc1172a603f4df2d35c241914ed0d26dd6de39e6d0','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-1","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV‑100"}',NULL,NULL,201,NULL,'inv_1003','/v1/invoices/inv_1003','{"id":"inv_1003","status":"open","number":"INV‑100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-1"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.918Z","created_by":"ana"}',2111261564918);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-2','62619da2fbac890830694b3c3f987bda187181dc3a330e7afb21386bac67c0d9','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-2","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV–100"}',NULL,NULL,201,NULL,'inv_1004','/v1/invoices/inv_1004','{"id":"inv_1004","status":"open","number":"INV–100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-2"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.928Z","created_by":"ana"}',2111261564928);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-3','e459292d63078a0867e4c6db84aeaf38040d99c6b11761d03f0e1e5d408a5e76','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-3","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV−100"}',NULL,NULL,201,NULL,'inv_1005','/v1/invoices/inv_1005','{"id":"inv_1005","status":"open","number":"INV−100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-3"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.940Z","created_by":"ana"}',2111261564940);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','odd-1','e6cfde58b90cff75db7869695e5c4a40b37919b59a19c64a24d3e5e359ccfedf','{"currency":"EUR","customer":{"email":"x@bücher.example","name":"Bücher \"und\" \\ Co "},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"notes":"two\nlines","number":"X⁥1"}',NULL,NULL,201,NULL,'inv_1006','/v1/invoices/inv_1006','{"id":"inv_1006","status":"open","number":"X⁥1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"x@bücher.example","name":"Bücher \"und\" \\ Co ","id":"cus_2"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"two\nlines","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.942Z","created_by":"ana"}',2111261564942);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','odd-2','edce28b64edc3a7aa92cc6e3ef3bcf122e7ebcdcd4203577da1b4b6d99cd16a6','{"currency":"EUR","customer":{"email":"x@xn--bcher-kva.example"},"due_date":"2026-12-24","issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"X1"}',NULL,NULL,201,NULL,'inv_1007','/v1/invoices/inv_1007','{"id":"inv_1007","status":"open","number":"X1","issue_date":"2026-11-22","due_date":"2026-12-24","currency":"EUR","customer":{"email":"x@xn--bcher-kva.example","id":"cus_3"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.944Z","created_by":"ana"}',2111261564944);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','year-1','60a95a4c4812057621f273c5df9a2c7c6db0184deb206c65f5ffde5a812dc95d','{"currency":"EUR","customer":{"email":"second@b.example","name":"Northwind Ltd"},"external_ref":{"id":"7","source":"é"},"issue_date":"2025-01-31","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"X1"}',NULL,NULL,201,NULL,'inv_1008','/v1/invoices/inv_1008','{"id":"inv_1008","status":"open","number":"X1","issue_date":"2025-01-31","currency":"EUR","customer":{"email":"second@b.example","name":"Northwind Ltd","id":"cus_4"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"é","id":"7"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.945Z","created_by":"ana"}',2111261564945);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','taken-1','e26e5d7d8faff6ce988e0200222fafd7dfd08ab0a7934c51b86c4ba24d76cf76','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"inv-100"}',NULL,NULL,409,'invoice-number-taken','inv_1002',NULL,'{"type":"urn:invonce:problem:invoice-number-taken","title":"Invoice number taken","status":409,"detail":"This invoice number already exists. We kept the original and didn''t create a second one.","effect":"none","retry":"new_key","existing":{"id":"inv_1002","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-0"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.844Z","created_by":"ana"}}',2111261564949);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','taken-2','7ceff7d5a3e9cc2f8a6c1ba8abf8e7cabee4f9f0567147d3ae0cba7ce5f19c2f','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-2","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"Y-1"}',NULL,NULL,409,'external-ref-taken','inv_1004',NULL,'{"type":"urn:invonce:problem:external-ref-taken","title":"External reference taken","status":409,"detail":"This external reference already has an invoice. We kept the original and didn''t create a second one.","effect":"none","retry":"new_key","existing":{"id":"inv_1004","status":"open","number":"INV–100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-2"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.928Z","created_by":"ana"}}',2111261564957);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','south','9e53275ddd9d9886d601af098be67b300343ea2e4cf40fd8da620672b42eeb54','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"S-0"}',NULL,NULL,201,NULL,'inv_1009','/v1/invoices/inv_1009','{"id":"inv_1009","status":"open","number":"S-0","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.965Z","created_by":"ana"}',2111261564965);
INSERT INTO idempotency_keys VALUES('south','POST /v1/invoices','south','3be71c523e6be93c58fa01056c5316c2e39ae2f72948ce50fbb4a36d0bd368e8','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV-100"}',NULL,NULL,201,NULL,'inv_1001','/v1/invoices/inv_1001','{"id":"inv_1001","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:44.967Z","created_by":"eve"}',2111261564967);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','more-0','d4909c7af086b6bf2341801f34cb54a1ec1fddcbdd488f07bcd165788a26ea41','{"currency":"EUR","customer":{"email":"m0@many.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"M-0"}',NULL,NULL,201,NULL,'inv_1010','/v1/invoices/inv_1010','{"id":"inv_1010","status":"open","number":"M-0","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m0@many.example","name":"Northwind Ltd","id":"cus_7"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.208Z","created_by":"ana"}',2111261565208);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','more-1','b8c6e8d42809edc9e491a24cc6825865d693d8259b532cea4cf1feac3b971b9f','{"currency":"EUR","customer":{"email":"m1@many.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"M-1"}',NULL,NULL,201,NULL,'inv_1011','/v1/invoices/inv_1011','{"id":"inv_1011","status":"open","number":"M-1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m1@many.example","name":"Northwind Ltd","id":"cus_8"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.269Z","created_by":"ana"}',2111261565269);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','more-2','90cce99bf4a19d0353c5422242f00afadea44df04abf9ab1558db8568147222e','{"currency":"EUR","customer":{"email":"m2@many.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"M-2"}',NULL,NULL,201,NULL,'inv_1012','/v1/invoices/inv_1012','{"id":"inv_1012","status":"open","number":"M-2","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m2@many.example","name":"Northwind Ltd","id":"cus_9"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-28T21:32:45.326Z","created_by":"ana"}',2111261565326);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','left','c0a402772e9dda0ec8c2cd588547ba9f3c518c45371cc47317e7c5e79d57b947','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"L-1"}',X'85384ea862d1be5786888127fdaf6f56',1795901567239,NULL,NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO payments VALUES('north',1,'bank','e1',1002,'10.00','EUR','2026-11-22T10:00:00Z',1795901564974);
INSERT INTO payments VALUES('north',2,'other','e1',1002,'12.00','EUR','2026-11-22T10:00:00Z',1795901565120);
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
INSERT INTO provider_events VALUES('north','bank','e1','payment.received','8c6097606a3804d526a3af5d9cb57d8e41c611c58160f954d1f15f18a797ca43',1,1795901564974);
INSERT INTO provider_events VALUES('north','bank','e2','other','ebfc6c3f7b691653987f2670cd132f7be54cf5fe2f5ee494c38f5df8ff877cee',NULL,1795901565059);
INSERT INTO provider_events VALUES('north','other','e1','payment.received','a4fd5ae062d093cb278eaf7c7736db45e6fa7bcb04c0a342f91d2219c43cc2c9',2,1795901565120);
CREATE TABLE audit (
    tenant          TEXT NOT NULL,
    seq             INTEGER NOT NULL,
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
    status          INTEGER NOT NULL, fault TEXT,
    PRIMARY KEY (tenant, seq)
) WITHOUT ROWID;
INSERT INTO audit VALUES('north',1,1795901559823,'07d05ea3-0','ana','POST /v1/invoices','past-1','P-1',2026,NULL,NULL,'created','inv_1001',201,NULL);
INSERT INTO audit VALUES('north',2,1795901559840,'07d05ea3-1','ana','POST /v1/invoices','past-2',' p-1 ',2026,NULL,NULL,'rejected_conflict','inv_1001',409,NULL);
INSERT INTO audit VALUES('north',3,1795901564845,'0490e573-0','ana','POST /v1/invoices','dash-0','INV-100',2026,'shop','A-0','created','inv_1002',201,NULL);
INSERT INTO audit VALUES('north',4,1795901564918,'0490e573-1','ana','POST /v1/invoices','dash-1','INV‑100',2026,'shop','A-1','created','inv_1003',201,NULL);
INSERT INTO audit VALUES('north',5,1795901564928,'0490e573-2','ana','POST /v1/invoices','dash-2','INV–100',2026,'shop','A-2','created','inv_1004',201,NULL);
INSERT INTO audit VALUES('north',6,1795901564940,'0490e573-3','ana','POST /v1/invoices','dash-3','INV−100',2026,'shop','A-3','created','inv_1005',201,NULL);
INSERT INTO audit VALUES('north',7,1795901564942,'0490e573-4','ana','POST /v1/invoices','odd-1','X⁥1',2026,NULL,NULL,'created','inv_1006',201,NULL);
INSERT INTO audit VALUES('north',8,1795901564944,'0490e573-5','ana','POST /v1/invoices','odd-2','X1',2026,NULL,NULL,'created','inv_1007',201,NULL);
INSERT INTO audit VALUES('north',9,1795901564946,'0490e573-6','ana','POST /v1/invoices','year-1','X1',2025,'é','7','created','inv_1008',201,NULL);
INSERT INTO audit VALUES('north',10,1795901564950,'0490e573-7','ana','POST /v1/invoices','taken-1','inv-100',2026,NULL,NULL,'rejected_conflict','inv_1002',409,NULL);
INSERT INTO audit VALUES('north',11,1795901564957,'0490e573-8','ana','POST /v1/invoices','taken-2','Y-1',2026,'shop','A-2','rejected_conflict','inv_1004',409,NULL);
INSERT INTO audit VALUES('north',12,1795901564965,'0490e573-9','ana','POST /v1/invoices','south','S-0',2026,NULL,NULL,'created','inv_1009',201,NULL);
INSERT INTO audit VALUES('north',13,1795901564968,'0490e573-b','ana','POST /v1/invoices','bad','B-1',NULL,NULL,NULL,'rejected_invalid',NULL,422,NULL);
INSERT INTO audit VALUES('north',14,1795901564969,'0490e573-c','ana','POST /v1/invoices',NULL,'B-2',2026,NULL,NULL,'rejected_invalid',NULL,400,NULL);
INSERT INTO audit VALUES('north',15,1795901564970,'0490e573-d','ana','POST /v1/customers',NULL,NULL,NULL,NULL,NULL,'created',NULL,201,NULL);
INSERT INTO audit VALUES('north',16,1795901564971,'0490e573-e','ana','POST /v1/customers',NULL,NULL,NULL,NULL,NULL,'replayed',NULL,200,NULL);
INSERT INTO audit VALUES('north',17,1795901564973,'0490e573-f','ana','POST /v1/customers',NULL,NULL,NULL,NULL,NULL,'created',NULL,201,NULL);
INSERT INTO audit VALUES('north',18,1795901564975,'0490e573-10','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'created','inv_1002',200,NULL);
INSERT INTO audit VALUES('north',19,1795901564976,'0490e573-11','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'replayed','inv_1002',200,NULL);
INSERT INTO audit VALUES('north',20,1795901564978,'0490e573-12','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'rejected_mismatch',NULL,422,NULL);
INSERT INTO audit VALUES('north',21,1795901565059,'0490e573-13','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'created',NULL,200,NULL);
INSERT INTO audit VALUES('north',22,1795901565120,'0490e573-14','ana','POST /v1/webhooks/other',NULL,NULL,NULL,NULL,NULL,'created','inv_1002',200,NULL);
INSERT INTO audit VALUES('north',23,1795901565208,'0490e573-15','ana','POST /v1/invoices','more-0','M-0',2026,NULL,NULL,'created','inv_1010',201,NULL);
INSERT INTO audit VALUES('north',24,1795901565269,'0490e573-16','ana','POST /v1/invoices','more-1','M-1',2026,NULL,NULL,'created','inv_1011',201,NULL);
INSERT INTO audit VALUES('north',25,1795901565326,'0490e573-17','ana','POST /v1/invoices','more-2','M-2',2026,NULL,NULL,'created','inv_1012',201,NULL);
INSERT INTO audit VALUES('north',26,1795901567476,'1db07a3e-1d','ana','POST /v1/invoices','past-1','P-1',2026,NULL,NULL,'replayed','inv_1001',200,NULL);
INSERT INTO audit VALUES('north',27,1795901567477,'1db07a3e-1e','ana','POST /v1/invoices','past-2',' p-1 ',2026,NULL,NULL,'replayed','inv_1001',409,NULL);
INSERT INTO audit VALUES('north',28,1795901567477,'1db07a3e-1f','ana','POST /v1/invoices','dash-0','INV-100',2026,'shop','A-0','replayed','inv_1002',201,NULL);
INSERT INTO audit VALUES('north',29,1795901567478,'1db07a3e-20','ana','POST /v1/invoices','dash-1','INV‑100',2026,'shop','A-1','replayed','inv_1003',201,NULL);
INSERT INTO audit VALUES('north',30,1795901567479,'1db07a3e-21','ana','POST /v1/invoices','dash-2','INV–100',2026,'shop','A-2','replayed','inv_1004',201,NULL);
INSERT INTO audit VALUES('north',31,1795901567479,'1db07a3e-22','ana','POST /v1/invoices','dash-3','INV−100',2026,'shop','A-3','replayed','inv_1005',201,NULL);
INSERT INTO audit VALUES('north',32,1795901567480,'1db07a3e-23','ana','POST /v1/invoices','odd-1','X⁥1',2026,NULL,NULL,'replayed','inv_1006',201,NULL);
INSERT INTO audit VALUES('north',33,1795901567481,'1db07a3e-24','ana','POST /v1/invoices','odd-2','X1',2026,NULL,NULL,'replayed','inv_1007',201,NULL);
INSERT INTO audit VALUES('north',34,1795901567481,'1db07a3e-25','ana','POST /v1/invoices','year-1','X1',2025,'é','7','replayed','inv_1008',201,NULL);
INSERT INTO audit VALUES('north',35,1795901567482,'1db07a3e-26','ana','POST /v1/invoices','taken-1','inv-100',2026,NULL,NULL,'replayed','inv_1002',409,NULL);
INSERT INTO audit VALUES('north',36,1795901567482,'1db07a3e-27','ana','POST /v1/invoices','taken-2','Y-1',2026,'shop','A-2','replayed','inv_1004',409,NULL);
INSERT INTO audit VALUES('north',37,1795901567482,'1db07a3e-28','ana','POST /v1/invoices','south','S-0',2026,NULL,NULL,'replayed','inv_1009',201,NULL);
INSERT INTO audit VALUES('north',38,1795901567484,'1db07a3e-2a','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'replayed','inv_1002',200,NULL);
INSERT INTO audit VALUES('north',39,1795901567652,'1db07a3e-2b','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'replayed','inv_1002',200,NULL);
INSERT INTO audit VALUES('north',40,1795901567777,'1db07a3e-2c','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'rejected_mismatch',NULL,422,NULL);
INSERT INTO audit VALUES('north',41,1795901567846,'1db07a3e-2d','ana','POST /v1/webhooks/bank',NULL,NULL,NULL,NULL,NULL,'replayed',NULL,200,NULL);
INSERT INTO audit VALUES('north',42,1795901567975,'1db07a3e-2e','ana','POST /v1/webhooks/other',NULL,NULL,NULL,NULL,NULL,'replayed','inv_1002',200,NULL);
INSERT INTO audit VALUES('north',43,1795901567993,'1db07a3e-2f','ana','POST /v1/invoices','more-0','M-0',2026,NULL,NULL,'replayed','inv_1010',201,NULL);
INSERT INTO audit VALUES('north',44,1795901567996,'1db07a3e-30','ana','POST /v1/invoices','more-1','M-1',2026,NULL,NULL,'replayed','inv_1011',201,NULL);
INSERT INTO audit VALUES('north',45,1795901567996,'1db07a3e-31','ana','POST /v1/invoices','more-2','M-2',2026,NULL,NULL,'replayed','inv_1012',201,NULL);
INSERT INTO audit VALUES('south',1,1795901564967,'0490e573-a','eve','POST /v1/invoices','south','INV-100',2026,NULL,NULL,'created','inv_1001',201,NULL);
INSERT INTO audit VALUES('south',2,1795901567483,'1db07a3e-29','eve','POST /v1/invoices','south','INV-100',2026,NULL,NULL,'replayed','inv_1001',201,NULL);
CREATE UNIQUE INDEX customers_email ON customers (tenant, email_key);
CREATE INDEX customers_name ON customers (tenant, name_key);
CREATE UNIQUE INDEX invoices_external ON invoices (tenant, external_source, external_id)
    WHERE external_source IS NOT NULL;
CREATE INDEX invoices_customer ON invoices (tenant, id >> 12, customer_id, id);
CREATE INDEX invoices_year ON invoices (tenant, year, id);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX payments_invoice ON payments (tenant, invoice_id);
CREATE UNIQUE INDEX invoices_number ON invoices (tenant, number_key, year);
COMMIT;
PRAGMA user_version=2;
