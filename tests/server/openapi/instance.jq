# Of the lines of answers.jq: the answers by what describes them, and the schema they must keep to.
# usage: jq -cs --slurpfile document FILE -f instance.jq LINES
# Output: {"instance": …, "schema": …, "unseen": [answers that are described, but not among them]}

include "document";

def name: .[:-1] as $pointer | ($pointer[1:] + [.[-1]]) | join(" ");

# An answer's schema: the headers that are described, by lower-case name, and the body.
def schema_of($pointer; $media):
  (document | getpath($pointer) | resolved) as $described
  | ($described.headers // {} | map_values(resolved)
     | with_entries(.key |= ascii_downcase)) as $headers
  | ($described.content[$media] // {}) as $content
  | {
      type: "object",
      properties: {
        headers: {
          required: [$headers | to_entries[] | select(.value.required) | .key],
          properties: ($headers | map_values(.schema))
        },
        body: (if $media == "" then {const: ""}
               elif $content["x-event-data"] then {items: $content["x-event-data"]}
               else $content.schema // {const: ""} end)
      }
    };

map(arrays)
| group_by([.[0], .[1]])
| map({key: (.[0][0] + [.[0][1]] | name), pointer: .[0][0], media: .[0][1], answers: map(.[2])})
| map(.pointer) as $seen
| {
    unseen: [
      document.paths | to_entries[] | .key as $path | .value | to_entries[]
      | select(.value | type == "object" and has("responses"))
      | .key as $method | .value.responses | keys[] | ["paths", $path, $method, "responses", .]
      | select(IN($seen[]) | not) | "\(.[2] | ascii_upcase) \(.[1]) \(.[4])"
    ],
    instance: (map({key, value: .answers}) | from_entries),
    schema: {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      components: document.components,
      additionalProperties: false,
      properties: (map({key, value: {items: schema_of(.pointer; .media)}}) | from_entries)
    }
  }
