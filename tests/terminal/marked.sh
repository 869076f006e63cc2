#!/bin/sh
# marked.sh MO: a catalogue in which each message is itself, between marks, for wrapped_test.c. From
# the repository's root.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh tui/po/extract.sh "$work/invonce.pot"
sed -i -e "s/charset=CHARSET/charset=UTF-8/" \
    -e "s/nplurals=INTEGER; plural=EXPRESSION/nplurals=2; plural=(n > 1)/" "$work/invonce.pot"
msgen --output-file="$work/same.po" "$work/invonce.pot"
msgfilter --keep-header --input="$work/same.po" --output-file="$work/marked.po" \
    sed -e '1s/^/⟦/' -e '$s/$/⟧/'
msgfmt -o "$1" "$work/marked.po"
