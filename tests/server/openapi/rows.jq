# What a document says of each request that $schemas names, a line a field: rows.c has the same of
# the resources' rows.
. as $document
| def whole: # a schema with what it refers to, the last reference as its kind
    if has("$ref") then (.["$ref"] | split("/") | last) as $name
        | ($document.components.schemas[$name] | whole) as $of
        | {of: ((.of // []) + [$name] + ($of.of // []))} as $names | $of + . + $names
    elif has("oneOf") then .oneOf[0] | whole
    else . end;
def kind:
    ((.of // []) | if index("Date") then "date" elif index("Currency") then "currency"
        elif index("Email") then "email" elif index("Decimal") then "decimal" else "text" end);
def limit($kind):
    if $kind == "decimal"
    then [.pattern | scan("\\\\\\.\\[0-9\\]\\{1,([0-9]+)\\}")[0] | tonumber] | max
    else .maxLength // 0 end;
def fields($schema; $prefix):
    whole as $object | $object.properties | to_entries[] | select(.key != "idempotency_key")
    | .key as $name | ($prefix + "/" + $name) as $pointer
    | (if ($object.required // []) | index($name) then "required" else "optional" end) as $required
    | .value | whole
    | if .type == "object" then "\($schema) \($pointer) \($required) object 0", fields($schema; $pointer)
      elif .type == "array"
      then "\($schema) \($pointer) \($required) rows \(.maxItems)", (.items | fields($schema; $pointer))
      else kind as $kind | "\($schema) \($pointer) \($required) \($kind) \(limit($kind))" end;
($schemas | split(" ")[] as $schema | $document.components.schemas[$schema] | fields($schema; "")),
($document.components.schemas[].properties.type.const? // empty | strings | select(endswith("-taken"))
    | "taken " + (split(":") | last))
