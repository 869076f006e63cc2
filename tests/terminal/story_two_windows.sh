#!/bin/sh
# Two windows of one operator: what one of them is saving is shown in the other, which can't send that
# number too, and is told when it is settled.
# usage: story_two_windows.sh INVONCE SERVER
set -eu
. "$(dirname "$0")/tmux.sh"

start_server
start_form 2026-0401
on_tmux rename-session -t story first
start_form 2026-0401
kill -STOP "$server_pid"
on_tmux send-keys -t first Enter
press F4
wait_for 'in another window'
wait_for '2026-0401'
press Escape
wait_for '[ Create invoice ]'
press Enter
wait_for '2026-0401 is waiting for confirmation'
press F4
wait_for 'in another window'
kill -CONT "$server_pid"
wait_for 'Everything is settled'
wait_for '2026-0401 was created in another window'
expect 'created|2026-0401' "$(rows 'SELECT outcome, number FROM audit')"
