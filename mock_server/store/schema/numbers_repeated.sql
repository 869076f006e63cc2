-- For stores made without that rule, on purpose, to show what it is worth: look-ups only.
CREATE INDEX IF NOT EXISTS invoices_number_repeated ON invoices (tenant, number_key, year);
