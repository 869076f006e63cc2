-- Version 3: two indexes less, each of which cost every create a page.

-- Which buckets of 4,096 ids hold invoices of a year: a row for each, not one an invoice. A year's
-- invoices are nearly all together, so that few buckets hold some and few of them hold others.
CREATE TABLE invoice_years (
    tenant TEXT NOT NULL,
    year   INTEGER NOT NULL,
    bucket INTEGER NOT NULL,  -- id >> 12
    PRIMARY KEY (tenant, year, bucket)
) WITHOUT ROWID;
INSERT INTO invoice_years SELECT DISTINCT tenant, year, id >> 12 FROM invoices;
DROP INDEX invoices_year;

-- Replies are saved in the order of the keys' rowids, so that those past their lifetime are the
-- first after the mark that the fact 'keys_expired_to' keeps.
DROP INDEX idempotency_keys_expiry;
INSERT INTO facts VALUES ('keys_expired_to', '0');
