#!/bin/sh
# Whether what servers answered is what an OpenAPI document says they answer: status, media type,
# headers, and body by its JSON schema. What a server took (2xx) must be what the document says that
# it takes, and what it refused for its form must not be. Says what isn't so; exit 1 if anything.
# usage: answers.sh DOCUMENT DIRECTORY [PROGRAMS]
# The directory is of exchanges, as tests/support/exchanges.h writes them. Where as many programs as
# that have written some, every answer that is described must be among them.
set -eu
PATH=/usr/bin:$PATH # Debian's commands before others of their names
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

yq -c . "$1" >"$work/document.json"
find "$2" -name '*.jsonl' -exec cat {} + >"$work/exchanges"
[ -s "$work/exchanges" ] || { echo "no exchanges in $2"; exit 1; }

jq -cn -L "$here" --slurpfile document "$work/document.json" \
    --slurpfile outside "$here/exceptions.json" -f "$here/answers.jq" \
    "$work/exchanges" >"$work/all"
LC_ALL=C sort -u "$work/all" >"$work/different"
jq -r 'objects | "not described: \(.undescribed)"' "$work/different" >"$work/wrong"

jq -cs -L "$here" --slurpfile document "$work/document.json" -f "$here/instance.jq" \
    "$work/different" >"$work/described"
jq -c .instance "$work/described" >"$work/instance.json"
jq -c .schema "$work/described" >"$work/schema.json"
jsonschema -F '{error.json_path}: {error.message}
' -i "$work/instance.json" "$work/schema.json" >>"$work/wrong" 2>&1 ||
    [ -s "$work/wrong" ] || echo "refused" >>"$work/wrong"

jq -cn -L "$here" --slurpfile document "$work/document.json" --slurpfile unsaid "$here/unsaid.json" \
    -f "$here/refusals.jq" "$work/exchanges" >"$work/refused"
jq -c .instance "$work/refused" >"$work/instance.json"
jq -c .schema "$work/refused" >"$work/schema.json"
jsonschema -F '{error.json_path}
' -i "$work/instance.json" "$work/schema.json" >"$work/disallowed" 2>&1 || true
if grep -qv '^\($\|\$\[[0-9]\)' "$work/disallowed"; then cat "$work/disallowed" >>"$work/wrong"; fi
jq -rn --rawfile disallowed "$work/disallowed" --slurpfile refused "$work/refused" '
    ([$disallowed | scan("(?m)^\\$\\[([0-9]+)\\]")[0]] | map({key: ., value: true}) | from_entries) as $disallowed
    | $refused[0] | .taken as $taken | .told | to_entries[]
    | if $taken[.key] and $disallowed["\(.key)"] then "taken, but not allowed: \(.value)"
      elif $taken[.key] or $disallowed["\(.key)"] then empty
      else "refused, but allowed: \(.value)" end' >>"$work/wrong"

echo "$(wc -l <"$work/exchanges") exchanges, $(wc -l <"$work/different") different answers"
if [ "$(find "$2" -name '*.jsonl' | wc -l)" -ge "${3:-1000}" ]; then
    jq -r '.unseen[] | "described, but never seen: \(.)"' "$work/described" >>"$work/wrong"
fi
[ -s "$work/wrong" ] || exit 0
echo "$(wc -l <"$work/wrong") things are not as described:"
head -n 80 "$work/wrong" | cut -c 1-600
exit 1
