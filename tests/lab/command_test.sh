#!/bin/sh
# The command line of the laboratory, and what it writes for programs.
# usage: command_test.sh INVONCE-LAB
set -eu
lab=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

fail() {
    echo "$*" >&2
    exit 1
}

# refused WORD ARGUMENT...: exit 2, and a sentence with that word.
refused() {
    word=$1
    shift
    code=0
    "$lab" "$@" >"$directory/out" 2>"$directory/words" || code=$?
    [ "$code" -eq 2 ] || fail "$*: exit $code"
    grep -q -e "$word" "$directory/words" || fail "$*: $(cat "$directory/words")"
    [ ! -s "$directory/out" ] || fail "$*: it began"
}

refused nowhere --scenario nowhere
refused constraint --layers some
refused 1000 --trials 0
refused 1000 --trials 1001
refused 1000 --trials -1
refused seed --seed x
refused 4294967295 --seed 4294967296
refused sqlite --store file
refused 32 --at-once 33
refused --many --many 1
refused unknown --seed
refused intents soak --intents 0
refused sqlite soak --store file
refused seed soak --seed x
refused 4294967295 soak --seed 4294967296
refused no-lease soak --bug nonsense
refused no-lease soak --bug ''
refused unknown soak --seconds
"$lab" soak --help | grep -q -e --intents || fail "the help of soak names no option"
"$lab" --seed 3 --help | grep -q -e lost-reply || fail "the help names no scenario"
export INVONCE_TEST_STORE=nonsense
refused nonsense --scenario refresh
unset INVONCE_TEST_STORE

# fails WORD COMMAND...: exit 1, and a sentence with that word.
fails() {
    word=$1
    shift
    code=0
    "$@" 2>"$directory/words" || code=$?
    [ "$code" -eq 1 ] || fail "$*: exit $code"
    grep -q -e "$word" "$directory/words" || fail "$*: $(cat "$directory/words")"
}

# to_full ARGUMENT...: with output that nobody takes.
to_full() {
    "$lab" "$@" >/dev/full
}

fails output to_full --help
fails output to_full soak --help
fails output to_full --scenario refresh --layers all --trials 1
fails output to_full --scenario refresh --layers all --trials 1 --json
fails nowhere/map.svg "$lab" --scenario refresh --svg "$directory/nowhere/map.svg" >"$directory/out"
[ ! -s "$directory/out" ] || fail "the table was run though its map can't be written"
mkdir "$directory/tmp"
fails "No such" env TMPDIR="$directory/nowhere" "$lab" --scenario refresh

# ended SIGNAL CODE ARGUMENT...: in the middle, and leaves nothing behind.
ended() {
    signal=$1
    expected=$2
    code=0
    shift 2
    mkfifo "$directory/fifo"
    TMPDIR=$directory/tmp env --default-signal=INT "$lab" "$@" >"$directory/fifo" &
    read -r _ <"$directory/fifo"
    until ls "$directory"/tmp/*/* >/dev/null 2>&1; do sleep 0.02; done
    kill -"$signal" $!
    wait $! || code=$?
    [ "$code" -eq "$expected" ] || fail "$*: exit $code at SIG$signal"
    [ -z "$(ls "$directory/tmp")" ] || fail "$*: SIG$signal leaves" "$directory"/tmp/*
    rm "$directory/fifo"
}

ended INT 130 --trials 1000
ended TERM 143 --trials 1000
ended HUP 129 soak

# Nobody reads any more.
TMPDIR=$directory/tmp "$lab" --trials 1 | true
[ -z "$(ls "$directory/tmp")" ] || fail "a closed pipe leaves" "$directory"/tmp/*

"$lab" --scenario same-key-at-once --trials 2 --seed 7 --json --svg "$directory/map.svg" >"$directory/json"
jq -e '.seed == 7 and (.cells | length) == 5
    and all(.cells[]; .scenario == "same-key-at-once" and .trials == 2 and .complaint == null and .least >= 1)
    and (.cells[] | select(.layers == "none") | .most > 1 and .true == 0)
    and (.cells[] | select(.layers == "all") | .most == 1 and .true == 2 and .lied_about == 0)' \
    "$directory/json" >/dev/null || fail "$(cat "$directory/json")"
python3 -c 'import sys, xml.etree.ElementTree as tree; tree.parse(sys.argv[1])' "$directory/map.svg"

# The same seed is the same choice.
"$lab" --scenario same-key-at-once --layers none --trials 2 --seed 7 --json >"$directory/again"
[ "$(jq '.cells[0].most' "$directory/json")" = "$(jq '.cells[0].most' "$directory/again")" ] ||
    fail "another choice by the same seed"
