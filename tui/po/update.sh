#!/bin/sh
# Takes what is new in the sources into the .po files, and drops what is gone. From the repository's
# root.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh tui/po/extract.sh "$work/invonce.pot"
for po in tui/po/*.po; do
    msgmerge --quiet --no-fuzzy-matching --add-location=file --width=100 -o "$work/merged.po" \
        "$po" "$work/invonce.pot"
    msgattrib --no-obsolete --add-location=file --width=100 -o "$po" "$work/merged.po"
    printf '%s: ' "$po"
    msgfmt --check --statistics -o /dev/null "$po"
done
