#!/bin/sh
# The checks of the document and of the answers must see what is wrong, and pass what is right.
# usage: check_test.sh DIRECTORY-OF-THE-CHECKS DOCUMENT
set -eu
PATH=/usr/bin:$PATH
checks=$1 document=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
    echo "$*"
    failed=1
}

# expect WHAT PATTERN…: the check in $output failed, and said each of them.
expect() {
    what=$1
    shift
    for pattern in "$@"; do
        grep -q -e "$pattern" "$work/output" || fail "$what: nothing is said of $pattern: $(cat "$work/output")"
    done
}

# plant FILTER FILE: the document with something wrong in it.
plant() {
    yq -c . "$document" | jq -c "$1" >"$2"
}

judge_document() {
    sh "$checks/document.sh" "$1" >"$work/output" 2>&1
}

# shellcheck disable=SC2016 # jq's own
plant '.openapi = "3.0.3" | del(.info.title)
    | .paths["/healthz"].get.summery = "It runs"
    | .paths["/readyz"].get.responses = {}
    | .paths["/metrics"].get.operationId = "health"
    | .paths["/v1/audit"].get.tags = ["nowhere"]
    | del(.paths["/v1/customers/{id}"].get.parameters)
    | .paths["/v1/whoami"].get.security = [{"cookie": []}]
    | .components.responses.NotFound.content["application/problem+json"].schema."$ref" = "#/components/schemas/Gone"
    | .components.schemas.Decimal.type = "decimal"
    | .components.schemas.Line.properties.net.maxLenght = 20' "$work/wrong.yaml"
if judge_document "$work/wrong.yaml"; then fail "a document full of mistakes passed"; fi
expect "a wrong document" "version 3.0.3 isn't 3.1" "'title' is a required property" \
    "'summery' does not match" 'readyz.*does not have enough properties' \
    'operationId health is there twice' 'get /v1/audit: no tag nowhere' \
    'get /v1/customers/{id}: parameters of the path' 'no security scheme cookie' \
    '#/components/schemas/Gone leads nowhere' "'decimal' is not valid" "'maxLenght' w"

# The last list of examples becomes one of a number; and a key is there twice.
{ sed "s/examples: \['180.00.*/examples: [1.5]/" "$document" && echo 'openapi: 3.1.0'; } >"$work/wrong.yaml"
if judge_document "$work/wrong.yaml"; then fail "a wrong example and a key that is there twice passed"; fi
expect "a wrong example" "Example: .*Amount.*1.5 is not of type 'string'" 'duplication of key "openapi"'

# exchange METHOD TARGET STATUS HEADERS BODY [SENT [KEY]]: a line as the tests write it.
exchange() {
    jq -cn --arg method "$1" --arg target "$2" --argjson status "$3" --argjson headers "$4" \
        --arg body "$5" --arg sent "${6-}" --arg key "${7-}" \
        '{$method, $target, $sent, $status, $headers, $body} + if $key == "" then {} else {$key} end'
}

judge_answers() {
    sh "$checks/answers.sh" "$@" >"$work/output" 2>&1
}

json='{"content-type": "application/json"}'
problem='{"content-type": "application/problem+json"}'
created='{"content-type": "application/json", "location": "/v1/customers/cus_1"}'
customer='{"id":"cus_1","email":"a@b.example","name":null,"phone":null,"created_at":"2026-11-22T10:02:11Z","created_by":"ana"}'
not_found='{"type":"urn:invonce:problem:not-found","title":"t","status":404,"detail":"d","effect":"unknown","retry":"never"}'
busy='{"type":"urn:invonce:problem:too-busy","title":"t","status":503,"detail":"d","effect":"unknown","retry":"same_key"}'
fault='{"type":"about:blank","title":"t","status":418,"detail":"A fault that was asked for.","effect":"unknown","retry":"never"}'

invoice='{"number":"1","issue_date":"2026-11-22","currency":"EUR","customer":{"email":"a@b.example"},"lines":[{"description":"d","quantity":"1","unit_price":"1"}]}'

mkdir "$work/good"
{
    exchange GET /v1/whoami 200 "$json" '{"tenant":"north","user":"ana","later":1}'
    exchange HEAD /healthz 200 "$json" ''
    exchange POST /v1/customers 201 "$created" "$customer" '{"email":"a@b.example"}'
    exchange GET /v1/nowhere 404 "$problem" "$not_found"
    exchange POST /v1/invoices 418 "$problem" "$fault"
    exchange GET /v1/audit/stream 200 '{"content-type": "text/event-stream"}' ': still here'
    exchange GET /readyz 503 '{"content-type": "application/problem+json", "retry-after": "1"}' "$busy"
} >"$work/good/1.jsonl"
judge_answers "$document" "$work/good" || fail "right answers are refused: $(cat "$work/output")"

plant '.paths["/v1/whoami"].get.responses["200"].content["application/json"].schema.required += ["role"]' \
    "$work/other.yaml"
if judge_answers "$work/other.yaml" "$work/good"; then fail "a wrong document passed"; fi
expect "a document that asks for more" "/v1/whoami get.*'role' is a required property"

# bad PATTERN EXCHANGE…: a wrong answer, and what is to be said of it.
mkdir "$work/bad"
bad() {
    echo "$1" >>"$work/patterns"
    shift
    exchange "$@" >>"$work/bad/1.jsonl"
}
bad "/v1/whoami get.*'user' is a required property" GET /v1/whoami 200 "$json" '{"tenant":"north"}'
bad "7 is not of type 'string'" GET /v1/whoami 200 "$json" '{"tenant":"north","user":7}'
bad 'whoami.*None is not of type .object' GET /v1/whoami 200 "$json" '{"tenant":"nor'
bad 'not described: GET /v1/whoami 204' GET /v1/whoami 204 "$json" ''
bad 'not described: GET /v1/whoami 200 text/plain' GET /v1/whoami 200 '{"content-type":"text/plain"}' ana
bad 'not described: GET /v1/nothing 200' GET /v1/nothing 200 "$json" '{}'
bad 'not described: DELETE /v1/whoami 200' DELETE /v1/whoami 200 "$json" '{}'
bad "NotFound.*'about:blank' was expected\|NotFound.*not-found' was expected" \
    GET /v1/none 404 "$problem" "$fault"
bad "healthz get responses 200 .*'' was expected" HEAD /healthz 200 "$json" '{"status":"ok"}'
bad "customers post responses 201.*'location' is a required property" \
    POST /v1/customers 201 "$json" "$customer"
bad "'cus_0' does not match" POST /v1/customers 201 "$created" \
    "$(printf %s "$customer" | sed s/cus_1/cus_0/)"
bad "requestBody.*'nickname' was unexpected" POST /v1/customers 201 "$created" "$customer" \
    '{"email":"a@b.example","nickname":"A"}'
refusal() {
    printf '{"type":"urn:invonce:problem:%s","title":"t","status":%s,"detail":"d","effect":"none","retry":"new_key"%s}' \
        "$1" "$2" "${3-}"
}
errors=',"errors":[{"pointer":"/email","code":"not-an-email","detail":"d"}]'
bad 'refused, but allowed: POST /v1/customers .*a@b.example' POST /v1/customers 422 "$problem" \
    "$(refusal validation-failed 422 "$errors")" '{"email":"a@b.example"}'
bad 'refused, but allowed: POST /v1/invoices good' POST /v1/invoices 400 "$problem" \
    "$(refusal idempotency-key-malformed 400)" "$invoice" 'good'
bad 'taken, but not allowed: POST /v1/invoices "a" ;b' POST /v1/invoices 201 \
    '{"content-type": "application/json", "location": "/v1/invoices/inv_1"}' '{}' "$invoice" '"a" ;b'
bad "readyz.*'soon' is not of type 'integer'" GET /readyz 503 \
    '{"content-type": "application/problem+json", "retry-after": "soon"}' "$busy"
bad "stream.*'seq' is a required property" GET /v1/audit/stream 200 \
    '{"content-type": "text/event-stream"}' 'id: 1
data: {"at":"2026-11-22T10:02:11Z"}

'
if judge_answers "$document" "$work/bad" 1; then fail "wrong answers passed"; fi
expect "an answer that no test asked for" "described, but never seen: POST /v1/invoices 415"
while IFS= read -r pattern; do
    expect "a wrong answer" "$pattern"
done <"$work/patterns"

mkdir "$work/none"
if judge_answers "$document" "$work/none"; then fail "no answers at all passed"; fi

exit "$failed"
