PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE facts (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO facts VALUES('keys_expired_to','2');
INSERT INTO facts VALUES('without','0');
CREATE TABLE collections (
    number   INTEGER PRIMARY KEY,
    tenant   TEXT NOT NULL,
    resource TEXT NOT NULL,
    UNIQUE (tenant, resource)
);
INSERT INTO collections VALUES(1,'north','customer');
INSERT INTO collections VALUES(2,'north','invoice');
INSERT INTO collections VALUES(3,'north','');
INSERT INTO collections VALUES(4,'south','customer');
INSERT INTO collections VALUES(5,'south','invoice');
INSERT INTO collections VALUES(6,'south','');
INSERT INTO collections VALUES(7,'north','payment');
CREATE TABLE records (
    place   INTEGER PRIMARY KEY,
    period  INTEGER,        -- listed by, as a year
    parent  INTEGER,        -- listed under: the id of a record of another collection
    created TEXT NOT NULL,  -- the JSON as it was created
    current TEXT            -- and as it is, where it was changed since
);
INSERT INTO records VALUES(1099511627777,NULL,NULL,'{"id":"cus_1","email":"ap@northwind.example","name":"Northwind Ltd","phone":null,"created_at":"2026-11-29T05:36:58.822Z","created_by":"ana"}','{"id":"cus_1","email":"ap@northwind.example","name":"Northwind Limited","phone":null,"created_at":"2026-11-29T05:36:58.822Z","created_by":"ana"}');
INSERT INTO records VALUES(1099511627778,NULL,NULL,'{"id":"cus_2","email":"x@bücher.example","name":"Bücher \"und\" \\ Co ","phone":null,"created_at":"2026-11-29T05:37:00.868Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(1099511627779,NULL,NULL,'{"id":"cus_3","email":"second@b.example","name":"Northwind Ltd","phone":null,"created_at":"2026-11-29T05:37:00.870Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(1099511627780,NULL,NULL,'{"id":"cus_4","email":"New@Customer.example","name":"Néw","phone":"+49 30","created_at":"2026-11-29T05:37:00.876Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(1099511627781,NULL,NULL,'{"id":"cus_5","email":"third@x.example","name":null,"phone":null,"created_at":"2026-11-29T05:37:00.878Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(1099511627782,NULL,NULL,'{"id":"cus_6","email":"m0@many.example","name":"Northwind Ltd","phone":null,"created_at":"2026-11-29T05:37:00.883Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(1099511627783,NULL,NULL,'{"id":"cus_7","email":"m1@many.example","name":"Northwind Ltd","phone":null,"created_at":"2026-11-29T05:37:00.884Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(1099511627784,NULL,NULL,'{"id":"cus_8","email":"m2@many.example","name":"Northwind Ltd","phone":null,"created_at":"2026-11-29T05:37:00.885Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(2199023256553,2026,1,'{"id":"inv_1001","status":"open","number":"P-1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:36:58.822Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(2199023256554,2026,1,'{"id":"inv_1002","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-0"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.860Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(2199023256555,2026,2,'{"id":"inv_1003","status":"open","number":"X⁥1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"x@bücher.example","name":"Bücher \"und\" \\ Co ","id":"cus_2"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"two\nlines","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.868Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(2199023256556,2025,3,'{"id":"inv_1004","status":"open","number":"X1","issue_date":"2025-01-31","currency":"EUR","customer":{"email":"second@b.example","name":"Northwind Ltd","id":"cus_3"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"é","id":"7"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.870Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(2199023256557,2026,1,'{"id":"inv_1005","status":"open","number":"Y-1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-2"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.872Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(2199023256558,2026,1,'{"id":"inv_1006","status":"open","number":"S-0","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.873Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(2199023256559,2026,6,'{"id":"inv_1007","status":"open","number":"M-0","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m0@many.example","name":"Northwind Ltd","id":"cus_6"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.883Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(2199023256560,2026,7,'{"id":"inv_1008","status":"open","number":"M-1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m1@many.example","name":"Northwind Ltd","id":"cus_7"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.884Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(2199023256561,2026,8,'{"id":"inv_1009","status":"open","number":"M-2","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"m2@many.example","name":"Northwind Ltd","id":"cus_8"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.885Z","created_by":"ana"}',NULL);
INSERT INTO records VALUES(4398046511105,NULL,NULL,'{"id":"cus_1","email":"ap@northwind.example","name":"Northwind Ltd","phone":null,"created_at":"2026-11-29T05:37:00.874Z","created_by":"eve"}',NULL);
INSERT INTO records VALUES(5497558139881,2026,1,'{"id":"inv_1001","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.874Z","created_by":"eve"}',NULL);
INSERT INTO records VALUES(7696581394433,NULL,1002,'{"id":"pay_1","provider":"bank","event_id":"e1","invoice_id":"inv_1002","amount":"10.00","currency":"EUR","paid_at":"2026-11-22T10:00:00Z","created_at":"2026-11-29T05:37:00.879Z"}',NULL);
INSERT INTO records VALUES(7696581394434,NULL,1002,'{"id":"pay_2","provider":"other","event_id":"e1","invoice_id":"inv_1002","amount":"12.00","currency":"EUR","paid_at":"2026-11-22T10:00:00Z","created_at":"2026-11-29T05:37:00.883Z"}',NULL);
CREATE TABLE periods (
    collection INTEGER NOT NULL,
    period     INTEGER NOT NULL,
    bucket     INTEGER NOT NULL,
    PRIMARY KEY (collection, period, bucket)
) WITHOUT ROWID;
INSERT INTO periods VALUES(2,2025,0);
INSERT INTO periods VALUES(2,2026,0);
INSERT INTO periods VALUES(5,2026,0);
CREATE TABLE claims (
    collection INTEGER NOT NULL,
    rule       TEXT NOT NULL,
    value      TEXT NOT NULL,     -- as it is compared; U+001F ends each of several parts
    record     INTEGER NOT NULL,  -- its id
    PRIMARY KEY (collection, rule, value)
) WITHOUT ROWID;
INSERT INTO claims VALUES(1,'email','ap@northwind.example',1);
INSERT INTO claims VALUES(1,'email','m0@many.example',6);
INSERT INTO claims VALUES(1,'email','m1@many.example',7);
INSERT INTO claims VALUES(1,'email','m2@many.example',8);
INSERT INTO claims VALUES(1,'email','new@customer.example',4);
INSERT INTO claims VALUES(1,'email','second@b.example',3);
INSERT INTO claims VALUES(1,'email','third@x.example',5);
INSERT INTO claims VALUES(1,'email','x@xn--bcher-kva.example',2);
INSERT INTO claims VALUES(2,'external_ref','shopA-0',1002);
INSERT INTO claims VALUES(2,'external_ref','shopA-2',1005);
INSERT INTO claims VALUES(2,'external_ref','é7',1004);
INSERT INTO claims VALUES(2,'number','inv-1002026',1002);
INSERT INTO claims VALUES(2,'number','m-02026',1007);
INSERT INTO claims VALUES(2,'number','m-12026',1008);
INSERT INTO claims VALUES(2,'number','m-22026',1009);
INSERT INTO claims VALUES(2,'number','p-12026',1001);
INSERT INTO claims VALUES(2,'number','s-02026',1006);
INSERT INTO claims VALUES(2,'number','x12025',1004);
INSERT INTO claims VALUES(2,'number','x12026',1003);
INSERT INTO claims VALUES(2,'number','y-12026',1005);
INSERT INTO claims VALUES(4,'email','ap@northwind.example',1);
INSERT INTO claims VALUES(5,'number','inv-1002026',1001);
CREATE TABLE standing (
    collection INTEGER NOT NULL,
    rule       TEXT NOT NULL,
    value      TEXT NOT NULL,
    record     INTEGER NOT NULL,
    PRIMARY KEY (collection, rule, value, record)
) WITHOUT ROWID;
CREATE TABLE texts (
    collection INTEGER NOT NULL,
    which      INTEGER NOT NULL,
    text       TEXT NOT NULL,
    record     INTEGER NOT NULL,
    sorted     TEXT NOT NULL,
    PRIMARY KEY (collection, which, text, record)
) WITHOUT ROWID;
INSERT INTO texts VALUES(1,0,'ap@northwind.example',1,'ap@northwind.example');
INSERT INTO texts VALUES(1,0,'m0@many.example',6,'m0@many.example');
INSERT INTO texts VALUES(1,0,'m1@many.example',7,'m1@many.example');
INSERT INTO texts VALUES(1,0,'m2@many.example',8,'m2@many.example');
INSERT INTO texts VALUES(1,0,'new@customer.example',4,'new@customer.example');
INSERT INTO texts VALUES(1,0,'second@b.example',3,'second@b.example');
INSERT INTO texts VALUES(1,0,'third@x.example',5,'third@x.example');
INSERT INTO texts VALUES(1,0,'x@bücher.example',2,'x@bücher.example');
INSERT INTO texts VALUES(1,1,'bücher "und" \ co',2,'x@bücher.example');
INSERT INTO texts VALUES(1,1,'northwind limited',1,'ap@northwind.example');
INSERT INTO texts VALUES(1,1,'northwind ltd',3,'second@b.example');
INSERT INTO texts VALUES(1,1,'northwind ltd',6,'m0@many.example');
INSERT INTO texts VALUES(1,1,'northwind ltd',7,'m1@many.example');
INSERT INTO texts VALUES(1,1,'northwind ltd',8,'m2@many.example');
INSERT INTO texts VALUES(1,1,'néw',4,'new@customer.example');
INSERT INTO texts VALUES(4,0,'ap@northwind.example',1,'ap@northwind.example');
INSERT INTO texts VALUES(4,1,'northwind ltd',1,'ap@northwind.example');
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
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-0','8875fbe5a1513a0fd231732cc7e308c6d2caa178a99aa9f4286a8fa9a3946d70','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-0","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV-100"}',NULL,NULL,201,NULL,'inv_1002','/v1/invoices/inv_1002',NULL,2111290620860);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-1','48a7c8c77dbdd6cbccf245bc1172a603f4df2d35c241914ed0d26dd6de39e6d0','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-1","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV‑100"}',NULL,NULL,409,'invoice-number-taken','inv_1002',NULL,'{"type":"urn:invonce:problem:invoice-number-taken","title":"Invoice number taken","status":409,"detail":"This invoice number already exists. We kept the original and didn''t create a second one.","effect":"none","retry":"new_key","existing":{"id":"inv_1002","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-0"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.860Z","created_by":"ana"}}',2111290620864);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-2','62619da2fbac890830694b3c3f987bda187181dc3a330e7afb21386bac67c0d9','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-2","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV–100"}',NULL,NULL,409,'invoice-number-taken','inv_1002',NULL,'{"type":"urn:invonce:problem:invoice-number-taken","title":"Invoice number taken","status":409,"detail":"This invoice number already exists. We kept the original and didn''t create a second one.","effect":"none","retry":"new_key","existing":{"id":"inv_1002","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-0"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.860Z","created_by":"ana"}}',2111290620865);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','dash-3','e459292d63078a0867e4c6db84aeaf38040d99c6b11761d03f0e1e5d408a5e76','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-3","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV−100"}',NULL,NULL,409,'invoice-number-taken','inv_1002',NULL,'{"type":"urn:invonce:problem:invoice-number-taken","title":"Invoice number taken","status":409,"detail":"This invoice number already exists. We kept the original and didn''t create a second one.","effect":"none","retry":"new_key","existing":{"id":"inv_1002","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-0"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.860Z","created_by":"ana"}}',2111290620866);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','odd-1','e6cfde58b90cff75db7869695e5c4a40b37919b59a19c64a24d3e5e359ccfedf','{"currency":"EUR","customer":{"email":"x@bücher.example","name":"Bücher \"und\" \\ Co "},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"notes":"two\nlines","number":"X⁥1"}',NULL,NULL,201,NULL,'inv_1003','/v1/invoices/inv_1003',NULL,2111290620868);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','odd-2','edce28b64edc3a7aa92cc6e3ef3bcf122e7ebcdcd4203577da1b4b6d99cd16a6','{"currency":"EUR","customer":{"email":"x@xn--bcher-kva.example"},"due_date":"2026-12-24","issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"X1"}',NULL,NULL,409,'invoice-number-taken','inv_1003',NULL,'{"type":"urn:invonce:problem:invoice-number-taken","title":"Invoice number taken","status":409,"detail":"This invoice number already exists. We kept the original and didn''t create a second one.","effect":"none","retry":"new_key","existing":{"id":"inv_1003","status":"open","number":"X⁥1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"x@bücher.example","name":"Bücher \"und\" \\ Co ","id":"cus_2"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"two\nlines","totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.868Z","created_by":"ana"}}',2111290620869);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','year-1','60a95a4c4812057621f273c5df9a2c7c6db0184deb206c65f5ffde5a812dc95d','{"currency":"EUR","customer":{"email":"second@b.example","name":"Northwind Ltd"},"external_ref":{"id":"7","source":"é"},"issue_date":"2025-01-31","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"X1"}',NULL,NULL,201,NULL,'inv_1004','/v1/invoices/inv_1004',NULL,2111290620870);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','taken-1','e26e5d7d8faff6ce988e0200222fafd7dfd08ab0a7934c51b86c4ba24d76cf76','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"inv-100"}',NULL,NULL,409,'invoice-number-taken','inv_1002',NULL,'{"type":"urn:invonce:problem:invoice-number-taken","title":"Invoice number taken","status":409,"detail":"This invoice number already exists. We kept the original and didn''t create a second one.","effect":"none","retry":"new_key","existing":{"id":"inv_1002","status":"open","number":"INV-100","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd","id":"cus_1"},"lines":[{"description":"Consulting – \"café\"","quantity":"1.5","unit_price":"120.00","tax_rate":"21","net":"180.00"}],"notes":"","external_ref":{"source":"shop","id":"A-0"},"totals":{"net":"180.00","tax":"37.80","gross":"217.80"},"created_at":"2026-11-29T05:37:00.860Z","created_by":"ana"}}',2111290620871);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','taken-2','7ceff7d5a3e9cc2f8a6c1ba8abf8e7cabee4f9f0567147d3ae0cba7ce5f19c2f','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"external_ref":{"id":"A-2","source":"shop"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"Y-1"}',NULL,NULL,201,NULL,'inv_1005','/v1/invoices/inv_1005',NULL,2111290620872);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','south','9e53275ddd9d9886d601af098be67b300343ea2e4cf40fd8da620672b42eeb54','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"S-0"}',NULL,NULL,201,NULL,'inv_1006','/v1/invoices/inv_1006',NULL,2111290620873);
INSERT INTO idempotency_keys VALUES('south','POST /v1/invoices','south','3be71c523e6be93c58fa01056c5316c2e39ae2f72948ce50fbb4a36d0bd368e8','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"INV-100"}',NULL,NULL,201,NULL,'inv_1001','/v1/invoices/inv_1001',NULL,2111290620874);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','more-0','d4909c7af086b6bf2341801f34cb54a1ec1fddcbdd488f07bcd165788a26ea41','{"currency":"EUR","customer":{"email":"m0@many.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"M-0"}',NULL,NULL,201,NULL,'inv_1007','/v1/invoices/inv_1007',NULL,2111290620883);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','more-1','b8c6e8d42809edc9e491a24cc6825865d693d8259b532cea4cf1feac3b971b9f','{"currency":"EUR","customer":{"email":"m1@many.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"M-1"}',NULL,NULL,201,NULL,'inv_1008','/v1/invoices/inv_1008',NULL,2111290620884);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','more-2','90cce99bf4a19d0353c5422242f00afadea44df04abf9ab1558db8568147222e','{"currency":"EUR","customer":{"email":"m2@many.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"M-2"}',NULL,NULL,201,NULL,'inv_1009','/v1/invoices/inv_1009',NULL,2111290620885);
INSERT INTO idempotency_keys VALUES('north','POST /v1/invoices','left','c0a402772e9dda0ec8c2cd588547ba9f3c518c45371cc47317e7c5e79d57b947','{"currency":"EUR","customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"issue_date":"2026-11-22","lines":[{"description":"Consulting – \"café\"","quantity":"1.5","tax_rate":"21","unit_price":"120.00"}],"number":"L-1"}',X'3fd2cac497fea4efa4b78434f7c76a1b',1795930621920,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE events (
    tenant      TEXT NOT NULL,
    source      TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    type        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    record      INTEGER,       -- what came of it: an id; NULL: nothing
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant, source, event_id)
) WITHOUT ROWID;
INSERT INTO events VALUES('north','bank','e1','payment.received','8c6097606a3804d526a3af5d9cb57d8e41c611c58160f954d1f15f18a797ca43',1,1795930620879);
INSERT INTO events VALUES('north','bank','e2','other','ebfc6c3f7b691653987f2670cd132f7be54cf5fe2f5ee494c38f5df8ff877cee',NULL,1795930620882);
INSERT INTO events VALUES('north','other','e1','payment.received','a4fd5ae062d093cb278eaf7c7736db45e6fa7bcb04c0a342f91d2219c43cc2c9',2,1795930620883);
CREATE TABLE audit (
    place         INTEGER PRIMARY KEY,
    seq           INTEGER AS (place & 0xffffffffff),
    at            INTEGER NOT NULL,
    request_id    TEXT NOT NULL,
    user          TEXT NOT NULL,
    endpoint      TEXT NOT NULL,
    key           TEXT,
    resource      TEXT,
    record_id     TEXT,
    parent_id     TEXT,           -- of the record that its record is listed under
    unique_values TEXT,           -- as they were sent: JSON
    outcome       TEXT NOT NULL,
    status        INTEGER NOT NULL,
    fault         TEXT
);
INSERT INTO audit VALUES(3298534883329,1795930618823,'1e798378-0','ana','POST /v1/invoices','past-1','invoice','inv_1001',NULL,'{"number":"P-1","year":2026}','created',201,NULL);
INSERT INTO audit VALUES(3298534883330,1795930618827,'1e798378-1','ana','POST /v1/invoices','past-2','invoice','inv_1001',NULL,'{"number":" p-1 ","year":2026}','rejected_conflict',409,NULL);
INSERT INTO audit VALUES(3298534883331,1795930620861,'1de83ad3-0','ana','POST /v1/invoices','dash-0','invoice','inv_1002',NULL,'{"number":"INV-100","year":2026,"external_ref.source":"shop","external_ref.id":"A-0"}','created',201,NULL);
INSERT INTO audit VALUES(3298534883332,1795930620864,'1de83ad3-1','ana','POST /v1/invoices','dash-1','invoice','inv_1002',NULL,'{"number":"INV‑100","year":2026,"external_ref.source":"shop","external_ref.id":"A-1"}','rejected_conflict',409,NULL);
INSERT INTO audit VALUES(3298534883333,1795930620865,'1de83ad3-2','ana','POST /v1/invoices','dash-2','invoice','inv_1002',NULL,'{"number":"INV–100","year":2026,"external_ref.source":"shop","external_ref.id":"A-2"}','rejected_conflict',409,NULL);
INSERT INTO audit VALUES(3298534883334,1795930620866,'1de83ad3-3','ana','POST /v1/invoices','dash-3','invoice','inv_1002',NULL,'{"number":"INV−100","year":2026,"external_ref.source":"shop","external_ref.id":"A-3"}','rejected_conflict',409,NULL);
INSERT INTO audit VALUES(3298534883335,1795930620868,'1de83ad3-4','ana','POST /v1/invoices','odd-1','invoice','inv_1003',NULL,'{"number":"X⁥1","year":2026}','created',201,NULL);
INSERT INTO audit VALUES(3298534883336,1795930620869,'1de83ad3-5','ana','POST /v1/invoices','odd-2','invoice','inv_1003',NULL,'{"number":"X1","year":2026}','rejected_conflict',409,NULL);
INSERT INTO audit VALUES(3298534883337,1795930620870,'1de83ad3-6','ana','POST /v1/invoices','year-1','invoice','inv_1004',NULL,'{"number":"X1","year":2025,"external_ref.source":"é","external_ref.id":"7"}','created',201,NULL);
INSERT INTO audit VALUES(3298534883338,1795930620871,'1de83ad3-7','ana','POST /v1/invoices','taken-1','invoice','inv_1002',NULL,'{"number":"inv-100","year":2026}','rejected_conflict',409,NULL);
INSERT INTO audit VALUES(3298534883339,1795930620872,'1de83ad3-8','ana','POST /v1/invoices','taken-2','invoice','inv_1005',NULL,'{"number":"Y-1","year":2026,"external_ref.source":"shop","external_ref.id":"A-2"}','created',201,NULL);
INSERT INTO audit VALUES(3298534883340,1795930620873,'1de83ad3-9','ana','POST /v1/invoices','south','invoice','inv_1006',NULL,'{"number":"S-0","year":2026}','created',201,NULL);
INSERT INTO audit VALUES(3298534883341,1795930620875,'1de83ad3-b','ana','POST /v1/invoices','bad','invoice',NULL,NULL,'{"number":"B-1"}','rejected_invalid',422,NULL);
INSERT INTO audit VALUES(3298534883342,1795930620876,'1de83ad3-c','ana','POST /v1/invoices',NULL,'invoice',NULL,NULL,'{"number":"B-2","year":2026}','rejected_invalid',400,NULL);
INSERT INTO audit VALUES(3298534883343,1795930620876,'1de83ad3-d','ana','POST /v1/customers',NULL,'customer','cus_4',NULL,'{"email":"New@Customer.example"}','created',201,NULL);
INSERT INTO audit VALUES(3298534883344,1795930620877,'1de83ad3-e','ana','POST /v1/customers',NULL,'customer','cus_1',NULL,'{"email":"ap@northwind.example"}','replayed',200,NULL);
INSERT INTO audit VALUES(3298534883345,1795930620878,'1de83ad3-f','ana','POST /v1/customers',NULL,'customer','cus_5',NULL,'{"email":"third@x.example"}','created',201,NULL);
INSERT INTO audit VALUES(3298534883346,1795930620879,'1de83ad3-10','ana','POST /v1/webhooks/bank',NULL,'payment','pay_1','inv_1002','{"provider":"bank","event_id":"e1"}','created',200,NULL);
INSERT INTO audit VALUES(3298534883347,1795930620880,'1de83ad3-11','ana','POST /v1/webhooks/bank',NULL,'payment','pay_1','inv_1002','{"provider":"bank","event_id":"e1"}','replayed',200,NULL);
INSERT INTO audit VALUES(3298534883348,1795930620881,'1de83ad3-12','ana','POST /v1/webhooks/bank',NULL,'payment',NULL,NULL,'{"provider":"bank","event_id":"e1"}','rejected_mismatch',422,NULL);
INSERT INTO audit VALUES(3298534883349,1795930620882,'1de83ad3-13','ana','POST /v1/webhooks/bank',NULL,'payment',NULL,NULL,'{"provider":"bank","event_id":"e2"}','created',200,NULL);
INSERT INTO audit VALUES(3298534883350,1795930620883,'1de83ad3-14','ana','POST /v1/webhooks/other',NULL,'payment','pay_2','inv_1002','{"provider":"other","event_id":"e1"}','created',200,NULL);
INSERT INTO audit VALUES(3298534883351,1795930620883,'1de83ad3-15','ana','POST /v1/invoices','more-0','invoice','inv_1007',NULL,'{"number":"M-0","year":2026}','created',201,NULL);
INSERT INTO audit VALUES(3298534883352,1795930620884,'1de83ad3-16','ana','POST /v1/invoices','more-1','invoice','inv_1008',NULL,'{"number":"M-1","year":2026}','created',201,NULL);
INSERT INTO audit VALUES(3298534883353,1795930620885,'1de83ad3-17','ana','POST /v1/invoices','more-2','invoice','inv_1009',NULL,'{"number":"M-2","year":2026}','created',201,NULL);
INSERT INTO audit VALUES(3298534883354,1795930620970,'164ec11d-1d','ana','POST /v1/invoices','past-1','invoice','inv_1001',NULL,'{"number":"P-1","year":2026}','replayed',200,NULL);
INSERT INTO audit VALUES(3298534883355,1795930620973,'164ec11d-1e','ana','POST /v1/invoices','past-2','invoice','inv_1001',NULL,'{"number":" p-1 ","year":2026}','replayed',409,NULL);
INSERT INTO audit VALUES(3298534883356,1795930620974,'164ec11d-1f','ana','POST /v1/invoices','dash-0','invoice','inv_1002',NULL,'{"number":"INV-100","year":2026,"external_ref.source":"shop","external_ref.id":"A-0"}','replayed',201,NULL);
INSERT INTO audit VALUES(3298534883357,1795930620975,'164ec11d-20','ana','POST /v1/invoices','dash-1','invoice','inv_1002',NULL,'{"number":"INV‑100","year":2026,"external_ref.source":"shop","external_ref.id":"A-1"}','replayed',409,NULL);
INSERT INTO audit VALUES(3298534883358,1795930620976,'164ec11d-21','ana','POST /v1/invoices','dash-2','invoice','inv_1002',NULL,'{"number":"INV–100","year":2026,"external_ref.source":"shop","external_ref.id":"A-2"}','replayed',409,NULL);
INSERT INTO audit VALUES(3298534883359,1795930620976,'164ec11d-22','ana','POST /v1/invoices','dash-3','invoice','inv_1002',NULL,'{"number":"INV−100","year":2026,"external_ref.source":"shop","external_ref.id":"A-3"}','replayed',409,NULL);
INSERT INTO audit VALUES(3298534883360,1795930620977,'164ec11d-23','ana','POST /v1/invoices','odd-1','invoice','inv_1003',NULL,'{"number":"X⁥1","year":2026}','replayed',201,NULL);
INSERT INTO audit VALUES(3298534883361,1795930620977,'164ec11d-24','ana','POST /v1/invoices','odd-2','invoice','inv_1003',NULL,'{"number":"X1","year":2026}','replayed',409,NULL);
INSERT INTO audit VALUES(3298534883362,1795930620978,'164ec11d-25','ana','POST /v1/invoices','year-1','invoice','inv_1004',NULL,'{"number":"X1","year":2025,"external_ref.source":"é","external_ref.id":"7"}','replayed',201,NULL);
INSERT INTO audit VALUES(3298534883363,1795930620978,'164ec11d-26','ana','POST /v1/invoices','taken-1','invoice','inv_1002',NULL,'{"number":"inv-100","year":2026}','replayed',409,NULL);
INSERT INTO audit VALUES(3298534883364,1795930620978,'164ec11d-27','ana','POST /v1/invoices','taken-2','invoice','inv_1005',NULL,'{"number":"Y-1","year":2026,"external_ref.source":"shop","external_ref.id":"A-2"}','replayed',201,NULL);
INSERT INTO audit VALUES(3298534883365,1795930620979,'164ec11d-28','ana','POST /v1/invoices','south','invoice','inv_1006',NULL,'{"number":"S-0","year":2026}','replayed',201,NULL);
INSERT INTO audit VALUES(3298534883366,1795930620979,'164ec11d-2a','ana','POST /v1/webhooks/bank',NULL,'payment','pay_1','inv_1002','{"provider":"bank","event_id":"e1"}','replayed',200,NULL);
INSERT INTO audit VALUES(3298534883367,1795930620981,'164ec11d-2b','ana','POST /v1/webhooks/bank',NULL,'payment','pay_1','inv_1002','{"provider":"bank","event_id":"e1"}','replayed',200,NULL);
INSERT INTO audit VALUES(3298534883368,1795930620981,'164ec11d-2c','ana','POST /v1/webhooks/bank',NULL,'payment',NULL,NULL,'{"provider":"bank","event_id":"e1"}','rejected_mismatch',422,NULL);
INSERT INTO audit VALUES(3298534883369,1795930620982,'164ec11d-2d','ana','POST /v1/webhooks/bank',NULL,'payment',NULL,NULL,'{"provider":"bank","event_id":"e2"}','replayed',200,NULL);
INSERT INTO audit VALUES(3298534883370,1795930620983,'164ec11d-2e','ana','POST /v1/webhooks/other',NULL,'payment','pay_2','inv_1002','{"provider":"other","event_id":"e1"}','replayed',200,NULL);
INSERT INTO audit VALUES(3298534883371,1795930620984,'164ec11d-2f','ana','POST /v1/invoices','more-0','invoice','inv_1007',NULL,'{"number":"M-0","year":2026}','replayed',201,NULL);
INSERT INTO audit VALUES(3298534883372,1795930620984,'164ec11d-30','ana','POST /v1/invoices','more-1','invoice','inv_1008',NULL,'{"number":"M-1","year":2026}','replayed',201,NULL);
INSERT INTO audit VALUES(3298534883373,1795930620985,'164ec11d-31','ana','POST /v1/invoices','more-2','invoice','inv_1009',NULL,'{"number":"M-2","year":2026}','replayed',201,NULL);
INSERT INTO audit VALUES(6597069766657,1795930620874,'1de83ad3-a','eve','POST /v1/invoices','south','invoice','inv_1001',NULL,'{"number":"INV-100","year":2026}','created',201,NULL);
INSERT INTO audit VALUES(6597069766658,1795930620979,'164ec11d-29','eve','POST /v1/invoices','south','invoice','inv_1001',NULL,'{"number":"INV-100","year":2026}','replayed',201,NULL);
CREATE INDEX records_parent ON records (place >> 12, parent) WHERE parent IS NOT NULL;
COMMIT;
PRAGMA user_version=5;
