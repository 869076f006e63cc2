#!/bin/sh
# Has spin look at the model of the protocol.
# usage: check.sh CC holds
#            In every state it can come to, all that is asserted is true.
#        check.sh CC fails SWITCHES WORDS [REPLAY [STEP]]
#            With the switches ("-DNO_FENCE") it isn't: prints the shortest way there, which breaks
#            the assertion of those words. The replay parts from it at that step, or never.
#        check.sh CC simulate N SEED [REPLAY [BUG]...]
#            N runs at random. The replay never parts from them, but with each of the bugs planted.
# REPLAY is build/tests/replay_test.
set -eu

compiler=$1
command=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/invonce-model-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cp "$here/protocol.pml" "$work"
cd "$work" # spin takes no paths with blanks

fail() {
    echo "model: $*" >&2
    exit 1
}

# verify SWITCHES CFLAGS: what the search of all states says, in the file "said".
verify() {
    # shellcheck disable=SC2086 # a list of switches
    spin -a $1 protocol.pml >said 2>&1 || fail "spin: $(cat said)"
    # shellcheck disable=SC2086
    "$compiler" -O0 -w -DSAFETY -DMEMLIM=1024 $2 -o pan pan.c || fail "pan.c doesn't compile"
    ./pan -w20 -m100000 >said 2>&1 || fail "pan: $(cat said)"
    ! grep -q 'error: max search depth too small\|out of memory\|hash table full' said ||
        fail "not all of it was looked at: $(cat said)"
}

case $command in
holds)
    verify '' ''
    grep -q 'errors: 0$' said || fail "it doesn't hold: $(cat said)"
    unreached=$(sed -n 's/.*\(:[0-9]*, state.*\)/\1/p' said | grep -v -e -end- || true)
    [ -z "$unreached" ] || fail "steps that are never made: $unreached"
    sed -n 's/^ *\([0-9]*\) states, stored.*/\1 states/p; s/.*depth reached \([0-9]*\).*/\1 steps deep/p' said
    ;;
fails)
    verify "$3" -DBFS
    grep -q 'errors: 1$' said || fail "without the rule it holds all the same: $(cat said)"
    # shellcheck disable=SC2086
    spin -t -T -B -k protocol.pml.trail $3 protocol.pml >trail || true
    grep -v '^spin: ' trail
    line=$(sed -n 's/^spin: protocol\.pml:\([0-9]*\), Error: assertion violated.*/\1/p' trail)
    [ -n "$line" ] || fail "no assertion at the end of the trail: $(cat trail)"
    sed -n "${line}s|.*/\* \(.*\) \*/.*|broken: \1|p" protocol.pml
    sed -n "${line}p" protocol.pml | grep -q "$4" || fail "it breaks another rule than: $4"
    if [ $# -gt 4 ]; then
        grep -v '^spin: ' trail >trace
        "$5" trace ${6+"$6"} || fail "the replay"
    fi
    ;;
simulate)
    spin -T -B "-DEPISODES=$3" "-n$4" protocol.pml >trail || fail "spin: $(tail -n 5 trail)"
    grep -v '^timeout$' trail >trace
    if [ $# -eq 4 ]; then
        cat trace
        exit
    fi
    replay=$5
    shift 5
    "$replay" trace || fail "the replay"
    for bug; do
        echo "with $bug planted:"
        "$replay" --bug "$bug" trace any || fail "the replay doesn't see $bug"
    done
    ;;
*)
    fail "unknown command '$command'"
    ;;
esac
