# shellcheck shell=sh
# For stories in tmux: a server and a form on a socket and in a directory of their own.
# Sourced by story_*.sh, which get the two programs' paths: INVONCE SERVER

invonce=$1
server=$2
token=north-ana-0123456789abcdef
work=$(mktemp -d "${TMPDIR:-/tmp}/invonce-story-XXXXXX")
server_pid=
# It stays when its last program has ended.
echo 'set -g exit-empty off' >"$work/tmux.conf"

on_tmux() {
    tmux -f "$work/tmux.conf" -S "$work/tmux" "$@"
}

finish() {
    status=$?
    on_tmux kill-server 2>/dev/null || true
    [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
    [ -z "$server_pid" ] || wait "$server_pid" 2>/dev/null || true
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

screen() {
    on_tmux capture-pane -p -t story 2>/dev/null || true
}

fail() {
    echo "$*" >&2
    screen >&2
    cat "$work/server.log" >&2
    exit 1
}

# A pane's output goes into a fifo too: where something isn't on the screen yet, there is nothing to
# look at before more has come. Kept open here, so that nobody ever waits for a reader.
mkfifo "$work/news"
exec 9<>"$work/news"

# until_shown TEXT: looks at the screen each time that something was written to it, until it shows
# the text; a minute of silence is too long.
until_shown() {
    until shows "$1"; do
        timeout 60 dd bs=65536 count=1 status=none <&9 >/dev/null || return 1
    done
}

until_gone() {
    while shows "$1"; do
        timeout 60 dd bs=65536 count=1 status=none <&9 >/dev/null || return 1
    done
}

shows() {
    screen | grep -qF -- "$1"
}

# wait_a_second_of STATE: until it says for how many seconds that has lasted, and it isn't 0.
wait_a_second_of() {
    wait_for "$1  "
    until_gone "$1  0 s" || fail "\"$1\" didn't go on"
    shows "$1  " || fail "\"$1\" was over"
}

wait_for() {
    until_shown "$1" || fail "\"$1\" didn't come"
}

# start_server OPTION...: its first line says where it listens.
start_server() {
    rm -f "$work/said"
    mkfifo "$work/said"
    "$server" --listen "${listen:-127.0.0.1:0}" --store "sqlite:$work/store.db" \
        --token "north:ana=$token" "$@" >"$work/said" 2>>"$work/server.log" &
    server_pid=$!
    read -r said <"$work/said" || fail "the server didn't start"
    url=${said#listening on }
    listen=${url#http://}
}

# kill_server: as a crash would. The next one listens at the same address, on the same store.
kill_server() {
    kill -9 "$server_pid"
    wait "$server_pid" 2>/dev/null || true
    server_pid=
}

# let_go: ends the server's faults, and the delays that are under way; it has --faults-api.
let_go() {
    "$(dirname "$server")/../tests/let-go" "$url" || fail "the server's delay doesn't end"
}

# run_form OPTION...: invonce in an 80x24 terminal, in place of the one before.
run_form() {
    on_tmux kill-session -t story 2>/dev/null || true
    on_tmux new-session -d -s story -x 80 -y 24 \
        env HOME="$work" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8 \
        INVONCE_SERVER="$url" INVONCE_TOKEN="$token" INVONCE_RETRY_BUDGET=600s "$invonce" "$@" \; \
        pipe-pane -t story "exec cat >'$work/news'"
}

# start_form NUMBER: the form, filled in, the account asked for and shown.
start_form() {
    cat >"$work/invoice.json" <<JSON
{"number":"$1","issue_date":"2026-11-22","currency":"EUR",
 "customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},
 "lines":[{"description":"Consulting","quantity":"1.5","unit_price":"120.00","tax_rate":"21"}]}
JSON
    run_form --prefill "$work/invoice.json"
    wait_for '[ Create invoice ]'
    wait_for "$1"
    wait_for 'north / ana'
    wait_for 'F10'
}

press() {
    on_tmux send-keys -t story "$@"
}

# click ROW COLUMN, from 1: the left button in the old form, which tmux's terminfo asks for.
click() {
    press -H 1b 5b 4d 20 "$(printf '%x' $((32 + $2)))" "$(printf '%x' $((32 + $1)))"
    press -H 1b 5b 4d 23 "$(printf '%x' $((32 + $2)))" "$(printf '%x' $((32 + $1)))"
}

# place TEXT: its row and column on the screen, from 1.
place() {
    screen | awk -v text="$1" 'at = index($0, text) { print NR, at; exit }'
}

rows() {
    sqlite3 -readonly -init "$(dirname "$0")/../support/store_views.sql" -batch "$work/store.db" "$1" 2>/dev/null
}

# wait_for_draft TEXT: until the journal's draft has it, which the screen need not tell.
wait_for_draft() {
    tries=60
    until sqlite3 -readonly "$work/state/invonce/journal.db" 'SELECT body FROM drafts' 2>/dev/null |
        grep -qF -- "$1"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "no draft with \"$1\""
        timeout 1 dd bs=65536 count=1 status=none <&9 >/dev/null || true
    done
}

# form_pid: of the program in the pane. env has become invonce.
form_pid() {
    on_tmux display-message -p -t story '#{pane_pid}'
}

# kill_form: SIGKILL; its end is waited for.
kill_form() {
    dying=$(form_pid)
    kill -9 "$dying"
    timeout 60 tail -s 0.02 -f --pid="$dying" /dev/null
}

# expect WHAT IS
expect() {
    [ "$2" = "$1" ] || fail "expected: $1
found: $2"
}
