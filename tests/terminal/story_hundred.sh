#!/bin/sh
# A hundred invoices typed by script, each in one burst, far quicker than 2,000 characters a second,
# and each pressed twice: a hundred records, none lost, none doubled, not a character wrong.
# usage: story_hundred.sh INVONCE SERVER
set -eu
. "$(dirname "$0")/tmux.sh"

start_server
run_form
wait_for 'north / ana'
wait_for 'F10'
tab=$(printf '\t')
enter=$(printf '\r')
wanted=
open=
for i in $(seq 1 100); do
    number=$(printf 'HUND-%03d' "$i")
    # What follows Enter is typed while it saves, and is for nobody.
    press -l "$open$number$tab$tab$tab$tab""c$i@north.example${tab}Customer $i${tab}Work of day $i$tab$i${tab}1.25$enter$enter"
    wait_for "$number   issued"
    wait_for 'Created '
    open=n
    wanted="$wanted$number|c$i@north.example|Customer $i|Work of day $i|$i|1.25|created
"
done

expect '100' "$(rows 'SELECT count(*) FROM invoices')"
expect '100' "$(rows 'SELECT count(DISTINCT key) FROM audit')"
expect 'created|100' "$(rows 'SELECT outcome, count(*) FROM audit GROUP BY outcome')"
expect "$wanted" "$(rows "SELECT json_extract(record, '\$.number'), json_extract(record, '\$.customer.email'),
    json_extract(record, '\$.customer.name'), json_extract(record, '\$.lines[0].description'),
    json_extract(record, '\$.lines[0].quantity'), json_extract(record, '\$.lines[0].unit_price'), 'created'
    FROM invoices ORDER BY 1")
"
