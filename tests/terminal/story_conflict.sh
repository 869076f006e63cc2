#!/bin/sh
# A number that is taken: the original is shown, nothing that was typed is lost, another number makes
# another intent with a key of its own.
# usage: story_conflict.sh INVONCE SERVER
set -eu
. "$(dirname "$0")/tmux.sh"

start_server
start_form 2026-0301
press Enter
wait_for 'Invoice created'
press n
wait_for '[ Create invoice ]'
press C-a C-k
press -l '2026-0301'
press Tab
press -l '2026-11-22' # the first one's year
press Tab Tab Tab
press -l 'other@south.example'
press Tab Tab
press -l 'Other work'
press Tab
press -l '3'
press Tab
press -l '10.00'
press Enter
wait_for 'Conflict '
wait_for 'This invoice number already exists. We kept the original'
press v
wait_for 'The original invoice'
wait_for 'Consulting'
press Escape
wait_for 'Back to the form'
press Escape
wait_for '[ Create invoice ]'
wait_for 'other@south.example'
press C-a C-k
press -l '2026-0302'
press Enter
wait_for 'Invoice created'
wait_for 'Other work'
expect 'created|2026-0301
rejected_conflict|2026-0301
created|2026-0302' "$(rows 'SELECT outcome, number FROM audit ORDER BY seq')"
expect '3' "$(rows 'SELECT count(DISTINCT key) FROM audit')"
expect '2' "$(rows 'SELECT count(*) FROM invoices')"
