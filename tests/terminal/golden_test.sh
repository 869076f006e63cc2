#!/bin/sh
# Every view is as its golden screen: the characters, and below them how each of them looks.
# usage: golden_test.sh GOLDEN DIRECTORY
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/invonce-golden-XXXXXX")
trap 'rm -rf "$work"' EXIT

mkdir "$work/now"
"$1" "$work/now" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
diff -ru "$2" "$work/now" || {
    echo 'a view has changed: if that was meant, build the target "goldens", and look at each'
    exit 1
}
