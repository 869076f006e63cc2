#!/bin/sh
# The same invoice again, from its record and from Recent, and its credit note: each is another intent
# with a key of its own at its own press, and nothing of it is sent before.
# usage: story_again.sh INVONCE SERVER
set -eu
. "$(dirname "$0")/tmux.sh"

# standing N: so many records, each under a key of its own, and nothing else was asked for.
standing() {
    expect "$1|$1|$1" "$(rows "SELECT (SELECT count(*) FROM invoices), count(DISTINCT key), count(*) FROM audit")"
}

today=$(date +%F)
start_server
cat >"$work/first.json" <<'JSON'
{"number":"2026-0401","issue_date":"2026-10-01","due_date":"2026-10-31","currency":"USD",
 "customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},"notes":"Thank you",
 "lines":[{"description":"Consulting","quantity":"1.5","unit_price":"120.00","tax_rate":"21"},
          {"description":"Travel","quantity":"2","unit_price":"10","tax_rate":"9"}]}
JSON
run_form --prefill "$work/first.json"
wait_for 'north / ana'
wait_for 'F10'
press Enter
wait_for 'Invoice created'

press d
wait_for '2026-0402'
wait_for "$today"
wait_for '[ Create invoice ]'
standing 1
press Enter
wait_for 'Invoice created'
wait_for '2026-0402   issued'
standing 2

press c
wait_for '2026-0403'
wait_for 'Credit note for 2026-0402'
standing 2
press Enter
wait_for '2026-0403   issued'
wait_for 'Invoice created'
standing 3

press n
wait_for '[ Create invoice ]'
wait_for '2026-0404'
press F3
wait_for '> 2026-0403'
press Down Down
wait_for '> 2026-0401'
press M-u
wait_for '2026-0404'
wait_for '[ Create invoice ]'
wait_for 'Travel'
standing 3
press Enter
wait_for '2026-0404   issued'
wait_for 'Invoice created'
standing 4

expect 'created|4' "$(rows 'SELECT outcome, count(*) FROM audit GROUP BY outcome')"
expect '1' "$(rows "SELECT count(DISTINCT json_extract(record, '\$.lines')) FROM invoices
    WHERE json_extract(record, '\$.number') <> '2026-0403'")"
expect '-1.5|-2|-239.60|USD|Credit note for 2026-0402' "$(rows "SELECT json_extract(record, '\$.lines[0].quantity'),
    json_extract(record, '\$.lines[1].quantity'), json_extract(record, '\$.totals.gross'), json_extract(record, '\$.currency'),
    json_extract(record, '\$.notes') FROM invoices WHERE json_extract(record, '\$.number') = '2026-0403'")"
expect "2026-0402|$today|30.0|Thank you
2026-0404|$today|30.0|Thank you" "$(rows "SELECT json_extract(record, '\$.number'), json_extract(record, '\$.issue_date'),
    julianday(json_extract(record, '\$.due_date')) - julianday(json_extract(record, '\$.issue_date')),
    json_extract(record, '\$.notes') FROM invoices WHERE json_extract(record, '\$.number') IN ('2026-0402', '2026-0404')
    ORDER BY 1")"
