# shellcheck shell=sh
# For stories in tmux: a server and a form on a socket and in a directory of their own.
# Sourced by story_*.sh, which get the two programs' paths: INVONCE SERVER

invonce=$1
server=$2
token=north-ana-0123456789abcdef
work=$(mktemp -d "${TMPDIR:-/tmp}/invonce-story-XXXXXX")
server_pid=

on_tmux() {
    tmux -f /dev/null -S "$work/tmux" "$@"
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

# until_true COMMAND...: runs it until it succeeds, for half a minute at most.
until_true() {
    deadline=$(($(date +%s) + 30))
    until "$@"; do
        [ "$(date +%s)" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

shows() {
    screen | grep -qF -- "$1"
}

wait_for() {
    until_true shows "$1" || fail "\"$1\" didn't come"
}

# start_server OPTION...
start_server() {
    "$server" --listen 127.0.0.1:0 --store "sqlite:$work/store.db" --token "north:ana=$token" "$@" \
        >"$work/server.out" 2>"$work/server.log" &
    server_pid=$!
    until_true grep -q '^listening on ' "$work/server.out" || fail "the server didn't start"
    url=$(sed -n 's/^listening on //p' "$work/server.out")
}

# start_form NUMBER: the form in an 80x24 terminal, filled in, the account asked for and shown.
start_form() {
    cat >"$work/invoice.json" <<JSON
{"number":"$1","issue_date":"2026-11-22","currency":"EUR",
 "customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},
 "lines":[{"description":"Consulting","quantity":"1.5","unit_price":"120.00","tax_rate":"21"}]}
JSON
    on_tmux new-session -d -s story -x 80 -y 24 \
        env HOME="$work" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8 \
        INVONCE_SERVER="$url" INVONCE_TOKEN="$token" "$invonce" --prefill "$work/invoice.json"
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
    sqlite3 -readonly "$work/store.db" "$1"
}

# expect WHAT IS
expect() {
    [ "$2" = "$1" ] || fail "expected: $1
found: $2"
}
