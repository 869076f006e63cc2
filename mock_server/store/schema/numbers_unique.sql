-- The rule that no two invoices of a tenant and a year have one number. It also serves look-ups by
-- number, with or without a year.
CREATE UNIQUE INDEX IF NOT EXISTS invoices_number ON invoices (tenant, number_key, year);
