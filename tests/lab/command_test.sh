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
refused 32 --at-once 33
refused --many --many 1
refused alone --seed
refused intents soak --intents 0
refused sqlite soak --store file
refused seed soak --seed x
refused alone soak --seconds
"$lab" soak --help | grep -q -e --intents || fail "the help of soak names no option"
"$lab" --help | grep -q -e lost-reply || fail "the help names no scenario"

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
