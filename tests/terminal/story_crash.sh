#!/bin/sh
# The program is killed while an invoice is typed, and again while it is saved: the draft is offered,
# and with --recover taken up; what was pressed is settled at the next start, with its own key.
# usage: story_crash.sh INVONCE SERVER
set -eu
. "$(dirname "$0")/tmux.sh"

start_server
run_form
wait_for 'F10'
press -l '2026-0501'
press Tab Tab Tab Tab
press -l 'ap@northwind.example'
press Tab Tab
press -l 'Tea'
press Tab
press -l '2'
press Tab
press -l '1.25'
wait_for '2.50'
wait_for_draft '1.25' # "draft kept" may still be of what was typed before
kill_form
run_form
wait_for 'A draft was kept'
wait_for '2026-0501'
press r
wait_for 'Tea'
wait_for '2.50'
wait_for 'draft kept'
kill_form
run_form --recover
wait_for 'Tea'
wait_for '2026-0501'
kill -STOP "$server_pid"
press Enter
wait_a_second_of 'Saving'
kill_form
kill -CONT "$server_pid"
run_form
wait_for '2026-0501 from before is saved'
expect '1' "$(rows 'SELECT count(*) FROM invoices')"
expect '1' "$(rows 'SELECT count(DISTINCT key) FROM audit')"
