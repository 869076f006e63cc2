#!/bin/sh
# Five Enters, keys typed ahead and a click while the server stands still: one record, one key, one
# attempt; meanwhile only the button's words and the status line change.
# usage: story_five_enters.sh INVONCE SERVER
set -eu
. "$(dirname "$0")/tmux.sh"

# The screen without what may change: the status line is the last row but one.
still() {
    screen | sed -e 's/\[ Create invoice \]/[button]/; s/\[   Saving\.\.\.    \]/[button]/' -e '23d'
}

start_server
start_form 2026-0042
before=$(still)
button=$(place '[ Create invoice ]')

kill -STOP "$server_pid"
press Enter
wait_for '[   Saving...    ]'
press Enter Enter Enter Enter
press -l 'typed meanwhile'
press Tab Up C-u C-s
# shellcheck disable=SC2086  # a row and a column
click $button
wait_a_second_of 'Saving'
expect "$before" "$(still)"
kill -CONT "$server_pid"

wait_for 'Invoice created - we ignored the duplicate submission and kept your first'
expect '1' "$(rows 'SELECT count(*) FROM invoices')"
expect 'created|2026-0042' "$(rows 'SELECT outcome, number FROM audit')"
expect '1' "$(rows 'SELECT count(*) FROM idempotency_keys')"
key=$(rows 'SELECT key FROM audit')
wait_for "$key"
