#!/bin/sh
# The server commits and its reply is lost: the form asks again with the same key and ends in
# "Invoice created"; the server has one record and says that the second attempt was a replay.
# usage: story_lost_reply.sh INVONCE SERVER
set -eu
. "$(dirname "$0")/tmux.sh"

start_server --faults-api --fault drop-response@attempt=1 --fault delay-after-commit=1h@attempt=2
start_form 2026-0043
press Enter
wait_for 'trying again with the same key, attempt 2'
let_go
wait_for 'Invoice created'
wait_for '2 attempts'

expect 'created
replayed' "$(rows 'SELECT outcome FROM audit ORDER BY seq')"
expect '1' "$(rows 'SELECT count(DISTINCT key) FROM audit')"
expect '1' "$(rows 'SELECT count(*) FROM invoices')"
wait_for "$(rows 'SELECT DISTINCT key FROM audit')"
