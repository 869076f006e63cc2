#!/bin/sh
# What an operator does first with the installed programs; run by bare_debian.sh in the bare tree.
set -eu
work=$(mktemp -d)
server=
finish() {
    status=$?
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" || true
    rm -rf "$work"
    exit $status
}
trap finish EXIT

fail() {
    echo "$*" >&2
    exit 1
}

for program in invonce invonce-mock-server; do
    "$program" --version
    "$program" --help >"$work/help"
    grep -q '^EXIT STATUS' "$work/help" || fail "$program --help is cut short"
done

invonce demo </dev/null >"$work/demo" || { cat "$work/demo" >&2; fail "the demonstration fails"; }
grep -q 'Invoice created' "$work/demo" || fail "the demonstration creates nothing"

invonce --lang pt_BR --retry-budget x 2>"$work/words" || true
grep -q 'não' "$work/words" || fail "no Portuguese: $(cat "$work/words")"

export INVONCE_TOKEN=north-ana-0123456789abcdef
mkfifo "$work/address"
invonce-mock-server --listen 127.0.0.1:0 --token "north:ana=$INVONCE_TOKEN" \
    --fault drop-response@attempt=1 >"$work/address" 2>"$work/log" &
server=$!
read -r address <"$work/address" || fail "the server doesn't start: $(cat "$work/log")"
export INVONCE_SERVER="${address#listening on }"

cat >"$work/one.json" <<'JSON'
{"number":"2026-0042","issue_date":"2026-11-22","currency":"EUR",
 "customer":{"email":"ap@northwind.example","name":"Northwind Ltd"},
 "lines":[{"description":"Consulting","quantity":"1.5","unit_price":"120.00","tax_rate":"21"}]}
JSON
invonce create "$work/one.json" --json >"$work/created" || fail "create ended with $?"
grep -q '"number": *"2026-0042"' "$work/created" || fail "create said: $(cat "$work/created")"
grep -q '"attempts": *2' "$work/created" || fail "no reply was lost: $(cat "$work/created")"
again=0
invonce create "$work/one.json" --key another-key >"$work/again" 2>&1 || again=$?
[ $again -eq 3 ] || fail "the same number again ended with $again: $(cat "$work/again")"
