#!/bin/sh
# Whether a document says of each resource what its row says: every field of a request, whether it is
# required, its limit; and the problem of every unique rule. usage: rows.sh ROWS DOCUMENT
set -eu
PATH=/usr/bin:$PATH # Debian's commands before others of their names
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" | LC_ALL=C sort -u >"$work/rows"
schemas=$(sed '/^taken /d; s/ .*//' "$work/rows" | sort -u | tr '\n' ' ')
yq -c . "$2" | jq -r --arg schemas "${schemas% }" -f "$here/rows.jq" | LC_ALL=C sort -u >"$work/document"
[ -s "$work/rows" ]
diff -u "$work/rows" "$work/document"
