#!/bin/sh
# The part of `run` about deliveries: two servers on one store, both killed with -9 again and again
# while invoices are created, and a receiver that answers 500, closes, hangs and is down for a while.
# Fails when a record is told of not at all, or of one record by two events.
# usage: deliveries.sh BIN_DIR [--smoke]
set -eu
tools=$1/../tests
export INVONCE_TEST_CLOCK=real INVONCE_EVENTS=10000 INVONCE_KILLS=20
[ "${2-}" != --smoke ] || export INVONCE_EVENTS=100 INVONCE_KILLS=2
output=$(mktemp)
trap 'rm -f "$output"' EXIT

soak() { # soak NAME COMMAND...
    name=$1
    shift
    if ! "$@" "$tools/server_deliveries_kills_test" >"$output" 2>&1; then
        cat "$output" >&2
        exit 1
    fi
    sed -n "s/^\([0-9]* records, \)/deliveries on $name, $INVONCE_KILLS kills of two servers: \1/p" "$output"
}

soak SQLite
INVONCE_TEST_STORE=postgresql
export INVONCE_TEST_STORE
[ ! -x "$tools/with-postgres" ] || [ "${2-}" = --smoke ] || soak PostgreSQL "$tools/with-postgres"
