# The other direction: what servers refused for its form must be what the document doesn't allow. And
# the keys of those that they took must be allowed.
# usage: jq -cn --slurpfile document FILE --slurpfile unsaid FILE -f refusals.jq EXCHANGES…
# Output: {"instance": [request…], "schema": …, "told": [what to say of each], "taken": [whether it was]}

include "document";

# Errors that no schema can say, so that a description does.
def is_unsaid($template):
  . as $error
  | any($unsaid[0][]; .code == $error.code
        and ((.pointer // $error.pointer) == $error.pointer)
        and ((.template // $template) == $template));

def is_taken: .status < 300 and .key;

# Without a body nothing is known of what was sent.
def is_of_form($template):
  .sent != "" and
  (.body | try fromjson catch {}) as $problem
  | if .status == 422
    then ($problem.errors // [] | length > 0 and (all(is_unsaid($template)) | not))
    else .status == 400 and $problem.type == "urn:invonce:problem:idempotency-key-malformed" end;

# A request as one value: its key and its body, each by what describes it.
def schema_of($operation):
  ([$operation.parameters // [] | .[] | resolved | select(.name == "Idempotency-Key") | .schema][0]
   // {}) as $key
  | {properties: {key: $key, body: $operation.requestBody.content["application/json"].schema}};

[inputs
 | . as $exchange
 | (.target // "" | split("?")[0] // "" | template(.)) as $template
 | (.method // "" | ascii_downcase) as $method
 | (document.paths[$template // ""][$method] // null) as $operation
 | select($operation.requestBody and (is_taken or is_of_form($template)))
 | {
     name: "\(.method) \($template)",
     schema: schema_of($operation),
     taken: is_taken,
     request: (if .key then {key: (.key | gsub("^[ \t]+|[ \t]+$"; ""))} else {} end
               + if is_taken then {} else {body: (.sent | try fromjson catch null)} end),
     told: "\(.method) \(.target) \(.key // "") \(.sent): \(.body)"[:500]
   }]
| unique_by([.name, .request])
| {
    told: map(.told),
    taken: map(.taken),
    instance: map({(.name): .request}),
    schema: {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      components: document.components,
      items: {properties: (map({key: .name, value: .schema}) | from_entries)}
    }
  }
