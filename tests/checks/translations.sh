#!/bin/sh
# Every message of the sources is translated, and nothing else is: translations.sh ROOT
set -eu
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh tui/po/extract.sh "$work/invonce.pot"
for po in tui/po/*.po; do
    msgfmt --check -o /dev/null "$po"
    said=$(msgcmp "$po" "$work/invonce.pot" 2>&1) || {
        printf '%s\n%s: see tui/po/README.md\n' "$said" "$po" >&2
        exit 1
    }
    [ -z "$said" ] || {
        printf '%s\n%s: left over; see tui/po/README.md\n' "$said" "$po" >&2
        exit 1
    }
done
