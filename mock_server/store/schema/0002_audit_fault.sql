-- What was done to the attempt on purpose, as in "drop-response".
ALTER TABLE audit ADD COLUMN fault TEXT;
