#!/bin/sh
# Ten thousand lines pasted into a field: nothing is sent, nothing hangs, nothing grows, and the form
# is filled in and sent as ever after it.
# usage: [SANITIZED=1] story_paste.sh INVONCE SERVER    (a sanitizer has memory of its own)
set -eu
. "$(dirname "$0")/tmux.sh"

start_server
start_form 2026-0701
seq -f 'line %05g of what somebody had on the clipboard, with a tab\t and a ;' 1 10000 >"$work/lines"
on_tmux load-buffer "$work/lines"
on_tmux paste-buffer -p -t story
wait_for 'this field holds no more'
press Down Down Down Down Down Down Down Down
on_tmux paste-buffer -p -t story
# The next key is read behind all of it.
press F1
wait_for 'create the invoice, from any field'
press Escape
wait_for 'Editing '
expect '0' "$(rows 'SELECT count(*) FROM audit')"
peak=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$(form_pid)/status")
echo "memory at most: $peak KiB"
[ -n "${SANITIZED-}" ] || [ "$peak" -lt 24576 ] || fail "it took $peak KiB"
# The mark of a paste's end in the text, and what would submit behind it.
start_form 2026-0702
printf -- '-x\033[201~\r\023' >"$work/evil"
on_tmux load-buffer "$work/evil"
on_tmux paste-buffer -p -r -t story
wait_for '2026-0702-x'
wait_for 'a key that comes with pasted text does nothing: press it again'
expect '0' "$(rows 'SELECT count(*) FROM audit')"
start_form 2026-0702
press Enter
wait_for 'Invoice created'
expect 'created|2026-0702' "$(rows 'SELECT outcome, number FROM audit')"
