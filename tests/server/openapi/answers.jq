# Takes each exchange that the tests wrote down to the answer that the document describes for it.
# Output, a line each:
#   [POINTER, MEDIA_TYPE, {"headers": …, "body": …}]   to be held against what stands at the pointer
#   {"undescribed": …}                                 the document has no such answer
# usage: jq -cn --slurpfile document FILE --slurpfile outside FILE -f answers.jq EXCHANGES…

include "document";

# The facts that an exception is chosen by.
def outside_for($facts):
  first($outside[0][]
        | select(all(.when | to_entries[];
                     .value as $wanted | $facts[.key]
                     | if $wanted | type == "array" then IN($wanted[]) else . == $wanted end)))
  // null;

def text_of($media): if $media | endswith("json") then try fromjson catch null else . end;

# Of an event stream, the data of each event that came whole.
def body_of($media):
  if $media == "text/event-stream"
  then [split("\n") | .[:-1][] | select(startswith("data: ")) | ltrimstr("data: ") | fromjson]
  else text_of($media) end;

def as_described($headers):
  . as $sent
  | reduce ($headers // {} | to_entries[]) as {$key, $value} ({};
      ($key | ascii_downcase) as $name | $sent[$name] as $text
      | if $text == null then .
        elif ($value | resolved.schema.type) == "integer" and ($text | test("^[0-9]+$"))
        then .[$name] = ($text | tonumber)
        else .[$name] = $text end);

# With what stands at the pointer (a response) in hand.
def held_against($pointer; $exchange; $media):
  resolved as $response
  | ($exchange.headers | as_described($response.headers)) as $headers
  | if $response.content and ($response.content | has($media) | not) then null
    elif $exchange.method == "HEAD" then [$pointer, "", {$headers, body: $exchange.body}]
    else [$pointer, $media, {$headers, body: ($exchange.body | body_of($media))}] end;

def request_of($exchange; $template; $method):
  ["paths", $template, $method, "requestBody"] as $pointer
  | if $exchange.status < 300 and $exchange.sent != "" and (document | getpath($pointer))
    then [$pointer, "application/json", {headers: {}, body: ($exchange.sent | text_of("json"))}]
    else empty end;

inputs
| . as $exchange
| ($exchange.target // "" | split("?")[0] // "") as $path
| template($path) as $template
| ($exchange.method // "" | if . == "HEAD" then "get" else ascii_downcase end) as $method
| ($exchange.headers["content-type"] // "" | split(";")[0] // "") as $media
| (if $media == "application/problem+json" then $exchange.body // "" | text_of($media) // {}
   else {} end) as $problem
| ["paths", $template // "", $method, "responses", ($exchange.status | tostring)] as $pointer
| {path: ($template != null), template: $template,
   method: (document.paths[$template // ""] // {} | has($method)),
   status: $exchange.status, media_type: $media, type: $problem.type, detail: $problem.detail,
   described: (document | getpath($pointer) != null)} as $facts
| outside_for($facts) as $exception
| if $exception and ($exception.response | not) then empty
  elif $exception
  then ["components", "responses", $exception.response] as $pointer
       | document | getpath($pointer) | held_against($pointer; $exchange; $media)
  elif $facts.described
  then (document | getpath($pointer) | held_against($pointer; $exchange; $media)),
       request_of($exchange; $template; $method)
  else null end
| . // {undescribed: ($exchange | "\(.method) \(.target) \(.status) \($media): \(.body)"[:400])}
