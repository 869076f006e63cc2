#!/bin/sh
# Whether a document is a valid one of OpenAPI 3.1: says all that is wrong with it; exit 1 if anything.
# usage: document.sh DOCUMENT
#
# Debian 12 packages no schema of OpenAPI 3.1, so that each part is judged by the public schema that
# there is for it: Schema Objects by JSON Schema 2020-12, which 3.1 says they are, and what is around
# them by OpenAPI's own schema of 3.0, less the few members that are new in 3.1. What no schema can
# say (references lead somewhere, names are unique) is in names.jq.
set -eu
PATH=/usr/bin:$PATH # Debian's commands before others of their names
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=$work/wrong

# validate WHAT INSTANCE SCHEMA
validate() {
    jsonschema -F "$1: {error.json_path}: {error.message}
" -i "$2" "$3" >>"$wrong" 2>&1 || [ -s "$wrong" ] || echo "$1: refused" >>"$wrong"
}

yamllint -d '{rules: {key-duplicates: enable}}' "$1" >>"$wrong" 2>&1 || true
yq -c . "$1" >"$work/document.json"

jq -c -f "$here/as_3_0.jq" "$work/document.json" >"$work/around.json"
validate OpenAPI "$work/around.json" /usr/share/openapi-specification/schemas/v3.0/schema.json

jq -c '[.. | objects | select(has("schema")).schema] + [.components.schemas[]]' \
    "$work/document.json" >"$work/schemas.json"
validate "Schema Object" "$work/schemas.json" "$here/schema_object.json"

jq -rn -L "$here" --slurpfile document "$work/document.json" -f "$here/names.jq" >"$work/names"
cat "$work/names" >>"$wrong"
if [ ! -s "$work/names" ]; then
    jq -c -f "$here/examples.jq" "$work/document.json" >"$work/examples.json"
    jq -c .instance "$work/examples.json" >"$work/instance.json"
    jq -c .schema "$work/examples.json" >"$work/schema.json"
    validate "Example" "$work/instance.json" "$work/schema.json"
fi

cut -c 1-500 "$wrong"
[ ! -s "$wrong" ]
