#!/bin/sh
# The README's pictures show the program as it is now; keys, ports (with them, the first row of an
# SVG) and for how long it has been saving aside.
# usage: pictures_test.sh PICTURE DIRECTORY
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/invonce-pictures-XXXXXX")
trap 'rm -rf "$work"' EXIT

still() {
    sed -E -e 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/KEY/' \
        -e 's/[0-9a-f]{4}…[0-9a-f]{4}/KEY/' -e 's| +http://127\.0\.0\.1:[0-9]+| SERVER|' \
        -e 's/  [0-9]+ s  no answer/  N s  no answer/' -e 's| +</text>|</text>|' -e '/ y="28" /d' "$1"
}

"$1" "$work" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
for picture in "$2"/*.txt "$2"/*.svg; do
    name=${picture##*/}
    still "$picture" >"$work/kept"
    still "$work/$name" >"$work/now"
    diff -u "$work/kept" "$work/now" || {
        echo "$name isn't what the program shows now: build the target \"pictures\""
        exit 1
    }
done
