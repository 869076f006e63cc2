#!/bin/sh
# The window is made larger, too small, and as it was, while the invoice is being saved: the picture
# is as before but for the button and the status line, and one record is made.
# usage: story_resize.sh INVONCE SERVER
set -eu
. "$(dirname "$0")/tmux.sh"

still() {
    screen | sed -e 's/\[ Create invoice \]/[button]/; s/\[   Saving\.\.\.    \]/[button]/' -e '23d'
}

start_server
start_form 2026-0601
before=$(still)
kill -STOP "$server_pid"
press Enter
wait_a_second_of 'Saving'
on_tmux resize-window -t story -x 132 -y 43
wait_for '[   Saving...    ]'
wait_for '2026-0601'
on_tmux resize-window -t story -x 60 -y 10
wait_for 'the form needs 80 x 24'
press Enter
on_tmux resize-window -t story -x 80 -y 24
wait_for '[   Saving...    ]'
wait_for 'F10 Quit'
expect "$before" "$(still)"
kill -CONT "$server_pid"
wait_for 'we ignored the duplicate submission'
expect 'created|2026-0601' "$(rows 'SELECT outcome, number FROM audit')"
