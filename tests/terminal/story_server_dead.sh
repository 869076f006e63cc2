#!/bin/sh
# The server dies while it saves, before the commit, and comes back on the same store: the form asks
# again with the same key until somebody answers, and there is one record.
# usage: story_server_dead.sh INVONCE SERVER
set -eu
. "$(dirname "$0")/tmux.sh"

start_server --lease 1s --fault delay-before-commit=1h
start_form 2026-0201
press Enter
wait_a_second_of 'Saving'
kill_server
wait_for 'trying again with the same key, attempt '
expect '0' "$(rows 'SELECT count(*) FROM invoices')"
start_server --lease 1s
wait_for 'Invoice created'
expect '1' "$(rows 'SELECT count(*) FROM invoices')"
expect 'created|1' "$(rows "SELECT outcome, count(*) FROM audit WHERE outcome = 'created'")"
expect '1' "$(rows 'SELECT count(*) FROM idempotency_keys')"
wait_for "$(rows 'SELECT key FROM idempotency_keys')"
